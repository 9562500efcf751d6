/* Training of an ensemble: k-fold, Adam, cross-entropy, dropout, in C on OpenBLAS. */
#ifndef CSRO_TRAIN_H
#define CSRO_TRAIN_H

#include "csro/model.h"

CSRO_API_BEGIN

/* What is learned from, prepared by the caller: curves (positions are bins) or, with one position,
 * feature vectors. */
typedef struct csro_examples {
  int64_t count;
  int positions, channels, classes;
  const float *inputs;  /* [count][positions][channels]; a row with a value that is not finite is
                           undefined: it is not learned from and counts as wrong in a test */
  const uint8_t *label; /* [count], below classes */
} csro_examples;

/* One epoch of one fold. Losses are mean cross-entropies, weighted as the training is. */
typedef struct csro_train_epoch {
  double loss, accuracy;                       /* training part, while the weights moved, with
                                                  dropout */
  double validation_loss, validation_accuracy; /* after the epoch, without dropout */
} csro_train_epoch;

/* Called from the calling thread, soon after an epoch; fold and epoch count from 0. */
typedef void (*csro_epoch_function)(void *user, int fold, int epoch,
                                    const csro_train_epoch *values);

/* How to train; the values named are those of csro_train_defaults. CSRO_ERROR_ARGUMENT outside of
 * their limits: test_fraction 0 to below 1, at least 2 folds, 1 epoch and batches of 1, patience 0
 * or more, learning_rate above 0 and at most 1, shift_lo <= shift_hi, both shorter than a curve. */
typedef struct csro_train_options {
  double test_fraction; /* held out before anything else, 0.1 */
  int folds;            /* members, 5 */
  int epochs, batch;    /* 30, 32 */
  int patience;         /* a fold stops after this many epochs without a lower validation loss;
                           0: never (default) */
  double learning_rate; /* Adam, 1e-3 */
  bool cosine;          /* the rate falls along half a cosine towards 0; else constant (default) */
  bool balanced;        /* every class weighs the same, however many examples it has; else every
                           example weighs the same (default) */
  int shift_lo, shift_hi; /* augmentation: each training curve once more, shifted, -2 .. 1 bins;
                             0 .. 0: none */
  uint64_t seed;
  csro_epoch_function epoch_done; /* may be NULL */
  void *user;                     /* handed to epoch_done */
} csro_train_options;

/* What a training leaves beside the model. The arrays belong to it. */
typedef struct csro_train_report {
  int folds, epochs, classes;
  csro_train_epoch *history; /* [folds][epochs], NaN where a fold had stopped */
  int64_t test_count;        /* held-out examples */
  uint8_t *test_label;       /* [test_count] */
  float *test_probability;   /* [test_count][classes] of the ensemble, NaN for undefined examples */
} csro_train_report;

/* Frees the arrays and zeroes the struct. */
void csro_train_report_release(csro_train_report *report);

/* Of one epoch (0 .. epochs - 1) of the history: each value is the mean over the folds that have
 * one, NaN where none has. */
csro_train_epoch csro_train_report_mean(const csro_train_report *report, int epoch);

/* Order of any kind against none, for the held-out examples: score[test_count], the probability of
 * all ordered classes together (0 .. 1, NaN for undefined examples), and ordered[test_count], 1
 * where the example is of an ordered class, else 0. The arrays are owned by the caller. */
void csro_train_report_ordered(const csro_train_report *report, float *score, uint8_t *ordered);

/* Sets every option to the value that its comment names, the seed to 1. */
void csro_train_defaults(csro_train_options *options);

/* probability[n][classes], the mean over the ensemble, of inputs[n][bins][channels]; NaN in rows
 * with a value that is not finite. CSRO_ERROR_ARGUMENT for a model without networks. */
csro_status csro_model_predict(csro_context *context, const csro_model *model, int64_t n,
                               const float *inputs, float *probability);

/* Fraction (0 .. 1) of the n examples inputs[n][bins][channels] whose most probable class (ensemble
 * mean) is label[n]; undefined examples, and those with two classes as probable, count as wrong.
 * *accuracy is NaN on error; CSRO_ERROR_ARGUMENT: no examples, no networks, unknown labels. */
csro_status csro_model_accuracy(csro_context *context, const csro_model *model, int64_t n,
                                const float *inputs, const uint8_t *label, double *accuracy);

/* Trains model->member_count = options->folds networks of the architecture (weights ignored). The
 * caller fills in the descriptive fields of *model (classes, pairs, bins, preprocessing of the
 * examples, lattice ...); members and test_accuracy are set here. Test examples and fold membership
 * are drawn before augmentation, so an example and its shifted copy never fall on both sides. The
 * weights of a fold are those of its lowest validation loss. Same seed, same weights, for any
 * number of threads.
 *
 * report may be NULL; else release it with csro_train_report_release. The members belong to the
 * model, which the caller releases as it made it (csro_model_destroy for one of csro_recipe_model).
 * On error members is NULL, member_count 0 and *report zeroed. CSRO_ERROR_ARGUMENT: options,
 * labels, or shapes of examples, architecture and model that differ; CSRO_ERROR_DATA: a class with
 * too few examples for the folds, a loss that is not finite. */
csro_status csro_train(csro_context *context, const csro_examples *examples,
                       const csro_network *architecture, const csro_train_options *options,
                       csro_model *model, csro_train_report *report);

/* Writes into model->provenance how the model was trained: the examples of each class (named as
 * model->classes, which has as many), the seed of the bank that they come from (NULL: unknown), the
 * options, the version of the core, and the command line that trains it again. What does not fit is
 * cut. */
void csro_train_describe(const csro_examples *examples, const csro_train_options *options,
                         const uint64_t *bank_seed, const char *command, csro_model *model);

CSRO_API_END

#endif
