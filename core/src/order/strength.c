/* How much of the perfect order the domains have, by the likelihood of the ions in all of them. */
#include "order/search.h"

#include <math.h>
#include <stdlib.h>

enum { STRENGTHS = CSRO_STRENGTHS };
static const double weakest = 0.3, apart = 0.1; /* strengths that are tried */
static const double unit = 1 << 20;             /* of the sums, of ln likelihood */
static const float largest = 1e30F;             /* likelihood ratio */
static const double confident = 1.6449;         /* standard deviations: 90 % */
/* Standard deviations beyond that of chance, downwards and upwards, as found in specimens of order
 * 0.5 to 1: domains are no balls, and where order is weak the strongest are found. */
static const double unsure[2] = {0.14, 0.07};

/* The likelihood of one peak's ions at each strength: for each of its balls. */
typedef struct trial {
  float factor[STRENGTHS]; /* of the signals */
  float *ratio;            /* [STRENGTHS][room] */
} trial;

static void add_ion(csro_search *s, const csro_posterior *p, int64_t i, void *data) {
  const trial *t = data;
  const float e = p->domain.odd ? -s->ions.signal[i] : s->ions.signal[i];
  float r[3], others[STRENGTHS];
  if (e == 0)
    return;
  for (int k = 0; k < STRENGTHS; k++)
    others[k] = t->factor[k] * e;
  csro_search_offset(s, p, i, r);
  csro_ball_mixture_compare(&p->balls, &s->profiles, r, e, STRENGTHS, others, t->ratio);
}

bool csro_search_strengths(csro_search *s, const csro_posterior *p, double ratio[STRENGTHS]) {
  trial t;
  const int64_t room = p->balls.room;
  t.ratio = malloc((size_t)(room * STRENGTHS + 1) * sizeof *t.ratio);
  if (!t.ratio)
    return false;
  for (int64_t b = 0; b < room * STRENGTHS; b++)
    t.ratio[b] = 1;
  for (int k = 0; k < STRENGTHS; k++)
    t.factor[k] = (float)((weakest + k * apart) / s->expected);
  csro_search_visit(s, p, add_ion, &t);
  for (int k = 0; k < STRENGTHS; k++) {
    ratio[k] = 0;
    for (int64_t b = 0; b < p->balls.count; b++)
      ratio[k] += (double)(p->balls.weight[b] * fminf(t.ratio[k * room + b], largest));
  }
  free(t.ratio);
  return true;
}

double csro_search_mean_strength(const double ratio[STRENGTHS]) {
  double sum = 0, mean = 0;
  for (int k = 0; k < STRENGTHS; k++) {
    sum += ratio[k];
    mean += ratio[k] * (weakest + k * apart);
  }
  return sum > 0 ? mean / sum : 0;
}

void csro_order_search_strength(const csro_search *s, int64_t sums[STRENGTHS]) {
  for (int k = 0; k < STRENGTHS; k++)
    sums[k] = 0;
  for (int64_t d = 0; d < s->count; d++) {
    const csro_found_domain *f = &s->found[d];
    const double p = f->posterior.domain.existence;
    if (!f->own || !f->subtracted || f->rival > 0)
      continue;
    for (int k = 0; k < STRENGTHS; k++)
      sums[k] += llround(unit * log(fmax(1 + p * (f->ratio[k] - 1), 1e-9)));
  }
}

csro_order_strength csro_order_strength_of(const int64_t sums[STRENGTHS]) {
  const double strongest = weakest + (STRENGTHS - 1) * apart;
  int best = 0;
  bool any = false;
  for (int k = 0; k < STRENGTHS; k++) {
    best = sums[k] > sums[best] ? k : best;
    any = any || sums[k] != 0;
  }
  if (!any)
    return (csro_order_strength){NAN, NAN, NAN};
  /* The parabola through the highest point and those beside it. */
  const int middle = best == 0 ? 1 : best == STRENGTHS - 1 ? best - 1 : best;
  const double before = (double)(sums[middle - 1] - sums[middle]) / unit;
  const double after = (double)(sums[middle + 1] - sums[middle]) / unit;
  const double curvature = -(before + after) / (apart * apart);
  if (curvature <= 0)
    return (csro_order_strength){weakest + best * apart, weakest, strongest};
  double top = weakest + middle * apart + (after - before) / (2 * apart) / curvature;
  top = fmin(fmax(top, weakest), strongest);
  double half[2];
  for (int side = 0; side < 2; side++)
    half[side] = confident * sqrt(1 / curvature + unsure[side] * unsure[side]);
  return (csro_order_strength){top, fmax(top - half[0], weakest), fmin(top + half[1], strongest)};
}
