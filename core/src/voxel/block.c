#include "voxel/block.h"

#include <math.h>
#include <string.h>

static const double center_tolerance = 0.01; /* of a stride */

csro_status csro_block_check(csro_context *context, const char *what, const int64_t n[3],
                             const csro_block *block) {
  for (int axis = 0; axis < 3; axis++)
    if (block->lo[axis] < 0 || block->lo[axis] > block->hi[axis] || block->hi[axis] > n[axis])
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "%s %lld .. %lld along %c, but the grid has %lld", what,
                       (long long)block->lo[axis], (long long)block->hi[axis] - 1, "xyz"[axis],
                       (long long)n[axis]);
  return CSRO_OK;
}

int64_t csro_grid_voxel_at(const csro_grid *grid, const double r[3]) {
  int64_t number = 0;
  for (int axis = 2; axis >= 0; axis--) {
    const double place = (r[axis] - grid->origin[axis] - grid->edge / 2) / grid->stride;
    const double whole = round(place);
    if (!(fabs(place - whole) < center_tolerance) || whole < 0 || whole >= (double)grid->n[axis])
      return -1;
    number = number * grid->n[axis] + (int64_t)whole;
  }
  return number;
}

csro_block csro_grid_stored(const csro_grid *grid, const csro_block *owned) {
  csro_block stored = *owned;
  for (int axis = 0; axis < 3; axis++)
    stored.hi[axis] += owned->hi[axis] < grid->n[axis] && csro_block_size(owned) > 0;
  return stored;
}

csro_block csro_grid_owned(const csro_grid *grid, const csro_block *stored) {
  csro_block owned = *stored;
  for (int axis = 0; axis < 3; axis++)
    owned.hi[axis] -= stored->hi[axis] < grid->n[axis] && csro_block_size(stored) > 0;
  return owned;
}

csro_block csro_grid_pixels(const csro_grid *grid, const csro_block *owned) {
  csro_block pixels = *owned;
  for (int axis = 0; axis < 3; axis++)
    if (csro_block_size(owned) > 0 && owned->hi[axis] == grid->n[axis])
      pixels.hi[axis] = grid->pixels[axis];
  return pixels;
}

void csro_block_copy(const csro_block *from, const void *values, const csro_block *to, void *out,
                     size_t size) {
  const csro_block common = csro_block_common(from, to);
  if (csro_block_size(&common) == 0)
    return;
  const int64_t x = common.lo[0];
  const size_t row = (size_t)(common.hi[0] - x) * size;
  for (int64_t z = common.lo[2]; z < common.hi[2]; z++)
    for (int64_t y = common.lo[1]; y < common.hi[1]; y++)
      memcpy((char *)out + (size_t)csro_block_at(to, x, y, z) * size,
             (const char *)values + (size_t)csro_block_at(from, x, y, z) * size, row);
}
