/* Data sets of several states: means, tests and correlations against known values and by counting.
 */
#include "check.h"
#include "csro/distributions.h"
#include "csro/random.h"
#include "csro/states.h"

#include <math.h>

static csro_context context;

/* Values of SciPy 1.10. */
static void check_student(void) {
  CHECK_NEAR(csro_student_tail(2, 10), 0.07338803477074039, 1e-13);
  CHECK_NEAR(csro_student_tail(-0.3, 2.5), 0.7873423714951973, 1e-12);
  CHECK_NEAR(csro_student_tail(12, 3), 0.001245015800789336, 1e-14);
  CHECK_EQ(csro_student_tail(0, 4), 1);
  CHECK_NEAR(csro_student_quantile(0.05, 4), 2.7764451051977987, 1e-8);
  CHECK_NEAR(csro_student_quantile(0.05, 1), 12.706204736432095, 1e-8);
  CHECK_NEAR(csro_student_tail(csro_student_quantile(0.5, 30), 30), 0.5, 1e-12);
  CHECK(isnan(csro_student_tail(1, 0)) && isnan(csro_student_quantile(0, 4)));
}

static void check_known(void) {
  const double a[] = {1.2, 1.5, NAN, 1.1}, b[] = {2.1, 2.6, 1.9, 2.2};
  csro_state s = csro_state_of(a, 4);
  CHECK_EQ(s.count, 3);
  CHECK_NEAR(s.mean, 3.8 / 3, 1e-15);
  CHECK_NEAR(s.low, 0.7495521653929932, 1e-9);
  CHECK_NEAR(s.high, 1.7837811679403406, 1e-9);
  csro_state_difference d;
  CHECK_OK(&context, csro_states_compare(&context, a, 4, b, 4, 1, &d));
  CHECK_NEAR(d.p_t, 0.004429924862476647, 1e-12);
  CHECK_NEAR(d.low, 0.4448476269476111, 1e-8);
  CHECK_NEAR(d.high, 1.4218190397190555, 1e-8);
  CHECK_NEAR(d.p_exact, 1.0 / 35, 1e-15); /* one of 7 over 3 alone is as far */
  const double x[] = {1, 2, 3, 4, 5}, y[] = {1.1, 1.9, 3.2, 3.8, 5.3};
  csro_correlation c;
  CHECK_OK(&context, csro_correlate(&context, x, y, 5, 1, &c));
  CHECK_NEAR(c.r, 0.992405248250204, 1e-13);
  CHECK_NEAR(c.slope, 1.03, 1e-13);
  CHECK_NEAR(c.slope_error, 0.07371114795831933, 1e-12);
  CHECK_NEAR(c.at_zero, -0.03, 1e-13);
  CHECK_NEAR(c.low, 0.8851171959251037, 1e-12);
  CHECK_NEAR(c.high, 0.9995232599920488, 1e-12);
  CHECK_NEAR(c.p_exact, 2.0 / 120, 1e-15); /* in order, and backwards */
}

/* p of data without a difference is at most p so often. */
static void check_null(void) {
  enum { TRIALS = 400 };
  int exact = 0, by_t = 0, correlated = 0, inside = 0;
  csro_random random;
  csro_random_init(&random, 7, 0);
  for (int trial = 0; trial < TRIALS; trial++) {
    double a[5], b[4], x[6], y[6];
    for (int i = 0; i < 5; i++)
      a[i] = csro_random_normal(&random);
    for (int i = 0; i < 4; i++)
      b[i] = csro_random_normal(&random);
    for (int i = 0; i < 6; i++) {
      x[i] = csro_random_normal(&random);
      y[i] = csro_random_normal(&random);
    }
    csro_state_difference d;
    csro_correlation c;
    CHECK_OK(&context, csro_states_compare(&context, a, 5, b, 4, 1, &d));
    CHECK_OK(&context, csro_correlate(&context, x, y, 6, 1, &c));
    exact += d.p_exact <= 0.1;
    by_t += d.p_t <= 0.1;
    correlated += c.p_exact <= 0.1;
    csro_state s = csro_state_of(a, 5);
    inside += s.low <= 0 && s.high >= 0;
  }
  /* 40 expected, standard deviation 6; 380, 4.4 */
  CHECK(exact > 20 && exact < 60);
  CHECK(by_t > 20 && by_t < 60);
  CHECK(correlated > 20 && correlated < 60);
  CHECK(inside > 362 && inside < 396);
}

/* More divisions than are counted: drawn, the same for the same seed, about those of Welch. */
static void check_drawn(void) {
  double a[30], b[30];
  for (int i = 0; i < 30; i++) {
    a[i] = sin(i);
    b[i] = sin(2.7 * i) + 0.35;
  }
  csro_state_difference first, again;
  csro_correlation c;
  CHECK_OK(&context, csro_states_compare(&context, a, 30, b, 30, 3, &first));
  CHECK_OK(&context, csro_states_compare(&context, a, 30, b, 30, 3, &again));
  CHECK_EQ(first.p_exact, again.p_exact);
  CHECK_NEAR(first.p_exact, first.p_t, 0.01);
  CHECK_OK(&context, csro_correlate(&context, a, b, 30, 3, &c));
  CHECK(c.p_exact > 0.05 && c.p_exact <= 1);
}

static void check_few(void) {
  const double a[] = {1, 1, NAN}, b[] = {2, 2};
  csro_state_difference d;
  csro_correlation c;
  CHECK_OK(&context, csro_states_compare(&context, a, 3, b, 2, 1, &d));
  CHECK_EQ(d.difference, 1);
  CHECK(isnan(d.p_t)); /* no scatter */
  CHECK_NEAR(d.p_exact, 2.0 / 6, 1e-15);
  CHECK_OK(&context, csro_states_compare(&context, a, 1, b, 2, 1, &d));
  CHECK(isnan(d.p_t) && d.p_exact > 0.3 && d.p_exact < 0.34);
  CHECK_OK(&context, csro_states_compare(&context, a + 2, 1, b, 2, 1, &d));
  CHECK(isnan(d.difference) && isnan(d.p_exact));
  CHECK_OK(&context, csro_correlate(&context, a, b, 2, 1, &c));
  CHECK(isnan(c.r) && c.count == 2);
  const double flat[] = {3, 3, 3, 3}, rising[] = {1, 2, 3, 4};
  CHECK_OK(&context, csro_correlate(&context, flat, rising, 4, 1, &c));
  CHECK(isnan(c.r) && isnan(c.slope) && isnan(c.p_exact));
  CHECK(isnan(csro_state_of(a, 0).mean) && isnan(csro_state_of(a, 1).low));
}

int main(void) {
  csro_context_init(&context);
  check_student();
  check_known();
  check_null();
  check_drawn();
  check_few();
  return check_end();
}
