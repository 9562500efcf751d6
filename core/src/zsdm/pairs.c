#include "zsdm/pairs.h"

#include "base/clones.h"

#include <stdlib.h>
#include <string.h>

enum { LANES = 8 };

csro_status csro_pairs_make(csro_context *context, const csro_bins *bins, csro_pairs *pairs) {
  pairs->half_range = bins->half_range;
  pairs->half_range2 = bins->half_range * bins->half_range;
  pairs->scale = bins->total / (2 * bins->half_range);
  pairs->total = bins->total;
  pairs->histogram = csro_allocate(context, (long long)CSRO_PAIR_HISTOGRAMS * (bins->total + 1),
                                   sizeof *pairs->histogram);
  if (!pairs->histogram)
    return CSRO_ERROR_MEMORY;
  csro_pairs_clear(pairs);
  return CSRO_OK;
}

void csro_pairs_free(csro_pairs *pairs) {
  free(pairs->histogram);
  pairs->histogram = NULL;
}

void csro_pairs_clear(csro_pairs *pairs) {
  memset(pairs->histogram, 0,
         (size_t)CSRO_PAIR_HISTOGRAMS * ((size_t)pairs->total + 1) * sizeof *pairs->histogram);
}

/* The bins of LANES pairs, forward (j - i) and backward (i - j); pairs that do not count go to the
 * bin `total`. Both are computed as the definition says, for the two are not exact mirrors where a
 * difference lies on a bin edge. */
typedef struct bins_of_block {
  int32_t forward[LANES], backward[LANES];
} bins_of_block;

static inline __attribute__((always_inline)) void find_bins(const csro_pairs *pairs, double xi,
                                                            double yi, double zi, const double *x,
                                                            const double *y, const double *z,
                                                            int64_t left, bins_of_block *out) {
  const double half_range = pairs->half_range, half_range2 = pairs->half_range2,
               scale = pairs->scale;
  const int32_t total = pairs->total;
#pragma omp simd /* else the compiler unrolls it into branches */
  for (int l = 0; l < LANES; l++) {
    double dx = x[l] - xi, dy = y[l] - yi, dz = z[l] - zi;
    double d2 = dx * dx + dy * dy + dz * dz;
    int counts = (d2 <= half_range2) & (dx != 0) & (dz != 0) & (l < left);
    double clipped = counts ? dz : 0; /* keeps the conversion to int defined */
    int32_t forward = (int32_t)((clipped + half_range) * scale);
    int32_t backward = (int32_t)((half_range - clipped) * scale);
    out->forward[l] = counts && forward < total ? forward : total;
    out->backward[l] = counts && backward < total ? backward : total;
  }
}

CSRO_CLONES void csro_pairs_from(csro_pairs *pairs, const double r[3], const double *x,
                                 const double *y, const double *z, int64_t begin, int64_t end) {
  const size_t next = (size_t)pairs->total + 1;
  uint32_t *h = pairs->histogram;
  bins_of_block block;
  for (int64_t j = begin; j < end; j += LANES) {
    find_bins(pairs, r[0], r[1], r[2], x + j, y + j, z + j, end - j, &block);
    for (int l = 0; l < LANES; l++)
      h[(l & 3) * next + (size_t)block.forward[l]]++;
  }
}

CSRO_CLONES void csro_pairs_among(csro_pairs *pairs, const double *x, const double *y,
                                  const double *z, int64_t n) {
  const size_t next = (size_t)pairs->total + 1;
  uint32_t *h = pairs->histogram;
  bins_of_block block;
  for (int64_t i = 0; i + 1 < n; i++)
    for (int64_t j = i + 1; j < n; j += LANES) {
      find_bins(pairs, x[i], y[i], z[i], x + j, y + j, z + j, n - j, &block);
      for (int l = 0; l < LANES; l++) {
        h[(l & 1) * next + (size_t)block.forward[l]]++;
        h[(2 + (l & 1)) * next + (size_t)block.backward[l]]++;
      }
    }
}
