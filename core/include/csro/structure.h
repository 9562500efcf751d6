/* Crystal structures by description: cells with sublattices, which species sit on them and how
 * well ordered, cut out along any pole. The cells are orthogonal (cubic, tetragonal). Lengths in
 * nm. */
#ifndef CSRO_STRUCTURE_H
#define CSRO_STRUCTURE_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

/* A cell and what sits in it. The arrays belong to it. */
typedef struct csro_structure {
  double constant[3];    /* lattice constants a, b, c, which hkl refer to */
  int cells[3];          /* lattice cells in the repeated cell, along each axis */
  int site_count;        /* in the repeated cell */
  double (*position)[3]; /* [site_count] in lattice constants, 0 <= u < cells */
  int *sublattice;       /* [site_count] */
  int sublattice_count;
  char (*sublattices)[16]; /* [sublattice_count] names, "A" */
  int species_count;
  double *occupancy; /* [sublattice_count][species_count] at full order; a row sums to at most 1,
                        the rest are species that nobody asks for */
} csro_structure;

/* The built-in prototypes: superstructures of fcc (fcc, L1_2, L1_0, L1_1, DO22, MoPt2) and of bcc
 * (bcc, B2, D0_3), described on the cells of their parent lattice, whose constants they take. So
 * all structures of an alloy have the same constant and the same hkl: D0_3 in Fe-Al has a = 0.29
 * nm, its own cell twice that. Sublattices, with their share of the sites: fcc, bcc  A 1 L1_2 A 3/4
 * (faces), B 1/4 (corners) L1_0      A 1/2, B 1/2: alternate (002) planes L1_1      A 1/2, B 1/2:
 * alternate (111) planes DO22      A 3/4, B 1/4 (corners and centre of two cells along c) MoPt2 A
 * 2/3, B 1/3: every third (022) plane with the normal a + b, [110] B2        A 1/2 (corners), B 1/2
 * (centres) D0_3      A 1/2 (the corners), A2 1/4, B 1/4 (the centres, alternating) */
enum { CSRO_PROTOTYPES = 9 };
/* "fcc", "L1_2" and so on. */
extern const char *const csro_prototype_names[CSRO_PROTOTYPES];

/* After how many lattice planes hkl (of the parent lattice; whole numbers as for a pole) the
 * occupancy of a prototype repeats: 1 where all planes are alike, 2 for L1_2 and 002, 4 for D0_3
 * and 111. The three axes are those of the prototype: c of tetragonal ones is the third.
 * *spacing of these planes, in units of the lattice
 * constant a = c. 0 for a prototype that does not exist, or for 000. */
int csro_prototype_period(int prototype, const int hkl[3], double *spacing);

/* Which prototypes have this period along 002, 111 or 022 of a parent lattice whose planes may be
 * this far apart (nm; neighbouring atoms of metals are 0.24 to 0.30 nm apart, give or take 5 %):
 * what such planes cannot tell apart. "L1_2, L1_0 or DO22 (002 of fcc); B2 or D0_3 (002 of bcc)";
 * empty for none. */
enum { CSRO_STRUCTURES_TEXT = 256 };
void csro_structures_of_period(double spacing, int period, char text[CSRO_STRUCTURES_TEXT]);

/* A prototype by its place in csro_prototype_names, empty: all occupancies 0. */
csro_status csro_structure_prototype(csro_context *context, int prototype, double a, double c,
                                     int species_count, csro_structure *structure);

/* A cell of one's own with everything zero; the caller fills in and ends with
 * csro_structure_check. */
csro_status csro_structure_init(csro_context *context, int site_count, int sublattice_count,
                                int species_count, csro_structure *structure);

/* Constants, positions and occupancies in their limits, no two sites closer than 0.05 nm, every
 * sublattice with a site. CSRO_ERROR_ARGUMENT otherwise. */
csro_status csro_structure_check(csro_context *context, const csro_structure *structure);

/* Frees the arrays and zeroes the struct. */
void csro_structure_release(csro_structure *structure);

/* Atomic fraction of each species at full order: fractions[species_count]. */
void csro_structure_composition(const csro_structure *structure, double *fractions);

/* Occupancies of the degree of order (0 all sublattices alike .. 1 as described), of an alloy with
 * the fraction (0 .. 1) of one species: what is too much of it goes to the other sublattices, what
 * is missing is made up by the others in their proportions. species -1: the composition that the
 * structure has. out[sublattice_count][species_count]. */
void csro_structure_occupancy(const csro_structure *structure, double order, int species,
                              double fraction, double *out);

/* The row of the same without order, which all sublattices share: out[species_count]. */
void csro_structure_mixture(const csro_structure *structure, int species, double fraction,
                            double *out);

/* The axes of a specimen with the pole along z, one per row, in the frame of the crystal: z is the
 * normal of the planes hkl, x = z cross c (a when the pole is c). CSRO_ERROR_ARGUMENT for 000. */
csro_status csro_structure_axes(csro_context *context, const csro_structure *structure,
                                const int hkl[3], double axes[3][3]);

/* A place of an atom. */
typedef struct csro_site {
  double r[3]; /* nm, pole along z */
  int sublattice;
} csro_site;

/* A list of them, which owns its array. */
typedef struct csro_sites {
  int64_t count;
  csro_site *site;
} csro_sites;

/* The sites |r - center| <= radius, the corner of a cell at r = 0. Sites are in the order of their
 * coordinates along a, then b, then c. More than 2^24 are refused. */
csro_status csro_structure_ball(csro_context *context, const csro_structure *structure,
                                const int hkl[3], const double center[3], double radius,
                                csro_sites *sites);

/* The sites lo <= r <= hi, faces of the box along the axes of the specimen. */
csro_status csro_structure_box(csro_context *context, const csro_structure *structure,
                               const int hkl[3], const double lo[3], const double hi[3],
                               csro_sites *sites);

/* A crystal of lattice cells with the sites on all its faces, one corner at r = 0. */
csro_status csro_structure_crystal(csro_context *context, const csro_structure *structure,
                                   const int hkl[3], const int cells[3], csro_sites *sites);

/* Frees the array and zeroes the struct. */
void csro_sites_release(csro_sites *sites);

CSRO_API_END

#endif
