#include "csro/multiple_hits.h"

#include <math.h>
#include <stdlib.h>

static int bin_of(const csro_spectrum *spectrum, const void *mass, bool is_double, int64_t ion) {
  const double value = is_double ? ((const double *)mass)[ion] : (double)((const float *)mass)[ion];
  const double bin = floor(value / spectrum->width);
  return bin >= 0 && bin < spectrum->bins ? (int)bin : -1;
}

csro_status csro_multiple_hits_add(csro_context *context, const csro_spectrum *spectrum,
                                   const void *mass, bool is_double, const double *hits,
                                   int64_t count, int64_t *counts, int64_t *pulses) {
  if (spectrum->bins > CSRO_HIT_BINS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d bins of each mass, expected at most %d",
                     spectrum->bins, CSRO_HIT_BINS);
  for (int64_t first = 0; first < count;) {
    int64_t end = first + 1;
    while (end < count && !(hits[end] > 0))
      end++;
    const int64_t last =
        (double)(end - first) > hits[first] ? first + (int64_t)hits[first] : end; /* of the pulse */
    *pulses += last - first > 1;
    for (int64_t i = first; i < last; i++) {
      const int a = bin_of(spectrum, mass, is_double, i);
      for (int64_t j = first; j < last && a >= 0; j++) {
        const int b = bin_of(spectrum, mass, is_double, j);
        if (i != j && b >= 0)
          counts[(int64_t)a * spectrum->bins + b]++;
      }
    }
    first = end;
  }
  return CSRO_OK;
}

csro_status csro_multiple_hits_expect(csro_context *context, const int64_t *counts, int bins,
                                      double *expected) {
  double *sums = csro_allocate(context, bins, sizeof *sums), all = 0;
  if (!sums)
    return CSRO_ERROR_MEMORY;
  for (int a = 0; a < bins; a++) {
    sums[a] = 0;
    for (int b = 0; b < bins; b++)
      sums[a] += (double)counts[(int64_t)a * bins + b];
    all += sums[a];
  }
  for (int a = 0; a < bins; a++)
    for (int b = 0; b < bins; b++)
      expected[(int64_t)a * bins + b] = all > 0 ? sums[a] * sums[b] / all : 0;
  free(sums);
  return CSRO_OK;
}
