#include "domain/score.h"

#include "base/progress.h"
#include "voxel/block.h"

#include <string.h>

csro_block csro_score_voxels(const csro_grid *grid, const csro_block *pixels) {
  csro_block voxels = *pixels;
  for (int axis = 0; axis < 3 && csro_block_size(pixels) > 0; axis++) {
    voxels.lo[axis] = csro_cover_of(grid, axis, pixels->lo[axis]).first;
    voxels.hi[axis] = csro_cover_of(grid, axis, pixels->hi[axis] - 1).last + 1;
  }
  return voxels;
}

static double pixel_score(const csro_block *voxels, const double *probability, csro_cover x,
                          csro_cover y, csro_cover z, csro_score_rule rule) {
  double sum = 0;
  for (int64_t k = z.first; k <= z.last; k++)
    for (int64_t j = y.first; j <= y.last; j++)
      for (int64_t i = x.first; i <= x.last; i++)
        sum += probability[csro_block_at(voxels, i, j, k)];
  if (rule == CSRO_SCORE_SUM)
    return sum;
  return sum * (8 / (double)csro_cover_size(x, y, z));
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
    const csro_cover z = csro_cover_of(grid, 2, pixels->lo[2] + row / layer_rows);
    const csro_cover y = csro_cover_of(grid, 1, pixels->lo[1] + row % layer_rows);
    for (int64_t i = 0; i < length; i++)
      score[row * length + i] =
          pixel_score(voxels, probability, csro_cover_of(grid, 0, pixels->lo[0] + i), y, z, rule);
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
