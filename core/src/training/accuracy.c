#include "csro/train.h"
#include "training/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Undefined rows become zeros, so that they cannot disturb others of their block. */
static void clear_undefined(int64_t n, int64_t values, float *inputs, bool *defined) {
  for (int64_t i = 0; i < n; i++) {
    defined[i] = true;
    for (int64_t k = 0; k < values; k++)
      defined[i] = defined[i] && isfinite(inputs[i * values + k]);
    for (int64_t k = 0; k < values && !defined[i]; k++)
      inputs[i * values + k] = 0;
  }
}

static csro_status apply_members(csro_context *context, const csro_model *model, int64_t n,
                                 const float *inputs, const bool *defined, float *out,
                                 float *probability) {
  int classes = model->members[0].classes;
  for (int64_t k = 0; k < n * classes; k++)
    probability[k] = 0;
  for (int m = 0; m < model->member_count; m++) {
    csro_status status = csro_network_apply(context, &model->members[m], n, inputs, out);
    if (status != CSRO_OK)
      return status;
    for (int64_t k = 0; k < n * classes; k++)
      probability[k] += out[k];
  }
  for (int64_t k = 0; k < n * classes; k++)
    probability[k] = defined[k / classes] ? probability[k] / (float)model->member_count : NAN;
  return CSRO_OK;
}

csro_status csro_model_predict(csro_context *context, const csro_model *model, int64_t n,
                               const float *inputs, float *probability) {
  if (model->member_count < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "the model has no networks");
  const csro_network *first = &model->members[0];
  int64_t values = (int64_t)first->bins * first->channels;
  float *copy = csro_allocate(context, n, (size_t)values * sizeof *copy);
  float *out = csro_allocate(context, n, (size_t)first->classes * sizeof *out);
  bool *defined = csro_allocate(context, n, sizeof *defined);
  csro_status status = CSRO_ERROR_MEMORY;
  if (copy && out && defined) {
    memcpy(copy, inputs, (size_t)(n * values) * sizeof *copy);
    clear_undefined(n, values, copy, defined);
    status = apply_members(context, model, n, copy, defined, out, probability);
  }
  free(copy);
  free(out);
  free(defined);
  return status;
}

csro_status csro_model_accuracy(csro_context *context, const csro_model *model, int64_t n,
                                const float *inputs, const uint8_t *label, double *accuracy) {
  *accuracy = NAN;
  if (n < 1 || model->member_count < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "accuracy needs examples and networks, there are %lld and %d", (long long)n,
                     model->member_count);
  int classes = model->members[0].classes;
  for (int64_t i = 0; i < n; i++)
    if (label[i] >= classes)
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "example %lld belongs to class %d of %d",
                       (long long)i, label[i], classes);
  float *probability = csro_allocate(context, n, (size_t)classes * sizeof *probability);
  if (!probability)
    return CSRO_ERROR_MEMORY;
  csro_status status = csro_model_predict(context, model, n, inputs, probability);
  int64_t right = 0;
  for (int64_t i = 0; i < n && status == CSRO_OK; i++)
    right += csro_is_right(probability + i * classes, classes, label[i]);
  if (status == CSRO_OK)
    *accuracy = (double)right / (double)n;
  free(probability);
  return status;
}
