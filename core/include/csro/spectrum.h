/* Mass spectra: histograms of mass-to-charge. */
#ifndef CSRO_SPECTRUM_H
#define CSRO_SPECTRUM_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

enum { CSRO_SPECTRUM_BINS = 1000000 }; /* at most */

/* Bin i of `bins` holds the masses m with i width <= m < (i + 1) width. */
typedef struct csro_spectrum {
  double width; /* Da */
  int bins;
} csro_spectrum;

/* Bins from 0 up to a mass, which the last bin holds or ends at. width and upper (Da) that are not
 * positive or give more than CSRO_SPECTRUM_BINS are errors. */
csro_status csro_spectrum_init(csro_context *context, double width, double upper,
                               csro_spectrum *spectrum);

static inline double csro_spectrum_center(const csro_spectrum *spectrum, int bin) {
  return (bin + 0.5) * spectrum->width;
}

/* The heaviest mass (float32 or double, is_double), 0 of none. */
double csro_heaviest_mass(const void *mass, bool is_double, int64_t count);

/* Counts ions by mass, and by mass and label. counts: (1 + species_count) x bins; row 0 holds all
 * ions, row 1 + s those with label 1 + s (0 is unranged). label may be NULL; a label above
 * species_count is an error. Masses (float32 or double, is_double) outside of the bins are not
 * counted. Counts of several ranks add up. */
csro_status csro_spectrum_count(csro_context *context, const csro_spectrum *spectrum,
                                const void *mass, bool is_double, const uint16_t *label,
                                int64_t count, int species_count, int64_t *counts);

CSRO_API_END

#endif
