/* Ions that hit the detector after one pulse: how often which masses come together (Saxey,
 * Ultramicroscopy 111 (2011) 473). */
#ifndef CSRO_MULTIPLE_HITS_H
#define CSRO_MULTIPLE_HITS_H

#include "csro/spectrum.h"

CSRO_API_BEGIN

enum { CSRO_HIT_BINS = 2000 }; /* of each of the two masses, at most */

/* Adds the pairs of ions of one pulse, each in both orders: counts[bins][bins] by both masses
 * (float32 or double, is_double); pairs with a mass outside of the bins are left out. Ions follow
 * each other as they were detected. hits[count]: the number of ions of the pulse for its first ion,
 * 0 for the others; ions before the first that begins a pulse are left out, and those that are more
 * than the first one says. pulses: those with two ions or more are added. CSRO_ERROR_ARGUMENT: more
 * than CSRO_HIT_BINS bins. */
csro_status csro_multiple_hits_add(csro_context *context, const csro_spectrum *spectrum,
                                   const void *mass, bool is_double, const double *hits,
                                   int64_t count, int64_t *counts, int64_t *pulses);

/* expected[bins][bins]: the same pairs, where the ions of multiple hits are paired at random (the
 * product of the sums over either mass by the sum over both). CSRO_ERROR_MEMORY. */
csro_status csro_multiple_hits_expect(csro_context *context, const int64_t *counts, int bins,
                                      double *expected);

CSRO_API_END

#endif
