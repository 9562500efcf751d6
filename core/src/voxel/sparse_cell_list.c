#include "voxel/sparse_cell_list.h"

#include "csro/share.h"
#include "csro/voxels.h"

#include <stdlib.h>
#include <string.h>

static const double most_cells = 17592186044416.0; /* 2^44 along an axis */

/* Boxes of at most this many places per point, or of this many, know which are occupied: 1.5 bits
 * per place, 9 bytes per point or 12 MiB. */
enum { PLACES_PER_POINT = 48, PLACES_ALWAYS = 1 << 26 };

static csro_status place_cells(csro_context *context, const csro_points *points, double side,
                               csro_cell_places *places) {
  double bounds[6];
  csro_status status = csro_points_bounds(context, points, bounds);
  if (status != CSRO_OK)
    return status;
  for (int axis = 0; axis < 3; axis++) {
    places->lo[axis] = bounds[2 * axis];
    places->per_length[axis] = 0;
    places->count[axis] = 1;
    double span = bounds[2 * axis + 1] - bounds[2 * axis];
    if (points->count == 0 || span == 0) /* one cell, however small the side */
      continue;
    places->per_length[axis] = 1 / side;
    if (!(span * places->per_length[axis] < most_cells))
      return csro_fail(context, CSRO_ERROR_DATA,
                       "positions span %g nm along %c, expected fewer than 2^44 cells of %g nm",
                       span, "xyz"[axis], side);
    places->count[axis] += (int64_t)(span * places->per_length[axis]);
  }
  return CSRO_OK;
}

static csro_status copy_points(csro_context *context, const csro_points *points,
                               const uint64_t *items, csro_sparse_cells *cells) {
  int64_t count = points->count;
  size_t size = points->is_double ? sizeof(double) : sizeof(float);
  void *sorted = csro_allocate(context, count, 3 * size);
  cells->points = (csro_points){sorted, points->is_double, count};
  cells->order = csro_allocate(context, count, sizeof *cells->order);
  if (!sorted || !cells->order)
    return CSRO_ERROR_MEMORY;
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < count; i++) {
    int64_t from = (int64_t)(uint32_t)items[i];
    cells->order[i] = (int32_t)from;
    if (points->is_double)
      memcpy((double *)sorted + 3 * i, (const double *)points->xyz + 3 * from, 3 * sizeof(double));
    else
      memcpy((float *)sorted + 3 * i, (const float *)points->xyz + 3 * from, 3 * sizeof(float));
  }
  return CSRO_OK;
}

/* ---- cells and rows ---- */

/* The cells, or the rows, that begin in each share of the points (cells). */
typedef struct beginnings {
  const csro_sparse_cells *cells;
  bool (*begins)(const csro_sparse_cells *cells, int32_t i);
  int32_t count;
} beginnings;

static bool begins_cell(const csro_sparse_cells *cells, int32_t point) {
  double a[3], b[3];
  if (point == 0)
    return true;
  csro_points_get(&cells->points, point - 1, a);
  csro_points_get(&cells->points, point, b);
  for (int axis = 0; axis < 3; axis++)
    if (csro_cell_place(&cells->places, a, axis) != csro_cell_place(&cells->places, b, axis))
      return true;
  return false;
}

static bool begins_row(const csro_sparse_cells *cells, int32_t cell) {
  for (int axis = 1; axis < 3 && cell > 0; axis++)
    if (csro_sparse_cells_place(cells, cell - 1, axis) !=
        csro_sparse_cells_place(cells, cell, axis))
      return true;
  return cell == 0;
}

/* Counts the beginnings in each share, or, where `out` exists, writes them: share `part` from
 * before[part] on. */
static void find_beginnings(const beginnings *b, int threads, int32_t *before, int32_t *out) {
#pragma omp parallel for num_threads(threads)
  for (int part = 0; part < threads; part++) {
    int32_t found = out ? before[part] : 0;
    int64_t first, count;
    csro_share(b->count, part, threads, &first, &count);
    for (int64_t i = first; i < first + count; i++)
      if (b->begins(b->cells, (int32_t)i)) {
        if (out)
          out[found] = (int32_t)i;
        found++;
      }
    if (!out)
      before[part] = found;
  }
}

/* Lists the beginnings, with `count` behind the last. */
static csro_status list_beginnings(csro_context *context, const beginnings *b, int32_t **list,
                                   int32_t *found) {
  int threads = context->threads;
  int32_t *before = csro_allocate(context, threads, sizeof *before);
  if (!before)
    return CSRO_ERROR_MEMORY;
  find_beginnings(b, threads, before, NULL);
  int32_t sum = 0;
  for (int part = 0; part < threads; part++) {
    int32_t here = before[part];
    before[part] = sum;
    sum += here;
  }
  *found = sum;
  *list = csro_allocate(context, (int64_t)sum + 1, sizeof **list);
  if (*list) {
    find_beginnings(b, threads, before, *list);
    (*list)[sum] = b->count;
  }
  free(before);
  return *list ? CSRO_OK : CSRO_ERROR_MEMORY;
}

/* ---- occupied places ---- */

static int64_t place_in_box(const csro_sparse_cells *cells, int32_t cell) {
  const int64_t *count = cells->places.count;
  return (csro_sparse_cells_place(cells, cell, 2) * count[1] +
          csro_sparse_cells_place(cells, cell, 1)) *
             count[0] +
         csro_sparse_cells_place(cells, cell, 0);
}

/* Fills the words of the cells first .. last - 1; a word belongs to its first cell. */
static void fill_words(csro_sparse_cells *cells, int32_t first, int32_t last) {
  int64_t previous = first > 0 ? place_in_box(cells, first - 1) >> 6 : -1;
  int32_t cell = first;
  while (cell < last && first > 0 && place_in_box(cells, cell) >> 6 == previous)
    cell++;
  while (cell < last) {
    int64_t place = place_in_box(cells, cell), word = place >> 6;
    while (previous < word)
      cells->cells_before[++previous] = cell;
    for (; place >> 6 == word; place = cell < cells->cell_count ? place_in_box(cells, cell) : -1) {
      cells->occupied[word] |= (uint64_t)1 << (place & 63);
      cell++;
    }
  }
}

static csro_status make_occupied(csro_context *context, csro_sparse_cells *cells) {
  const int64_t *count = cells->places.count;
  double places = (double)count[0] * (double)count[1] * (double)count[2];
  if (cells->points.count == 0 ||
      (places > PLACES_ALWAYS && places > (double)cells->points.count * PLACES_PER_POINT))
    return CSRO_OK;
  int64_t words = (count[0] * count[1] * count[2] >> 6) + 1;
  cells->occupied = csro_allocate(context, words, sizeof *cells->occupied);
  cells->cells_before = csro_allocate(context, words, sizeof *cells->cells_before);
  if (!cells->occupied || !cells->cells_before)
    return CSRO_ERROR_MEMORY;
  memset(cells->occupied, 0, (size_t)words * sizeof *cells->occupied);
  int threads = context->threads;
#pragma omp parallel for num_threads(threads)
  for (int part = 0; part < threads; part++) {
    int64_t first, mine;
    csro_share(cells->cell_count, part, threads, &first, &mine);
    fill_words(cells, (int32_t)first, (int32_t)(first + mine));
  }
  for (int64_t w = (place_in_box(cells, cells->cell_count - 1) >> 6) + 1; w < words; w++)
    cells->cells_before[w] = cells->cell_count;
  return CSRO_OK;
}

static csro_status make_cells(csro_context *context, csro_sparse_cells *cells) {
  beginnings of_cells = {cells, begins_cell, (int32_t)cells->points.count};
  csro_status status = list_beginnings(context, &of_cells, &cells->first_point, &cells->cell_count);
  if (status != CSRO_OK)
    return status;
  beginnings of_rows = {cells, begins_row, cells->cell_count};
  status = list_beginnings(context, &of_rows, &cells->row, &cells->row_count);
  return status == CSRO_OK ? make_occupied(context, cells) : status;
}

csro_status csro_sparse_cells_init(csro_context *context, const csro_points *points, double side,
                                   uint64_t *scratch, csro_sparse_cells *cells) {
  memset(cells, 0, sizeof *cells);
  if (points->count > INT32_MAX)
    return csro_fail(context, CSRO_ERROR_DATA, "%lld ions, expected fewer than 2^31 in one part",
                     (long long)points->count);
  csro_status status = place_cells(context, points, side, &cells->places);
  if (status == CSRO_OK)
    status = csro_cell_order(context, points, &cells->places, scratch);
  if (status == CSRO_OK)
    status = copy_points(context, points, scratch, cells);
  if (status == CSRO_OK)
    status = make_cells(context, cells);
  if (status != CSRO_OK)
    csro_sparse_cells_release(cells);
  return status;
}

void csro_sparse_cells_release(csro_sparse_cells *cells) {
  if (!cells)
    return;
  free((void *)cells->points.xyz);
  free(cells->order);
  free(cells->first_point);
  free(cells->row);
  free(cells->occupied);
  free(cells->cells_before);
  memset(cells, 0, sizeof *cells);
}

/* ---- windows ---- */

/* dy, dz of the rows around, nearest first. */
static const int8_t around[CSRO_SPARSE_ROWS][2] = {
    {0, 0},  {-1, 0}, {1, 0},  {0, -1},  {0, 1},   {-1, -1}, {1, -1}, {-1, 1}, {1, 1},
    {-2, 0}, {2, 0},  {0, -2}, {0, 2},   {-2, -1}, {2, -1},  {-2, 1}, {2, 1},  {-1, -2},
    {1, -2}, {-1, 2}, {1, 2},  {-2, -2}, {2, -2},  {-2, 2},  {2, 2}};

static int64_t row_place(const csro_sparse_cells *cells, int32_t row, int axis) {
  return csro_sparse_cells_place(cells, cells->row[row], axis);
}

static bool is_row_before(const csro_sparse_cells *cells, int32_t row, int64_t y, int64_t z) {
  int64_t row_z = row_place(cells, row, 2);
  return row_z < z || (row_z == z && row_place(cells, row, 1) < y);
}

/* The first row at or after (y, z). */
static int32_t find_row(const csro_sparse_cells *cells, int64_t y, int64_t z) {
  int32_t lo = 0, hi = cells->row_count;
  while (lo < hi) {
    int32_t middle = lo + (hi - lo) / 2;
    if (is_row_before(cells, middle, y, z))
      lo = middle + 1;
    else
      hi = middle;
  }
  return lo;
}

/* Makes the windows of the rows that stand from near_row[] on. */
static void gather_rows(const csro_sparse_cells *cells, int64_t y, int64_t z,
                        csro_sparse_windows *windows) {
  int32_t found[CSRO_SPARSE_SPAN][CSRO_SPARSE_SPAN]; /* [dz][dy], -1: no such row */
  memset(found, -1, sizeof found);
  for (int k = 0; k < CSRO_SPARSE_SPAN; k++)
    for (int32_t row = windows->near_row[k]; row < cells->row_count; row++) {
      int64_t dy = row_place(cells, row, 1) - y;
      if (row_place(cells, row, 2) != z + k - CSRO_SPARSE_REACH || dy > CSRO_SPARSE_REACH)
        break;
      found[k][dy + CSRO_SPARSE_REACH] = row;
    }
  const int64_t *count = cells->places.count;
  windows->count = 0;
  for (int i = 0; i < CSRO_SPARSE_ROWS; i++) {
    int dy = around[i][0], dz = around[i][1];
    int32_t row = found[dz + CSRO_SPARSE_REACH][dy + CSRO_SPARSE_REACH];
    if (row >= 0)
      windows->row[windows->count++] =
          (csro_sparse_window){dy,
                               dz,
                               cells->row[row],
                               cells->row[row],
                               cells->row[row + 1],
                               cells->occupied ? ((z + dz) * count[1] + y + dy) * count[0] : 0};
  }
}

void csro_sparse_windows_start(const csro_sparse_cells *cells, int32_t row,
                               csro_sparse_windows *windows) {
  int64_t y = row_place(cells, row, 1), z = row_place(cells, row, 2);
  for (int k = 0; k < CSRO_SPARSE_SPAN; k++)
    windows->near_row[k] = find_row(cells, y - CSRO_SPARSE_REACH, z + k - CSRO_SPARSE_REACH);
  gather_rows(cells, y, z, windows);
}

void csro_sparse_windows_advance(const csro_sparse_cells *cells, int32_t row,
                                 csro_sparse_windows *windows) {
  int64_t y = row_place(cells, row, 1), z = row_place(cells, row, 2);
  for (int k = 0; k < CSRO_SPARSE_SPAN; k++)
    while (windows->near_row[k] < cells->row_count &&
           is_row_before(cells, windows->near_row[k], y - CSRO_SPARSE_REACH,
                         z + k - CSRO_SPARSE_REACH))
      windows->near_row[k]++;
  gather_rows(cells, y, z, windows);
}
