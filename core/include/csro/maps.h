/* Maps of density and composition: ions counted in cells, then delocalised. */
#ifndef CSRO_MAPS_H
#define CSRO_MAPS_H

#include "csro/profile.h"

CSRO_API_BEGIN

/* Cells of one side, x fastest, then y, then z; of a map across an axis there is one along it. */
typedef struct csro_map {
  double origin[3]; /* lower corner */
  double side;      /* nm */
  int64_t n[3];
  int across; /* axis that the map has no cells along, -1: none */
  int64_t cells;
} csro_map;

enum { CSRO_MAP_CELLS = 1 << 27 }; /* at most */

/* Cells whose borders are whole multiples of the side, around bounds xmin, xmax, ... (nm).
 * CSRO_ERROR_ARGUMENT: a side outside of CSRO_SHORTEST to CSRO_LONGEST, bounds that are not finite,
 * more than CSRO_MAP_CELLS cells. */
csro_status csro_map_init(csro_context *context, const double bounds[6], double side, int across,
                          csro_map *map);

/* The volume of a cell in nm^3, of a map across an axis its area in nm^2. */
double csro_map_cell_size(const csro_map *map);

/* The cell of a position (nm), -1 outside. */
int64_t csro_map_cell(const csro_map *map, const double r[3]);

/* Counts of ions in cells: counts[cells]; weight_of_label[label] is added for each ion (atoms of an
 * element, say), NULL: 1. label may be NULL with it. Ions outside are not counted. */
csro_status csro_map_count(csro_context *context, const csro_map *map, const csro_points *points,
                           const uint16_t *label, const int32_t *weight_of_label, int64_t *counts);

/* Every count spread by a normal distribution of the standard deviation sigma (nm, 0: left where it
 * is), cut at four of them and normalised: sums[cells] = sum w n and variances[cells] = sum w^2 n,
 * which is the variance of the sum for Poisson counts (variances may be NULL). The sums are over
 * the cells in one order, for any number of threads. */
csro_status csro_map_delocalise(csro_context *context, const csro_map *map, const int64_t *counts,
                                double sigma, double *sums, double *variances);

/* A share a / t of delocalised sums and its standard error: binomial, of as many independent counts
 * as t^2 / variance of t; NaN where t is 0. */
void csro_map_share(double a, double t, double variance_of_t, double *share, double *error);

/* Whether a cell has ions in all eight neighbours across its corners: a convex specimen then holds
 * it whole. counts: of all ions, of a map with all three axes. */
bool csro_map_is_inside(const csro_map *map, const int64_t *counts, int64_t cell);

/* The density of ions along a direction, without the surface: of cells that are inside, the ions
 * and the number of cells by the bin that their centre is in. counts: of all ions, of a map with
 * all three axes; ions[bins], cells[bins]. */
void csro_map_profile(const csro_map *map, const int64_t *counts, const double unit[3],
                      const csro_profile *profile, int64_t *ions, int64_t *cells);

CSRO_API_END

#endif
