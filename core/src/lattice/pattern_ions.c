#include "lattice/pattern_ions.h"

#include "voxel/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SITES = 1 << 20 };
static const double noise_reach = 3; /* standard deviations */

/* The largest depth difference that a kept bin can hold. */
static double window(const csro_bins *bins) {
  double width = 2 * bins->half_range / bins->total;
  double lo = bins->first * width - bins->half_range;
  double hi = lo + bins->kept * width;
  return fmin(fmax(fabs(lo), fabs(hi)), bins->half_range);
}

/* The sites that can send an ion into a voxel which lies anywhere in the repeated cell around 0. */
static csro_status find_sites(csro_context *context, csro_pattern_class *c) {
  const csro_recipe *recipe = c->recipe;
  const csro_recipe_geometry *geometry = &recipe->geometry;
  const csro_structure *s = c->structure;
  if (!geometry->ball)
    return csro_structure_crystal(context, s, recipe->pole, geometry->cells, &c->sites);
  double half = 0;
  for (int axis = 0; axis < 3; axis++)
    half += s->cells[axis] * s->constant[axis] * s->cells[axis] * s->constant[axis];
  half = sqrt(half) / 2;
  double across = c->reach + noise_reach * c->class->values[CSRO_VALUE_SIGMA_XY].to + half;
  double along = c->height + noise_reach * c->class->values[CSRO_VALUE_SIGMA_Z].to + half;
  const double lo[3] = {-across, -across, -along}, hi[3] = {across, across, along};
  return csro_structure_box(context, s, recipe->pole, lo, hi, &c->sites);
}

csro_status csro_pattern_class_make(csro_context *context, const csro_recipe *recipe, int class,
                                    csro_pattern_class *out) {
  *out = (csro_pattern_class){.recipe = recipe, .class = &recipe->classes[class]};
  out->structure = &recipe->structures[out->class->structure];
  bool in_data = recipe->geometry.partners == CSRO_PARTNERS_IN_DATA;
  out->height = recipe->geometry.radius + (in_data ? window(&recipe->bins) : 0);
  out->reach = recipe->geometry.radius + (in_data ? recipe->bins.half_range : 0);
  csro_status status = csro_structure_axes(context, out->structure, recipe->pole, out->axes);
  if (status == CSRO_OK)
    status = find_sites(context, out);
  if (status == CSRO_OK && out->sites.count > MOST_SITES) {
    status = csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "class %s: %lld sites around a voxel, expected at most 2^20",
                       out->class->name, (long long)out->sites.count);
    csro_sites_free(&out->sites);
  }
  return status;
}

void csro_pattern_class_free(csro_pattern_class *class) {
  csro_sites_free(&class->sites);
}

csro_status csro_pattern_room_make(csro_context *context, int species, int64_t sites,
                                   int sublattices, csro_pattern_room *room) {
  int64_t length = sites + CSRO_CELLS_PADDING, values = 6 * length * species;
  *room = (csro_pattern_room){.species = species};
  room->own = csro_allocate(context, species, sizeof *room->own);
  room->all = csro_allocate(context, species, sizeof *room->all);
  room->occupancy = csro_allocate(context, (int64_t)sublattices * species, sizeof *room->occupancy);
  room->matrix = csro_allocate(context, species, sizeof *room->matrix);
  room->order = csro_allocate(context, sites, sizeof *room->order);
  room->memory = csro_allocate(context, values, sizeof *room->memory);
  if (!room->own || !room->all || !room->occupancy || !room->matrix || !room->order ||
      !room->memory) {
    csro_pattern_room_free(room);
    return CSRO_ERROR_MEMORY;
  }
  for (int64_t k = 0; k < values; k++)
    room->memory[k] = 0;
  for (int s = 0; s < species; s++) {
    double *p = room->memory + 6 * length * s;
    room->own[s] = (csro_pattern_ions){0, p, p + length, p + 2 * length};
    room->all[s] = (csro_pattern_ions){0, p + 3 * length, p + 4 * length, p + 5 * length};
  }
  return CSRO_OK;
}

void csro_pattern_room_free(csro_pattern_room *room) {
  free(room->own);
  free(room->all);
  free(room->occupancy);
  free(room->matrix);
  free(room->order);
  free(room->memory);
  *room = (csro_pattern_room){0};
}

/* The species of a site, -1: one that nobody asks for. Only a choice costs a random number. */
static int choose_species(csro_random *random, const double *occupancy, int species) {
  double sum = 0;
  for (int s = 0; s < species; s++) {
    if (occupancy[s] >= 1)
      return s;
    sum += occupancy[s];
  }
  if (sum == 0)
    return -1;
  double left = csro_random_uniform(random);
  for (int s = 0; s < species; s++) {
    left -= occupancy[s];
    if (left < 0)
      return s;
  }
  return -1;
}

static void add_ion(csro_pattern_ions *ions, double x, double y, double z) {
  ions->x[ions->count] = x;
  ions->y[ions->count] = y;
  ions->z[ions->count++] = z;
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
                             csro_pattern_room *room) {
  double sigma_xy = values[CSRO_VALUE_SIGMA_XY], sigma_z = values[CSRO_VALUE_SIGMA_Z];
  int n = (int)c->sites.count, detected = (int)(n * values[CSRO_VALUE_EFFICIENCY]);
  choose_sites(random, detected, n, room->order);
  for (int k = 0; k < detected; k++) {
    const csro_site *site = &c->sites.site[room->order[k]];
    int species =
        choose_species(random, room->occupancy + site->sublattice * room->species, room->species);
    if (species < 0)
      continue;
    double x = site->r[0] + sigma_xy * csro_random_normal(random);
    double y = site->r[1] + sigma_xy * csro_random_normal(random);
    double z = site->r[2] + sigma_z * csro_random_normal(random);
    add_ion(&room->own[species], x, y, z);
  }
}

/* A point of the repeated cell around 0, in the frame of the specimen: where the voxel lies. */
static void choose_center(const csro_pattern_class *c, csro_random *random, double center[3]) {
  const csro_structure *s = c->structure;
  double u[3];
  for (int axis = 0; axis < 3; axis++)
    u[axis] = (csro_random_uniform(random) - 0.5) * s->cells[axis] * s->constant[axis];
  for (int k = 0; k < 3; k++)
    center[k] = c->axes[k][0] * u[0] + c->axes[k][1] * u[1] + c->axes[k][2] * u[2];
}

/* A point in a ball around 0. */
static void choose_offset(csro_random *random, double radius, double out[3]) {
  double r2;
  do {
    for (int k = 0; k < 3; k++)
      out[k] = 2 * csro_random_uniform(random) - 1;
    r2 = out[0] * out[0] + out[1] * out[1] + out[2] * out[2];
  } while (r2 > 1);
  for (int k = 0; k < 3; k++)
    out[k] *= radius;
}

typedef struct domain {
  bool limited;
  double center[3], radius2;
} domain;

static bool is_inside(const domain *d, const double p[3]) {
  double x = p[0] - d->center[0], y = p[1] - d->center[1], z = p[2] - d->center[2];
  return !d->limited || x * x + y * y + z * z <= d->radius2;
}

static domain choose_domain(const csro_pattern_class *c, const double *values,
                            csro_random *random) {
  domain d = {.limited = c->recipe->geometry.domain && c->class != c->recipe->classes};
  if (!d.limited)
    return d;
  choose_offset(random, c->recipe->geometry.offset, d.center);
  d.radius2 = values[CSRO_VALUE_DIAMETER] * values[CSRO_VALUE_DIAMETER] / 4;
  return d;
}

/* The ion of a site at p, seen from the voxel's centre. */
static void simulate_ion(const csro_pattern_class *c, const double *values, const double p[3],
                         const double *occupancy, csro_random *random, csro_pattern_room *room) {
  if (csro_random_uniform(random) >= values[CSRO_VALUE_EFFICIENCY])
    return;
  int species = choose_species(random, occupancy, room->species);
  if (species < 0)
    return;
  double x = p[0] + values[CSRO_VALUE_SIGMA_XY] * csro_random_normal(random);
  double y = p[1] + values[CSRO_VALUE_SIGMA_XY] * csro_random_normal(random);
  double z = p[2] + values[CSRO_VALUE_SIGMA_Z] * csro_random_normal(random);
  const csro_recipe_geometry *geometry = &c->recipe->geometry;
  if (x * x + y * y + z * z <= geometry->radius * geometry->radius)
    add_ion(&room->own[species], x, y, z);
  if (geometry->partners == CSRO_PARTNERS_IN_DATA)
    add_ion(&room->all[species], x, y, z);
}

static void simulate_ball(const csro_pattern_class *c, const double *values, csro_random *random,
                          csro_pattern_room *room) {
  double center[3];
  choose_center(c, random, center);
  domain ordered = choose_domain(c, values, random);
  double across = c->reach + noise_reach * values[CSRO_VALUE_SIGMA_XY];
  double along = c->height + noise_reach * values[CSRO_VALUE_SIGMA_Z];
  for (int64_t i = 0; i < c->sites.count; i++) {
    const csro_site *site = &c->sites.site[i];
    double p[3] = {site->r[0] - center[0], site->r[1] - center[1], site->r[2] - center[2]};
    if (fabs(p[2]) > along || p[0] * p[0] + p[1] * p[1] > across * across)
      continue;
    const double *occupancy =
        is_inside(&ordered, p) ? room->occupancy + site->sublattice * room->species : room->matrix;
    simulate_ion(c, values, p, occupancy, random, room);
  }
}

void csro_pattern_simulate(const csro_pattern_class *c, const double values[CSRO_VALUES],
                           csro_random *random, csro_pattern_room *room) {
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
    simulate_ball(c, values, random, room);
  else
    simulate_crystal(c, values, random, room);
}
