/* Sensitivity: intervals of shares, matches of planted domains with reports, the detection limit,
 * and the density corrected for what was not found, against draws of which all is known. */
#include "check.h"
#include "csro/random.h"
#include "csro/sensitivity.h"

enum { PLANTED = 400 };
static const double volume = 6000;

static void test_shares(void) {
  csro_estimate e = csro_share_interval(8, 10, 0.9); /* Wilson's formula by hand */
  CHECK_NEAR(e.value, 0.8, 1e-12);
  CHECK_NEAR(e.low, 0.541, 0.001);
  CHECK_NEAR(e.high, 0.931, 0.001);
  e = csro_share_interval(0, 20, 0.9);
  CHECK(e.low == 0 && e.high > 0.1 && e.high < 0.13);
  CHECK(isnan(csro_share_interval(0, 0, 0.9).value));
}

static void test_match(csro_context *context) {
  /* Report 0 holds domain 0 and is its own; 1 has more of others; 2 is beyond the list. */
  const int64_t report[] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, -1};
  const int64_t truth[] = {0, 0, 0, 0, 1, -2, 1, 1, 1, -2, -2, -2, -2, 2, 2, 2, 2};
  const double diameter[] = {1.5, 1.8, 2.0};
  const csro_true_domain domains[] = {{.diameter = 1.2}, {.diameter = 1.4}, {.diameter = 1.6}};
  csro_planted planted[3];
  CHECK_OK(context, csro_sensitivity_match(context, 17, report, truth, 2, diameter, 3, domains,
                                           NULL, planted));
  CHECK(planted[0].recalled && planted[0].reported == 1.5 && planted[0].order == 1);
  CHECK(planted[1].recalled && planted[1].reported == 0 && planted[1].diameter == 1.4);
  CHECK(!planted[2].recalled && planted[2].reported == 0);
  CHECK_FAILS(
      context,
      csro_sensitivity_match(context, 17, report, truth, 3, diameter, 2, domains, NULL, planted),
      CSRO_ERROR_DATA, "ion 13 belongs to true domain 2, the table has 2");
}

static double share_found(double diameter) {
  return 1 / (1 + exp(-8 * (diameter - 1.5)));
}

static double reported_as(csro_random *random, double diameter) {
  return fmin(1.05 + 0.45 * diameter + 0.12 * csro_random_normal(random), 2.1);
}

static void draw_planted(csro_random *random, csro_planted *planted) {
  for (int i = 0; i < PLANTED; i++) {
    double d = 0.7 + 1.4 * csro_random_uniform(random);
    bool found = csro_random_uniform(random) < share_found(d);
    planted[i] = (csro_planted){d, 1, found, found ? reported_as(random, d) : 0};
  }
}

static void test_limit(void) {
  csro_planted planted[PLANTED];
  int covered = 0, runs = 100;
  for (int run = 0; run < runs; run++) {
    csro_random random;
    csro_random_init(&random, 3, (uint64_t)run);
    draw_planted(&random, planted);
    csro_estimate limit = csro_sensitivity_limit(PLANTED, planted, 0.9);
    CHECK_NEAR(limit.value, 1.5, 0.15);
    covered += limit.low <= 1.5 && limit.high >= 1.5;
  }
  CHECK(covered >= 82 && covered <= 97); /* three standard deviations */
  int64_t domains;
  csro_estimate all = csro_sensitivity_recall(PLANTED, planted, 1.9, 9, 0.9, &domains);
  CHECK(domains > 30 && all.value > 0.9 && all.low < all.value);
  for (int i = 0; i < PLANTED; i++)
    planted[i].recalled = false;
  CHECK(isnan(csro_sensitivity_limit(PLANTED, planted, 0.9).value));
}

/* Reports of domains, uniform from 0.7 to 2 nm, that are found, and a tenth of false ones. */
static int draw_reports(csro_random *random, double domains, double *diameter,
                        double *probability) {
  int count = 0;
  for (double left = domains; left > csro_random_uniform(random); left--) {
    double d = 0.7 + 1.3 * csro_random_uniform(random);
    if (csro_random_uniform(random) < share_found(d))
      diameter[count++] = reported_as(random, d);
  }
  for (int found = count, k = 0; k < found; k++)
    if (csro_random_uniform(random) < 0.11)
      diameter[count++] = 1.45 + 0.4 * csro_random_uniform(random);
  for (int k = 0; k < count; k++)
    probability[k] = 0.9;
  return count;
}

static void test_density(csro_context *context) {
  csro_planted planted[PLANTED];
  double diameter[800], probability[800], sum = 0;
  int covered = 0, runs = 40;
  for (int run = 0; run < runs; run++) {
    csro_random random;
    csro_random_init(&random, 4, (uint64_t)run);
    draw_planted(&random, planted);
    double domains = 300 + 17 * csro_random_normal(&random);
    csro_reports reports = {draw_reports(&random, domains, diameter, probability), diameter,
                            probability, volume};
    csro_estimate density;
    CHECK_OK(context,
             csro_sensitivity_density(context, PLANTED, planted, &reports, 1.3, 9, 0.9, &density));
    double expected = 300 * 0.7 / 1.3 / volume;
    covered += density.low <= expected && density.high >= expected;
    CHECK((density.high - density.low) / 2 < 0.4 * density.value);
    sum += density.value / expected / runs;
  }
  CHECK_NEAR(sum, 1, 0.08);
  CHECK(covered >= 32);
}

static void test_none(csro_context *context) {
  csro_planted planted[PLANTED];
  csro_random random;
  csro_random_init(&random, 5, 0);
  draw_planted(&random, planted);
  csro_reports none = {0, NULL, NULL, volume};
  csro_estimate density;
  CHECK_OK(context,
           csro_sensitivity_density(context, PLANTED, planted, &none, 1.6, 9, 0.9, &density));
  CHECK(density.value == 0 && density.low == 0);
  CHECK(density.high > 2.30 / volume && density.high < 3.2 / volume); /* 2.303 at full recall */
  CHECK_OK(context,
           csro_sensitivity_density(context, PLANTED, planted, &none, 3, 9, 0.9, &density));
  CHECK(isnan(density.value));
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_shares();
  test_match(&context);
  test_limit();
  test_density(&context);
  test_none(&context);
  return check_end();
}
