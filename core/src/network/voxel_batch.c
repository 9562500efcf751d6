#include "network/voxel_batch.h"

#include <stdlib.h>
#include <string.h>

csro_status csro_channel_curves_create(csro_context *context, const csro_ion_curves *ions,
                                       const csro_model *model, csro_voxel_curves **curves) {
  const int channels = model->channel_count;
  *curves = csro_allocate(context, channels, sizeof **curves);
  if (!*curves)
    return CSRO_ERROR_MEMORY;
  memset(*curves, 0, (size_t)channels * sizeof **curves);
  csro_status status = CSRO_OK;
  for (int c = 0; c < channels && status == CSRO_OK; c++)
    status = csro_voxel_curves_init(context, ions->grid, ions->block, ions->points, ions->label,
                                    ions->pairs[c][0], ions->pairs[c][1], &model->bins,
                                    ions->partners, &(*curves)[c]);
  if (status != CSRO_OK)
    csro_channel_curves_destroy(model, curves);
  return status;
}

void csro_channel_curves_destroy(const csro_model *model, csro_voxel_curves **curves) {
  for (int c = 0; *curves && c < model->channel_count; c++)
    csro_voxel_curves_release(&(*curves)[c]);
  free(*curves);
  *curves = NULL;
}

csro_status csro_run_counts_init(csro_context *context, const csro_voxel_curves *curves,
                                 int channels, int rows, csro_run_counts *run) {
  const int64_t of_channel = (int64_t)rows * curves->bins->kept;
  *run = (csro_run_counts){.of_channel = of_channel,
                           .workers = csro_allocate(context, channels, sizeof *run->workers),
                           .types = csro_allocate(context, channels, sizeof *run->types),
                           .counts = csro_allocate(context, channels, sizeof *run->counts),
                           .values =
                               csro_allocate(context, channels * of_channel, sizeof *run->values)};
  if (!run->workers || !run->types || !run->counts || !run->values)
    return CSRO_ERROR_MEMORY;
  for (int c = 0; c < channels; c++) {
    csro_status status = csro_curve_worker_init(curves[c].bins, &run->workers[c]);
    run->channels = c + 1;
    run->types[c] = CSRO_U32;
    run->counts[c] = run->values + c * of_channel;
    if (status != CSRO_OK)
      return csro_fail(context, status, "%s", run->workers[c].context.message);
  }
  return CSRO_OK;
}

void csro_run_counts_release(csro_run_counts *run) {
  if (!run)
    return;
  for (int c = 0; c < run->channels; c++)
    csro_curve_worker_release(&run->workers[c]);
  free(run->workers);
  free(run->types);
  free(run->counts);
  free(run->values);
}

csro_status csro_run_counts_fill(csro_context *context, const csro_voxel_curves *curves,
                                 int64_t first, int rows, csro_run_counts *run) {
  for (int c = 0; c < run->channels; c++) {
    uint32_t *to = run->values + c * run->of_channel;
    for (int r = 0; r < rows; r++, to += curves[c].bins->kept) {
      csro_status status = csro_voxel_curve(&curves[c], &run->workers[c], first + r, CSRO_U32, to);
      if (status != CSRO_OK)
        return csro_fail(context, status, "%s", run->workers[c].context.message);
    }
  }
  return CSRO_OK;
}
