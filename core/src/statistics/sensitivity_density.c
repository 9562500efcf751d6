#include "csro/random.h"
#include "statistics/sensitivity_response.h"

#include <math.h>
#include <stdlib.h>

enum {
  CELLS = CSRO_CELLS,
  SIZES = 10,
  DRAWS = 60,
  ORDERS = 19,
  SLOPES = 11,
  BENDS = 7,
  SCALES = 25,
  BINS = 2000,
  WITHIN = 5, /* diameters of a row, of which recall is the mean */
  ALONG = 200 /* diameters among which the limit is looked for */
};
/* Priors of the size distribution: how many times it rises or falls by e over the planted range,
 * and how much it bends. */
static const double foldings = 3, bending = 8;
static const double doubt = 0.25; /* of the expected number of false reports, natural log */
static const double weakest = 0.3, apart = 0.05, beyond = 0.1; /* orders */
static const double full = 16; /* how much more probable full order is than another on the grid */
static const double lowest = 1e-9, highest = 10; /* density, per nm^3 */

/* What a draw of the regressions says of domains of one order, and how probable that is. */
typedef struct trial {
  double weight, order, limit;
} trial;

typedef struct correction {
  csro_response response;
  int row_count;
  csro_sensitivity_row *rows;
  double volume, reports[CELLS], wrong[CELLS];
  int orders;
  double order[ORDERS], prior[ORDERS];
  double cell[SIZES][CELLS]; /* of a draw and an order */
  double *inside;            /* [rows][SIZES] share of a class of diameters that is in the row */
  double *density;           /* [rows][BINS] posterior, in steps of the logarithm, ... */
  double *of_draw;           /* ... and that of one draw */
  int trials;
  trial *trial;   /* [DRAWS * ORDERS] */
  double *recall; /* [rows][DRAWS * ORDERS] */
} correction;

/* --- What is asked --- */

static void set_orders(bool known, correction *c) {
  const bool one = csro_response_of_one_order(&c->response);
  c->orders = one || !known ? 1 : ORDERS;
  for (int s = 0; s < c->orders; s++) {
    c->order[s] = one ? c->response.order[1] : known ? weakest + apart * s : 1;
    const double off = fmax(log(c->order[s]), 0) / beyond;
    c->prior[s] = off * off / 2 - (fabs(c->order[s] - 1) < apart / 2 ? log(full) : 0);
  }
}

static double size_edge(const correction *c, int k) {
  const csro_response *r = &c->response;
  return r->smallest + (r->largest - r->smallest) * k / SIZES;
}

static void set_rows(int64_t count, const csro_planted *planted, const csro_size_classes *classes,
                     correction *c) {
  const int between = classes->edge_count - 1;
  for (int k = 0; k < c->row_count; k++) {
    csro_sensitivity_row *row = &c->rows[k];
    *row = (csro_sensitivity_row){.low = classes->edges[k < between ? k : k - between],
                                  .high = k < between ? classes->edges[k + 1] : INFINITY,
                                  .recall = {NAN, NAN, NAN},
                                  .density = {NAN, NAN, NAN}};
    for (int64_t d = 0; d < count; d++)
      row->planted += planted[d].diameter >= row->low && planted[d].diameter < row->high;
    for (int s = 0; s < SIZES; s++) {
      const double from = size_edge(c, s), to = size_edge(c, s + 1);
      const double part = fmin(to, row->high) - fmax(from, row->low);
      c->inside[k * SIZES + s] = to > from ? fmax(part, 0) / (to - from) : row->planted > 0;
    }
  }
}

static void count_reports(const csro_reports *reports, correction *c) {
  for (int64_t d = 0; d < reports->count; d++) {
    const int cell = csro_response_cell(&c->response, reports->evidence[d], reports->strength[d]);
    c->reports[cell]++;
    c->wrong[cell] += 1 - reports->probability[d];
  }
}

/* --- The posterior --- */

/* Logarithm of the likelihood of the reports, relative to that of means equal to them. */
static double likelihood(const correction *c, const double shape[CELLS], double scale,
                         double false_factor) {
  double sum = 0;
  for (int j = 0; j < CELLS; j++) {
    double mean = fmax(false_factor * c->wrong[j] + scale * shape[j], 1e-9), n = c->reports[j];
    sum += n - mean + (n > 0 ? n * log(mean / n) : 0);
  }
  return sum;
}

static int bin_of(double density) {
  double at = log(density / lowest) / log(highest / lowest) * BINS;
  return at > 0 ? (at < BINS ? (int)at : BINS - 1) : 0;
}

/* Adds all scales of a size distribution: of shape[] in the cells, of which part[] is in the rows.
 */
static double add_scales(correction *c, const double shape[CELLS], const double *part, double prior,
                         double false_factor) {
  double sum = 0, true_reports = 1, total = 0;
  for (int j = 0; j < CELLS; j++) {
    sum += shape[j];
    true_reports += fmax(c->reports[j] - false_factor * c->wrong[j], 0);
  }
  if (!(sum > 0))
    return 0;
  double middle = true_reports / sum, reach = 5 / sqrt(true_reports) + 0.1;
  double steps = true_reports < 10 ? log(1e5) / (SCALES - 1) : 2 * reach / (SCALES - 1);
  double first = true_reports < 10 ? log(middle) - log(1e4) : log(middle) - reach;
  for (int s = 0; s < SCALES; s++) {
    const double scale = exp(first + s * steps);
    const double weight =
        exp(likelihood(c, shape, scale, false_factor) - prior) * steps * sqrt(scale);
    total += weight;
    for (int k = 0; k < c->row_count && weight > 0; k++)
      if (part[k] > 0)
        c->of_draw[k * BINS + bin_of(scale * part[k])] += weight;
  }
  return total;
}

static double add_sizes(correction *c, double slope, double bend, double prior, double false_factor,
                        double *part) {
  double all = 0, shape[CELLS] = {0};
  const double off = slope / foldings, bent = bend / bending;
  for (int k = 0; k < c->row_count; k++)
    part[k] = 0;
  for (int s = 0; s < SIZES; s++) {
    const double x = (s + 0.5) / SIZES - 0.5, n = exp(slope * x + bend * x * x);
    all += n;
    for (int k = 0; k < c->row_count; k++)
      part[k] += n * c->inside[k * SIZES + s];
    for (int j = 0; j < CELLS; j++)
      shape[j] += n * c->cell[s][j] * c->volume;
  }
  for (int j = 0; j < CELLS; j++)
    shape[j] /= all;
  for (int k = 0; k < c->row_count; k++)
    part[k] /= all;
  return add_scales(c, shape, part, prior + (off * off + bent * bent) / 2, false_factor);
}

/* Where half are recalled, by halves of the largest step: NaN where at no planted size. */
static double limit_of(const correction *c, const csro_response_draw *draw, double order) {
  const csro_response *r = &c->response;
  for (int k = ALONG; k >= 0; k--) {
    const double d = r->smallest + (r->largest - r->smallest) * k / ALONG;
    if (csro_response_recall(r, draw, d, order) < 0.5)
      return k < ALONG ? d : INFINITY;
  }
  return 0;
}

static double recall_of(const correction *c, const csro_response_draw *draw, double order,
                        const csro_sensitivity_row *row) {
  const csro_response *r = &c->response;
  const double from = fmax(row->low, r->smallest), to = fmin(row->high, r->largest);
  double sum = 0;
  for (int k = 0; k < WITHIN; k++)
    sum += csro_response_recall(r, draw, from + (to - from) * (k + 0.5) / WITHIN, order);
  return sum / WITHIN;
}

static void add_trial(correction *c, const csro_response_draw *draw, int order, double false_factor,
                      double *part) {
  const double s = c->order[order];
  trial *t = &c->trial[c->trials];
  *t = (trial){.order = fmin(s, 1), .limit = limit_of(c, draw, s)};
  for (int k = 0; k < c->row_count; k++)
    c->recall[k * DRAWS * ORDERS + c->trials] = recall_of(c, draw, s, &c->rows[k]);
  c->trials++;
  for (int k = 0; k < SIZES; k++)
    csro_response_cells(&c->response, draw, (size_edge(c, k) + size_edge(c, k + 1)) / 2, s,
                        c->cell[k]);
  for (int a = 0; a < SLOPES; a++)
    for (int b = 0; b < BENDS; b++)
      t->weight +=
          add_sizes(c, 3 * foldings * (2.0 * a / (SLOPES - 1) - 1),
                    2 * bending * (2.0 * b / (BENDS - 1) - 1), c->prior[order], false_factor, part);
}

/* Each draw counts as much as another: what planted domains have told of the search, the reports of
 * the data tell no better. */
static void add_draw(correction *c) {
  double sum = 0;
  trial *own = &c->trial[c->trials - c->orders];
  for (int s = 0; s < c->orders; s++)
    sum += own[s].weight;
  for (int s = 0; s < c->orders && sum > 0; s++)
    own[s].weight /= sum;
  for (int64_t b = 0; b < (int64_t)c->row_count * BINS; b++) {
    c->density[b] += sum > 0 ? c->of_draw[b] / sum : 0;
    c->of_draw[b] = 0;
  }
}

static void add_draws(correction *c, double *part) {
  csro_random random;
  csro_random_init(&random, 1, 0);
  for (int draw = 0; draw < DRAWS; draw++) {
    csro_response_draw one;
    csro_response_draw_one(&c->response, &random, &one);
    const double false_factor = exp(doubt * csro_random_normal(&random));
    for (int s = 0; s < c->orders; s++)
      add_trial(c, &one, s, false_factor, part);
    add_draw(c);
  }
}

/* --- What it says --- */

typedef struct weighed {
  double value, weight;
} weighed;

static int by_value(const void *a, const void *b) {
  const weighed *p = a, *q = b;
  return (p->value > q->value) - (p->value < q->value);
}

static double quantile(int64_t count, const weighed *sorted, double q) {
  double sum = 0, below = 0;
  for (int64_t i = 0; i < count; i++)
    sum += sorted[i].weight;
  for (int64_t i = 0; i < count; i++)
    if ((below += sorted[i].weight) >= q * sum)
      return sorted[i].value;
  return NAN;
}

static csro_estimate estimate(int64_t count, weighed *values, double level) {
  qsort(values, (size_t)count, sizeof *values, by_value);
  return (csro_estimate){quantile(count, values, 0.5), quantile(count, values, (1 - level) / 2),
                         quantile(count, values, (1 + level) / 2)};
}

static double known(double diameter) {
  return diameter > 0 && isfinite(diameter) ? diameter : NAN;
}

static void tell(correction *c, bool order_known, double level, weighed *scratch,
                 csro_sensitivity *all) {
  for (int k = 0; k < c->row_count; k++) {
    csro_sensitivity_row *row = &c->rows[k];
    for (int t = 0; t < c->trials; t++)
      scratch[t] = (weighed){c->recall[k * DRAWS * ORDERS + t], c->trial[t].weight};
    if (row->planted > 0)
      row->recall = estimate(c->trials, scratch, level);
    for (int b = 0; b < BINS; b++)
      scratch[b] =
          (weighed){lowest * pow(highest / lowest, (b + 0.5) / BINS), c->density[k * BINS + b]};
    if (row->planted > 0)
      row->density = estimate(BINS, scratch, level);
  }
  for (int t = 0; t < c->trials; t++)
    scratch[t] = (weighed){c->trial[t].limit, c->trial[t].weight};
  const csro_estimate limit = estimate(c->trials, scratch, level);
  all->limit = (csro_estimate){known(limit.value), known(limit.low), known(limit.high)};
  if (isnan(all->limit.value))
    all->limit = (csro_estimate){NAN, NAN, NAN};
  for (int t = 0; t < c->trials; t++)
    scratch[t] = (weighed){c->trial[t].order, c->trial[t].weight};
  if (order_known)
    all->order = estimate(c->trials, scratch, level);
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

/* Densities where nothing is found, by the share of planted domains that have a report. */
static void limit_densities(int64_t count, const csro_planted *planted, double events, double level,
                            correction *c) {
  for (int k = 0; k < c->row_count; k++) {
    csro_sensitivity_row *row = &c->rows[k];
    double own = 0.5, all = 1; /* the middle of few */
    for (int64_t d = 0; d < count; d++)
      if (planted[d].diameter >= row->low && planted[d].diameter < row->high) {
        const double like = c->orders > 1 || planted[d].order >= c->order[0] - beyond;
        own += planted[d].own ? like : 0;
        all += like;
      }
    if (row->planted > 0)
      row->density = (csro_estimate){0, 0, largest_mean(events, level) / (c->volume * own / all)};
  }
}

static bool allocate(csro_context *context, correction *c, double **part, weighed **scratch) {
  const int64_t rows = c->row_count, trials = (int64_t)DRAWS * ORDERS;
  c->inside = csro_allocate(context, rows * SIZES, sizeof *c->inside);
  c->density = csro_allocate(context, rows * BINS, sizeof *c->density);
  c->of_draw = csro_allocate(context, rows * BINS, sizeof *c->of_draw);
  c->trial = csro_allocate(context, trials, sizeof *c->trial);
  c->recall = csro_allocate(context, rows * trials, sizeof *c->recall);
  *part = csro_allocate(context, rows, sizeof **part);
  *scratch = csro_allocate(context, trials > BINS ? trials : BINS, sizeof **scratch);
  return c->inside && c->density && c->of_draw && c->trial && c->recall && *part && *scratch;
}

csro_status csro_sensitivity_measure(csro_context *context, int64_t count,
                                     const csro_planted *planted, const csro_reports *reports,
                                     const csro_size_classes *classes, double level,
                                     csro_sensitivity_row *rows, csro_sensitivity *all) {
  correction c = {
      .row_count = csro_sensitivity_rows(classes), .rows = rows, .volume = reports->volume};
  *all = (csro_sensitivity){{NAN, NAN, NAN}, {NAN, NAN, NAN}};
  double expected = 0, *part;
  weighed *scratch;
  for (int64_t d = 0; d < reports->count; d++)
    expected += reports->probability[d];
  const bool any = expected >= 1;
  csro_status status = allocate(context, &c, &part, &scratch) ? CSRO_OK : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK)
    set_rows(0, planted, classes, &c);
  if (status == CSRO_OK && count > 0)
    status = csro_response_fit(context, count, planted, &c.response);
  if (status == CSRO_OK && count > 0) {
    for (int64_t b = 0; b < (int64_t)c.row_count * BINS; b++)
      c.density[b] = c.of_draw[b] = 0;
    set_rows(count, planted, classes, &c);
    set_orders(any, &c);
    count_reports(reports, &c);
    add_draws(&c, part);
    tell(&c, any, level, scratch, all);
    if (!any)
      limit_densities(count, planted, (double)reports->count, level, &c);
  }
  free(c.inside);
  free(c.density);
  free(c.of_draw);
  free(c.trial);
  free(c.recall);
  free(part);
  free(scratch);
  return status;
}
