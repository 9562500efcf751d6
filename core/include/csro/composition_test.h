/* Whether two parts of a data set have the same composition. */
#ifndef CSRO_COMPOSITION_TEST_H
#define CSRO_COMPOSITION_TEST_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

/* Of ions drawn at random into the parts, as which every chi2 at least as large would be seen. */
typedef struct csro_composition_test {
  double chi2; /* of the 2 x K table of counts, Pearson's */
  int dof;     /* kinds that are there, less one */
  double p_chi2;
  double p_exact; /* margins fixed: the share of random divisions of the same ions with a chi2 at
                     least as large, (1 + divisions) / (1 + draws); NaN without draws */
  double effect;  /* Cramer's V, sqrt(chi2 / N): 0 the same .. 1 no kind in common */
} csro_composition_test;

/* a[kinds], b[kinds]: ions of each kind in the parts, not negative (else CSRO_ERROR_ARGUMENT).
 * `draws` tables with the same margins are drawn (multivariate hypergeometric), by seed. With fewer
 * than two kinds or an empty part all is NaN and dof 0. */
csro_status csro_composition_compare(csro_context *context, int kinds, const int64_t *a,
                                     const int64_t *b, int draws, uint64_t seed,
                                     csro_composition_test *test);

enum { CSRO_COMPOSITION_TEXT = 400 };
/* The test as a sentence: whether the domains differ from the matrix, and the kind that differs
 * most in standard errors, by `difference` +- `error`; p_copies is its p among randomised copies,
 * NaN when there are none. */
void csro_composition_text(const csro_composition_test *test, const char *most, double difference,
                           double error, double p_copies, char text[CSRO_COMPOSITION_TEXT]);

/* The standard error of the difference of two fractions, a of all_a and b of all_b, when both parts
 * are of one composition: it does not vanish where a part has none of the kind. */
double csro_difference_error(int64_t a, int64_t all_a, int64_t b, int64_t all_b);

/* Fisher's exact test of one kind among all: the probability, with the margins fixed, of a 2 x 2
 * table that is at most as probable as this one (two-sided). a of all_a, b of all_b; NaN for an
 * empty part. */
double csro_fisher_p(int64_t a, int64_t all_a, int64_t b, int64_t all_b);

CSRO_API_END

#endif
