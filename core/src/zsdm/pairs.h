/* The innermost loops: depth differences of one ion against many, into private histograms. */
#ifndef CSRO_ZSDM_PAIRS_H
#define CSRO_ZSDM_PAIRS_H

#include "csro/zsdm.h"

/* Histograms of one thread: four of total + 1 bins each, one behind the other, so that equal bins
 * in a row do not wait for each other; the extra bin collects what does not count. */
enum { CSRO_PAIR_HISTOGRAMS = 4 };

typedef struct csro_pairs {
  double half_range, half_range2, scale; /* scale = bins per nm */
  int total;
  uint32_t *histogram; /* [CSRO_PAIR_HISTOGRAMS][total + 1] */
} csro_pairs;

csro_status csro_pairs_make(csro_context *context, const csro_bins *bins, csro_pairs *pairs);
void csro_pairs_free(csro_pairs *pairs);
void csro_pairs_clear(csro_pairs *pairs);

/* Adds the pairs from ion r to the ions begin .. end - 1; the arrays must be readable for
 * CSRO_CELLS_PADDING entries behind the end. */
void csro_pairs_from(csro_pairs *pairs, const double r[3], const double *x, const double *y,
                     const double *z, int64_t begin, int64_t end);

/* Adds all ordered pairs among n ions, from the n (n - 1) / 2 unique ones. */
void csro_pairs_among(csro_pairs *pairs, const double *x, const double *y, const double *z,
                      int64_t n);

/* Count of bin b, 0 .. total - 1. */
static inline uint32_t csro_pairs_count(const csro_pairs *pairs, int b) {
  const uint32_t *h = pairs->histogram + b;
  const size_t next = (size_t)pairs->total + 1;
  return h[0] + h[next] + h[2 * next] + h[3 * next];
}

#endif
