/* Ni- and Cr-rich domains in the same specimen, searched one species after the other as Detect
 * Order does (an ion of a domain of the first is none of the second's): what is false in the lists
 * and in all of them together. usage: bench_species [--seeds N] The frustum of bench_detection
 * --hard, sigma_xy known, declared 10 %. False: less than half of the ions lie in true domains.
 * Other: most do, but not in those of this species. */
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

typedef struct tally {
  double reports, expected, wrong, other;
} tally;

/* Of one report. */
typedef struct share {
  int64_t ions, inside, own;
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

/* Takes the ions of the first `reports` domains away and says where they lie. */
static void take(const sample *s, uint16_t rich, const csro_order *order, int64_t reports, rest *r,
                 share *shares) {
  int64_t left = 0;
  for (int64_t i = 0; i < r->count; i++) {
    const int64_t report = order->domain[i], truth = s->true_domain[r->ion[i]];
    if (report >= 0 && report < reports) {
      const int type = truth < 0 ? 0 : s->truth[truth].type;
      shares[report].ions++;
      shares[report].inside += truth >= 0;
      shares[report].own += truth >= 0 && s->specimen.order_types[type].species + 1 == rich;
      continue;
    }
    memmove(r->xyz + 3 * left, r->xyz + 3 * i, 3 * sizeof *r->xyz);
    r->label[left] = r->label[i];
    r->ion[left++] = r->ion[i];
  }
  r->count = left;
}

static void search(const sample *whole, uint16_t rich, rest *r, tally *t) {
  sample s = *whole;
  const sought what = {rich, s.specimen.sigma_xy, false};
  csro_order order;
  s.points = (csro_points){r->xyz, false, r->count};
  s.even = need(&context, (size_t)r->count, sizeof *s.even);
  must(&context, csro_planes_parity(&context, &s.planes, 0, &s.points, r->label, s.even));
  must(&context, sample_search(&s, &what, r->label, NULL, &order));
  const int64_t reports = csro_order_select_fdr(order.count, order.domains, declared);
  share *shares = need(&context, (size_t)reports, sizeof *shares);
  take(whole, rich, &order, reports, r, shares);
  for (int64_t d = 0; d < reports; d++) {
    const bool wrong = 2 * shares[d].inside < shares[d].ions;
    t->reports++;
    t->expected += 1 - order.domains[d].probability;
    t->wrong += wrong;
    t->other += !wrong && 2 * shares[d].own < shares[d].ions;
  }
  csro_order_release(&order);
  free(s.even);
  free(shares);
}

static void tell(const char *name, const tally *t) {
  printf("| %s | %.0f | %.1f %% | %.1f %% | %.1f %% |\n", name, t->reports,
         100 * t->expected / t->reports, 100 * t->wrong / t->reports, 100 * t->other / t->reports);
}

int main(int argc, char **argv) {
  const int seeds = argc > 2 && strcmp(argv[1], "--seeds") == 0 ? atoi(argv[2]) : 2;
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
      search(&s, rich[k], &r, &t[k]);
    free(r.xyz);
    free(r.label);
    free(r.ion);
    sample_release(&s);
  }
  t[2] = (tally){t[0].reports + t[1].reports, t[0].expected + t[1].expected,
                 t[0].wrong + t[1].wrong, t[0].other + t[1].other};
  printf("| list | reports | expected false | false | of the other species |\n"
         "|---|---|---|---|---|\n");
  tell("Ni, searched first", &t[0]);
  tell("Cr", &t[1]);
  tell("together", &t[2]);
  return 0;
}
