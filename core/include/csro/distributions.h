/* Tails of distributions, for tests. */
#ifndef CSRO_DISTRIBUTIONS_H
#define CSRO_DISTRIBUTIONS_H

#include "csro/api.h"

CSRO_API_BEGIN

/* The probability that chi2 with this many degrees of freedom is at least this large: the upper
 * regularised incomplete gamma function Q(dof / 2, chi2 / 2). Relative error below 1e-10; NaN
 * without degrees of freedom and for chi2 that is NaN. */
double csro_chi2_tail(double chi2, double dof);

CSRO_API_END

#endif
