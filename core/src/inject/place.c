#include "csro/inject.h"
#include "inject/point_bins.h"
#include "inject/streams.h"

#include <math.h>
#include <stdlib.h>

enum {
  ROUNDS = 4,
  TRIES = 64,
  PER_DOMAIN = 4,
  FEWEST_CANDIDATES = 20000,
  MOST_CANDIDATES = 1 << 22
};
static const double around = 0.8;       /* nm, of a candidate */
static const double inside_share = 0.5; /* of the median number of ions around those inside */

void csro_inject_options_init(csro_inject_options *options) {
  *options = (csro_inject_options){.density = 0.015,
                                   .diameter = {0.7, 2.1},
                                   .order = {1, 1},
                                   .sigma_xy = 0.3,
                                   .period = 2,
                                   .seed = 1};
}

static csro_status check_options(csro_context *context, const csro_inject_options *o) {
  const struct {
    const char *name;
    double value, lo, hi;
  } limits[] = {{"density of planted domains per nm^3", o->density, 0, 1},
                {"smallest planted diameter in nm", o->diameter[0], 0.1, 100},
                {"largest planted diameter in nm", o->diameter[1], o->diameter[0], 100},
                {"weakest planted order", o->order[0], 0, 1},
                {"strongest planted order", o->order[1], o->order[0], 1},
                {"sigma_xy in nm", o->sigma_xy, 0, 2},
                {"period in planes", o->period, 2, 4}};
  csro_status status = CSRO_OK;
  for (int k = 0; k < (int)(sizeof limits / sizeof *limits) && status == CSRO_OK; k++)
    status =
        csro_check_number(context, limits[k].name, limits[k].value, limits[k].lo, limits[k].hi);
  return status;
}

csro_status csro_injection_begin(csro_context *context, const csro_inject_options *options,
                                 const double bounds[6], csro_injection *injection) {
  *injection = (csro_injection){.options = *options, .bounds_volume = 1};
  csro_status status = check_options(context, options);
  if (status != CSRO_OK)
    return status;
  for (int a = 0; a < 3; a++) {
    if (!(bounds[2 * a] <= bounds[2 * a + 1]))
      return csro_fail(context, CSRO_ERROR_DATA, "there are no ions to plant domains into");
    injection->bounds_volume *= bounds[2 * a + 1] - bounds[2 * a];
  }
  double wanted = PER_DOMAIN * options->density * injection->bounds_volume + FEWEST_CANDIDATES;
  int64_t count = (int64_t)fmin(wanted, MOST_CANDIDATES);
  injection->candidate = csro_allocate(context, count, sizeof *injection->candidate);
  if (!injection->candidate)
    return CSRO_ERROR_MEMORY;
  injection->candidates = count;
  csro_random random;
  for (int64_t c = 0; c < count; c++) {
    csro_inject_start(&random, options->seed, CSRO_STREAM_CANDIDATE, c);
    for (int a = 0; a < 3; a++)
      injection->candidate[c][a] =
          bounds[2 * a] + csro_random_uniform(&random) * (bounds[2 * a + 1] - bounds[2 * a]);
  }
  return CSRO_OK;
}

static double square_distance(const double a[3], const double b[3]) {
  return (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
         (a[2] - b[2]) * (a[2] - b[2]);
}

static void bounds_of_candidates(const csro_injection *injection, double bounds[6]) {
  for (int a = 0; a < 3; a++) {
    bounds[2 * a] = INFINITY;
    bounds[2 * a + 1] = -INFINITY;
    for (int64_t c = 0; c < injection->candidates; c++) {
      bounds[2 * a] = fmin(bounds[2 * a], injection->candidate[c][a]);
      bounds[2 * a + 1] = fmax(bounds[2 * a + 1], injection->candidate[c][a]);
    }
  }
}

csro_status csro_injection_count(csro_context *context, const csro_injection *injection,
                                 const csro_points *points, const uint16_t *kind, int64_t *near) {
  csro_point_bins bins;
  double bounds[6];
  bounds_of_candidates(injection, bounds);
  csro_status status = csro_point_bins_init(context, bounds, around, injection->candidates, &bins);
  if (status != CSRO_OK)
    return status;
  for (int64_t c = 0; c < injection->candidates; c++) {
    csro_point_bins_add(&bins, c, injection->candidate[c]);
    near[c] = 0;
  }
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    int64_t heads[27];
    if (kind[i] == CSRO_INJECT_STAYS)
      continue;
    csro_points_get(points, i, r);
    int count = csro_point_bins_near(&bins, r, heads);
    for (int k = 0; k < count; k++)
      for (int64_t c = heads[k]; c >= 0; c = bins.next[c])
        if (square_distance(r, injection->candidate[c]) <= around * around) {
#pragma omp atomic
          near[c]++;
        }
  }
  csro_point_bins_release(&bins);
  return CSRO_OK;
}

static int by_count(const void *a, const void *b) {
  const int64_t *p = a, *q = b;
  return (*p > *q) - (*p < *q);
}

/* How many ions a candidate inside has around it: half the median of those inside. count > 0,
 * sorted. */
static double least_inside(int64_t count, const int64_t *sorted) {
  double least = 1;
  for (int round = 0; round < ROUNDS; round++) {
    int64_t outside = 0;
    while ((double)sorted[outside] < least)
      outside++;
    int64_t middle = outside + (count - outside) / 2;
    least = inside_share * (double)sorted[middle];
  }
  return least;
}

/* Keeps the candidates inside the ions. */
static csro_status keep_inside(csro_context *context, const int64_t *near, csro_injection *in) {
  int64_t count = 0, kept = 0;
  int64_t *sorted = csro_allocate(context, in->candidates, sizeof *sorted);
  if (!sorted)
    return CSRO_ERROR_MEMORY;
  for (int64_t c = 0; c < in->candidates; c++)
    if (near[c] > 0)
      sorted[count++] = near[c];
  if (count > 0)
    qsort(sorted, (size_t)count, sizeof *sorted, by_count);
  double least = count > 0 ? least_inside(count, sorted) : INFINITY;
  free(sorted);
  for (int64_t c = 0; c < in->candidates; c++)
    if ((double)near[c] >= least) {
      for (int a = 0; a < 3; a++)
        in->candidate[kept][a] = in->candidate[c][a];
      kept++;
    }
  in->volume = in->bounds_volume * (double)kept / (double)in->candidates;
  in->candidates = kept;
  return CSRO_OK;
}

/* Whether a ball overlaps none of those that are planted. */
static bool is_free(const double center[3], double diameter, const csro_point_bins *bins,
                    const csro_injection *in) {
  int64_t heads[27];
  int count = csro_point_bins_near(bins, center, heads);
  for (int k = 0; k < count; k++)
    for (int64_t d = heads[k]; d >= 0; d = bins->next[d]) {
      double apart = (diameter + in->domains[d].diameter) / 2;
      if (square_distance(center, in->domains[d].center) < apart * apart)
        return false;
    }
  return true;
}

static double between(csro_random *random, const double range[2]) {
  return range[0] + csro_random_uniform(random) * (range[1] - range[0]);
}

/* Domain `number` of those wanted, at the first of some candidates where it fits. */
static void plant(int64_t number, csro_point_bins *bins, csro_injection *in) {
  const csro_inject_options *o = &in->options;
  csro_random random;
  csro_inject_start(&random, o->seed, CSRO_STREAM_DOMAIN, number);
  double diameter = between(&random, o->diameter), order = between(&random, o->order);
  int phase = (int)(csro_random_u32(&random) % (uint32_t)o->period);
  for (int k = 0; k < TRIES; k++) {
    const double *r = in->candidate[csro_random_below(&random, (uint64_t)in->candidates)];
    if (!is_free(r, diameter, bins, in))
      continue;
    in->domains[in->count] = (csro_true_domain){{r[0], r[1], r[2]}, diameter, 0, {0, 0, 0}, 0};
    in->order[in->count] = order;
    in->phase[in->count] = phase;
    csro_point_bins_add(bins, in->count++, r);
    return;
  }
}

csro_status csro_injection_place(csro_context *context, const int64_t *near,
                                 csro_injection *injection) {
  csro_injection *in = injection;
  csro_status status = keep_inside(context, near, in);
  double wanted = floor(in->options.density * in->volume + 0.5), bounds[6];
  if (status != CSRO_OK || in->candidates == 0 || wanted < 1)
    return status;
  int64_t count = (int64_t)fmin(wanted, INT32_MAX);
  in->domains = csro_allocate(context, count, sizeof *in->domains);
  in->order = csro_allocate(context, count, sizeof *in->order);
  in->phase = csro_allocate(context, count, sizeof *in->phase);
  if (!in->domains || !in->order || !in->phase)
    return CSRO_ERROR_MEMORY;
  csro_point_bins bins;
  bounds_of_candidates(in, bounds);
  status = csro_point_bins_init(context, bounds, in->options.diameter[1], count, &bins);
  if (status != CSRO_OK)
    return status;
  for (int64_t number = 0; number < count; number++)
    plant(number, &bins, in);
  csro_point_bins_release(&bins);
  return CSRO_OK;
}

void csro_injection_release(csro_injection *injection) {
  if (!injection)
    return;
  free(injection->candidate);
  free(injection->domains);
  free(injection->order);
  free(injection->phase);
  *injection = (csro_injection){0};
}
