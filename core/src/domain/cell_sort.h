/* The order of points by their cell. */
#ifndef CSRO_DOMAIN_CELL_SORT_H
#define CSRO_DOMAIN_CELL_SORT_H

#include "domain/sparse_cell_list.h"

/* Fills items[count] with the points sorted by cell (z, y, x), points of a cell in their order: the
 * low 32 bits are the index of the point. Threads share every pass; the result does not depend on
 * their number. Another 8 bytes per point while it runs. */
csro_status csro_cell_order(csro_context *context, const csro_points *points,
                            const csro_cell_places *places, uint64_t *items);

#endif
