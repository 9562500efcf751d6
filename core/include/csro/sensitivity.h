/* What a search for ordered domains would have found in a data set, by domains that were planted
 * into it (csro/inject.h), and with that how many there are. Lengths in nm. */
#ifndef CSRO_SENSITIVITY_H
#define CSRO_SENSITIVITY_H

#include "csro/detection.h"

CSRO_API_BEGIN

/* A value with its interval. NaN: not known. */
typedef struct csro_estimate {
  double value, low, high;
} csro_estimate;

/* The share k / n with its interval of the given level (0 .. 1, as 0.9): Wilson's, which covers
 * well for few trials and shares near 0 and 1 (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209).
 * NaN for n = 0. */
csro_estimate csro_share_interval(int64_t k, int64_t n, double level);

/* What became of a planted domain. */
typedef struct csro_planted {
  double diameter, order;
  bool recalled;   /* as csro_detection counts it */
  double reported; /* diameter that its own report has; 0: it has none of its own */
} csro_planted;

/* What became of planted domains. report[ion] and truth[ion] as for csro_detection_init; only
 * reports below `reports` count, of the given diameters. A planted domain has the report as its own
 * that is not false and holds more ions of it, and at least CSRO_RECALL_IONS, than of any other
 * domain. order[count] may be NULL: 1. CSRO_ERROR_DATA as of csro_detection_init. */
csro_status csro_sensitivity_match(csro_context *context, int64_t ions, const int64_t *report,
                                   const int64_t *truth, int64_t reports, const double *diameter,
                                   int64_t count, const csro_true_domain *domains,
                                   const double *order, csro_planted *planted);

/* The share of the planted domains of low <= diameter < high that is recalled, and how many there
 * are. */
csro_estimate csro_sensitivity_recall(int64_t count, const csro_planted *planted, double low,
                                      double high, double level, int64_t *domains);

/* The diameter at which half of the domains are recalled, by a logistic curve through all planted
 * ones; the interval from the curvature of its likelihood. NaN where recall does not rise with
 * size, or where half are recalled at no planted size; `low` or `high` alone may be NaN. */
csro_estimate csro_sensitivity_limit(int64_t count, const csro_planted *planted, double level);

/* What the search has reported in the data themselves. */
typedef struct csro_reports {
  int64_t count;
  const double *diameter, *probability; /* [count] */
  double volume;                        /* searched, nm^3 */
} csro_reports;

/* Domains per nm^3 of low <= diameter < high, corrected for those that were not found.
 *
 * Reports of the estimated diameter j are Poisson numbers of mean sum of (1 - probability) times a
 * common factor (log-normal, 0.25: the probabilities may be off by so much) + volume sum over the
 * true diameters k of n_k R_kj. R_kj is the share of planted domains of k whose own report has j,
 * with the Dirichlet distribution that the planted ones give. n_k = a exp(b d_k): sizes that fall
 * or rise exponentially; a prior of a^-1/2 (Jeffreys) for a, a normal one of four e-foldings over
 * the planted range for b. Value: the median; interval: the central one of this level. All by sums
 * over a grid and over draws of R of a fixed seed. Where fewer than one true report is expected,
 * value and low are 0 and high is an upper limit of this level.
 *
 * NaN when no planted domain lies in the range. */
csro_status csro_sensitivity_density(csro_context *context, int64_t count,
                                     const csro_planted *planted, const csro_reports *reports,
                                     double low, double high, double level, csro_estimate *density);

CSRO_API_END

#endif
