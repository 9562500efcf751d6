#include "csro/specimen.h"

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
      .diameter = {0.7, 2.1},
      .magnification = 1,
      .order = 1.0,
      .order_type_count = 1,
      .order_types = {{.kind = CSRO_ORDER_PLANES, .species = 2, .share = 1}},
      .hydrogen = 0.008,
      .background = 0.01,
      .species_count = 3,
      .species = {{"Co", 1, -1, 1}, {"Cr", 1, -1, 1}, {"Ni", 1, -1, 1}},
      .efficiency_ramp = {CSRO_AXIS_NONE, 0.52},
      .background_ramp = {CSRO_AXIS_NONE, 0.01},
      .sparse_pole = {.radius = 2},
      .pile_up = {.distance = 1, .reach = 4, .planes = 1},
      .grain = {.normal = {1, 0, 0}, .misorientation = 10},
      .seed = 1,
  };
}

void csro_specimen_realistic(csro_specimen *specimen) {
  csro_specimen_default(specimen);
  specimen->domain_density = 0.1;
  specimen->sizes = CSRO_SIZES_FALLING;
  specimen->sigma_z = 0.04;
  specimen->tilt = 0.4;
  specimen->tilt_azimuth = 30;
  specimen->curvature_radius = 250;
  specimen->efficiency = 0.56;
  specimen->efficiency_ramp = (csro_ramp){CSRO_AXIS_Z, 0.44};
  specimen->background = 0.02;
  specimen->background_ramp = (csro_ramp){CSRO_AXIS_X, 0.12};
}
