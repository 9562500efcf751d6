/* What chance gives, from lists of evidence: expected numbers, the test, lowered probabilities. */
#include "check.h"
#include "csro/chance.h"
#include "csro/distributed_order.h"
#include "random_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PEAKS = 400 };

static int falling(const void *a, const void *b) {
  const double *p = a, *q = b;
  return *p > *q ? -1 : *p < *q;
}

/* count peaks above 2 whose excesses are exponential with this mean; sorted. */
static void make_peaks(uint64_t *state, int64_t count, double excess, double *evidence) {
  for (int64_t i = 0; i < count; i++)
    evidence[i] = 2 - excess * log(1 - cloud_uniform(state));
  qsort(evidence, (size_t)count, sizeof *evidence, falling);
}

static void test_expected(void) {
  const double copies[6] = {5, 4, 3.5, 3, 2.5, 2.2};
  const csro_chance none = {{0, NULL, 0}, {0, NULL, 0}, 100};
  CHECK_NEAR(csro_chance_expected(&none, 3), 100 * exp(-3), 1e-9);
  csro_chance chance = {{6, copies, 2}, {0, NULL, 0}, 100};
  /* From 2 on, where lists are complete: 6 excesses of 8.2 in all, and 4 of 1 from before. */
  CHECK_NEAR(csro_chance_expected(&chance, 2), 6.5 / 2, 1e-9);
  CHECK_NEAR(csro_chance_expected(&chance, 6), 6.5 / 2 * pow(1 + 4 / 12.2, -10), 1e-9);
  chance.copies.searches = 4;
  CHECK_NEAR(csro_chance_expected(&chance, 6), 6.5 / 4 * pow(1 + 4 / 12.2, -10), 1e-9);
  /* Decoys that have more raise the number; those that have fewer do not lower it. */
  const double before = csro_chance_expected(&chance, 4);
  chance.decoys = (csro_chance_list){6, copies, 4};
  CHECK_NEAR(csro_chance_expected(&chance, 4), before, 1e-9);
  chance.decoys.searches = 1;
  CHECK_NEAR(csro_chance_expected(&chance, 4), before * pow(4, 1.5), 1e-9);
  chance.decoys.searches = 2; /* twice as many: for the most part what weak domains leave */
  CHECK_NEAR(csro_chance_expected(&chance, 4), before * pow(2 / 1.7, 3), 1e-9);
  chance.decoys.searches = 0.1; /* hardly any ions were left for it */
  CHECK_NEAR(csro_chance_expected(&chance, 4), before, 1e-9);
}

/* With many peaks they are counted, and the tail has their mean excess. */
static void test_many(void) {
  static double peaks[PEAKS];
  uint64_t state = 3;
  make_peaks(&state, PEAKS, 0.8, peaks);
  const csro_chance chance = {{PEAKS, peaks, 1}, {0, NULL, 0}, 100};
  CHECK_NEAR(csro_chance_expected(&chance, 2.1), PEAKS * exp(-0.1 / 0.8), 20);
  for (double e = 6; e < 9; e++) {
    double expected = PEAKS * exp(-(e - 2) / 0.8), found = csro_chance_expected(&chance, e);
    CHECK(found > expected / 3 && found < 3 * expected);
  }
}

/* Data like the copies pass for order at most as often as the level says; with pile-up that decoys
 * see, too; a few evident domains are seen. */
static void test_nulls(void) {
  enum { RUNS = 1000, CHANCE = 40 };
  static double data[4 * CHANCE], copies[CHANCE], decoys[3 * CHANCE];
  uint64_t state = 11;
  int clean = 0, piled = 0, found = 0;
  for (int run = 0; run < RUNS; run++) {
    csro_chance chance = {{CHANCE, copies, 1}, {CHANCE, decoys, 1}, 6000};
    make_peaks(&state, CHANCE, 0.8, copies);
    make_peaks(&state, CHANCE, 0.8, decoys);
    make_peaks(&state, CHANCE, 0.8, data);
    clean += csro_chance_try(&chance, 1, CHANCE, data).order;
    for (int k = 0; k < 3; k++)
      data[k] = 18 - 2 * k;
    found += csro_chance_try(&chance, 1, CHANCE, data).order;
    /* Twice as many in decoys: 2^1.5 times as many in the data. */
    make_peaks(&state, 2 * CHANCE, 0.8, decoys);
    make_peaks(&state, 5 * CHANCE / 2, 0.8, data);
    chance.decoys.count = 2 * CHANCE;
    piled += csro_chance_try(&chance, 1, 5 * CHANCE / 2, data).order;
  }
  CHECK(clean <= RUNS * CSRO_CHANCE_LEVEL);
  CHECK(piled <= RUNS * CSRO_CHANCE_LEVEL);
  CHECK(found >= 0.99 * RUNS);
  const csro_chance chance = {{CHANCE, copies, 1}, {0, NULL, 0}, 6000};
  csro_chance_test none = csro_chance_try(&chance, 1, 0, NULL);
  CHECK(!none.order && none.p == 1 && none.peaks == 0);
}

static void check_text(const char *found, const char *expected) {
  CHECK(strcmp(found, expected) == 0);
}

static void test_text(void) {
  const csro_chance alone = {{0, NULL, 0}, {0, NULL, 0}, 6000},
                    compared = {{0, NULL, 1}, {0, NULL, 0}, 1};
  char text[CSRO_CHANCE_TEXT];
  csro_chance_text(&compared, &(csro_chance_test){true, 1e-6, 8, 9.25, 0.04}, text);
  check_text(text, "There is order beyond chance: 8 places with an evidence of 9.2 or more, where "
                   "chance gives 0.04 (p < 0.0001).");
  csro_chance_text(&alone, &(csro_chance_test){false, 0.3, 1, 9.25, 0.58}, text);
  check_text(text,
             "No order beyond chance is seen, and no domain is reported: 1 place with an evidence "
             "of 9.2 or more, where chance gives 0.58 at most, by the model alone (p = 0.3; "
             "0.02 is needed).");
  csro_chance_text(&alone, &(csro_chance_test){.p = 1}, text);
  check_text(text, "No order beyond chance is seen: nothing looks like an ordered domain.");
}

/* The sum of 1 - existence is at least what chance gives, from the most evident down; nothing is
 * raised; the list is in order. */
static void test_lower(csro_context *context) {
  static double data[PEAKS], copies[PEAKS / 2];
  csro_ordered_domain domains[20];
  uint64_t state = 5;
  make_peaks(&state, PEAKS, 1.5, data);
  make_peaks(&state, PEAKS / 2, 1, copies);
  const csro_chance chance = {{PEAKS / 2, copies, 1}, {0, NULL, 0}, 1000};
  double wrong = 0;
  for (int d = 0; d < 20; d++)
    domains[d] = (csro_ordered_domain){.candidate = d,
                                       .evidence = data[5 * d],
                                       .existence = d < 19 ? 0.999 : 0.01,
                                       .probability = d < 19 ? 0.8 : 0.005,
                                       .ion_share = d < 19 ? 0.7 : 0.004};
  CHECK_OK(context, csro_chance_lower(context, &chance, PEAKS, data, 20, domains));
  for (int d = 0; d < 20; d++) {
    const csro_ordered_domain *o = &domains[d];
    CHECK(o->existence >= 0 && o->existence <= 0.999);
    CHECK(d == 0 || o->probability <= domains[d - 1].probability);
    if (o->candidate == 19)
      CHECK_NEAR(o->existence, 0.01, 0);
    else
      CHECK_NEAR(o->probability / o->existence, 0.8 / 0.999, 1e-9);
    wrong += o->candidate < 19 ? 1 - o->existence : 0;
  }
  CHECK(5 * wrong > 0.7 * csro_chance_expected(&chance, data[90]));
  CHECK(5 * wrong < 1.5 * csro_chance_expected(&chance, data[95]));
  /* Without copies and decoys all stays. */
  const csro_chance none = {.volume = 1000};
  const csro_ordered_domain first = domains[0];
  CHECK_OK(context, csro_chance_lower(context, &none, PEAKS, data, 20, domains));
  CHECK_NEAR(domains[0].probability, first.probability, 0);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_expected();
  test_many();
  test_nulls();
  test_text();
  test_lower(&context);
  return check_end();
}
