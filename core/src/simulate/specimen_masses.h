/* Mass-to-charge of simulated ions. */
#ifndef CSRO_SIMULATE_SPECIMEN_MASSES_H
#define CSRO_SIMULATE_SPECIMEN_MASSES_H

#include "csro/context.h"
#include "csro/random.h"
#include "simulate/simulated_elements.h"

/* Da, of an ion of an element, mostly 2+, hydrogen 1+. */
double csro_simulated_mass(csro_random *random, const csro_simulated_element *element);

/* Da, of an ion of the background. */
double csro_simulated_background(csro_random *random);

/* CSRO_ERROR_ARGUMENT: an alloy of this element cannot be simulated. */
csro_status csro_check_element(csro_context *context, const char *symbol);

#endif
