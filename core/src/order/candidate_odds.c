/* What the candidate centres together say of voxels. */
#include "base/clones.h"
#include "base/progress.h"
#include "order/candidate_grid.h"
#include "order/fast_log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums over balls of candidate centres around the voxels of a row. Centres are counted as in the
 * whole grid. */
typedef struct row_sums {
  const csro_candidate_grid *centers;
  int64_t voxels, first[3], apart; /* the centre at the row's first voxel; and at the next */
  int64_t lo, width;               /* centres in `ratio` */
  float *ratio;     /* [width][radius], likelihood ratios of a row of centres, 0 unless own */
  double *sum;      /* [radius][voxels] */
  int32_t *covered; /* [radius][voxels], all centres, own or not */
} row_sums;

static void release(row_sums *row) {
  free(row->ratio);
  free(row->sum);
  free(row->covered);
  free(row);
}

/* For voxels a row of which has `voxels`, and balls of up to `most` candidate centres to a side. */
static row_sums *create(const csro_candidate_grid *centers, const csro_grid *grid, int64_t voxels,
                        int64_t most) {
  row_sums *row = calloc(1, sizeof *row);
  if (!row)
    return NULL;
  *row = (row_sums){.centers = centers, .voxels = voxels};
  row->apart = llround(grid->stride / centers->step);
  row->width = (voxels - 1) * row->apart + 2 * most + 1;
  row->ratio = calloc((size_t)(CSRO_ORDER_RADII * row->width), sizeof *row->ratio);
  row->sum = calloc((size_t)(CSRO_ORDER_RADII * voxels), sizeof *row->sum);
  row->covered = calloc((size_t)(CSRO_ORDER_RADII * voxels), sizeof *row->covered);
  if (row->ratio && row->sum && row->covered)
    return row;
  release(row);
  return NULL;
}

/* Steps by which a ball reaches along x at (j, k) steps from its centre; -1 for none. */
static int64_t half_of(double steps, int64_t j, int64_t k) {
  double square = steps * steps - (double)(j * j + k * k);
  return square < 0 ? -1 : (int64_t)sqrt(square);
}

CSRO_CLONES static void find_ratios(const float *restrict sized, int64_t n, float *restrict ratio) {
  for (int64_t i = 0; i < n; i++)
    ratio[i] = csro_fast_exp(sized[i]);
}

/* ratio: of one radius, at the centre of the first voxel. */
CSRO_CLONES static void add_up(const float *restrict ratio, int64_t voxels, int64_t apart,
                               int64_t half, double *restrict sum) {
  for (int64_t v = 0; v < voxels; v++) {
    double all = 0;
    for (int64_t d = v * apart - half; d <= v * apart + half; d++)
      all += (double)ratio[d * CSRO_ORDER_RADII];
    sum[v] += all;
  }
}

static void count_covered(const row_sums *row, int64_t half, int32_t *covered) {
  for (int64_t v = 0; v < row->voxels; v++) {
    int64_t at = row->first[0] + v * row->apart, last = row->centers->all[0] - 1;
    int64_t lo = at - half > 0 ? at - half : 0, hi = at + half < last ? at + half : last;
    covered[v] += hi >= lo ? (int32_t)(hi - lo + 1) : 0;
  }
}

/* Adds the row of candidate centres (j, k) steps from that of the voxels. */
static void add_row(row_sums *row, const double steps[CSRO_ORDER_RADII], int64_t j, int64_t k) {
  const csro_candidate_grid *centers = row->centers;
  const csro_block *own = &centers->own;
  int64_t y = row->first[1] + j, z = row->first[2] + k, most = row->first[0] - row->lo;
  if (y < 0 || y >= centers->all[1] || z < 0 || z >= centers->all[2])
    return;
  int64_t lo = row->lo > own->lo[0] ? row->lo : own->lo[0];
  int64_t hi = row->lo + row->width < own->hi[0] ? row->lo + row->width : own->hi[0];
  bool any = lo < hi && csro_candidate_owned(centers, lo, y, z);
  if (any)
    find_ratios(centers->sized[csro_candidate_held(centers, lo, y, z)],
                (hi - lo) * CSRO_ORDER_RADII, row->ratio + (lo - row->lo) * CSRO_ORDER_RADII);
  for (int r = 0; r < CSRO_ORDER_RADII; r++) {
    int64_t half = half_of(steps[r], j, k);
    if (half >= 0)
      count_covered(row, half, row->covered + r * row->voxels);
    if (half >= 0 && any)
      add_up(row->ratio + most * CSRO_ORDER_RADII + r, row->voxels, row->apart, half,
             row->sum + r * row->voxels);
  }
}

/* The integrals for one row of voxels; a ball of candidate centres is brought to its true volume.
 */
static void integrate(row_sums *row, const csro_ball_profiles *profiles,
                      const double steps[CSRO_ORDER_RADII], int64_t most, double *out) {
  size_t all = (size_t)(CSRO_ORDER_RADII * row->voxels);
  memset(row->sum, 0, all * sizeof *row->sum);
  memset(row->covered, 0, all * sizeof *row->covered);
  row->lo = row->first[0] - most;
  for (int64_t k = -most; k <= most; k++)
    for (int64_t j = -most; j <= most; j++)
      add_row(row, steps, j, k);
  for (int64_t v = 0; v < row->voxels; v++) {
    out[v] = 0;
    for (int r = 0; r < CSRO_ORDER_RADII; r++) {
      int32_t covered = row->covered[r * row->voxels + v];
      double radius = profiles->radius[r], volume = 4.188790204786391 * radius * radius * radius;
      out[v] += covered > 0 ? row->sum[r * row->voxels + v] * volume / covered : 0;
    }
    out[v] /= CSRO_ORDER_RADII;
  }
}

csro_status csro_candidate_grid_voxel_odds(csro_context *context,
                                           const csro_candidate_grid *centers,
                                           const csro_ball_profiles *profiles,
                                           const csro_grid *grid, const csro_block *voxels,
                                           double *out) {
  int64_t n[3], first[3];
  for (int a = 0; a < 3; a++) {
    double at = csro_voxel_center_along(grid, a, voxels->lo[a]);
    n[a] = voxels->hi[a] - voxels->lo[a];
    first[a] = llround((at - centers->origin[a]) / centers->step);
  }
  if (csro_block_size(voxels) == 0)
    return CSRO_OK;
  double steps[CSRO_ORDER_RADII], widest = 0;
  for (int r = 0; r < CSRO_ORDER_RADII; r++) {
    steps[r] = (profiles->radius[r] + 1e-9) / centers->step;
    widest = fmax(widest, steps[r]);
  }
  int64_t rows = n[1] * n[2];
  int failed = 0;
  csro_progress progress;
  csro_progress_start(&progress, context, rows, 0.95, 1);
#pragma omp parallel num_threads(context->threads)
  {
    row_sums *sums = create(centers, grid, n[0], (int64_t)widest);
    if (!sums) {
#pragma omp atomic write
      failed = 1;
    }
#pragma omp for schedule(dynamic, 16)
    for (int64_t row = 0; row < rows; row++) {
      if (csro_progress_add(&progress, 1) || !sums)
        continue;
      sums->first[0] = first[0];
      sums->first[1] = first[1] + row % n[1] * sums->apart;
      sums->first[2] = first[2] + row / n[1] * sums->apart;
      integrate(sums, profiles, steps, (int64_t)widest, out + row * n[0]);
    }
    if (sums)
      release(sums);
  }
  return failed ? csro_fail(context, CSRO_ERROR_MEMORY, "out of memory")
                : csro_progress_end(&progress);
}
