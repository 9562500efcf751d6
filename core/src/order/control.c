/* The searches that data are compared with, of ions of one process. */
#include "csro/chance.h"
#include "csro/random.h"
#include "order/search.h"

#include <stdlib.h>
#include <string.h>

int64_t csro_chance_unclaimed(const uint16_t *label, const float *claimed, int64_t count) {
  int64_t sum = 0;
  for (int64_t i = 0; i < count; i++)
    if (label[i] > 0)
      sum += (int64_t)(csro_decoy_share(claimed[i]) * (float)CSRO_CHANCE_ION);
  return sum;
}

/* Evidence of several searches. */
typedef struct evidence_pool {
  int64_t count;
  double *evidence;
} evidence_pool;

/* What is searched for order where there is none. */
typedef struct trial {
  const csro_control *control;
  const uint16_t *label;
  int decoy;            /* 0: a randomised copy */
  const float *claimed; /* of the data, for decoys */
} trial;

static csro_status find_pattern(csro_context *context, const trial *t, csro_control_rival kind,
                                float *pattern) {
  const csro_control *c = t->control;
  if (t->decoy > 0)
    return csro_planes_decoy(context, c->planes, c->sigma_z, kind.period, t->decoy, c->points,
                             t->label, t->claimed, pattern);
  if (kind.period == 2)
    return csro_planes_parity(context, c->planes, c->sigma_z, c->points, t->label, pattern);
  return csro_planes_phase(context, c->planes, c->sigma_z, kind.period, kind.phase, c->points,
                           t->label, pattern);
}

static csro_status find_signal(csro_context *context, const trial *t, csro_control_rival kind,
                               const float *pattern, float *signal) {
  const csro_control *c = t->control;
  return csro_order_phase_signal(context, t->label, kind.rich, NULL, c->points->count, pattern,
                                 kind.period, c->same_species, signal);
}

/* signal[1 + rivals][points]: room to work in. */
static csro_status find(csro_context *context, const trial *t, float *signal,
                        csro_order_rival *rival, int64_t *count, csro_order_peak **peaks) {
  const csro_control *c = t->control;
  const int64_t n = c->points->count;
  const csro_control_rival own = {c->rich, c->period, c->phase};
  csro_order_options options = *c->options;
  options.rivals = 0;
  options.rival = rival;
  csro_status status = find_pattern(context, t, own, signal);
  for (int r = 0; r < c->rivals && status == CSRO_OK; r++) {
    float *other = signal + (r + 1) * n;
    if (t->decoy > 0 && c->rival[r].phase > 0) /* the decoy of a kind is one, for all its phases */
      continue;
    rival[options.rivals++] = (csro_order_rival){other, c->rival[r].period > 2};
    const float *pattern = signal;
    if (c->rival[r].period != own.period || (t->decoy == 0 && c->rival[r].phase != own.phase)) {
      status = find_pattern(context, t, c->rival[r], other);
      pattern = other;
    }
    if (status == CSRO_OK)
      status = find_signal(context, t, c->rival[r], pattern, other);
  }
  if (status == CSRO_OK)
    status = find_signal(context, t, own, signal, signal);
  if (status == CSRO_OK)
    status = csro_order_find_peaks(context, c->points, signal, &options, c->grid, count, peaks);
  return status;
}

static csro_status search(csro_context *context, const trial *t, evidence_pool *pool) {
  const int rivals = t->control->rivals;
  csro_order_peak *peaks = NULL;
  int64_t found = 0;
  float *signal = csro_allocate(context, (1 + rivals) * t->control->points->count, sizeof *signal);
  csro_order_rival *rival = csro_allocate(context, rivals, sizeof *rival);
  csro_status status =
      signal && rival ? find(context, t, signal, rival, &found, &peaks) : CSRO_ERROR_MEMORY;
  free(signal);
  free(rival);
  if (status != CSRO_OK)
    return status;
  double *more = realloc(pool->evidence, (size_t)(pool->count + found + 1) * sizeof *more);
  if (more) {
    pool->evidence = more;
    for (int64_t p = 0; p < found; p++)
      more[pool->count++] = peaks[p].evidence;
  } else {
    status = csro_fail(context, CSRO_ERROR_MEMORY, "out of memory");
  }
  free(peaks);
  return status;
}

/* Labels of ranged ions change places. */
static void exchange(const csro_control *c, uint64_t seed, int64_t ranged, const int64_t *place,
                     uint16_t *label) {
  csro_permutation permutation;
  csro_permutation_init(&permutation, seed, (uint64_t)ranged);
  memcpy(label, c->label, (size_t)c->points->count * sizeof *label);
  for (int64_t k = 0; k < ranged; k++)
    label[place[k]] = c->label[place[csro_permutation_at(&permutation, (uint64_t)k)]];
}

static csro_status search_copies(csro_context *context, const csro_control *c,
                                 evidence_pool *pool) {
  int64_t n = c->points->count, ranged = 0, *place = csro_allocate(context, n, sizeof *place);
  uint16_t *label = csro_allocate(context, n, sizeof *label);
  csro_status status = place && label ? CSRO_OK : CSRO_ERROR_MEMORY;
  for (int64_t i = 0; i < n && status == CSRO_OK; i++)
    if (c->label[i] > 0)
      place[ranged++] = i;
  for (int copy = 0; copy < c->copies && status == CSRO_OK; copy++) {
    exchange(c, c->seed + (uint64_t)copy, ranged, place, label);
    status = search(context, &(trial){c, label, 0, NULL}, pool);
  }
  free(place);
  free(label);
  return status;
}

static csro_status search_decoys(csro_context *context, const csro_control *c, const float *claimed,
                                 evidence_pool *pool) {
  csro_status status = CSRO_OK;
  for (int decoy = 1; decoy <= c->decoys && status == CSRO_OK; decoy++)
    status = search(context, &(trial){c, c->label, decoy, claimed}, pool);
  return status;
}

static int falling(const void *a, const void *b) {
  const double *p = a, *q = b;
  return *p > *q ? -1 : *p < *q;
}

static csro_chance_list list_of(evidence_pool *pool, double searches) {
  if (pool->count > 0)
    qsort(pool->evidence, (size_t)pool->count, sizeof *pool->evidence, falling);
  return (csro_chance_list){pool->count, pool->evidence, searches};
}

/* The numbers of domains follow the list when its order changes; without order there are none. */
static csro_status lower(csro_context *context, const csro_chance *chance, int64_t ions, bool any,
                         csro_order *order) {
  int64_t count = order->count, *now = csro_allocate(context, 2 * count, sizeof *now);
  if (!now)
    return CSRO_ERROR_MEMORY;
  int64_t *before = now + count;
  for (int64_t d = 0; d < count; d++)
    before[d] = order->domains[d].candidate;
  csro_status status =
      csro_chance_lower(context, chance, order->fitted, order->evidence, count, order->domains);
  for (int64_t d = 0; d < count; d++)
    now[d] = order->domains[d].candidate;
  if (status == CSRO_OK)
    status = csro_order_number(context, any ? count : 0, now, count, before);
  for (int64_t i = 0; i < ions && status == CSRO_OK; i++)
    order->domain[i] = order->domain[i] < 0 ? -1 : before[order->domain[i]];
  if (status == CSRO_OK && !any) {
    order->count = 0;
    order->density = 0;
  }
  free(now);
  return status;
}

csro_status csro_order_compare(csro_context *context, const csro_control *control,
                               csro_order *order, csro_chance_test *test) {
  csro_order_options options = *control->options;
  csro_control same = *control;
  options.strength = order->expected; /* as the data were searched */
  same.options = &options;
  const csro_control *c = &same;
  int64_t n = c->points->count;
  evidence_pool copies = {0}, decoys = {0};
  csro_status status = search_copies(context, c, &copies);
  if (status == CSRO_OK)
    status = search_decoys(context, c, order->claimed, &decoys);
  if (status == CSRO_OK) {
    const csro_order_species species = csro_order_count(c->label, c->rich, n);
    double left = (double)csro_chance_unclaimed(c->label, order->claimed, n) / CSRO_CHANCE_ION /
                  (double)species.ranged;
    const csro_chance chance = {list_of(&copies, c->copies), list_of(&decoys, left * c->decoys),
                                order->volume};
    *test =
        csro_chance_try(&chance, c->period == 2 ? 1 : c->period, order->fitted, order->evidence);
    status = lower(context, &chance, n, test->order, order);
  }
  free(copies.evidence);
  free(decoys.evidence);
  return status;
}
