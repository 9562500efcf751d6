/* What a z-SDM counts: its bins, the type of its counts, and the partners of an ion. Lengths in nm.
 */
#ifndef CSRO_BINS_H
#define CSRO_BINS_H

#include "csro/voxels.h"

CSRO_API_BEGIN

/* Bins of a z-SDM. */
typedef struct csro_bins {
  double half_range; /* largest pair distance and half-width of the histogram */
  int total;         /* bins over [-half_range, half_range) */
  int first, kept;   /* those that are stored */
} csro_bins;

/* The published bins: half_range 1.5, 200 bins, 54..146 kept (93 counts). */
extern const csro_bins csro_bins_published;

/* Bins whose left edges lie in [-window, window] (rounded to the nearest edge); window >=
 * half_range keeps all. CSRO_ERROR_ARGUMENT: half_range or window outside CSRO_SHORTEST ..
 * CSRO_LONGEST, total outside 2 .. 100000. */
csro_status csro_bins_init(csro_context *context, double half_range, int total, double window,
                           csro_bins *bins);

/* Centre (nm) of stored bin b (0 .. kept - 1). */
double csro_bins_center(const csro_bins *bins, int b);

/* Element type of stored counts: bytes per count. */
typedef enum csro_count_type { CSRO_U8 = 1, CSRO_U16 = 2, CSRO_U32 = 4 } csro_count_type;

/* Value i of an array of counts of the type. */
static inline uint32_t csro_count_at(csro_count_type type, const void *counts, int64_t i) {
  switch (type) {
  case CSRO_U8:
    return ((const uint8_t *)counts)[i];
  case CSRO_U16:
    return ((const uint16_t *)counts)[i];
  case CSRO_U32:
    return ((const uint32_t *)counts)[i];
  }
  return 0;
}

/* The smallest type that holds `largest`. */
csro_count_type csro_count_type_for(int64_t largest);

/* Which ions j are counted with the ions i of a voxel. */
typedef enum csro_partners {
  CSRO_PARTNERS_IN_VOXEL, /* j in the same ball as i (CoCrNi study) */
  CSRO_PARTNERS_IN_DATA   /* j anywhere in the data within half_range of i (Fe-Al study) */
} csro_partners;

/* How far (nm) from its centre the curve of a voxel takes ions from. */
static inline double csro_zsdm_reach(const csro_grid *grid, const csro_bins *bins,
                                     csro_partners partners) {
  return grid->radius + (partners == CSRO_PARTNERS_IN_DATA ? bins->half_range : 0);
}

CSRO_API_END

#endif
