/* Ni- and Cr-rich domains in the same specimen, searched one species after the other as Detect
 * Order does (an ion of a domain of the first is none of the second's, and a peak that the other
 * species explains better is a domain of it): what is false in the lists and in all of them
 * together, and which domains are found. usage: bench_species [--seeds N] [--alone] The frustum of
 * bench_detection --hard, sigma_xy known, declared 10 %. False: less than half of the ions lie in
 * true domains. Other: most do, but not in those of this species. Recall: domains of the species of
 * which a report that is neither has three ions. --alone: no species knows of the other. */
#include "detection_sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double declared = 0.1;
static csro_context context;

/* The ions that are in no report yet. */
typedef struct rest {
  int64_t count;
  float *xyz;
  uint16_t *label;
  int64_t *ion; /* of the sample */
} rest;

enum { CLASSES = 2 };
static const double smallest[CLASSES + 1] = {1.3, 1.6, 2.0};

typedef struct tally {
  double reports, expected, wrong, other, domains[CLASSES], recalled[CLASSES], seconds;
} tally;

/* Of one report. */
typedef struct share {
  int64_t ions, inside, own;
  int64_t *of; /* ions of each true domain of the species */
} share;

static rest all_of(const sample *s) {
  size_t n = (size_t)s->points.count;
  rest r = {s->points.count, need(&context, 3 * n, sizeof(float)),
            need(&context, n, sizeof(uint16_t)), need(&context, n, sizeof(int64_t))};
  memcpy(r.xyz, s->made.ions.xyz, 3 * n * sizeof *r.xyz);
  memcpy(r.label, s->made.label, n * sizeof *r.label);
  for (int64_t i = 0; i < r.count; i++)
    r.ion[i] = i;
  return r;
}

static int species_of(const sample *s, int64_t truth) {
  return s->specimen.order_types[s->truth[truth].type].species + 1;
}

static void count_recalled(const sample *s, uint16_t rich, int64_t reports, const share *shares,
                           tally *t) {
  for (int64_t d = 0; d < s->domains; d++) {
    int size = 0;
    bool found = false;
    while (size < CLASSES && s->truth[d].diameter >= smallest[size + 1])
      size++;
    if (species_of(s, d) != rich || s->truth[d].diameter < smallest[0] || size == CLASSES)
      continue;
    for (int64_t k = 0; k < reports; k++)
      found = found || (2 * shares[k].own >= shares[k].ions && shares[k].of[d] >= 3);
    t->domains[size]++;
    t->recalled[size] += found;
  }
}

/* Takes the ions of the first `reports` domains away and says where they lie. */
static void take(const sample *s, uint16_t rich, const csro_order *order, int64_t reports, rest *r,
                 share *shares) {
  int64_t left = 0;
  for (int64_t i = 0; i < r->count; i++) {
    const int64_t report = order->domain[i], truth = s->true_domain[r->ion[i]];
    if (report >= 0 && report < reports) {
      shares[report].ions++;
      shares[report].inside += truth >= 0;
      if (truth >= 0 && species_of(s, truth) == rich) {
        shares[report].own++;
        shares[report].of[truth]++;
      }
      continue;
    }
    memmove(r->xyz + 3 * left, r->xyz + 3 * i, 3 * sizeof *r->xyz);
    r->label[left] = r->label[i];
    r->ion[left++] = r->ion[i];
  }
  r->count = left;
}

static void search(const sample *whole, uint16_t rich, uint16_t rival, rest *r, tally *t) {
  sample s = *whole;
  const sought what = {rich, s.specimen.sigma_xy, false, rival};
  csro_order order;
  const double begin = cpu_seconds();
  s.points = (csro_points){r->xyz, false, r->count};
  s.even = need(&context, (size_t)r->count, sizeof *s.even);
  must(&context, csro_planes_parity(&context, &s.planes, 0, &s.points, r->label, s.even));
  must(&context, sample_search(&s, &what, r->label, NULL, &order));
  t->seconds += 1e6 * (cpu_seconds() - begin) / (double)whole->points.count;
  const int64_t reports = csro_order_select_fdr(order.count, order.domains, declared);
  share *shares = need(&context, (size_t)reports, sizeof *shares);
  for (int64_t d = 0; d < reports; d++)
    shares[d].of = need(&context, (size_t)whole->domains, sizeof *shares[d].of);
  take(whole, rich, &order, reports, r, shares);
  count_recalled(whole, rich, reports, shares, t);
  for (int64_t d = 0; d < reports; d++) {
    const bool wrong = 2 * shares[d].inside < shares[d].ions;
    t->reports++;
    t->expected += 1 - order.domains[d].probability;
    t->wrong += wrong;
    t->other += !wrong && 2 * shares[d].own < shares[d].ions;
  }
  csro_order_release(&order);
  free(s.even);
  for (int64_t d = 0; d < reports; d++)
    free(shares[d].of);
  free(shares);
}

static void tell(const char *name, int seeds, const tally *t) {
  printf("| %s | %.0f | %.1f %% | %.1f %% | %.1f %% | %.2f | %.2f | %.1f |\n", name, t->reports,
         100 * t->expected / t->reports, 100 * t->wrong / t->reports, 100 * t->other / t->reports,
         t->recalled[0] / t->domains[0], t->recalled[1] / t->domains[1], t->seconds / seeds);
}

int main(int argc, char **argv) {
  int seeds = 2;
  bool alone = false;
  for (int a = 1; a < argc; a++) {
    alone = alone || strcmp(argv[a], "--alone") == 0;
    if (strcmp(argv[a], "--seeds") == 0 && a + 1 < argc)
      seeds = atoi(argv[a + 1]);
  }
  const uint16_t rich[2] = {NICKEL, 2};
  tally t[3] = {{0}};
  csro_context_init(&context);
  context.threads = 1;
  for (int seed = 1; seed <= seeds; seed++) {
    csro_specimen specimen = bench_frustum(25);
    sample s;
    specimen.seed = (uint64_t)seed;
    must(&context, csro_specimen_set_order(&context, &specimen, CSRO_ORDER_PLANES, "Ni 1, Cr 1"));
    sample_make(&context, &specimen, true, NULL, &s);
    sample_planes(&s);
    rest r = all_of(&s);
    for (int k = 0; k < 2; k++)
      search(&s, rich[k], alone ? 0 : rich[1 - k], &r, &t[k]);
    free(r.xyz);
    free(r.label);
    free(r.ion);
    sample_release(&s);
  }
  for (int k = 0; k < 2; k++) {
    t[2].reports += t[k].reports;
    t[2].expected += t[k].expected;
    t[2].wrong += t[k].wrong;
    t[2].other += t[k].other;
    t[2].seconds += t[k].seconds;
    for (int c = 0; c < CLASSES; c++) {
      t[2].domains[c] += t[k].domains[c];
      t[2].recalled[c] += t[k].recalled[c];
    }
  }
  printf("| list | reports | expected false | false | of the other species | recall 1.3-1.6 nm | "
         "1.6-2.0 | microseconds per ion |\n|---|---|---|---|---|---|---|---|\n");
  tell("Ni, searched first", seeds, &t[0]);
  tell("Cr", seeds, &t[1]);
  tell("together", seeds, &t[2]);
  return 0;
}
