#include "domain/near.h"

#include "voxel/sparse_cell_list.h"

#include <stdlib.h>

/* Of the distance: an ion within it is at most two cells away (half of it, and room for the
 * rounding of the cells' places). */
static const double cell_side = 0.51;

typedef struct visit {
  csro_sparse_cells cells;
  double distance2;
  int64_t own;
  const csro_near_visitor *visitor;
} visit;

static bool meet_cells(const visit *v, int64_t i, const double r[3], csro_sparse_range near) {
  for (int32_t q = v->cells.first_point[near.first]; q < v->cells.first_point[near.last]; q++) {
    double p[3];
    csro_points_get(&v->cells.points, q, p);
    double dx = r[0] - p[0], dy = r[1] - p[1], dz = r[2] - p[2];
    int64_t j = v->cells.order[q];
    if (dx * dx + dy * dy + dz * dz <= v->distance2 && j != i &&
        v->visitor->meet(v->visitor->user, i, j))
      return true;
  }
  return false;
}

static void visit_row(void *user, csro_sparse_windows *windows, int32_t row) {
  const visit *v = user;
  const csro_near_visitor *visitor = v->visitor;
  for (int32_t cell = v->cells.row[row]; cell < v->cells.row[row + 1]; cell++) {
    int64_t x = csro_sparse_cells_place(&v->cells, cell, 0);
    csro_sparse_range near[CSRO_SPARSE_ROWS];
    for (int w = 0; w < windows->count; w++)
      near[w] = csro_sparse_window_at(&v->cells, &windows->row[w], x);
    for (int32_t p = v->cells.first_point[cell]; p < v->cells.first_point[cell + 1]; p++) {
      int64_t i = v->cells.order[p];
      if (i >= v->own || !visitor->begin(visitor->user, i))
        continue;
      double r[3];
      csro_points_get(&v->cells.points, p, r);
      bool enough = false;
      for (int w = 0; w < windows->count && !enough; w++)
        enough = meet_cells(v, i, r, near[w]);
    }
  }
}

csro_status csro_near_visit(csro_context *context, const csro_points *points, int64_t own,
                            double distance, const csro_near_visitor *visitor) {
  if (own == 0)
    return CSRO_OK;
  visit v = {.distance2 = distance * distance, .own = own, .visitor = visitor};
  uint64_t *scratch = csro_allocate(context, points->count, sizeof *scratch);
  if (!scratch)
    return CSRO_ERROR_MEMORY;
  csro_status status =
      csro_sparse_cells_init(context, points, cell_side * distance, scratch, &v.cells);
  free(scratch);
  if (status == CSRO_OK)
    status = csro_sparse_cells_for_each_row(context, &v.cells, visit_row, &v, 0, 1);
  csro_sparse_cells_release(&v.cells);
  return status;
}
