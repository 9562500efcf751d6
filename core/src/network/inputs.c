#include "network/inputs.h"

#include <math.h>
#include <stdlib.h>

static int64_t count_sum(csro_count_type type, const void *counts, int64_t begin, int bins) {
  int64_t sum = 0;
  for (int b = 0; b < bins; b++)
    sum += csro_count_at(type, counts, begin + b);
  return sum;
}

csro_status csro_inputs_init(csro_context *context, const csro_model *model,
                             csro_preprocessing preprocessing, int64_t minimum_counts,
                             int64_t first, int64_t rows, const csro_count_type *types,
                             const void *const *counts, float *curves, float *inputs) {
  int bins = model->bins.kept, channels = model->channel_count;
  for (int c = 0; c < channels; c++) {
    const char *begin = (const char *)counts[c] + first * bins * (int64_t)types[c];
    csro_status status =
        csro_curves_preprocess(context, preprocessing, rows, bins, types[c], begin, curves);
    if (status != CSRO_OK)
      return status;
    for (int64_t r = 0; r < rows; r++) {
      const float *from = curves + r * bins;
      float *to = inputs + r * bins * channels;
      bool undefined = c > 0 && isnan(to[0]);
      for (int b = 0; b < bins; b++)
        to[b * channels + c] = from[b];
      if (undefined || isnan(from[0]) ||
          count_sum(types[c], begin, r * bins, bins) < minimum_counts)
        to[0] = NAN;
    }
  }
  return CSRO_OK;
}

csro_status csro_members_check(csro_context *context, const char *who, const csro_model *model) {
  for (int m = 0; m < model->member_count; m++)
    if (model->members[m].bins != model->bins.kept ||
        model->members[m].channels != model->channel_count ||
        model->members[m].classes != model->class_count)
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "%s: member %d does not fit the model's bins, channels and classes", who, m);
  return CSRO_OK;
}

csro_status csro_inputs_check(csro_context *context, const char *who, const csro_model *model,
                              const csro_count_type *types, const void *const *counts) {
  for (int c = 0; c < model->channel_count; c++)
    if (!counts[c] || (types[c] != CSRO_U8 && types[c] != CSRO_U16 && types[c] != CSRO_U32))
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "%s: channel %d has no counts", who, c);
  return csro_members_check(context, who, model);
}
