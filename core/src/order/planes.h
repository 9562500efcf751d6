/* What is seen at a height within blurred lattice planes. */
#ifndef CSRO_ORDER_PLANES_H
#define CSRO_ORDER_PLANES_H

typedef struct csro_plane_mix {
  double ions; /* density of ions, relative to the mean */
  double even; /* share of the ions from even planes less that from odd ones */
} csro_plane_mix;

/* height: above an even plane, in spacings. spacing and sigma_z in nm; planes sharper than a
 * twentieth of the spacing are taken as that, for they leave nothing between to divide by. */
csro_plane_mix csro_planes_mix(double height, double spacing, double sigma_z);

#endif
