/* The crystal of a specimen, or its two: sites by number, and where they are. Both grains have the
 * same block of sites, large enough for either. */
#ifndef CSRO_SIMULATE_SPECIMEN_GRAIN_H
#define CSRO_SIMULATE_SPECIMEN_GRAIN_H

#include "crystal/crystal.h"
#include "simulate/specimen_distort.h"

enum { CSRO_GRAINS_MOST = 2 };

typedef struct csro_grains {
  const csro_specimen *specimen;
  csro_crystal crystal;
  int count;
  csro_distortion distortion[CSRO_GRAINS_MOST];
} csro_grains;

/* The specimen, which has been checked, is kept. Release with csro_grains_release. */
csro_status csro_grains_init(csro_context *context, const csro_specimen *specimen,
                             csro_grains *grains);
void csro_grains_release(csro_grains *grains);

/* Which grain owns a point of the specimen. */
int csro_grain_at(const csro_grains *grains, const double r[3]);

/* Position of a site of a grain, without noise. False: it lies outside of the specimen or of the
 * grain, and has no atom. */
bool csro_grain_site(const csro_grains *grains, int grain, int64_t plane, int64_t row,
                     int64_t column, double r[3]);

/* The sites of a grain that may lie in the box lo .. hi. */
csro_site_block csro_grain_block(const csro_grains *grains, int grain, const double lo[3],
                                 const double hi[3]);

/* The number of a site among those of all grains, for its random numbers. */
static inline int64_t csro_grain_site_number(const csro_grains *grains, int grain, int64_t site) {
  const csro_crystal *c = &grains->crystal;
  return grain * (c->planes * c->rows * c->columns) + site;
}

#endif
