/* The counts of a run of voxels, made from the ions by one thread just before they are used. */
#ifndef CSRO_NETWORK_VOXEL_BATCH_H
#define CSRO_NETWORK_VOXEL_BATCH_H

#include "csro/classify.h"
#include "zsdm/voxel_curves.h"

/* The cell lists of the channels of a model; the ions hold voxels. *curves is NULL on error. */
csro_status csro_channel_curves_create(csro_context *context, const csro_ion_curves *ions,
                                       const csro_model *model, csro_voxel_curves **curves);
void csro_channel_curves_destroy(const csro_model *model, csro_voxel_curves **curves);

typedef struct csro_run_counts {
  int channels;
  csro_curve_worker *workers; /* [channel] */
  csro_count_type *types;     /* [channel] */
  const void **counts;        /* [channel] -> [voxel][bin] */
  int64_t of_channel;         /* values of one channel */
  uint32_t *values;
} csro_run_counts;

/* Room for `rows` voxels. Release with csro_run_counts_release even after an error. */
csro_status csro_run_counts_init(csro_context *context, const csro_voxel_curves *curves,
                                 int channels, int rows, csro_run_counts *run);
void csro_run_counts_release(csro_run_counts *run);

/* Counts of the voxels first .. first + rows - 1 in every channel. */
csro_status csro_run_counts_fill(csro_context *context, const csro_voxel_curves *curves,
                                 int64_t first, int rows, csro_run_counts *run);

#endif
