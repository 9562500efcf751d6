/* The ions that a domain may have. */
#include "order/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 80 };
static const double near = 0.4; /* nm from the centre, where the most probable ions are */

/* No ion farther from the centre of the domain than some steps has a larger share than this. */
typedef struct bound {
  double center[3]; /* from the position of the posterior */
  double width;     /* of the steps, nm */
  float share[STEPS];
} bound;

/* How far a ball is from the centre of the domain. */
static double off_center(const csro_ball_mixture *balls, int64_t k, const double center[3]) {
  double square = 0;
  for (int a = 0; a < 3; a++) {
    const double d = (double)balls->center[a][k] - center[a];
    square += d * d;
  }
  return sqrt(square) + 1e-4;
}

static void find_bound(const csro_posterior *p, const csro_ball_profiles *profiles, bound *b) {
  const csro_ball_mixture *balls = &p->balls;
  const double scale = 1 / CSRO_PROFILE_STEP;
  memset(b->share, 0, sizeof b->share);
  for (int a = 0; a < 3; a++)
    b->center[a] = p->domain.center[a] - p->position[a];
  double farthest = 0;
  for (int64_t k = 0; k < balls->count; k++)
    farthest = fmax(farthest, off_center(balls, k, b->center));
  b->width = (farthest + (profiles->steps + 1) * CSRO_PROFILE_STEP) / STEPS;
  for (int64_t k = 0; k < balls->count; k++) {
    const double off = off_center(balls, k, b->center);
    const float *most = profiles->most + balls->radius[k];
    for (int s = 0; s < STEPS; s++) {
      const double away = fmax(s * b->width - off, 0) * scale;
      if (away >= profiles->steps)
        break;
      b->share[s] += balls->weight[k] * most[(int64_t)away * CSRO_BALL_LANES];
    }
  }
}

/* The largest membership that an ion with this signal may have: where the signal is positive the
 * membership is concave in the share of a ball, elsewhere it is no larger than that. */
static double most_of(const bound *b, const float r[3], double e) {
  double square = 0;
  for (int a = 0; a < 3; a++)
    square += ((double)r[a] - b->center[a]) * ((double)r[a] - b->center[a]);
  const double at = sqrt(square) / b->width;
  const double share = at < STEPS ? fmin((double)b->share[(int)at], 1) : 0;
  return 1.001 * (e > 0 ? share * (1 + e) / (1 + share * e) : share);
}

typedef struct list {
  bound bound;
  csro_found_domain *found;
  int64_t room;
  double core, best;
  bool begun; /* the ions near the centre were looked at */
  bool failed;
} list;

static bool append(list *l, int64_t i, double membership) {
  csro_found_domain *found = l->found;
  if (found->members == l->room) {
    const int64_t room = 2 * l->room + 64;
    csro_search_member *more = realloc(found->member, (size_t)room * sizeof *more);
    if (!more)
      return false;
    found->member = more;
    l->room = room;
  }
  found->member[found->members++] = (csro_search_member){i, membership};
  return true;
}

static void look(csro_search *s, const csro_posterior *p, int64_t i, void *data) {
  list *l = data;
  const double e = (double)(p->domain.odd ? -s->original[i] : s->original[i]);
  float r[3];
  csro_search_offset(s, p, i, r);
  if (!l->begun) {
    double square = 0;
    for (int a = 0; a < 3; a++)
      square += ((double)r[a] - l->bound.center[a]) * ((double)r[a] - l->bound.center[a]);
    if (square > near * near)
      return;
  } else if (most_of(&l->bound, r, e) < l->core * l->best) {
    return;
  }
  const double membership = csro_search_membership(s, p, i);
  l->best = fmax(l->best, membership);
  if (l->begun && membership >= l->core * l->best && !append(l, i, membership))
    l->failed = true;
}

bool csro_search_find_members(csro_search *s, double core, csro_found_domain *found) {
  list l = {.found = found, .core = core};
  find_bound(&found->posterior, &s->profiles, &l.bound);
  csro_search_visit(s, &found->posterior, look, &l);
  l.begun = true;
  csro_search_visit(s, &found->posterior, look, &l);
  int64_t kept = 0;
  found->least = core * l.best;
  for (int64_t m = 0; m < found->members; m++)
    if (found->member[m].membership >= found->least)
      found->member[kept++] = found->member[m];
  found->members = kept;
  return !l.failed;
}
