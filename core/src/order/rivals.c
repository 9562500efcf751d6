/* Which kind of order the ions of a peak have: where one species is rich in every second plane,
 * others are in those between, less. */
#include "order/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEAVIEST = CSRO_MIXTURE_LANES }; /* balls of a peak that are compared */
static const float largest = 1e30F;     /* likelihood ratio */

/* The likelihood of one peak's ions with the planes of each rival, as they are and the other way
 * round, in each of the peak's balls. */
typedef struct trial {
  float *others; /* [2 rivals] signals of an ion */
  float *ratio;  /* [2 rivals][room] */
} trial;

static void add_ion(csro_search *s, const csro_posterior *p, int64_t i, void *data) {
  const trial *t = data;
  const float e = p->domain.odd ? -s->ions.signal[i] : s->ions.signal[i];
  const float left = (1 - s->claimed[i]) / s->base[i];
  bool any = e != 0;
  for (int k = 0; k < s->rivals; k++) {
    const float other = left * s->rival[k].original[i];
    t->others[2 * k] = other;
    t->others[2 * k + 1] = -other;
    any = any || other != 0;
  }
  if (!any)
    return;
  float r[3];
  csro_search_offset(s, p, i, r);
  csro_ball_mixture_compare(&p->balls, &s->profiles, r, e, 2 * s->rivals, t->others, t->ratio);
}

/* The heaviest balls of a peak. */
static bool take_heaviest(const csro_search *s, const csro_posterior *p, csro_posterior *few) {
  const csro_ball_mixture *all = &p->balls;
  const int64_t count = all->count < HEAVIEST ? all->count : HEAVIEST;
  *few = (csro_posterior){.domain = p->domain};
  memcpy(few->position, p->position, sizeof few->position);
  if (!csro_ball_mixture_init(count, &few->balls))
    return false;
  int64_t heaviest[HEAVIEST], taken = 0;
  for (int64_t b = 0; b < all->count; b++) { /* the first of equal ones */
    int64_t at = taken < count ? taken++ : count;
    for (; at > 0 && all->weight[heaviest[at - 1]] < all->weight[b]; at--)
      if (at < count)
        heaviest[at] = heaviest[at - 1];
    if (at < count)
      heaviest[at] = b;
  }
  for (int64_t k = 0; k < count; k++) {
    for (int a = 0; a < 3; a++)
      few->balls.center[a][k] = all->center[a][heaviest[k]];
    few->balls.weight[k] = all->weight[heaviest[k]];
    few->balls.radius[k] = all->radius[heaviest[k]];
  }
  csro_posterior_measure_reach(few, &s->profiles);
  return true;
}

static void choose(const csro_search *s, const trial *t, const csro_ball_mixture *balls,
                   csro_found_domain *found) {
  double sum = 0, best = 1, all = 0;
  for (int64_t b = 0; b < balls->count; b++)
    all += (double)balls->weight[b];
  for (int k = 0; k < 2 * s->rivals; k++) {
    double ratio = 0;
    if (k % 2 == 1 && s->rival[k / 2].one_phase)
      continue;
    for (int64_t b = 0; b < balls->count; b++)
      ratio += (double)(balls->weight[b] * fminf(t->ratio[k * balls->room + b], largest)) / all;
    sum += ratio;
    if (ratio <= best)
      continue;
    best = ratio;
    found->rival = 1 + k / 2;
    found->posterior.domain.odd = k % 2 == 1;
  }
  found->among = 1 / (1 + sum);
}

bool csro_search_compare_rivals(csro_search *s, csro_found_domain *found) {
  csro_posterior few;
  if (!take_heaviest(s, &found->posterior, &few))
    return false;
  const int64_t all = 2 * s->rivals * few.balls.room;
  trial t = {malloc((size_t)(2 * s->rivals) * sizeof(float)),
             malloc((size_t)(all + 1) * sizeof(float))};
  for (int64_t b = 0; b < all && t.ratio; b++)
    t.ratio[b] = 1;
  const bool enough = t.others && t.ratio;
  if (enough) {
    csro_search_visit(s, &few, add_ion, &t);
    choose(s, &t, &few.balls, found);
  }
  csro_posterior_release(&few);
  free(t.others);
  free(t.ratio);
  return enough;
}
