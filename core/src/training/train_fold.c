#include "training/train_fold.h"

#include "network/inference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Every training example as it is and, where shifts are asked for, once more, shifted. */
static void draw_samples(csro_fold *fold, const csro_train_data *data,
                         const csro_train_options *options, int number) {
  uint64_t shifts = (uint64_t)(options->shift_hi - options->shift_lo + 1);
  bool shifting = options->shift_lo != 0 || options->shift_hi != 0;
  for (int64_t i = 0; i < data->examples->count; i++) {
    if (data->part[i] < 0 || data->part[i] == number)
      continue;
    fold->samples[fold->sample_count++] = (csro_train_sample){i, 0};
    if (!shifting)
      continue;
    int shift = options->shift_lo + (int)csro_random_below(&fold->random, shifts);
    fold->samples[fold->sample_count++] = (csro_train_sample){i, shift};
  }
}

/* Balanced: the weights of the training samples of every class add up to the same, and the mean
 * weight is 1. */
static void weigh_classes(csro_fold *fold, const csro_train_data *data, bool balanced) {
  int classes = data->examples->classes;
  for (int class = 0; class < classes; class ++) {
    int64_t members = 0;
    for (int64_t k = 0; k < fold->sample_count; k++)
      members += data->examples->label[fold->samples[k].example] == class;
    fold->class_weight[class] =
        balanced && members > 0 ? (float)fold->sample_count / (float)(classes * members) : 1;
  }
}

static void gather_validation(csro_fold *fold, const csro_train_data *data, int number) {
  const csro_examples *from = data->examples;
  int64_t k = 0, values = (int64_t)from->positions * from->channels;
  for (int64_t i = 0; i < from->count; i++) {
    if (data->part[i] != number)
      continue;
    memcpy(fold->validation_in + k * values, from->inputs + i * values,
           (size_t)values * sizeof *from->inputs);
    fold->validation_label[k++] = from->label[i];
  }
}

static csro_status allocate_fold(csro_context *context, const csro_train_data *data,
                                 const csro_network *architecture, int batch, csro_fold *fold) {
  const csro_examples *of = data->examples;
  int64_t validating = fold->validation_count;
  size_t row = (size_t)of->positions * (size_t)of->channels * sizeof(float);
  csro_status status =
      csro_network_init(context, of->positions, of->channels, architecture->layer_count,
                        architecture->layers, &fold->current);
  if (status == CSRO_OK)
    status = csro_network_init(context, of->positions, of->channels, architecture->layer_count,
                               architecture->layers, &fold->best);
  if (status != CSRO_OK)
    return status;
  fold->samples = csro_allocate(context, 2 * of->count, sizeof *fold->samples);
  fold->validation_in = csro_allocate(context, validating, row);
  fold->validation_label = csro_allocate(context, validating, 1);
  fold->validation_out =
      csro_allocate(context, (int64_t)CSRO_NETWORK_ROWS * of->classes, sizeof(float));
  fold->packed = csro_allocate(context, csro_network_packed(&fold->current), sizeof(float));
  fold->scratch = csro_allocate(context, csro_network_scratch(&fold->current), sizeof(float));
  fold->batch_in = csro_allocate(context, batch, row);
  fold->batch_label = csro_allocate(context, batch, 1);
  fold->class_weight = csro_allocate(context, of->classes, sizeof *fold->class_weight);
  bool all = fold->samples && fold->validation_in && fold->validation_label &&
             fold->validation_out && fold->packed && fold->scratch && fold->batch_in &&
             fold->batch_label && fold->class_weight;
  return all ? CSRO_OK : CSRO_ERROR_MEMORY;
}

csro_status csro_fold_init(csro_context *context, const csro_train_data *data,
                           const csro_network *architecture, const csro_train_options *options,
                           int number, csro_fold *out) {
  csro_fold fold = {.best_loss = INFINITY};
  for (int64_t i = 0; i < data->examples->count; i++)
    fold.validation_count += data->part[i] == number;
  *out = fold;
  csro_status status = allocate_fold(context, data, architecture, options->batch, out);
  if (status == CSRO_OK)
    status = csro_trainer_init(context, &out->current, options->batch, options->learning_rate,
                               &out->trainer);
  if (status != CSRO_OK) {
    csro_fold_release(out);
    return status;
  }
  csro_random_init(&out->random, options->seed, 1 + (uint64_t)number);
  draw_samples(out, data, options, number);
  weigh_classes(out, data, options->balanced);
  gather_validation(out, data, number);
  out->trainer.class_weight = out->class_weight;
  csro_network_initialise(&out->current, &out->random);
  return CSRO_OK;
}

void csro_fold_release(csro_fold *fold) {
  if (!fold)
    return;
  csro_trainer_release(&fold->trainer);
  csro_network_release(&fold->current);
  csro_network_release(&fold->best);
  free(fold->samples);
  free(fold->validation_in);
  free(fold->validation_label);
  free(fold->validation_out);
  free(fold->packed);
  free(fold->scratch);
  free(fold->batch_in);
  free(fold->batch_label);
  free(fold->class_weight);
  *fold = (csro_fold){0};
}

static void shuffle(csro_random *random, int64_t n, csro_train_sample *samples) {
  for (int64_t k = n - 1; k > 0; k--) {
    int64_t other = (int64_t)csro_random_below(random, (uint64_t)k + 1);
    csro_train_sample kept = samples[k];
    samples[k] = samples[other];
    samples[other] = kept;
  }
}

/* Zeros come in where values leave. shift is a number of values. */
static void copy_shifted(const float *from, int64_t values, int64_t shift, float *to) {
  for (int64_t k = 0; k < values; k++)
    to[k] = k - shift >= 0 && k - shift < values ? from[k - shift] : 0;
}

static void validate(csro_fold *fold, const csro_train_data *data, csro_train_epoch *out) {
  int classes = data->examples->classes;
  int64_t values = (int64_t)data->examples->positions * data->examples->channels, right = 0;
  double loss = 0;
  csro_network_pack(&fold->current, fold->packed);
  for (int64_t first = 0; first < fold->validation_count; first += CSRO_NETWORK_ROWS) {
    int64_t left = fold->validation_count - first;
    int rows = left < CSRO_NETWORK_ROWS ? (int)left : CSRO_NETWORK_ROWS;
    csro_network_run(&fold->current, fold->packed, rows, fold->validation_in + first * values,
                     fold->scratch, fold->validation_out);
    for (int r = 0; r < rows; r++) {
      const float *p = fold->validation_out + (int64_t)r * classes;
      int label = fold->validation_label[first + r];
      loss += csro_cross_entropy(p, label, fold->class_weight[label]);
      right += csro_is_right(p, classes, label);
    }
  }
  out->validation_loss = loss / (double)fold->validation_count;
  out->validation_accuracy = (double)right / (double)fold->validation_count;
}

static void copy_weights(const csro_network *from, csro_network *to) {
  for (int l = 0; l < from->layer_count; l++) {
    const csro_layer *a = &from->layers[l];
    csro_layer *b = &to->layers[l];
    if (a->weight_count == 0)
      continue;
    memcpy(b->weights, a->weights, (size_t)a->weight_count * sizeof *b->weights);
    memcpy(b->bias, a->bias, (size_t)a->bias_count * sizeof *b->bias);
  }
}

static int gather_batch(csro_fold *fold, const csro_examples *from, int64_t first) {
  int64_t values = (int64_t)from->positions * from->channels, left = fold->sample_count - first;
  int rows = left < fold->trainer.batch ? (int)left : fold->trainer.batch;
  for (int r = 0; r < rows; r++) {
    const csro_train_sample *sample = &fold->samples[first + r];
    copy_shifted(from->inputs + sample->example * values, values,
                 (int64_t)sample->shift * from->channels, fold->batch_in + r * values);
    fold->batch_label[r] = from->label[sample->example];
  }
  return rows;
}

/* Keeps the weights of the lowest validation loss and decides whether to go on. */
static void close_epoch(csro_fold *fold, const csro_train_options *options, double loss) {
  fold->epochs++;
  fold->epochs_since_best++;
  if (loss < fold->best_loss) {
    fold->best_loss = loss;
    fold->epochs_since_best = 0;
    copy_weights(&fold->current, &fold->best);
  }
  fold->finished = fold->epochs == options->epochs ||
                   (options->patience > 0 && fold->epochs_since_best >= options->patience);
}

void csro_fold_epoch(csro_fold *fold, const csro_train_data *data,
                     const csro_train_options *options, csro_progress *progress,
                     csro_train_epoch *out) {
  const double pi = 3.14159265358979323846;
  double share = (double)fold->epochs / options->epochs, loss = 0;
  fold->trainer.learning_rate =
      options->learning_rate * (options->cosine ? (1 + cos(pi * share)) / 2 : 1);
  shuffle(&fold->random, fold->sample_count, fold->samples);
  int64_t right = 0;
  for (int64_t first = 0; first < fold->sample_count; first += fold->trainer.batch) {
    int rows = gather_batch(fold, data->examples, first);
    loss +=
        csro_trainer_step(&fold->trainer, rows, fold->batch_in, fold->batch_label, &fold->random);
    right += fold->trainer.right;
    if (csro_progress_add(progress, rows))
      return;
  }
  out->loss = loss / (double)fold->sample_count;
  out->accuracy = (double)right / (double)fold->sample_count;
  validate(fold, data, out);
  close_epoch(fold, options, out->validation_loss);
  if (fold->finished)
    csro_progress_add(progress, (options->epochs - fold->epochs) * fold->sample_count);
}
