#include "simulate/pattern_ions.h"

#include "simulate/pattern_ball.h"

#include <math.h>

enum { MOST_SITES = 1 << 20 };

/* The largest depth difference that a kept bin can hold. */
static double window(const csro_bins *bins) {
  double width = 2 * bins->half_range / bins->total;
  double lo = bins->first * width - bins->half_range;
  double hi = lo + bins->kept * width;
  return fmin(fmax(fabs(lo), fabs(hi)), bins->half_range);
}

csro_status csro_pattern_class_init(csro_context *context, const csro_recipe *recipe, int class,
                                    csro_pattern_class *out) {
  *out = (csro_pattern_class){.recipe = recipe, .class = &recipe->classes[class]};
  out->structure = &recipe->structures[out->class->structure];
  bool in_data = recipe->geometry.partners == CSRO_PARTNERS_IN_DATA;
  out->height = recipe->geometry.radius + (in_data ? window(&recipe->bins) : 0);
  out->reach = recipe->geometry.radius + (in_data ? recipe->bins.half_range : 0);
  csro_status status = csro_structure_axes(context, out->structure, recipe->pole, out->axes);
  if (status == CSRO_OK)
    status = recipe->geometry.ball ? csro_pattern_ball_sites(context, out)
                                   : csro_structure_crystal(context, out->structure, recipe->pole,
                                                            recipe->geometry.cells, &out->sites);
  if (status == CSRO_OK && out->sites.count > MOST_SITES) {
    status = csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "class %s: %lld sites around a voxel, expected at most 2^20",
                       out->class->name, (long long)out->sites.count);
    csro_sites_release(&out->sites);
  }
  return status;
}

void csro_pattern_class_release(csro_pattern_class *class) {
  if (!class)
    return;
  csro_sites_release(&class->sites);
}

/* Moves a random choice of `count` of n sites to the front. */
static void choose_sites(csro_random *random, int count, int n, int *order) {
  for (int k = 0; k < n; k++)
    order[k] = k;
  for (int k = 0; k < count; k++) {
    int other = k + (int)csro_random_below(random, (uint64_t)(n - k));
    int kept = order[k];
    order[k] = order[other];
    order[other] = kept;
  }
}

static void simulate_crystal(const csro_pattern_class *c, const double *values, csro_random *random,
                             csro_pattern_workspace *room) {
  double sigma_xy = values[CSRO_VALUE_SIGMA_XY], sigma_z = values[CSRO_VALUE_SIGMA_Z];
  int n = (int)c->sites.count, detected = (int)(n * values[CSRO_VALUE_EFFICIENCY]);
  choose_sites(random, detected, n, room->order);
  for (int k = 0; k < detected; k++) {
    const csro_site *site = &c->sites.site[room->order[k]];
    int species = csro_choose_species(random, room->occupancy + site->sublattice * room->species,
                                      room->species);
    if (species < 0)
      continue;
    double x = site->r[0] + sigma_xy * csro_random_normal(random);
    double y = site->r[1] + sigma_xy * csro_random_normal(random);
    double z = site->r[2] + sigma_z * csro_random_normal(random);
    csro_add_ion(&room->own[species], x, y, z);
  }
}

void csro_pattern_simulate(const csro_pattern_class *c, const double values[CSRO_VALUES],
                           csro_random *random, csro_pattern_workspace *room) {
  const csro_recipe *recipe = c->recipe;
  double fraction = values[CSRO_VALUE_COMPOSITION];
  csro_structure_occupancy(c->structure, values[CSRO_VALUE_ORDER], c->class->species, fraction,
                           room->occupancy);
  if (recipe->geometry.domain)
    csro_structure_mixture(&recipe->structures[recipe->classes[0].structure], c->class->species,
                           fraction, room->matrix);
  for (int s = 0; s < room->species; s++)
    room->own[s].count = room->all[s].count = 0;
  if (recipe->geometry.ball)
    csro_pattern_simulate_ball(c, values, random, room);
  else
    simulate_crystal(c, values, random, room);
}
