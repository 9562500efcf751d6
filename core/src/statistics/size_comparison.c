#include "csro/compare.h"

#include <math.h>
#include <stdio.h>
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

csro_domain_counts csro_count_domains(const int64_t *sizes, int64_t n) {
  csro_domain_counts counts = {.domains = n};
  for (int64_t i = 0; i < n; i++) {
    counts.ions += sizes[i];
    if (sizes[i] > counts.largest)
      counts.largest = sizes[i];
  }
  return counts;
}

/* Mean mu of one member against all others. */
static double mean_mu(const int64_t (*histograms)[CSRO_SIZE_BINS], int members, int member) {
  double sum = 0;
  for (int other = 0; other < members; other++) {
    if (other == member)
      continue;
    csro_comparison comparison;
    csro_compare(histograms[member], histograms[other], &comparison);
    if (comparison.bins_used > 0)
      sum += comparison.mu;
    else
      sum += comparison.n_total > 0; /* the limit of few domains in the other */
  }
  return members > 1 ? sum / (members - 1) : NAN;
}

static double statistic(const int64_t (*histograms)[CSRO_SIZE_BINS],
                        const csro_domain_counts *counts, int members, int member, int which) {
  const csro_domain_counts *c = &counts[member];
  const int64_t known[] = {[CSRO_STATISTIC_DOMAINS] = c->domains,
                           [CSRO_STATISTIC_IONS] = c->ions,
                           [CSRO_STATISTIC_LARGEST] = c->largest};
  if (which == CSRO_STATISTIC_MU)
    return members > 2 ? mean_mu(histograms, members, member) : NAN;
  return known[which] >= 0 ? (double)known[which] : NAN;
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

csro_null_distribution csro_null_distribution_of(double *value, int copies) {
  csro_null_distribution found = {value[0], NAN, NAN, NAN, NAN};
  bool defined = copies > 0;
  for (int member = 0; member <= copies; member++)
    defined = defined && !isnan(value[member]);
  if (!defined)
    return found;
  double sum = 0;
  int above = 0;
  for (int copy = 1; copy <= copies; copy++) {
    sum += value[copy];
    above += value[copy] >= value[0] * (1 - rounding);
  }
  qsort(value + 1, (size_t)copies, sizeof *value, by_value);
  found.mean = sum / copies;
  found.p5 = quantile(value + 1, copies, 0.05);
  found.p95 = quantile(value + 1, copies, 0.95);
  found.p_value = (1.0 + above) / (copies + 1.0);
  return found;
}

csro_status csro_compare_members(csro_context *context, const int64_t (*histograms)[CSRO_SIZE_BINS],
                                 const csro_domain_counts *counts, int copies,
                                 csro_null_distribution out[CSRO_STATISTICS]) {
  double *value = csro_allocate(context, (long long)copies + 1, sizeof *value);
  if (!value)
    return CSRO_ERROR_MEMORY;
  for (int which = 0; which < CSRO_STATISTICS; which++) {
    for (int member = 0; member <= copies; member++)
      value[member] = statistic(histograms, counts, copies + 1, member, which);
    out[which] = csro_null_distribution_of(value, copies);
  }
  free(value);
  return CSRO_OK;
}

csro_status csro_size_band(csro_context *context, const int64_t (*histograms)[CSRO_SIZE_BINS],
                           int copies, double p5[CSRO_SIZE_BINS], double p95[CSRO_SIZE_BINS]) {
  double *value = csro_allocate(context, copies, sizeof *value);
  if (!value)
    return CSRO_ERROR_MEMORY;
  for (int bin = 0; bin < CSRO_SIZE_BINS; bin++) {
    for (int copy = 0; copy < copies; copy++)
      value[copy] = (double)histograms[1 + copy][bin];
    qsort(value, (size_t)copies, sizeof *value, by_value);
    p5[bin] = quantile(value, copies, 0.05);
    p95[bin] = quantile(value, copies, 0.95);
  }
  free(value);
  return CSRO_OK;
}

void csro_comparison_text(const csro_null_distribution *domains, int copies,
                          char text[CSRO_COMPARISON_TEXT]) {
  enum { FOR_A_PUBLICATION = 99 };
  const char *const noun = domains->data == 1 ? "domain" : "domains";
  if (copies < 1 || isnan(domains->p_value)) {
    snprintf(text, CSRO_COMPARISON_TEXT,
             "%.0f %s; without randomised copies nothing says how many chance gives.",
             domains->data, noun);
    return;
  }
  const double above = round(domains->p_value * (copies + 1) - 1);
  char verdict[CSRO_COMPARISON_TEXT / 2];
  if (above < 1 && copies < FOR_A_PUBLICATION)
    snprintf(verdict, sizeof verdict,
             "%s, the smallest that %d can give: make %d for a publication (p from 0.01).",
             domains->p_value <= 0.05 ? "more than chance gives" : "too few copies for a verdict",
             copies, FOR_A_PUBLICATION);
  else
    snprintf(verdict, sizeof verdict, "%s.",
             domains->p_value <= 0.05 ? "more than chance gives" : "no more than chance gives");
  snprintf(text, CSRO_COMPARISON_TEXT,
           "%.0f %s; %d randomised %s %.3g on average (5 to 95 %%: %.3g to %.3g), %.0f of them as "
           "many or more: p = %.3g, %s",
           domains->data, noun, copies, copies == 1 ? "copy has" : "copies have", domains->mean,
           domains->p5, domains->p95, above, domains->p_value, verdict);
}
