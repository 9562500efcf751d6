/* The crystal of a specimen, fcc or of a recipe (cell_crystal.h): planes along z, rows of atoms, in
 * fcc along x, addressed by whole numbers.
 * Plane p of the lattice lies at z = -(p + 1/2) spacings, so a crystal of height h from z = 0 has
 * the volume of its planes. */
#ifndef CSRO_CRYSTAL_CRYSTAL_H
#define CSRO_CRYSTAL_CRYSTAL_H

#include "crystal/cell_crystal.h"
#include "csro/specimen.h"

typedef struct csro_crystal {
  csro_cell_crystal
      *cell; /* NULL: fcc with this pole; the spacings of rows and columns are of fcc */
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

/* The crystal that a specimen asks for, without sites yet. Release with csro_crystal_release, also
 * after an error. */
csro_status csro_crystal_init(csro_context *context, const csro_specimen *specimen,
                              csro_crystal *crystal);
void csro_crystal_release(csro_crystal *crystal);

/* Gives it all sites in |x| <= half[0], |y| <= half[1], z[0] <= z <= z[1], and some more. */
csro_status csro_crystal_enclose(csro_context *context, const double half[2], const double z[2],
                                 csro_crystal *crystal);

/* Ideal position of a site, nm. */
void csro_crystal_position(const csro_crystal *crystal, int64_t plane, int64_t row, int64_t column,
                           double out[3]);

/* Every site within lo .. hi lies in this block (which may hold a few more). */
csro_site_block csro_crystal_block(const csro_crystal *crystal, const double lo[3],
                                   const double hi[3]);

/* Of fcc along <002>: the four simple cubic sublattices; 0, 1 share a plane and 2, 3 the next.
 * Along <111>: alternate planes, 0 and 1. */
int csro_crystal_sublattice(const csro_crystal *crystal, int64_t plane, int64_t row);

/* The four simple cubic sublattices of fcc, 0 to 3, along either pole. Along <002> they are the
 * above. */
int csro_crystal_cubic_sublattice(const csro_crystal *crystal, int64_t plane, int64_t row,
                                  int64_t column);

/* The number of a site, the same for every part of a specimen. */
static inline int64_t csro_crystal_site(const csro_crystal *crystal, int64_t plane, int64_t row,
                                        int64_t column) {
  return (plane * crystal->rows + row) * crystal->columns + column;
}

#endif
