/* Logistic regression: the odds of what is yes or no, by its features. */
#ifndef CSRO_STATISTICS_LOGISTIC_H
#define CSRO_STATISTICS_LOGISTIC_H

#include "csro/random.h"

#include <stdbool.h>

enum { CSRO_FEATURES = 7 };

/* The log odds are the sum of coefficient times feature. */
typedef struct csro_logistic {
  double mean[CSRO_FEATURES];                  /* of the coefficients: the most probable ones */
  double factor[CSRO_FEATURES][CSRO_FEATURES]; /* lower triangle L of the curvature L L^T there */
} csro_logistic;

/* What coefficients are thought to be before looking: normal, of this mean and standard deviation.
 */
typedef struct csro_logistic_prior {
  double mean[CSRO_FEATURES], deviation[CSRO_FEATURES];
} csro_logistic_prior;

/* Fits count observations by Newton's method. */
void csro_logistic_fit(const csro_logistic_prior *prior, int64_t count,
                       const double (*feature)[CSRO_FEATURES], const bool *yes, csro_logistic *out);

/* Coefficients that the observations allow: normal, by the curvature. */
void csro_logistic_draw(const csro_logistic *fit, csro_random *random,
                        double coefficient[CSRO_FEATURES]);

double csro_logistic_at(const double coefficient[CSRO_FEATURES],
                        const double feature[CSRO_FEATURES]);

#endif
