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
csro_estimate csro_share_interval(double k, double n, double level);

/* What became of a planted domain. */
typedef struct csro_planted {
  double diameter, order;
  bool recalled;   /* as csro_detection counts it */
  double reported; /* diameter that its own report has; 0: it has none of its own */
  double weight;   /* 1, or as csro_sensitivity_weigh sets it */
} csro_planted;

/* Reports of a search. */
typedef struct csro_reports {
  int64_t count;
  const double *diameter, *probability; /* [count] */
  double volume;                        /* searched, nm^3 */
} csro_reports;

/* What became of planted domains. report[ion] and truth[ion] as for csro_detection_init; of
 * reports the diameter is used, and their ions alone count. A planted domain has
 * the report as its own that is not false and holds more ions of it, and at least CSRO_RECALL_IONS,
 * than of any other domain. order[count] may be NULL: 1. CSRO_ERROR_DATA as of csro_detection_init.
 */
csro_status csro_sensitivity_match(csro_context *context, int64_t ions, const int64_t *report,
                                   const int64_t *truth, const csro_reports *reports, int64_t count,
                                   const csro_true_domain *domains, const double *order,
                                   csro_planted *planted);

/* Weighs planted domains of several orders by how near theirs is to this one: normal, a standard
 * deviation of 0.06, such that the sum of weights is the number of equal ones that would tell as
 * much. Where all have about the same order (within 0.05) each weighs 1. NaN: the strongest order
 * planted. What follows counts weights. */
void csro_sensitivity_weigh(int64_t count, csro_planted *planted, double order);

/* The share of the planted domains of low <= diameter < high that is recalled, and how many there
 * are. */
csro_estimate csro_sensitivity_recall(int64_t count, const csro_planted *planted, double low,
                                      double high, double level, int64_t *domains);

/* The diameter at which half of the domains are recalled, by a logistic curve through all planted
 * ones; the interval from the curvature of its likelihood. NaN where recall does not rise with
 * size, or where half are recalled at no planted size; `low` or `high` alone may be NaN. */
csro_estimate csro_sensitivity_limit(int64_t count, const csro_planted *planted, double level);

/* How strong the order of the domains in the data is, 0.3 to 1, by the strength that the search
 * finds (csro_order_strength; value alone is used), less what it finds too much where order is
 * weak. The interval holds a standard deviation of 0.1. Where it holds full order that is the
 * value: it gives the fewest domains. NaN where nothing was found, or fewer than 5 reports. */
csro_estimate csro_sensitivity_order(const csro_estimate *strength, int64_t reports, double level);

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
 * order: of the domains in the data (csro_sensitivity_order); each draw weighs the planted ones for
 * an order of this value and interval (normal). The domains planted keep their weights. NaN when no
 * planted domain lies in the range. */
csro_status csro_sensitivity_density(csro_context *context, int64_t count,
                                     const csro_planted *planted, const csro_estimate *order,
                                     const csro_reports *reports, double low, double high,
                                     double level, csro_estimate *density);

/* What is found, and how many there are, in a range of diameters. */
typedef struct csro_sensitivity_row {
  double low, high; /* high infinite: and more */
  int64_t planted;
  csro_estimate recall, density;
} csro_sensitivity_row;

/* Rows of all classes of `edges` that lie between two of them, then of all from each edge on: 2
 * edge_count - 1 rows. */
static inline int csro_sensitivity_rows(const csro_size_classes *classes) {
  return classes->edge_count > 0 ? 2 * classes->edge_count - 1 : 0;
}
csro_status csro_sensitivity_measure(csro_context *context, int64_t count,
                                     const csro_planted *planted, const csro_estimate *order,
                                     const csro_reports *reports, const csro_size_classes *classes,
                                     double level, csro_sensitivity_row *rows);

/* All that in a sentence or two (order NaN: full): what share of the largest domains would have
 * been found, the detection limit, and the density of domains from the smallest class on of which
 * at least a fifth is found; with a warning where order is so weak that the density is too low. */
enum { CSRO_SENSITIVITY_TEXT = 640 };
void csro_sensitivity_text(const csro_size_classes *classes, const csro_sensitivity_row *rows,
                           const csro_estimate *order, const csro_estimate *limit, double level,
                           char text[CSRO_SENSITIVITY_TEXT]);

CSRO_API_END

#endif
