/* Which atoms the detector sees, and what else it counts. */
#ifndef CSRO_SIMULATE_SPECIMEN_DETECTOR_H
#define CSRO_SIMULATE_SPECIMEN_DETECTOR_H

#include "csro/specimen.h"

/* A quantity that is `from` at the beginning of the ramp, at the point r. */
double csro_ramp_at(const csro_specimen *specimen, const csro_ramp *ramp, double from,
                    const double r[3]);

/* Probability of detecting an atom of this species (index) at r. */
double csro_specimen_efficiency(const csro_specimen *specimen, int species, const double r[3]);

#endif
