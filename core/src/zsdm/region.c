/* The z-SDM of a whole region. Where the ions fill their bounds, cells in a box find the partners
 * fastest; where a few stray ions stretch the bounds, only occupied cells exist. Both count the
 * same pairs. */
#include "csro/zsdm.h"

#include "base/progress.h"
#include "voxel/sparse_cell_list.h"
#include "zsdm/voxel_curves.h"

#include <stdlib.h>
#include <string.h>

/* What all threads share. */
typedef struct region {
  const csro_points *points;
  int64_t own;
  const uint16_t *label;
  uint16_t a, b;
  const csro_bins *bins;
  int64_t *counts;
  const csro_cells *cells;  /* of the partners, or NULL, then */
  csro_sparse_cells sparse; /* of all points, and in their order the partners: */
  double *x, *y, *z;
  int32_t *partners_before; /* of each sorted point, and the end */
} region;

/* What one thread works in. */
typedef struct worker {
  csro_pair_histogram pairs;
  int64_t looked_at;
} worker;

static void add_histogram(const region *of, csro_pair_histogram *pairs) {
#pragma omp critical(csro_zsdm_region)
  csro_pair_histogram_add(pairs, of->bins->first, of->bins->kept, of->counts);
  csro_pair_histogram_clear(pairs);
}

/* Before a 32-bit count can overflow. */
static void add_looked_at(const region *of, int64_t ions, worker *in) {
  in->looked_at += ions;
  if (in->looked_at > INT32_MAX / 2) {
    add_histogram(of, &in->pairs);
    in->looked_at = 0;
  }
}

static void count_points(const region *of, int64_t begin, int64_t end, worker *in) {
  for (int64_t i = begin; i < end; i++) {
    if (of->label && of->label[i] != of->a)
      continue;
    double r[3];
    csro_points_get(of->points, i, r);
    add_looked_at(of, csro_pair_histogram_from_cells(&in->pairs, r, of->cells), in);
  }
}

/* The pairs of the own ions of one cell with the partners in the windows around it. */
static void count_cell(const region *of, int32_t cell, csro_sparse_windows *windows, worker *in) {
  const csro_sparse_cells *s = &of->sparse;
  const int64_t x = csro_sparse_cells_place(s, cell, 0);
  for (int w = 0; w < windows->count; w++) {
    const csro_sparse_range near = csro_sparse_window_at(s, &windows->row[w], x);
    const int64_t begin = of->partners_before[s->first_point[near.first]];
    const int64_t end = of->partners_before[s->first_point[near.last]];
    for (int32_t p = s->first_point[cell]; p < s->first_point[cell + 1] && begin < end; p++) {
      const int32_t i = s->order[p];
      if (i >= of->own || (of->label && of->label[i] != of->a))
        continue;
      double r[3];
      csro_points_get(&s->points, p, r);
      csro_pair_histogram_from(&in->pairs, r, of->x, of->y, of->z, begin, end);
      add_looked_at(of, end - begin, in);
    }
  }
}

static void count_rows(const region *of, int32_t begin, int32_t end, worker *in) {
  csro_sparse_windows windows;
  for (int32_t row = begin; row < end; row++) {
    csro_sparse_windows_start(&of->sparse, row, &windows);
    for (int32_t cell = of->sparse.row[row]; cell < of->sparse.row[row + 1]; cell++)
      count_cell(of, cell, &windows, in);
  }
}

static csro_status count_all(csro_context *context, const region *of) {
  const int64_t chunk = of->cells ? 256 : 4, work = of->cells ? of->own : of->sparse.row_count;
  const int64_t chunks = (work + chunk - 1) / chunk;
  csro_progress progress;
  csro_status status = CSRO_OK;
  csro_progress_start(&progress, context, chunks, 0, 1);
#pragma omp parallel num_threads(context->threads)
  {
    worker mine = {.looked_at = 0};
    csro_context private_context = {.threads = 1};
    csro_status failed = csro_pair_histogram_init(&private_context, of->bins, &mine.pairs);
#pragma omp for schedule(dynamic, 1)
    for (int64_t c = 0; c < chunks; c++) {
      if (failed != CSRO_OK || csro_progress_add(&progress, 1))
        continue;
      const int64_t end = (c + 1) * chunk < work ? (c + 1) * chunk : work;
      if (of->cells)
        count_points(of, c * chunk, end, &mine);
      else
        count_rows(of, (int32_t)(c * chunk), (int32_t)end, &mine);
    }
    if (failed == CSRO_OK)
      add_histogram(of, &mine.pairs);
    csro_pair_histogram_release(&mine.pairs);
    if (failed != CSRO_OK) {
#pragma omp critical(csro_zsdm_error)
      status = csro_fail(context, failed, "%s", private_context.message);
    }
  }
  return status != CSRO_OK ? status : csro_progress_end(&progress);
}

/* The partners in the order of the sorted points. */
static csro_status list_partners(csro_context *context, region *of) {
  const csro_sparse_cells *s = &of->sparse;
  const int64_t count = s->points.count;
  double **axes[3] = {&of->x, &of->y, &of->z};
  of->partners_before = csro_allocate(context, count + 1, sizeof *of->partners_before);
  for (int a = 0; a < 3; a++)
    *axes[a] = csro_allocate(context, count + CSRO_CELLS_PADDING, sizeof(double));
  if (!of->partners_before || !of->x || !of->y || !of->z)
    return CSRO_ERROR_MEMORY;
  int32_t partners = 0;
  for (int64_t p = 0; p < count; p++) {
    of->partners_before[p] = partners;
    if (of->label && of->label[s->order[p]] != of->b)
      continue;
    double r[3];
    csro_points_get(&s->points, p, r);
    of->x[partners] = r[0], of->y[partners] = r[1], of->z[partners++] = r[2];
  }
  of->partners_before[count] = partners;
  for (int k = 0; k < CSRO_CELLS_PADDING; k++)
    of->x[partners + k] = of->y[partners + k] = of->z[partners + k] = 0;
  return CSRO_OK;
}

static csro_status count_sparse(csro_context *context, region *of) {
  /* Two cells reach as far as a pair, with room for the rounding of a cell's place. */
  const double side = of->bins->half_range * (1.02 / CSRO_SPARSE_REACH);
  uint64_t *scratch = csro_allocate(context, of->points->count, sizeof *scratch);
  csro_status status = scratch
                           ? csro_sparse_cells_init(context, of->points, side, scratch, &of->sparse)
                           : CSRO_ERROR_MEMORY;
  free(scratch);
  if (status == CSRO_OK)
    status = list_partners(context, of);
  if (status == CSRO_OK)
    status = count_all(context, of);
  free(of->x);
  free(of->y);
  free(of->z);
  free(of->partners_before);
  csro_sparse_cells_release(&of->sparse);
  return status;
}

static csro_status count_dense(csro_context *context, const double bounds[6], region *of) {
  csro_cells cells;
  csro_status status = csro_cells_build(context, of->points, of->label, of->b, bounds,
                                        of->bins->half_range / 3, &cells, NULL);
  if (status != CSRO_OK)
    return status;
  of->cells = &cells;
  status = count_all(context, of);
  csro_cells_release(&cells);
  return status;
}

csro_status csro_zsdm_region(csro_context *context, const csro_points *points, int64_t own,
                             const uint16_t *label, uint16_t a, uint16_t b, const csro_bins *bins,
                             int64_t *counts) {
  memset(counts, 0, (size_t)bins->kept * sizeof *counts);
  double bounds[6];
  csro_status status = csro_points_bounds(context, points, bounds);
  if (status != CSRO_OK || points->count == 0)
    return status;
  region of = {
      .points = points, .own = own, .label = label, .a = a, .b = b, .bins = bins, .counts = counts};
  status = csro_cells_fit(bounds, bins->half_range / 3, points->count)
               ? count_dense(context, bounds, &of)
               : count_sparse(context, &of);
  if (status != CSRO_OK)
    memset(counts, 0, (size_t)bins->kept * sizeof *counts);
  return status;
}
