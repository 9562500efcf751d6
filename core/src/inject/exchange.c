#include "csro/inject.h"
#include "inject/streams.h"

#include <math.h>
#include <stdlib.h>

enum { PROPOSALS = 30 }; /* for each ion of a domain: more change nothing */
static const double least = 1e-9;

/* The ions begin .. end - 1 of a domain; scratch of the same places. */
typedef struct group {
  int64_t begin, end;
  double *odds;   /* that an ion at its place is rich */
  int64_t *place; /* first the places that hold rich ions, then the others */
  int64_t *from;
} group;

/* Fills odds and place; returns how many are rich. */
static int64_t weigh(const csro_inject_member *members, double order, int period, group *g) {
  int64_t rich = 0, count = g->end - g->begin, others;
  for (int64_t m = g->begin; m < g->end; m++)
    rich += members[m].kind == CSRO_INJECT_RICH;
  others = count - rich;
  /* Rich planes hold at most nothing else. */
  double share = (double)rich / fmax((double)others, 1);
  double own = order * fmin(1, 1 / (share * (period - 1))), other = own * share;
  int64_t next[2] = {g->begin + rich, g->begin}; /* of the others, of the rich */
  for (int64_t m = g->begin; m < g->end; m++) {
    const csro_inject_member *ion = &members[m];
    double more = fmax(1 + own * (double)ion->pattern[1], 0);
    double fewer = fmax(1 - other * (double)ion->pattern[0], least);
    g->odds[m] = fmax((double)ion->rich, least) * more / fewer;
    g->place[next[ion->kind == CSRO_INJECT_RICH]++] = m;
    g->from[m] = m;
  }
  return rich;
}

/* Two ions, one rich, exchange their labels with the probability that their odds give. */
static void exchange(csro_random *random, int64_t rich, group *g) {
  int64_t count = g->end - g->begin;
  for (int64_t k = 0; k < PROPOSALS * count; k++) {
    int64_t *a = &g->place[g->begin + (int64_t)csro_random_below(random, (uint64_t)rich)];
    int64_t *b =
        &g->place[g->begin + rich + (int64_t)csro_random_below(random, (uint64_t)(count - rich))];
    if (!(csro_random_uniform(random) * g->odds[*a] < g->odds[*b]))
      continue;
    int64_t label = g->from[*a], place = *a;
    g->from[*a] = g->from[*b];
    g->from[*b] = label;
    *a = *b;
    *b = place;
  }
}

static void exchange_group(const csro_injection *in, const csro_inject_member *members, group *g) {
  int32_t domain = members[g->begin].domain;
  int64_t rich = weigh(members, in->order[domain], in->options.period, g);
  if (rich == 0 || rich == g->end - g->begin)
    return;
  csro_random random;
  csro_inject_start(&random, in->options.seed, CSRO_STREAM_EXCHANGE, domain);
  exchange(&random, rich, g);
}

/* Where each domain begins; returns how many there are. */
static int64_t find_groups(int64_t count, const csro_inject_member *members, int64_t *begin) {
  int64_t groups = 0;
  for (int64_t m = 0; m < count; m++)
    if (m == 0 || members[m].domain != members[m - 1].domain)
      begin[groups++] = m;
  begin[groups] = count;
  return groups;
}

csro_status csro_injection_exchange(csro_context *context, const csro_injection *injection,
                                    int64_t count, const csro_inject_member *members,
                                    int64_t *from) {
  double *odds = csro_allocate(context, count, sizeof *odds);
  int64_t *place = csro_allocate(context, count, sizeof *place);
  int64_t *begin = csro_allocate(context, count + 1, sizeof *begin);
  bool enough = odds && place && begin;
  if (enough) {
    int64_t groups = find_groups(count, members, begin);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 16)
    for (int64_t k = 0; k < groups; k++) {
      group g = {begin[k], begin[k + 1], odds, place, from};
      exchange_group(injection, members, &g);
    }
  }
  free(odds);
  free(place);
  free(begin);
  return enough ? CSRO_OK : CSRO_ERROR_MEMORY;
}
