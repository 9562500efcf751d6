/* Counts of ions along a line, or by distance: whole numbers, which add up over processes. */
#ifndef CSRO_PROFILE_H
#define CSRO_PROFILE_H

#include "csro/composition.h"
#include "csro/ions.h"

CSRO_API_BEGIN

enum { CSRO_PROFILE_BINS = 1000000 }; /* at most */

/* Bin i holds the values with first + i width <= value < first + (i + 1) width; nm. */
typedef struct csro_profile {
  double first, width;
  int bins;
} csro_profile;

/* Bins whose edges are whole multiples of the width, from the one that holds `lowest` to the one
 * that holds `highest`. CSRO_ERROR_ARGUMENT: a width outside of CSRO_SHORTEST to CSRO_LONGEST, a
 * limit that is not finite, more than CSRO_PROFILE_BINS bins. */
csro_status csro_profile_init(csro_context *context, double lowest, double highest, double width,
                              csro_profile *profile);

static inline double csro_profile_center(const csro_profile *profile, int bin) {
  return profile->first + (bin + 0.5) * profile->width;
}

/* The bin of a value, -1 outside. */
int csro_profile_bin(const csro_profile *profile, double value);

/* A unit vector; CSRO_ERROR_ARGUMENT for one that is not finite or has no length. */
csro_status csro_direction_init(csro_context *context, const double direction[3], double unit[3]);

/* Where each ion is along a direction: value[i] = r . unit, nm. */
csro_status csro_profile_project(csro_context *context, const csro_points *points,
                                 const double unit[3], double *value);

/* Counts of each label in each bin: counts[bins][species_count + 1]. label may be NULL (all are 0);
 * values outside of the bins are not counted. A label above the number of species is
 * CSRO_ERROR_DATA. */
csro_status csro_profile_count(csro_context *context, const csro_profile *profile,
                               const double *value, const uint16_t *label, int64_t count,
                               int species_count, int64_t *counts);

CSRO_API_END

#endif
