/* Pattern banks: simulated z-SDMs of random and ordered crystals to train classifiers on (paper,
 * Experimental Section "Training data"). */
#ifndef CSRO_PATTERNS_H
#define CSRO_PATTERNS_H

#include "csro/specimen.h"
#include "csro/zsdm.h"

typedef struct csro_patterns {
  int64_t count;
  int bins;
  uint32_t *counts;       /* [count][bins] */
  uint8_t *label;         /* class: 0 random, 1 ordered */
  float (*parameters)[3]; /* sigma_xy, sigma_z, efficiency */
} csro_patterns;

/* The published grid for CoCrNi: fcc against L1_2 (<002>) or L1_1 (<111>), 3250 + 1950 patterns. */
csro_status csro_patterns_published(csro_context *context, csro_pole pole, const csro_bins *bins,
                                    uint64_t seed, csro_patterns *patterns);
void csro_patterns_free(csro_patterns *patterns);

#endif
