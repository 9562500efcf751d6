/* Periodic crystals with position noise and efficiency, for the benchmarks of order parameters. */
#ifndef CSRO_BENCH_ORDER_CRYSTAL_H
#define CSRO_BENCH_ORDER_CRYSTAL_H

#include "csro/order_parameters.h"

/* A periodic crystal without noise. */
typedef struct order_crystal {
  int64_t count;
  double (*site)[3], axes[3][3];
  uint8_t *group; /* 1: sublattice B */
  double spacing, side, share[2];
} order_crystal;

/* A prototype of csro/structure.h, planes hkl across z, `planes` of them in a lattice constant
 * (nm). Stops the program on errors, as all here. */
order_crystal order_crystal_make(csro_context *context, const char *prototype, const int hkl[3],
                                 double constant, double planes, int cells);
void order_crystal_free(order_crystal *crystal);
/* Coordinates with the pole along z. */
void order_crystal_turn(const double axes[3][3], const double from[3], double to[3]);

/* Noise in nm, efficiency, and what labels are: those of the sublattices (random_groups 0, one
 * member), or random ones. */
typedef struct order_noise {
  double sigma_xy, sigma_z, efficiency;
  int random_groups, members;
} order_noise;

/* Ions of one seed, with those images around them that the bins see. */
typedef struct order_sample {
  csro_periodic_ions images;
  csro_labelled_ions ions;
  int64_t own;
  double *height;
} order_sample;

order_sample order_sample_make(csro_context *context, const order_crystal *crystal,
                               const order_noise *noise, uint64_t seed);
void order_sample_free(order_sample *sample);

#endif
