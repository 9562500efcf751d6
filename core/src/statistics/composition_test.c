#include "csro/composition_test.h"
#include "csro/distributions.h"
#include "csro/random.h"

#include "base/progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What the draws have in common. */
typedef struct table {
  int kinds;
  const int64_t *a, *b;
  int64_t all_a, all_b;
} table;

/* Pearson's chi2 of the table with x of each kind in the first part. */
static double chi2_of(const table *of, const int64_t *x) {
  const double na = (double)of->all_a, nb = (double)of->all_b;
  double sum = 0;
  for (int k = 0; k < of->kinds; k++) {
    const double both = (double)(of->a[k] + of->b[k]);
    const double off = (double)x[k] - both * na / (na + nb);
    if (both > 0)
      sum += off * off * (na + nb) * (na + nb) / (both * na * nb);
  }
  return sum;
}

static double log_choose(int64_t n, int64_t k) {
  return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

static double log_hypergeometric(int64_t x, int64_t good, int64_t bad, int64_t drawn) {
  return log_choose(good, x) + log_choose(bad, drawn - x) - log_choose(good + bad, drawn);
}

/* How many of `drawn` items are good: by inversion from the mode outwards, which takes about as
 * many steps as the standard deviation. */
static int64_t draw_hypergeometric(csro_random *random, int64_t good, int64_t bad, int64_t drawn) {
  const int64_t least = drawn > bad ? drawn - bad : 0, most = drawn < good ? drawn : good;
  if (least == most)
    return least;
  int64_t up = (int64_t)((double)(drawn + 1) * (double)(good + 1) / (double)(good + bad + 2));
  up = up < least ? least : up > most ? most : up;
  int64_t down = up;
  double p_up = exp(log_hypergeometric(up, good, bad, drawn)), p_down = p_up;
  double u = csro_random_uniform(random) - p_up;
  while (u >= 0 && (p_up > 0 || p_down > 0)) {
    const double x = (double)up, y = (double)down;
    p_up = up < most ? p_up * ((double)good - x) * ((double)drawn - x) /
                           ((x + 1) * ((double)(bad - drawn) + x + 1))
                     : 0;
    up += up < most;
    if ((u -= p_up) < 0)
      return up;
    p_down = down > least ? p_down * y * ((double)(bad - drawn) + y) /
                                (((double)good - y + 1) * ((double)drawn - y + 1))
                          : 0;
    down -= down > least;
    if ((u -= p_down) < 0)
      return down;
  }
  return (int64_t)((double)(drawn + 1) * (double)(good + 1) / (double)(good + bad + 2));
}

/* One division of the ions: x[kinds] of each kind in the first part. */
static void divide(csro_random *random, const table *of, int64_t *x) {
  int64_t left = of->all_a, others = of->all_a + of->all_b;
  for (int k = 0; k < of->kinds; k++) {
    const int64_t good = of->a[k] + of->b[k];
    others -= good;
    x[k] = draw_hypergeometric(random, good, others, left);
    left -= x[k];
  }
}

static csro_status draw_all(csro_context *context, const table *of, int draws, uint64_t seed,
                            csro_composition_test *test) {
  int64_t *x = csro_allocate(context, (long long)of->kinds * context->threads, sizeof *x);
  if (!x)
    return CSRO_ERROR_MEMORY;
  int64_t above = 0;
  csro_progress progress;
  csro_progress_start(&progress, context, draws, 0, 1);
#pragma omp parallel for num_threads(context->threads) reduction(+ : above)
  for (int t = 0; t < context->threads; t++)
    for (int d = t; d < draws && !csro_progress_add(&progress, 1); d += context->threads) {
      csro_random random;
      csro_random_init(&random, seed, (uint64_t)d);
      divide(&random, of, x + (long)t * of->kinds);
      above += chi2_of(of, x + (long)t * of->kinds) >= test->chi2 * (1 - 1e-12);
    }
  free(x);
  test->p_exact = (1 + (double)above) / (1 + (double)draws);
  return csro_progress_end(&progress);
}

csro_status csro_composition_compare(csro_context *context, int kinds, const int64_t *a,
                                     const int64_t *b, int draws, uint64_t seed,
                                     csro_composition_test *test) {
  table of = {kinds, a, b, 0, 0};
  int present = 0;
  *test = (csro_composition_test){NAN, 0, NAN, NAN, NAN};
  for (int k = 0; k < kinds; k++) {
    if (a[k] < 0 || b[k] < 0)
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "%lld ions of kind %d, expected 0 or more",
                       (long long)(a[k] < 0 ? a[k] : b[k]), k);
    of.all_a += a[k];
    of.all_b += b[k];
    present += a[k] + b[k] > 0;
  }
  if (present < 2 || of.all_a == 0 || of.all_b == 0)
    return CSRO_OK;
  test->dof = present - 1;
  test->chi2 = chi2_of(&of, a);
  test->p_chi2 = csro_chi2_tail(test->chi2, test->dof);
  test->effect = sqrt(test->chi2 / (double)(of.all_a + of.all_b));
  return draws > 0 ? draw_all(context, &of, draws, seed, test) : CSRO_OK;
}

void csro_composition_text(const csro_composition_test *test, const char *most, double difference,
                           double error, double p_copies, char text[CSRO_COMPOSITION_TEXT]) {
  if (test->dof == 0) {
    snprintf(text, CSRO_COMPOSITION_TEXT,
             "domains and matrix cannot be compared: one has no ranged ions, or there is one kind");
    return;
  }
  const double p = isnan(test->p_exact) ? test->p_chi2 : test->p_exact;
  const bool differ = p < 0.05;
  int length = snprintf(text, CSRO_COMPOSITION_TEXT,
                        "the composition of the domains %s that of the matrix (p = %.3g; Cramer's "
                        "V %.3g); most different is %s by %+.4f +- %.4f",
                        differ ? "differs from" : "is, as far as counting tells,", p, test->effect,
                        most, difference, error);
  if (differ && !isnan(p_copies) && length > 0 && length < CSRO_COMPOSITION_TEXT)
    snprintf(text + length, (size_t)(CSRO_COMPOSITION_TEXT - length),
             p_copies < 0.05 ? ", more than the domains of randomised copies (p = %.3g)"
                             : ", as in the domains of randomised copies (p = %.3g): that is the "
                               "choice of the domains by their species",
             p_copies);
}

double csro_difference_error(int64_t a, int64_t all_a, int64_t b, int64_t all_b) {
  const double n = (double)all_a, m = (double)all_b, f = (double)(a + b) / (n + m);
  return sqrt(f * (1 - f) * (1 / n + 1 / m));
}

double csro_fisher_p(int64_t a, int64_t all_a, int64_t b, int64_t all_b) {
  if (all_a <= 0 || all_b <= 0)
    return NAN;
  const int64_t good = a + b, bad = all_a + all_b - good;
  const int64_t least = all_a > bad ? all_a - bad : 0, most = all_a < good ? all_a : good;
  const double limit = log_hypergeometric(a, good, bad, all_a) + 1e-7;
  double sum = 0;
  for (int direction = -1; direction <= 1; direction += 2) {
    int64_t mode =
        (int64_t)((double)(all_a + 1) * (double)(good + 1) / (double)(all_a + all_b + 2));
    mode = mode < least ? least : mode > most ? most : mode;
    for (int64_t x = direction < 0 ? mode - 1 : mode; x >= least && x <= most; x += direction) {
      const double p = log_hypergeometric(x, good, bad, all_a);
      if (p <= limit)
        sum += exp(p);
      if (p < limit - 45)
        break;
    }
  }
  return fmin(sum, 1);
}
