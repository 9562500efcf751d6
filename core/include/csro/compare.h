/* Data against randomised copies (paper, "Statistics": PCC, chi-square, contingency
 * coefficient mu; the null distributions over several copies are ours). */
#ifndef CSRO_COMPARE_H
#define CSRO_COMPARE_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

enum { CSRO_SIZE_BINS = 32, CSRO_SIZE_BIN_WIDTH = 5 }; /* sizes 0 .. 160, larger ones in the last */

/* Counts sizes[n] (ions of each domain, 0 or more) in bins of CSRO_SIZE_BIN_WIDTH. */
void csro_size_histogram(const int64_t *sizes, int64_t n, int64_t histogram[CSRO_SIZE_BINS]);

/* How two histograms of sizes agree. */
typedef struct csro_comparison {
  double pcc;     /* Pearson correlation of the histograms, NaN when one is constant */
  double chi2;    /* over the bins with random >= 1 */
  int bins_used;  /* number of those bins */
  double n_total; /* (sum actual + sum random) / 2 over all bins */
  double mu;      /* sqrt(chi2 / (chi2 + n)); NaN when bins_used or n is 0 */
} csro_comparison;

/* Compares the histogram of the data with that of a randomised copy. */
void csro_compare(const int64_t actual[CSRO_SIZE_BINS], const int64_t random[CSRO_SIZE_BINS],
                  csro_comparison *out);

/* A statistic of the data among those of the copies. Under the null hypothesis data (member 0) and
 * copies (1 .. copies) are exchangeable members. */
typedef struct csro_null_distribution {
  double data;          /* the statistic of the data */
  double mean, p5, p95; /* over the copies; the quantiles interpolate linearly between order
                           statistics */
  double p_value;       /* (1 + copies at or above the data) / (copies + 1) */
} csro_null_distribution;

/* value[1 + copies], the data first; those of the copies are sorted. All but `data` is NaN without
 * copies, and where a value is. */
csro_null_distribution csro_null_distribution_of(double *value, int copies);

/* What is compared beside mu, of each member. */
typedef struct csro_domain_counts {
  int64_t domains;
  int64_t ions, largest; /* ions of all domains, and of the largest one; negative: not known */
} csro_domain_counts;

/* Counts the domains of sizes[n] (ions of each). */
csro_domain_counts csro_count_domains(const int64_t *sizes, int64_t n);

/* The statistics of a member: counts, and its mean mu against all others, member first. Mu, which
 * csro_compare leaves undefined against a member without domains, is its limit there: 1 for a
 * member with domains (no overlap at all), 0 when both have none. The number of domains decides;
 * the others describe. */
typedef enum csro_domain_statistic {
  CSRO_STATISTIC_DOMAINS,
  CSRO_STATISTIC_IONS,
  CSRO_STATISTIC_LARGEST,
  CSRO_STATISTIC_MU,
  CSRO_STATISTICS
} csro_domain_statistic;

/* histograms[1 + copies], counts[1 + copies], the data first. Without copies all but `data` is NaN,
 * and where a count is not known of a member; mu is NaN for fewer than two copies (both members
 * would have nearly the same). */
csro_status csro_compare_members(csro_context *context, const int64_t (*histograms)[CSRO_SIZE_BINS],
                                 const csro_domain_counts *counts, int copies,
                                 csro_null_distribution out[CSRO_STATISTICS]);

/* The band of the copies in each bin: the 5 and the 95 % quantile of their numbers of domains, as
 * in csro_null_distribution. histograms[1 + copies] as above, 1 copy or more. */
csro_status csro_size_band(csro_context *context, const int64_t (*histograms)[CSRO_SIZE_BINS],
                           int copies, double p5[CSRO_SIZE_BINS], double p95[CSRO_SIZE_BINS]);

enum { CSRO_COMPARISON_TEXT = 400 };
/* What the numbers of domains say, in a sentence: what was found, against what, how sure. `domains`
 * is the distribution of CSRO_STATISTIC_DOMAINS. */
void csro_comparison_text(const csro_null_distribution *domains, int copies,
                          char text[CSRO_COMPARISON_TEXT]);

CSRO_API_END

#endif
