/* The fcc crystal of a specimen: planes along z, rows of atoms along x, addressed by whole numbers.
 * Plane p of the lattice lies at z = -(p + 1/2) spacings, so a crystal of height h from z = 0 has
 * the volume of its planes. */
#ifndef CSRO_CRYSTAL_CRYSTAL_H
#define CSRO_CRYSTAL_CRYSTAL_H

#include "csro/specimen.h"

typedef struct csro_crystal {
  csro_pole pole;
  double plane_spacing, row_spacing, column_spacing; /* nm */
  int64_t planes, rows, columns;                     /* of a block that encloses the specimen */
  int64_t first_plane, first_row, first_column; /* lattice numbers of plane 0, row 0, column 0 */
} csro_crystal;

/* Sites plane[0] <= plane < plane[1] and so on. */
typedef struct csro_site_block {
  int64_t plane[2], row[2], column[2];
} csro_site_block;

enum { CSRO_CRYSTAL_TOO_LARGE = 40 }; /* more than 2^40 sites are refused */

/* Distance of the planes of the pole, nm. */
double csro_crystal_spacing(csro_pole pole, double a);

/* The crystal of constant a that fills |x| <= half[0], |y| <= half[1], z[0] <= z <= z[1]. */
csro_status csro_crystal_init(csro_context *context, csro_pole pole, double a, const double half[2],
                              const double z[2], csro_crystal *crystal);

/* Ideal position of a site, nm. */
void csro_crystal_position(const csro_crystal *crystal, int64_t plane, int64_t row, int64_t column,
                           double out[3]);

/* Every site within lo .. hi lies in this block (which may hold a few more). */
csro_site_block csro_crystal_block(const csro_crystal *crystal, const double lo[3],
                                   const double hi[3]);

/* Along <002>: the four simple cubic sublattices; 0, 1 share a plane and 2, 3 the next. Along
 * <111>: alternate planes, 0 and 1. */
int csro_crystal_sublattice(const csro_crystal *crystal, int64_t plane, int64_t row);

/* The number of a site, the same for every part of a specimen. */
static inline int64_t csro_crystal_site(const csro_crystal *crystal, int64_t plane, int64_t row,
                                        int64_t column) {
  return (plane * crystal->rows + row) * crystal->columns + column;
}

#endif
