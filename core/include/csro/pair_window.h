/* The inside of a specimen, as the window that pairs of ions are counted in: distances of pairs
 * without the surface, though nobody knows where the surface is. */
#ifndef CSRO_PAIR_WINDOW_H
#define CSRO_PAIR_WINDOW_H

#include "csro/maps.h"
#include "csro/neighbour_counts.h"

CSRO_API_BEGIN

/* Cells of a map that have ions in all eight neighbours across their corners: a convex specimen
 * holds them whole. */
typedef struct csro_pair_window {
  csro_map map;
  uint8_t *inside; /* [map.cells] whether the window has the cell */
  int64_t cells;   /* of the window */
} csro_pair_window;

/* counts[map->cells]: of all ions, of a map with all three axes. Release with
 * csro_pair_window_release; zeroed on error. */
csro_status csro_pair_window_make(csro_context *context, const csro_map *map, const int64_t *counts,
                                  csro_pair_window *window);
void csro_pair_window_release(csro_pair_window *window);

bool csro_pair_window_holds(const csro_pair_window *window, const double r[3]);
double csro_pair_window_volume(const csro_pair_window *window); /* nm^3 */

/* Room for pairs (Ohser, Math. Operationsforsch. Stat. 14 (1983) 63): the volume that the window
 * shares with itself when it is shifted by h, integrated over all h as long as bin k says, in nm^6:
 * room[bins]; bins of equal width from 0 to `last` nm. Of N ions at random in the window
 * N (N - 1) room[k] / V^2 ordered pairs are expected in bin k, without any bias from the surface.
 * The overlap is exact between the nodes (64 x 128 directions of half a ball, 2 lengths a bin). */
csro_status csro_pair_window_room(csro_context *context, const csro_pair_window *window,
                                  double last, int bins, double *room);

/* Pairs of ions that are both in the window: the own ions, sums[0] of them, and pairs[k] = sums[1 +
 * k] ordered pairs in each bin of shells (SHELLS alone). Sums over processes are those of the
 * whole. */
csro_status csro_pair_window_count(csro_context *context, const csro_pair_window *window,
                                   const csro_labelled_ions *ions, const csro_neighbour_bins *bins,
                                   int64_t *sums);

CSRO_API_END

#endif
