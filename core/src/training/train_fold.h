/* One fold of a training: its examples, its network and the best weights so far. */
#ifndef CSRO_TRAINING_TRAIN_FOLD_H
#define CSRO_TRAINING_TRAIN_FOLD_H

#include "base/progress.h"
#include "csro/train.h"
#include "training/trainer.h"

/* What all folds share. */
typedef struct csro_train_data {
  const csro_examples *examples;
  const int16_t *part; /* [count]: fold that an example validates, or one of the values below */
} csro_train_data;

enum { CSRO_PART_TEST = -1, CSRO_PART_UNDEFINED = -2 };

/* A training sample: an example, moved by `shift` bins to higher dz and filled up with zeros. */
typedef struct csro_train_sample {
  int64_t example;
  int shift;
} csro_train_sample;

typedef struct csro_fold {
  csro_network current, best;
  double best_loss; /* mean cross-entropy over the validation part */
  int epochs, epochs_since_best;
  bool finished;
  csro_trainer trainer;
  csro_random random;
  int64_t sample_count, validation_count;
  csro_train_sample *samples;
  float *validation_in;
  uint8_t *validation_label;
  float *batch_in, *packed, *scratch, *validation_out;
  uint8_t *batch_label;
  float *class_weight; /* [classes] */
} csro_fold;

csro_status csro_fold_init(csro_context *context, const csro_train_data *data,
                           const csro_network *architecture, const csro_train_options *options,
                           int fold, csro_fold *out);
void csro_fold_release(csro_fold *fold);

/* One pass over the training samples in a new order; keeps the weights in `best` when the
 * validation loss fell, and finishes the fold after its last epoch. Reports every sample; leaves
 * the epoch half done when cancelled. */
void csro_fold_epoch(csro_fold *fold, const csro_train_data *data,
                     const csro_train_options *options, csro_progress *progress,
                     csro_train_epoch *out);

#endif
