/* Which voxels the domains cover. */
#include "base/clones.h"
#include "order/search.h"

#include <math.h>
#include <stdlib.h>

/* How far from an own candidate centre a voxel may be covered. */
static double reach_of(const csro_search *s) {
  return csro_search_wander + s->profiles.radius[CSRO_BALL_LANES - 1];
}

csro_block csro_order_search_reach(const csro_search *s, const csro_block *voxels) {
  csro_block block = *voxels;
  const csro_candidate_grid *centers = &s->centers;
  for (int a = 0; a < 3; a++) {
    double low = centers->origin[a] + (double)centers->own.lo[a] * centers->step - reach_of(s);
    double high = centers->origin[a] + (double)centers->own.hi[a] * centers->step + reach_of(s);
    while (block.lo[a] < block.hi[a] && csro_voxel_center_along(s->grid, a, block.lo[a]) < low)
      block.lo[a]++;
    while (block.lo[a] < block.hi[a] && csro_voxel_center_along(s->grid, a, block.hi[a] - 1) > high)
      block.hi[a]--;
    if (centers->own.lo[a] >= centers->own.hi[a])
      block.hi[a] = block.lo[a];
  }
  return block;
}

/* No ball of a domain reaches farther from its position. */
static double farthest(const csro_search *s, const csro_posterior *p) {
  const csro_ball_mixture *balls = &p->balls;
  double far = 0;
  for (int64_t b = 0; b < balls->count; b++) {
    double square = 0;
    for (int a = 0; a < 3; a++)
      square += (double)balls->center[a][b] * (double)balls->center[a][b];
    far = fmax(far, sqrt(square) + s->profiles.radius[balls->radius[b]]);
  }
  return far + 1e-6;
}

/* Multiplies the probability of being outside, for the voxels that a domain may cover. share: of
 * each voxel, whether it lies in the specimen. */
static void rate_voxels(const csro_search *s, const csro_posterior *p, const csro_block *voxels,
                        const double *share, double *outside) {
  const csro_grid *grid = s->grid;
  const double far = fmin(farthest(s, p), reach_of(s)), reach = far / grid->stride;
  int64_t lo[3], hi[3];
  for (int a = 0; a < 3; a++) {
    double at = (p->position[a] - csro_voxel_center_along(grid, a, 0)) / grid->stride;
    lo[a] = (int64_t)fmax((double)voxels->lo[a], ceil(at - reach));
    hi[a] = (int64_t)fmin((double)voxels->hi[a] - 1, floor(at + reach));
  }
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++)
      for (int64_t i = lo[0]; i <= hi[0]; i++) {
        double r[3], square = 0;
        csro_voxel_center(grid, i, j, k, r);
        for (int a = 0; a < 3; a++)
          square += (r[a] - p->position[a]) * (r[a] - p->position[a]);
        if (square > far * far)
          continue;
        double covered = csro_posterior_voxel(p, &s->profiles, r) * p->domain.existence;
        int64_t v = csro_block_at(voxels, i, j, k);
        outside[v] *= 1 - covered * share[v];
      }
}

/* How far a place is from a cell along an axis. */
static inline double from_cell(const csro_signal_ions *ions, int axis, int64_t cell, double at) {
  const double below = ions->origin[axis] + (double)cell * CSRO_ORDER_CELL - at;
  const double beyond = -below - CSRO_ORDER_CELL, most = below > beyond ? below : beyond;
  return most > 0 ? most : 0;
}

enum { LANES = CSRO_SIGNAL_SPARE };
/* Sums over the ions within reach of a point, spread over lanes. */
typedef struct near_sums {
  float r[3], place[3][LANES];
  int32_t count[LANES];
} near_sums;

/* Adds n ions from `begin` on. */
CSRO_CLONES static void add_run(const csro_signal_ions *ions, int64_t begin, int64_t n,
                                near_sums *sums) {
  const float reach = (float)CSRO_ORDER_SURFACE, rx = sums->r[0], ry = sums->r[1], rz = sums->r[2];
  for (int64_t first = 0; first < n; first += LANES) {
    const float *x = ions->x + begin + first, *y = ions->y + begin + first;
    const float *z = ions->z + begin + first;
    const int32_t left = n - first < LANES ? (int32_t)(n - first) : LANES;
    for (int l = 0; l < LANES; l++) {
      const float dx = x[l] - rx, dy = y[l] - ry, dz = z[l] - rz;
      const int32_t near = (dx * dx + dy * dy + dz * dz <= reach * reach) & (l < left);
      sums->count[l] += near;
      sums->place[0][l] += near ? dx : 0;
      sums->place[1][l] += near ? dy : 0;
      sums->place[2][l] += near ? dz : 0;
    }
  }
}

/* Whether a point lies in the specimen: 1 inside, half at the surface, 0 where ions are on one side
 * only. By how far the mean place of the ions around it is off: 3/8 of the distance within which
 * they are taken, at a flat surface; less what chance gives. */
static double lies_inside(const csro_search *s, const double r[3]) {
  const csro_signal_ions *ions = &s->ions;
  const double reach = CSRO_ORDER_SURFACE;
  int64_t lo[3], hi[3], count = 0;
  double sum[3] = {0};
  near_sums sums = {.r = {(float)r[0], (float)r[1], (float)r[2]}};
  if (!csro_signal_block(ions, r, reach, reach, lo, hi))
    return 0;
  for (int64_t k = lo[2]; k <= hi[2]; k++) {
    const double z = from_cell(ions, 2, k, r[2]), left = reach * reach - z * z + 1e-5;
    for (int64_t j = lo[1]; j <= hi[1]; j++) {
      const double y = from_cell(ions, 1, j, r[1]), half = sqrt(left > y * y ? left - y * y : 0);
      const double first = (r[0] - half - ions->origin[0]) / CSRO_ORDER_CELL;
      const double last = (r[0] + half - ions->origin[0]) / CSRO_ORDER_CELL;
      const int64_t from = first > (double)lo[0] ? (int64_t)first : lo[0];
      const int64_t to = last < (double)hi[0] ? (int64_t)last : hi[0];
      if (from > to || y * y > left)
        continue;
      const int64_t begin = ions->start[csro_signal_cell(ions, from, j, k)];
      add_run(ions, begin, ions->start[csro_signal_cell(ions, to, j, k) + 1] - begin, &sums);
    }
  }
  for (int l = 0; l < LANES; l++) {
    count += sums.count[l];
    for (int a = 0; a < 3; a++)
      sum[a] += (double)sums.place[a][l];
  }
  if (count == 0)
    return 0;
  double n = (double)count, square = 0;
  for (int a = 0; a < 3; a++)
    square += sum[a] * sum[a] / (n * n * reach * reach);
  double off = sqrt(fmax(square - 0.6 / n, 0));
  return fmin(fmax(0.5 - (off - 0.375) / 0.35, 0), 1);
}

/* Domains end at the surface, beyond which nothing speaks against them. */
static void find_shares(const csro_search *s, const csro_block *voxels, double *share) {
  int64_t n[2] = {voxels->hi[0] - voxels->lo[0], voxels->hi[1] - voxels->lo[1]};
#pragma omp parallel for num_threads(s->context->threads) schedule(dynamic, 64)
  for (int64_t v = 0; v < csro_block_size(voxels); v++) {
    double r[3];
    csro_voxel_center(s->grid, voxels->lo[0] + v % n[0], voxels->lo[1] + v / n[0] % n[1],
                      voxels->lo[2] + v / n[0] / n[1], r);
    share[v] = lies_inside(s, r);
  }
}

/* A voxel is in no domain when it is in none of those subtracted and in none of those that the rest
 * of the signal leaves possible. */
csro_status csro_order_search_voxel_odds(csro_search *s, const csro_block *voxels, double *inside,
                                         double *outside) {
  int64_t n = csro_block_size(voxels);
  csro_status status = csro_candidate_grid_voxel_odds(s->context, &s->centers, &s->profiles,
                                                      s->grid, voxels, inside);
  if (status != CSRO_OK)
    return status;
  double *share = csro_allocate(s->context, n, sizeof *share);
  if (!share)
    return CSRO_ERROR_MEMORY;
  find_shares(s, voxels, share);
  for (int64_t v = 0; v < n; v++) {
    inside[v] *= share[v];
    outside[v] = 1;
  }
  for (int64_t d = 0; d < s->count; d++)
    if (s->found[d].subtracted && s->found[d].own && s->found[d].rival == 0)
      rate_voxels(s, &s->found[d].posterior, voxels, share, outside);
  free(share);
  return CSRO_OK;
}
