/* The cells of points, and the points sorted by them. */
#ifndef CSRO_VOXEL_CELL_SORT_H
#define CSRO_VOXEL_CELL_SORT_H

#include "csro/ions.h"

/* How positions become cells. */
typedef struct csro_cell_places {
  double lo[3], per_length[3];
  int64_t count[3]; /* places along each axis */
} csro_cell_places;

/* The place of a cell along an axis, below 2^44. */
static inline int64_t csro_cell_place(const csro_cell_places *places, const double r[3], int axis) {
  return (int64_t)((r[axis] - places->lo[axis]) * places->per_length[axis]);
}

/* Fills items[count] with the points sorted by cell (z, y, x), points of a cell in their order: the
 * low 32 bits are the index of the point. Threads share every pass; the result does not depend on
 * their number. Another 8 bytes per point while it runs. */
csro_status csro_cell_order(csro_context *context, const csro_points *points,
                            const csro_cell_places *places, uint64_t *items);

#endif
