#include "csro/voxels.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* Sizes that miss a whole number of strides by less than this count as whole. */
static const double rounding = 1e-9;
static const double ratio_tolerance = 1e-6;
static const double most_pixels = 4294967296.0; /* 2^32, a specimen of 10^10 ions */

static csro_status check_numbers(csro_context *context, const double box[6], double edge,
                                 double stride, double radius) {
  for (int axis = 0; axis < 3; axis++) {
    double lo = box[2 * axis], hi = box[2 * axis + 1];
    if (!isfinite(lo) || !isfinite(hi) || fabs(lo) > CSRO_LONGEST || fabs(hi) > CSRO_LONGEST ||
        lo >= hi)
      return csro_fail(
          context, CSRO_ERROR_ARGUMENT,
          "box along %c is %g .. %g nm, expected numbers up to 1e6, the smaller one first",
          "xyz"[axis], lo, hi);
  }
  csro_status status =
      csro_check_number(context, "voxel edge in nm", edge, CSRO_SHORTEST, CSRO_LONGEST);
  if (status == CSRO_OK)
    status = csro_check_number(context, "voxel stride in nm", stride, CSRO_SHORTEST, CSRO_LONGEST);
  if (status == CSRO_OK)
    status = csro_check_number(context, "ball radius in nm", radius, CSRO_SHORTEST, CSRO_LONGEST);
  return status;
}

csro_status csro_grid_init(csro_context *context, const double box[6], double edge, double stride,
                           double radius, csro_grid *grid) {
  memset(grid, 0, sizeof *grid);
  csro_status status = check_numbers(context, box, edge, stride, radius);
  if (status != CSRO_OK)
    return status;
  double ratio = round(edge / stride);
  if (!(fabs(edge / stride - ratio) <= ratio_tolerance) || ratio < 1 || ratio > INT_MAX)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "voxel edge %g nm over stride %g nm is %g, expected a whole number", edge,
                     stride, edge / stride);
  double steps[3], pixels = 1;
  for (int axis = 0; axis < 3; axis++) {
    double size = box[2 * axis + 1] - box[2 * axis];
    steps[axis] = floor((size - edge) / stride + rounding);
    pixels *= steps[axis] + ratio;
    if (steps[axis] < 0)
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "voxel edge %g nm is larger than the box (%g x %g x %g nm)", edge,
                       box[1] - box[0], box[3] - box[2], box[5] - box[4]);
  }
  if (!(pixels <= most_pixels))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "stride %g nm gives %g voxels and pixels, expected at most 2^32", stride,
                     pixels);
  for (int axis = 0; axis < 3; axis++) {
    grid->origin[axis] = box[2 * axis];
    grid->n[axis] = (int64_t)steps[axis] + 1;
    grid->pixels[axis] = grid->n[axis] + (int64_t)ratio - 1;
  }
  grid->edge = edge;
  grid->stride = stride;
  grid->radius = radius;
  grid->ratio = (int)ratio;
  return CSRO_OK;
}

csro_status csro_points_bounds(csro_context *context, const csro_points *points, double bounds[6]) {
  double xlo = INFINITY, ylo = INFINITY, zlo = INFINITY;
  double xhi = -INFINITY, yhi = -INFINITY, zhi = -INFINITY;
  int64_t bad = points->count;
#pragma omp parallel num_threads(context->threads)
#pragma omp for reduction(min : xlo, ylo, zlo, bad) reduction(max : xhi, yhi, zhi)
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    csro_points_get(points, i, r);
    if (!isfinite(r[0]) || !isfinite(r[1]) || !isfinite(r[2])) {
      bad = i < bad ? i : bad;
      continue;
    }
    xlo = r[0] < xlo ? r[0] : xlo, xhi = r[0] > xhi ? r[0] : xhi;
    ylo = r[1] < ylo ? r[1] : ylo, yhi = r[1] > yhi ? r[1] : yhi;
    zlo = r[2] < zlo ? r[2] : zlo, zhi = r[2] > zhi ? r[2] : zhi;
  }
  if (bad < points->count) {
    double r[3];
    csro_points_get(points, bad, r);
    memset(bounds, 0, 6 * sizeof *bounds);
    return csro_fail(context, CSRO_ERROR_DATA,
                     "position of ion %lld is (%g, %g, %g), expected finite numbers",
                     (long long)bad, r[0], r[1], r[2]);
  }
  bounds[0] = xlo, bounds[1] = xhi;
  bounds[2] = ylo, bounds[3] = yhi;
  bounds[4] = zlo, bounds[5] = zhi;
  return CSRO_OK;
}

void csro_box_snap(const double bounds[6], double stride, double box[6]) {
  for (int axis = 0; axis < 3; axis++) {
    /* + 0.0 turns -0 into 0 */
    box[2 * axis] = ceil(bounds[2 * axis] / stride - rounding) * stride + 0.0;
    box[2 * axis + 1] = floor(bounds[2 * axis + 1] / stride + rounding) * stride + 0.0;
  }
}
