/* Which voxels the domains cover. */
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

/* Multiplies the probability of being outside, for the voxels that a domain may cover. share: of
 * each voxel, whether it lies in the specimen. */
static void rate_voxels(const csro_search *s, const csro_posterior *p, const csro_block *voxels,
                        const double *share, double *outside) {
  const csro_grid *grid = s->grid;
  double reach = reach_of(s) / grid->stride;
  int64_t lo[3], hi[3];
  for (int a = 0; a < 3; a++) {
    double at = (p->position[a] - csro_voxel_center_along(grid, a, 0)) / grid->stride;
    lo[a] = (int64_t)fmax((double)voxels->lo[a], ceil(at - reach));
    hi[a] = (int64_t)fmin((double)voxels->hi[a] - 1, floor(at + reach));
  }
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++)
      for (int64_t i = lo[0]; i <= hi[0]; i++) {
        double r[3];
        csro_voxel_center(grid, i, j, k, r);
        double covered = csro_posterior_voxel(p, &s->profiles, r) * p->domain.existence;
        int64_t v = csro_block_at(voxels, i, j, k);
        outside[v] *= 1 - covered * share[v];
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
  if (!csro_signal_block(ions, r, reach, reach, lo, hi))
    return 0;
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++) {
      int64_t end = ions->start[csro_signal_cell(ions, hi[0], j, k) + 1];
      for (int64_t i = ions->start[csro_signal_cell(ions, lo[0], j, k)]; i < end; i++) {
        const double d[3] = {ions->x[i] - r[0], ions->y[i] - r[1], ions->z[i] - r[2]};
        if (d[0] * d[0] + d[1] * d[1] + d[2] * d[2] > reach * reach)
          continue;
        count++;
        for (int a = 0; a < 3; a++)
          sum[a] += d[a];
      }
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
