#include "csro/spectrum.h"
#include "csro/share.h"

#include "base/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { block_ions = 65536, largest_copies = 1 << 23 };

csro_status csro_spectrum_init(csro_context *context, double width, double upper,
                               csro_spectrum *spectrum) {
  *spectrum = (csro_spectrum){0, 0};
  csro_status status = csro_check_number(context, "width of a bin in Da", width, 1e-9, 1e9);
  if (status == CSRO_OK)
    status = csro_check_number(context, "upper limit of the spectrum in Da", upper, 1e-9, 1e9);
  if (status != CSRO_OK)
    return status;
  if (!(upper / width <= CSRO_SPECTRUM_BINS))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "bins of %g Da up to %g Da, expected both above 0 and at most %d bins", width,
                     upper, CSRO_SPECTRUM_BINS);
  /* 200 / 0.01 may be a little above 20000: that is no bin more. */
  const double bins = ceil(upper / width * (1 - 1e-12));
  *spectrum = (csro_spectrum){width, bins > 1 ? (int)bins : 1};
  return CSRO_OK;
}

double csro_heaviest_mass(const void *mass, bool is_double, int64_t count) {
  double heaviest = 0;
  for (int64_t i = 0; i < count; i++) {
    const double own = is_double ? ((const double *)mass)[i] : (double)((const float *)mass)[i];
    heaviest = own > heaviest ? own : heaviest;
  }
  return heaviest;
}

/* The bin of a mass, -1 outside. The quotient may be rounded across an edge. */
static inline int64_t bin_of(const csro_spectrum *spectrum, double mass) {
  const double quotient = mass / spectrum->width;
  if (!(mass >= 0 && quotient <= spectrum->bins))
    return -1;
  int64_t bin = (int64_t)quotient;
  bin += mass >= (double)(bin + 1) * spectrum->width;
  bin -= mass < (double)bin * spectrum->width;
  return bin < spectrum->bins ? bin : -1;
}

typedef struct counter {
  const csro_spectrum *spectrum;
  const void *mass;
  bool is_double;
  const uint16_t *label; /* may be NULL */
  int species_count;
} counter;

/* Returns how many labels are above the number of species. */
static int64_t count_block(const counter *of, int64_t begin, int64_t end, int64_t *counts) {
  int64_t above = 0;
  for (int64_t i = begin; i < end; i++) {
    const int species = of->label ? of->label[i] : 0;
    const int64_t bin = bin_of(of->spectrum, of->is_double ? ((const double *)of->mass)[i]
                                                           : (double)((const float *)of->mass)[i]);
    above += species > of->species_count;
    if (bin < 0 || species > of->species_count)
      continue;
    counts[bin]++;
    if (species > 0)
      counts[(int64_t)species * of->spectrum->bins + bin]++;
  }
  return above;
}

/* Threads that count into copies of their own; few where a copy is large. */
static int count_copies(const csro_context *context, int64_t size) {
  const int64_t copies = largest_copies / size;
  return copies < 1 ? 1 : copies < context->threads ? (int)copies : context->threads;
}

/* copy: `copies` - 1 histograms of `size` counts, zeros. */
static csro_status count_shares(csro_context *context, const counter *of, int64_t count,
                                int64_t size, int copies, int64_t *counts, int64_t *copy) {
  int64_t above = 0;
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(copies) reduction(+ : above)
  for (int t = 0; t < copies; t++) {
    int64_t *mine = t == 0 ? counts : copy + (t - 1) * size, begin, left;
    csro_share(count, t, copies, &begin, &left);
    while (left > 0 && !csro_progress_add(&progress, block_ions)) {
      const int64_t n = left < block_ions ? left : block_ions;
      above += count_block(of, begin, begin + n, mine);
      begin += n;
      left -= n;
    }
  }
  for (int64_t i = 0; i < (copies - 1) * size; i++)
    counts[i % size] += copy[i];
  const csro_status status = csro_progress_end(&progress);
  if (status == CSRO_OK && above > 0)
    return csro_fail(context, CSRO_ERROR_DATA, "%lld labels are above the number of species, %d",
                     (long long)above, of->species_count);
  return status;
}

csro_status csro_spectrum_count(csro_context *context, const csro_spectrum *spectrum,
                                const void *mass, bool is_double, const uint16_t *label,
                                int64_t count, int species_count, int64_t *counts) {
  const counter of = {spectrum, mass, is_double, label, species_count};
  const int64_t size = (int64_t)(species_count + 1) * spectrum->bins;
  const int copies = count_copies(context, size);
  const size_t bytes = (size_t)size * sizeof *counts;
  memset(counts, 0, bytes);
  int64_t *copy = csro_allocate(context, copies - 1, bytes);
  if (!copy)
    return CSRO_ERROR_MEMORY;
  memset(copy, 0, (size_t)(copies - 1) * bytes);
  const csro_status status = count_shares(context, &of, count, size, copies, counts, copy);
  if (status != CSRO_OK)
    memset(counts, 0, bytes);
  free(copy);
  return status;
}
