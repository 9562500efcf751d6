#include "csro/score.h"
#include "base/progress.h"

#include <string.h>

typedef struct range {
  int64_t first, last; /* inclusive */
} range;

/* The voxels along one axis that exist and cover a pixel. */
static range covering(const csro_grid *grid, int axis, int64_t pixel) {
  int64_t first = pixel - grid->ratio + 1;
  int64_t last = pixel;
  return (range){first > 0 ? first : 0, last < grid->n[axis] ? last : grid->n[axis] - 1};
}

static double pixel_score(const csro_grid *grid, const double *probability, range x, range y,
                          range z, csro_score_rule rule) {
  double sum = 0;
  for (int64_t k = z.first; k <= z.last; k++)
    for (int64_t j = y.first; j <= y.last; j++)
      for (int64_t i = x.first; i <= x.last; i++)
        sum += probability[(k * grid->n[1] + j) * grid->n[0] + i];
  if (rule == CSRO_SCORE_SUM)
    return sum;
  double terms = (double)(x.last - x.first + 1) * (double)(y.last - y.first + 1) *
                 (double)(z.last - z.first + 1);
  return sum * (8 / terms);
}

static csro_status check_slabs(csro_context *context, const csro_grid *grid, csro_slab voxels,
                               csro_slab pixels) {
  if (pixels.first < 0 || pixels.layers < 0 || pixels.first > grid->pixels[2] - pixels.layers)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "pixel layers %lld .. %lld, but the grid has %lld", (long long)pixels.first,
                     (long long)(pixels.first + pixels.layers - 1), (long long)grid->pixels[2]);
  if (pixels.layers == 0)
    return CSRO_OK;
  int64_t first = covering(grid, 2, pixels.first).first;
  int64_t last = covering(grid, 2, pixels.first + pixels.layers - 1).last;
  if (voxels.first > first || voxels.first + voxels.layers <= last)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "voxel layers %lld .. %lld are given, but the scores need %lld .. %lld",
                     (long long)voxels.first, (long long)(voxels.first + voxels.layers - 1),
                     (long long)first, (long long)last);
  return CSRO_OK;
}

csro_status csro_scores(csro_context *context, const csro_grid *grid, csro_slab voxel_slab,
                        const double *probability, csro_slab pixel_slab, csro_score_rule rule,
                        double *score) {
  csro_status status = check_slabs(context, grid, voxel_slab, pixel_slab);
  if (status != CSRO_OK)
    return status;
  int64_t rows = pixel_slab.layers * grid->pixels[1];
  csro_progress progress;
  csro_progress_start(&progress, context, rows, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t row = 0; row < rows; row++) {
    if (csro_progress_add(&progress, 1))
      continue;
    range z = covering(grid, 2, pixel_slab.first + row / grid->pixels[1]);
    range y = covering(grid, 1, row % grid->pixels[1]);
    z.first -= voxel_slab.first;
    z.last -= voxel_slab.first;
    for (int64_t i = 0; i < grid->pixels[0]; i++)
      score[row * grid->pixels[0] + i] =
          pixel_score(grid, probability, covering(grid, 0, i), y, z, rule);
  }
  status = csro_progress_end(&progress);
  if (status != CSRO_OK)
    memset(score, 0, (size_t)(rows * grid->pixels[0]) * sizeof *score);
  return status;
}
