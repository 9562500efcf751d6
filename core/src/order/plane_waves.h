/* The wave vector of the lattice planes anywhere, from the blocks of a map (csro/pole.h). */
#ifndef CSRO_ORDER_PLANE_WAVES_H
#define CSRO_ORDER_PLANE_WAVES_H

#include "csro/pole.h"

/* k at r, 1/nm: a straight line by least squares through those of the blocks around that show
 * planes, of the grain (orientation of the map) that the nearest one belongs to, other than
 * `not_this`. Returns that grain; -1 when there is none, k is then 0. With not_this = -1 the whole
 * map is looked through, else only the blocks around. */
int csro_plane_wave(const csro_pole_map *map, const double r[3], int not_this, double wave[3]);

#endif
