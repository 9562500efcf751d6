#include "order/candidate_grid.h"

#include "base/progress.h"
#include "voxel/cell_list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double widest_step = 0.25; /* nm */
static const float promising = 0; /* evidence of a place that makes those around it worth a look */

static int64_t places_of(const csro_places *places) {
  return places->n[0] * places->n[1] * places->n[2];
}

static double along(const csro_places *places, int axis, int64_t index) {
  return places->origin[axis] + (double)index * places->step;
}

void csro_places_get(const csro_places *places, int64_t number, double r[3]) {
  for (int a = 0; a < 3; a++) {
    r[a] = along(places, a, number % places->all[a]);
    number /= places->all[a];
  }
}

/* Index among the places held. */
static int64_t held(const csro_places *places, int64_t i, int64_t j, int64_t k) {
  return ((k - places->first[2]) * places->n[1] + j - places->first[1]) * places->n[0] + i -
         places->first[0];
}

static bool owns(const csro_places *places, int64_t i, int64_t j, int64_t k) {
  const csro_block *own = &places->own;
  return i >= own->lo[0] && i < own->hi[0] && j >= own->lo[1] && j < own->hi[1] &&
         k >= own->lo[2] && k < own->hi[2];
}

/* The first place along an axis that is not below `at`. */
static int64_t first_from(const csro_places *places, int axis, double at) {
  double guess = ceil((at - places->origin[axis]) / places->step);
  int64_t i = (int64_t)fmin(fmax(guess, 0), (double)places->all[axis]);
  while (i > 0 && along(places, axis, i - 1) >= at)
    i--;
  while (i < places->all[axis] && along(places, axis, i) < at)
    i++;
  return i;
}

/* The box of own places, widened to even numbers: between two of those held lie no others. */
static void hold(const double lo[3], const double hi[3], csro_places *places) {
  bool any = true;
  for (int a = 0; a < 3; a++) {
    places->own.lo[a] = first_from(places, a, lo[a]);
    places->own.hi[a] = first_from(places, a, hi[a]);
    any = any && places->own.lo[a] < places->own.hi[a];
  }
  for (int a = 0; a < 3; a++) {
    int64_t last = places->own.hi[a] & ~INT64_C(1);
    last = last < places->all[a] ? last : places->all[a] - 1;
    places->first[a] = places->own.lo[a] & ~INT64_C(1);
    places->n[a] = any ? last - places->first[a] + 1 : 0;
  }
}

csro_status csro_places_make(csro_context *context, const csro_grid *grid, const double bounds[6],
                             const double lo[3], const double hi[3], csro_places *places) {
  *places = (csro_places){.step = grid->stride / ceil(grid->stride / widest_step - 1e-9)};
  double all = 1, here = 1;
  for (int a = 0; a < 3; a++) {
    double voxel = grid->origin[a] + grid->edge / 2;
    double first = floor((bounds[2 * a] - voxel) / places->step);
    double last = ceil((bounds[2 * a + 1] - voxel) / places->step);
    places->origin[a] = voxel + first * places->step;
    places->all[a] = (int64_t)fmin(last - first + 1, 4e18);
    all *= last - first + 1;
  }
  if (all < 4e18)
    hold(lo, hi, places);
  for (int a = 0; a < 3; a++)
    here *= (double)places->n[a];
  if (!(all < 4e18 && here <= 4e9)) /* also NaN */
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the ions span more than 4e9 places %g nm apart: are there stray ions?",
                     places->step);
  int64_t n = places_of(places);
  places->evidence = csro_allocate(context, n, sizeof *places->evidence);
  places->sized = csro_allocate(context, n, sizeof *places->sized);
  places->stale = csro_allocate(context, n, 1);
  places->taken = csro_allocate(context, n, 1);
  if (!places->evidence || !places->sized || !places->stale || !places->taken) {
    csro_places_free(places);
    return CSRO_ERROR_MEMORY;
  }
  memset(places->stale, 1, (size_t)n);
  memset(places->taken, 0, (size_t)n);
  return CSRO_OK;
}

void csro_places_free(csro_places *places) {
  free(places->evidence);
  free(places->sized);
  free(places->stale);
  free(places->taken);
  *places = (csro_places){0};
}

/* ln of the mean of the exponentials. */
static float log_mean(const float *values, int count) {
  float top = values[0];
  for (int k = 1; k < count; k++)
    top = fmaxf(top, values[k]);
  float sum = 0;
  for (int k = 0; k < count; k++)
    sum += expf(values[k] - top);
  return top + logf(sum / (float)count);
}

static bool look(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                 csro_places *places, const int64_t at[3], int64_t p,
                 csro_evidence_scratch *scratch) {
  float evidence[CSRO_ORDER_RADII][2];
  double r[3];
  for (int a = 0; a < 3; a++)
    r[a] = along(places, a, places->first[a] + at[a]);
  if (!csro_evidence(ions, profiles, r, scratch, evidence))
    return false;
  for (int k = 0; k < CSRO_ORDER_RADII; k++)
    places->sized[p][k] = log_mean(evidence[k], 2);
  places->evidence[p] = log_mean(places->sized[p], CSRO_ORDER_RADII);
  return true;
}

/* The places with even numbers next to one held, one to eight. */
static int even_corners(const csro_places *places, const int64_t at[3], int64_t out[8]) {
  int count = 1;
  int64_t step = 1;
  out[0] = 0;
  for (int a = 0; a < 3; a++) {
    int64_t low = at[a] & ~INT64_C(1), high = at[a] + (at[a] & 1);
    bool two = high != low && high < places->n[a];
    for (int c = 0; c < count; c++) {
      if (two)
        out[count + c] = out[c] + high * step;
      out[c] += low * step;
    }
    count *= two ? 2 : 1;
    step *= places->n[a];
  }
  return count;
}

/* Evidence of a place between: looked for, or the mean of the corners. */
static bool look_between(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                         csro_places *places, const int64_t at[3], int64_t p,
                         csro_evidence_scratch *scratch) {
  int64_t corners[8];
  int count = even_corners(places, at, corners);
  float top = -INFINITY, values[8];
  for (int c = 0; c < count; c++)
    top = fmaxf(top, places->evidence[corners[c]]);
  if (top > promising)
    return look(ions, profiles, places, at, p, scratch);
  for (int k = 0; k < CSRO_ORDER_RADII; k++) {
    for (int c = 0; c < count; c++)
      values[c] = places->sized[corners[c]][k];
    places->sized[p][k] = log_mean(values, count);
  }
  places->evidence[p] = log_mean(places->sized[p], CSRO_ORDER_RADII);
  return true;
}

/* The stale places of one row that a pass is about; false without memory. */
static bool pass_row(const csro_signal_ions *ions, const csro_ball_profiles *profiles, bool between,
                     int64_t row, csro_places *places, csro_evidence_scratch *scratch) {
  int64_t at[3] = {0, row % places->n[1], row / places->n[1]};
  bool all = true;
  for (; at[0] < places->n[0]; at[0]++) {
    int64_t p = row * places->n[0] + at[0];
    bool odd = (at[0] | at[1] | at[2]) & 1;
    if (!places->stale[p] || odd != between)
      continue;
    places->stale[p] = 0;
    all = (between ? look_between(ions, profiles, places, at, p, scratch)
                   : look(ions, profiles, places, at, p, scratch)) &&
          all;
  }
  return all;
}

/* One pass over the stale places: those with even numbers, or those between. */
static csro_status pass(csro_context *context, const csro_signal_ions *ions,
                        const csro_ball_profiles *profiles, bool between, double begin, double end,
                        csro_places *places) {
  int64_t rows = places->n[1] * places->n[2];
  int failed = 0;
  csro_progress progress;
  csro_progress_start(&progress, context, rows, begin, end);
#pragma omp parallel num_threads(context->threads)
  {
    csro_evidence_scratch scratch = {0};
#pragma omp for schedule(dynamic, 16)
    for (int64_t row = 0; row < rows; row++) {
      if (csro_progress_add(&progress, 1))
        continue;
      if (!pass_row(ions, profiles, between, row, places, &scratch)) {
#pragma omp atomic write
        failed = 1;
      }
    }
    csro_evidence_scratch_free(&scratch);
  }
  return failed ? csro_fail(context, CSRO_ERROR_MEMORY, "out of memory")
                : csro_progress_end(&progress);
}

csro_status csro_places_update(csro_context *context, const csro_signal_ions *ions,
                               const csro_ball_profiles *profiles, double begin, double end,
                               csro_places *places) {
  double middle = (begin + end) / 2;
  csro_status status = pass(context, ions, profiles, false, begin, middle, places);
  if (status == CSRO_OK)
    status = pass(context, ions, profiles, true, middle, end, places);
  return status;
}

/* Of the whole grid, the places within `reach` of a centre along each axis. */
static csro_block clip(const csro_places *places, const double center[3], double reach) {
  csro_block block;
  for (int a = 0; a < 3; a++) {
    double first = ceil((center[a] - reach - places->origin[a]) / places->step);
    double last = floor((center[a] + reach - places->origin[a]) / places->step);
    block.lo[a] = (int64_t)fmin(fmax(first, 0), (double)places->all[a]);
    block.hi[a] = (int64_t)fmax(fmin(last, (double)(places->all[a] - 1)), -1) + 1;
  }
  return block;
}

static bool within(const double a[3], const double b[3], double reach) {
  double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return x * x + y * y + z * z <= reach * reach;
}

void csro_places_mark(const csro_places *places, const double center[3], double reach,
                      uint8_t *mark) {
  csro_block near = clip(places, center, reach);
  for (int a = 0; a < 3; a++) {
    int64_t end = places->first[a] + places->n[a];
    near.lo[a] = near.lo[a] > places->first[a] ? near.lo[a] : places->first[a];
    near.hi[a] = near.hi[a] < end ? near.hi[a] : end;
  }
  for (int64_t k = near.lo[2]; k < near.hi[2]; k++)
    for (int64_t j = near.lo[1]; j < near.hi[1]; j++)
      for (int64_t i = near.lo[0]; i < near.hi[0]; i++) {
        double r[3] = {along(places, 0, i), along(places, 1, j), along(places, 2, k)};
        if (within(r, center, reach))
          mark[held(places, i, j, k)] = 1;
      }
}

csro_status csro_places_candidates(csro_context *context, const csro_places *places,
                                   double evidence, int64_t *count, csro_candidate **out) {
  const csro_block *own = &places->own;
  *count = 0;
  *out = NULL;
  for (int fill = 0; fill < 2; fill++) {
    int64_t found = 0;
    for (int64_t k = own->lo[2]; k < own->hi[2]; k++)
      for (int64_t j = own->lo[1]; j < own->hi[1]; j++)
        for (int64_t i = own->lo[0]; i < own->hi[0]; i++) {
          int64_t p = held(places, i, j, k);
          if (places->taken[p] || !(places->evidence[p] >= evidence))
            continue;
          if (fill)
            (*out)[found] = (csro_candidate){(k * places->all[1] + j) * places->all[0] + i,
                                             places->evidence[p]};
          found++;
        }
    *count = found;
    if (!fill && !(*out = csro_allocate(context, found, sizeof **out)))
      return CSRO_ERROR_MEMORY;
  }
  return CSRO_OK;
}

/* The candidates in cubes, in each the best first. Neighbouring cubes hold all within `apart`. */
typedef struct cubes {
  const csro_places *places;
  double apart, width, origin[3];
  int64_t n[3];
  int64_t *start, *member; /* of each cube; place in the list of candidates */
} cubes;

static int better(const void *a, const void *b) {
  const csro_candidate *p = a, *q = b;
  if (p->evidence != q->evidence)
    return p->evidence > q->evidence ? -1 : 1;
  return p->number < q->number ? -1 : p->number > q->number;
}

static void cube_at(const cubes *c, const double r[3], int64_t at[3]) {
  for (int a = 0; a < 3; a++)
    at[a] = (int64_t)((r[a] - c->origin[a]) / c->width);
}

static void bound(int64_t count, const csro_candidate *candidates, cubes *c) {
  double r[3], high[3] = {-INFINITY, -INFINITY, -INFINITY};
  for (int a = 0; a < 3; a++)
    c->origin[a] = INFINITY;
  for (int64_t m = 0; m < count; m++) {
    csro_places_get(c->places, candidates[m].number, r);
    for (int a = 0; a < 3; a++) {
      c->origin[a] = fmin(c->origin[a], r[a]);
      high[a] = fmax(high[a], r[a]);
    }
  }
  for (int a = 0; a < 3; a++)
    c->n[a] = count > 0 ? (int64_t)((high[a] - c->origin[a]) / c->width) + 1 : 0;
}

static csro_status fill_cubes(csro_context *context, int64_t count,
                              const csro_candidate *candidates, cubes *c) {
  bound(count, candidates, c);
  int64_t all = c->n[0] * c->n[1] * c->n[2], at[3];
  c->start = csro_allocate(context, all + 1, sizeof *c->start);
  c->member = csro_allocate(context, count, sizeof *c->member);
  int64_t *cube = csro_allocate(context, count, sizeof *cube);
  if (!c->start || !c->member || !cube) {
    free(c->start);
    free(c->member);
    free(cube);
    return CSRO_ERROR_MEMORY;
  }
  memset(c->start, 0, (size_t)(all + 1) * sizeof *c->start);
  for (int64_t m = 0; m < count; m++) {
    double r[3];
    csro_places_get(c->places, candidates[m].number, r);
    cube_at(c, r, at);
    cube[m] = (at[2] * c->n[1] + at[1]) * c->n[0] + at[0];
    c->start[cube[m] + 1]++;
  }
  for (int64_t b = 0; b < all; b++)
    c->start[b + 1] += c->start[b];
  for (int64_t m = 0; m < count; m++)
    c->member[c->start[cube[m]]++] = m;
  memmove(c->start + 1, c->start, (size_t)all * sizeof *c->start);
  c->start[0] = 0;
  free(cube);
  return CSRO_OK;
}

/* Whether no better candidate, one that stands before in the list, is within `apart`. */
static bool is_best(const cubes *c, const csro_candidate *candidates, int64_t m) {
  double center[3], r[3];
  int64_t at[3];
  csro_places_get(c->places, candidates[m].number, center);
  cube_at(c, center, at);
  for (int64_t k = at[2] > 0 ? at[2] - 1 : 0; k <= at[2] + 1 && k < c->n[2]; k++)
    for (int64_t j = at[1] > 0 ? at[1] - 1 : 0; j <= at[1] + 1 && j < c->n[1]; j++)
      for (int64_t i = at[0] > 0 ? at[0] - 1 : 0; i <= at[0] + 1 && i < c->n[0]; i++) {
        int64_t b = (k * c->n[1] + j) * c->n[0] + i;
        for (int64_t o = c->start[b]; o < c->start[b + 1] && c->member[o] < m; o++) {
          csro_places_get(c->places, candidates[c->member[o]].number, r);
          if (within(r, center, c->apart))
            return false;
        }
      }
  return true;
}

static int by_number(const void *a, const void *b) {
  const int64_t *p = a, *q = b;
  return *p < *q ? -1 : *p > *q;
}

static bool owns_number(const csro_places *places, int64_t number) {
  int64_t row = number / places->all[0];
  return owns(places, number % places->all[0], row % places->all[1], row / places->all[1]);
}

csro_status csro_places_best(csro_context *context, const csro_places *places, double apart,
                             int64_t count, csro_candidate *candidates, int64_t *best,
                             int64_t *numbers) {
  cubes c = {.places = places, .apart = apart, .width = 1.001 * apart};
  *best = 0;
  if (count > 0)
    qsort(candidates, (size_t)count, sizeof *candidates, better);
  csro_status status = fill_cubes(context, count, candidates, &c);
  if (status != CSRO_OK)
    return status;
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 64)
  for (int64_t m = 0; m < count; m++) {
    bool kept = owns_number(places, candidates[m].number) && is_best(&c, candidates, m);
    numbers[m] = kept ? candidates[m].number : -1;
  }
  for (int64_t m = 0; m < count; m++)
    if (numbers[m] >= 0)
      numbers[(*best)++] = numbers[m];
  if (*best > 0)
    qsort(numbers, (size_t)*best, sizeof *numbers, by_number);
  free(c.start);
  free(c.member);
  return CSRO_OK;
}

/* Integral of the likelihood ratio for one radius over the own places within it of a voxel's
 * centre. The ball of all places is brought to its true volume. */
static double integrate(const csro_places *places, int size, double radius,
                        const double center[3]) {
  csro_block near = clip(places, center, radius), own = csro_block_common(&near, &places->own);
  if (csro_block_size(&own) == 0)
    return 0;
  int64_t inside = 0;
  double sum = 0;
  for (int64_t k = near.lo[2]; k < near.hi[2]; k++)
    for (int64_t j = near.lo[1]; j < near.hi[1]; j++)
      for (int64_t i = near.lo[0]; i < near.hi[0]; i++) {
        double r[3] = {along(places, 0, i), along(places, 1, j), along(places, 2, k)};
        if (!within(r, center, radius + 1e-9))
          continue;
        inside++;
        if (owns(places, i, j, k))
          sum += exp((double)places->sized[held(places, i, j, k)][size]);
      }
  double volume = 4.188790204786391 * radius * radius * radius;
  return inside > 0 ? sum * volume / (double)inside : 0;
}

csro_status csro_places_cover(csro_context *context, const csro_places *places,
                              const csro_ball_profiles *profiles, const csro_grid *grid,
                              const csro_block *voxels, double *out) {
  int64_t n[3];
  for (int a = 0; a < 3; a++)
    n[a] = voxels->hi[a] - voxels->lo[a];
  int64_t rows = n[1] * n[2];
  csro_progress progress;
  csro_progress_start(&progress, context, rows, 0.95, 1);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 16)
  for (int64_t row = 0; row < rows; row++) {
    if (csro_progress_add(&progress, 1))
      continue;
    for (int64_t i = 0; i < n[0]; i++) {
      double center[3], sum = 0;
      int64_t voxel[3] = {i, row % n[1], row / n[1]};
      for (int a = 0; a < 3; a++)
        center[a] = csro_voxel_center_along(grid, a, voxels->lo[a] + voxel[a]);
      for (int k = 0; k < CSRO_ORDER_RADII; k++)
        sum += integrate(places, k, profiles->radius[k], center);
      out[row * n[0] + i] = sum / CSRO_ORDER_RADII;
    }
  }
  return csro_progress_end(&progress);
}
