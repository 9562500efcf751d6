/* Data against randomised copies (paper, "Statistics": PCC, chi-square, contingency
 * coefficient mu). */
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

/* The null distribution of mu. Data (member 0) and copies (1 .. copies) are exchangeable members
 * under the null hypothesis; the statistic of a member is its mean mu against all others, member
 * first (undefined mu are left out). */
typedef struct csro_null_distribution {
  double data;      /* statistic of the data */
  double mean, p95; /* over the copies; p95 interpolates linearly between order statistics */
  double p_value;   /* (1 + copies at or above the data) / (copies + 1) */
} csro_null_distribution;

/* histograms[1 + copies]; all NaN for fewer than two copies, or where the statistic is undefined.
 */
csro_status csro_compare_null(csro_context *context, const int64_t (*histograms)[CSRO_SIZE_BINS],
                              int copies, csro_null_distribution *out);

CSRO_API_END

#endif
