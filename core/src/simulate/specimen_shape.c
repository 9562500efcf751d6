#include "simulate/specimen_shape.h"

#include "csro/recipe.h"

#include <math.h>

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
      .magnification = 1,
      .order = 1.0,
      .order_type_count = 1,
      .order_types = {{.kind = CSRO_ORDER_PLANES, .species = 2, .share = 1}},
      .hydrogen = 0.008,
      .background = 0.01,
      .species_count = 3,
      .species = {{"Co", 1, -1, 1}, {"Cr", 1, -1, 1}, {"Ni", 1, -1, 1}},
      .pile_up = {.distance = 1, .reach = 4},
      .grain = {.normal = {1, 0, 0}, .misorientation = 10},
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
  const double a = specimen->lattice_constant;
  double density = 4 / (a * a * a);
  if (specimen->recipe) {
    const csro_structure *s = &specimen->recipe->structures[specimen->recipe->classes[0].structure];
    density = s->site_count;
    for (int k = 0; k < 3; k++)
      density /= s->cells[k] * s->constant[k];
  }
  double half[2];
  csro_specimen_half_max(specimen, half);
  *sites = density * 4 * half[0] * half[1] * specimen->height;
  double efficiency = specimen->efficiency, background = specimen->background;
  if (specimen->efficiency_ramp.axis != CSRO_AXIS_NONE)
    efficiency = fmax(efficiency, specimen->efficiency_ramp.to);
  if (specimen->background_ramp.axis != CSRO_AXIS_NONE)
    background = fmax(background, specimen->background_ramp.to);
  *ions =
      density * csro_specimen_volume(specimen) * efficiency * (1 + specimen->hydrogen + background);
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
