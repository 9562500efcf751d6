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
  double *diameter, *probability;
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

/* The reports at the declared share of false ones, of ions with these labels. */
static void run_search(sample *s, const hard_row *row, const uint16_t *label, search *out) {
  set_blur(s, label, s->specimen.species_count + 1);
  must(&context, csro_planes_parity(&context, &s->planes, 0, &s->points, label, s->even));
  const sought what = {species_of(s, row), row->sigma_xy, false, 0};
  must(&context, sample_search(s, &what, label, NULL, &out->order));
  int64_t count = csro_order_select_fdr(out->order.count, out->order.domains, declared);
  out->diameter = need(&context, (size_t)count, sizeof *out->diameter);
  out->probability = need(&context, (size_t)count, sizeof *out->probability);
  for (int64_t d = 0; d < count; d++) {
    out->diameter[d] = out->order.domains[d].diameter;
    out->probability[d] = out->order.domains[d].probability;
  }
  out->reports = (csro_reports){count, out->diameter, out->probability, 0};
}

static void free_search(search *s) {
  csro_order_release(&s->order);
  free(s->diameter);
  free(s->probability);
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

static void inject(sample *s, const hard_row *row, const csro_inject_options *options,
                   planted_domains *all) {
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
  run_search(s, row, label, &found);
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
  double measured[HARD_CLASSES], domains[HARD_CLASSES], predicted[HARD_CLASSES],
      planted[HARD_CLASSES];
} result;

static void add_recall(const hard_row *row, int64_t count, const csro_planted *list,
                       double found[HARD_CLASSES], double all[HARD_CLASSES]) {
  for (int64_t d = 0; d < count; d++)
    for (int k = 0; k < HARD_CLASSES; k++)
      if (list[d].diameter >= row->edges[k] && list[d].diameter < row->edges[k + 1]) {
        found[k] += list[d].recalled ? list[d].weight : 0;
        all[k] += list[d].weight;
      }
}

static void tell_density(const hard_row *row, uint64_t seed, const sample *s, search *data,
                         planted_domains *all, const csro_estimate *order) {
  double from = fmax(1.3, row->edges[0]), true_ones = 0;
  for (int64_t d = 0; d < s->domains; d++)
    true_ones += s->truth[d].diameter >= from;
  true_ones /= csro_specimen_volume(&s->specimen);
  csro_estimate found;
  data->reports.volume = all->volume;
  must(&context, csro_sensitivity_density(&context, all->count, all->list, order, &data->reports,
                                          from, INFINITY, level, &found));
  printf("| %s, seed %d | %lld | %lld | %.2f (%.2f to %.2f) | %.4f | %.4f (%.4f to %.4f) | %s |\n",
         row->name, (int)seed, (long long)data->reports.count, (long long)all->count, order->value,
         order->low, order->high, true_ones, found.value, found.low, found.high,
         found.low <= true_ones && found.high >= true_ones ? "inside" : "outside");
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

static void run_seed(const hard_row *row, uint64_t seed, int injections, double known,
                     result *out) {
  sample s;
  csro_specimen specimen = row->specimen;
  specimen.seed = seed;
  sample_make(&context, &specimen, true, NULL, &s);
  sample_planes(&s);
  search data;
  run_search(&s, row, s.made.label, &data);
  csro_planted *true_ones = match(&s, &data, s.true_domain, s.domains, s.truth, NULL);
  add_recall(row, s.domains, true_ones, out->measured, out->domains);
  double largest = largest_planted(&data.reports);
  csro_inject_options options = {
      .diameter = {0.7, largest}, .order = {0.3, 1}, .period = 2, .seed = 1000 * seed};
  options.density =
      fmin(density, share / (0.5236 * (pow(largest, 4) - pow(0.7, 4)) / 4 / (largest - 0.7)));
  options.sigma_xy = s.sigma_xy;
  if (!isnan(known))
    options.order[0] = options.order[1] = known;
  planted_domains all = {0};
  const csro_order_strength *found = &data.order.strength;
  const csro_estimate strength = {found->value, found->low, found->high};
  csro_estimate order = {known, known, known};
  if (isnan(known))
    order = csro_sensitivity_order(&strength, data.reports.count, level);
  for (int k = 0; k < 2 * injections; k++, options.seed++) {
    if (k == injections && isnan(known)) {
      options.order[0] = isnan(order.value) ? 1 : fmax(order.value - around, 0.3);
      options.order[1] = isnan(order.value) ? 1 : fmin(order.value + around, 1);
    }
    inject(&s, row, &options, &all);
  }
  csro_sensitivity_weigh(all.count, all.list, order.value);
  add_recall(row, all.count, all.list, out->predicted, out->planted);
  tell_density(row, seed, &s, &data, &all, &order);
  free(true_ones);
  free(all.list);
  free_search(&data);
  sample_release(&s);
}

static void tell_recall(const hard_row *row, const result *r) {
  for (int k = 0; k < HARD_CLASSES; k++) {
    double p = r->measured[k] / r->domains[k], q = r->predicted[k] / r->planted[k];
    double error = sqrt(p * (1 - p) / r->domains[k] + q * (1 - q) / r->planted[k]);
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
    printf("| specimen | reports | planted | order | true density | corrected | |\n"
           "|---|---|---|---|---|---|---|\n");
    for (uint64_t seed = first; seed <= last; seed++)
      run_seed(&rows[k], seed, injections, known, &r);
    printf("| domains | true | recall | planted | recall | difference | standard errors |\n"
           "|---|---|---|---|---|---|---|\n");
    tell_recall(&rows[k], &r);
  }
  free(rows);
  return 0;
}
