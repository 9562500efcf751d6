#include "simulate/pattern_ball.h"

#include "base/random_normals.h"

#include <math.h>
#include <stdlib.h>

static const double noise_reach = 3; /* standard deviations */

/* Half the diagonal of the repeated cell: how far a voxel lies from 0. */
static double half_diagonal(const csro_structure *s) {
  double sum = 0;
  for (int axis = 0; axis < 3; axis++)
    sum += s->cells[axis] * s->constant[axis] * s->cells[axis] * s->constant[axis];
  return sqrt(sum) / 2;
}

static double radius2(const double p[3]) {
  return p[0] * p[0] + p[1] * p[1];
}

/* Where distances are equal the coordinates decide: one order on every machine. */
static int compare(const void *a, const void *b) {
  const csro_site *p = a, *q = b;
  double x = radius2(p->r), y = radius2(q->r);
  for (int axis = 0; axis < 3 && x == y; axis++)
    x = p->r[axis], y = q->r[axis];
  return (x > y) - (x < y);
}

csro_status csro_pattern_ball_sites(csro_context *context, csro_pattern_class *c) {
  double half = half_diagonal(c->structure);
  double across = c->reach + noise_reach * c->class->values[CSRO_VALUE_SIGMA_XY].to + half;
  double along = c->height + noise_reach * c->class->values[CSRO_VALUE_SIGMA_Z].to + half;
  const double lo[3] = {-across, -across, -along}, hi[3] = {across, across, along};
  csro_status status =
      csro_structure_box(context, c->structure, c->recipe->pole, lo, hi, &c->sites);
  if (status == CSRO_OK)
    qsort(c->sites.site, (size_t)c->sites.count, sizeof *c->sites.site, compare);
  return status;
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

/* The sites within the circle whose atoms are detected, into room->order; returns their number. */
static int64_t detect(const csro_pattern_class *c, double across, double efficiency,
                      csro_random *random, csro_pattern_workspace *room) {
  const csro_site *site = c->sites.site;
  int64_t end = c->sites.count, begin = 0, detected = 0;
  while (begin < end) { /* the first site beyond the circle */
    int64_t middle = begin + (end - begin) / 2;
    if (radius2(site[middle].r) <= across * across)
      begin = middle + 1;
    else
      end = middle;
  }
  const uint64_t below = (uint64_t)(efficiency * 0x1p32);
  csro_random_fill(random, end, room->bits);
  for (int64_t i = 0; i < end; i++) {
    room->order[detected] = (int)i;
    detected += room->bits[i] < below;
  }
  return detected;
}

/* Of those, the ones within the cylinder around the voxel that can send an ion. */
static int64_t select_near(const csro_pattern_class *c, const double center[3], double across,
                           double along, int64_t n, int *order) {
  int64_t kept = 0;
  for (int64_t k = 0; k < n; k++) {
    const double *r = c->sites.site[order[k]].r;
    double x = r[0] - center[0], y = r[1] - center[1], z = r[2] - center[2];
    order[kept] = order[k];
    kept += (x * x + y * y <= across * across) & (fabs(z) <= along);
  }
  return kept;
}

/* Of those, the ones whose ions the noise puts within reach; their noise moves along. */
static int64_t select_reaching(const csro_pattern_class *c, const double center[3], double sigma,
                               int64_t n, int *order, float *noise_x, float *noise_y) {
  int64_t kept = 0;
  for (int64_t k = 0; k < n; k++) {
    const double *r = c->sites.site[order[k]].r;
    float a = noise_x[k], b = noise_y[k];
    double x = r[0] - center[0] + sigma * (double)a, y = r[1] - center[1] + sigma * (double)b;
    order[kept] = order[k];
    noise_x[kept] = a;
    noise_y[kept] = b;
    kept += x * x + y * y <= c->reach * c->reach;
  }
  return kept;
}

/* The ion of a detected site at p, displaced to r; both seen from the voxel's centre. */
static void add_ion(const csro_pattern_class *c, const domain *ordered, int sublattice,
                    const double p[3], const double r[3], csro_random *random,
                    csro_pattern_workspace *room) {
  const csro_recipe_geometry *geometry = &c->recipe->geometry;
  bool own = radius2(r) + r[2] * r[2] <= geometry->radius * geometry->radius;
  bool partner = geometry->partners == CSRO_PARTNERS_IN_DATA && fabs(r[2]) <= c->height;
  if (!own && !partner)
    return;
  const double *occupancy =
      is_inside(ordered, p) ? room->occupancy + sublattice * room->species : room->matrix;
  int species = csro_choose_species(random, occupancy, room->species);
  if (species < 0)
    return;
  if (own)
    csro_add_ion(&room->own[species], r[0], r[1], r[2]);
  if (partner)
    csro_add_ion(&room->all[species], r[0], r[1], r[2]);
}

void csro_pattern_simulate_ball(const csro_pattern_class *c, const double *values,
                                csro_random *random, csro_pattern_workspace *room) {
  const double sigma_xy = values[CSRO_VALUE_SIGMA_XY], sigma_z = values[CSRO_VALUE_SIGMA_Z];
  const double across = c->reach + noise_reach * sigma_xy;
  const double along = c->height + noise_reach * sigma_z;
  double center[3];
  choose_center(c, random, center);
  domain ordered = choose_domain(c, values, random);
  float *noise_x = room->noise, *noise_y = noise_x + c->sites.count;
  float *noise_z = noise_y + c->sites.count;
  int64_t n =
      detect(c, across + half_diagonal(c->structure), values[CSRO_VALUE_EFFICIENCY], random, room);
  n = select_near(c, center, across, along, n, room->order);
  csro_random_normals(random, n, room->bits, noise_x, noise_y);
  n = select_reaching(c, center, sigma_xy, n, room->order, noise_x, noise_y);
  int64_t half = (n + 1) / 2;
  csro_random_normals(random, half, room->bits, noise_z, noise_z + half);
  for (int64_t k = 0; k < n; k++) {
    const csro_site *site = &c->sites.site[room->order[k]];
    double p[3], r[3];
    for (int axis = 0; axis < 3; axis++)
      p[axis] = site->r[axis] - center[axis];
    r[0] = p[0] + sigma_xy * (double)noise_x[k];
    r[1] = p[1] + sigma_xy * (double)noise_y[k];
    r[2] = p[2] + sigma_z * (double)noise_z[k];
    add_ion(c, &ordered, site->sublattice, p, r, random, room);
  }
}
