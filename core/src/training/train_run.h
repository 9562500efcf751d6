/* Runs the folds of a training over the threads. */
#ifndef CSRO_TRAINING_TRAIN_RUN_H
#define CSRO_TRAINING_TRAIN_RUN_H

#include "training/train_fold.h"

/* All epochs of all folds (options->folds of them). history is [folds][epochs]; epochs that were
 * not run stay as they are. */
csro_status csro_folds_run(csro_context *context, const csro_train_data *data,
                           const csro_train_options *options, csro_fold *folds,
                           csro_train_epoch *history);

#endif
