/* The evidence of the candidate centres. */
#include "base/clones.h"
#include "base/progress.h"
#include "order/candidate_grid.h"
#include "order/fast_log.h"

#include <math.h>
#include <string.h>

enum { RADII = CSRO_BALL_LANES, CHUNK = 32 /* centres above each other, at most */ };
static const float promising =
    1; /* evidence of a candidate centre that makes those around it worth a scan */

/* ln of the mean over the radii of the exponentials. */
CSRO_CLONES static float mean_of(const float sized[RADII]) {
  float top = sized[0], sum = 0, part[RADII];
  for (int r = 1; r < CSRO_ORDER_RADII; r++)
    top = sized[r] > top ? sized[r] : top;
  for (int r = 0; r < RADII; r++)
    part[r] = csro_fast_exp(sized[r] - top);
  for (int r = 0; r < CSRO_ORDER_RADII; r++)
    sum += part[r];
  return top + csro_fast_log(sum / CSRO_ORDER_RADII);
}

/* The mean of even and odd planes rich. */
CSRO_CLONES static void find_means(const float evidence[2][RADII], float sized[RADII]) {
  for (int r = 0; r < RADII; r++) {
    float a = evidence[0][r], b = evidence[1][r], top = a > b ? a : b;
    sized[r] = top + csro_fast_log(0.5f + 0.5f * csro_fast_exp((a < b ? a : b) - top));
  }
}

/* The candidate centres with even numbers next to one held, one to eight. */
static int even_corners(const csro_candidate_grid *centers, const int64_t at[3], int64_t out[8]) {
  int count = 1;
  int64_t step = 1;
  out[0] = 0;
  for (int a = 0; a < 3; a++) {
    int64_t low = at[a] & ~INT64_C(1), high = at[a] + (at[a] & 1);
    bool two = high != low && high < centers->n[a];
    for (int c = 0; c < count; c++) {
      if (two)
        out[count + c] = out[c] + high * step;
      out[c] += low * step;
    }
    count *= two ? 2 : 1;
    step *= centers->n[a];
  }
  return count;
}

/* ln of the means over the corners. */
CSRO_CLONES static void average(const float (*sized)[CSRO_ORDER_RADII], int count,
                                const int64_t corners[8], float out[RADII]) {
  float values[8][RADII] = {{0}}, top[RADII] = {0}, sum[RADII] = {0};
  for (int c = 0; c < count; c++)
    memcpy(values[c], sized[corners[c]], sizeof *sized);
  memcpy(top, values[0], sizeof top);
  for (int c = 1; c < count; c++)
    for (int r = 0; r < RADII; r++)
      top[r] = values[c][r] > top[r] ? values[c][r] : top[r];
  for (int c = 0; c < count; c++)
    for (int r = 0; r < RADII; r++)
      sum[r] += csro_fast_exp(values[c][r] - top[r]);
  for (int r = 0; r < RADII; r++)
    out[r] = top[r] + csro_fast_log(sum[r] / (float)count);
}

/* A candidate centre between gets the mean of its corners, unless one of them promises more; its
 * evidence is that of the best of them. */
static bool take_mean(csro_candidate_grid *centers, const int64_t at[3], int64_t p) {
  int64_t corners[8];
  float sized[RADII], top = -INFINITY;
  int count = even_corners(centers, at, corners);
  for (int c = 0; c < count; c++)
    top = fmaxf(top, centers->evidence[corners[c]]);
  if (top > promising)
    return false;
  average((const float(*)[CSRO_ORDER_RADII])centers->sized, count, corners, sized);
  memcpy(centers->sized[p], sized, sizeof *centers->sized);
  centers->evidence[p] = top;
  return true;
}

/* Looks for the evidence of `count` candidate centres above each other. */
static bool scan(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                 const double at[2], int count, const int64_t *layer, int64_t p,
                 csro_candidate_grid *centers, csro_evidence_column *column) {
  float evidence[2][RADII], sized[RADII];
  double z[CHUNK];
  for (int m = 0; m < count; m++)
    z[m] = csro_candidate_along(centers, 2, centers->first[2] + layer[m]);
  if (!csro_evidence_gather(ions, profiles, at, (double[2]){z[0], z[count - 1]}, column))
    return false;
  for (int m = 0; m < count; m++) {
    csro_evidence_at(column, z[m], evidence);
    find_means((const float(*)[RADII])evidence, sized);
    int64_t to = p + layer[m] * centers->n[0] * centers->n[1];
    memcpy(centers->sized[to], sized, sizeof *centers->sized);
    centers->evidence[to] = mean_of(sized);
  }
  return true;
}

/* The stale candidate centres of a piece of a line along z that a pass is about; false without
 * memory. */
static bool pass_line(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                      bool between, const int64_t line[2], int64_t from,
                      csro_candidate_grid *centers, csro_evidence_column *column) {
  int64_t layer[CHUNK], at[3] = {line[0], line[1], from};
  int64_t base = line[1] * centers->n[0] + line[0], plane = centers->n[0] * centers->n[1];
  double r[2];
  int count = 0;
  for (; at[2] < centers->n[2] && at[2] < from + CHUNK; at[2]++) {
    int64_t p = base + at[2] * plane;
    bool odd = (at[0] | at[1] | at[2]) & 1;
    if (!centers->stale[p] || odd != between)
      continue;
    centers->stale[p] = 0;
    if (!between || !take_mean(centers, at, p))
      layer[count++] = at[2];
  }
  for (int a = 0; a < 2; a++)
    r[a] = csro_candidate_along(centers, a, centers->first[a] + line[a]);
  return count == 0 || scan(ions, profiles, r, count, layer, base, centers, column);
}

/* One pass over the stale candidate centres: those with even numbers, or those between. */
static csro_status pass(csro_context *context, const csro_signal_ions *ions,
                        const csro_ball_profiles *profiles, bool between, double begin, double end,
                        csro_candidate_grid *centers) {
  int64_t walls = centers->n[1] * ((centers->n[2] + CHUNK - 1) / CHUNK);
  int failed = 0;
  csro_progress progress;
  csro_progress_start(&progress, context, walls, begin, end);
#pragma omp parallel num_threads(context->threads)
  {
    csro_evidence_column column = {0};
#pragma omp for schedule(dynamic)
    for (int64_t wall = 0; wall < walls; wall++) {
      if (csro_progress_add(&progress, 1))
        continue;
      bool all = true;
      int64_t line[2] = {0, wall % centers->n[1]}, from = wall / centers->n[1] * CHUNK;
      for (; line[0] < centers->n[0]; line[0]++)
        all = pass_line(ions, profiles, between, line, from, centers, &column) && all;
      if (!all) {
#pragma omp atomic write
        failed = 1;
      }
    }
    csro_evidence_column_release(&column);
  }
  return failed ? csro_fail(context, CSRO_ERROR_MEMORY, "out of memory")
                : csro_progress_end(&progress);
}

csro_status csro_candidate_grid_update(csro_context *context, const csro_signal_ions *ions,
                                       const csro_ball_profiles *profiles, double begin, double end,
                                       csro_candidate_grid *centers) {
  double middle = (begin + end) / 2;
  csro_status status = pass(context, ions, profiles, false, begin, middle, centers);
  if (status == CSRO_OK)
    status = pass(context, ions, profiles, true, middle, end, centers);
  return status;
}
