#include "base/progress.h"
#include "voxel/cells.h"

#include <string.h>

csro_status csro_voxel_counts(csro_context *context, const csro_grid *grid, csro_slab slab,
                              const csro_points *points, const uint16_t *label, uint16_t wanted,
                              int32_t *out) {
  if (slab.layers <= 0)
    return CSRO_OK;
  double bounds[6];
  csro_cells cells;
  csro_slab_bounds(grid, slab, grid->radius, bounds);
  csro_status status =
      csro_cells_build(context, points, label, wanted, bounds, grid->radius * (2.0 / 3), &cells);
  if (status != CSRO_OK)
    return status;

  csro_progress progress;
  const int64_t rows = slab.layers * grid->n[1];
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
      for (int64_t i = 0; i < grid->n[0] && failed == CSRO_OK; i++) {
        double center[3];
        csro_voxel_center(grid, i, row % grid->n[1], slab.first + row / grid->n[1], center);
        failed = csro_ball_gather(&private_context, &cells, center, grid->radius, &ball);
        out[row * grid->n[0] + i] = (int32_t)ball.count;
      }
    }
    csro_ball_free(&ball);
    if (failed != CSRO_OK) {
#pragma omp critical(csro_voxel_counts_error)
      {
        status = failed;
        memcpy(context->message, private_context.message, sizeof context->message);
      }
    }
  }
  csro_cells_free(&cells);
  return status != CSRO_OK ? status : csro_progress_end(&progress);
}
