#include "order/places.h"

#include "base/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double widest_step = 0.25; /* nm */
static const float promising = 0; /* evidence of a place that makes those around it worth a look */

static int64_t places_of(const csro_places *places) {
  return places->n[0] * places->n[1] * places->n[2];
}

static void place_at(const csro_places *places, int64_t index, double r[3]) {
  for (int a = 0; a < 3; a++) {
    r[a] = places->origin[a] + (double)(index % places->n[a]) * places->step;
    index /= places->n[a];
  }
}

csro_status csro_places_make(csro_context *context, const csro_grid *grid, const double bounds[6],
                             csro_places *places) {
  *places = (csro_places){.step = grid->stride / ceil(grid->stride / widest_step - 1e-9)};
  double all = 1;
  for (int a = 0; a < 3; a++) {
    double voxel = grid->origin[a] + grid->edge / 2;
    double first = floor((bounds[2 * a] - voxel) / places->step);
    double last = ceil((bounds[2 * a + 1] - voxel) / places->step);
    places->origin[a] = voxel + first * places->step;
    all *= last - first + 1;
    if (all > 4e9)
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "the ions span more than 4e9 places %g nm apart: are there stray ions?",
                       places->step);
    places->n[a] = (int64_t)(last - first) + 1;
  }
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
                 csro_places *places, int64_t p, csro_evidence_scratch *scratch) {
  float evidence[CSRO_ORDER_RADII][2];
  double r[3];
  place_at(places, p, r);
  if (!csro_evidence(ions, profiles, r, scratch, evidence))
    return false;
  for (int k = 0; k < CSRO_ORDER_RADII; k++)
    places->sized[p][k] = log_mean(evidence[k], 2);
  places->evidence[p] = log_mean(places->sized[p], CSRO_ORDER_RADII);
  return true;
}

/* The places with even numbers next to place (i, j, k), one to eight. */
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
    return look(ions, profiles, places, p, scratch);
  for (int k = 0; k < CSRO_ORDER_RADII; k++) {
    for (int c = 0; c < count; c++)
      values[c] = places->sized[corners[c]][k];
    places->sized[p][k] = log_mean(values, count);
  }
  places->evidence[p] = log_mean(places->sized[p], CSRO_ORDER_RADII);
  return true;
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
      int64_t at[3] = {0, row % places->n[1], row / places->n[1]};
      if (csro_progress_add(&progress, 1))
        continue;
      for (; at[0] < places->n[0]; at[0]++) {
        int64_t p = row * places->n[0] + at[0];
        bool odd = (at[0] | at[1] | at[2]) & 1;
        if (!places->stale[p] || odd != between)
          continue;
        places->stale[p] = 0;
        if (!(between ? look_between(ions, profiles, places, at, p, &scratch)
                      : look(ions, profiles, places, p, &scratch))) {
#pragma omp atomic write
          failed = 1;
        }
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

static void clip(const csro_places *places, const double center[3], double reach, int64_t lo[3],
                 int64_t hi[3]) {
  for (int a = 0; a < 3; a++) {
    double first = ceil((center[a] - reach - places->origin[a]) / places->step);
    double last = floor((center[a] + reach - places->origin[a]) / places->step);
    lo[a] = (int64_t)fmin(fmax(first, 0), (double)places->n[a]);
    hi[a] = (int64_t)fmax(fmin(last, (double)(places->n[a] - 1)), -1);
  }
}

static bool within(const double a[3], const double b[3], double reach) {
  double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return x * x + y * y + z * z <= reach * reach;
}

void csro_places_mark(const csro_places *places, const double center[3], double reach,
                      uint8_t *mark) {
  int64_t lo[3], hi[3];
  clip(places, center, reach, lo, hi);
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++)
      for (int64_t i = lo[0]; i <= hi[0]; i++) {
        double r[3];
        int64_t p = (k * places->n[1] + j) * places->n[0] + i;
        place_at(places, p, r);
        if (within(r, center, reach))
          mark[p] = 1;
      }
}

/* Whether place p comes before place q in the list of the best. */
static bool better(const csro_places *places, int64_t p, int64_t q) {
  if (places->evidence[p] != places->evidence[q])
    return places->evidence[p] > places->evidence[q];
  return p < q;
}

static bool is_best_around(const csro_places *places, int64_t p, double apart) {
  double center[3], r[3];
  int64_t lo[3], hi[3];
  place_at(places, p, center);
  clip(places, center, apart, lo, hi);
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++)
      for (int64_t i = lo[0]; i <= hi[0]; i++) {
        int64_t q = (k * places->n[1] + j) * places->n[0] + i;
        if (q == p || places->taken[q] || !better(places, q, p))
          continue;
        place_at(places, q, r);
        if (within(r, center, apart))
          return false;
      }
  return true;
}

csro_status csro_places_best(csro_context *context, const csro_places *places, double evidence,
                             double apart, int64_t *count, double (**out)[3]) {
  int64_t n = places_of(places), candidates = 0, kept = 0;
  *count = 0;
  *out = NULL;
  for (int64_t p = 0; p < n; p++)
    candidates += !places->taken[p] && places->evidence[p] >= evidence;
  int64_t *list = csro_allocate(context, candidates, sizeof *list);
  uint8_t *best = csro_allocate(context, candidates, 1);
  *out = csro_allocate(context, candidates, sizeof **out);
  if (!list || !best || !*out) {
    free(list);
    free(best);
    free(*out);
    *out = NULL;
    return CSRO_ERROR_MEMORY;
  }
  candidates = 0;
  for (int64_t p = 0; p < n; p++)
    if (!places->taken[p] && places->evidence[p] >= evidence)
      list[candidates++] = p;
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 64)
  for (int64_t c = 0; c < candidates; c++)
    best[c] = is_best_around(places, list[c], 1.01 * places->step) &&
              is_best_around(places, list[c], apart);
  for (int64_t c = 0; c < candidates; c++)
    if (best[c])
      place_at(places, list[c], (*out)[kept++]);
  *count = kept;
  free(list);
  free(best);
  return CSRO_OK;
}

/* Integral of the likelihood ratio for one radius over the places within it of a voxel's centre.
 * The ball of places is brought to its true volume. */
static double integrate(const csro_places *places, int k, double radius, const double center[3]) {
  int64_t lo[3], hi[3], inside = 0;
  double sum = 0, r[3];
  clip(places, center, radius, lo, hi);
  for (int64_t z = lo[2]; z <= hi[2]; z++)
    for (int64_t y = lo[1]; y <= hi[1]; y++)
      for (int64_t x = lo[0]; x <= hi[0]; x++) {
        int64_t p = (z * places->n[1] + y) * places->n[0] + x;
        place_at(places, p, r);
        if (!within(r, center, radius + 1e-9))
          continue;
        sum += exp((double)places->sized[p][k]);
        inside++;
      }
  double volume = 4.188790204786391 * radius * radius * radius;
  return inside > 0 ? sum * volume / (double)inside : 0;
}

csro_status csro_places_cover(csro_context *context, const csro_places *places,
                              const csro_ball_profiles *profiles, const csro_grid *grid,
                              float *out) {
  int64_t rows = grid->n[1] * grid->n[2];
  csro_progress progress;
  csro_progress_start(&progress, context, rows, 0.95, 1);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 16)
  for (int64_t row = 0; row < rows; row++) {
    if (csro_progress_add(&progress, 1))
      continue;
    for (int64_t i = 0; i < grid->n[0]; i++) {
      double center[3], sum = 0;
      int64_t voxel[3] = {i, row % grid->n[1], row / grid->n[1]};
      for (int a = 0; a < 3; a++)
        center[a] = grid->origin[a] + grid->edge / 2 + (double)voxel[a] * grid->stride;
      for (int k = 0; k < CSRO_ORDER_RADII; k++)
        sum += integrate(places, k, profiles->radius[k], center);
      out[row * grid->n[0] + i] = (float)(sum / CSRO_ORDER_RADII);
    }
  }
  return csro_progress_end(&progress);
}
