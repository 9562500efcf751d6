#include "csro/train.h"

#include <math.h>
#include <stdlib.h>

static bool is_right(const float *sum, int classes, int label) {
  for (int c = 0; c < classes; c++)
    if (c != label && sum[c] >= sum[label])
      return false;
  return true;
}

/* Undefined curves become zeros, so that they cannot disturb others of their block. */
static void clear_undefined(int64_t n, int bins, float *curves, bool *defined) {
  for (int64_t i = 0; i < n; i++) {
    defined[i] = !isnan(curves[i * bins]);
    for (int b = 0; !defined[i] && b < bins; b++)
      curves[i * bins + b] = 0;
  }
}

static csro_status measure(csro_context *context, const csro_model *model, int64_t n,
                           csro_count_type type, const void *counts, const uint8_t *label,
                           float *curves, float *out, float *sum, bool *defined, double *accuracy) {
  int bins = model->bins.kept, classes = model->class_count;
  csro_status status =
      csro_curves_preprocess(context, model->preprocessing, n, bins, type, counts, curves);
  if (status != CSRO_OK)
    return status;
  clear_undefined(n, bins, curves, defined);
  for (int64_t k = 0; k < n * classes; k++)
    sum[k] = 0;
  for (int m = 0; m < model->member_count; m++) {
    status = csro_network_apply(context, &model->members[m], n, curves, out);
    if (status != CSRO_OK)
      return status;
    for (int64_t k = 0; k < n * classes; k++)
      sum[k] += out[k];
  }
  int64_t right = 0;
  for (int64_t i = 0; i < n; i++)
    right += defined[i] && is_right(sum + i * classes, classes, label[i]);
  *accuracy = (double)right / (double)n;
  return CSRO_OK;
}

csro_status csro_model_accuracy(csro_context *context, const csro_model *model, int64_t n,
                                csro_count_type type, const void *counts, const uint8_t *label,
                                double *accuracy) {
  *accuracy = NAN;
  if (n < 1 || model->member_count < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "accuracy needs curves and networks, there are %lld and %d", (long long)n,
                     model->member_count);
  if (model->members[0].channels != 1 || model->members[0].bins != model->bins.kept ||
      model->members[0].classes != model->class_count)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "accuracy is for networks of one channel that fit their model");
  for (int64_t i = 0; i < n; i++)
    if (label[i] >= model->class_count)
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "curve %lld belongs to class %d of %d",
                       (long long)i, label[i], model->class_count);
  float *curves = csro_allocate(context, n * model->bins.kept, sizeof *curves);
  float *out = csro_allocate(context, n * model->class_count, sizeof *out);
  float *sum = csro_allocate(context, n * model->class_count, sizeof *sum);
  bool *defined = csro_allocate(context, n, sizeof *defined);
  csro_status status = CSRO_ERROR_MEMORY;
  if (curves && out && sum && defined)
    status = measure(context, model, n, type, counts, label, curves, out, sum, defined, accuracy);
  free(curves);
  free(out);
  free(sum);
  free(defined);
  return status;
}
