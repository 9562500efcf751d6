#include "simulate/specimen_shape.h"

#include <math.h>

double csro_specimen_volume(const csro_specimen *specimen) {
  if (specimen->shape == CSRO_SHAPE_BOX)
    return specimen->width[0] * specimen->width[1] * specimen->height;
  double top = specimen->radius[0], bottom = specimen->radius[1];
  return acos(-1.0) / 3 * specimen->height * (top * top + top * bottom + bottom * bottom);
}

void csro_specimen_half(const csro_specimen *specimen, double z, double half[2]) {
  if (specimen->shape == CSRO_SHAPE_BOX) {
    half[0] = specimen->width[0] / 2;
    half[1] = specimen->width[1] / 2;
    return;
  }
  double depth = -z / specimen->height;
  half[0] = specimen->radius[0] + (specimen->radius[1] - specimen->radius[0]) * depth;
  half[1] = half[0];
}

void csro_specimen_half_max(const csro_specimen *specimen, double half[2]) {
  bool wide_top = specimen->radius[0] > specimen->radius[1];
  csro_specimen_half(specimen, wide_top ? 0.0 : -specimen->height, half);
}

bool csro_specimen_inside(const csro_specimen *specimen, const double r[3]) {
  double half[2];
  if (r[2] > 0 || r[2] < -specimen->height)
    return false;
  csro_specimen_half(specimen, r[2], half);
  if (specimen->shape == CSRO_SHAPE_BOX)
    return r[0] >= -half[0] && r[0] < half[0] && r[1] >= -half[1] && r[1] < half[1];
  return r[0] * r[0] + r[1] * r[1] <= half[0] * half[0];
}
