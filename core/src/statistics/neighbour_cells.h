/* Labelled ions sorted into cells, and the neighbours of one of them. */
#ifndef CSRO_STATISTICS_NEIGHBOUR_CELLS_H
#define CSRO_STATISTICS_NEIGHBOUR_CELLS_H

#include "csro/neighbour_counts.h"
#include "voxel/cell_list.h"

typedef struct csro_neighbour_cells {
  csro_cells cells;
  int64_t *index;  /* [cells.count] which ion is at a place */
  int64_t *number; /* [cells.count], as the next two, by place */
  uint8_t *group;  /* [cells.count][members] */
  uint8_t *part;   /* [cells.count] without CSRO_IMAGE */
  double *height;  /* in planes; NULL without */
} csro_neighbour_cells;

/* `reach`: how far about the searches go. Release with csro_neighbour_cells_release, also after an
 * error. */
csro_status csro_neighbour_cells_init(csro_context *context, const csro_labelled_ions *ions,
                                      const double *height, double reach,
                                      csro_neighbour_cells *sorted);
void csro_neighbour_cells_release(csro_neighbour_cells *sorted);

/* The neighbours of an ion, in no order. Start from zero, release with csro_neighbours_release. */
typedef struct csro_neighbours {
  int64_t count, capacity;
  int64_t *place;    /* in the cells */
  double *distance2; /* nm^2 */
} csro_neighbours;

/* Collects the ions within `reach` of a position and, across z, within `lateral`; none at the
 * position itself. */
csro_status csro_neighbours_gather(csro_context *context, const csro_cells *cells,
                                   const double center[3], double reach, double lateral,
                                   csro_neighbours *found);
void csro_neighbours_release(csro_neighbours *found);

#endif
