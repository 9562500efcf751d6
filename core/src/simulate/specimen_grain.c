#include "simulate/specimen_grain.h"

#include "simulate/specimen_shape.h"

#include "csro/configuration.h"
#include "csro/recipe.h"

#include <math.h>

static const double second_shift = -0.5; /* planes, along z */

/* The same block for all grains: half its size in x and y, and its range of z in the perfect
 * lattice.
 */
static void enclose(const csro_grains *grains, double half[2], double z[2]) {
  double widest[2];
  csro_specimen_half_max(grains->specimen, widest);
  const double lo[3] = {-widest[0], -widest[1], -grains->specimen->height};
  const double hi[3] = {widest[0], widest[1], 0};
  half[0] = half[1] = 0;
  z[0] = INFINITY;
  z[1] = -INFINITY;
  for (int g = 0; g < grains->count; g++) {
    double from[3], to[3];
    csro_distort_bounds(&grains->distortion[g], lo, hi, from, to);
    for (int axis = 0; axis < 2; axis++)
      half[axis] = fmax(half[axis], fmax(-from[axis], to[axis]));
    z[0] = fmin(z[0], from[2]);
    z[1] = fmax(z[1], to[2]);
  }
}

static void start_grains(const csro_specimen *specimen, csro_grains *grains) {
  *grains = (csro_grains){.specimen = specimen, .count = specimen->grain.present ? 2 : 1};
  for (int g = 0; g < grains->count; g++)
    csro_distortion_init(specimen, g, &grains->distortion[g]);
}

csro_status csro_grains_init(csro_context *context, const csro_specimen *specimen,
                             csro_grains *grains) {
  double half[2], z[2];
  start_grains(specimen, grains);
  csro_status status = csro_crystal_init(context, specimen, &grains->crystal);
  if (status == CSRO_OK) {
    grains->distortion[1].shift = second_shift * grains->crystal.plane_spacing;
    enclose(grains, half, z);
    status = csro_crystal_enclose(context, half, z, &grains->crystal);
  }
  if (status != CSRO_OK)
    csro_grains_release(grains);
  return status;
}

/* Sites per nm^3. */
static double site_density(const csro_specimen *specimen) {
  double density = 4 / pow(specimen->lattice_constant, 3);
  const csro_recipe *recipe = specimen->recipe;
  if (recipe || specimen->configuration) {
    const csro_structure *s = specimen->configuration
                                  ? &specimen->configuration->structure
                                  : &recipe->structures[recipe->classes[0].structure];
    density = s->site_count;
    for (int k = 0; k < 3; k++)
      density /= s->cells[k] * s->constant[k];
  }
  return density;
}

void csro_specimen_expect(const csro_specimen *specimen, double *sites, double *ions) {
  csro_grains grains;
  double half[2], z[2], efficiency = specimen->efficiency, background = specimen->background;
  start_grains(specimen, &grains);
  enclose(&grains, half, z);
  *sites = grains.count * site_density(specimen) * 4 * half[0] * half[1] * (z[1] - z[0]);
  if (specimen->efficiency_ramp.axis != CSRO_AXIS_NONE)
    efficiency = fmax(efficiency, specimen->efficiency_ramp.to);
  if (specimen->background_ramp.axis != CSRO_AXIS_NONE)
    background = fmax(background, specimen->background_ramp.to);
  *ions = site_density(specimen) * csro_specimen_volume(specimen) * efficiency *
          (1 + specimen->hydrogen + background);
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
