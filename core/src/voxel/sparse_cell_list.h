/* Points sorted into cubic cells, for searches within a fixed distance. Only occupied cells exist,
 * so that the memory depends on the points alone, however far apart they are. */
#ifndef CSRO_VOXEL_SPARSE_CELL_LIST_H
#define CSRO_VOXEL_SPARSE_CELL_LIST_H

#include "voxel/cell_sort.h"

/* Cells in the order z, y, x; a row is all cells of one (y, z), hence consecutive cells and
 * consecutive points. Places are worked out from the points. */
typedef struct csro_sparse_cells {
  csro_points points; /* copies, sorted by cell; in a cell in the order of the input */
  csro_cell_places places;
  int32_t *order; /* sorted position -> index in the input */
  int32_t cell_count, row_count;
  int32_t *first_point; /* per cell, cell_count + 1 */
  int32_t *row;         /* first cell of each row, row_count + 1 */
  /* Which places of the box are occupied, in words of 64, and how many cells stand before each
   * word. NULL when the box is too large: rows are searched then. */
  uint64_t *occupied;
  int32_t *cells_before;
} csro_sparse_cells;

/* Sorts the points into cells of the given side; scratch[count] is overwritten. About 28 bytes
 * per point (40 in double) and up to 12 MiB. CSRO_ERROR_DATA: positions that are not finite or that
 * span 2^44 cells or more (rounding of a cell's place then stays below side / 128), 2^31 points or
 * more.
 */
csro_status csro_sparse_cells_init(csro_context *context, const csro_points *points, double side,
                                   uint64_t *scratch, csro_sparse_cells *cells);
void csro_sparse_cells_release(csro_sparse_cells *cells);

static inline int64_t csro_sparse_cells_place(const csro_sparse_cells *cells, int32_t cell,
                                              int axis) {
  double r[3];
  csro_points_get(&cells->points, cells->first_point[cell], r);
  return csro_cell_place(&cells->places, r, axis);
}

enum { CSRO_SPARSE_REACH = 2, CSRO_SPARSE_SPAN = 5, CSRO_SPARSE_ROWS = 25 };

/* A window that slides along the row (y + dy, z + dz) near the row (y, z). */
typedef struct csro_sparse_window {
  int dy, dz;
  int32_t first, last, end; /* cells first .. last - 1 are in the window, end is the row's end */
  int64_t begin;            /* number in the box of the place x = 0 of the row */
} csro_sparse_window;

/* The windows of the rows y - 2 .. y + 2, z - 2 .. z + 2 that exist, nearest rows first. */
typedef struct csro_sparse_windows {
  int32_t near_row[CSRO_SPARSE_SPAN]; /* per dz: the first row from y - 2 on */
  int count;
  csro_sparse_window row[CSRO_SPARSE_ROWS];
} csro_sparse_windows;

/* Windows for a row, and for a later one. */
void csro_sparse_windows_start(const csro_sparse_cells *cells, int32_t row,
                               csro_sparse_windows *windows);
void csro_sparse_windows_advance(const csro_sparse_cells *cells, int32_t row,
                                 csro_sparse_windows *windows);

/* Cells first .. last - 1. */
typedef struct csro_sparse_range {
  int32_t first, last;
} csro_sparse_range;

/* The cells at the places from .. to (fewer than 59) of the box. */
static inline csro_sparse_range csro_sparse_cells_between(const csro_sparse_cells *cells,
                                                          int64_t from, int64_t to) {
  int bit = (int)(from & 63), width = (int)(to - from) + 1;
  const uint64_t *word = &cells->occupied[from >> 6];
  uint64_t here = word[0] >> bit, below = word[0] & (((uint64_t)1 << bit) - 1);
  if (bit + width > 64)
    here |= word[1] << (64 - bit);
  int32_t first = cells->cells_before[from >> 6] + __builtin_popcountll(below);
  return (csro_sparse_range){first,
                             first + __builtin_popcountll(here & (((uint64_t)1 << width) - 1))};
}

/* The cells x - 2 .. x + 2 of a window's row, which slides there where places are not known. x must
 * not decrease from call to call. */
static inline csro_sparse_range csro_sparse_window_at(const csro_sparse_cells *cells,
                                                      csro_sparse_window *window, int64_t x) {
  int64_t from = x - CSRO_SPARSE_REACH, to = x + CSRO_SPARSE_REACH;
  if (cells->occupied) {
    int64_t largest = cells->places.count[0] - 1;
    from = from > 0 ? from : 0;
    to = to < largest ? to : largest;
    return csro_sparse_cells_between(cells, window->begin + from, window->begin + to);
  }
  int32_t first = window->first, last = window->last;
  while (first < window->end && csro_sparse_cells_place(cells, first, 0) < from)
    first++;
  last = last > first ? last : first;
  while (last < window->end && csro_sparse_cells_place(cells, last, 0) <= to)
    last++;
  window->first = first;
  window->last = last;
  return (csro_sparse_range){first, last};
}

/* Takes the cells of one row, with the windows of the rows around it. */
typedef void csro_sparse_row_work(void *user, csro_sparse_windows *windows, int32_t row);

/* Calls work for every row, by several threads; begin .. end is the part of the progress. */
csro_status csro_sparse_cells_for_each_row(csro_context *context, const csro_sparse_cells *cells,
                                           csro_sparse_row_work *work, void *user, double begin,
                                           double end);

#endif
