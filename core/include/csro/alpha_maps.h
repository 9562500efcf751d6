/* Order parameters of single ions and of cells: the same alpha as csro/order_parameters.h, of the
 * neighbours of one ion, or of all ions of a cell. Single ions have few neighbours, and cells few
 * ions: what they scatter by chance is what a randomised copy scatters. */
#ifndef CSRO_ALPHA_MAPS_H
#define CSRO_ALPHA_MAPS_H

#include "csro/neighbour_counts.h"

CSRO_API_BEGIN

/* The neighbours of every own ion in the bins first .. last - 1, by group, of one member:
 * of[own][groups]. Heights are as measured: the blur of the planes stays in. Errors as of
 * csro_neighbour_counts_make. */
csro_status csro_neighbours_each(csro_context *context, const csro_labelled_ions *ions,
                                 const csro_neighbour_bins *bins, int first, int last, int member,
                                 uint16_t *of);

/* alpha of one ion of group a or b with neighbours of[groups]; NaN for ions of other groups and
 * without neighbours. share[groups]: of all ions. */
double csro_alpha_of_ion(int group, const uint16_t *of, int groups, int a, int b,
                         const double *share);

/* Adds the own ions to the sums of their cells, sums[cells][2]: neighbours of group b of ions of a
 * and of a of ions of b, in units of 1, and how many there would be by chance, in units of 1e-6;
 * cell[own], -1 for ions outside, which do not count. Sums of processes add up. */
void csro_alpha_of_cells_add(const csro_labelled_ions *ions, int member, const uint16_t *of, int a,
                             int b, const double *share, const int64_t *cell, int64_t (*sums)[2]);

/* alpha of the sums of a cell; NaN without neighbours. */
double csro_alpha_of_cell(const int64_t sums[2]);

CSRO_API_END

#endif
