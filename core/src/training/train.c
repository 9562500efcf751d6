#include "csro/train.h"

#include "training/train_run.h"

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
  csro_status status =
      csro_check_number(context, "test fraction of the training", o->test_fraction, 0, 1 - 1e-12);
  if (status == CSRO_OK)
    status = csro_check_number(context, "learning rate", o->learning_rate, 1e-12, 1);
  if (status != CSRO_OK)
    return status;
  if (o->folds < 2 || o->folds > MOST_FOLDS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d folds of the training, expected 2 to %d",
                     o->folds, MOST_FOLDS);
  if (o->epochs < 1 || o->epochs > MOST_EPOCHS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d epochs of training, expected 1 to %d",
                     o->epochs, MOST_EPOCHS);
  if (o->batch < 1 || o->batch > LARGEST_BATCH)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d curves per batch, expected 1 to %d",
                     o->batch, LARGEST_BATCH);
  if (o->patience < 0)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "patience is %d epochs, expected 0 (none) or more", o->patience);
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

static csro_status train_folds(csro_context *context, const csro_train_data *data,
                               const csro_network *architecture, const csro_train_options *options,
                               csro_network *members, csro_train_epoch *history) {
  csro_fold *folds = csro_allocate(context, options->folds, sizeof *folds);
  if (!folds)
    return CSRO_ERROR_MEMORY;
  csro_status status = CSRO_OK;
  int made = 0;
  while (status == CSRO_OK && made < options->folds) {
    status = csro_fold_init(context, data, architecture, options, made, &folds[made]);
    made += status == CSRO_OK;
  }
  if (status == CSRO_OK)
    status = csro_folds_run(context, data, options, folds, history);
  for (int f = 0; f < options->folds && status == CSRO_OK; f++) {
    if (folds[f].best_loss == INFINITY)
      status = csro_fail(context, CSRO_ERROR_DATA, "fold %d did not learn: its loss is not finite",
                         f + 1);
    members[f] = folds[f].best;
    folds[f].best = (csro_network){0};
  }
  while (made > 0)
    csro_fold_release(&folds[--made]);
  free(folds);
  return status;
}

static csro_status allocate_report(csro_context *context, const csro_examples *examples,
                                   const csro_train_options *options, csro_train_report *report) {
  const double none = NAN;
  int64_t epochs = (int64_t)options->folds * options->epochs;
  *report = (csro_train_report){
      .folds = options->folds, .epochs = options->epochs, .classes = examples->classes};
  report->history = csro_allocate(context, epochs, sizeof *report->history);
  report->test_label = csro_allocate(context, examples->count, 1);
  report->test_probability =
      csro_allocate(context, examples->count, (size_t)examples->classes * sizeof(float));
  if (!report->history || !report->test_label || !report->test_probability)
    return CSRO_ERROR_MEMORY;
  for (int64_t k = 0; k < epochs; k++)
    report->history[k] = (csro_train_epoch){none, none, none, none};
  return CSRO_OK;
}

/* The ensemble on the examples that were held out; the accuracy is NaN when there are none. */
static csro_status measure_test(csro_context *context, const csro_train_data *data,
                                csro_model *model, csro_train_report *report) {
  const csro_examples *of = data->examples;
  size_t values = (size_t)of->positions * (size_t)of->channels;
  float *inputs = csro_allocate(context, of->count, values * sizeof *inputs);
  if (!inputs)
    return CSRO_ERROR_MEMORY;
  int64_t n = 0, right = 0;
  for (int64_t i = 0; i < of->count; i++) {
    if (data->part[i] != CSRO_PART_TEST)
      continue;
    memcpy(inputs + (size_t)n * values, of->inputs + (size_t)i * values, values * sizeof *inputs);
    report->test_label[n++] = of->label[i];
  }
  csro_status status = csro_model_predict(context, model, n, inputs, report->test_probability);
  free(inputs);
  if (status != CSRO_OK)
    return status;
  for (int64_t i = 0; i < n; i++)
    right += csro_is_right(report->test_probability + i * of->classes, of->classes,
                           report->test_label[i]);
  report->test_count = n;
  model->test_accuracy = n > 0 ? (double)right / (double)n : NAN;
  return CSRO_OK;
}

static csro_status train(csro_context *context, const csro_examples *examples,
                         const csro_network *architecture, const csro_train_options *options,
                         int16_t *part, csro_model *model, csro_train_report *report) {
  csro_status status = split(context, examples, options, part);
  if (status == CSRO_OK)
    status = allocate_report(context, examples, options, report);
  if (status != CSRO_OK)
    return status;
  drop_undefined(examples, part);
  const csro_train_data data = {.examples = examples, .part = part};
  status = train_folds(context, &data, architecture, options, model->members, report->history);
  return status == CSRO_OK ? measure_test(context, &data, model, report) : status;
}

void csro_train_report_release(csro_train_report *report) {
  if (!report)
    return;
  free(report->history);
  free(report->test_label);
  free(report->test_probability);
  *report = (csro_train_report){0};
}

static void drop_members(csro_model *model) {
  for (int m = 0; model->members && m < model->member_count; m++)
    csro_network_release(&model->members[m]);
  free(model->members);
  model->members = NULL;
  model->member_count = 0;
}

csro_status csro_train(csro_context *context, const csro_examples *examples,
                       const csro_network *architecture, const csro_train_options *options,
                       csro_model *model, csro_train_report *report) {
  csro_train_report own = {0};
  if (report)
    *report = own;
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
    status = train(context, examples, architecture, options, part, model, &own);
  }
  free(part);
  if (status != CSRO_OK)
    drop_members(model);
  if (status == CSRO_OK && report)
    *report = own;
  else
    csro_train_report_release(&own);
  return status;
}
