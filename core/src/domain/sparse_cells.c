#include "domain/sparse_cells.h"

#include "csro/voxels.h"

#include <stdlib.h>
#include <string.h>

static const double most_cells = 17592186044416.0; /* 2^44 along an axis */

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* How positions become cells. */
typedef struct placement {
  double lo[3], per_length[3];
  int bits[3]; /* of the largest cell number along each axis */
} placement;

static int64_t cell_of(const placement *place, double x, int axis) {
  return (int64_t)((x - place->lo[axis]) * place->per_length[axis]);
}

static int64_t cell_of_point(const placement *place, const csro_points *points, int64_t i,
                             int axis) {
  double r[3];
  csro_points_get(points, i, r);
  return cell_of(place, r[axis], axis);
}

static csro_status place_cells(csro_context *context, const csro_points *points, double side,
                               placement *out) {
  double bounds[6];
  csro_status status = csro_points_bounds(context, points, bounds);
  if (status != CSRO_OK)
    return status;
  for (int axis = 0; axis < 3; axis++) {
    out->lo[axis] = bounds[2 * axis];
    out->per_length[axis] = 0;
    out->bits[axis] = 0;
    double span = bounds[2 * axis + 1] - bounds[2 * axis];
    if (points->count == 0 || span == 0) /* one cell, however small the side */
      continue;
    out->per_length[axis] = 1 / side;
    if (!(span * out->per_length[axis] < most_cells))
      return csro_fail(context, CSRO_ERROR_DATA,
                       "positions span %g nm along %c, expected fewer than 2^44 cells of %g nm",
                       span, "xyz"[axis], side);
    for (int64_t cell = cell_of(out, bounds[2 * axis + 1], axis); cell > 0; cell >>= 1)
      out->bits[axis]++;
  }
  return CSRO_OK;
}

/* One stable counting sort by one digit of the cell number along one axis. */
static void sort_by_digit(const placement *place, const csro_points *points, int axis, int shift,
                          const int64_t *from, int64_t *to) {
  int64_t start[DIGITS] = {0};
  for (int64_t i = 0; i < points->count; i++)
    start[cell_of_point(place, points, i, axis) >> shift & (DIGITS - 1)]++;
  int64_t sum = 0;
  for (int digit = 0; digit < DIGITS; digit++) {
    int64_t count = start[digit];
    start[digit] = sum;
    sum += count;
  }
  for (int64_t i = 0; i < points->count; i++) {
    int64_t point = from[i];
    to[start[cell_of_point(place, points, point, axis) >> shift & (DIGITS - 1)]++] = point;
  }
}

static csro_status sort_points(csro_context *context, const placement *place,
                               const csro_points *points, csro_sparse_cells *cells) {
  int64_t *order = csro_allocate(context, points->count, sizeof *order);
  int64_t *scratch = csro_allocate(context, points->count, sizeof *scratch);
  if (order && scratch) {
    for (int64_t i = 0; i < points->count; i++)
      order[i] = i;
    for (int axis = 0; axis < 3; axis++)
      for (int shift = 0; shift < place->bits[axis]; shift += DIGIT_BITS) {
        sort_by_digit(place, points, axis, shift, order, scratch);
        int64_t *swap = order;
        order = scratch;
        scratch = swap;
      }
  }
  free(scratch);
  cells->order = order;
  if (!order || !scratch)
    return CSRO_ERROR_MEMORY;
  size_t size = points->is_double ? 3 * sizeof(double) : 3 * sizeof(float);
  char *sorted = csro_allocate(context, points->count, size);
  if (!sorted)
    return CSRO_ERROR_MEMORY;
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++)
    memcpy(sorted + (size_t)i * size, (const char *)points->xyz + (size_t)order[i] * size, size);
  cells->points = (csro_points){sorted, points->is_double, points->count};
  return CSRO_OK;
}

/* Walks the sorted points and numbers their cells and rows: only counts them, or, where the arrays
 * exist, fills these too. */
static void number_cells(const placement *place, csro_sparse_cells *cells) {
  int64_t cell = -1, row = -1, x = -1, y = -1, z = -1;
  for (int64_t i = 0; i < cells->points.count; i++) {
    double r[3];
    csro_points_get(&cells->points, i, r);
    int64_t px = cell_of(place, r[0], 0);
    int64_t py = cell_of(place, r[1], 1);
    int64_t pz = cell_of(place, r[2], 2);
    bool new_row = py != y || pz != z;
    if (!new_row && px == x)
      continue;
    cell++;
    row += new_row;
    x = px, y = py, z = pz;
    if (!cells->rows)
      continue;
    if (new_row)
      cells->rows[row] = (csro_sparse_row){y, z, cell};
    cells->first_point[cell] = i;
    cells->x[cell] = x;
  }
  cells->cell_count = cell + 1;
  cells->row_count = row + 1;
  if (cells->rows) {
    cells->first_point[cell + 1] = cells->points.count;
    cells->rows[row + 1].first_cell = cell + 1;
  }
}

csro_status csro_sparse_cells_make(csro_context *context, const csro_points *points, double side,
                                   csro_sparse_cells *cells) {
  memset(cells, 0, sizeof *cells);
  placement place;
  csro_status status = place_cells(context, points, side, &place);
  if (status == CSRO_OK)
    status = sort_points(context, &place, points, cells);
  if (status == CSRO_OK) {
    number_cells(&place, cells);
    cells->first_point = csro_allocate(context, cells->cell_count + 1, sizeof *cells->first_point);
    cells->x = csro_allocate(context, cells->cell_count, sizeof *cells->x);
    cells->rows = csro_allocate(context, cells->row_count + 1, sizeof *cells->rows);
    if (cells->first_point && cells->x && cells->rows)
      number_cells(&place, cells);
    else
      status = CSRO_ERROR_MEMORY;
  }
  if (status != CSRO_OK)
    csro_sparse_cells_free(cells);
  return status;
}

void csro_sparse_cells_free(csro_sparse_cells *cells) {
  if (!cells)
    return;
  free((void *)cells->points.xyz);
  free(cells->order);
  free(cells->first_point);
  free(cells->x);
  free(cells->rows);
  memset(cells, 0, sizeof *cells);
}

/* The first row at or after (y, z). */
static int64_t find_row(const csro_sparse_cells *cells, int64_t y, int64_t z) {
  int64_t lo = 0, hi = cells->row_count;
  while (lo < hi) {
    int64_t middle = lo + (hi - lo) / 2;
    const csro_sparse_row *row = &cells->rows[middle];
    if (row->z < z || (row->z == z && row->y < y))
      lo = middle + 1;
    else
      hi = middle;
  }
  return lo;
}

static int distance2(const csro_sparse_windows *windows, int w) {
  return windows->row[w].dy * windows->row[w].dy + windows->row[w].dz * windows->row[w].dz;
}

void csro_sparse_windows_start(const csro_sparse_cells *cells, int64_t row,
                               csro_sparse_windows *windows) {
  int64_t y = cells->rows[row].y, z = cells->rows[row].z;
  windows->count = 0;
  for (int dz = -CSRO_SPARSE_REACH; dz <= CSRO_SPARSE_REACH; dz++)
    for (int64_t r = find_row(cells, y - CSRO_SPARSE_REACH, z + dz); r < cells->row_count; r++) {
      const csro_sparse_row *found = &cells->rows[r];
      if (found->z != z + dz || found->y > y + CSRO_SPARSE_REACH)
        break;
      int w = windows->count++;
      windows->row[w].dy = (int)(found->y - y);
      windows->row[w].dz = dz;
      windows->row[w].first = windows->row[w].last = found->first_cell;
      windows->row[w].end = found[1].first_cell;
      /* insert it so that the nearest rows come first */
      for (; w > 0 && distance2(windows, w) < distance2(windows, w - 1); w--) {
        csro_sparse_window swap = windows->row[w];
        windows->row[w] = windows->row[w - 1];
        windows->row[w - 1] = swap;
      }
    }
}
