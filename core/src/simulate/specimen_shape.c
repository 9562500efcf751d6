#include "simulate/specimen_shape.h"

#include "csro/voxels.h"

#include <math.h>
#include <stdio.h>

void csro_specimen_default(csro_specimen *specimen) {
  *specimen = (csro_specimen){
      .shape = CSRO_SHAPE_FRUSTUM,
      .width = {16.0, 16.0},
      .radius = {6.0, 8.0},
      .height = 40.0,
      .lattice_constant = 0.36,
      .pole = CSRO_POLE_002,
      .sigma_xy = 0.3,
      .sigma_z = 0.03,
      .efficiency = 0.52,
      .domain_density = 0.02,
      .diameter = {1.4, 2.6},
      .order = 1.0,
      .hydrogen = 0.008,
      .background = 0.01,
      .seed = 1,
  };
}

double csro_specimen_volume(const csro_specimen *specimen) {
  if (specimen->shape == CSRO_SHAPE_BOX)
    return specimen->width[0] * specimen->width[1] * specimen->height;
  double top = specimen->radius[0], bottom = specimen->radius[1];
  return acos(-1.0) / 3 * specimen->height * (top * top + top * bottom + bottom * bottom);
}

void csro_specimen_expect(const csro_specimen *specimen, double *sites, double *ions) {
  const double a = specimen->lattice_constant, density = 4 / (a * a * a);
  double half[2];
  csro_specimen_half_max(specimen, half);
  *sites = density * 4 * half[0] * half[1] * specimen->height;
  *ions = density * csro_specimen_volume(specimen) * specimen->efficiency *
          (1 + specimen->hydrogen + specimen->background);
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
  csro_specimen_half(specimen, r[2], half);
  if (specimen->shape == CSRO_SHAPE_BOX)
    return r[0] >= -half[0] && r[0] < half[0] && r[1] >= -half[1] && r[1] < half[1];
  return r[0] * r[0] + r[1] * r[1] <= half[0] * half[0];
}

static csro_status check_number(csro_context *context, const char *name, double value, double lo,
                                double hi) {
  char text[64];
  snprintf(text, sizeof text, "%s of the specimen", name);
  return csro_check_number(context, text, value, lo, hi);
}

static csro_status check_size(csro_context *context, const char *name, double value) {
  return check_number(context, name, value, CSRO_SHORTEST, CSRO_LONGEST);
}

csro_status csro_specimen_check(csro_context *context, const csro_specimen *s) {
  enum { LARGEST_SIGMA = 100, LARGEST_RATIO = 100, LARGEST_DENSITY = 1000 };
  bool box = s->shape == CSRO_SHAPE_BOX;
  if (!box && s->shape != CSRO_SHAPE_FRUSTUM)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "unknown shape %d of the specimen", s->shape);
  if (s->pole != CSRO_POLE_002 && s->pole != CSRO_POLE_111)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "unknown pole %d of the specimen", s->pole);
  csro_status status;
  if ((status = check_size(context, "height", s->height)) != CSRO_OK ||
      (status = check_size(context, box ? "width in x" : "radius at the top",
                           box ? s->width[0] : s->radius[0])) != CSRO_OK ||
      (status = check_size(context, box ? "width in y" : "radius at the bottom",
                           box ? s->width[1] : s->radius[1])) != CSRO_OK ||
      (status = check_size(context, "lattice constant", s->lattice_constant)) != CSRO_OK ||
      (status = check_number(context, "sigma_xy", s->sigma_xy, 0, LARGEST_SIGMA)) != CSRO_OK ||
      (status = check_number(context, "sigma_z", s->sigma_z, 0, LARGEST_SIGMA)) != CSRO_OK ||
      (status = check_number(context, "efficiency", s->efficiency, 0, 1)) != CSRO_OK ||
      (status = check_number(context, "order", s->order, 0, 1)) != CSRO_OK ||
      (status = check_number(context, "hydrogen", s->hydrogen, 0, LARGEST_RATIO)) != CSRO_OK ||
      (status = check_number(context, "background", s->background, 0, LARGEST_RATIO)) != CSRO_OK ||
      (status = check_number(context, "domain density", s->domain_density, 0, LARGEST_DENSITY)) !=
          CSRO_OK)
    return status;
  if (s->domain_density == 0)
    return CSRO_OK;
  if ((status = check_size(context, "smallest domain diameter", s->diameter[0])) != CSRO_OK)
    return status;
  if (!(s->diameter[1] >= s->diameter[0] && isfinite(s->diameter[1])))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "largest domain diameter of the specimen is %g nm, expected at least the "
                     "smallest of %g nm",
                     s->diameter[1], s->diameter[0]);
  double domains = s->domain_density * csro_specimen_volume(s);
  if (!(domains < INT32_MAX))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the specimen has %.3g ordered domains, more than the largest number of %d",
                     domains, INT32_MAX);
  return CSRO_OK;
}
