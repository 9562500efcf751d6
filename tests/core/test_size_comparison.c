/* Size histogram, comparison of two histograms, null distribution. */
#include "check.h"
#include "csro/compare.h"

static csro_context context;

static void test_histogram(void) {
  const int64_t sizes[] = {0, 3, 4, 5, 9, 154, 155, 159, 160, 161, 100000};
  int64_t histogram[CSRO_SIZE_BINS], sum = 0;
  csro_size_histogram(sizes, 11, histogram);
  CHECK_EQ(histogram[0], 3);
  CHECK_EQ(histogram[1], 2);
  CHECK_EQ(histogram[30], 1);
  CHECK_EQ(histogram[31], 5);
  for (int bin = 0; bin < CSRO_SIZE_BINS; bin++)
    sum += histogram[bin];
  CHECK_EQ(sum, 11);
  csro_size_histogram(NULL, 0, histogram);
  for (int bin = 0; bin < CSRO_SIZE_BINS; bin++)
    CHECK_EQ(histogram[bin], 0);
}

static void test_pair(void) {
  const int64_t zero[CSRO_SIZE_BINS] = {0}, one[CSRO_SIZE_BINS] = {10, 4},
                two[CSRO_SIZE_BINS] = {8, 0, 5};
  csro_comparison c;
  csro_compare(one, two, &c); /* chi2 = 4 / 8 + 25 / 5, n = 27 / 2 */
  CHECK_NEAR(c.chi2, 5.5, 1e-12);
  CHECK_EQ(c.bins_used, 2);
  CHECK_NEAR(c.n_total, 13.5, 0);
  CHECK_NEAR(c.mu, sqrt(5.5 / 19), 1e-12);
  csro_compare(one, one, &c);
  CHECK_NEAR(c.pcc, 1, 1e-15);
  CHECK_NEAR(c.mu, 0, 0);
  csro_compare(one, zero, &c);
  CHECK(isnan(c.pcc) && isnan(c.mu));
  CHECK_EQ(c.bins_used, 0);
  csro_compare(zero, one, &c);
  CHECK(isnan(c.pcc));
  CHECK_NEAR(c.mu, sqrt(14.0 / 21), 1e-12);
  csro_compare(zero, zero, &c);
  CHECK(isnan(c.pcc) && isnan(c.mu));
  CHECK_NEAR(c.n_total, 0, 0);
}

static void test_null(void) {
  const int64_t members[4][CSRO_SIZE_BINS] = {{100, 10}, {60, 30}, {62, 28}, {58, 33}};
  double statistic[4];
  for (int member = 0; member < 4; member++) {
    statistic[member] = 0;
    for (int other = 0; other < 4; other++) {
      csro_comparison c;
      csro_compare(members[member], members[other], &c);
      statistic[member] += other == member ? 0 : c.mu / 3;
    }
  }
  csro_null_distribution null;
  CHECK_OK(&context, csro_compare_null(&context, members, 3, &null));
  CHECK_NEAR(null.data, statistic[0], 1e-14);
  CHECK_NEAR(null.mean, (statistic[1] + statistic[2] + statistic[3]) / 3, 1e-14);
  CHECK_NEAR(null.p_value, 0.25, 0);
  double middle = fmin(statistic[1], fmin(statistic[2], statistic[3]));
  double largest = fmax(statistic[1], fmax(statistic[2], statistic[3]));
  middle = statistic[1] + statistic[2] + statistic[3] - middle - largest;
  CHECK_NEAR(null.p95, middle + 0.9 * (largest - middle), 1e-14); /* position 0.95 * 2 = 1.9 */
  CHECK(null.data > null.p95);

  CHECK_OK(&context, csro_compare_null(&context, members, 1, &null));
  CHECK(isnan(null.data) && isnan(null.mean) && isnan(null.p95) && isnan(null.p_value));

  /* equal members: nothing distinguishes the data */
  const int64_t equal[3][CSRO_SIZE_BINS] = {{5, 2}, {5, 2}, {5, 2}};
  CHECK_OK(&context, csro_compare_null(&context, equal, 2, &null));
  CHECK_NEAR(null.data, 0, 0);
  CHECK_NEAR(null.p_value, 1, 0);

  /* copies without domains: mu of the data is undefined against each of them */
  const int64_t empty[3][CSRO_SIZE_BINS] = {{5, 2}};
  CHECK_OK(&context, csro_compare_null(&context, empty, 2, &null));
  CHECK(isnan(null.data) && isnan(null.p_value));
}

int main(void) {
  csro_context_init(&context);
  test_histogram();
  test_pair();
  test_null();
  return check_end();
}
