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
  bool recalled;             /* as csro_detection counts it */
  bool own;                  /* whether it has a report of its own, ... */
  double evidence, strength; /* ... and of that */
} csro_planted;

/* Reports of a search. */
typedef struct csro_reports {
  int64_t count;
  const double *diameter, *probability, *evidence, *strength; /* [count] as of csro_order */
  const double (*center)[3];                                  /* [count] */
  double volume;                                              /* searched, nm^3 */
} csro_reports;

/* Whether ions near planted domains belong to others: truth[points->count] becomes
 * CSRO_TRUTH_UNKNOWN for those that belong to no planted domain but lie in a ball that was reported
 * before (`data`: centers and diameters; 0.3 nm more), -1 for the others outside. So a report that
 * holds a planted domain and one of the data is as true as one of two true domains. Of two that
 * overlap, one has the ions: in half of the cases, planted domains of odd number, those within such
 * a ball (0.15 nm less) become unknown, too. */
csro_status csro_sensitivity_neighbours(csro_context *context, const csro_reports *data,
                                        const csro_points *points, int64_t *truth);

/* What became of planted domains. report[ion] and truth[ion] as for csro_detection_init; of
 * reports the evidence and the strength are used, and their ions alone count. A planted domain has
 * the report as its own that is not false and holds more ions of it, and at least CSRO_RECALL_IONS,
 * than of any other domain. order[count] may be NULL: 1. CSRO_ERROR_DATA as of csro_detection_init.
 */
csro_status csro_sensitivity_match(csro_context *context, int64_t ions, const int64_t *report,
                                   const int64_t *truth, const csro_reports *reports, int64_t count,
                                   const csro_true_domain *domains, const double *order,
                                   csro_planted *planted);

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

/* How strong the order of the domains is, 0.3 to 1 (NaN with less than one true report to
 * be expected: full order is taken then), and the diameter at which half of such domains are
 * recalled, NaN where that is at no planted size. */
typedef struct csro_sensitivity {
  csro_estimate order, limit;
} csro_sensitivity;

/* The share of domains that is recalled, and domains per nm^3, for each row; reports: of the data,
 * with the volume; level: of all intervals.
 *
 * Whether a domain of some diameter and order is recalled, whether it has a report of its own, and
 * which evidence and strength of order this has (cells of four and three classes), follows from the
 * planted ones by logistic regression. Reports of the data in each cell are Poisson numbers of mean
 * sum of (1 - probability) times a common factor (log-normal, 0.25: the probabilities may be off by
 * so much) + volume sum over the true diameters d of n_d R. n_d = a exp(b d + c d^2): sizes that
 * fall or rise exponentially, or bend; a prior of a^-1/2 (Jeffreys) for a, normal ones of three
 * e-foldings over the planted range for b and of eight for c. All domains have one order s, any
 * from 0.3 to 1 as probable as another, and with a falling prior above (10 %): more than full order
 * is what less noise across would look like. Where all planted domains are of one order (within
 * 0.05) this is it.
 *
 * All by sums over grids and over draws of the regressions, of a fixed seed. Values are medians,
 * intervals the central ones. Where fewer than one true report is expected, densities have value
 * and low 0, and high is an upper limit of this level. NaN where no domain was planted in a row.
 */
csro_status csro_sensitivity_measure(csro_context *context, int64_t count,
                                     const csro_planted *planted, const csro_reports *reports,
                                     const csro_size_classes *classes, double level,
                                     csro_sensitivity_row *rows, csro_sensitivity *all);

/* All that in a sentence or two (order NaN: full): what share of the largest domains would have
 * been found, the detection limit, and the density of domains from the smallest class on of which
 * at least a fifth is found. */
enum { CSRO_SENSITIVITY_TEXT = 640 };
void csro_sensitivity_text(const csro_size_classes *classes, const csro_sensitivity_row *rows,
                           const csro_sensitivity *found, double level,
                           char text[CSRO_SENSITIVITY_TEXT]);

CSRO_API_END

#endif
