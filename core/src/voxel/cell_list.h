/* A cell list: the ions of one label sorted by cubic cells, x fastest, as structure of arrays, so
 * that the cells of one row are one contiguous run. */
#ifndef CSRO_VOXEL_CELL_LIST_H
#define CSRO_VOXEL_CELL_LIST_H

#include "csro/voxels.h"

enum { CSRO_CELLS_PADDING = 8 }; /* readable entries behind the last ion, for blocks of lanes */

typedef struct csro_cells {
  double origin[3], size;
  int64_t n[3];
  int64_t *start; /* n[0] n[1] n[2] + 1: where each cell begins */
  double *x, *y, *z;
  int64_t count;
} csro_cells;

/* Sorts the ions with label == wanted (all when label is NULL) that lie inside bounds (xmin, xmax,
 * ...) into cells of about the given size, larger when that would need more cells than
 * csro_cells_fit allows. Inside a cell the ions keep their order. index[points->count] may be NULL:
 * which of the points each ion of the list is. */
csro_status csro_cells_build(csro_context *context, const csro_points *points,
                             const uint16_t *label, uint16_t wanted, const double bounds[6],
                             double size, csro_cells *cells, int64_t *index);
void csro_cells_release(csro_cells *cells);

/* Whether so many cells are worth their memory: 2^20, or 16 for each ion, at most 2^28. */
bool csro_cells_fit(const double bounds[6], double size, int64_t ions);

/* The cells that a cube around a centre touches: lo .. hi inclusive, clipped; false when none. */
static inline bool csro_cells_block(const csro_cells *cells, const double center[3], double reach,
                                    int64_t lo[3], int64_t hi[3]) {
  for (int a = 0; a < 3; a++) {
    double margin = 1e-12 * reach; /* rounding must not lose an ion on the border */
    double first = (center[a] - reach - margin - cells->origin[a]) / cells->size;
    double last = (center[a] + reach + margin - cells->origin[a]) / cells->size;
    if (!(last >= 0) || !(first < (double)cells->n[a]))
      return false;
    lo[a] = first > 0 ? (int64_t)first : 0;
    hi[a] = last < (double)(cells->n[a] - 1) ? (int64_t)last : cells->n[a] - 1;
  }
  return true;
}

static inline int64_t csro_cells_row(const csro_cells *cells, int64_t cy, int64_t cz) {
  return (cz * cells->n[1] + cy) * cells->n[0];
}

/* The ions of a ball. Arrays grow as needed; start from zero, release with csro_ball_release. */
typedef struct csro_ball {
  int64_t count, capacity;
  int64_t *place; /* in the cell list */
  double *x, *y, *z;
} csro_ball;

/* Collects the ions with |r - center| <= radius. CSRO_ERROR_DATA when a ball holds more ions than
 * any atom probe can put there (65535). */
csro_status csro_ball_gather(csro_context *context, const csro_cells *cells, const double center[3],
                             double radius, csro_ball *ball);
void csro_ball_release(csro_ball *ball);

/* The box of all ions within reach of the centres of a block's voxels. */
void csro_block_bounds(const csro_grid *grid, const csro_block *block, double reach,
                       double bounds[6]);

#endif
