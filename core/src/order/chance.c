#include "csro/chance.h"

#include "csro/distributed_order.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double gain = 1.5; /* of a disturbance, from decoys to the pattern of the order */
/* How many times more peaks decoys may have where there is order, of what weak domains leave. */
static const double leak = 1.7, beyond_leak = 3;
static const double lowest = 2; /* lists are complete from this evidence on */
static const double least_searches = 0.2;
enum { TAIL = 30 };
/* Of the excesses, as if so many had been seen before: a random alloy has 1 or less. */
static const double known_excesses = 4, known_excess = 1;

/* How many of a falling list are at least this. */
static int64_t count_above(const csro_chance_list *list, double evidence) {
  int64_t lo = 0, hi = list->count;
  while (lo < hi) {
    const int64_t middle = lo + (hi - lo) / 2;
    if (list->evidence[middle] >= evidence)
      lo = middle + 1;
    else
      hi = middle;
  }
  return lo;
}

/* ln of the expected number of peaks, and the variance of that. */
typedef struct expectation {
  double ln, variance;
} expectation;

/* The tail is exponential with a mean excess that is known from the tail itself: its predictive
 * distribution, with a gamma prior of the rate. */
static expectation expect_of(const csro_chance_list *list, double evidence) {
  int64_t tail = (int64_t)ceil(TAIL * list->searches), complete = count_above(list, lowest);
  double from = lowest, sum = known_excesses * known_excess;
  if (tail < complete)
    from = list->evidence[tail];
  else
    tail = complete;
  if (evidence <= from) {
    double counted = (double)count_above(list, evidence) + 0.5;
    return (expectation){log(counted / list->searches), 1 / counted};
  }
  for (int64_t i = 0; i < tail; i++)
    sum += list->evidence[i] - from;
  double excesses = known_excesses + (double)tail, counted = (double)tail + 0.5;
  double slopes = (evidence - from) * excesses / sum;
  return (expectation){log(counted / list->searches) - excesses * log1p(slopes / excesses),
                       1 / counted + slopes * slopes / excesses};
}

/* beside_order: there is some. */
static expectation expect(const csro_chance *chance, double evidence, bool beside_order) {
  bool copies = chance->copies.searches > 0, decoys = chance->decoys.searches >= least_searches;
  if (!copies && !decoys)
    return (expectation){log(chance->volume) - evidence, 0};
  if (!decoys)
    return expect_of(&chance->copies, evidence);
  expectation d = expect_of(&chance->decoys, evidence);
  if (!copies)
    return d;
  expectation c = expect_of(&chance->copies, evidence);
  double ratio = d.ln - c.ln, more = gain * ratio;
  if (beside_order)
    more = fmin(more, beyond_leak * (ratio - log(leak)));
  if (more <= 0)
    return c;
  return (expectation){c.ln + more,
                       (gain - 1) * (gain - 1) * c.variance + gain * gain * d.variance};
}

double csro_chance_expected(const csro_chance *chance, double evidence) {
  return exp(expect(chance, evidence, true).ln);
}

/* Chance of `least` or more, `mean` being expected (Poisson). */
static double poisson_tail(int64_t least, double mean) {
  if (least <= 0)
    return 1;
  double term = exp((double)least * log(mean) - mean - lgamma((double)least + 1)), sum = 0;
  if ((double)least > mean) {
    for (int64_t k = least; term > 1e-12 * sum && k < least + 100000; k++) {
      sum += term;
      term *= mean / (double)(k + 1);
    }
    return fmin(sum, 1);
  }
  for (int64_t k = least; k > 0 && term > 1e-18; k--) {
    term *= (double)k / mean;
    sum += term;
  }
  return fmax(1 - sum, 0);
}

/* The same where the mean is not known exactly: over a log-normal distribution with this
 * expectation. */
static double chance_of(int64_t least, expectation e) {
  enum { STEPS = 24 };
  double sum = 0, weights = 0;
  for (int k = -STEPS; k <= STEPS; k++) {
    double z = 4.0 * k / STEPS, weight = exp(-z * z / 2);
    sum += weight * poisson_tail(least, exp(e.ln - e.variance / 2 + z * sqrt(e.variance)));
    weights += weight;
  }
  return sum / weights;
}

csro_chance_test csro_chance_try(const csro_chance *chance, int phases, int64_t count,
                                 const double *evidence) {
  csro_chance_test test = {.p = 1, .evidence = NAN};
  int64_t tries = 0;
  for (int64_t rank = 1; rank <= count && evidence[rank - 1] >= lowest; rank *= 2) {
    const expectation e = expect(chance, evidence[rank - 1], false);
    double p = chance_of(rank, e);
    tries++;
    if (p < test.p || rank == 1)
      test = (csro_chance_test){
          .p = p, .peaks = rank, .evidence = evidence[rank - 1], .expected = exp(e.ln)};
  }
  test.p = fmin(1, test.p * (double)(tries > 0 ? tries * phases : 1));
  test.order = test.p <= CSRO_CHANCE_LEVEL;
  return test;
}

static void put_p(double p, char text[32]) {
  snprintf(text, 32, p < 0.0001 ? "p < 0.0001" : "p = %.2g", p);
}

void csro_chance_text(const csro_chance *chance, const csro_chance_test *test,
                      char text[CSRO_CHANCE_TEXT]) {
  char p[32];
  put_p(test->p, p);
  bool compared = chance->copies.searches > 0 || chance->decoys.searches >= least_searches;
  const char *by = compared ? "" : " at most, by the model alone";
  const char *places = test->peaks == 1 ? "place" : "places";
  if (test->peaks == 0)
    snprintf(text, CSRO_CHANCE_TEXT,
             "No order beyond chance is seen: nothing looks like an ordered domain.");
  else if (test->order)
    snprintf(text, CSRO_CHANCE_TEXT,
             "There is order beyond chance: %lld %s with an evidence of %.1f or more, where "
             "chance gives %.3g%s (%s).",
             (long long)test->peaks, places, test->evidence, test->expected, by, p);
  else
    snprintf(text, CSRO_CHANCE_TEXT,
             "No order beyond chance is seen, and no domain is reported: %lld %s with an "
             "evidence of %.1f or more, where chance gives %.3g%s (%s; %g is needed).",
             (long long)test->peaks, places, test->evidence, test->expected, by, p,
             CSRO_CHANCE_LEVEL);
}

/* Slope, at each rank, of the greatest convex minorant of the expected numbers over the ranks, from
 * 0 at rank 0; at most 1. top[count] is room to work in. */
static void find_slopes(int64_t count, double *expected, int64_t *top) {
  int64_t corners = 0;
  for (int64_t r = 0; r < count; r++) {
    while (corners > 0) {
      int64_t last = top[corners - 1], before = corners > 1 ? top[corners - 2] : -1;
      double base = before < 0 ? 0 : expected[before];
      if ((expected[last] - base) * (double)(r - before) <=
          (expected[r] - base) * (double)(last - before))
        break;
      corners--;
    }
    top[corners++] = r;
  }
  int64_t from = -1;
  double base = 0;
  for (int64_t c = 0; c < corners; c++) {
    double end = expected[top[c]], slope = (end - base) / (double)(top[c] - from);
    for (int64_t r = from + 1; r <= top[c]; r++)
      expected[r] = fmin(slope, 1);
    from = top[c];
    base = end;
  }
}

/* Of the peaks of about this evidence, the share that is false. */
static double false_at(int64_t count, const double *evidence, const double *slope, double at) {
  const csro_chance_list list = {count, evidence, 1};
  int64_t above = count_above(&list, at);
  return above > 0 ? slope[above - 1] : 0;
}

csro_status csro_chance_lower(csro_context *context, const csro_chance *chance, int64_t count,
                              const double *evidence, int64_t domains,
                              csro_ordered_domain *domain) {
  if (chance->copies.searches == 0 && chance->decoys.searches < least_searches)
    return CSRO_OK;
  double *slope = csro_allocate(context, count, sizeof *slope);
  int64_t *top = csro_allocate(context, count, sizeof *top);
  if (!slope || !top) {
    free(slope);
    free(top);
    return CSRO_ERROR_MEMORY;
  }
  for (int64_t r = 0; r < count; r++)
    slope[r] = fmin(csro_chance_expected(chance, evidence[r]), (double)(r + 1));
  find_slopes(count, slope, top);
  for (int64_t d = 0; d < domains; d++) {
    csro_ordered_domain *o = &domain[d];
    double there = 1 - false_at(count, evidence, slope, o->evidence);
    double part = o->existence > there ? there / o->existence : 1;
    o->existence *= part;
    o->probability *= part;
    o->ion_share *= part;
  }
  csro_order_rank(domains, domain);
  free(slope);
  free(top);
  return CSRO_OK;
}
