/* Size histogram, comparison of two histograms, null distributions, the sentence. */
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

enum { MOST = 20 };

/* The distributions of members of which the domains of each bin have the bin's lowest size. */
static void compare(const int64_t (*members)[CSRO_SIZE_BINS], int copies,
                    csro_null_distribution out[CSRO_STATISTICS]) {
  csro_domain_counts counts[MOST];
  for (int member = 0; member <= copies; member++) {
    int64_t sizes[500], n = 0;
    for (int bin = 0; bin < CSRO_SIZE_BINS; bin++)
      for (int64_t i = 0; i < members[member][bin]; i++)
        sizes[n++] = (int64_t)bin * CSRO_SIZE_BIN_WIDTH;
    counts[member] = csro_count_domains(sizes, n);
  }
  CHECK_OK(&context, csro_compare_members(&context, members, counts, copies, out));
}

static void test_mean_mu(void) {
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
  csro_null_distribution found[CSRO_STATISTICS];
  compare(members, 3, found);
  const csro_null_distribution *null = &found[CSRO_STATISTIC_MU];
  CHECK_NEAR(null->data, statistic[0], 1e-14);
  CHECK_NEAR(null->mean, (statistic[1] + statistic[2] + statistic[3]) / 3, 1e-14);
  CHECK_NEAR(null->p_value, 0.25, 0);
  double smallest = fmin(statistic[1], fmin(statistic[2], statistic[3]));
  double largest = fmax(statistic[1], fmax(statistic[2], statistic[3]));
  double middle = statistic[1] + statistic[2] + statistic[3] - smallest - largest;
  CHECK_NEAR(null->p95, middle + 0.9 * (largest - middle), 1e-14); /* position 0.95 * 2 = 1.9 */
  CHECK_NEAR(null->p5, smallest + 0.1 * (middle - smallest), 1e-14);
  CHECK(null->data > null->p95);

  compare(members, 1, found);
  CHECK(isnan(null->data) && isnan(null->mean) && isnan(null->p95) && isnan(null->p_value));

  /* equal members: nothing distinguishes the data */
  const int64_t equal[3][CSRO_SIZE_BINS] = {{5, 2}, {5, 2}, {5, 2}};
  compare(equal, 2, found);
  CHECK_NEAR(null->data, 0, 0);
  CHECK_NEAR(null->p_value, 1, 0);
}

/* Members without domains: mu is 1 against them, 0 among them. */
static void test_empty_copies(void) {
  csro_null_distribution found[CSRO_STATISTICS];
  const int64_t empty[4][CSRO_SIZE_BINS] = {{0, 5, 2}};
  compare(empty, 3, found);
  const double against = sqrt(7.0 / (7 + 7 / 2.0)); /* no domains against seven */
  CHECK_NEAR(found[CSRO_STATISTIC_MU].data, 1, 0);
  CHECK_NEAR(found[CSRO_STATISTIC_MU].mean, against / 3, 1e-14);
  CHECK_NEAR(found[CSRO_STATISTIC_MU].p_value, 0.25, 0);
  CHECK_NEAR(found[CSRO_STATISTIC_DOMAINS].data, 7, 0);
  CHECK_NEAR(found[CSRO_STATISTIC_DOMAINS].mean, 0, 0);
  CHECK_NEAR(found[CSRO_STATISTIC_DOMAINS].p_value, 0.25, 0);

  const int64_t none[3][CSRO_SIZE_BINS] = {{0}};
  compare(none, 2, found);
  for (int which = 0; which < CSRO_STATISTICS; which++) {
    CHECK_NEAR(found[which].data, 0, 0);
    CHECK_NEAR(found[which].p_value, 1, 0);
  }
}

static void test_counts(void) {
  const int64_t sizes[] = {4, 90, 3};
  const csro_domain_counts three = csro_count_domains(sizes, 3), none = csro_count_domains(NULL, 0);
  CHECK(three.domains == 3 && three.ions == 97 && three.largest == 90);
  CHECK(none.domains == 0 && none.ions == 0 && none.largest == 0);

  /* the data among copies of 0 to 4 domains */
  int64_t histograms[6][CSRO_SIZE_BINS] = {{0}};
  csro_domain_counts counts[6] = {{3, 97, 90}};
  for (int copy = 1; copy < 6; copy++)
    counts[copy] = (csro_domain_counts){copy - 1, 20 * (copy - 1), copy < 5 ? 50 : 90};
  csro_null_distribution found[CSRO_STATISTICS];
  CHECK_OK(&context, csro_compare_members(&context, (const int64_t(*)[CSRO_SIZE_BINS])histograms,
                                          counts, 5, found));
  CHECK_NEAR(found[CSRO_STATISTIC_DOMAINS].p_value, 3 / 6.0, 1e-15);
  CHECK_NEAR(found[CSRO_STATISTIC_DOMAINS].p5, 0.2, 1e-15);
  CHECK_NEAR(found[CSRO_STATISTIC_DOMAINS].p95, 3.8, 1e-15);
  CHECK_NEAR(found[CSRO_STATISTIC_IONS].p_value, 1 / 6.0, 1e-15);
  CHECK_NEAR(found[CSRO_STATISTIC_IONS].mean, 40, 1e-15);
  CHECK_NEAR(found[CSRO_STATISTIC_LARGEST].p_value, 2 / 6.0, 1e-15);

  counts[2].ions = counts[2].largest = -1; /* not known of one copy */
  CHECK_OK(&context, csro_compare_members(&context, (const int64_t(*)[CSRO_SIZE_BINS])histograms,
                                          counts, 5, found));
  CHECK_NEAR(found[CSRO_STATISTIC_IONS].data, 97, 0);
  CHECK(isnan(found[CSRO_STATISTIC_IONS].p_value) && isnan(found[CSRO_STATISTIC_LARGEST].mean));
  CHECK_NEAR(found[CSRO_STATISTIC_DOMAINS].p_value, 3 / 6.0, 1e-15);

  CHECK_OK(&context, csro_compare_members(&context, (const int64_t(*)[CSRO_SIZE_BINS])histograms,
                                          counts, 0, found));
  CHECK_NEAR(found[CSRO_STATISTIC_DOMAINS].data, 3, 0);
  CHECK(isnan(found[CSRO_STATISTIC_DOMAINS].p_value) && isnan(found[CSRO_STATISTIC_MU].data));
}

static void test_band(void) {
  /* the data are not in the band; copies in any order */
  const int64_t members[6][CSRO_SIZE_BINS] = {{1000, 9}, {4, 7}, {0, 7}, {2, 7}, {3, 7}, {1, 7}};
  double p5[CSRO_SIZE_BINS], p95[CSRO_SIZE_BINS];
  CHECK_OK(&context, csro_size_band(&context, members, 5, p5, p95));
  CHECK_NEAR(p5[0], 0.2, 1e-15);
  CHECK_NEAR(p95[0], 3.8, 1e-15);
  CHECK(p5[1] == 7 && p95[1] == 7 && p5[2] == 0 && p95[31] == 0);
  CHECK_OK(&context, csro_size_band(&context, members, 1, p5, p95));
  CHECK(p5[0] == 4 && p95[0] == 4);
}

static void check_text(csro_null_distribution domains, int copies, const char *expected) {
  char text[CSRO_COMPARISON_TEXT];
  csro_comparison_text(&domains, copies, text);
  CHECK(strcmp(text, expected) == 0);
}

static void test_text(void) {
  check_text((csro_null_distribution){78, 0.25, 0, 1, 0.05}, 19,
             "78 domains; 19 randomised copies have 0.25 on average (5 to 95 %: 0 to 1), 0 of them "
             "as many or more: p = 0.05, more than chance gives, the smallest that 19 can give: "
             "make 99 for a publication (p from 0.01).");
  check_text((csro_null_distribution){1, 2, 1, 3, 0.9}, 19,
             "1 domain; 19 randomised copies have 2 on average (5 to 95 %: 1 to 3), 17 of them as "
             "many or more: p = 0.9, no more than chance gives.");
  check_text((csro_null_distribution){9, 2, 1, 3, 0.01}, 99,
             "9 domains; 99 randomised copies have 2 on average (5 to 95 %: 1 to 3), 0 of them as "
             "many or more: p = 0.01, more than chance gives.");
  check_text((csro_null_distribution){9, 2, 2, 2, 0.5}, 1,
             "9 domains; 1 randomised copy has 2 on average (5 to 95 %: 2 to 2), 0 of them as many "
             "or more: p = 0.5, too few copies for a verdict, the smallest that 1 can give: make "
             "99 for a publication (p from 0.01).");
  check_text((csro_null_distribution){0, NAN, NAN, NAN, NAN}, 0,
             "0 domains; without randomised copies nothing says how many chance gives.");
}

int main(void) {
  csro_context_init(&context);
  test_histogram();
  test_pair();
  test_mean_mu();
  test_empty_copies();
  test_counts();
  test_band();
  test_text();
  return check_end();
}
