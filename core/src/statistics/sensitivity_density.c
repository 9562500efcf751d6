#include "csro/random.h"
#include "csro/sensitivity.h"
#include "statistics/normal_quantile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIZES = 8, REPORTED = 5, DRAWS = 200, SLOPES = 21, BENDS = 7, SCALES = 41, BINS = 2000 };
/* Priors of the size distribution: how many times it rises or falls by e over the planted range,
 * and how much it bends. */
static const double foldings = 4, bending = 12;
static const double doubt = 0.25; /* of the expected number of false reports, natural log */
static const double lowest = 1e-9, highest = 10; /* density, per nm^3 */

typedef struct correction {
  double first, width;           /* of the classes of true diameters */
  double edges[REPORTED - 1];    /* of those of reported ones */
  double found[SIZES][REPORTED]; /* planted domains, by true and by reported diameter */
  double planted[SIZES];
  double share[SIZES][REPORTED]; /* a draw of R */
  double inside[SIZES];          /* share of a class that lies in the range asked for */
  double reports[REPORTED], wrong[REPORTED];
  double volume;
  double *weight; /* [BINS] posterior of the density, in steps of its logarithm */
} correction;

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int class_of(const correction *c, double diameter) {
  int k = 0;
  while (k < REPORTED - 1 && diameter >= c->edges[k])
    k++;
  return k;
}

static int size_of(const correction *c, double diameter) {
  int k = (int)((diameter - c->first) / c->width);
  return k < 0 ? 0 : k < SIZES ? k : SIZES - 1;
}

/* Classes of reported diameters that hold about equally many of the planted domains found. */
static csro_status cut_classes(csro_context *context, int64_t count, const csro_planted *planted,
                               correction *c) {
  double *found = csro_allocate(context, count, sizeof *found);
  if (!found)
    return CSRO_ERROR_MEMORY;
  int64_t n = 0;
  for (int64_t d = 0; d < count; d++)
    if (planted[d].reported > 0)
      found[n++] = planted[d].reported;
  if (n > 0)
    qsort(found, (size_t)n, sizeof *found, by_value);
  for (int k = 1; k < REPORTED; k++)
    c->edges[k - 1] = n > 0 ? found[n * k / REPORTED] : INFINITY;
  free(found);
  return CSRO_OK;
}

static void count_reports(const csro_reports *reports, correction *c) {
  for (int64_t d = 0; d < reports->count; d++) {
    int j = class_of(c, reports->diameter[d]);
    c->reports[j]++;
    c->wrong[j] += 1 - reports->probability[d];
  }
}

static void count_planted(int64_t count, const csro_planted *planted, correction *c) {
  memset(c->planted, 0, sizeof c->planted);
  memset(c->found, 0, sizeof c->found);
  for (int64_t d = 0; d < count; d++) {
    int k = size_of(c, planted[d].diameter);
    c->planted[k] += planted[d].weight;
    if (planted[d].reported > 0)
      c->found[k][class_of(c, planted[d].reported)] += planted[d].weight;
  }
}

/* Gamma distributed (Marsaglia and Tsang, ACM Trans. Math. Softw. 26 (2000) 363). */
static double draw_gamma(csro_random *random, double shape) {
  if (shape < 1) {
    double u = 1 - csro_random_uniform(random);
    return draw_gamma(random, shape + 1) * pow(u, 1 / shape);
  }
  double d = shape - 1.0 / 3, e = 1 / sqrt(9 * d);
  for (;;) {
    double x = csro_random_normal(random), v = 1 + e * x;
    v = v * v * v;
    if (v > 0 && log(1 - csro_random_uniform(random)) < x * x / 2 + d - d * v + d * log(v))
      return d * v;
  }
}

static void draw_shares(csro_random *random, correction *c) {
  const double prior = 0.5 / (REPORTED + 1);
  for (int k = 0; k < SIZES; k++) {
    double missed = c->planted[k], sum = 0;
    for (int j = 0; j < REPORTED; j++) {
      missed -= c->found[k][j];
      c->share[k][j] = draw_gamma(random, c->found[k][j] + prior);
      sum += c->share[k][j];
    }
    sum += draw_gamma(random, fmax(missed, 0) + prior);
    for (int j = 0; j < REPORTED; j++)
      c->share[k][j] /= sum;
  }
}

/* Logarithm of the likelihood of the reports, relative to that of means equal to them. */
static double likelihood(const correction *c, const double shape[REPORTED], double scale,
                         double false_factor) {
  double sum = 0;
  for (int j = 0; j < REPORTED; j++) {
    double mean = fmax(false_factor * c->wrong[j] + scale * shape[j], 1e-9), n = c->reports[j];
    sum += n - mean + (n > 0 ? n * log(mean / n) : 0);
  }
  return sum;
}

static int bin_of(double density) {
  double at = log(density / lowest) / log(highest / lowest) * BINS;
  return at > 0 ? (at < BINS ? (int)at : BINS - 1) : 0;
}

/* Adds all scales of a size distribution to the posterior. */
static void add_scales(correction *c, const double shape[REPORTED], double part, double prior,
                       double false_factor) {
  double sum = 0, true_reports = 1;
  for (int j = 0; j < REPORTED; j++) {
    sum += shape[j];
    true_reports += fmax(c->reports[j] - false_factor * c->wrong[j], 0);
  }
  if (!(sum > 0 && part > 0))
    return;
  double middle = true_reports / sum, reach = 5 / sqrt(true_reports) + 0.1;
  double steps = true_reports < 10 ? log(1e6) / (SCALES - 1) : 2 * reach / (SCALES - 1);
  double first = true_reports < 10 ? log(middle) - log(1e5) : log(middle) - reach;
  for (int s = 0; s < SCALES; s++) {
    double scale = exp(first + s * steps);
    double weight = exp(likelihood(c, shape, scale, false_factor) - prior) * steps * sqrt(scale);
    c->weight[bin_of(scale * part)] += weight;
  }
}

/* The posterior of the density, for a size distribution. */
static void add_sizes(correction *c, double slope, double bend, double false_factor) {
  double all = 0, part = 0, shape[REPORTED] = {0};
  double off = slope / foldings, bent = bend / bending;
  for (int k = 0; k < SIZES; k++) {
    double x = (k + 0.5) / SIZES - 0.5, n = exp(slope * x + bend * x * x);
    all += n;
    part += n * c->inside[k];
    for (int j = 0; j < REPORTED; j++)
      shape[j] += n * c->share[k][j] * c->volume;
  }
  for (int j = 0; j < REPORTED; j++)
    shape[j] /= all;
  add_scales(c, shape, part / all, (off * off + bent * bent) / 2, false_factor);
}

/* The same for one draw of R and of the false reports. */
static void add_draw(correction *c, double false_factor) {
  for (int s = 0; s < SLOPES; s++)
    for (int b = 0; b < BENDS; b++)
      add_sizes(c, 3 * foldings * (2.0 * s / (SLOPES - 1) - 1),
                2 * bending * (2.0 * b / (BENDS - 1) - 1), false_factor);
}

static void add_draws(int64_t count, csro_planted *planted, const csro_estimate *order,
                      double level, correction *c) {
  double spread = (order->high - order->low) / (2 * csro_normal_quantile(level));
  csro_random random;
  csro_random_init(&random, 1, 0);
  for (int draw = 0; draw < DRAWS; draw++) {
    csro_sensitivity_weigh(count, planted, order->value + spread * csro_random_normal(&random));
    count_planted(count, planted, c);
    draw_shares(&random, c);
    add_draw(c, exp(doubt * csro_random_normal(&random)));
  }
}

static double quantile(const correction *c, double q) {
  double sum = 0, below = 0;
  for (int b = 0; b < BINS; b++)
    sum += c->weight[b];
  for (int b = 0; b < BINS; b++) {
    if (below + c->weight[b] >= q * sum) {
      double inside = c->weight[b] > 0 ? (q * sum - below) / c->weight[b] : 0;
      return lowest * exp(log(highest / lowest) * (b + inside) / BINS);
    }
    below += c->weight[b];
  }
  return NAN;
}

/* The largest Poisson mean of which so few events or fewer have the probability 1 - level
 * (F. Garwood, Biometrika 28 (1936) 437). */
static double largest_mean(double events, double level) {
  double lo = 0, hi = 10 * (events + 10);
  for (int step = 0; step < 100; step++) {
    double mean = (lo + hi) / 2, term = exp(-mean), sum = term;
    for (int k = 1; k <= (int)events; k++)
      sum += term *= mean / k;
    if (sum > 1 - level)
      lo = mean;
    else
      hi = mean;
  }
  return lo;
}

/* Share of the planted domains of the range that have a report of their own. */
static double share_in_range(int64_t count, const csro_planted *planted, double low, double high) {
  double own = 0.5, all = 1; /* the middle of few */
  for (int64_t d = 0; d < count; d++)
    if (planted[d].diameter >= low && planted[d].diameter < high) {
      own += planted[d].reported > 0 ? planted[d].weight : 0;
      all += planted[d].weight;
    }
  return own / all;
}

/* Classes of true diameters over those planted; false when none is in the range. */
static bool cut_sizes(int64_t count, const csro_planted *planted, double low, double high,
                      correction *c) {
  double smallest = INFINITY, largest = 0;
  bool any = false;
  for (int64_t d = 0; d < count; d++) {
    smallest = fmin(smallest, planted[d].diameter);
    largest = fmax(largest, planted[d].diameter);
    any = any || (planted[d].diameter >= low && planted[d].diameter < high);
  }
  c->first = smallest;
  c->width = fmax((largest - smallest) / SIZES, 1e-6);
  for (int k = 0; k < SIZES; k++) {
    double from = c->first + k * c->width, to = from + c->width;
    c->inside[k] = fmax(fmin(to, high) - fmax(from, low), 0) / c->width;
  }
  return any;
}

csro_status csro_sensitivity_density(csro_context *context, int64_t count,
                                     const csro_planted *planted, const csro_estimate *order,
                                     const csro_reports *reports, double low, double high,
                                     double level, csro_estimate *density) {
  *density = (csro_estimate){NAN, NAN, NAN};
  correction c = {.volume = reports->volume};
  if (!cut_sizes(count, planted, low, high, &c))
    return CSRO_OK;
  double expected = 0;
  for (int64_t d = 0; d < reports->count; d++)
    expected += reports->probability[d];
  if (expected < 1) {
    double found = reports->volume * share_in_range(count, planted, low, high);
    *density = (csro_estimate){0, 0, largest_mean((double)reports->count, level) / found};
    return CSRO_OK;
  }
  c.weight = csro_allocate(context, BINS, sizeof *c.weight);
  csro_planted *weighed = csro_allocate(context, count, sizeof *weighed);
  csro_status status = c.weight && weighed ? CSRO_OK : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK)
    status = cut_classes(context, count, planted, &c);
  if (status == CSRO_OK) {
    memset(c.weight, 0, BINS * sizeof *c.weight);
    memcpy(weighed, planted, (size_t)count * sizeof *weighed);
    count_reports(reports, &c);
    add_draws(count, weighed, order, level, &c);
    *density = (csro_estimate){quantile(&c, 0.5), quantile(&c, (1 - level) / 2),
                               quantile(&c, (1 + level) / 2)};
  }
  free(c.weight);
  free(weighed);
  return status;
}
