#include "base/progress.h"
#include "voxel/cell_list.h"

#include <string.h>

/* Adds the ions with the label, of all when label is NULL. */
static csro_status add_counts(csro_context *context, const csro_grid *grid, const csro_block *block,
                              const csro_points *points, const uint16_t *label, uint16_t wanted,
                              int32_t *out) {
  double bounds[6];
  csro_cells cells;
  csro_block_bounds(grid, block, grid->radius, bounds);
  csro_status status = csro_cells_build(context, points, label, wanted, bounds,
                                        grid->radius * (2.0 / 3), &cells, NULL);
  if (status != CSRO_OK)
    return status;

  csro_progress progress;
  const int64_t length = block->hi[0] - block->lo[0];
  const int64_t layer_rows = block->hi[1] - block->lo[1];
  const int64_t rows = layer_rows * (block->hi[2] - block->lo[2]);
  csro_progress_start(&progress, context, rows, 0, 1);
#pragma omp parallel num_threads(context->threads)
  {
    csro_context private_context = {.threads = 1};
    csro_ball ball = {0};
    csro_status failed = CSRO_OK;
#pragma omp for schedule(dynamic, 4)
    for (int64_t row = 0; row < rows; row++) {
      if (failed != CSRO_OK || csro_progress_add(&progress, 1))
        continue;
      for (int64_t i = 0; i < length && failed == CSRO_OK; i++) {
        double center[3];
        csro_voxel_center(grid, block->lo[0] + i, block->lo[1] + row % layer_rows,
                          block->lo[2] + row / layer_rows, center);
        failed = csro_ball_gather(&private_context, &cells, center, grid->radius, &ball);
        out[row * length + i] += (int32_t)ball.count;
      }
    }
    csro_ball_release(&ball);
    if (failed != CSRO_OK) {
#pragma omp critical(csro_voxel_counts_error)
      {
        status = failed;
        memcpy(context->message, private_context.message, sizeof context->message);
      }
    }
  }
  csro_cells_release(&cells);
  return status != CSRO_OK ? status : csro_progress_end(&progress);
}

csro_status csro_voxel_counts(csro_context *context, const csro_grid *grid, const csro_block *block,
                              const csro_points *points, const uint16_t *label, int labels,
                              const uint16_t *wanted, int32_t *out) {
  const int64_t voxels = csro_block_size(block);
  if (voxels == 0)
    return CSRO_OK;
  memset(out, 0, (size_t)voxels * sizeof *out);
  if (!label)
    return add_counts(context, grid, block, points, NULL, 0, out);
  csro_status status = CSRO_OK;
  for (int k = 0; k < labels && status == CSRO_OK; k++)
    status = add_counts(context, grid, block, points, label, wanted[k], out);
  return status;
}

int64_t csro_voxels_with_ions(const csro_block *stored, const csro_block *owned,
                              const int32_t *counts) {
  int64_t filled = 0;
  if (csro_block_size(owned) == 0)
    return 0;
  for (int64_t k = owned->lo[2]; k < owned->hi[2]; k++)
    for (int64_t j = owned->lo[1]; j < owned->hi[1]; j++) {
      const int32_t *row = counts + csro_block_at(stored, owned->lo[0], j, k);
      for (int64_t i = 0; i < owned->hi[0] - owned->lo[0]; i++)
        filled += row[i] != 0;
    }
  return filled;
}
