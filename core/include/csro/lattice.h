/* Periodic configurations: a lattice of equal cells and the species on each of its sites. Cells are
 * orthogonal, as those of csro/structure.h. Lengths in nm. */
#ifndef CSRO_LATTICE_H
#define CSRO_LATTICE_H

#include "csro/structure.h"

CSRO_API_BEGIN

enum {
  CSRO_LATTICE_SPECIES = 16,    /* at most */
  CSRO_LATTICE_BASIS = 256,     /* sites of a cell, at most */
  CSRO_LATTICE_CELLS = 1 << 20, /* along an axis, at most */
  CSRO_LATTICE_NAME = 16        /* bytes of a species' name, with the 0 */
};

/* Site b of the cell x, y, z is at ((x, y, z) + basis[b]) * edge and has the index
 *   ((b * cells[2] + z) * cells[1] + y) * cells[0] + x
 * so that each site of the cell has a grid of its own, x fastest (as an FFT takes it). The box
 * begins at 0 and repeats after cells * edge. The arrays belong to it. */
typedef struct csro_lattice {
  double edge[3];     /* of the cell along x, y, z: the lattice constants, which q is told in */
  int cells[3];       /* along each axis */
  int basis_count;    /* sites of the cell */
  double (*basis)[3]; /* [basis_count] in edges, 0 <= u < 1 */
  int species_count;
  char (*names)[CSRO_LATTICE_NAME]; /* [species_count] "Ni" */
  uint8_t *species;                 /* [sites] below species_count */
} csro_lattice;

static inline int64_t csro_lattice_cell_count(const csro_lattice *lattice) {
  return (int64_t)lattice->cells[0] * lattice->cells[1] * lattice->cells[2];
}

static inline int64_t csro_lattice_site_count(const csro_lattice *lattice) {
  return csro_lattice_cell_count(lattice) * lattice->basis_count;
}

static inline int64_t csro_lattice_site(const csro_lattice *lattice, const int cell[3], int basis) {
  return (((int64_t)basis * lattice->cells[2] + cell[2]) * lattice->cells[1] + cell[1]) *
             lattice->cells[0] +
         cell[0];
}

/* A lattice with all sites of species 0; basis and names are zero: the caller fills in and ends
 * with csro_lattice_check. CSRO_ERROR_ARGUMENT: numbers that are not within the limits above, more
 * than 2^36 sites, edges that are not 0.1 to 100 nm. Release with csro_lattice_release. */
csro_status csro_lattice_init(csro_context *context, const double edge[3], const int cells[3],
                              int basis_count, int species_count, csro_lattice *lattice);

/* Basis within the cell, no two sites closer than 0.05 nm, names there and different, no site of a
 * species that does not exist. CSRO_ERROR_ARGUMENT otherwise. */
csro_status csro_lattice_check(csro_context *context, const csro_lattice *lattice);

/* Frees the arrays and zeroes the struct. */
void csro_lattice_release(csro_lattice *lattice);

/* A crystal of a structure: `cells` counts its lattice constants along each axis (for L1_2 and D0_3
 * those of the parent lattice, fcc and bcc) and is a multiple of structure->cells. The cell of the
 * lattice is that of the parent, where the sites of the structure repeat with its lattice constant
 * (all prototypes); else the repeated cell of the structure. names[structure->species_count]. Each
 * sublattice gets the atoms that its occupancies ask for, to the next whole number (largest
 * remainder), on places that are drawn: of a fully ordered structure there is one such crystal.
 * CSRO_ERROR_ARGUMENT: cells that are no multiple, occupancies that do not sum to 1. */
csro_status csro_lattice_of_structure(csro_context *context, const csro_structure *structure,
                                      const char *const *names, const int cells[3], uint64_t seed,
                                      csro_lattice *lattice);

/* Draws which sites have which species: counts[species_count], which sum to the sites. */
void csro_lattice_randomize(csro_lattice *lattice, const int64_t *counts, uint64_t seed);

/* Whole numbers of atoms that come next to the shares (largest remainder): counts[count] sum to
 * `sites`. Shares are >= 0 and not all 0. */
void csro_lattice_counts(int64_t sites, int count, const double *shares, int64_t *counts);

/* Atoms of each species: counts[species_count]. */
void csro_lattice_composition(const csro_lattice *lattice, int64_t *counts);

/* Where a site is: 0 <= r < box. */
void csro_lattice_position(const csro_lattice *lattice, int64_t site, double r[3]);

/* The site nearest to a point (of the box or of its repetitions), and how far it is, nm. */
int64_t csro_lattice_nearest(const csro_lattice *lattice, const double r[3], double *distance);

/* The parent lattice by its place in csro_prototype_names, 0 fcc or 1 bcc (also when it is
 * tetragonal, or does not begin at 0); -1 for another cell. */
int csro_lattice_parent(const csro_lattice *lattice);

CSRO_API_END

#endif
