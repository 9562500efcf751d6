#include "base/progress.h"
#include "csro/score.h"
#include "voxel/block.h"

#include <math.h>
#include <string.h>

/* The published radius of the extraction ball in units of half a stride. */
static const double ball_factor = 1.414;

/* The pixel that holds r, in each axis -1 .. pixels (one beyond the faces). False for an ion
 * farther out, which no pixel and no ball can hold. */
static bool locate(const csro_grid *grid, const double r[3], int64_t pixel[3]) {
  for (int axis = 0; axis < 3; axis++) {
    double t = floor((r[axis] - grid->origin[axis]) / grid->stride);
    if (!(t >= -1 && t <= (double)grid->pixels[axis])) /* also NaN */
      return false;
    pixel[axis] = (int64_t)t;
  }
  return true;
}

static bool holds(const csro_block *pixels, int64_t i, int64_t j, int64_t k) {
  return i >= pixels->lo[0] && j >= pixels->lo[1] && k >= pixels->lo[2] && i < pixels->hi[0] &&
         j < pixels->hi[1] && k < pixels->hi[2];
}

static bool is_selected(const csro_block *pixels, const uint8_t *selected, int64_t i, int64_t j,
                        int64_t k) {
  return holds(pixels, i, j, k) && selected[csro_block_at(pixels, i, j, k)] != 0;
}

static double from_center(const csro_grid *grid, int axis, double x, int64_t pixel) {
  return x - (grid->origin[axis] + grid->stride * (double)pixel + grid->stride / 2);
}

/* The ball is wider than its pixel but narrower than three pixels: the ion may be in the balls of
 * the 27 pixels around it. */
static bool in_ball(const csro_grid *grid, const csro_block *pixels, const uint8_t *selected,
                    const double r[3], const int64_t pixel[3]) {
  double radius = grid->stride / 2 * ball_factor;
  for (int64_t k = pixel[2] - 1; k <= pixel[2] + 1; k++)
    for (int64_t j = pixel[1] - 1; j <= pixel[1] + 1; j++)
      for (int64_t i = pixel[0] - 1; i <= pixel[0] + 1; i++) {
        if (!is_selected(pixels, selected, i, j, k))
          continue;
        double dx = from_center(grid, 0, r[0], i);
        double dy = from_center(grid, 1, r[1], j);
        double dz = from_center(grid, 2, r[2], k);
        if (dx * dx + dy * dy + dz * dz <= radius * radius)
          return true;
      }
  return false;
}

csro_status csro_extract(csro_context *context, const csro_grid *grid, const csro_block *pixels,
                         const uint8_t *selected, csro_extraction rule, const csro_points *points,
                         uint8_t *keep) {
  csro_status status = csro_block_check(context, "pixels", grid->pixels, pixels);
  if (status != CSRO_OK)
    return status;
  const int64_t block = 65536;
  int64_t blocks = (points->count + block - 1) / block;
  csro_progress progress;
  csro_progress_start(&progress, context, blocks, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t b = 0; b < blocks; b++) {
    if (csro_progress_add(&progress, 1))
      continue;
    int64_t end = (b + 1) * block < points->count ? (b + 1) * block : points->count;
    for (int64_t ion = b * block; ion < end; ion++) {
      double r[3];
      int64_t pixel[3];
      csro_points_get(points, ion, r);
      if (!locate(grid, r, pixel))
        keep[ion] = 0;
      else if (rule == CSRO_EXTRACT_BALL)
        keep[ion] = in_ball(grid, pixels, selected, r, pixel);
      else
        keep[ion] = is_selected(pixels, selected, pixel[0], pixel[1], pixel[2]);
    }
  }
  status = csro_progress_end(&progress);
  if (status != CSRO_OK)
    memset(keep, 0, (size_t)points->count);
  return status;
}

void csro_pixel_scores(const csro_grid *grid, const csro_block *pixels, const double *score,
                       const csro_points *points, double *value) {
  for (int64_t ion = 0; ion < points->count; ion++) {
    double r[3];
    int64_t at[3];
    csro_points_get(points, ion, r);
    value[ion] = locate(grid, r, at) && holds(pixels, at[0], at[1], at[2])
                     ? score[csro_block_at(pixels, at[0], at[1], at[2])]
                     : NAN;
  }
}
