/* Which order parameters can be told from chance: the smallest |alpha| of like pairs one plane
 * apart, against the blur of the planes and the efficiency, of a table that was made by simulation
 * (core/bench/bench_go_no_go). Smallest means that p <= 0.05 is found in 80 of 100 data sets: 2.8
 * standard deviations of randomised copies.
 *
 * The table is for a million ions of fcc (a = 0.36 nm, <002> along z), of which half are of the
 * species, and neighbours within 0.6 nm across z. Like the standard deviation of independent pairs
 * it goes with 1 / sqrt(ions x neighbours of an ion) and (1 - c) / c of the share c; a data set is
 * placed by the efficiency at which that crystal has as many neighbours in a plane. */
#ifndef CSRO_GO_NO_GO_H
#define CSRO_GO_NO_GO_H

#include "csro/neighbour_counts.h"

CSRO_API_BEGIN

/* Standard deviations of copies. */
#define CSRO_SMALLEST_ALPHA 2.8

enum { CSRO_GO_NO_GO_BLURS = 16, CSRO_GO_NO_GO_EFFICIENCIES = 8 }; /* at most */

typedef struct csro_go_no_go {
  int blurs, efficiencies;
  double blur[CSRO_GO_NO_GO_BLURS];              /* sigma_z / spacing of the planes, rising */
  double efficiency[CSRO_GO_NO_GO_EFFICIENCIES]; /* rising */
  double alpha[CSRO_GO_NO_GO_BLURS][CSRO_GO_NO_GO_EFFICIENCIES];
} csro_go_no_go;

/* The table of the library. */
void csro_go_no_go_get(csro_go_no_go *map);

/* What is measured. */
typedef struct csro_go_no_go_data {
  double ions, share; /* how many, and which share is of the species */
  double lateral;     /* of the neighbours, nm */
} csro_go_no_go_data;

/* The smallest |alpha| of such data: between the values of the table by their logarithms; a smaller
 * blur is as good as the smallest; NaN for a larger one than the table has. */
double csro_go_no_go_alpha(const csro_go_no_go *map, double blur, double efficiency,
                           const csro_go_no_go_data *data);

/* The efficiency at which the crystal of the table has as many neighbours of an ion in a plane
 * within `lateral` (nm) as the data have: PLANES counts, with so many bins for a plane. */
double csro_go_no_go_efficiency(const csro_neighbour_counts *counts, double bins_per_plane,
                                double lateral);

CSRO_API_END

#endif
