#include "network/train_fold.h"

#include "network/apply.h"

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
      csro_network_create(context, of->positions, of->channels, architecture->layer_count,
                          architecture->layers, &fold->current);
  if (status == CSRO_OK)
    status = csro_network_create(context, of->positions, of->channels, architecture->layer_count,
                                 architecture->layers, &fold->best);
  if (status != CSRO_OK)
    return status;
  fold->samples = csro_allocate(context, 2 * of->count, sizeof *fold->samples);
  fold->validation_in = csro_allocate(context, validating, row);
  fold->validation_label = csro_allocate(context, validating, 1);
  fold->validation_out =
      csro_allocate(context, (int64_t)CSRO_NETWORK_ROWS * of->classes, sizeof(float));
  fold->scratch = csro_allocate(context, csro_network_scratch(&fold->current), sizeof(float));
  fold->batch_in = csro_allocate(context, batch, row);
  fold->batch_label = csro_allocate(context, batch, 1);
  bool all = fold->samples && fold->validation_in && fold->validation_label &&
             fold->validation_out && fold->scratch && fold->batch_in && fold->batch_label;
  return all ? CSRO_OK : CSRO_ERROR_MEMORY;
}

csro_status csro_fold_create(csro_context *context, const csro_train_data *data,
                             const csro_network *architecture, const csro_train_options *options,
                             int number, csro_fold *out) {
  csro_fold fold = {.best_loss = INFINITY};
  for (int64_t i = 0; i < data->examples->count; i++)
    fold.validation_count += data->part[i] == number;
  *out = fold;
  csro_status status = allocate_fold(context, data, architecture, options->batch, out);
  if (status == CSRO_OK)
    status = csro_trainer_create(context, &out->current, options->batch, options->learning_rate,
                                 &out->trainer);
  if (status != CSRO_OK) {
    csro_fold_free(out);
    return status;
  }
  csro_random_init(&out->random, options->seed, 1 + (uint64_t)number);
  draw_samples(out, data, options, number);
  gather_validation(out, data, number);
  csro_network_initialise(&out->current, &out->random);
  return CSRO_OK;
}

void csro_fold_free(csro_fold *fold) {
  csro_trainer_free(&fold->trainer);
  csro_network_free(&fold->current);
  csro_network_free(&fold->best);
  free(fold->samples);
  free(fold->validation_in);
  free(fold->validation_label);
  free(fold->validation_out);
  free(fold->scratch);
  free(fold->batch_in);
  free(fold->batch_label);
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

static double validation_loss(csro_fold *fold, const csro_train_data *data) {
  int classes = data->examples->classes;
  int64_t values = (int64_t)data->examples->positions * data->examples->channels;
  double loss = 0;
  for (int64_t first = 0; first < fold->validation_count; first += CSRO_NETWORK_ROWS) {
    int64_t left = fold->validation_count - first;
    int rows = left < CSRO_NETWORK_ROWS ? (int)left : CSRO_NETWORK_ROWS;
    csro_network_run(&fold->current, rows, fold->validation_in + first * values, fold->scratch,
                     fold->validation_out);
    for (int r = 0; r < rows; r++) {
      int label = fold->validation_label[first + r];
      loss -= log(fmax(fold->validation_out[r * classes + label], 1e-7));
    }
  }
  return loss / (double)fold->validation_count;
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

void csro_fold_epoch(csro_fold *fold, const csro_train_data *data) {
  shuffle(&fold->random, fold->sample_count, fold->samples);
  const csro_examples *from = data->examples;
  int64_t values = (int64_t)from->positions * from->channels;
  int batch = fold->trainer.batch;
  for (int64_t first = 0; first < fold->sample_count; first += batch) {
    int64_t left = fold->sample_count - first;
    int rows = left < batch ? (int)left : batch;
    for (int r = 0; r < rows; r++) {
      const csro_train_sample *sample = &fold->samples[first + r];
      copy_shifted(from->inputs + sample->example * values, values,
                   (int64_t)sample->shift * from->channels, fold->batch_in + r * values);
      fold->batch_label[r] = from->label[sample->example];
    }
    csro_trainer_step(&fold->trainer, rows, fold->batch_in, fold->batch_label, &fold->random);
  }
  double loss = validation_loss(fold, data);
  if (loss < fold->best_loss) {
    fold->best_loss = loss;
    copy_weights(&fold->current, &fold->best);
  }
}
