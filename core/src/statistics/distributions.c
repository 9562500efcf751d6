#include "csro/distributions.h"

#include <math.h>

enum { most_terms = 100000 };

/* The series of the lower incomplete gamma function: fast for x < a + 1. */
static double lower_series(double a, double x) {
  double term = 1 / a, sum = term;
  for (int n = 1; n < most_terms && term > sum * 1e-16; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/* Its continued fraction (of the upper one), by Lentz's method: fast for x > a + 1. */
static double upper_fraction(double a, double x) {
  const double tiny = 1e-300;
  double b = x + 1 - a, c = 1 / tiny, d = 1 / b, h = d;
  for (int n = 1; n < most_terms; n++) {
    const double an = -n * (n - a);
    b += 2;
    d = an * d + b;
    d = 1 / (fabs(d) < tiny ? tiny : d);
    c = b + an / c;
    c = fabs(c) < tiny ? tiny : c;
    h *= d * c;
    if (fabs(d * c - 1) < 1e-15)
      break;
  }
  return h;
}

double csro_chi2_tail(double chi2, double dof) {
  if (!(dof > 0) || isnan(chi2))
    return NAN;
  const double a = dof / 2, x = chi2 / 2;
  if (x <= 0)
    return 1;
  const double front = exp(a * log(x) - x - lgamma(a));
  return x < a + 1 ? fmax(0, 1 - front * lower_series(a, x)) : front * upper_fraction(a, x);
}
