#include "base/progress.h"
#include "csro/voxels.h"
#include "voxel/block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The ions of each pixel of a block. */
typedef struct histogram {
  const csro_grid *grid;
  csro_block block;
  int32_t *count;
} histogram;

/* Index of the ion's pixel in the histogram, -1 for ions elsewhere. */
static int64_t pixel_of(const histogram *h, const csro_points *points, int64_t ion) {
  double r[3];
  int64_t pixel[3];
  csro_points_get(points, ion, r);
  for (int axis = 0; axis < 3; axis++) {
    double t = (r[axis] - h->grid->origin[axis]) / h->grid->stride;
    if (!(t >= 0 && t < (double)h->grid->pixels[axis])) /* also NaN */
      return -1;
    pixel[axis] = (int64_t)t;
    if (pixel[axis] < h->block.lo[axis] || pixel[axis] >= h->block.hi[axis])
      return -1;
  }
  return csro_block_at(&h->block, pixel[0], pixel[1], pixel[2]);
}

static csro_status fill(csro_context *context, const csro_points *points, histogram *h) {
  const int64_t block = 65536;
  int64_t blocks = (points->count + block - 1) / block;
  memset(h->count, 0, (size_t)csro_block_size(&h->block) * sizeof *h->count);
  csro_progress progress;
  csro_progress_start(&progress, context, blocks, 0, 0.8);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t b = 0; b < blocks; b++) {
    if (csro_progress_add(&progress, 1))
      continue;
    int64_t end = (b + 1) * block < points->count ? (b + 1) * block : points->count;
    for (int64_t ion = b * block; ion < end; ion++) {
      int64_t pixel = pixel_of(h, points, ion);
      if (pixel < 0)
        continue;
#pragma omp atomic
      h->count[pixel]++;
    }
  }
  return csro_progress_end(&progress);
}

/* The two neighbours of a pixel along an axis. False on the faces of the box, where the specimen
 * may end inside the pixel; only a box too thin to have an inside is taken to go on beyond them. */
static bool neighbors(const csro_grid *grid, int axis, int64_t pixel, int64_t out[2]) {
  int64_t last = grid->pixels[axis] - 1;
  out[0] = pixel > 0 ? pixel - 1 : 0;
  out[1] = pixel < last ? pixel + 1 : last;
  return last < 2 || (pixel > 0 && pixel < last);
}

/* Whether all eight neighbours across the corners hold ions. A convex specimen then contains the
 * whole pixel; the pixel's own ions are not counted, so that their mean is without bias. */
static bool is_interior(const histogram *h, int64_t i, int64_t j, int64_t k) {
  int64_t x[2], y[2], z[2];
  if (!neighbors(h->grid, 0, i, x) || !neighbors(h->grid, 1, j, y) || !neighbors(h->grid, 2, k, z))
    return false;
  for (int corner = 0; corner < 8; corner++) {
    if (h->count[csro_block_at(&h->block, x[corner & 1], y[corner >> 1 & 1], z[corner >> 2])] == 0)
      return false;
  }
  return true;
}

static csro_status tally(csro_context *context, const histogram *h, const csro_block *block,
                         csro_occupancy *out) {
  int64_t pixels = 0, interior = 0, other = 0;
  int64_t layer_rows = block->hi[1] - block->lo[1];
  int64_t rows = layer_rows * (block->hi[2] - block->lo[2]);
  csro_progress progress;
  csro_progress_start(&progress, context, rows, 0.8, 1);
#pragma omp parallel for num_threads(context->threads) reduction(+ : pixels, interior, other)
  for (int64_t row = 0; row < rows; row++) {
    if (csro_progress_add(&progress, 1))
      continue;
    int64_t k = block->lo[2] + row / layer_rows, j = block->lo[1] + row % layer_rows;
    for (int64_t i = block->lo[0]; i < block->hi[0]; i++) {
      int32_t ions = h->count[csro_block_at(&h->block, i, j, k)];
      if (is_interior(h, i, j, k)) {
        pixels++;
        interior += ions;
      } else {
        other += ions;
      }
    }
  }
  csro_status status = csro_progress_end(&progress);
  if (status == CSRO_OK)
    *out = (csro_occupancy){pixels, interior, other};
  return status;
}

csro_status csro_occupancy_count(csro_context *context, const csro_grid *grid,
                                 const csro_block *pixels, const csro_points *points,
                                 csro_occupancy *occupancy) {
  memset(occupancy, 0, sizeof *occupancy);
  csro_status status = csro_block_check(context, "pixels", grid->pixels, pixels);
  if (status != CSRO_OK || csro_block_size(pixels) == 0)
    return status;
  histogram h = {grid, *pixels, NULL};
  for (int axis = 0; axis < 3; axis++) {
    h.block.lo[axis] -= h.block.lo[axis] > 0;
    h.block.hi[axis] += h.block.hi[axis] < grid->pixels[axis];
  }
  h.count = csro_allocate(context, csro_block_size(&h.block), sizeof *h.count);
  if (!h.count)
    return CSRO_ERROR_MEMORY;
  status = fill(context, points, &h);
  if (status == CSRO_OK)
    status = tally(context, &h, pixels, occupancy);
  free(h.count);
  return status;
}

double csro_occupancy_volume(const csro_grid *grid, const csro_occupancy *occupancy) {
  if (occupancy->interior_ions + occupancy->other_ions == 0)
    return 0;
  if (occupancy->interior_ions == 0)
    return NAN;
  double mean = (double)occupancy->interior_ions / (double)occupancy->interior_pixels;
  double pixels = (double)occupancy->interior_pixels + (double)occupancy->other_ions / mean;
  return pixels * grid->stride * grid->stride * grid->stride;
}

double csro_grid_halo(const csro_grid *grid) {
  return fmax(grid->radius, grid->edge / 2 + grid->stride * 1.5);
}
