#include "csro/alpha_maps.h"

#include "base/progress.h"
#include "statistics/neighbour_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024 };

static const double unit = 1e6; /* of expected neighbours */

/* What all threads share. */
struct counting {
  const csro_labelled_ions *ions;
  const csro_neighbour_bins *bins;
  const csro_neighbour_cells *sorted;
  double reach, lateral;
  int first, last, member;
  uint16_t *of;
};

/* A neighbour, for sorting. */
struct neighbour {
  double distance2;
  int64_t number;
  uint8_t group;
};

static int by_distance(const void *a, const void *b) {
  const struct neighbour *x = a, *y = b;
  if (x->distance2 != y->distance2)
    return x->distance2 < y->distance2 ? -1 : 1;
  return (x->number > y->number) - (x->number < y->number);
}

/* By rank: the nearest ones. */
static csro_status add_nearest(csro_context *context, const struct counting *c,
                               const csro_neighbours *near, uint16_t *of) {
  struct neighbour *list = csro_allocate(context, near->count + 1, sizeof *list);
  if (!list)
    return CSRO_ERROR_MEMORY;
  for (int64_t k = 0; k < near->count; k++)
    list[k] = (struct neighbour){near->distance2[k], c->sorted->number[near->place[k]],
                                 c->sorted->group[near->place[k] * c->ions->members + c->member]};
  qsort(list, (size_t)near->count, sizeof *list, by_distance);
  for (int64_t k = c->first; k < c->last && k < near->count; k++)
    of[list[k].group]++;
  free(list);
  return CSRO_OK;
}

static csro_status add_place(csro_context *context, const struct counting *c, int64_t place,
                             csro_neighbours *near) {
  const csro_neighbour_cells *sorted = c->sorted;
  const int64_t ion = sorted->index[place];
  if (ion >= c->ions->own)
    return CSRO_OK;
  uint16_t *of = c->of + ion * c->ions->groups;
  const double r[3] = {sorted->cells.x[place], sorted->cells.y[place], sorted->cells.z[place]};
  const csro_status status =
      csro_neighbours_gather(context, &sorted->cells, r, c->reach, c->lateral, near);
  if (status != CSRO_OK || c->bins->kind == CSRO_NEIGHBOURS_RANKED)
    return status != CSRO_OK ? status : add_nearest(context, c, near, of);
  const double per_bin = c->bins->count / (c->bins->last - c->bins->first);
  for (int64_t k = 0; k < near->count; k++) {
    const int64_t other = near->place[k];
    const double along = c->bins->kind == CSRO_NEIGHBOURS_PLANES
                             ? fabs(sorted->height[other] - sorted->height[place])
                             : sqrt(near->distance2[k]) - c->bins->first;
    const double bin = along * per_bin;
    if (bin >= c->first && bin < c->last)
      of[sorted->group[other * c->ions->members + c->member]]++;
  }
  return CSRO_OK;
}

static csro_status add_all(csro_context *context, const struct counting *c) {
  const int64_t total = c->sorted->cells.count, chunks = (total + CHUNK - 1) / CHUNK;
  csro_progress progress;
  csro_progress_start(&progress, context, total, 0, 1);
  bool failed = false;
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 1)
  for (int64_t chunk = 0; chunk < chunks; chunk++) {
    const int64_t begin = chunk * CHUNK, end = begin + CHUNK < total ? begin + CHUNK : total;
    csro_context own = {.threads = 1};
    csro_neighbours near = {0};
    csro_status status = CSRO_OK;
    if (csro_progress_add(&progress, end - begin))
      continue;
    for (int64_t place = begin; place < end && status == CSRO_OK; place++)
      status = add_place(&own, c, place, &near);
    csro_neighbours_release(&near);
    if (status != CSRO_OK) {
#pragma omp atomic write
      failed = true;
    }
  }
  if (failed)
    return csro_fail(context, CSRO_ERROR_MEMORY, "no memory for the neighbours of ions");
  return csro_progress_end(&progress);
}

csro_status csro_neighbours_each(csro_context *context, const csro_labelled_ions *ions,
                                 const csro_neighbour_bins *bins, int first, int last, int member,
                                 uint16_t *of) {
  const bool planes = bins->kind == CSRO_NEIGHBOURS_PLANES;
  const double reach = csro_neighbour_reach(bins), lateral = planes ? bins->lateral : reach;
  csro_neighbour_cells sorted;
  memset(of, 0, (size_t)(ions->own * ions->groups) * sizeof *of);
  csro_status status =
      csro_neighbour_cells_init(context, ions, bins->height, fmin(reach, lateral), &sorted);
  const struct counting c = {ions, bins, &sorted, reach, lateral, first, last, member, of};
  if (status == CSRO_OK && sorted.cells.count > 0)
    status = add_all(context, &c);
  csro_neighbour_cells_release(&sorted);
  return status;
}

static int all_of(const uint16_t *of, int groups) {
  int all = 0;
  for (int g = 0; g < groups; g++)
    all += of[g];
  return all;
}

double csro_alpha_of_ion(int group, const uint16_t *of, int groups, int a, int b,
                         const double *share) {
  const int all = all_of(of, groups), other = group == a ? b : a;
  if (all == 0 || (group != a && group != b))
    return NAN;
  return 1 - of[other] / (all * share[other]);
}

void csro_alpha_of_cells_add(const csro_labelled_ions *ions, int member, const uint16_t *of, int a,
                             int b, const double *share, const int64_t *cell, int64_t (*sums)[2]) {
  for (int64_t i = 0; i < ions->own; i++) {
    const int group = ions->group[i * ions->members + member], other = group == a ? b : a;
    const uint16_t *own = of + i * ions->groups;
    if ((group != a && group != b) || cell[i] < 0)
      continue;
    sums[cell[i]][0] += own[other];
    sums[cell[i]][1] += llround(unit * share[other]) * all_of(own, ions->groups);
  }
}

double csro_alpha_of_cell(const int64_t sums[2]) {
  return sums[1] > 0 ? 1 - (double)sums[0] * unit / (double)sums[1] : NAN;
}
