#include "simulate/specimen_detector.h"

#include "simulate/specimen_shape.h"

#include <math.h>

/* Where r lies along the axis: 0 at one end, 1 at the other. */
static double share_along(const csro_specimen *specimen, csro_axis axis, const double r[3]) {
  if (axis == CSRO_AXIS_Z)
    return -r[2] / specimen->height;
  double half[2];
  csro_specimen_half_max(specimen, half);
  int k = axis == CSRO_AXIS_X ? 0 : 1;
  return (r[k] / half[k] + 1) / 2;
}

double csro_ramp_at(const csro_specimen *specimen, const csro_ramp *ramp, double from,
                    const double r[3]) {
  if (ramp->axis == CSRO_AXIS_NONE)
    return from;
  return from + (ramp->to - from) * share_along(specimen, ramp->axis, r);
}

double csro_specimen_efficiency(const csro_specimen *specimen, int species, const double r[3]) {
  double efficiency = csro_ramp_at(specimen, &specimen->efficiency_ramp, specimen->efficiency, r) *
                      specimen->species[species].efficiency;
  const csro_sparse_pole *pole = &specimen->sparse_pole;
  if (pole->loss == 0)
    return efficiency;
  double x = (r[0] - pole->position[0]) / pole->radius;
  double y = (r[1] - pole->position[1]) / pole->radius;
  return efficiency * (1 - pole->loss * exp(-(x * x + y * y)));
}
