/* The outline of a specimen. */
#ifndef CSRO_SIMULATE_SPECIMEN_SHAPE_H
#define CSRO_SIMULATE_SPECIMEN_SHAPE_H

#include "csro/specimen.h"

/* Half the size in x and y at depth z; for a frustum both are the radius there. */
void csro_specimen_half(const csro_specimen *specimen, double z, double half[2]);

/* The same where the specimen is widest. */
void csro_specimen_half_max(const csro_specimen *specimen, double half[2]);

/* Whether a point lies in the shape. Boxes are half open, so that their
 * volume holds the right number of sites. */
bool csro_specimen_inside(const csro_specimen *specimen, const double r[3]);

#endif
