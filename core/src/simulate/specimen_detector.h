/* Which atoms the detector sees, and what else it counts. */
#ifndef CSRO_SIMULATE_SPECIMEN_DETECTOR_H
#define CSRO_SIMULATE_SPECIMEN_DETECTOR_H

#include "csro/specimen.h"

/* A quantity that is `from` at the beginning of the ramp, at the point r. */
double csro_ramp_at(const csro_specimen *specimen, const csro_ramp *ramp, double from,
                    const double r[3]);

/* Probability of detecting an atom of this species (index) at r. */
double csro_specimen_efficiency(const csro_specimen *specimen, int species, const double r[3]);

/* The atoms detected last of one plane. */
typedef struct csro_recent_hits {
  int64_t count; /* of the plane so far */
  struct {
    double x, y;
    int species;
  } hit[CSRO_PILE_UP_REACH];
} csro_recent_hits;

/* Whether the next atom (its site's number, species and where it is seen) is lost by pile-up.
 * Counts it among the recent ones, lost or not. */
bool csro_pile_up_loses(const csro_specimen *specimen, csro_recent_hits *recent, int64_t number,
                        int species, const double seen[3]);

#endif
