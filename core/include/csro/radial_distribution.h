/* Pair correlation g(r) of groups of ions, from counts by shells (csro/neighbour_counts.h) and from
 * those in the inside of the specimen (csro/pair_window.h):
 *   g_ab(r) = ratio_ab(r) g(r)
 * ratio_ab: pairs of a and b against what labels at random on the same positions give, exactly,
 *   n_all N_a (N_b - delta_ab) / (N (N - 1)) of n_all pairs in the bin. Surface, lattice and
 *   density are those of the data, and drop out.
 * g: of all ions against ions at random of the same density in the window. */
#ifndef CSRO_RADIAL_DISTRIBUTION_H
#define CSRO_RADIAL_DISTRIBUTION_H

#include "csro/neighbour_counts.h"

CSRO_API_BEGIN

/* Pairs of a and b that are expected among `all` ordered pairs when labels are at random;
 * of[groups] ions in each group. */
double csro_label_expectation(const int64_t *of, int groups, int a, int b, double all);

/* ratio_ab of a member in a bin (SHELLS, summed over processes); NaN without pairs. */
double csro_radial_ratio(const csro_neighbour_counts *counts, int member, int a, int b, int bin);

/* g of all ions: ordered pairs of so many ions in a window, its volume (nm^3) and room (nm^6); NaN
 * without two ions or room. In a periodic box the room is volume x shell. */
double csro_radial_all(int64_t pairs, int64_t ions, double volume, double room);

/* The volume of the shell between two radii. */
double csro_shell_volume(double first, double last);

CSRO_API_END

#endif
