#include "csro/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Statistics that differ by less than this relative amount are equal but for the order of sums. */
static const double rounding = 1e-12;

void csro_size_histogram(const int64_t *sizes, int64_t n, int64_t histogram[CSRO_SIZE_BINS]) {
  memset(histogram, 0, CSRO_SIZE_BINS * sizeof *histogram);
  for (int64_t i = 0; i < n; i++) {
    int64_t bin = sizes[i] > 0 ? sizes[i] / CSRO_SIZE_BIN_WIDTH : 0;
    histogram[bin < CSRO_SIZE_BINS ? bin : CSRO_SIZE_BINS - 1]++;
  }
}

static double pearson(const int64_t *a, const int64_t *b) {
  double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
  for (int bin = 0; bin < CSRO_SIZE_BINS; bin++) {
    mean_a += (double)a[bin] / CSRO_SIZE_BINS;
    mean_b += (double)b[bin] / CSRO_SIZE_BINS;
  }
  for (int bin = 0; bin < CSRO_SIZE_BINS; bin++) {
    double da = (double)a[bin] - mean_a, db = (double)b[bin] - mean_b;
    aa += da * da;
    bb += db * db;
    ab += da * db;
  }
  if (!(aa > 0 && bb > 0))
    return NAN;
  return fmax(-1, fmin(1, ab / (sqrt(aa) * sqrt(bb))));
}

void csro_compare(const int64_t actual[CSRO_SIZE_BINS], const int64_t random[CSRO_SIZE_BINS],
                  csro_comparison *out) {
  double chi2 = 0, total = 0;
  int used = 0;
  for (int bin = 0; bin < CSRO_SIZE_BINS; bin++) {
    total += (double)actual[bin] + (double)random[bin];
    if (random[bin] < 1)
      continue;
    double difference = (double)actual[bin] - (double)random[bin];
    chi2 += difference * difference / (double)random[bin];
    used++;
  }
  out->pcc = pearson(actual, random);
  out->chi2 = chi2;
  out->bins_used = used;
  out->n_total = total / 2;
  out->mu = used > 0 && total > 0 ? sqrt(chi2 / (chi2 + out->n_total)) : NAN;
}

/* Mean mu of one member against all others, NaN when none of them is defined. */
static double statistic(const int64_t (*histograms)[CSRO_SIZE_BINS], int members, int member) {
  double sum = 0;
  int defined = 0;
  for (int other = 0; other < members; other++) {
    if (other == member)
      continue;
    csro_comparison comparison;
    csro_compare(histograms[member], histograms[other], &comparison);
    if (isnan(comparison.mu))
      continue;
    sum += comparison.mu;
    defined++;
  }
  return defined > 0 ? sum / defined : NAN;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double quantile(const double *sorted, int n, double q) {
  double position = q * (n - 1);
  int below = (int)position;
  if (below >= n - 1)
    return sorted[n - 1];
  return sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
}

csro_status csro_compare_null(csro_context *context, const int64_t (*histograms)[CSRO_SIZE_BINS],
                              int copies, csro_null_distribution *out) {
  *out = (csro_null_distribution){NAN, NAN, NAN, NAN};
  if (copies < 2)
    return CSRO_OK;
  double *value = csro_allocate(context, (long long)copies + 1, sizeof *value);
  if (!value)
    return CSRO_ERROR_MEMORY;
  bool defined = true;
  for (int member = 0; member <= copies; member++) {
    value[member] = statistic(histograms, copies + 1, member);
    defined = defined && !isnan(value[member]);
  }
  if (defined) {
    double sum = 0;
    int above = 0;
    for (int copy = 1; copy <= copies; copy++) {
      sum += value[copy];
      above += value[copy] >= value[0] * (1 - rounding);
    }
    qsort(value + 1, (size_t)copies, sizeof *value, by_value);
    *out = (csro_null_distribution){value[0], sum / copies, quantile(value + 1, copies, 0.95),
                                    (1.0 + above) / (copies + 1.0)};
  }
  free(value);
  return CSRO_OK;
}
