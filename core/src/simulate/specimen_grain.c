#include "simulate/specimen_grain.h"

#include "simulate/specimen_shape.h"

#include <math.h>

static const double second_shift = -0.5; /* planes, along z */

csro_status csro_grains_init(csro_context *context, const csro_specimen *specimen,
                             csro_grains *grains) {
  *grains = (csro_grains){.specimen = specimen, .count = specimen->grain.present ? 2 : 1};
  double widest[2], half[2] = {0, 0}, z[2] = {INFINITY, -INFINITY};
  csro_specimen_half_max(specimen, widest);
  const double lo[3] = {-widest[0], -widest[1], -specimen->height};
  const double hi[3] = {widest[0], widest[1], 0};
  csro_status status = csro_crystal_init(context, specimen, &grains->crystal);
  for (int g = 0; g < grains->count && status == CSRO_OK; g++) {
    csro_distortion *distortion = &grains->distortion[g];
    csro_distortion_init(specimen, g, distortion);
    if (g == 1)
      distortion->shift = second_shift * grains->crystal.plane_spacing;
    double from[3], to[3];
    csro_distort_bounds(distortion, lo, hi, from, to);
    for (int axis = 0; axis < 2; axis++)
      half[axis] = fmax(half[axis], fmax(-from[axis], to[axis]));
    z[0] = fmin(z[0], from[2]);
    z[1] = fmax(z[1], to[2]);
  }
  if (status == CSRO_OK)
    status = csro_crystal_enclose(context, half, z, &grains->crystal);
  if (status != CSRO_OK)
    csro_grains_release(grains);
  return status;
}

void csro_grains_release(csro_grains *grains) {
  if (grains)
    csro_crystal_release(&grains->crystal);
}

int csro_grain_at(const csro_grains *grains, const double r[3]) {
  if (grains->count == 1)
    return 0;
  const csro_second_grain *second = &grains->specimen->grain;
  const double *n = second->normal, middle = -grains->specimen->height / 2;
  double length = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
  return r[0] * n[0] + r[1] * n[1] + (r[2] - middle) * n[2] > second->distance * length;
}

bool csro_grain_site(const csro_grains *grains, int grain, int64_t plane, int64_t row,
                     int64_t column, double r[3]) {
  double lattice[3];
  csro_crystal_position(&grains->crystal, plane, row, column, lattice);
  csro_distort(&grains->distortion[grain], lattice, r);
  return csro_specimen_inside(grains->specimen, r) && csro_grain_at(grains, r) == grain;
}

csro_site_block csro_grain_block(const csro_grains *grains, int grain, const double lo[3],
                                 const double hi[3]) {
  double from[3], to[3];
  csro_distort_bounds(&grains->distortion[grain], lo, hi, from, to);
  return csro_crystal_block(&grains->crystal, from, to);
}
