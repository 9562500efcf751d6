#include "csro/neighbour_counts.h"

#include "base/progress.h"
#include "statistics/neighbour_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 256 }; /* places */

static const double sine_of_lean = 0.26; /* of 15 degrees */
static const double wider_planes = 1.15;
static const double longest_reach = 100;

double csro_neighbour_reach(const csro_neighbour_bins *bins) {
  if (bins->kind != CSRO_NEIGHBOURS_PLANES)
    return bins->last;
  return hypot(bins->lateral,
               wider_planes * bins->last * bins->spacing + sine_of_lean * bins->lateral);
}

/* What all threads share. */
struct counting {
  const csro_labelled_ions *ions;
  const csro_neighbour_bins *bins;
  const csro_neighbour_cells *sorted;
  double reach, lateral, per_bin;
  int64_t block; /* counts of a member */
};

/* What each thread has. */
struct worker {
  csro_context context;
  csro_neighbours near;
  csro_neighbour_counts counts;
  int64_t *at;   /* [members] where the counts of the ion's group begin */
  double radius; /* that held enough ions last */
  int kept;      /* the nearest ones, sorted */
  double distance2[CSRO_NEAREST];
  int64_t place[CSRO_NEAREST];
};

static csro_status allocate(csro_context *context, const csro_labelled_ions *ions, int bins,
                            csro_neighbour_counts *counts) {
  *counts = (csro_neighbour_counts){
      .bins = bins, .groups = ions->groups, .members = ions->members, .parts = ions->parts};
  const int64_t block = csro_neighbour_block(counts);
  counts->size = (int64_t)ions->parts * ions->groups + 1 + (ions->members + ions->parts) * block;
  counts->sums = csro_allocate(context, counts->size, sizeof *counts->sums);
  if (!counts->sums)
    return CSRO_ERROR_MEMORY;
  memset(counts->sums, 0, (size_t)counts->size * sizeof *counts->sums);
  counts->ions = counts->sums;
  counts->lacking = counts->ions + (int64_t)ions->parts * ions->groups;
  counts->of = counts->lacking + 1;
  counts->touching = counts->of + ions->members * block;
  return CSRO_OK;
}

void csro_neighbour_counts_release(csro_neighbour_counts *counts) {
  if (!counts)
    return;
  free(counts->sums);
  *counts = (csro_neighbour_counts){0};
}

static csro_status start_worker(csro_context *context, const csro_labelled_ions *ions, int bins,
                                double radius, struct worker *worker) {
  worker->context.threads = 1;
  worker->radius = radius;
  worker->at = csro_allocate(context, ions->members, sizeof *worker->at);
  if (!worker->at)
    return CSRO_ERROR_MEMORY;
  return allocate(context, ions, bins, &worker->counts);
}

static void end_worker(struct worker *worker) {
  free(worker->at);
  csro_neighbours_release(&worker->near);
  csro_neighbour_counts_release(&worker->counts);
}

/* Counts one neighbour of the ion at a place in all members. */
static inline void count_pair(const struct counting *c, struct worker *worker, int64_t of,
                              int64_t place, int bin) {
  const int members = c->ions->members;
  const uint8_t *group = c->sorted->group + place * members;
  const int64_t in_row = (int64_t)bin * c->ions->groups;
  const int64_t part = c->sorted->part[of], other = c->sorted->part[place];
  int64_t *sums = worker->counts.of + in_row;
  for (int m = 0; m < members; m++)
    sums[worker->at[m] + group[m]]++;
  const int64_t at = worker->at[0] + in_row + group[0];
  worker->counts.touching[part * c->block + at]++;
  if (other != part)
    worker->counts.touching[other * c->block + at]++;
}

/* Of each pair only one ion counts: the sums are made symmetric in the end. */
static csro_status count_pairs(const struct counting *c, struct worker *worker, int64_t place,
                               const double r[3]) {
  const csro_neighbour_cells *sorted = c->sorted;
  csro_status status = csro_neighbours_gather(&worker->context, &sorted->cells, r, c->reach,
                                              c->lateral, &worker->near);
  if (status != CSRO_OK)
    return status;
  const bool planes = c->bins->kind == CSRO_NEIGHBOURS_PLANES;
  for (int64_t k = 0; k < worker->near.count; k++) {
    const int64_t other = worker->near.place[k];
    if (sorted->number[other] <= sorted->number[place])
      continue;
    const double along = planes ? fabs(sorted->height[other] - sorted->height[place])
                                : sqrt(worker->near.distance2[k]) - c->bins->first;
    const double bin = along * c->per_bin;
    if (bin >= 0 && bin < c->bins->count)
      count_pair(c, worker, place, other, (int)bin);
  }
  return CSRO_OK;
}

static inline bool is_nearer(const csro_neighbour_cells *sorted, double distance2, int64_t place,
                             double than2, int64_t than) {
  return distance2 < than2 || (distance2 == than2 && sorted->number[place] < sorted->number[than]);
}

static void keep_nearest(const struct counting *c, struct worker *worker) {
  const int wanted = c->bins->count;
  int kept = 0;
  for (int64_t k = 0; k < worker->near.count; k++) {
    const double distance2 = worker->near.distance2[k];
    const int64_t place = worker->near.place[k];
    if (kept == wanted && !is_nearer(c->sorted, distance2, place, worker->distance2[kept - 1],
                                     worker->place[kept - 1]))
      continue;
    int at = kept < wanted ? kept++ : kept - 1;
    for (; at > 0 &&
           is_nearer(c->sorted, distance2, place, worker->distance2[at - 1], worker->place[at - 1]);
         at--) {
      worker->distance2[at] = worker->distance2[at - 1];
      worker->place[at] = worker->place[at - 1];
    }
    worker->distance2[at] = distance2;
    worker->place[at] = place;
  }
  worker->kept = kept;
}

static csro_status count_nearest(const struct counting *c, struct worker *worker, int64_t place,
                                 const double r[3]) {
  double radius = fmin(worker->radius, c->reach);
  for (;;) {
    csro_status status = csro_neighbours_gather(&worker->context, &c->sorted->cells, r, radius,
                                                radius, &worker->near);
    if (status != CSRO_OK)
      return status;
    if (worker->near.count >= c->bins->count || radius >= c->reach)
      break;
    radius = fmin(1.3 * radius, c->reach);
  }
  keep_nearest(c, worker);
  for (int k = 0; k < worker->kept; k++)
    count_pair(c, worker, place, worker->place[k], k);
  if (worker->kept < c->bins->count)
    worker->counts.lacking[0]++;
  else /* so that most ions need one look, and few neighbours are looked at in vain */
    worker->radius = 0.9 * worker->radius + 0.125 * sqrt(worker->distance2[worker->kept - 1]);
  return CSRO_OK;
}

static csro_status count_places(const struct counting *c, struct worker *worker, int64_t begin,
                                int64_t end) {
  const csro_cells *cells = &c->sorted->cells;
  const csro_labelled_ions *ions = c->ions;
  const int64_t in_group = (int64_t)c->bins->count * ions->groups;
  csro_status status = worker->at ? CSRO_OK : CSRO_ERROR_MEMORY;
  for (int64_t place = begin; place < end && status == CSRO_OK; place++) {
    const int64_t ion = c->sorted->index[place];
    if (ion >= ions->own || ions->part[ion] & CSRO_IMAGE)
      continue;
    const uint8_t *group = c->sorted->group + place * ions->members;
    for (int m = 0; m < ions->members; m++)
      worker->at[m] = m * c->block + group[m] * in_group;
    worker->counts.ions[ions->part[ion] * ions->groups + group[0]]++;
    const double r[3] = {cells->x[place], cells->y[place], cells->z[place]};
    status = c->bins->kind == CSRO_NEIGHBOURS_RANKED ? count_nearest(c, worker, place, r)
                                                     : count_pairs(c, worker, place, r);
  }
  return status;
}

static csro_status count_all(csro_context *context, const struct counting *c,
                             struct worker *workers) {
  const int64_t total = c->sorted->cells.count, chunks = (total + CHUNK - 1) / CHUNK;
  csro_progress progress;
  csro_progress_start(&progress, context, total, 0.1, 1);
  int failed = 0; /* a worker, from 1 */
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 1)
  for (int t = 0; t < context->threads; t++) {
    /* chunks in turns: neighbouring chunks are about equally full */
    for (int64_t chunk = t; chunk < chunks; chunk += context->threads) {
      const int64_t begin = chunk * CHUNK, end = begin + CHUNK < total ? begin + CHUNK : total;
      if (csro_progress_add(&progress, end - begin))
        break;
      if (count_places(c, &workers[t], begin, end) == CSRO_OK)
        continue;
#pragma omp atomic write
      failed = t + 1;
      break;
    }
  }
  if (failed)
    return csro_fail(context, CSRO_ERROR_MEMORY, "%s", workers[failed - 1].context.message);
  return csro_progress_end(&progress);
}

static void make_symmetric(const csro_neighbour_counts *counts) {
  const int groups = counts->groups, bins = counts->bins;
  const int64_t block = csro_neighbour_block(counts);
  for (int64_t k = 0; k < counts->members + counts->parts; k++)
    for (int a = 0; a < groups; a++)
      for (int b = a; b < groups; b++)
        for (int bin = 0; bin < bins; bin++) {
          int64_t *one = &counts->of[k * block + ((int64_t)a * bins + bin) * groups + b];
          int64_t *other = &counts->of[k * block + ((int64_t)b * bins + bin) * groups + a];
          *one = *other = *one + *other;
        }
}

static csro_status check(csro_context *context, const csro_labelled_ions *ions,
                         const csro_neighbour_bins *bins) {
  const double reach = csro_neighbour_reach(bins);
  if (bins->count < 1 || !(bins->first >= 0) || !(bins->last > bins->first) || !(reach > 0) ||
      (bins->kind == CSRO_NEIGHBOURS_RANKED && bins->count > CSRO_NEAREST))
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d bins from %g to %g: expected 1 or more",
                     bins->count, bins->first, bins->last);
  if (!(reach <= longest_reach))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "neighbours up to %g nm away, expected at most %g nm", reach, longest_reach);
  if (ions->points.count > INT32_MAX)
    return csro_fail(context, CSRO_ERROR_DATA, "%lld ions in one process, expected below 2^31",
                     (long long)ions->points.count);
  return CSRO_OK;
}

/* The radius of the ball that holds so many ions on average. */
static double usual_radius(const csro_labelled_ions *ions, const csro_neighbour_bins *bins,
                           csro_context *context) {
  double bounds[6], volume = 1;
  if (csro_points_bounds(context, &ions->points, bounds) != CSRO_OK)
    return bins->last;
  for (int axis = 0; axis < 3; axis++)
    volume *= bounds[2 * axis + 1] - bounds[2 * axis];
  const double radius = cbrt(bins->count * volume / (4.19 * (double)ions->points.count + 1)) * 1.1;
  return radius > 0 && radius < bins->last ? radius : bins->last;
}

/* Counts with all threads, and adds up what each has. */
static csro_status count_with_threads(csro_context *context, const struct counting *c,
                                      double radius, csro_neighbour_counts *counts) {
  struct worker *workers = calloc((size_t)context->threads, sizeof *workers);
  if (!workers)
    return csro_fail(context, CSRO_ERROR_MEMORY, "no memory for %d threads", context->threads);
  csro_status status = CSRO_OK;
  for (int t = 0; status == CSRO_OK && t < context->threads; t++)
    status = start_worker(context, c->ions, c->bins->count, radius, &workers[t]);
  if (status == CSRO_OK)
    status = count_all(context, c, workers);
  for (int t = 0; t < context->threads; t++) {
    for (int64_t k = 0; status == CSRO_OK && k < counts->size; k++)
      counts->sums[k] += workers[t].counts.sums[k];
    end_worker(&workers[t]);
  }
  free(workers);
  return status;
}

csro_status csro_neighbour_counts_make(csro_context *context, const csro_labelled_ions *ions,
                                       const csro_neighbour_bins *bins,
                                       csro_neighbour_counts *counts) {
  *counts = (csro_neighbour_counts){0};
  csro_status status = check(context, ions, bins);
  if (status == CSRO_OK)
    status = allocate(context, ions, bins->count, counts);
  if (status != CSRO_OK)
    return status;
  const bool ranked = bins->kind == CSRO_NEIGHBOURS_RANKED;
  const double reach = csro_neighbour_reach(bins);
  const double radius = ranked ? usual_radius(ions, bins, context) : reach;
  const double lateral = bins->kind == CSRO_NEIGHBOURS_PLANES ? bins->lateral : reach;
  csro_neighbour_cells sorted;
  status = csro_neighbour_cells_init(context, ions, bins->height, fmin(radius, lateral), &sorted);
  const struct counting c = {ions,
                             bins,
                             &sorted,
                             reach,
                             lateral,
                             bins->count / (bins->last - bins->first),
                             csro_neighbour_block(counts)};
  if (status == CSRO_OK && sorted.cells.count > 0)
    status = count_with_threads(context, &c, radius, counts);
  csro_neighbour_cells_release(&sorted);
  if (status != CSRO_OK)
    csro_neighbour_counts_release(counts);
  else if (!ranked)
    make_symmetric(counts);
  return status;
}
