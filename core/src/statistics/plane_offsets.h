/* From counts by differences of height to values by whole numbers of planes. */
#ifndef CSRO_STATISTICS_PLANE_OFFSETS_H
#define CSRO_STATISTICS_PLANE_OFFSETS_H

#include "csro/context.h"

#include <stdint.h>

enum { CSRO_OFFSETS = 32 }; /* at most, with those beyond the ones that are wanted */

typedef struct csro_plane_offsets {
  int bins, offsets;
  double *share; /* [bins][offsets] of the pairs of a bin, that have so many planes between */
} csro_plane_offsets;

/* The shares for pairs whose difference of height has this variance (planes^2). total[bins]: pairs
 * of all groups: neighbours in the plane itself may be fewer than in others. Release with
 * csro_plane_offsets_release; zeroed on error. */
csro_status csro_plane_offsets_init(csro_context *context, int bins, double planes_per_bin,
                                    double variance, int offsets, const double *total,
                                    csro_plane_offsets *plane);
void csro_plane_offsets_release(csro_plane_offsets *plane);

/* Fits value[offsets] to what the bins have: measured[bins], weighted. */
void csro_plane_offsets_fit(const csro_plane_offsets *plane, const double *weight,
                            const double *measured, double *value);

#endif
