/* Training of an ensemble: k-fold, Adam, cross-entropy, dropout, in C on OpenBLAS. */
#ifndef CSRO_TRAIN_H
#define CSRO_TRAIN_H

#include "csro/model.h"
#include "csro/patterns.h"

typedef struct csro_train_options {
  csro_preprocessing preprocessing;
  double test_fraction;   /* held out before anything else, 0.1 */
  int folds;              /* members, 5 */
  int epochs, batch;      /* 30, 32 */
  double learning_rate;   /* Adam, 1e-3 */
  int shift_lo, shift_hi; /* augmentation: each training pattern once more, shifted, -2 .. 1 bins */
  uint64_t seed;
} csro_train_options;

/* The values above, and min-max preprocessing: on the published patterns the full preprocessing
 * costs about 0.6 % of accuracy (99.4 against 99.9 %). */
void csro_train_defaults(csro_train_options *options);

/* Fraction of n curves whose most probable class (ensemble mean) is the label; undefined curves
 * count as wrong. */
csro_status csro_model_accuracy(csro_context *context, const csro_model *model, int64_t n,
                                csro_count_type type, const void *counts, const uint8_t *label,
                                double *accuracy);

/* Trains model->member_count = options->folds networks of the architecture (weights ignored). The
 * caller fills in the descriptive fields of *model (classes, pairs, bins, lattice ...); members,
 * preprocessing and test_accuracy are set here. Test patterns and fold membership are drawn before
 * augmentation, so a pattern and its shifted copy never fall on both sides. Same seed, same
 * weights, for any number of threads. */
csro_status csro_train(csro_context *context, const csro_patterns *patterns,
                       const csro_network *architecture, const csro_train_options *options,
                       csro_model *model);

#endif
