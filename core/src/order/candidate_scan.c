/* The evidence of the candidate centres. */
#include "base/clones.h"
#include "base/progress.h"
#include "order/candidate_grid.h"
#include "order/fast_log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RADII = CSRO_BALL_LANES, CHUNK = 32 /* centres above each other, at most */ };
/* Evidence of the best of the candidate centres around with even numbers that makes one between
 * worth a scan, and of the worst of them that makes it useless: all around is order. */
static const float promising = 1, certain = 12;
static const float overflows = 85;

/* What of the cells a pass is about: their first candidate centres, or the others. */
enum { FIRST = 0x01, OTHERS = 0xfe };

/* The likelihood ratios, mean of even and odd planes rich; returns ln of their mean over the radii,
 * which holds for the highest ones, too. */
CSRO_CLONES static float find_means(const float evidence[2][RADII], float ratio[RADII]) {
  float top = evidence[0][0], sum = 0;
  for (int r = 0; r < RADII; r++)
    ratio[r] = 0.5f * csro_fast_exp(evidence[0][r]) + 0.5f * csro_fast_exp(evidence[1][r]);
  for (int v = 0; v < 2; v++)
    for (int r = 0; r < RADII; r++)
      top = evidence[v][r] > top ? evidence[v][r] : top;
  if (top < overflows) {
    for (int r = 0; r < RADII; r++)
      sum += ratio[r];
    return csro_fast_log(sum / CSRO_ORDER_RADII);
  }
  for (int r = 0; r < RADII; r++)
    sum += 0.5f * csro_fast_exp(evidence[0][r] - top) + 0.5f * csro_fast_exp(evidence[1][r] - top);
  return top + csro_fast_log(sum / CSRO_ORDER_RADII);
}

/* The best of the balls if it is larger than those looked for, else 0. */
static uint8_t larger_of(const float evidence[2][RADII]) {
  int best = 0;
  float most = -INFINITY;
  for (int r = 0; r < RADII; r++) {
    const float higher = evidence[0][r] > evidence[1][r] ? evidence[0][r] : evidence[1][r];
    best = higher > most ? r : best;
    most = higher > most ? higher : most;
  }
  return (uint8_t)(best < CSRO_ORDER_RADII ? 0 : best);
}

/* Looks for the evidence of `count` candidate centres above each other. */
static bool scan(const csro_signal_ions *ions, const csro_ball_profiles *profiles, int64_t i,
                 int64_t j, int count, const int64_t *k, csro_candidate_grid *centers,
                 csro_evidence_column columns[2]) {
  csro_evidence_column *column = &columns[0];
  double at[2] = {csro_candidate_along(centers, 0, i), csro_candidate_along(centers, 1, j)};
  double z[2] = {csro_candidate_along(centers, 2, k[0]),
                 csro_candidate_along(centers, 2, k[count - 1])};
  if (!csro_evidence_gather(ions, profiles, CSRO_ORDER_RADII - 1, at, z, column))
    return false;
  for (int m = 0; m < count; m++) {
    float evidence[2][RADII], ratio[RADII];
    csro_candidate_cell *cell = csro_candidate_cell_of(centers, i, j, k[m]);
    int place = csro_candidate_place(i, j, k[m]);
    double center[3] = {at[0], at[1], csro_candidate_along(centers, 2, k[m])};
    csro_evidence_at(column, center[2], evidence);
    /* Larger balls are found from every fourth centre. */
    if ((i | j | k[m]) % 4 == 0 &&
        !csro_evidence_larger(ions, profiles, center, &columns[1], evidence))
      return false;
    float mean = find_means((const float(*)[RADII])evidence, ratio);
    if (place == 0) {
      cell->evidence = mean;
      cell->size = larger_of((const float(*)[RADII])evidence);
    } else {
      centers->others[cell->others].evidence[place - 1] = mean;
    }
    memcpy(place == 0 ? cell->ratio : centers->others[cell->others].ratio[place - 1], ratio,
           sizeof cell->ratio);
    cell->known = (uint8_t)(cell->known | 1 << place);
    cell->stale = (uint8_t)(cell->stale & ~(1 << place));
  }
  return true;
}

/* The stale candidate centres of a piece of a line along z that a pass is about; false without
 * memory. */
static bool pass_line(const csro_signal_ions *ions, const csro_ball_profiles *profiles, int what,
                      const int64_t line[3], csro_candidate_grid *centers,
                      csro_evidence_column columns[2]) {
  int64_t layer[CHUNK], end = centers->first[2] + centers->n[2];
  int count = 0;
  for (int64_t k = line[2]; k < end && k < line[2] + CHUNK; k++) {
    const csro_candidate_cell *cell = csro_candidate_cell_of(centers, line[0], line[1], k);
    if (cell->stale & what & 1 << csro_candidate_place(line[0], line[1], k))
      layer[count++] = k;
  }
  return count == 0 || scan(ions, profiles, line[0], line[1], count, layer, centers, columns);
}

/* The lines of a wall of cells along x. */
static bool pass_wall(const csro_signal_ions *ions, const csro_ball_profiles *profiles, int what,
                      int64_t wall, csro_candidate_grid *centers, csro_evidence_column columns[2]) {
  const int64_t *first = centers->first, step = what == FIRST ? 2 : 1;
  int64_t y = first[1] + wall % centers->cells[1] * 2, line[3];
  bool all = true;
  line[2] = first[2] + wall / centers->cells[1] * CHUNK;
  for (line[1] = y; line[1] < y + 2 && line[1] < first[1] + centers->n[1]; line[1] += step)
    for (line[0] = first[0]; line[0] < first[0] + centers->n[0]; line[0] += step)
      all = pass_line(ions, profiles, what, line, centers, columns) && all;
  return all;
}

/* One pass over the stale candidate centres. */
static csro_status pass(csro_context *context, const csro_signal_ions *ions,
                        const csro_ball_profiles *profiles, int what, double begin, double end,
                        csro_candidate_grid *centers) {
  int64_t walls = centers->cells[1] * ((centers->n[2] + CHUNK - 1) / CHUNK);
  int failed = 0;
  csro_progress progress;
  csro_progress_start(&progress, context, walls, begin, end);
#pragma omp parallel num_threads(context->threads)
  {
    csro_evidence_column columns[2] = {{0}, {0}};
#pragma omp for schedule(dynamic)
    for (int64_t wall = 0; wall < walls; wall++) {
      if (csro_progress_add(&progress, 1))
        continue;
      if (!pass_wall(ions, profiles, what, wall, centers, columns)) {
#pragma omp atomic write
        failed = 1;
      }
    }
    csro_evidence_column_release(&columns[0]);
    csro_evidence_column_release(&columns[1]);
  }
  return failed ? csro_fail(context, CSRO_ERROR_MEMORY, "out of memory")
                : csro_progress_end(&progress);
}

/* Which of the stale others of a cell have a promising candidate centre with even numbers next to
 * them. */
static int choose(const csro_candidate_grid *centers, int64_t c) {
  int64_t row = c / centers->cells[0], last[3], step = 1;
  int64_t at[3] = {c % centers->cells[0], row % centers->cells[1], row / centers->cells[1]};
  int wanted = 0, promise = 0, doubt = 0;
  for (int a = 0; a < 3; step *= centers->cells[a++])
    last[a] = at[a] + 1 < centers->cells[a] ? step : 0;
  for (int corner = 0; corner < 8; corner++) {
    int64_t next = c;
    for (int a = 0; a < 3; a++)
      next += corner >> a & 1 ? last[a] : 0;
    promise |= (centers->cell[next].evidence > promising) << corner;
    doubt |= (centers->cell[next].evidence < certain) << corner;
  }
  for (int place = 1; place < 8 && promise; place++) {
    int around = 0; /* the corners next to it */
    for (int corner = 0; corner < 8; corner++)
      around |= ((corner & place) == corner) << corner;
    wanted |= ((promise & around) && (doubt & around)) << place;
  }
  return wanted & centers->cell[c].stale;
}

/* Leaves those of the others stale that are to be looked for, with room for what will be found. */
static csro_status choose_others(csro_context *context, csro_candidate_grid *centers) {
  int64_t cells = centers->cells[0] * centers->cells[1] * centers->cells[2], count = centers->count;
#pragma omp parallel for num_threads(context->threads) schedule(static)
  for (int64_t c = 0; c < cells; c++) {
    csro_candidate_cell *cell = &centers->cell[c];
    if (!cell->stale)
      continue;
    int wanted = choose(centers, c);
    cell->known = (uint8_t)(cell->known & ~cell->stale);
    cell->stale = (uint8_t)wanted;
  }
  for (int64_t c = 0; c < cells; c++)
    if (centers->cell[c].stale && centers->cell[c].others < 0)
      centers->cell[c].others = (int32_t)count++;
  if (count > centers->room) {
    csro_candidate_others *more = realloc(centers->others, (size_t)count * sizeof *more);
    if (!more)
      return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory");
    centers->others = more;
    centers->room = count;
  }
  centers->count = count;
  return CSRO_OK;
}

csro_status csro_candidate_grid_update(csro_context *context, const csro_signal_ions *ions,
                                       const csro_ball_profiles *profiles, double begin, double end,
                                       csro_candidate_grid *centers) {
  double middle = (begin + end) / 2;
  if (!centers->stale)
    return CSRO_OK;
  centers->stale = false;
  csro_status status = pass(context, ions, profiles, FIRST, begin, middle, centers);
  if (status == CSRO_OK)
    status = choose_others(context, centers);
  if (status == CSRO_OK)
    status = pass(context, ions, profiles, OTHERS, middle, end, centers);
  return status;
}
