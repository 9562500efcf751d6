/* What the candidate centres together say of voxels. */
#include "base/clones.h"
#include "base/progress.h"
#include "order/candidate_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RADII = CSRO_ORDER_RADII, MOST_KEPT = 16 };
static const float highest = 6; /* likelihood ratio of a centre where no domain is looked for */

/* Sums over balls of candidate centres around the voxels of a row. Centres are counted as in the
 * whole grid. */
typedef struct row_sums {
  const csro_candidate_grid *centers;
  int64_t voxels, first[3], apart; /* the centre at the row's first voxel; and at the next */
  int64_t lo, width;               /* centres in `ratio` */
  int64_t side;                    /* rows of centres along y and along z whose ratios are kept */
  int64_t (*kept)[2];              /* [side * side] which they are: y and z; -1 for none */
  float (*ratio)[RADII]; /* [side * side][width], likelihood ratios of centres, 0 unless own */
  float (*mean)[RADII];  /* of cells */
  double *sum;           /* [radius][voxels] */
  int32_t *covered;      /* [radius][voxels], all centres, own or not */
} row_sums;

static void release(row_sums *row) {
  free(row->kept);
  free(row->ratio);
  free(row->mean);
  free(row->sum);
  free(row->covered);
  free(row);
}

/* For rows of candidate centres alone. */
static row_sums *create_row(const csro_candidate_grid *centers, int64_t width) {
  row_sums *row = calloc(1, sizeof *row);
  if (!row)
    return NULL;
  *row = (row_sums){.centers = centers, .width = width};
  row->ratio = calloc((size_t)width, sizeof *row->ratio);
  row->mean = calloc((size_t)width + 2, sizeof *row->mean);
  if (row->ratio && row->mean)
    return row;
  release(row);
  return NULL;
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
  row->side = 2 * most + 1 <= MOST_KEPT ? 2 * most + 1 : 1;
  const size_t rows = (size_t)(row->side * row->side);
  row->kept = malloc(rows * sizeof *row->kept);
  for (size_t k = 0; k < rows && row->kept; k++)
    row->kept[k][0] = row->kept[k][1] = -1;
  row->ratio = calloc(rows * (size_t)row->width, sizeof *row->ratio);
  row->mean = calloc((size_t)row->width + 2, sizeof *row->mean);
  row->sum = calloc((size_t)(RADII * voxels), sizeof *row->sum);
  row->covered = calloc((size_t)(RADII * voxels), sizeof *row->covered);
  if (row->kept && row->ratio && row->mean && row->sum && row->covered)
    return row;
  release(row);
  return NULL;
}

/* Steps by which a ball reaches along x at (j, k) steps from its centre; -1 for none. */
static int64_t half_of(double steps, int64_t j, int64_t k) {
  double square = steps * steps - (double)(j * j + k * k);
  return square < 0 ? -1 : (int64_t)sqrt(square);
}

/* Means over up to four rows of cells. */
CSRO_CLONES static void average(const csro_candidate_cell *const rows[4], int count, int64_t n,
                                float (*restrict out)[RADII]) {
  for (int64_t x = 0; x < n; x++) {
    float sum[RADII] = {0};
    for (int c = 0; c < count; c++)
      for (int r = 0; r < RADII; r++)
        sum[r] += rows[c][x].ratio[r];
    for (int r = 0; r < RADII; r++)
      out[x][r] = sum[r] / (float)count;
  }
}

/* The likelihood ratios of the candidate centres lo .. hi of a row: those that were not looked for
 * have the mean of those with even numbers around. */
CSRO_CLONES static void find_ratios(const row_sums *row, int64_t lo, int64_t hi, int64_t y,
                                    int64_t z, float (*restrict ratio)[RADII]) {
  const csro_candidate_grid *centers = row->centers;
  const csro_candidate_cell *rows[4], *cells = csro_candidate_cell_of(centers, lo, y, z);
  int64_t beside[2] = {(y - centers->first[1]) / 2 + 1 < centers->cells[1] ? centers->cells[0] : 0,
                       (z - centers->first[2]) / 2 + 1 < centers->cells[2]
                           ? centers->cells[0] * centers->cells[1]
                           : 0};
  int64_t from = (lo - centers->first[0]) / 2, n = (hi - 1 - centers->first[0]) / 2 + 1 - from;
  int64_t more = from + n < centers->cells[0]; /* a cell to average with */
  int count = 0;
  for (int c = 0; c < 4; c++)
    if ((c & 1 & y) == (c & 1) && (c >> 1 & z) == c >> 1)
      rows[count++] = cells + (c & 1) * beside[0] + (c >> 1) * beside[1];
  average(rows, count, n + more, row->mean);
  for (int64_t i = lo; i < hi; i++) {
    int64_t x = (i - centers->first[0]) / 2 - from, next = i & 1 && x + 1 < n + more ? x + 1 : x;
    int place = csro_candidate_place(i, y, z);
    const float *known = place == 0 ? cells[x].ratio : NULL;
    if (place > 0 && cells[x].known >> place & 1)
      known = centers->others[cells[x].others].ratio[place - 1];
    for (int r = 0; r < RADII; r++)
      ratio[i - lo][r] = known ? known[r] : 0.5f * (row->mean[x][r] + row->mean[next][r]);
  }
}

/* ratio: of one radius, at the centre of the first voxel. */
CSRO_CLONES static void add_up(const float *restrict ratio, int64_t voxels, int64_t apart,
                               int64_t half, double *restrict sum) {
  for (int64_t v = 0; v < voxels; v++) {
    double all = 0;
    for (int64_t d = v * apart - half; d <= v * apart + half; d++)
      all += (double)ratio[d * RADII];
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
static void add_row(row_sums *row, const double steps[RADII], int64_t j, int64_t k) {
  const csro_candidate_grid *centers = row->centers;
  const csro_block *own = &centers->own;
  int64_t y = row->first[1] + j, z = row->first[2] + k, most = row->first[0] - row->lo;
  if (y < 0 || y >= centers->all[1] || z < 0 || z >= centers->all[2])
    return;
  int64_t lo = row->lo > own->lo[0] ? row->lo : own->lo[0];
  int64_t hi = row->lo + row->width < own->hi[0] ? row->lo + row->width : own->hi[0];
  bool any = lo < hi && csro_candidate_owned(centers, lo, y, z);
  const int64_t place = z % row->side * row->side + y % row->side;
  float(*ratio)[RADII] = row->ratio + place * row->width;
  int64_t *kept = row->kept[place];
  if (any && !(kept[0] == y && kept[1] == z)) {
    find_ratios(row, lo, hi, y, z, ratio + (lo - row->lo));
    kept[0] = y;
    kept[1] = z;
  }
  for (int r = 0; r < RADII; r++) {
    int64_t half = half_of(steps[r], j, k);
    if (half >= 0)
      count_covered(row, half, row->covered + r * row->voxels);
    if (half >= 0 && any)
      add_up(ratio[most] + r, row->voxels, row->apart, half, row->sum + r * row->voxels);
  }
}

/* The integrals for one row of voxels; a ball of candidate centres is brought to its true volume.
 */
static void integrate(row_sums *row, const csro_ball_profiles *profiles, const double steps[RADII],
                      int64_t most, double *out) {
  size_t all = (size_t)(RADII * row->voxels);
  memset(row->sum, 0, all * sizeof *row->sum);
  memset(row->covered, 0, all * sizeof *row->covered);
  row->lo = row->first[0] - most;
  for (int64_t k = -most; k <= most; k++)
    for (int64_t j = -most; j <= most; j++)
      add_row(row, steps, j, k);
  for (int64_t v = 0; v < row->voxels; v++) {
    out[v] = 0;
    for (int r = 0; r < RADII; r++) {
      int32_t covered = row->covered[r * row->voxels + v];
      double radius = profiles->radius[r], volume = 4.188790204786391 * radius * radius * radius;
      out[v] += covered > 0 ? row->sum[r * row->voxels + v] * volume / covered : 0;
    }
    out[v] /= RADII;
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
  double steps[RADII], widest = 0;
  for (int r = 0; r < RADII; r++) {
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

/* The part of a row of own candidate centres. */
static int64_t room_of_row(row_sums *row, int64_t y, int64_t z) {
  const csro_candidate_grid *centers = row->centers;
  int64_t lo = centers->own.lo[0], hi = centers->own.hi[0], sum = 0;
  find_ratios(row, lo, hi, y, z, row->ratio);
  for (int64_t x = lo; x < hi; x++) {
    const csro_candidate_cell *cell = csro_candidate_cell_of(centers, x, y, z);
    float mean = 0;
    for (int r = 0; r < CSRO_ORDER_RADII; r++)
      mean += row->ratio[x - lo][r] / CSRO_ORDER_RADII;
    bool near = cell->stale >> csro_candidate_place(x, y, z) & 1;
    mean = mean < highest ? mean : highest;
    sum += near ? CSRO_ROOM_UNIT : llround((double)(1 - mean) * CSRO_ROOM_UNIT);
  }
  return sum;
}

csro_status csro_candidate_grid_room(csro_context *context, csro_candidate_grid *centers,
                                     int64_t *room) {
  const csro_block *own = &centers->own;
  int64_t n = own->hi[1] - own->lo[1],
          rows = csro_block_size(own) > 0 ? n * (own->hi[2] - own->lo[2]) : 0;
  int64_t sum = 0;
  bool failed = false;
#pragma omp parallel num_threads(context->threads) reduction(+ : sum) reduction(|| : failed)
  {
    row_sums *row = rows > 0 ? create_row(centers, own->hi[0] - own->lo[0]) : NULL;
    failed = rows > 0 && !row;
#pragma omp for schedule(dynamic, 16)
    for (int64_t r = 0; r < rows; r++)
      if (row)
        sum += room_of_row(row, own->lo[1] + r % n, own->lo[2] + r / n);
    if (row)
      release(row);
  }
  int64_t cells = centers->cells[0] * centers->cells[1] * centers->cells[2];
  for (int64_t c = 0; c < cells; c++)
    centers->cell[c].stale = 0;
  *room = sum;
  return failed ? csro_fail(context, CSRO_ERROR_MEMORY, "out of memory") : CSRO_OK;
}
