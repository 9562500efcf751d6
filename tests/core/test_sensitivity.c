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
  const double evidence[] = {9, 8, 7}, strength[] = {0.9, 0.8, 0.7};
  csro_reports reports = {.count = 2, .evidence = evidence, .strength = strength};
  const csro_true_domain domains[] = {{.diameter = 1.2}, {.diameter = 1.4}, {.diameter = 1.6}};
  csro_planted planted[3];
  CHECK_OK(context,
           csro_sensitivity_match(context, 17, report, truth, &reports, 3, domains, NULL, planted));
  CHECK(planted[0].recalled && planted[0].own && planted[0].evidence == 9 &&
        planted[0].strength == 0.9 && planted[0].order == 1);
  CHECK(planted[1].recalled && !planted[1].own && planted[1].diameter == 1.4);
  CHECK(!planted[2].recalled && !planted[2].own);
  reports.count = 3;
  CHECK_FAILS(
      context,
      csro_sensitivity_match(context, 17, report, truth, &reports, 2, domains, NULL, planted),
      CSRO_ERROR_DATA, "ion 13 belongs to true domain 2, the table has 2");
}

static void test_neighbours(csro_context *context) {
  const double diameter[] = {1.6}, center[][3] = {{1, 1, 1}};
  const double at[][3] = {{1, 1, 1.9}, {1, 1, 2.2}, {1, 1, 1.1}, {1.1, 1, 1}, {1, 1.9, 1}};
  const csro_reports data = {.count = 1, .diameter = diameter, .center = center};
  const csro_points points = {at, true, 5};
  int64_t truth[] = {-1, CSRO_TRUTH_UNKNOWN, 2, 3, 5};
  CHECK_OK(context, csro_sensitivity_neighbours(context, &data, &points, truth));
  CHECK_EQ(truth[0], CSRO_TRUTH_UNKNOWN);
  CHECK_EQ(truth[1], -1);
  CHECK_EQ(truth[2], 2); /* of even number: has its ions */
  CHECK_EQ(truth[3], CSRO_TRUTH_UNKNOWN);
  CHECK_EQ(truth[4], 5); /* at the rim of the other */
  const csro_reports none = {0};
  CHECK_OK(context, csro_sensitivity_neighbours(context, &none, &points, truth));
  CHECK_EQ(truth[0], -1);
}

/* What a search says of a domain: evidence above 6 is reported. */
static csro_planted look(csro_random *random, double diameter, double order) {
  const double own = 9 * pow(diameter / 1.5, 3.9) * order * order;
  csro_planted p = {.diameter = diameter, .order = order};
  p.evidence = own * exp(0.3 * csro_random_normal(random));
  p.strength = 0.4 + 0.5 * order + 0.1 * csro_random_normal(random);
  p.own = p.recalled = p.evidence > 6;
  return p;
}

static void draw_planted(csro_random *random, double weakest, csro_planted *planted) {
  for (int i = 0; i < PLANTED; i++) {
    const double diameter = 0.7 + 1.4 * csro_random_uniform(random);
    planted[i] = look(random, diameter, weakest + (1 - weakest) * csro_random_uniform(random));
  }
}

enum { MOST = 600 };
typedef struct drawn {
  double diameter[MOST], probability[MOST], evidence[MOST], strength[MOST];
} drawn;

/* Reports of domains, uniform from 0.7 to 2 nm, that are found, and a tenth of false ones. */
static csro_reports draw_reports(csro_random *random, int domains, double order, drawn *out) {
  int64_t count = 0;
  for (int d = 0; d < domains; d++) {
    const csro_planted p = look(random, 0.7 + 1.3 * csro_random_uniform(random), order);
    if (!p.own)
      continue;
    out->evidence[count] = p.evidence;
    out->strength[count++] = p.strength;
  }
  for (int64_t found = count, k = 0; k < found; k++)
    if (csro_random_uniform(random) < 0.11) {
      out->evidence[count] = 6 + csro_random_uniform(random);
      out->strength[count++] = 0.4 + 0.4 * csro_random_uniform(random);
    }
  for (int64_t k = 0; k < count; k++) {
    out->diameter[k] = 1.8;
    out->probability[k] = 0.9;
  }
  return (csro_reports){count, out->diameter, out->probability, out->evidence, out->strength,
                        NULL,  volume};
}

/* Order, recall and density of domains of one order, from planted ones of any. */
static void test_density(csro_context *context, double order) {
  static drawn out;
  const double edges[] = {1.3, 1.6, 2.0};
  const csro_size_classes classes = {3, edges};
  csro_planted planted[PLANTED];
  double sum = 0, recall = 0, expected = 0, half = 0;
  int covered = 0, runs = 3;
  for (int run = 0; run < runs; run++) {
    csro_random random;
    csro_random_init(&random, 4, (uint64_t)run);
    draw_planted(&random, 0.3, planted);
    const csro_reports reports = draw_reports(&random, 300, order, &out);
    csro_sensitivity_row rows[5];
    csro_sensitivity all;
    CHECK_OK(context, csro_sensitivity_measure(context, PLANTED, planted, &reports, &classes, 0.9,
                                               rows, &all));
    CHECK_NEAR(all.order.value, order, 0.15);
    CHECK(all.order.low <= all.order.value && all.order.value <= all.order.high);
    CHECK(rows[2].low == 1.3 && isinf(rows[2].high));
    const double true_ones = 300 * 0.7 / 1.3 / volume;
    covered += rows[2].density.low <= true_ones && rows[2].density.high >= true_ones;
    sum += rows[2].density.value / true_ones / runs;
    half += (rows[2].density.high - rows[2].density.low) / 2 / rows[2].density.value / runs;
    recall += rows[0].recall.value / runs;
    for (int k = 0; k < 200; k++)
      expected += look(&random, 1.3 + 0.3 * (k + 0.5) / 200, order).recalled / (200.0 * runs);
  }
  CHECK_NEAR(sum, 1, order < 1 ? 0.5 : 0.25); /* few of the smaller ones are found */
  CHECK_NEAR(recall, expected, 0.1);
  CHECK(half < (order < 1 ? 0.8 : 0.4));
  CHECK(covered >= 2);
}

/* All planted with full order; nothing is found. */
static void test_none(csro_context *context) {
  const double edges[] = {1.0, 1.4, 1.8, 3.0};
  const csro_size_classes classes = {4, edges};
  csro_planted planted[PLANTED];
  csro_random random;
  csro_random_init(&random, 5, 0);
  draw_planted(&random, 1, planted);
  const csro_reports none = {.volume = volume};
  csro_sensitivity_row rows[7];
  csro_sensitivity all;
  CHECK_EQ(csro_sensitivity_rows(&classes), 7);
  CHECK_OK(context,
           csro_sensitivity_measure(context, PLANTED, planted, &none, &classes, 0.9, rows, &all));
  CHECK(isnan(all.order.value));
  CHECK_NEAR(all.limit.value, 1.35, 0.1);
  CHECK(all.limit.low < all.limit.value && all.limit.value < all.limit.high);
  CHECK(rows[0].low == 1.0 && rows[0].high == 1.4 && rows[1].high == 1.8);
  CHECK(rows[3].low == 1.0 && isinf(rows[3].high) && rows[5].low == 1.8);
  CHECK_EQ(rows[0].planted + rows[1].planted + rows[2].planted, rows[3].planted);
  CHECK(rows[0].recall.value < rows[1].recall.value && rows[1].recall.value < rows[2].recall.value);
  CHECK(rows[5].density.value == 0 && rows[5].density.low == 0);
  /* 2.303 at full recall */
  CHECK(rows[5].density.high > 2.30 / volume && rows[5].density.high < 3.2 / volume);
  CHECK(rows[6].planted == 0 && isnan(rows[6].recall.value) && isnan(rows[6].density.value));
  char text[CSRO_SENSITIVITY_TEXT];
  csro_sensitivity_text(&classes, rows, &all, 0.9, text);
  CHECK(strstr(text, "Fully ordered domains of 1.8 to 3 nm would have been found in "));
  CHECK(strstr(text, ", half of those of 1."));
  CHECK(strstr(text, "There are fewer than ") && strstr(text, " nm and more per m3"));
  all.order = (csro_estimate){0.5, 0.34, 0.66};
  csro_sensitivity_text(&classes, rows, &all, 0.9, text);
  CHECK(strstr(text, "Domains of order 0.50 (0.34 to 0.66) and 1.8 to 3 nm"));
  CHECK_OK(context,
           csro_sensitivity_measure(context, 0, planted, &none, &classes, 0.9, rows, &all));
  csro_sensitivity_text(&classes, rows, &all, 0.9, text);
  CHECK(strcmp(text, "No domains were planted.") == 0);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_shares();
  test_match(&context);
  test_neighbours(&context);
  test_density(&context, 1);
  test_density(&context, 0.7);
  test_none(&context);
  return check_end();
}
