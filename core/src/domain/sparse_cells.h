/* Points sorted into cubic cells, for searches within a fixed distance. Only occupied cells exist,
 * so that the memory depends on the points alone, however far apart they are. */
#ifndef CSRO_DOMAIN_SPARSE_CELLS_H
#define CSRO_DOMAIN_SPARSE_CELLS_H

#include "csro/ions.h"

/* Cells in the order z, y, x; a row is all cells of one (y, z), hence consecutive cells and
 * consecutive points. */
typedef struct csro_sparse_row {
  int64_t y, z, first_cell;
} csro_sparse_row;

typedef struct csro_sparse_cells {
  csro_points points; /* copies, sorted by cell; in a cell in the order of the input */
  int64_t *order;     /* sorted position -> index in the input */
  int64_t cell_count, row_count;
  int64_t *first_point;  /* per cell, cell_count + 1 */
  int64_t *x;            /* per cell */
  csro_sparse_row *rows; /* row_count + 1 */
} csro_sparse_cells;

/* Sorts the points into cells of the given side. CSRO_ERROR_DATA: positions that are not finite or
 * that span 2^44 cells or more (rounding of a cell's place then stays below side / 128). */
csro_status csro_sparse_cells_make(csro_context *context, const csro_points *points, double side,
                                   csro_sparse_cells *cells);
void csro_sparse_cells_free(csro_sparse_cells *cells);

enum { CSRO_SPARSE_REACH = 2, CSRO_SPARSE_ROWS = 25 };

/* A window that slides along the row (y + dy, z + dz) near the row (y, z). */
typedef struct csro_sparse_window {
  int dy, dz;
  int64_t first, last, end; /* cells first .. last - 1 are in the window, end is the row's end */
} csro_sparse_window;

/* The windows of the rows y - 2 .. y + 2, z - 2 .. z + 2 that exist, nearest rows first. */
typedef struct csro_sparse_windows {
  int count;
  csro_sparse_window row[CSRO_SPARSE_ROWS];
} csro_sparse_windows;

void csro_sparse_windows_start(const csro_sparse_cells *cells, int64_t row,
                               csro_sparse_windows *windows);

/* Moves window number w to the cells x - 2 .. x + 2. x must not decrease from call to call. */
static inline void csro_sparse_windows_slide(const csro_sparse_cells *cells,
                                             csro_sparse_windows *windows, int w, int64_t x) {
  int64_t first = windows->row[w].first, last = windows->row[w].last, end = windows->row[w].end;
  while (first < end && cells->x[first] < x - CSRO_SPARSE_REACH)
    first++;
  last = last > first ? last : first;
  while (last < end && cells->x[last] <= x + CSRO_SPARSE_REACH)
    last++;
  windows->row[w].first = first;
  windows->row[w].last = last;
}

#endif
