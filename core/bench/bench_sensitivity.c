/* What planted domains say about a search, against what it finds of true ones: writes the tables of
 * docs/sensitivity.md. For each specimen of bench_detection --hard the recall that is measured, the
 * recall that planted domains predict, the order and the corrected density, as csro_batch.py
 * --sensitivity does it.
 * usage: bench_sensitivity [--threads N] [--seeds FIRST LAST] [--row TEXT] [--injections N]
 * [--order X] N injections of any order, and N of that found; with --order 2 N of this one, which
 * is then known. */
#include "detection_hard.h"

#include "csro/inject.h"
#include "csro/sensitivity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double level = 0.9, declared = 0.1, density = 0.015, share = 0.03;
static const double around = 0.1; /* of the order that is found, planted in the second half */
static csro_context context;

typedef struct search {
  csro_order order;
  double *diameter, *probability, *evidence, *strength, (*center)[3];
  csro_reports reports;
} search;

static void set_blur(sample *s, const uint16_t *label, int labels) {
  int64_t blocks = csro_planes_blocks(&s->planes);
  int64_t(*sums)[3] = need(&context, (size_t)(blocks + labels + 1), sizeof *sums);
  must(&context, csro_planes_sum_blur(&context, &s->planes, &s->points, label, labels, sums));
  must(&context, csro_planes_set_blur(&context, labels, sums, &s->planes));
  free(sums);
}

/* The species that is looked for. */
static uint16_t species_of(const sample *s, const hard_row *row) {
  return row->rich > 0 ? row->rich : sample_species(s);
}

/* The reports at the declared share of false ones, of ions with these labels. sigma_xy 0: as
 * measured. */
static void run_search(sample *s, const hard_row *row, const uint16_t *label, double sigma_xy,
                       search *out) {
  set_blur(s, label, s->specimen.species_count + 1);
  must(&context, csro_planes_parity(&context, &s->planes, 0, &s->points, label, s->even));
  const sought what = {species_of(s, row), sigma_xy, false, 0};
  must(&context, sample_search(s, &what, label, NULL, &out->order));
  int64_t count = csro_order_select_fdr(out->order.count, out->order.domains, declared);
  const size_t n = (size_t)count;
  out->diameter = need(&context, n, sizeof *out->diameter);
  out->probability = need(&context, n, sizeof *out->probability);
  out->evidence = need(&context, n, sizeof *out->evidence);
  out->strength = need(&context, n, sizeof *out->strength);
  out->center = need(&context, n, sizeof *out->center);
  for (int64_t d = 0; d < count; d++) {
    const csro_ordered_domain *domain = &out->order.domains[d];
    out->diameter[d] = domain->diameter;
    out->probability[d] = domain->probability;
    out->evidence[d] = domain->evidence;
    out->strength[d] = domain->strength;
    memcpy(out->center[d], domain->center, sizeof domain->center);
  }
  out->reports = (csro_reports){.count = count,
                                .diameter = out->diameter,
                                .probability = out->probability,
                                .evidence = out->evidence,
                                .strength = out->strength,
                                .center = (const double(*)[3])out->center};
}

static void free_search(search *s) {
  csro_order_release(&s->order);
  free(s->diameter);
  free(s->probability);
  free(s->evidence);
  free(s->strength);
  free(s->center);
}

/* What became of domains: those planted, or with truth[] the true ones. */
static csro_planted *match(const sample *s, const search *found, const int64_t *truth,
                           int64_t count, const csro_true_domain *domains, const double *order) {
  csro_planted *out = need(&context, (size_t)count, sizeof *out);
  must(&context, csro_sensitivity_match(&context, s->points.count, found->order.domain, truth,
                                        &found->reports, count, domains, order, out));
  return out;
}

/* All that is planted into a sample. */
typedef struct planted_domains {
  csro_planted *list;
  int64_t count;
  double volume;
  int injections;
} planted_domains;

static void inject(sample *s, const hard_row *row, const search *data,
                   const csro_inject_options *options, planted_domains *all) {
  size_t n = (size_t)s->points.count;
  uint16_t *kind = need(&context, n, sizeof *kind), *label = need(&context, n, sizeof *label);
  int32_t *domain = need(&context, n, sizeof *domain);
  int64_t *from = need(&context, n, sizeof *from), *truth = need(&context, n, sizeof *truth);
  int stays = s->specimen.species_count + 1;
  const uint16_t rich = species_of(s, row);
  for (size_t i = 0; i < n; i++) {
    uint16_t own = s->made.label[i];
    kind[i] = own == rich                ? CSRO_INJECT_RICH
              : own == 0 || own == stays ? CSRO_INJECT_STAYS
                                         : CSRO_INJECT_OTHER;
  }
  csro_injection in;
  set_blur(s, kind, CSRO_INJECT_KINDS);
  must(&context, csro_inject(&context, options, &s->points, kind, &s->planes, &in, domain, from));
  for (size_t i = 0; i < n; i++) {
    label[i] = s->made.label[from[i]];
    truth[i] = domain[i];
  }
  search found;
  must(&context, csro_sensitivity_neighbours(&context, &data->reports, &s->points, truth));
  run_search(s, row, label, options->sigma_xy, &found);
  csro_planted *more = match(s, &found, truth, in.count, in.domains, in.order);
  size_t size = (size_t)(all->count + in.count) * sizeof *all->list;
  csro_planted *list = realloc(all->list, size > 0 ? size : 1);
  must(&context, list ? CSRO_OK : CSRO_ERROR_MEMORY);
  all->list = list;
  memcpy(list + all->count, more, (size_t)in.count * sizeof *more);
  all->count += in.count;
  all->injections++;
  all->volume += (in.volume - all->volume) / all->injections;
  free_search(&found);
  csro_injection_release(&in);
  free(more);
  free(kind);
  free(label);
  free(domain);
  free(from);
  free(truth);
}

/* Sums over the seeds of a row. */
typedef struct result {
  double measured[HARD_CLASSES], domains[HARD_CLASSES]; /* true ones */
  double predicted[HARD_CLASSES], variance[HARD_CLASSES], planted[HARD_CLASSES];
} result;

static int class_of(const hard_row *row, double diameter) {
  for (int k = 0; k < HARD_CLASSES; k++)
    if (diameter >= row->edges[k] && diameter < row->edges[k + 1])
      return k;
  return -1;
}

/* The predicted recall counts for as many domains as there are true ones. */
static void add_recall(const hard_row *row, int64_t count, const csro_planted *true_ones,
                       const csro_sensitivity_row *rows, result *out) {
  double domains[HARD_CLASSES] = {0};
  for (int64_t d = 0; d < count; d++) {
    int k = class_of(row, true_ones[d].diameter);
    if (k >= 0) {
      domains[k]++;
      out->measured[k] += true_ones[d].recalled;
    }
  }
  for (int k = 0; k < HARD_CLASSES; k++) {
    const csro_estimate *r = &rows[k].recall;
    const double error = (r->high - r->low) / (2 * 1.645); /* of the level */
    if (isnan(r->value))
      continue;
    out->domains[k] += domains[k];
    out->planted[k] += (double)rows[k].planted;
    out->predicted[k] += domains[k] * r->value;
    out->variance[k] += domains[k] * domains[k] * error * error;
  }
}

static void tell_density(const hard_row *row, uint64_t seed, const sample *s, const search *data,
                         int64_t planted, const csro_sensitivity_row *found,
                         const csro_estimate *order) {
  double true_ones = 0;
  for (int64_t d = 0; d < s->domains; d++)
    true_ones += s->truth[d].diameter >= found->low;
  true_ones /= csro_specimen_volume(&s->specimen);
  const csro_estimate *n = &found->density;
  printf("| %s, seed %d | %.2f | %lld | %lld | %.2f (%.2f to %.2f) | %.4f | %.4f (%.4f to %.4f) | "
         "%s |\n",
         row->name, (int)seed, s->sigma_xy, (long long)data->reports.count, (long long)planted,
         order->value, order->low, order->high, true_ones, n->value, n->low, n->high,
         n->low <= true_ones && n->high >= true_ones ? "inside" : "outside");
  fflush(stdout);
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The largest that is looked for, or reported but for a twentieth: those that have merged. */
static double largest_planted(const csro_reports *reports) {
  size_t n = (size_t)reports->count;
  double *sorted = need(&context, n, sizeof *sorted), largest = 2.1;
  memcpy(sorted, reports->diameter, n * sizeof *sorted);
  qsort(sorted, n, sizeof *sorted, by_value);
  if (n > 0)
    largest = fmax(largest, sorted[19 * n / 20]);
  free(sorted);
  return largest;
}

/* What is planted, and what it says. */
static void measure(const hard_row *row, const search *data, const planted_domains *all,
                    csro_sensitivity_row *rows, csro_sensitivity *found) {
  const csro_size_classes classes = {HARD_CLASSES + 1, row->edges};
  csro_reports reports = data->reports;
  reports.volume = all->volume;
  must(&context, csro_sensitivity_measure(&context, all->count, all->list, &reports, &classes,
                                          level, rows, found));
}

enum { ROWS = 2 * HARD_CLASSES + 1 };

static void plant(sample *s, const hard_row *row, const search *data, int injections, double known,
                  planted_domains *all) {
  const double largest = largest_planted(&data->reports);
  csro_inject_options options = {.diameter = {0.7, largest},
                                 .order = {0.3, 1},
                                 .sigma_xy = s->sigma_xy,
                                 .period = 2,
                                 .seed = 1000 * s->specimen.seed};
  options.density =
      fmin(density, share / (0.5236 * (pow(largest, 4) - pow(0.7, 4)) / 4 / (largest - 0.7)));
  if (!isnan(known))
    options.order[0] = options.order[1] = known;
  for (int k = 0; k < 2 * injections; k++, options.seed++) {
    if (k == injections && isnan(known)) {
      csro_sensitivity_row rows[ROWS];
      csro_sensitivity found;
      measure(row, data, all, rows, &found);
      const double order = isnan(found.order.value) ? 1 : found.order.value;
      const double half = fmin(around, 1 - order);
      options.order[0] = fmax(order - half, 0.3);
      options.order[1] = order + half;
    }
    inject(s, row, data, &options, all);
  }
}

static void run_seed(const hard_row *row, uint64_t seed, int injections, double known,
                     result *out) {
  sample s;
  csro_specimen specimen = row->specimen;
  specimen.seed = seed;
  sample_make(&context, &specimen, true, NULL, &s);
  sample_planes(&s);
  search data;
  run_search(&s, row, s.made.label, row->sigma_xy, &data);
  csro_planted *true_ones = match(&s, &data, s.true_domain, s.domains, s.truth, NULL);
  planted_domains all = {0};
  plant(&s, row, &data, injections, known, &all);
  csro_sensitivity_row rows[ROWS];
  csro_sensitivity found;
  measure(row, &data, &all, rows, &found);
  add_recall(row, s.domains, true_ones, rows, out);
  tell_density(row, seed, &s, &data, all.count, &rows[HARD_CLASSES + (row->edges[0] < 1.3 ? 1 : 0)],
               &found.order);
  free(true_ones);
  free(all.list);
  free_search(&data);
  sample_release(&s);
}

static void tell_recall(const hard_row *row, const result *r) {
  for (int k = 0; k < HARD_CLASSES; k++) {
    if (!(r->domains[k] > 0))
      continue;
    double p = r->measured[k] / r->domains[k], q = r->predicted[k] / r->domains[k];
    double error = sqrt(p * (1 - p) / r->domains[k] + r->variance[k] / pow(r->domains[k], 2));
    printf("| %s, %.2g to %.2g nm | %.0f | %.2f | %.0f | %.2f | %+.2f | %.1f |\n", row->name,
           row->edges[k], row->edges[k + 1], r->domains[k], p, r->planted[k], q, q - p,
           fabs(q - p) / error);
  }
  fflush(stdout);
}

int main(int argc, char **argv) {
  uint64_t first = 1, last = 5;
  const char *wanted = "";
  int injections = 5;
  double known = NAN;
  csro_context_init(&context);
  for (int i = 1; i + 1 < argc; i++) {
    if (!strcmp(argv[i], "--threads"))
      context.threads = atoi(argv[++i]);
    else if (!strcmp(argv[i], "--row"))
      wanted = argv[++i];
    else if (!strcmp(argv[i], "--injections"))
      injections = atoi(argv[++i]);
    else if (!strcmp(argv[i], "--order"))
      known = atof(argv[++i]);
    else if (!strcmp(argv[i], "--seeds") && i + 2 < argc) {
      first = (uint64_t)atoi(argv[++i]);
      last = (uint64_t)atoi(argv[++i]);
    }
  }
  int count;
  hard_row *rows = hard_rows(&context, &count);
  for (int k = 0; k < count; k++) {
    if (!strstr(rows[k].name, wanted))
      continue;
    result r = {0};
    printf("| specimen | sigma_xy | reports | planted | order | true density | corrected | |\n"
           "|---|---|---|---|---|---|---|---|\n");
    for (uint64_t seed = first; seed <= last; seed++)
      run_seed(&rows[k], seed, injections, known, &r);
    printf("| domains | true | recall | planted | recall | difference | standard errors |\n"
           "|---|---|---|---|---|---|---|\n");
    tell_recall(&rows[k], &r);
  }
  free(rows);
  return 0;
}
