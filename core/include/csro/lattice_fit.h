/* The lattice that the atoms of a periodic box stand on. */
#ifndef CSRO_LATTICE_FIT_H
#define CSRO_LATTICE_FIT_H

#include "csro/ions.h"
#include "csro/lattice.h"

CSRO_API_BEGIN

/* Atoms in a box whose edges are along x, y and z. Nothing is owned. */
typedef struct csro_boxed_atoms {
  csro_points points;
  const uint16_t *label; /* [points.count] 1 + species */
  double box[3];         /* nm */
  int species_count;
  const char *const *names;
  /* The lattice, where it is known; else zeros: it is found. Lengths in nm, basis in edges. */
  double edge[3];
  int basis_count;
  const double (*basis)[3];
} csro_boxed_atoms;

/* Puts each atom on the site next to it (of the box or of its repetitions). A lattice that is found
 * has its atoms in planes across x, y and z that are evenly spaced, and the smallest cell that
 * repeats; an atom is at its origin. *deviation is the largest distance of an atom from its site,
 * nm. CSRO_ERROR_DATA: no such lattice, a site with no atom or more than one, an atom farther from
 * its site than half the way to the next one, an atom without a species, a box that is no whole
 * number of the edges. Release with csro_lattice_release. */
csro_status csro_lattice_fit(csro_context *context, const csro_boxed_atoms *atoms,
                             csro_lattice *lattice, double *deviation);

CSRO_API_END

#endif
