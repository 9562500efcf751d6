/* Tails of distributions, for tests. */
#ifndef CSRO_DISTRIBUTIONS_H
#define CSRO_DISTRIBUTIONS_H

#include "csro/api.h"

CSRO_API_BEGIN

/* The probability that chi2 with this many degrees of freedom is at least this large: the upper
 * regularised incomplete gamma function Q(dof / 2, chi2 / 2). Relative error below 1e-10; NaN
 * without degrees of freedom and for chi2 that is NaN. */
double csro_chi2_tail(double chi2, double dof);

/* The probability that |t| of Student's distribution is at least this large (two-sided), for any
 * dof > 0, and the |t| that has this probability (0 < p <= 1). NaN outside. Relative error of the
 * tail below 1e-10, of the other below 1e-9. */
double csro_student_tail(double t, double dof);
double csro_student_quantile(double p, double dof);

CSRO_API_END

#endif
