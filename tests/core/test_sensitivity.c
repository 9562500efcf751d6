/* Sensitivity: intervals of shares, matches of planted domains with reports, the detection limit,
 * and the density corrected for what was not found, against draws of which all is known. */
#include "check.h"
#include "csro/random.h"
#include "csro/sensitivity.h"

enum { PLANTED = 400 };
static const double volume = 6000;
static const csro_estimate full = {NAN, NAN, NAN};

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
  csro_reports reports = {2, diameter, NULL, volume};
  const csro_true_domain domains[] = {{.diameter = 1.2}, {.diameter = 1.4}, {.diameter = 1.6}};
  csro_planted planted[3];
  CHECK_OK(context,
           csro_sensitivity_match(context, 17, report, truth, &reports, 3, domains, NULL, planted));
  CHECK(planted[0].recalled && planted[0].reported == 1.5 && planted[0].order == 1);
  CHECK(planted[1].recalled && planted[1].reported == 0 && planted[1].diameter == 1.4);
  CHECK(!planted[2].recalled && planted[2].reported == 0);
  reports.count = 3;
  CHECK_FAILS(
      context,
      csro_sensitivity_match(context, 17, report, truth, &reports, 2, domains, NULL, planted),
      CSRO_ERROR_DATA, "ion 13 belongs to true domain 2, the table has 2");
}

static double share_found(double diameter) {
  return 1 / (1 + exp(-8 * (diameter - 1.5)));
}

static double reported_as(csro_random *random, double diameter) {
  return fmin(1.05 + 0.45 * diameter + 0.12 * csro_random_normal(random), 2.1);
}

static void draw_planted(csro_random *random, double strongest, double range,
                         csro_planted *planted) {
  for (int i = 0; i < PLANTED; i++) {
    double d = 0.7 + 1.4 * csro_random_uniform(random);
    bool found = csro_random_uniform(random) < share_found(d);
    planted[i] = (csro_planted){.diameter = d,
                                .order = strongest - range * csro_random_uniform(random),
                                .recalled = found,
                                .weight = 1};
    planted[i].reported = found ? reported_as(random, d) : 0;
  }
}

static void test_limit(void) {
  csro_planted planted[PLANTED];
  int covered = 0, runs = 100;
  for (int run = 0; run < runs; run++) {
    csro_random random;
    csro_random_init(&random, 3, (uint64_t)run);
    draw_planted(&random, 1, 0, planted);
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
  double diameter[800], probability[800], sum = 0, half = 0;
  int covered = 0, runs = 40;
  for (int run = 0; run < runs; run++) {
    csro_random random;
    csro_random_init(&random, 4, (uint64_t)run);
    draw_planted(&random, 1, 0, planted);
    double domains = 300 + 17 * csro_random_normal(&random);
    csro_reports reports = {draw_reports(&random, domains, diameter, probability), diameter,
                            probability, volume};
    csro_estimate density;
    CHECK_OK(context, csro_sensitivity_density(context, PLANTED, planted, &full, &reports, 1.3, 9,
                                               0.9, &density));
    double expected = 300 * 0.7 / 1.3 / volume;
    covered += density.low <= expected && density.high >= expected;
    half += (density.high - density.low) / 2 / density.value / runs;
    sum += density.value / expected / runs;
  }
  CHECK_NEAR(sum, 1, 0.08);
  CHECK(half < 0.4);
  CHECK(covered >= 32);
}

static void test_none(csro_context *context) {
  csro_planted planted[PLANTED];
  csro_random random;
  csro_random_init(&random, 5, 0);
  draw_planted(&random, 1, 0, planted);
  csro_reports none = {0, NULL, NULL, volume};
  csro_estimate density;
  CHECK_OK(context, csro_sensitivity_density(context, PLANTED, planted, &full, &none, 1.6, 9, 0.9,
                                             &density));
  CHECK(density.value == 0 && density.low == 0);
  CHECK(density.high > 2.30 / volume && density.high < 3.2 / volume); /* 2.303 at full recall */
  CHECK_OK(context,
           csro_sensitivity_density(context, PLANTED, planted, &full, &none, 3, 9, 0.9, &density));
  CHECK(isnan(density.value));
}

/* The order of domains, by the strength that the search finds; weights by order. */
static void test_order(void) {
  const double strength[] = {0.93, 0.73, 0.58, 0.35}, expected[] = {1, 0.7, 0.5, 0.3};
  for (int k = 0; k < 4; k++) {
    const csro_estimate found = {strength[k], 0.3, 1};
    csro_estimate order = csro_sensitivity_order(&found, 60, 0.9);
    CHECK_NEAR(order.value, expected[k], 0.01);
    CHECK(order.low >= 0.3 && order.low <= order.value && order.value <= order.high);
    CHECK(k > 0 ? order.high < 1 : order.high == 1);
    CHECK(isnan(csro_sensitivity_order(&found, 4, 0.9).value));
  }
  const csro_estimate none = {NAN, NAN, NAN};
  CHECK(isnan(csro_sensitivity_order(&none, 60, 0.9).value));
  csro_planted planted[PLANTED];
  csro_random random;
  csro_random_init(&random, 7, 0);
  draw_planted(&random, 1, 0.7, planted);
  csro_sensitivity_weigh(PLANTED, planted, 0.7);
  double sum = 0, mean = 0;
  for (int i = 0; i < PLANTED; i++) {
    sum += planted[i].weight;
    mean += planted[i].weight * planted[i].order;
  }
  CHECK_NEAR(mean / sum, 0.7, 0.02);
  CHECK(sum > 90 && sum < 150); /* 0.21 of a range of 0.7 */
}

/* Rows of classes, and what is said of them. */
static void test_rows(csro_context *context) {
  const double edges[] = {1.0, 1.4, 1.8};
  const csro_size_classes classes = {3, edges};
  csro_planted planted[PLANTED];
  csro_random random;
  csro_random_init(&random, 6, 0);
  draw_planted(&random, 1, 0, planted);
  csro_reports none = {0, NULL, NULL, volume};
  csro_sensitivity_row rows[5];
  CHECK_EQ(csro_sensitivity_rows(&classes), 5);
  CHECK_OK(context,
           csro_sensitivity_measure(context, PLANTED, planted, &full, &none, &classes, 0.9, rows));
  CHECK(rows[0].low == 1.0 && rows[0].high == 1.4 && rows[1].high == 1.8);
  CHECK(rows[2].low == 1.0 && isinf(rows[2].high) && rows[4].low == 1.8);
  CHECK_EQ(rows[0].planted + rows[1].planted + rows[4].planted, rows[2].planted);
  CHECK(rows[0].recall.value < rows[1].recall.value && rows[1].recall.value < rows[4].recall.value);
  csro_estimate limit = csro_sensitivity_limit(PLANTED, planted, 0.9);
  char text[CSRO_SENSITIVITY_TEXT];
  csro_sensitivity_text(&classes, rows, &full, &limit, 0.9, text);
  CHECK(strstr(text, "Fully ordered domains of 1.8 nm and more would have been found in 9"));
  CHECK(strstr(text, ", half of those of 1."));
  CHECK(strstr(text, "There are fewer than ") &&
        strstr(text, " domains of 1.4 nm and more per m3"));
  CHECK(!strstr(text, "weakly ordered"));
  const csro_estimate weak = {0.5, 0.34, 0.66};
  csro_sensitivity_text(&classes, rows, &weak, &limit, 0.9, text);
  CHECK(strstr(text, "weakly ordered, so that most leave no evidence: the density may be two to "
                     "four times higher"));
  csro_sensitivity_text(&classes, (csro_sensitivity_row[5]){{0}}, &full, &limit, 0.9, text);
  CHECK(strcmp(text, "No domains were planted.") == 0);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_shares();
  test_match(&context);
  test_limit();
  test_density(&context);
  test_none(&context);
  test_order();
  test_rows(&context);
  return check_end();
}
