#include "csro/nearest_distances.h"

#include "statistics/centres.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double units_per_nm = 1e9;

struct worker;

struct search {
  const csro_labelled_ions *ions;
  const csro_nearest_options *options;
  const csro_neighbour_cells *sorted;
  int of_group[CSRO_GROUPS][CSRO_GROUPS]; /* pair of two groups, -1 none */
  bool begins[CSRO_GROUPS];               /* whether pairs go from a group */
  struct worker *workers;                 /* [threads] */
};

struct near {
  double distance2;
  int64_t number;
  int64_t place;
};

/* What each thread has. */
struct worker {
  csro_neighbours found;
  csro_nearest_distances sums;
  struct near *near;
  int64_t capacity;
  int *count;       /* [members][pairs] neighbours so far */
  double *distance; /* [members][pairs][neighbours] */
  double radius;    /* that held enough ions last */
};

static csro_status allocate(csro_context *context, const csro_labelled_ions *ions,
                            const csro_nearest_options *options, csro_nearest_distances *out) {
  *out = (csro_nearest_distances){.pairs = options->pairs,
                                  .members = ions->members,
                                  .neighbours = options->neighbours,
                                  .bins = options->bins};
  const int64_t values = (int64_t)out->pairs * out->members * out->neighbours;
  out->size = values * (2 + out->bins);
  out->sums = csro_allocate(context, out->size, sizeof *out->sums);
  if (!out->sums)
    return CSRO_ERROR_MEMORY;
  memset(out->sums, 0, (size_t)out->size * sizeof *out->sums);
  out->count = out->sums;
  out->distance = out->count + values;
  out->histogram = out->distance + values;
  return CSRO_OK;
}

void csro_nearest_distances_release(csro_nearest_distances *distances) {
  if (!distances)
    return;
  free(distances->sums);
  *distances = (csro_nearest_distances){0};
}

static int by_distance(const void *a, const void *b) {
  const struct near *x = a, *y = b;
  if (x->distance2 != y->distance2)
    return x->distance2 < y->distance2 ? -1 : 1;
  return (x->number > y->number) - (x->number < y->number);
}

static csro_status sort_near(csro_context *context, const struct search *s, struct worker *w) {
  const int64_t count = w->found.count;
  if (count > w->capacity) {
    free(w->near);
    w->capacity = 2 * count;
    w->near = csro_allocate(context, w->capacity, sizeof *w->near);
    if (!w->near) {
      w->capacity = 0;
      return CSRO_ERROR_MEMORY;
    }
  }
  for (int64_t k = 0; k < count; k++) {
    const int64_t place = w->found.place[k];
    w->near[k] = (struct near){w->found.distance2[k], s->sorted->number[place], place};
  }
  if (count > 1)
    qsort(w->near, (size_t)count, sizeof *w->near, by_distance);
  return CSRO_OK;
}

/* Goes through the neighbours from near to far; returns how many are missing in all members. */
static int64_t walk(const struct search *s, struct worker *w, const uint8_t *own) {
  const int members = s->ions->members, pairs = s->options->pairs,
            neighbours = s->options->neighbours;
  int64_t missing = 0;
  memset(w->count, 0, (size_t)members * (size_t)pairs * sizeof *w->count);
  for (int m = 0; m < members; m++)
    for (int b = 0; b < s->ions->groups; b++)
      missing += s->of_group[own[m]][b] >= 0 ? neighbours : 0;
  for (int64_t k = 0; k < w->found.count && missing > 0; k++) {
    const uint8_t *group = s->sorted->group + w->near[k].place * members;
    const double distance = sqrt(w->near[k].distance2);
    for (int m = 0; m < members; m++) {
      const int pair = s->of_group[own[m]][group[m]];
      if (pair < 0)
        continue;
      int *count = &w->count[m * pairs + pair];
      if (*count < neighbours) {
        w->distance[((int64_t)m * pairs + pair) * neighbours + (*count)++] = distance;
        missing--;
      }
    }
  }
  return missing;
}

static void add(const struct search *s, struct worker *w) {
  const int members = s->ions->members, pairs = s->options->pairs, bins = s->options->bins,
            neighbours = s->options->neighbours;
  const double per_bin = bins / s->options->reach;
  for (int m = 0; m < members; m++)
    for (int pair = 0; pair < pairs; pair++)
      for (int k = 0; k < w->count[m * pairs + pair]; k++) {
        const int64_t at = ((int64_t)pair * members + m) * neighbours + k;
        const double distance = w->distance[((int64_t)m * pairs + pair) * neighbours + k];
        const int bin = (int)fmin(distance * per_bin, bins - 1);
        w->sums.count[at]++;
        w->sums.distance[at] += llround(distance * units_per_nm);
        w->sums.histogram[at * bins + bin]++;
      }
}

static csro_status measure_ion(csro_context *context, void *all, int thread, int64_t place) {
  const struct search *s = all;
  struct worker *w = &s->workers[thread];
  const csro_cells *cells = &s->sorted->cells;
  const uint8_t *own = s->sorted->group + place * s->ions->members;
  const double r[3] = {cells->x[place], cells->y[place], cells->z[place]};
  const double reach = s->options->reach;
  bool begins = false;
  for (int m = 0; m < s->ions->members; m++)
    begins = begins || s->begins[own[m]];
  if (!begins)
    return CSRO_OK;
  for (double radius = fmin(w->radius, reach);; radius = fmin(1.25 * radius, reach)) {
    csro_status status = csro_neighbours_gather(context, cells, r, radius, radius, &w->found);
    if (status == CSRO_OK)
      status = sort_near(context, s, w);
    if (status != CSRO_OK)
      return status;
    const int64_t missing = walk(s, w, own);
    if (missing > 0 && radius < reach)
      continue;
    if (missing == 0) /* so that most ions need one look */
      w->radius = radius > w->radius ? radius : 0.998 * w->radius;
    break;
  }
  add(s, w);
  return CSRO_OK;
}

static csro_status start_worker(csro_context *context, const struct search *s, struct worker *w) {
  const long long values = (long long)s->ions->members * s->options->pairs;
  w->radius = s->options->reach / 4;
  w->count = csro_allocate(context, values, sizeof *w->count);
  w->distance = csro_allocate(context, values * s->options->neighbours, sizeof *w->distance);
  if (!w->count || !w->distance)
    return CSRO_ERROR_MEMORY;
  return allocate(context, s->ions, s->options, &w->sums);
}

static void end_worker(struct worker *w) {
  csro_neighbours_release(&w->found);
  csro_nearest_distances_release(&w->sums);
  free(w->near);
  free(w->count);
  free(w->distance);
}

static csro_status measure_with_threads(csro_context *context, struct search *s,
                                        csro_nearest_distances *out) {
  s->workers = calloc((size_t)context->threads, sizeof *s->workers);
  if (!s->workers)
    return csro_fail(context, CSRO_ERROR_MEMORY, "no memory for %d threads", context->threads);
  csro_status status = CSRO_OK;
  for (int t = 0; status == CSRO_OK && t < context->threads; t++)
    status = start_worker(context, s, &s->workers[t]);
  const csro_centres centres = {s->ions, s->sorted, measure_ion, s};
  if (status == CSRO_OK)
    status = csro_centres_visit(context, &centres);
  for (int t = 0; t < context->threads; t++) {
    for (int64_t k = 0; status == CSRO_OK && k < out->size; k++)
      out->sums[k] += s->workers[t].sums.sums[k];
    end_worker(&s->workers[t]);
  }
  free(s->workers);
  return status;
}

static csro_status check(csro_context *context, const csro_labelled_ions *ions,
                         const csro_nearest_options *options) {
  bool sound = options->pairs >= 1 && options->neighbours >= 1 && options->bins >= 1 &&
               options->neighbours <= CSRO_NEAREST_DISTANCES && options->reach > 0;
  for (int k = 0; k < options->pairs; k++)
    sound = sound && options->pair[k].from >= 0 && options->pair[k].to >= 0 &&
            options->pair[k].from < ions->groups && options->pair[k].to < ions->groups;
  if (!sound)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "%d neighbours of %d pairs within %g nm, expected 1 to %d of 1 or more within "
                     "more than 0",
                     options->neighbours, options->pairs, options->reach, CSRO_NEAREST_DISTANCES);
  return CSRO_OK;
}

csro_status csro_nearest_distances_make(csro_context *context, const csro_labelled_ions *ions,
                                        const csro_nearest_options *options,
                                        csro_nearest_distances *out) {
  *out = (csro_nearest_distances){0};
  csro_status status = check(context, ions, options);
  if (status == CSRO_OK)
    status = allocate(context, ions, options, out);
  if (status != CSRO_OK)
    return status;
  csro_neighbour_cells sorted;
  struct search s = {.ions = ions, .options = options, .sorted = &sorted};
  for (int a = 0; a < CSRO_GROUPS; a++)
    for (int b = 0; b < CSRO_GROUPS; b++)
      s.of_group[a][b] = -1;
  for (int k = 0; k < options->pairs; k++) {
    s.of_group[options->pair[k].from][options->pair[k].to] = k;
    s.begins[options->pair[k].from] = true;
  }
  status = csro_neighbour_cells_init(context, ions, NULL, options->reach / 3, &sorted);
  if (status == CSRO_OK && sorted.cells.count > 0)
    status = measure_with_threads(context, &s, out);
  csro_neighbour_cells_release(&sorted);
  if (status != CSRO_OK)
    csro_nearest_distances_release(out);
  return status;
}

double csro_nearest_mean(const csro_nearest_distances *of, int pair, int member, int k) {
  const int64_t at = ((int64_t)pair * of->members + member) * of->neighbours + k - 1;
  return of->count[at] > 0 ? (double)of->distance[at] / units_per_nm / (double)of->count[at] : NAN;
}

/* 4 pi / 3 */
static double unit_ball(void) {
  return 4 * acos(-1.0) / 3;
}

double csro_nearest_density(const csro_nearest_distances *of, double reach, int pair, int k) {
  const int first = of->members > 1 ? 1 : 0;
  double all = 0, before = 0;
  for (int m = first; m < of->members; m++)
    all += (double)of->count[((int64_t)pair * of->members + m) * of->neighbours + k - 1];
  for (int bin = 0; bin < of->bins && all > 0; bin++) {
    double here = 0;
    for (int m = first; m < of->members; m++)
      here +=
          (double)of
              ->histogram[(((int64_t)pair * of->members + m) * of->neighbours + k - 1) * of->bins +
                          bin];
    if (before + here >= all / 2) {
      const double r = (bin + (all / 2 - before) / here) * reach / of->bins;
      /* the median of a gamma distribution (Choi, Proc. Amer. Math. Soc. 121 (1994) 245) */
      return (k - 1.0 / 3 + 8 / (405.0 * k)) / (unit_ball() * r * r * r);
    }
    before += here;
  }
  return NAN;
}

double csro_nearest_random(double density, int k, double r) {
  const double expected = unit_ball() * density * r * r * r;
  return r > 0 ? 3 / r * exp(k * log(expected) - expected - lgamma(k)) : 0;
}

double csro_nearest_random_mean(double density, int k) {
  return exp(lgamma(k + 1.0 / 3) - lgamma(k)) / cbrt(unit_ball() * density);
}
