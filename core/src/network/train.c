#include "csro/train.h"

#include "base/progress.h"
#include "network/apply.h"
#include "network/train_fold.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FOLDS = 100, MOST_EPOCHS = 100000, LARGEST_BATCH = 4096 };

void csro_train_defaults(csro_train_options *options) {
  *options = (csro_train_options){
      .test_fraction = 0.1,
      .folds = 5,
      .epochs = 30,
      .batch = 32,
      .learning_rate = 1e-3,
      .shift_lo = -2,
      .shift_hi = 1,
      .seed = 1,
  };
}

static csro_status check_options(csro_context *context, const csro_train_options *o,
                                 int positions) {
  if (!(o->test_fraction >= 0 && o->test_fraction < 1))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "test fraction of the training is %g, expected 0 to below 1",
                     o->test_fraction);
  if (o->folds < 2 || o->folds > MOST_FOLDS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d folds of the training, expected 2 to %d",
                     o->folds, MOST_FOLDS);
  if (o->epochs < 1 || o->epochs > MOST_EPOCHS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d epochs of training, expected 1 to %d",
                     o->epochs, MOST_EPOCHS);
  if (o->batch < 1 || o->batch > LARGEST_BATCH)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d curves per batch, expected 1 to %d",
                     o->batch, LARGEST_BATCH);
  if (!(o->learning_rate > 0 && o->learning_rate <= 1))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "learning rate is %g, expected more than 0, at most 1", o->learning_rate);
  if (o->shift_lo > o->shift_hi || o->shift_lo <= -positions || o->shift_hi >= positions)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "shifts from %d to %d bins do not fit curves of %d bins", o->shift_lo,
                     o->shift_hi, positions);
  return CSRO_OK;
}

static csro_status check_input(csro_context *context, const csro_examples *examples,
                               const csro_network *architecture, const csro_model *model) {
  if (architecture->bins != examples->positions || architecture->channels != examples->channels)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the network takes %d bins and %d channels, the examples have %d and %d",
                     architecture->bins, architecture->channels, examples->positions,
                     examples->channels);
  if (model->bins.kept != examples->positions || model->channel_count != examples->channels)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the model has %d bins and %d channels, the examples have %d and %d",
                     model->bins.kept, model->channel_count, examples->positions,
                     examples->channels);
  if (architecture->classes != model->class_count || examples->classes != model->class_count)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the network has %d classes, the examples have %d, the model names %d",
                     architecture->classes, examples->classes, model->class_count);
  for (int64_t i = 0; i < examples->count; i++)
    if (examples->label[i] >= examples->classes)
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "example %lld belongs to class %d of %d",
                       (long long)i, examples->label[i], examples->classes);
  return CSRO_OK;
}

/* Splits the examples of one class: the first share of a random order is for testing, the others go
 * round the folds. */
static void split_class(csro_random *random, const csro_train_options *options, int64_t n,
                        int64_t *members, int16_t *part) {
  for (int64_t k = n - 1; k > 0; k--) {
    int64_t other = (int64_t)csro_random_below(random, (uint64_t)k + 1), kept = members[k];
    members[k] = members[other];
    members[other] = kept;
  }
  int64_t testing = (int64_t)(options->test_fraction * (double)n);
  for (int64_t k = 0; k < n; k++)
    part[members[k]] = (int16_t)(k < testing ? CSRO_PART_TEST : (k - testing) % options->folds);
}

static csro_status split(csro_context *context, const csro_examples *examples,
                         const csro_train_options *options, int16_t *part) {
  int64_t *members = csro_allocate(context, examples->count, sizeof *members);
  if (!members)
    return CSRO_ERROR_MEMORY;
  csro_random random;
  csro_random_init(&random, options->seed, 0); /* the folds have 1, 2, ... */
  csro_status status = CSRO_OK;
  for (int class = 0; class < examples->classes && status == CSRO_OK; class ++) {
    int64_t n = 0;
    for (int64_t i = 0; i < examples->count; i++)
      if (examples->label[i] == class)
        members[n++] = i;
    split_class(&random, options, n, members, part);
    if ((int64_t)((1 - options->test_fraction) * (double)n) < options->folds)
      status =
          csro_fail(context, CSRO_ERROR_DATA, "class %d has %lld examples, too few for %d folds",
                    class, (long long)n, options->folds);
  }
  free(members);
  return status;
}

/* What is undefined cannot be learned. The test tenth keeps it, as a wrong answer. */
static void drop_undefined(const csro_examples *examples, int16_t *part) {
  int64_t values = (int64_t)examples->positions * examples->channels;
  for (int64_t i = 0; i < examples->count; i++)
    for (int64_t k = 0; k < values && part[i] >= 0; k++)
      if (!isfinite(examples->inputs[i * values + k]))
        part[i] = CSRO_PART_UNDEFINED;
}

/* All folds epoch by epoch, so that the calling thread is there to report and to cancel. */
static csro_status run_epochs(csro_context *context, const csro_train_data *data,
                              const csro_train_options *options, csro_fold *folds) {
  csro_progress progress;
  csro_progress_start(&progress, context, options->epochs, 0.0, 1.0);
  int blas_threads = csro_blas_single_thread();
  bool cancelled = false;
  for (int epoch = 0; epoch < options->epochs && !cancelled; epoch++) {
#pragma omp parallel for num_threads(context->threads) schedule(dynamic)
    for (int f = 0; f < options->folds; f++)
      csro_fold_epoch(&folds[f], data);
    cancelled = csro_progress_add(&progress, 1);
  }
  csro_blas_restore(blas_threads);
  return csro_progress_end(&progress);
}

static csro_status train_folds(csro_context *context, const csro_train_data *data,
                               const csro_network *architecture, const csro_train_options *options,
                               csro_network *members) {
  csro_fold *folds = csro_allocate(context, options->folds, sizeof *folds);
  if (!folds)
    return CSRO_ERROR_MEMORY;
  csro_status status = CSRO_OK;
  int made = 0;
  while (status == CSRO_OK && made < options->folds) {
    status = csro_fold_create(context, data, architecture, options, made, &folds[made]);
    made += status == CSRO_OK;
  }
  if (status == CSRO_OK)
    status = run_epochs(context, data, options, folds);
  for (int f = 0; f < options->folds && status == CSRO_OK; f++) {
    if (folds[f].best_loss == INFINITY)
      status = csro_fail(context, CSRO_ERROR_DATA, "fold %d did not learn: its loss is not finite",
                         f + 1);
    members[f] = folds[f].best;
    folds[f].best = (csro_network){0};
  }
  while (made > 0)
    csro_fold_free(&folds[--made]);
  free(folds);
  return status;
}

static int most_probable(const float *probability, int classes) {
  int best = 0;
  for (int c = 1; c < classes; c++)
    if (probability[c] > probability[best])
      best = c;
  return best;
}

/* Accuracy on the examples that were held out; NaN when there are none. */
static csro_status measure_test(csro_context *context, const csro_train_data *data,
                                csro_model *model) {
  const csro_examples *of = data->examples;
  size_t values = (size_t)of->positions * (size_t)of->channels;
  float *inputs = csro_allocate(context, of->count, values * sizeof *inputs);
  float *out = csro_allocate(context, of->count, (size_t)of->classes * sizeof *out);
  uint8_t *label = csro_allocate(context, of->count, 1);
  csro_status status = inputs && out && label ? CSRO_OK : CSRO_ERROR_MEMORY;
  int64_t n = 0, right = 0;
  for (int64_t i = 0; status == CSRO_OK && i < of->count; i++) {
    if (data->part[i] != CSRO_PART_TEST)
      continue;
    memcpy(inputs + (size_t)n * values, of->inputs + (size_t)i * values, values * sizeof *inputs);
    label[n++] = of->label[i];
  }
  if (status == CSRO_OK)
    status = csro_model_predict(context, model, n, inputs, out);
  for (int64_t i = 0; status == CSRO_OK && i < n; i++)
    right += !isnan(out[i * of->classes]) &&
             most_probable(out + i * of->classes, of->classes) == label[i];
  model->test_accuracy = n > 0 ? (double)right / (double)n : NAN;
  free(inputs);
  free(out);
  free(label);
  return status;
}

static csro_status train(csro_context *context, const csro_examples *examples,
                         const csro_network *architecture, const csro_train_options *options,
                         int16_t *part, csro_model *model) {
  csro_status status = split(context, examples, options, part);
  if (status != CSRO_OK)
    return status;
  drop_undefined(examples, part);
  const csro_train_data data = {.examples = examples, .part = part};
  status = train_folds(context, &data, architecture, options, model->members);
  return status == CSRO_OK ? measure_test(context, &data, model) : status;
}

static void drop_members(csro_model *model) {
  for (int m = 0; model->members && m < model->member_count; m++)
    csro_network_free(&model->members[m]);
  free(model->members);
  model->members = NULL;
  model->member_count = 0;
}

csro_status csro_train(csro_context *context, const csro_examples *examples,
                       const csro_network *architecture, const csro_train_options *options,
                       csro_model *model) {
  model->members = NULL;
  model->member_count = 0;
  csro_status status = check_options(context, options, examples->positions);
  if (status == CSRO_OK)
    status = check_input(context, examples, architecture, model);
  if (status != CSRO_OK)
    return status;
  model->members = csro_allocate(context, options->folds, sizeof *model->members);
  int16_t *part = csro_allocate(context, examples->count, sizeof *part);
  status = CSRO_ERROR_MEMORY;
  if (model->members && part) {
    model->member_count = options->folds;
    memset(model->members, 0, (size_t)options->folds * sizeof *model->members);
    status = train(context, examples, architecture, options, part, model);
  }
  free(part);
  if (status != CSRO_OK)
    drop_members(model);
  return status;
}
