/* Lattice planes: what their parts share, and what is seen at a height within blurred planes. */
#ifndef CSRO_ORDER_PLANES_H
#define CSRO_ORDER_PLANES_H

#include "csro/planes.h"

/* Sums over the ions of a block: fixed point, for whole numbers add up to the same in any order. */
enum { CSRO_COSINE, CSRO_SINE, CSRO_IONS };
#define CSRO_PLANE_UNIT (1 << 30)

/* The block that holds a point, or the nearest one. */
int64_t csro_planes_block_at(const csro_planes *planes, const double r[3]);

/* A point between the centres of eight blocks, with their weights; only those of its own grain
 * count. Beyond the outermost centres it is the nearest point between them. */
typedef struct csro_plane_corners {
  int64_t block[8];
  double weight[8], inside[3];
} csro_plane_corners;
void csro_planes_corners(const csro_planes *planes, const double r[3], csro_plane_corners *corners);

/* Where an ion is in its planes. */
typedef struct csro_plane_place {
  double height; /* above an even plane of its species, in spacings */
  double sigma;  /* blur of its planes, nm */
} csro_plane_place;
/* sigma_z: 0 as measured; label of the ion: -1 for none. */
csro_plane_place csro_planes_place(const csro_planes *planes, double sigma_z, const double r[3],
                                   int label);

typedef struct csro_plane_mix {
  double ions; /* density of ions, relative to the mean */
  double even; /* share of the ions from even planes less that from odd ones */
} csro_plane_mix;

/* height: above an even plane, in spacings. spacing and sigma_z in nm; planes sharper than a
 * twentieth of the spacing are taken as that, for they leave nothing between to divide by. */
csro_plane_mix csro_planes_mix(double height, double spacing, double sigma_z);

/* The same of a decoy (csro_planes_decoy), in place of even and odd planes; 0: of these, with a
 * period of 2. */
csro_plane_mix csro_planes_mix_decoy(double height, double spacing, double sigma_z, int period,
                                     int decoy);

#endif
