#include "csro/train.h"
#include "csro/version.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static double fold_mean(const csro_train_report *report, int epoch,
                        double (*value)(const csro_train_epoch *)) {
  double sum = 0;
  int folds = 0;
  for (int f = 0; f < report->folds; f++) {
    double of_fold = value(&report->history[f * report->epochs + epoch]);
    if (isnan(of_fold))
      continue;
    sum += of_fold;
    folds++;
  }
  return folds > 0 ? sum / folds : NAN;
}

static double loss(const csro_train_epoch *e) {
  return e->loss;
}

static double accuracy(const csro_train_epoch *e) {
  return e->accuracy;
}

static double validation_loss(const csro_train_epoch *e) {
  return e->validation_loss;
}

static double validation_accuracy(const csro_train_epoch *e) {
  return e->validation_accuracy;
}

csro_train_epoch csro_train_report_mean(const csro_train_report *report, int epoch) {
  return (csro_train_epoch){.loss = fold_mean(report, epoch, loss),
                            .accuracy = fold_mean(report, epoch, accuracy),
                            .validation_loss = fold_mean(report, epoch, validation_loss),
                            .validation_accuracy = fold_mean(report, epoch, validation_accuracy)};
}

void csro_train_report_ordered(const csro_train_report *report, float *score, uint8_t *ordered) {
  for (int64_t i = 0; i < report->test_count; i++) {
    float random = report->test_probability[i * report->classes];
    score[i] = random > 1 ? 0 : 1 - random; /* NaN stays NaN */
    ordered[i] = report->test_label[i] != 0;
  }
}

/* Text that is cut at the end of its room. */
typedef struct cut_text {
  char *text;
  size_t room, length;
} cut_text;

__attribute__((format(printf, 2, 3))) static void append(cut_text *to, const char *format, ...) {
  va_list values;
  va_start(values, format);
  int length = vsnprintf(to->text + to->length, to->room - to->length, format, values);
  va_end(values);
  if (length > 0)
    to->length += (size_t)length;
  if (to->length >= to->room)
    to->length = to->room - 1;
}

static long long count_label(const csro_examples *examples, int label) {
  long long count = 0;
  for (int64_t i = 0; i < examples->count; i++)
    count += examples->label[i] == label;
  return count;
}

void csro_train_describe(const csro_examples *examples, const csro_train_options *options,
                         const uint64_t *bank_seed, const char *command, csro_model *model) {
  cut_text to = {model->provenance, sizeof model->provenance, 0};
  append(&to, "Trained on %lld patterns", (long long)examples->count);
  if (bank_seed)
    append(&to, " (seed %llu)", (unsigned long long)*bank_seed);
  for (int c = 0; c < examples->classes; c++)
    append(&to, "%s %lld of %s", c > 0 ? "," : ":", count_label(examples, c), model->classes[c]);
  append(&to, ". %g of them held out for the test, %d folds, %d epochs, batch %d, Adam %g%s",
         options->test_fraction, options->folds, options->epochs, options->batch,
         options->learning_rate, options->cosine ? " falling along a cosine" : "");
  if (options->patience > 0)
    append(&to, "; a fold stops after %d epochs without a lower validation loss",
           options->patience);
  if (options->balanced)
    append(&to, "; classes of equal weight");
  if (options->shift_lo != 0 || options->shift_hi != 0)
    append(&to, "; each training pattern once more, shifted by %d to %d bins", options->shift_lo,
           options->shift_hi);
  append(&to, "; weights of the lowest validation loss. APT-CSRO %s. Command: %s", csro_version(),
         command);
}
