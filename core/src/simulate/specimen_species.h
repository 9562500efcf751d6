/* What the atoms of a specimen are before they order. */
#ifndef CSRO_SIMULATE_SPECIMEN_SPECIES_H
#define CSRO_SIMULATE_SPECIMEN_SPECIES_H

#include "csro/random.h"
#include "csro/specimen.h"

/* Starts the stream of a site (its number among those of all grains) and draws its species, as an
 * index, in the random alloy at r. */
int csro_site_start(csro_random *random, const csro_specimen *specimen, int64_t number,
                    const double r[3]);

#endif
