/* Where the sites of a perfect crystal lie in a specimen whose planes are tilted, curved and of
 * uneven spacing. */
#ifndef CSRO_SIMULATE_SPECIMEN_DISTORT_H
#define CSRO_SIMULATE_SPECIMEN_DISTORT_H

#include "csro/specimen.h"

/* Made once for each grain. Without any distortion positions stay as they are, to the last bit. */
typedef struct csro_distortion {
  double height, drift;  /* nm; fraction */
  double inverse_radius; /* of curvature, 1/nm */
  double shift;          /* along z, of the perfect lattice, nm */
  bool turned;           /* whether there is a rotation, about (0, 0, -height / 2) */
  double rotation[3][3]; /* out = rotation in */
} csro_distortion;

/* Of the first grain (0) or the second (1), whose shift is the caller's. */
void csro_distortion_init(const csro_specimen *specimen, int grain, csro_distortion *distortion);

/* From the perfect lattice to the specimen. */
void csro_distort(const csro_distortion *distortion, const double lattice[3], double out[3]);

/* Bounds, in the perfect lattice, of all that the distortion moves into the box lo .. hi. */
void csro_distort_bounds(const csro_distortion *distortion, const double lo[3], const double hi[3],
                         double lattice_lo[3], double lattice_hi[3]);

#endif
