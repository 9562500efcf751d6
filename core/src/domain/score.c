#include "csro/score.h"
#include "base/progress.h"
#include "voxel/block.h"

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

csro_block csro_score_voxels(const csro_grid *grid, const csro_block *pixels) {
  csro_block voxels = *pixels;
  for (int axis = 0; axis < 3 && csro_block_size(pixels) > 0; axis++) {
    voxels.lo[axis] = covering(grid, axis, pixels->lo[axis]).first;
    voxels.hi[axis] = covering(grid, axis, pixels->hi[axis] - 1).last + 1;
  }
  return voxels;
}

static double pixel_score(const csro_block *voxels, const double *probability, range x, range y,
                          range z, csro_score_rule rule) {
  double sum = 0;
  for (int64_t k = z.first; k <= z.last; k++)
    for (int64_t j = y.first; j <= y.last; j++)
      for (int64_t i = x.first; i <= x.last; i++)
        sum += probability[csro_block_at(voxels, i, j, k)];
  if (rule == CSRO_SCORE_SUM)
    return sum;
  double terms = (double)(x.last - x.first + 1) * (double)(y.last - y.first + 1) *
                 (double)(z.last - z.first + 1);
  return sum * (8 / terms);
}

csro_status csro_scores(csro_context *context, const csro_grid *grid, const csro_block *voxels,
                        const double *probability, const csro_block *pixels, csro_score_rule rule,
                        double *score) {
  csro_status status = csro_block_check(context, "pixels", grid->pixels, pixels);
  if (status != CSRO_OK || csro_block_size(pixels) == 0)
    return status;
  const csro_block needed = csro_score_voxels(grid, pixels);
  if (!csro_block_holds(voxels, &needed))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the scores need the voxels %lld %lld %lld .. %lld %lld %lld, not all given",
                     (long long)needed.lo[0], (long long)needed.lo[1], (long long)needed.lo[2],
                     (long long)needed.hi[0] - 1, (long long)needed.hi[1] - 1,
                     (long long)needed.hi[2] - 1);
  const int64_t length = pixels->hi[0] - pixels->lo[0], layer_rows = pixels->hi[1] - pixels->lo[1];
  const int64_t rows = csro_block_size(pixels) / length;
  csro_progress progress;
  csro_progress_start(&progress, context, rows, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t row = 0; row < rows; row++) {
    if (csro_progress_add(&progress, 1))
      continue;
    const range z = covering(grid, 2, pixels->lo[2] + row / layer_rows);
    const range y = covering(grid, 1, pixels->lo[1] + row % layer_rows);
    for (int64_t i = 0; i < length; i++)
      score[row * length + i] =
          pixel_score(voxels, probability, covering(grid, 0, pixels->lo[0] + i), y, z, rule);
  }
  status = csro_progress_end(&progress);
  if (status != CSRO_OK)
    memset(score, 0, (size_t)(rows * length) * sizeof *score);
  return status;
}

int64_t csro_scores_above(int64_t n, const double *score, double threshold) {
  int64_t above = 0;
  for (int64_t i = 0; i < n; i++)
    above += score[i] > threshold;
  return above;
}
