#include "csro/kinds.h"

#include "order/kind_blocks.h"
#include "order/planes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Shares of the blocks that have domains. */
static const double shares[] = {1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 0.9};
enum { SHARES = sizeof shares / sizeof *shares, SETS = 8, RATED = CSRO_KINDS_SPECIES * CSRO_RATED };
static const double about_equal = 1e-3, at_least = 0.01; /* of the evidence; in it */
/* How much more evidence than decoys a kind may have where planes differ without order. */
static const double more_than_decoys = 2;
static const double least_random = 0.05; /* share of the blocks */
/* A kind that adds less than this of what the kinds found explain is not told from what they do not
 * describe well, as boundaries between domains. */
static const double imperfect = 0.01;

struct csro_kinds {
  csro_context *context;
  csro_kind_blocks blocks;
  float *model; /* [blocks] ln likelihood of the alloy with domains of the kinds found, against the
                   random one */
  int found;
  double random, explained; /* share of the blocks without domains; evidence of those found */
  double next[CSRO_KINDS],
      next_share[CSRO_KINDS]; /* evidence beside the model, and for which share */
  double ions_of[CSRO_KINDS_SPECIES];
  csro_order_kind_row row[RATED]; /* by the kind's number; decoys have period 0 */
  int order[CSRO_KINDS];          /* those found, in that order */
};

csro_status csro_kinds_create(csro_context *context, const csro_kinds_task *task,
                              const csro_points *points, const uint16_t *label,
                              const csro_order_part *part, csro_kinds **out) {
  *out = NULL;
  if (task->species < 1 || task->species > CSRO_KINDS_SPECIES)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "order of %d species is looked for, expected 1 to %d", task->species,
                     CSRO_KINDS_SPECIES);
  csro_kinds *k = csro_allocate(context, 1, sizeof *k);
  if (!k)
    return CSRO_ERROR_MEMORY;
  *k = (csro_kinds){.context = context, .random = 1};
  memcpy(k->ions_of, task->ions_of, (size_t)task->species * sizeof *k->ions_of);
  csro_status status = csro_kind_blocks_init(context, task, points, label, part, &k->blocks);
  if (status == CSRO_OK) {
    k->model = csro_allocate(context, k->blocks.count, sizeof *k->model);
    status = k->model ? CSRO_OK : CSRO_ERROR_MEMORY;
  }
  if (status != CSRO_OK) {
    csro_kinds_destroy(&k);
    return status;
  }
  memset(k->model, 0, (size_t)k->blocks.count * sizeof *k->model);
  for (int h = 0; h < k->blocks.kinds; h++) {
    int period = h % CSRO_RATED < CSRO_KIND_PERIODS ? CSRO_KINDS_SHORTEST + h % CSRO_RATED : 0;
    k->row[h] = (csro_order_kind_row){.species = h / CSRO_RATED, .period = period};
  }
  *out = k;
  return CSRO_OK;
}

void csro_kinds_destroy(csro_kinds **kinds) {
  csro_kinds *k = kinds ? *kinds : NULL;
  if (!k)
    return;
  csro_kind_blocks_release(&k->blocks);
  free(k->model);
  free(k);
  *kinds = NULL;
}

int64_t csro_kinds_sums(const csro_kinds *k) {
  return (int64_t)SETS * k->blocks.kinds * SHARES;
}

/* ln(1 - share + share L) in whole units. */
static int64_t gain(double share, double ratio) {
  return llrint(log1p(share * (ratio - 1)) * CSRO_PLANE_UNIT);
}

void csro_kinds_sum(csro_kinds *k, int64_t *total) {
  int64_t all = csro_kinds_sums(k);
  int kinds = k->blocks.kinds;
  memset(total, 0, (size_t)all * sizeof *total);
#pragma omp parallel for num_threads(k->context->threads)
  for (int h = 0; h < kinds; h++)
    for (int64_t b = 0; b < k->blocks.count; b++) {
      double likelihood = (double)k->blocks.likelihood[b * kinds + h] - (double)k->model[b];
      int64_t *to = &total[(k->blocks.set[b] * kinds + h) * SHARES];
      double ratio = exp(fmin(likelihood, 700));
      for (int w = 0; w < SHARES && likelihood != 0; w++)
        to[w] += gain(shares[w], ratio);
    }
}

/* ln of the mean Bayes factor of a kind over the sets and shares; *share: the best. */
static double evidence_of(const csro_kinds *k, const int64_t *total, int h, double *share) {
  double best = -INFINITY, sum = 0, most = 0;
  for (int pass = 0; pass < 2; pass++)
    for (int w = 0; w < SHARES; w++) {
      double here = 0;
      for (int s = 0; s < SETS; s++) {
        double value =
            (double)total[((int64_t)s * k->blocks.kinds + h) * SHARES + w] / CSRO_PLANE_UNIT;
        best = pass == 0 ? fmax(best, value) : best;
        here += exp(value - best);
      }
      if (pass == 0)
        continue;
      sum += here;
      if (here > most) {
        most = here;
        *share = shares[w];
      }
    }
  return best + log(sum / (SETS * SHARES));
}

/* Whether kind h is to be named rather than `best`: more evidence, or about as much and a rarer
 * species, or the shorter period. */
static bool goes_before(const csro_kinds *k, const double *evidence, int h, int best) {
  double difference = evidence[h] - evidence[best];
  if (fabs(difference) > about_equal * fabs(evidence[best]) + at_least)
    return difference > 0;
  if (k->row[h].species == k->row[best].species)
    return k->row[h].period < k->row[best].period;
  return k->ions_of[k->row[h].species] < k->ions_of[k->row[best].species];
}

/* The best of the kinds that have been found, or of the others; -1 for none. */
static int best_of(const csro_kinds *k, bool found) {
  int best = -1;
  for (int h = 0; h < k->blocks.kinds; h++)
    if (k->row[h].period > 0 && (k->row[h].verdict == CSRO_KIND_FOUND) == found &&
        (best < 0 || goes_before(k, k->next, h, best)))
      best = h;
  return best;
}

/* More of the blocks have domains of this kind from now on. */
static void add_to_model(csro_kinds *k, int h) {
  double share = fmin(k->next_share[h], 1 - least_random / k->random);
  for (int64_t b = 0; b < k->blocks.count; b++) {
    double ratio =
        exp(fmin((double)k->blocks.likelihood[b * k->blocks.kinds + h] - (double)k->model[b], 700));
    k->model[b] += (float)log1p(share * (ratio - 1));
  }
  for (int f = 0; f < k->found; f++)
    k->row[k->order[f]].share *= 1 - share;
  k->row[h].share += share;
  k->random *= 1 - share;
}

/* How much each kind explains beside those found. */
static void rate_kinds(csro_kinds *k, const int64_t *total) {
  for (int h = k->blocks.kinds - 1; h >= 0; h--) { /* decoys before the kinds of their species */
    csro_order_kind_row *row = &k->row[h];
    double decoy = k->next[h / CSRO_RATED * CSRO_RATED + CSRO_KIND_PERIODS];
    k->next[h] = evidence_of(k, total, h, &k->next_share[h]);
    if (k->found == 0) {
      row->evidence = k->next[h];
      row->decoy = decoy;
    }
    if (row->period > 0)
      k->next[h] -= more_than_decoys * fmax(decoy, 0);
    row->further = row->verdict == CSRO_KIND_FOUND ? row->further : k->next[h];
  }
}

void csro_kinds_decide(csro_kinds *k, const int64_t *total, bool *again) {
  const int looked_at = k->blocks.kinds / CSRO_RATED * CSRO_KIND_PERIODS;
  double threshold = log(looked_at / CSRO_KINDS_CHANCE);
  rate_kinds(k, total);
  int more = best_of(k, true), best = best_of(k, false);
  *again = true;
  if (more >= 0 && k->next[more] > 0 && k->random > 1.01 * least_random) {
    add_to_model(k, more);
  } else if (best >= 0 && k->next[best] >= fmax(threshold, imperfect * k->explained)) {
    k->row[best].verdict = CSRO_KIND_FOUND;
    k->explained += k->next[best];
    k->order[k->found++] = best;
    add_to_model(k, best);
  } else {
    *again = false;
    for (int h = 0; h < k->blocks.kinds; h++)
      if (k->row[h].verdict != CSRO_KIND_FOUND && k->row[h].evidence >= threshold)
        k->row[h].verdict = k->found > 0 ? CSRO_KIND_EXPLAINED : CSRO_KIND_IN_DECOYS;
  }
}

int csro_kinds_list(const csro_kinds *k, csro_order_kind_row *row) {
  int count = 0, kinds = k->blocks.kinds;
  double evidence[RATED];
  bool listed[RATED];
  for (int h = 0; h < kinds; h++) {
    evidence[h] = k->row[h].evidence;
    listed[h] = k->row[h].period == 0;
  }
  for (; count < k->found; count++) {
    row[count] = k->row[k->order[count]];
    listed[k->order[count]] = true;
  }
  while (count < kinds / CSRO_RATED * CSRO_KIND_PERIODS) {
    int best = -1;
    for (int h = 0; h < kinds; h++)
      if (!listed[h] && (best < 0 || goes_before(k, evidence, h, best)))
        best = h;
    listed[best] = true;
    row[count++] = k->row[best];
  }
  return count;
}

csro_status csro_kinds_find(csro_context *context, const csro_kinds_task *task,
                            const csro_points *points, const uint16_t *label,
                            csro_order_kind_row *row, int *count) {
  csro_order_part all;
  csro_kinds *kinds = NULL;
  *count = 0;
  memcpy(all.bounds, task->planes->bounds, sizeof all.bounds);
  for (int a = 0; a < 3; a++) {
    all.lo[a] = -INFINITY;
    all.hi[a] = INFINITY;
  }
  csro_status status = csro_kinds_create(context, task, points, label, &all, &kinds);
  if (!kinds)
    return status;
  int64_t *total = csro_allocate(context, csro_kinds_sums(kinds), sizeof *total);
  status = total ? CSRO_OK : CSRO_ERROR_MEMORY;
  for (bool again = true; again && status == CSRO_OK;) {
    csro_kinds_sum(kinds, total);
    csro_kinds_decide(kinds, total, &again);
  }
  if (status == CSRO_OK)
    *count = csro_kinds_list(kinds, row);
  free(total);
  csro_kinds_destroy(&kinds);
  return status;
}
