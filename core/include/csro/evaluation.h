/* How well probabilities agree with labels: confusion, ROC curve, calibration. */
#ifndef CSRO_EVALUATION_H
#define CSRO_EVALUATION_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

/* matrix[classes][classes + 1], the row is the true class, the column the most probable one (the
 * first of equal ones); the last column counts the undefined, whose probabilities are NaN.
 * probability is [n][classes]. */
csro_status csro_confusion(csro_context *context, int64_t n, int classes, const uint8_t *label,
                           const float *probability, int64_t *matrix);

/* Points of the curve in the order of falling thresholds: an example is detected when its score is
 * at least the threshold. The first point, (0, 0), has the threshold infinity. Equal scores are one
 * point. */
typedef struct csro_roc {
  int64_t count; /* points; the arrays have as many and belong to the struct */
  double *threshold;
  double *false_positive, *true_positive; /* rates, 0 .. 1; NaN without examples of that kind */
  double area;                            /* under the curve: the chance that a positive example
                                             scores higher than a negative one, ties half */
} csro_roc;

/* From score[n] and positive[n] (0 or not 0). Examples whose score is NaN are left out. Release
 * with csro_roc_release. */
csro_status csro_roc_init(csro_context *context, int64_t n, const float *score,
                          const uint8_t *positive, csro_roc *roc);
/* Frees the arrays and zeroes the struct. */
void csro_roc_release(csro_roc *roc);

/* The highest true positive rate at which at most this rate of the negative examples is detected:
 * that of a threshold, without interpolation. NaN without positive or without negative examples. */
double csro_roc_true_positive(const csro_roc *roc, double false_positive);

/* The same curve at other thresholds: true_positive[n] at threshold[n], which must not rise. For
 * each, the rate of its last point whose threshold is not below it, of the first point where there
 * is none. roc has been made by csro_roc_init. */
void csro_roc_resample(const csro_roc *roc, int64_t n, const double *threshold,
                       double *true_positive);

/* Scores between k / bins and (k + 1) / bins (1 belongs to the last bin) against what was true:
 * count[bins] examples, mean score and share of positive ones, NaN where count is 0. */
csro_status csro_calibration(csro_context *context, int64_t n, const float *score,
                             const uint8_t *positive, int bins, int64_t *count, double *mean_score,
                             double *positive_share);

CSRO_API_END

#endif
