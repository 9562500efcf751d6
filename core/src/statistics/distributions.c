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

/* The continued fraction of the incomplete beta function I_x(a, b), by Lentz's method: fast for
 * x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b) {
  const double tiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  d = 1 / (fabs(d) < tiny ? tiny : d);
  double h = d;
  for (int m = 1; m < most_terms; m++) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double change = 1;
    for (int part = 0; part < 2; part++) {
      const double an = part == 0 ? even : odd;
      d = 1 + an * d;
      d = 1 / (fabs(d) < tiny ? tiny : d);
      c = 1 + an / c;
      c = fabs(c) < tiny ? tiny : c;
      change = d * c;
      h *= change;
    }
    if (fabs(change - 1) < 1e-15)
      break;
  }
  return h;
}

/* I_x(a, b), with 1 - x given too, so that neither loses digits. */
static double beta_share(double x, double rest, double a, double b) {
  if (x <= 0 || rest <= 0)
    return x <= 0 ? 0 : 1;
  const double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(rest));
  if (x < (a + 1) / (a + b + 2))
    return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(rest, b, a) / b;
}

double csro_student_tail(double t, double dof) {
  if (!(dof > 0) || isnan(t))
    return NAN;
  const double t2 = t * t;
  if (isinf(t2))
    return 0;
  return beta_share(dof / (dof + t2), t2 / (dof + t2), dof / 2, 0.5);
}

double csro_student_quantile(double p, double dof) {
  if (!(dof > 0) || !(p > 0) || !(p <= 1))
    return NAN;
  double low = 0, high = 1;
  while (csro_student_tail(high, dof) > p && high < 1e300)
    high *= 2;
  for (int step = 0; step < 200 && high - low > 1e-12 * high; step++) {
    const double middle = (low + high) / 2;
    if (csro_student_tail(middle, dof) > p)
      low = middle;
    else
      high = middle;
  }
  return (low + high) / 2;
}
