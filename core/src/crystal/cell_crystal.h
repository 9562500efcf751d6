/* The crystal of any structure with any pole along z, addressed by whole numbers: planes, rows,
 * columns. The repeated cells of the structure lie in layers across z. A layer has one plane for
 * each site of the cell, from the highest to the lowest; a plane is a lattice of rows and columns.
 */
#ifndef CSRO_CRYSTAL_CELL_CRYSTAL_H
#define CSRO_CRYSTAL_CELL_CRYSTAL_H

#include "csro/structure.h"

typedef struct csro_cell_crystal {
  const csro_structure *structure; /* the caller's */
  double axes[3][3];               /* of the specimen, in the frame of the crystal */
  double layer, plane_spacing;     /* nm; the mean of distinct heights */
  double step[2][2];               /* from column to column and from row to row, x and y, nm */
  double inverse[2][2];            /* steps in x and y per nm */
  double shift[2];                 /* of the next layer, in steps */
  double (*site)[3]; /* [structure->site_count], nm: -layer < z <= 0, x and y within half a step
                        around 0 */
} csro_cell_crystal;

/* hkl as in csro_structure_axes. Release with csro_cell_crystal_release, also after an error. */
csro_status csro_cell_crystal_init(csro_context *context, const csro_structure *structure,
                                   const int hkl[3], csro_cell_crystal *crystal);
void csro_cell_crystal_release(csro_cell_crystal *crystal);

/* Ideal position, nm; the topmost plane of layer 0 is half a plane spacing below z = 0. */
void csro_cell_position(const csro_cell_crystal *crystal, int64_t plane, int64_t row,
                        int64_t column, double out[3]);

/* Lattice numbers first .. end - 1 of the planes, rows and columns that hold all sites within lo ..
 * hi, and some more. */
void csro_cell_bounds(const csro_cell_crystal *crystal, const double lo[3], const double hi[3],
                      double first[3], double end[3]);

/* The sublattice of another structure on the same lattice, moved by `shift` (lattice constants), at
 * an ideal position. */
int csro_cell_sublattice(const csro_cell_crystal *crystal, const csro_structure *structure,
                         const double shift[3], const double position[3]);

#endif
