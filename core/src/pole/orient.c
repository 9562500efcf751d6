#include "pole/summary.h"

#include <math.h>
#include <stdlib.h>

static const double degree = 3.14159265358979323846 / 180;
/* Neighbours whose normals differ by more than this, beside what neighbours differ by as a rule
 * where planes are curved, are of different orientations. */
static const double kink = 2.5, times_median = 2, most_noise = 1.2;
static const double least_share = 0.05;

double csro_pole_angle(const double a[3], const double b[3]) {
  double cross = 0, dot = 0;
  for (int i = 0; i < 3; i++) {
    int j = (i + 1) % 3, k = (i + 2) % 3;
    double c = a[j] * b[k] - a[k] * b[j];
    cross += c * c;
    dot += a[i] * b[i];
  }
  return atan2(sqrt(cross), dot) / degree;
}

/* Calls visit(map, block, other, data) for each pair of resolved neighbours along the axes. */
typedef void visit_function(csro_pole_map *map, int64_t a, int64_t b, void *data);

static void visit_pairs(csro_pole_map *map, visit_function *visit, void *data) {
  const int64_t step[3] = {1, map->n[0], map->n[0] * map->n[1]};
  int64_t count = step[2] * map->n[2];
  for (int64_t b = 0; b < count; b++)
    for (int a = 0; a < 3; a++) {
      if (b / step[a] % map->n[a] + 1 == map->n[a])
        continue;
      if (map->blocks[b].resolved && map->blocks[b + step[a]].resolved)
        visit(map, b, b + step[a], data);
    }
}

typedef struct angles {
  double *values;
  int64_t count;
} angles;

static void note_angle(csro_pole_map *map, int64_t a, int64_t b, void *data) {
  angles *all = data;
  all->values[all->count++] = csro_pole_angle(map->blocks[a].wave, map->blocks[b].wave);
}

typedef struct groups {
  int64_t *parent;
  double most;
} groups;

static int64_t root_of(int64_t *parent, int64_t b) {
  while (parent[b] != b)
    b = parent[b] = parent[parent[b]];
  return b;
}

static void join(csro_pole_map *map, int64_t a, int64_t b, void *data) {
  groups *all = data;
  const csro_pole_block *one = &map->blocks[a], *other = &map->blocks[b];
  double length =
      sqrt(one->wave[0] * one->wave[0] + one->wave[1] * one->wave[1] + one->wave[2] * one->wave[2]);
  double noise = 3 / length / degree *
                 hypot(hypot(one->deviation[0], one->deviation[1]),
                       hypot(other->deviation[0], other->deviation[1]));
  if (csro_pole_angle(one->wave, other->wave) > all->most + fmin(noise, most_noise))
    return;
  int64_t p = root_of(all->parent, a), q = root_of(all->parent, b);
  all->parent[p > q ? p : q] = p > q ? q : p;
}

static int compare_doubles(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Mean of the waves of an orientation, weighed by their ions; its ions. */
static int64_t mean_wave(const csro_pole_map *map, int orientation, double wave[3]) {
  int64_t ions = 0, count = map->n[0] * map->n[1] * map->n[2];
  double all = 0;
  wave[0] = wave[1] = wave[2] = 0;
  for (int64_t b = 0; b < count; b++) {
    const csro_pole_block *block = &map->blocks[b];
    if (block->orientation != orientation)
      continue;
    double weight = (double)block->ions;
    for (int a = 0; a < 3; a++)
      wave[a] += weight * block->wave[a];
    all += weight;
    ions += block->ions;
  }
  for (int a = 0; a < 3 && all > 0; a++)
    wave[a] /= all;
  return ions;
}

/* Gives the groups numbers by their ions: the largest 0. ions[block] of the roots. */
static void number_groups(csro_pole_map *map, int64_t *parent, int64_t *ions, int64_t count) {
  int64_t resolved = 0;
  for (int64_t b = 0; b < count; b++)
    ions[b] = 0;
  for (int64_t b = 0; b < count; b++)
    if (map->blocks[b].resolved) {
      ions[root_of(parent, b)] += map->blocks[b].ions;
      resolved += map->blocks[b].ions;
    }
  map->summary.orientations = 0;
  for (;;) {
    int64_t largest = 0;
    for (int64_t b = 1; b < count; b++)
      if (ions[b] > ions[largest])
        largest = b;
    bool is_first = map->summary.orientations == 0;
    if (ions[largest] == 0 || (!is_first && (double)ions[largest] < least_share * (double)resolved))
      break;
    if (map->summary.orientations == 1)
      map->summary.second_share = (double)ions[largest] / (double)resolved;
    ions[largest] = 0;
    for (int64_t b = 0; b < count; b++)
      if (map->blocks[b].resolved && root_of(parent, b) == largest)
        map->blocks[b].orientation = map->summary.orientations;
    map->summary.orientations++;
  }
}

csro_status csro_pole_orient(csro_context *context, csro_pole_map *map) {
  int64_t count = map->n[0] * map->n[1] * map->n[2];
  angles all = {csro_allocate(context, 3 * count, sizeof(double)), 0};
  groups joined = {csro_allocate(context, count, sizeof(int64_t)), kink};
  int64_t *ions = csro_allocate(context, count, sizeof *ions);
  bool have = all.values && joined.parent && ions;
  if (have) {
    visit_pairs(map, note_angle, &all);
    qsort(all.values, (size_t)all.count, sizeof *all.values, compare_doubles);
    if (all.count > 0)
      joined.most += times_median * all.values[all.count / 2];
    for (int64_t b = 0; b < count; b++)
      joined.parent[b] = b;
    visit_pairs(map, join, &joined);
    number_groups(map, joined.parent, ions, count);
    double first[3], second[3];
    mean_wave(map, 0, first);
    if (map->summary.orientations > 1 && mean_wave(map, 1, second) > 0)
      map->summary.kink = csro_pole_angle(first, second);
  }
  free(all.values);
  free(joined.parent);
  free(ions);
  return have ? CSRO_OK : CSRO_ERROR_MEMORY;
}
