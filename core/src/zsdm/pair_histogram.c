#include "zsdm/pair_histogram.h"

#include "base/clones.h"

#include <stdlib.h>
#include <string.h>

enum { LANES = 8, SINGLES = 4, MIRRORED = 2 };
/* With more bins, equal ones in a row are rare: one mirrored histogram is cleared sooner. */
enum { MOST_BINS_OF_TWO = 512 };

csro_status csro_pair_histogram_init(csro_context *context, const csro_bins *bins,
                                     csro_pair_histogram *pairs) {
  const long long entries = bins->total + 1;
  *pairs = (csro_pair_histogram){.half_range = bins->half_range,
                                 .half_range2 = bins->half_range * bins->half_range,
                                 .scale = bins->total / (2 * bins->half_range),
                                 .total = bins->total,
                                 .second = bins->total > MOST_BINS_OF_TWO ? 0 : (size_t)entries};
  pairs->single = csro_allocate(context, SINGLES * entries, sizeof *pairs->single);
  pairs->mirrored = csro_allocate(context, MIRRORED * entries, sizeof *pairs->mirrored);
  if (!pairs->single || !pairs->mirrored) {
    csro_pair_histogram_release(pairs);
    return CSRO_ERROR_MEMORY;
  }
  pairs->used_single = pairs->used_mirrored = true;
  csro_pair_histogram_clear(pairs);
  return CSRO_OK;
}

void csro_pair_histogram_release(csro_pair_histogram *pairs) {
  if (!pairs)
    return;
  free(pairs->single);
  free(pairs->mirrored);
  pairs->single = pairs->mirrored = NULL;
}

void csro_pair_histogram_clear(csro_pair_histogram *pairs) {
  const size_t entries = (size_t)pairs->total + 1;
  if (pairs->used_single)
    memset(pairs->single, 0, SINGLES * entries * sizeof *pairs->single);
  if (pairs->used_mirrored)
    memset(pairs->mirrored, 0, (pairs->second + entries) * sizeof *pairs->mirrored);
  pairs->used_single = pairs->used_mirrored = false;
}

/* The bins of LANES pairs, forward (j - i) and backward (i - j), as the definition says; pairs that
 * do not count go to the bin `total`. */
typedef struct bins_of_block {
  int32_t forward[LANES], backward[LANES];
} bins_of_block;

/* Returns whether every pair that counts has backward = total - 1 - forward. Differences on a bin
 * edge have not, nor have those that rounding takes across one. */
static inline __attribute__((always_inline)) bool
find_bins(const csro_pair_histogram *pairs, double xi, double yi, double zi, const double *x,
          const double *y, const double *z, int64_t left, bins_of_block *out) {
  const double half_range = pairs->half_range, half_range2 = pairs->half_range2,
               scale = pairs->scale;
  const int32_t total = pairs->total, lanes = left < LANES ? (int32_t)left : LANES;
  int32_t odd = 0;
#pragma omp simd reduction(| : odd) /* else the compiler unrolls it into branches */
  for (int l = 0; l < LANES; l++) {
    double dx = x[l] - xi, dy = y[l] - yi, dz = z[l] - zi;
    double d2 = dx * dx + dy * dy + dz * dz;
    int counts = (d2 <= half_range2) & (dx != 0) & (dz != 0) & (l < lanes);
    double clipped = counts ? dz : 0; /* keeps the conversion to int defined */
    int32_t forward = (int32_t)((clipped + half_range) * scale);
    int32_t backward = (int32_t)((half_range - clipped) * scale);
    odd |= counts ? forward + backward - (total - 1) : 0;
    out->forward[l] = counts && forward < total ? forward : total;
    out->backward[l] = counts && backward < total ? backward : total;
  }
  return odd == 0;
}

CSRO_CLONES void csro_pair_histogram_from(csro_pair_histogram *pairs, const double r[3],
                                          const double *x, const double *y, const double *z,
                                          int64_t begin, int64_t end) {
  const size_t next = (size_t)pairs->total + 1;
  uint32_t *h = pairs->single;
  bins_of_block block;
  pairs->used_single = true;
  for (int64_t j = begin; j < end; j += LANES) {
    find_bins(pairs, r[0], r[1], r[2], x + j, y + j, z + j, end - j, &block);
    for (int l = 0; l < LANES; l++)
      h[(l & 3) * next + (size_t)block.forward[l]]++;
  }
}

static void add_both_ways(csro_pair_histogram *pairs, const bins_of_block *block) {
  const size_t next = (size_t)pairs->total + 1;
  uint32_t *h = pairs->single;
  pairs->used_single = true;
  for (int l = 0; l < LANES; l++) {
    h[(l & 1) * next + (size_t)block->forward[l]]++;
    h[(2 + (l & 1)) * next + (size_t)block->backward[l]]++;
  }
}

CSRO_CLONES void csro_pair_histogram_among(csro_pair_histogram *pairs, const double *x,
                                           const double *y, const double *z, int64_t n) {
  const size_t second = pairs->second;
  uint32_t *h = pairs->mirrored;
  bins_of_block block;
  pairs->used_mirrored = true;
  for (int64_t i = 0; i + 1 < n; i++)
    for (int64_t j = i + 1; j < n; j += LANES) {
      if (!find_bins(pairs, x[i], y[i], z[i], x + j, y + j, z + j, n - j, &block)) {
        add_both_ways(pairs, &block);
        continue;
      }
      for (int l = 0; l < LANES; l++)
        h[(l & 1) * second + (size_t)block.forward[l]]++;
    }
}

/* Counts of the bins first .. first + n - 1. */
static inline __attribute__((always_inline)) void sum_bins(const csro_pair_histogram *pairs,
                                                           int first, int n, uint32_t *sum) {
  const size_t next = (size_t)pairs->total + 1;
  const uint32_t *m = pairs->mirrored + first, *mirror = pairs->mirrored + pairs->total - 1 - first;
  const uint32_t *h = pairs->single + first;
  for (int b = 0; b < n; b++)
    sum[b] = m[b] + mirror[-b];
  if (pairs->second)
    for (int b = 0; b < n; b++)
      sum[b] += m[next + (size_t)b] + mirror[(ptrdiff_t)next - b];
  if (pairs->used_single)
    for (int b = 0; b < n; b++)
      sum[b] += h[b] + h[next + (size_t)b] + h[2 * next + (size_t)b] + h[3 * next + (size_t)b];
}

CSRO_CLONES void csro_pair_histogram_store(const csro_pair_histogram *pairs, int first, int kept,
                                           csro_count_type type, void *out) {
  enum { BLOCK = 256 };
  uint32_t sum[BLOCK];
  for (int at = 0; at < kept; at += BLOCK) {
    const int n = kept - at < BLOCK ? kept - at : BLOCK;
    sum_bins(pairs, first + at, n, sum);
    for (int b = 0; type == CSRO_U8 && b < n; b++)
      ((uint8_t *)out)[at + b] = (uint8_t)sum[b];
    for (int b = 0; type == CSRO_U16 && b < n; b++)
      ((uint16_t *)out)[at + b] = (uint16_t)sum[b];
    for (int b = 0; type == CSRO_U32 && b < n; b++)
      ((uint32_t *)out)[at + b] = sum[b];
  }
}

void csro_pair_histogram_add(const csro_pair_histogram *pairs, int first, int kept, int64_t *sum) {
  for (int b = 0; b < kept; b++) {
    uint32_t count;
    sum_bins(pairs, first + b, 1, &count);
    sum[b] += count;
  }
}
