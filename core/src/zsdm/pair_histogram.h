/* The innermost loops: depth differences of one ion against many, into private histograms. */
#ifndef CSRO_ZSDM_PAIR_HISTOGRAM_H
#define CSRO_ZSDM_PAIR_HISTOGRAM_H

#include "csro/bins.h"

/* Histograms of one thread, each of total + 1 bins, one behind the other: several of a kind, so
 * that equal bins in a row do not wait for each other. The extra bin collects what does not count.
 */
typedef struct csro_pair_histogram {
  double half_range, half_range2, scale; /* scale = bins per nm */
  int total;
  bool used_single, used_mirrored; /* since the last csro_pair_histogram_clear */
  uint32_t *single;                /* an entry counts in its bin */
  size_t second;                   /* where the second mirrored histogram begins, 0 for none */
  uint32_t *mirrored;              /* an entry counts in its bin and in the mirror of its bin */
} csro_pair_histogram;

csro_status csro_pair_histogram_init(csro_context *context, const csro_bins *bins,
                                     csro_pair_histogram *pairs);
void csro_pair_histogram_release(csro_pair_histogram *pairs);
void csro_pair_histogram_clear(csro_pair_histogram *pairs);

/* Adds the pairs from ion r to the ions begin .. end - 1; the arrays must be readable for
 * CSRO_CELLS_PADDING entries behind the end. */
void csro_pair_histogram_from(csro_pair_histogram *pairs, const double r[3], const double *x,
                              const double *y, const double *z, int64_t begin, int64_t end);

/* Adds all ordered pairs among n ions, from the n (n - 1) / 2 unique ones. */
void csro_pair_histogram_among(csro_pair_histogram *pairs, const double *x, const double *y,
                               const double *z, int64_t n);

/* Counts of the bins first .. first + kept - 1 into out[kept] of the given type, which must hold
 * them. */
void csro_pair_histogram_store(const csro_pair_histogram *pairs, int first, int kept,
                               csro_count_type type, void *out);

/* Adds them to sum[kept]. */
void csro_pair_histogram_add(const csro_pair_histogram *pairs, int first, int kept, int64_t *sum);

#endif
