#include "csro/spatial_map.h"

#include "statistics/centres.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double farthest = 100; /* nm */
enum { MOST_HALF = 1000, MOST_CELLS = 1 << 27 };

struct worker {
  csro_neighbours near;
  csro_spatial_map counts;
};

struct search {
  const csro_labelled_ions *ions;
  const csro_spatial_options *options;
  const csro_neighbour_cells *sorted;
  double reach, lateral, per_nm[3];
  int of_group[CSRO_GROUPS][CSRO_GROUPS]; /* pair of two groups, -1 none */
  struct worker *workers;                 /* [threads] */
};

double csro_spatial_reach(const csro_spatial_options *options) {
  const double *limit = options->limit;
  return sqrt(limit[0] * limit[0] + limit[1] * limit[1] + limit[2] * limit[2]);
}

static csro_status allocate(csro_context *context, const csro_labelled_ions *ions,
                            const csro_spatial_options *options, csro_spatial_map *map) {
  *map = (csro_spatial_map){
      .pairs = options->pairs, .members = ions->members, .groups = ions->groups, .cells = 1};
  for (int a = 0; a < 3; a++)
    map->cells *= csro_spatial_cells(options, a);
  map->size = map->groups + map->cells * (1 + (int64_t)map->pairs * map->members);
  map->sums = csro_allocate(context, map->size, sizeof *map->sums);
  if (!map->sums)
    return CSRO_ERROR_MEMORY;
  memset(map->sums, 0, (size_t)map->size * sizeof *map->sums);
  map->ions = map->sums;
  map->all = map->ions + map->groups;
  map->of = map->all + map->cells;
  return CSRO_OK;
}

void csro_spatial_map_release(csro_spatial_map *map) {
  if (!map)
    return;
  free(map->sums);
  *map = (csro_spatial_map){0};
}

/* The cell of a vector, -1 outside. */
static int64_t cell_of(const struct search *s, const double vector[3]) {
  int64_t cell = 0;
  for (int a = 2; a >= 0; a--) {
    const int half = s->options->half[a];
    /* half away from 0, so that a vector and its opposite are in opposite cells */
    const double step = trunc(fabs(vector[a]) * s->per_nm[a] + 0.5);
    if (step > half)
      return -1;
    cell = cell * (2 * half + 1) + half + (int64_t)(vector[a] < 0 ? -step : step);
  }
  return cell;
}

static void count_pair(const struct search *s, csro_spatial_map *counts, const uint8_t *own,
                       const uint8_t *other, int64_t cell) {
  const int members = s->ions->members;
  counts->all[cell]++;
  for (int m = 0; m < members; m++) {
    const int pair = s->of_group[own[m]][other[m]];
    if (pair >= 0)
      counts->of[((int64_t)pair * members + m) * counts->cells + cell]++;
  }
}

static csro_status measure_ion(csro_context *context, void *all, int thread, int64_t place) {
  const struct search *s = all;
  struct worker *w = &s->workers[thread];
  const csro_cells *cells = &s->sorted->cells;
  const uint8_t *own = s->sorted->group + place * s->ions->members;
  const double r[3] = {cells->x[place], cells->y[place], cells->z[place]};
  w->counts.ions[own[0]]++;
  csro_status status = csro_neighbours_gather(context, cells, r, s->reach, s->lateral, &w->near);
  for (int64_t k = 0; status == CSRO_OK && k < w->near.count; k++) {
    const int64_t other = w->near.place[k];
    const double vector[3] = {cells->x[other] - r[0], cells->y[other] - r[1],
                              cells->z[other] - r[2]};
    const int64_t cell = cell_of(s, vector);
    if (cell >= 0)
      count_pair(s, &w->counts, own, s->sorted->group + other * s->ions->members, cell);
  }
  return status;
}

static csro_status measure_with_threads(csro_context *context, struct search *s,
                                        csro_spatial_map *map) {
  s->workers = calloc((size_t)context->threads, sizeof *s->workers);
  if (!s->workers)
    return csro_fail(context, CSRO_ERROR_MEMORY, "no memory for %d threads", context->threads);
  csro_status status = CSRO_OK;
  for (int t = 0; status == CSRO_OK && t < context->threads; t++)
    status = allocate(context, s->ions, s->options, &s->workers[t].counts);
  const csro_centres centres = {s->ions, s->sorted, measure_ion, s};
  if (status == CSRO_OK)
    status = csro_centres_visit(context, &centres);
  for (int t = 0; t < context->threads; t++) {
    for (int64_t k = 0; status == CSRO_OK && k < map->size; k++)
      map->sums[k] += s->workers[t].counts.sums[k];
    csro_neighbours_release(&s->workers[t].near);
    csro_spatial_map_release(&s->workers[t].counts);
  }
  free(s->workers);
  return status;
}

static csro_status check(csro_context *context, const csro_spatial_options *options) {
  double cells = 1;
  bool sound = options->pairs >= 1;
  for (int a = 0; a < 3; a++) {
    sound = sound && options->limit[a] > 0 && options->limit[a] <= farthest &&
            options->half[a] >= 0 && options->half[a] <= MOST_HALF;
    cells *= csro_spatial_cells(options, a);
  }
  if (!sound || cells > MOST_CELLS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "%d, %d and %d cells on either side, up to %g, %g and %g nm: expected 0 to %d "
                     "cells, above 0 to %g nm, %d cells in all",
                     options->half[0], options->half[1], options->half[2], options->limit[0],
                     options->limit[1], options->limit[2], MOST_HALF, farthest, MOST_CELLS);
  return CSRO_OK;
}

csro_status csro_spatial_map_make(csro_context *context, const csro_labelled_ions *ions,
                                  const csro_spatial_options *options, csro_spatial_map *map) {
  *map = (csro_spatial_map){0};
  csro_status status = check(context, options);
  if (status == CSRO_OK)
    status = allocate(context, ions, options, map);
  if (status != CSRO_OK)
    return status;
  csro_neighbour_cells sorted;
  struct search s = {.ions = ions,
                     .options = options,
                     .sorted = &sorted,
                     .reach = csro_spatial_reach(options),
                     .lateral = hypot(options->limit[0], options->limit[1])};
  for (int a = 0; a < 3; a++)
    s.per_nm[a] = 1 / csro_spatial_width(options, a);
  for (int a = 0; a < CSRO_GROUPS; a++)
    for (int b = 0; b < CSRO_GROUPS; b++)
      s.of_group[a][b] = -1;
  for (int k = 0; k < options->pairs; k++)
    s.of_group[options->pair[k].from][options->pair[k].to] = k;
  status = csro_neighbour_cells_init(context, ions, NULL, fmin(s.reach, s.lateral), &sorted);
  if (status == CSRO_OK && sorted.cells.count > 0)
    status = measure_with_threads(context, &s, map);
  csro_neighbour_cells_release(&sorted);
  if (status != CSRO_OK)
    csro_spatial_map_release(map);
  return status;
}
