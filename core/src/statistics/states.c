#include "csro/states.h"

#include "csro/distributions.h"
#include "csro/random.h"

#include <math.h>
#include <stdlib.h>

enum { MOST = 100000 }; /* divisions and permutations */
static const double level = 0.05;
static const double rounding = 1e-9; /* sums in another order are as large */

csro_state csro_state_of(const double *values, int64_t count) {
  csro_state s = {0, NAN, NAN, NAN, NAN, NAN};
  double sum = 0, squares = 0;
  for (int64_t i = 0; i < count; i++)
    if (!isnan(values[i])) {
      sum += values[i];
      s.count++;
    }
  if (s.count == 0)
    return s;
  s.mean = sum / (double)s.count;
  for (int64_t i = 0; i < count; i++)
    if (!isnan(values[i]))
      squares += (values[i] - s.mean) * (values[i] - s.mean);
  if (s.count < 2)
    return s;
  s.deviation = sqrt(squares / (double)(s.count - 1));
  s.error = s.deviation / sqrt((double)s.count);
  double reach = s.error * csro_student_quantile(level, (double)(s.count - 1));
  s.low = s.mean - reach;
  s.high = s.mean + reach;
  return s;
}

/* ---- divisions of n values into two states ---- */

static double ways(int64_t n, int64_t k) {
  double product = 1;
  for (int64_t i = 0; i < k && product < 1e15; i++)
    product = product * (double)(n - i) / (double)(i + 1);
  return product;
}

static double difference_of(const double *value, int64_t n, const bool *is_first, int64_t first) {
  double sum[2] = {0, 0};
  for (int64_t i = 0; i < n; i++)
    sum[is_first[i] ? 0 : 1] += value[i];
  return sum[1] / (double)(n - first) - sum[0] / (double)first;
}

/* The next choice of the same number of trues, in the order of binary numbers; false at the last.
 */
static bool next_choice(bool *is_first, int64_t n) {
  int64_t i = 0, trues = 0;
  while (i + 1 < n && !(is_first[i] && !is_first[i + 1])) {
    trues += is_first[i];
    i++;
  }
  if (i + 1 >= n)
    return false;
  is_first[i] = false;
  is_first[i + 1] = true;
  for (int64_t j = 0; j < i; j++)
    is_first[j] = j < trues;
  return true;
}

static void draw_choice(csro_random *random, bool *is_first, int64_t n) {
  for (int64_t i = n - 1; i > 0; i--) {
    int64_t j = (int64_t)csro_random_below(random, (uint64_t)i + 1);
    bool swapped = is_first[i];
    is_first[i] = is_first[j];
    is_first[j] = swapped;
  }
}

static double division_p(const double *value, int64_t n, int64_t first, bool *is_first,
                         uint64_t seed) {
  for (int64_t i = 0; i < n; i++)
    is_first[i] = i < first;
  double least = fabs(difference_of(value, n, is_first, first)) * (1 - rounding);
  int64_t as_large = 0, all = 0;
  if (ways(n, first) <= MOST) {
    do {
      as_large += fabs(difference_of(value, n, is_first, first)) >= least;
      all++;
    } while (next_choice(is_first, n));
    return (double)as_large / (double)all;
  }
  csro_random random;
  csro_random_init(&random, seed, 0);
  for (; all < MOST; all++) {
    draw_choice(&random, is_first, n);
    as_large += fabs(difference_of(value, n, is_first, first)) >= least;
  }
  return (double)(1 + as_large) / (double)(1 + all);
}

static void compare_by_t(const csro_state *a, const csro_state *b, csro_state_difference *out) {
  double va = a->error * a->error, vb = b->error * b->error, error = sqrt(va + vb);
  if (!(error > 0)) /* values without scatter */
    return;
  double dof =
      (va + vb) * (va + vb) / (va * va / (double)(a->count - 1) + vb * vb / (double)(b->count - 1));
  double reach = error * csro_student_quantile(level, dof);
  out->low = out->difference - reach;
  out->high = out->difference + reach;
  out->p_t = csro_student_tail(out->difference / error, dof);
}

csro_status csro_states_compare(csro_context *context, const double *a, int64_t a_count,
                                const double *b, int64_t b_count, uint64_t seed,
                                csro_state_difference *out) {
  *out = (csro_state_difference){NAN, NAN, NAN, NAN, NAN};
  csro_state of_a = csro_state_of(a, a_count), of_b = csro_state_of(b, b_count);
  int64_t n = of_a.count + of_b.count, filled = 0;
  if (of_a.count == 0 || of_b.count == 0)
    return CSRO_OK;
  double *value = csro_allocate(context, n, sizeof *value);
  bool *is_first = csro_allocate(context, n, sizeof *is_first);
  if (value && is_first) {
    for (int64_t i = 0; i < a_count; i++)
      if (!isnan(a[i]))
        value[filled++] = a[i];
    for (int64_t i = 0; i < b_count; i++)
      if (!isnan(b[i]))
        value[filled++] = b[i];
    out->difference = of_b.mean - of_a.mean;
    out->p_exact = division_p(value, n, of_a.count, is_first, seed);
    if (of_a.count > 1 && of_b.count > 1)
      compare_by_t(&of_a, &of_b, out);
  }
  csro_status status = value && is_first ? CSRO_OK : CSRO_ERROR_MEMORY;
  free(value);
  free(is_first);
  return status;
}

/* ---- correlation ---- */

static double product_sum(const double *x, const double *y, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++)
    sum += x[i] * y[i];
  return sum;
}

static void remove_mean(double *x, int64_t n) {
  double mean = 0;
  for (int64_t i = 0; i < n; i++)
    mean += x[i] / (double)n;
  for (int64_t i = 0; i < n; i++)
    x[i] -= mean;
}

/* The next permutation of place[n] in lexicographic order; false at the last. */
static bool next_permutation(int64_t *place, int64_t n) {
  int64_t i = n - 2, j = n - 1;
  while (i >= 0 && place[i] > place[i + 1])
    i--;
  if (i < 0)
    return false;
  while (place[j] < place[i])
    j--;
  int64_t swapped = place[i];
  place[i] = place[j];
  place[j] = swapped;
  for (int64_t lo = i + 1, hi = n - 1; lo < hi; lo++, hi--) {
    swapped = place[lo];
    place[lo] = place[hi];
    place[hi] = swapped;
  }
  return true;
}

static double permuted_sum(const double *x, const double *y, const int64_t *place, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++)
    sum += x[i] * y[place[i]];
  return sum;
}

/* x and y have no mean. */
static double permutation_p(const double *x, const double *y, int64_t n, int64_t *place,
                            uint64_t seed) {
  const int64_t all_up_to = 8; /* 8! = 40320 */
  double least = fabs(product_sum(x, y, n)) * (1 - rounding);
  int64_t as_large = 0, all = 0;
  for (int64_t i = 0; i < n; i++)
    place[i] = i;
  if (n <= all_up_to) {
    do {
      as_large += fabs(permuted_sum(x, y, place, n)) >= least;
      all++;
    } while (next_permutation(place, n));
    return (double)as_large / (double)all;
  }
  csro_random random;
  csro_random_init(&random, seed, 1);
  for (; all < MOST; all++) {
    for (int64_t i = n - 1; i > 0; i--) {
      int64_t j = (int64_t)csro_random_below(&random, (uint64_t)i + 1), swapped = place[i];
      place[i] = place[j];
      place[j] = swapped;
    }
    as_large += fabs(permuted_sum(x, y, place, n)) >= least;
  }
  return (double)(1 + as_large) / (double)(1 + all);
}

static void fit(double *x, double *y, int64_t n, csro_correlation *c) {
  double x_mean = csro_state_of(x, n).mean, y_mean = csro_state_of(y, n).mean;
  remove_mean(x, n);
  remove_mean(y, n);
  double xx = product_sum(x, x, n), yy = product_sum(y, y, n), xy = product_sum(x, y, n);
  if (!(xx > 0) || !(yy > 0))
    return;
  c->r = fmax(-1, fmin(1, xy / sqrt(xx * yy)));
  c->slope = xy / xx;
  c->at_zero = y_mean - c->slope * x_mean;
  c->slope_error = sqrt(fmax(0, yy - xy * c->slope) / (double)(n - 2) / xx);
  if (n > 3) {
    const double normal = 1.959963984540054; /* 97.5 % quantile */
    double z = atanh(c->r), reach = normal / sqrt((double)(n - 3));
    c->low = tanh(z - reach);
    c->high = tanh(z + reach);
  }
}

csro_status csro_correlate(csro_context *context, const double *x, const double *y, int64_t count,
                           uint64_t seed, csro_correlation *out) {
  *out = (csro_correlation){0, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
  double *known = csro_allocate(context, 2 * count, sizeof *known);
  int64_t *place = csro_allocate(context, count, sizeof *place), n = 0;
  if (known && place) {
    double *u = known, *v = known + count;
    for (int64_t i = 0; i < count; i++)
      if (!isnan(x[i]) && !isnan(y[i])) {
        u[n] = x[i];
        v[n++] = y[i];
      }
    out->count = n;
    if (n > 2)
      fit(u, v, n, out);
    if (!isnan(out->r))
      out->p_exact = permutation_p(u, v, n, place, seed);
  }
  csro_status status = known && place ? CSRO_OK : CSRO_ERROR_MEMORY;
  free(known);
  free(place);
  return status;
}
