#include "simulate/specimen_check.h"

#include "csro/recipe.h"
#include "csro/voxels.h"
#include "simulate/specimen_masses.h"
#include "simulate/specimen_shape.h"

#include <math.h>
#include <stdio.h>

enum { LARGEST_SIGMA = 100, LARGEST_RATIO = 100, LARGEST_DENSITY = 1000 };
static const double most_share = 1e6;

typedef struct limit {
  const char *name;
  double value, lo, hi;
} limit;

static csro_status check_limits(csro_context *context, const limit *limits, size_t count) {
  for (size_t k = 0; k < count; k++) {
    char text[64];
    snprintf(text, sizeof text, "%s of the specimen", limits[k].name);
    csro_status status =
        csro_check_number(context, text, limits[k].value, limits[k].lo, limits[k].hi);
    if (status != CSRO_OK)
      return status;
  }
  return CSRO_OK;
}

#define CHECK_LIMITS(context, limits)                                                              \
  check_limits(context, limits, sizeof(limits) / sizeof *(limits))

static csro_status check_axis(csro_context *context, const char *name, csro_axis axis) {
  if (axis >= CSRO_AXIS_NONE && axis <= CSRO_AXIS_Z)
    return CSRO_OK;
  return csro_fail(context, CSRO_ERROR_ARGUMENT, "unknown axis %d of the %s of the specimen", axis,
                   name);
}

static csro_status check_shape(csro_context *context, const csro_specimen *s) {
  bool box = s->shape == CSRO_SHAPE_BOX;
  if (!box && s->shape != CSRO_SHAPE_FRUSTUM)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "unknown shape %d of the specimen", s->shape);
  if (s->pole != CSRO_POLE_002 && s->pole != CSRO_POLE_111)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "unknown pole %d of the specimen", s->pole);
  const limit limits[] = {
      {"height", s->height, CSRO_SHORTEST, CSRO_LONGEST},
      {box ? "width in x" : "radius at the top", box ? s->width[0] : s->radius[0], CSRO_SHORTEST,
       CSRO_LONGEST},
      {box ? "width in y" : "radius at the bottom", box ? s->width[1] : s->radius[1], CSRO_SHORTEST,
       CSRO_LONGEST},
      {"lattice constant", s->lattice_constant, CSRO_SHORTEST, CSRO_LONGEST},
  };
  return CHECK_LIMITS(context, limits);
}

static csro_status check_distortions(csro_context *context, const csro_specimen *s) {
  const limit limits[] = {
      {"tilt", s->tilt, 0, 45},
      {"azimuth of the tilt", s->tilt_azimuth, -360, 360},
      {"spacing drift", s->spacing_drift, -50, 50},
  };
  csro_status status = CHECK_LIMITS(context, limits);
  if (status != CSRO_OK)
    return status;
  double half[2];
  csro_specimen_half_max(s, half);
  double widest = fmax(half[0], half[1]), radius = fabs(s->curvature_radius);
  if (radius == 0 || (radius >= widest && radius < INFINITY))
    return CSRO_OK;
  return csro_fail(context, CSRO_ERROR_ARGUMENT,
                   "radius of curvature of the specimen is %g nm, expected 0 (flat) or at least "
                   "its largest radius of %g nm",
                   s->curvature_radius, widest);
}

static csro_status check_grain(csro_context *context, const csro_second_grain *grain) {
  if (!grain->present)
    return CSRO_OK;
  const double *n = grain->normal, length = n[0] * n[0] + n[1] * n[1] + n[2] * n[2];
  const limit limits[] = {
      {"length of the normal of the grain boundary", sqrt(length), CSRO_SHORTEST, CSRO_LONGEST},
      {"distance of the grain boundary", grain->distance, -CSRO_LONGEST, CSRO_LONGEST},
      {"misorientation of the second grain", grain->misorientation, 0, 90},
      {"azimuth of the second grain", grain->azimuth, -360, 360},
  };
  return CHECK_LIMITS(context, limits);
}

static csro_status check_species(csro_context *context, const csro_specimen *s) {
  if (s->species_count < 1 || s->species_count > CSRO_SPECIMEN_SPECIES)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d species of the specimen, expected 1 to %d",
                     s->species_count, CSRO_SPECIMEN_SPECIES);
  double sum = 0;
  for (int k = 0; k < s->species_count; k++) {
    const csro_specimen_species *species = &s->species[k];
    csro_status status = csro_check_element(context, species->symbol);
    if (status != CSRO_OK)
      return status;
    const limit limits[] = {
        {"share of a species", species->share, 0, most_share},
        {"sigma_z of a species", fmax(species->sigma_z, 0), 0, LARGEST_SIGMA},
        {"efficiency of a species", species->efficiency, 0, 1},
    };
    status = CHECK_LIMITS(context, limits);
    if (status != CSRO_OK)
      return status;
    if (isnan(species->sigma_z))
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "sigma_z of species %s is not a number",
                       species->symbol);
    sum += species->share;
  }
  if (!(sum > 0))
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "no species of the specimen has a share");
  return CSRO_OK;
}

static csro_status check_gradient(csro_context *context, const csro_specimen *s) {
  const csro_composition_gradient *g = &s->gradient;
  csro_status status = check_axis(context, "gradient of composition", g->axis);
  if (status != CSRO_OK || g->axis == CSRO_AXIS_NONE)
    return status;
  if (g->species < 0 || g->species >= s->species_count)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the gradient of composition is that of species %d, expected 0 to %d",
                     g->species, s->species_count - 1);
  double rest = 0;
  for (int k = 0; k < s->species_count; k++)
    rest += k == g->species ? 0 : s->species[k].share;
  if (!(rest > 0))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "a gradient of composition requires a second species with a share");
  const limit limits[] = {
      {"fraction at the beginning of the gradient", g->from, 0, 1},
      {"fraction at the end of the gradient", g->to, 0, 1},
  };
  return CHECK_LIMITS(context, limits);
}

static csro_status check_detector(csro_context *context, const csro_specimen *s) {
  bool sparse = s->sparse_pole.loss != 0;
  const limit limits[] = {
      {"sigma_xy", s->sigma_xy, 0, LARGEST_SIGMA},
      {"sigma_z", s->sigma_z, 0, LARGEST_SIGMA},
      {"efficiency", s->efficiency, 0, 1},
      {"hydrogen", s->hydrogen, 0, LARGEST_RATIO},
      {"background", s->background, 0, LARGEST_RATIO},
      {"efficiency at the end of its ramp", s->efficiency_ramp.axis ? s->efficiency_ramp.to : 0, 0,
       1},
      {"background at the end of its ramp", s->background_ramp.axis ? s->background_ramp.to : 0, 0,
       LARGEST_RATIO},
      {"probability of pile-up", s->pile_up.probability, 0, 1},
      {"distance of pile-up", s->pile_up.distance, 0, CSRO_LONGEST},
      {"reach of pile-up", s->pile_up.reach, 1, CSRO_PILE_UP_REACH},
      {"number of planes of pile-up", s->pile_up.planes, 1, CSRO_PILE_UP_PLANES},
      {"loss of the low-density pole", s->sparse_pole.loss, 0, 1},
      {"x of the low-density pole", s->sparse_pole.position[0], -CSRO_LONGEST, CSRO_LONGEST},
      {"y of the low-density pole", s->sparse_pole.position[1], -CSRO_LONGEST, CSRO_LONGEST},
      {"radius of the low-density pole", sparse ? s->sparse_pole.radius : 1, CSRO_SHORTEST,
       CSRO_LONGEST},
  };
  csro_status status = CHECK_LIMITS(context, limits);
  if (status == CSRO_OK)
    status = check_axis(context, "efficiency", s->efficiency_ramp.axis);
  if (status == CSRO_OK)
    status = check_axis(context, "background", s->background_ramp.axis);
  return status;
}

static csro_status check_order_type(csro_context *context, const csro_specimen *s,
                                    const csro_order_type *type) {
  if (s->recipe && type->kind == CSRO_ORDER_STRUCTURE) {
    if (type->structure >= 0 && type->structure < s->recipe->structure_count)
      return CSRO_OK;
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the order is that of structure %d of the recipe, expected 0 to %d",
                     type->structure, s->recipe->structure_count - 1);
  }
  if (s->recipe || (type->kind != CSRO_ORDER_PLANES && type->kind != CSRO_ORDER_SUBLATTICE))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "order of kind %d of a specimen %s a recipe, expected %s", type->kind,
                     s->recipe ? "with" : "without",
                     s->recipe ? "that of a structure" : "that of a rich species");
  if (type->species >= 0 && type->species < s->species_count)
    return CSRO_OK;
  return csro_fail(context, CSRO_ERROR_ARGUMENT,
                   "the rich species of the order is %d, expected 0 to %d", type->species,
                   s->species_count - 1);
}

static csro_status check_order_types(csro_context *context, const csro_specimen *s) {
  if (s->order_type_count < 1 || s->order_type_count > CSRO_ORDER_TYPES)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "%d types of order of the specimen, expected 1 to %d", s->order_type_count,
                     CSRO_ORDER_TYPES);
  double sum = 0;
  for (int k = 0; k < s->order_type_count; k++) {
    const csro_order_type *type = &s->order_types[k];
    csro_status status = check_order_type(context, s, type);
    if (status != CSRO_OK)
      return status;
    const limit limits[] = {{"share of a type of order", type->share, 0, most_share}};
    status = CHECK_LIMITS(context, limits);
    if (status != CSRO_OK)
      return status;
    sum += type->share;
  }
  if (!(sum > 0))
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "no type of order of the specimen has a share");
  return CSRO_OK;
}

static csro_status check_domains(csro_context *context, const csro_specimen *s) {
  if (s->sizes != CSRO_SIZES_UNIFORM && s->sizes != CSRO_SIZES_FALLING)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "unknown sizes %d of the specimen's domains",
                     s->sizes);
  const limit limits[] = {
      {"order", s->order, 0, 1},
      {"flattening of the domains", s->flattening, 0, 0.95},
      {"magnification of the domains", s->magnification, 0.1, 10},
      {"domain density", s->domain_density, 0, LARGEST_DENSITY},
      {"smallest domain diameter", s->domain_density > 0 ? s->diameter[0] : 1, CSRO_SHORTEST,
       CSRO_LONGEST},
  };
  csro_status status = CHECK_LIMITS(context, limits);
  if (status == CSRO_OK)
    status = check_order_types(context, s);
  if (status != CSRO_OK || s->domain_density == 0)
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

csro_status csro_specimen_check(csro_context *context, const csro_specimen *s) {
  csro_status status = check_shape(context, s);
  if (status == CSRO_OK)
    status = check_distortions(context, s);
  if (status == CSRO_OK)
    status = check_grain(context, &s->grain);
  if (status == CSRO_OK)
    status = check_species(context, s);
  if (status == CSRO_OK)
    status = check_gradient(context, s);
  if (status == CSRO_OK)
    status = check_detector(context, s);
  if (status == CSRO_OK)
    status = check_domains(context, s);
  return status;
}
