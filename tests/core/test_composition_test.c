/* The test of equal compositions against all divisions of few ions, and against its own null. */
#include "check.h"
#include "csro/composition_test.h"
#include "csro/distributions.h"
#include "csro/random.h"

static double choose(int64_t n, int64_t k) {
  double value = 1;
  for (int64_t i = 0; i < k; i++)
    value = value * (double)(n - i) / (double)(i + 1);
  return k < 0 || k > n ? 0 : value;
}

static double chi2_of(const int64_t *x, const int64_t *both, int64_t n) {
  double sum = 0, all = 0;
  for (int k = 0; k < 3; k++)
    all += (double)both[k];
  for (int k = 0; k < 3; k++) {
    const double ea = (double)both[k] * (double)n / all, eb = (double)both[k] - ea;
    sum += pow((double)x[k] - ea, 2) * (1 / ea + 1 / eb);
  }
  return sum;
}

/* Every 2 x 3 table with these margins, by its probability. */
static void test_exact(csro_context *context) {
  static const int64_t a[] = {7, 2, 5}, b[] = {4, 9, 6}, both[] = {11, 11, 11};
  const double found = chi2_of(a, both, 14);
  double p = 0;
  for (int64_t i = 0; i <= 11; i++)
    for (int64_t j = 0; j <= 11; j++) {
      const int64_t x[] = {i, j, 14 - i - j};
      const double weight = choose(11, i) * choose(11, j) * choose(11, x[2]) / choose(33, 14);
      p += chi2_of(x, both, 14) >= found - 1e-9 ? weight : 0;
    }
  csro_composition_test one, other;
  context->threads = 1;
  CHECK_OK(context, csro_composition_compare(context, 3, a, b, 200000, 1, &one));
  CHECK_NEAR(one.chi2, found, 1e-9);
  CHECK_EQ(one.dof, 2);
  CHECK_NEAR(one.p_chi2, exp(-found / 2), 1e-9);
  CHECK_NEAR(one.p_exact, p, 4 * sqrt(p * (1 - p) / 200000));
  context->threads = 3;
  CHECK_OK(context, csro_composition_compare(context, 3, a, b, 200000, 1, &other));
  CHECK(other.p_exact == one.p_exact);
}

static void test_fisher(void) {
  /* Fisher's tea: 3 of 4 and 1 of 4. */
  CHECK_NEAR(csro_fisher_p(3, 4, 1, 4), 34.0 / 70, 1e-7);
  CHECK_NEAR(csro_fisher_p(4, 4, 0, 4), 2.0 / 70, 1e-9);
  CHECK_NEAR(csro_fisher_p(2, 4, 2, 4), 1, 1e-9);
  CHECK(isnan(csro_fisher_p(0, 0, 1, 4)));
  CHECK_NEAR(csro_difference_error(0, 100, 50, 400), sqrt(0.1 * 0.9 * (0.01 + 0.0025)), 1e-12);
  double p = 0;
  for (int64_t x = 0; x <= 30; x++) {
    const double at = choose(30, x) * choose(70, 40 - x) / choose(100, 40);
    p += at <= choose(30, 18) * choose(70, 22) / choose(100, 40) * (1 + 1e-9) ? at : 0;
  }
  CHECK_NEAR(csro_fisher_p(18, 40, 12, 60) / p, 1, 1e-6);
  /* large counts: the normal limit */
  const double z = 3000 / sqrt(1e7 * 0.3 * 0.7 * (1 - 0.1));
  CHECK_NEAR(csro_fisher_p(3003000, 10000000, 26997000, 90000000), erfc(z / sqrt(2)), 2e-3);
}

/* Parts drawn from one composition: p is uniform; of another: it is small. */
static void test_null(csro_context *context) {
  enum { trials = 300, n = 400, m = 5000 };
  int below_exact = 0, below_chi2 = 0;
  csro_random random;
  csro_random_init(&random, 3, 0);
  for (int t = 0; t < trials; t++) {
    int64_t a[3] = {0}, b[3] = {0};
    for (int i = 0; i < n + m; i++) {
      const double u = csro_random_uniform(&random);
      (i < n ? a : b)[u < 0.5 ? 0 : u < 0.8 ? 1 : 2]++;
    }
    csro_composition_test test;
    CHECK_OK(context, csro_composition_compare(context, 3, a, b, 199, (uint64_t)t, &test));
    below_exact += test.p_exact <= 0.1;
    below_chi2 += test.p_chi2 <= 0.1;
  }
  CHECK(below_exact >= 16 && below_exact <= 46);
  CHECK(below_chi2 >= 16 && below_chi2 <= 46);
  csro_composition_test test;
  CHECK_OK(context, csro_composition_compare(context, 2, (int64_t[]){600, 400},
                                             (int64_t[]){50000, 50000}, 999, 1, &test));
  CHECK(test.p_exact <= 0.002 && test.p_chi2 < 1e-9);
}

static void test_edges(csro_context *context) {
  csro_composition_test test;
  CHECK_OK(context,
           csro_composition_compare(context, 2, (int64_t[]){0, 0}, (int64_t[]){1, 2}, 9, 1, &test));
  CHECK(test.dof == 0 && isnan(test.p_exact));
  CHECK_FAILS(
      context,
      csro_composition_compare(context, 2, (int64_t[]){0, -1}, (int64_t[]){1, 2}, 9, 1, &test),
      CSRO_ERROR_ARGUMENT, "-1 ions of kind 1");
}

static void test_text(void) {
  char text[CSRO_COMPOSITION_TEXT];
  csro_composition_test test = {30, 2, 1e-7, 0.001, 0.05};
  csro_composition_text(&test, "Ni", 0.05, 0.01, 0.4, text);
  CHECK(strstr(text, "differs from") && strstr(text, "Ni by +0.0500") && strstr(text, "choice"));
  csro_composition_text(&test, "Ni", 0.05, 0.01, 0.02, text);
  CHECK(strstr(text, "more than the domains of randomised copies (p = 0.02)"));
  test.p_exact = 0.3;
  csro_composition_text(&test, "Ni", 0.05, 0.01, NAN, text);
  CHECK(strstr(text, "as far as counting tells") && !strstr(text, "copies"));
  csro_composition_text(&(csro_composition_test){.dof = 0}, "", 0, 0, NAN, text);
  CHECK(strstr(text, "cannot be compared"));
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_exact(&context);
  test_fisher();
  test_text();
  test_null(&context);
  test_edges(&context);
  return check_end();
}
