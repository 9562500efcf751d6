#include "voxel/cell_list.h"

#include "base/counting_sort.h"
#include "csro/share.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double most_cells = 268435456.0; /* 2^28: 2 GiB of cell starts */
static const double cells_always = 1048576.0; /* 2^20: 8 MiB */
static const double cells_per_ion = 16;       /* dense specimens have a sixth of a cell per ion */

bool csro_cells_fit(const double bounds[6], double size, int64_t ions) {
  double total = 1;
  for (int a = 0; a < 3; a++)
    total *= floor((bounds[2 * a + 1] - bounds[2 * a]) / size) + 2;
  return total <= fmin(most_cells, fmax(cells_always, cells_per_ion * (double)ions));
}

static void shape_cells(csro_cells *cells, const double bounds[6], double size, int64_t ions) {
  double extent[3];
  while (!csro_cells_fit(bounds, size, ions))
    size *= 2;
  cells->size = size;
  for (int a = 0; a < 3; a++)
    extent[a] = bounds[2 * a + 1] - bounds[2 * a];
  for (int a = 0; a < 3; a++) {
    /* half a cell off, for the balls of a voxel grid begin and end at whole steps from the bounds:
       on a cell border, rounding would decide which cells they touch */
    cells->origin[a] = bounds[2 * a] - size / 2;
    cells->n[a] = (int64_t)floor(extent[a] / size) + 2;
  }
}

static int64_t cell_of(const csro_cells *cells, const double bounds[6], const double r[3]) {
  int64_t index[3];
  for (int a = 0; a < 3; a++) {
    if (!(r[a] >= bounds[2 * a] && r[a] <= bounds[2 * a + 1]))
      return -1;
    index[a] = (int64_t)((r[a] - cells->origin[a]) / cells->size);
    if (index[a] >= cells->n[a])
      index[a] = cells->n[a] - 1;
  }
  return (index[2] * cells->n[1] + index[1]) * cells->n[0] + index[0];
}

/* A stable sort in two steps, so that threads share it: each thread takes its share of the points,
 * in order, to buckets of consecutive cells; then each bucket is sorted by cell on its own. */
enum { MOST_BUCKETS = 4096 };

struct sorting {
  const csro_points *points;
  csro_cells *cells;
  int64_t total; /* cells */
  int shift, buckets, threads;
  int32_t *cell;  /* of each point, -1 for none */
  int64_t *begin; /* [threads][buckets]: ions, then where a thread's next ion of a bucket goes */
  int64_t *point; /* of each ion, by bucket */
  int64_t *index; /* of each ion of the list; may be NULL */
};

static void find_cells(struct sorting *s, const uint16_t *label, uint16_t wanted,
                       const double bounds[6]) {
#pragma omp parallel for num_threads(s->threads) schedule(static, 1)
  for (int t = 0; t < s->threads; t++) {
    int64_t *ions = s->begin + (int64_t)t * s->buckets, first, count;
    csro_share(s->points->count, t, s->threads, &first, &count);
    memset(ions, 0, (size_t)s->buckets * sizeof *ions);
    for (int64_t i = first; i < first + count; i++) {
      double r[3];
      s->cell[i] = -1;
      if (label && label[i] != wanted)
        continue;
      csro_points_get(s->points, i, r);
      s->cell[i] = (int32_t)cell_of(s->cells, bounds, r);
      if (s->cell[i] >= 0)
        ions[s->cell[i] >> s->shift]++;
    }
  }
  s->cells->count = csro_parts_begin(s->begin, s->threads, s->buckets, s->buckets, 0);
}

static void fill_buckets(struct sorting *s) {
#pragma omp parallel for num_threads(s->threads) schedule(static, 1)
  for (int t = 0; t < s->threads; t++) {
    int64_t *next = s->begin + (int64_t)t * s->buckets, first, count;
    csro_share(s->points->count, t, s->threads, &first, &count);
    for (int64_t i = first; i < first + count; i++)
      if (s->cell[i] >= 0)
        s->point[next[s->cell[i] >> s->shift]++] = i;
  }
}

/* The ions begin .. end - 1 into the cells first .. last - 1. */
static void sort_bucket(struct sorting *s, int64_t begin, int64_t end, int64_t first,
                        int64_t last) {
  csro_cells *cells = s->cells;
  int64_t *start = cells->start;
  memset(start + first, 0, (size_t)(last - first) * sizeof *start);
  for (int64_t k = begin; k < end; k++)
    start[s->cell[s->point[k]]]++;
  csro_keys_begin(start + first, last - first, begin);
  for (int64_t k = begin; k < end; k++) {
    double r[3];
    csro_points_get(s->points, s->point[k], r);
    int64_t at = start[s->cell[s->point[k]]]++;
    cells->x[at] = r[0], cells->y[at] = r[1], cells->z[at] = r[2];
    if (s->index)
      s->index[at] = s->point[k];
  }
  csro_keys_restore(start + first, last - first, begin);
}

static void sort_buckets(struct sorting *s) {
  /* after filling, the last thread's next place in a bucket is the end of the bucket */
  const int64_t *end = s->begin + (int64_t)(s->threads - 1) * s->buckets;
#pragma omp parallel for num_threads(s->threads) schedule(dynamic, 1)
  for (int b = 0; b < s->buckets; b++) {
    int64_t first = (int64_t)b << s->shift, last = (int64_t)(b + 1) << s->shift;
    sort_bucket(s, b > 0 ? end[b - 1] : 0, end[b], first, last < s->total ? last : s->total);
  }
  s->cells->start[s->total] = s->cells->count;
}

static csro_status allocate_ions(csro_context *context, struct sorting *s) {
  double **axis[3] = {&s->cells->x, &s->cells->y, &s->cells->z};
  s->point = csro_allocate(context, s->cells->count, sizeof *s->point);
  for (int a = 0; a < 3; a++) {
    *axis[a] = csro_allocate(context, s->cells->count + CSRO_CELLS_PADDING, sizeof(double));
    if (!*axis[a])
      return CSRO_ERROR_MEMORY;
    memset(*axis[a] + s->cells->count, 0, CSRO_CELLS_PADDING * sizeof(double));
  }
  return s->point ? CSRO_OK : CSRO_ERROR_MEMORY;
}

csro_status csro_cells_build(csro_context *context, const csro_points *points,
                             const uint16_t *label, uint16_t wanted, const double bounds[6],
                             double size, csro_cells *cells, int64_t *index) {
  memset(cells, 0, sizeof *cells);
  for (int a = 0; a < 3; a++)
    if (!isfinite(bounds[2 * a + 1] - bounds[2 * a]) || !(bounds[2 * a] <= bounds[2 * a + 1]))
      return csro_fail(context, CSRO_ERROR_DATA,
                       "ions from %g to %g nm along %c: expected lengths of a specimen",
                       bounds[2 * a], bounds[2 * a + 1], "xyz"[a]);
  shape_cells(cells, bounds, size, points->count);
  struct sorting s = {
      .points = points, .cells = cells, .threads = context->threads, .index = index};
  s.total = cells->n[0] * cells->n[1] * cells->n[2];
  while ((s.total - 1) >> s.shift >= MOST_BUCKETS)
    s.shift++;
  s.buckets = (int)((s.total - 1) >> s.shift) + 1;
  s.cell = csro_allocate(context, points->count, sizeof *s.cell);
  s.begin = csro_allocate(context, (int64_t)s.threads * s.buckets, sizeof *s.begin);
  cells->start = csro_allocate(context, s.total + 1, sizeof *cells->start);
  csro_status status = s.cell && s.begin && cells->start ? CSRO_OK : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK) {
    find_cells(&s, label, wanted, bounds);
    status = allocate_ions(context, &s);
  }
  if (status == CSRO_OK) {
    fill_buckets(&s);
    sort_buckets(&s);
  } else {
    csro_cells_release(cells);
  }
  free(s.point);
  free(s.begin);
  free(s.cell);
  return status;
}

void csro_cells_release(csro_cells *cells) {
  if (!cells)
    return;
  free(cells->start);
  free(cells->x);
  free(cells->y);
  free(cells->z);
  memset(cells, 0, sizeof *cells);
}

void csro_block_bounds(const csro_grid *grid, const csro_block *block, double reach,
                       double bounds[6]) {
  double first[3], last[3];
  csro_voxel_center(grid, block->lo[0], block->lo[1], block->lo[2], first);
  csro_voxel_center(grid, block->hi[0] - 1, block->hi[1] - 1, block->hi[2] - 1, last);
  for (int a = 0; a < 3; a++) {
    bounds[2 * a] = first[a] - reach;
    bounds[2 * a + 1] = last[a] + reach;
  }
}
