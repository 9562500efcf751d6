/* Training of an ensemble: k-fold, Adam, cross-entropy, dropout, in C on OpenBLAS. */
#ifndef CSRO_TRAIN_H
#define CSRO_TRAIN_H

#include "csro/model.h"

/* What is learned from, prepared by the caller: curves (positions are bins) or, with one position,
 * feature vectors. */
typedef struct csro_examples {
  int64_t count;
  int positions, channels, classes;
  const float *inputs;  /* [count][positions][channels]; a row with a value that is not finite is
                           undefined: it is not learned from and counts as wrong in a test */
  const uint8_t *label; /* [count], below classes */
} csro_examples;

typedef struct csro_train_options {
  double test_fraction;   /* held out before anything else, 0.1 */
  int folds;              /* members, 5 */
  int epochs, batch;      /* 30, 32 */
  double learning_rate;   /* Adam, 1e-3 */
  int shift_lo, shift_hi; /* augmentation: each training curve once more, shifted, -2 .. 1 bins;
                             0 .. 0: none */
  uint64_t seed;
} csro_train_options;

/* The values above. */
void csro_train_defaults(csro_train_options *options);

/* probability[n][classes], the mean over the ensemble, of n rows of inputs; NaN in undefined rows.
 */
csro_status csro_model_predict(csro_context *context, const csro_model *model, int64_t n,
                               const float *inputs, float *probability);

/* Fraction of n curves whose most probable class (ensemble mean) is the label; undefined curves
 * count as wrong. */
csro_status csro_model_accuracy(csro_context *context, const csro_model *model, int64_t n,
                                csro_count_type type, const void *counts, const uint8_t *label,
                                double *accuracy);

/* Trains model->member_count = options->folds networks of the architecture (weights ignored). The
 * caller fills in the descriptive fields of *model (classes, pairs, bins, preprocessing of the
 * examples, lattice ...); members and test_accuracy are set here. Test examples and fold membership
 * are drawn before augmentation, so an example and its shifted copy never fall on both sides. Same
 * seed, same weights, for any number of threads. */
csro_status csro_train(csro_context *context, const csro_examples *examples,
                       const csro_network *architecture, const csro_train_options *options,
                       csro_model *model);

#endif
