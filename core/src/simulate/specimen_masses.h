/* Mass-to-charge of simulated ions. */
#ifndef CSRO_SIMULATE_SPECIMEN_MASSES_H
#define CSRO_SIMULATE_SPECIMEN_MASSES_H

#include "csro/random.h"

/* Da, of an ion of this label (specimen_streams.h). */
double csro_simulated_mass(csro_random *random, uint8_t label);

#endif
