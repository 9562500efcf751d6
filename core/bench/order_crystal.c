#include "order_crystal.h"

#include "measure.h"

#include "csro/random.h"
#include "csro/structure.h"

enum { SIDE = 4 };

order_crystal order_crystal_make(csro_context *context, const char *prototype, const int hkl[3],
                                 double constant, double planes, int cells) {
  csro_structure s;
  int number = 0;
  while (strcmp(csro_prototype_names[number], prototype) != 0)
    number++;
  must(context, csro_structure_prototype(context, number, constant, constant, 2, &s));
  const int64_t n[3] = {cells / s.cells[0], cells / s.cells[1], cells / s.cells[2]};
  order_crystal c = {.count = n[0] * n[1] * n[2] * s.site_count,
                     .spacing = constant / planes,
                     .side = constant * cells};
  c.site = memory(c.count, sizeof *c.site);
  c.group = memory(c.count, 1);
  for (int64_t i = 0; i < c.count; i++) {
    const int64_t cell = i / s.site_count, site = i % s.site_count,
                  at[3] = {cell % n[0], cell / n[0] % n[1], cell / n[0] / n[1]};
    for (int k = 0; k < 3; k++)
      c.site[i][k] = constant * ((double)at[k] * s.cells[k] + s.position[site][k]);
    c.group[i] = s.sublattices[s.sublattice[site]][0] == 'B';
    c.share[c.group[i]] += 1. / (double)c.count;
  }
  must(context, csro_structure_axes(context, &s, hkl, c.axes));
  csro_structure_release(&s);
  return c;
}

void order_crystal_turn(const double axes[3][3], const double from[3], double to[3]) {
  for (int row = 0; row < 3; row++)
    to[row] = axes[row][0] * from[0] + axes[row][1] * from[1] + axes[row][2] * from[2];
}

/* All members have the same numbers of all groups. */
static void exchange_labels(uint64_t seed, int64_t count, int members, uint8_t *group) {
  uint8_t *before = memory(count, 1);
  for (int64_t i = 0; i < count; i++)
    before[i] = group[i * members];
  for (int m = 0; m < members; m++) {
    csro_permutation permutation;
    csro_permutation_init(&permutation, seed * (uint64_t)members + (uint64_t)m, (uint64_t)count);
    for (int64_t i = 0; i < count; i++)
      group[i * members + m] = before[csro_permutation_at(&permutation, (uint64_t)i)];
  }
  free(before);
}

order_sample order_sample_make(csro_context *context, const order_crystal *c,
                               const order_noise *noise, uint64_t seed) {
  csro_random random;
  csro_random_init(&random, seed, 0);
  double(*xyz)[3] = memory(c->count, sizeof *xyz);
  uint8_t *found = memory(c->count * noise->members, 1);
  int64_t n = 0;
  for (int64_t i = 0; i < c->count; i++) {
    if (csro_random_uniform(&random) >= noise->efficiency)
      continue;
    const double moved[3] = {noise->sigma_xy * csro_random_normal(&random),
                             noise->sigma_xy * csro_random_normal(&random),
                             noise->sigma_z * csro_random_normal(&random)};
    for (int k = 0; k < 3; k++) {
      xyz[n][k] = c->site[i][k];
      for (int row = 0; row < 3; row++)
        xyz[n][k] += c->axes[row][k] * moved[row];
      xyz[n][k] -= c->side * floor(xyz[n][k] / c->side);
    }
    found[n * noise->members] =
        noise->random_groups ? (uint8_t)(i % noise->random_groups) : c->group[i];
    n++;
  }
  if (noise->random_groups)
    exchange_labels(seed, n, noise->members, found);
  order_sample s = {0};
  const double bounds[6] = {0, c->side, 0, c->side, 0, c->side};
  must(context, csro_periodic_ions_make(context, &(csro_points){xyz, true, n}, bounds,
                                        (double[]){c->side, c->side, c->side}, 2.2, &s.images));
  const int64_t count = s.images.count;
  double(*turned)[3] = memory(count, sizeof *turned);
  uint8_t *group = memory(count * noise->members, 1), *part = memory(count, 1);
  int64_t *number = memory(count, sizeof *number);
  s.height = memory(count, sizeof *s.height);
  for (int64_t i = 0; i < count; i++) {
    const double *r = s.images.xyz + 3 * i;
    number[i] = i < n ? i : s.images.of[i - n];
    memcpy(group + i * noise->members, found + number[i] * noise->members, (size_t)noise->members);
    order_crystal_turn(c->axes, r, turned[i]);
    s.height[i] = turned[i][2] / c->spacing;
    int at[3];
    for (int k = 0; k < 3; k++) {
      const int of = k < 2 ? SIDE : 2;
      at[k] = (int)fmin(of - 1, r[k] / c->side * of);
    }
    part[i] = i < n ? (uint8_t)((at[2] * SIDE + at[1]) * SIDE + at[0])
                    : (uint8_t)(part[number[i]] | CSRO_IMAGE);
  }
  const int groups = noise->random_groups ? noise->random_groups : 2;
  s.own = n;
  s.ions = (csro_labelled_ions){{turned, true, count}, count,  number,         part,
                                2 * SIDE * SIDE,       groups, noise->members, group};
  free(xyz);
  free(found);
  return s;
}

void order_sample_free(order_sample *s) {
  free((void *)s->ions.points.xyz);
  free((void *)s->ions.number);
  free((void *)s->ions.part);
  free((void *)s->ions.group);
  free(s->height);
  csro_periodic_ions_release(&s->images);
}

void order_crystal_free(order_crystal *c) {
  free(c->site);
  free(c->group);
}
