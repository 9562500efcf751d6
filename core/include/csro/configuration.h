/* A periodic configuration as the crystal that a specimen is cut from. Lengths in nm. */
#ifndef CSRO_CONFIGURATION_H
#define CSRO_CONFIGURATION_H

#include "csro/lattice.h"
#include "csro/specimen.h"

CSRO_API_BEGIN

/* The configuration repeats in all directions, with this pole along z. The arrays belong to it but
 * for the lattice, which must outlive it. */
struct csro_configuration {
  const csro_lattice *lattice;
  int pole[3];              /* hkl */
  csro_structure structure; /* the cell of the lattice */
  double distance;          /* of nearest neighbours */
  float *order;             /* [sites] 1 - (share of the own species among the nearest neighbours) /
                               (its share of all sites): the mean over the atoms of a species is alpha
                               of like pairs in the first shell */
  double alpha[CSRO_LATTICE_SPECIES][CSRO_LATTICE_SPECIES]; /* Warren-Cowley, first shell; NaN of
                                                               species that are not there */
};

/* CSRO_ERROR_ARGUMENT: 000. Release with csro_configuration_release. */
csro_status csro_configuration_init(csro_context *context, const csro_lattice *lattice,
                                    const int pole[3], csro_configuration *configuration);
/* Frees the arrays and zeroes the struct. */
void csro_configuration_release(csro_configuration *configuration);

/* Takes crystal, pole and atoms from a configuration, which must outlive the specimen; there are no
 * domains then, no gradient, and the shares of the species are not used. Before the texts
 * (csro_specimen_set_sigma_z ...). CSRO_ERROR_ARGUMENT: more than 8 species, or one that is no
 * element. */
csro_status csro_specimen_use_configuration(csro_context *context, csro_specimen *specimen,
                                            const csro_configuration *configuration);

/* The site of the lattice at an ideal position of the crystal whose planes are so far apart. */
int64_t csro_configuration_site(const csro_configuration *configuration, const double axes[3][3],
                                double plane_spacing, const double position[3]);

CSRO_API_END

#endif
