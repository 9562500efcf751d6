/* Balls that touch and agree which planes are rich are parts of one domain. */
#include "order/search.h"

#include <math.h>
#include <stdlib.h>

static const double touching = 0.25; /* nm between the surfaces of two balls */
enum { BRIDGE = CSRO_ORDER_RADII / 2 /* size of the largest ball between them */ };

/* Two domains and the ball at their point of contact. */
typedef struct contact {
  csro_found_domain *domains[2];
  double center[3];
  int size;
  double evidence; /* that the ions there which are in neither of the two are ordered as they are */
} contact;

static void add_ion(csro_search *s, const csro_posterior *p, int64_t i, void *data) {
  contact *c = data;
  double r[3] = {s->ions.x[i], s->ions.y[i], s->ions.z[i]};
  double share = (double)csro_ball_share(&s->profiles, c->size, r[0] - c->center[0],
                                         r[1] - c->center[1], r[2] - c->center[2]);
  if (share <= 0)
    return;
  for (int d = 0; d < 2; d++)
    share *= 1 - csro_posterior_member(&c->domains[d]->posterior, &s->profiles, r, 0);
  double e = s->original[i];
  c->evidence += log1p(share * (p->domain.odd ? -e : e));
}

/* Whether the two are one domain. All that is looked at is near the first one's candidate centre,
 * so that its part knows it. */
static bool connects(csro_search *s, csro_found_domain *first, csro_found_domain *second) {
  const csro_ordered_domain *a = &first->posterior.domain, *b = &second->posterior.domain;
  double apart = 0, radius[2] = {a->diameter / 2, b->diameter / 2};
  for (int x = 0; x < 3; x++)
    apart += (b->center[x] - a->center[x]) * (b->center[x] - a->center[x]);
  apart = sqrt(apart);
  if (a->odd != b->odd || apart > radius[0] + radius[1] + touching)
    return false;
  if (apart <= fmax(radius[0], radius[1]))
    return true;
  contact c = {{first, second}, {0}, BRIDGE, 0};
  while (c.size > 0 && s->profiles.radius[c.size] > fmin(radius[0], radius[1]))
    c.size--;
  double along = (apart + radius[0] - radius[1]) / (2 * apart), far = 0;
  for (int x = 0; x < 3; x++) {
    c.center[x] = a->center[x] + along * (b->center[x] - a->center[x]);
    double off = c.center[x] - first->posterior.position[x];
    far += off * off;
  }
  csro_posterior ball = {.domain = {.odd = a->odd},
                         .reach = {s->profiles.reach_xy[c.size], s->profiles.reach_z[c.size]}};
  for (int x = 0; x < 3; x++)
    ball.position[x] = c.center[x];
  if (sqrt(far) + fmax(ball.reach[0], ball.reach[1]) > csro_search_reach(&s->profiles))
    return false;
  csro_search_visit(s, &ball, add_ion, &c);
  return c.evidence > 0;
}

/* The links of one domain to those that stand after it on the line; appended to `links` when there
 * is room. Returns how many. */
static int64_t link_up(csro_search *s, const csro_placed_domain *line, int64_t count, int64_t at,
                       csro_order_link *links) {
  double reach = 2 * s->profiles.radius[CSRO_BALL_LANES - 1] + touching;
  int64_t found = 0;
  for (int64_t k = at + 1; k < count && line[k].along - line[at].along <= reach; k++) {
    csro_found_domain *a = line[at].found, *b = line[k].found;
    if (a->posterior.domain.candidate > b->posterior.domain.candidate) {
      csro_found_domain *other = a;
      a = b;
      b = other;
    }
    if (!a->own || !connects(s, a, b))
      continue;
    if (links)
      links[found] =
          (csro_order_link){a->posterior.domain.candidate, b->posterior.domain.candidate};
    found++;
  }
  return found;
}

csro_status csro_order_search_links(csro_search *s, int64_t *count, csro_order_link **links) {
  *count = 0;
  *links = NULL;
  int64_t balls;
  csro_placed_domain *line = csro_search_line(s, true, &balls);
  int64_t *start = csro_allocate(s->context, s->count + 1, sizeof *start);
  if (!line || !start) {
    free(line);
    free(start);
    return CSRO_ERROR_MEMORY;
  }
#pragma omp parallel for num_threads(s->context->threads) schedule(dynamic)
  for (int64_t d = 0; d < balls; d++)
    start[d] = link_up(s, line, balls, d, NULL);
  for (int64_t d = 0; d < balls; d++) {
    int64_t here = start[d];
    start[d] = *count;
    *count += here;
  }
  *links = csro_allocate(s->context, *count, sizeof **links);
  csro_status status = *links ? CSRO_OK : CSRO_ERROR_MEMORY;
#pragma omp parallel for num_threads(s->context->threads) schedule(dynamic)
  for (int64_t d = 0; d < (status == CSRO_OK ? balls : 0); d++)
    link_up(s, line, balls, d, *links + start[d]);
  free(line);
  free(start);
  return status;
}

/* Half of the most probable parts' ions may be too few where most ions are in the others. */
static void ask_majority(int64_t count, csro_ordered_domain *d, const int64_t *group) {
  for (int64_t k = 0; k < count; k++) {
    csro_ordered_domain *all = &d[group[k]];
    if (group[k] != k)
      all->probability =
          fmin(all->probability, csro_order_majority(all->ion_share, all->share_spread));
  }
}

/* The first ball of a group, which is the most probable one. */
static int64_t root_of(const int64_t *group, int64_t place) {
  while (group[place] != place)
    place = group[place];
  return place;
}

/* Adds the balls of each group, the most probable first, to its first one: the domain is what the
 * ions of all are. It is true when those are that hold half of the ions. */
static void add_up(int64_t count, csro_ordered_domain *d, const int64_t *group, int64_t *half) {
  for (int64_t k = 0; k < count; k++)
    half[k] = 0;
  for (int64_t k = 0; k < count; k++)
    half[group[k]] += d[k].ions;
  for (int64_t k = 0; k < count; k++)
    half[k] = group[k] == k ? (half[k] + 1) / 2 - d[k].ions : 0; /* still to come */
  for (int64_t k = 0; k < count; k++) {
    csro_ordered_domain *all = &d[group[k]];
    if (group[k] == k)
      continue;
    if (half[group[k]] > 0)
      all->probability *= d[k].probability;
    all->existence = fmax(all->existence, d[k].existence);
    half[group[k]] -= d[k].ions;
    double ions = (double)(all->ions + d[k].ions), part = ions > 0 ? (double)d[k].ions / ions : 0;
    all->share_spread = hypot((1 - part) * all->share_spread, part * d[k].share_spread);
    all->ion_share += part * (d[k].ion_share - all->ion_share);
    all->strength += part * (d[k].strength - all->strength);
    for (int a = 0; a < 3; a++)
      all->center[a] += part * (d[k].center[a] - all->center[a]);
    if (all->ions > 0)
      all->diameter *= cbrt(ions / (double)all->ions);
    all->ions += d[k].ions;
  }
}

csro_status csro_order_join(csro_context *context, int64_t links_count,
                            const csro_order_link *links, int64_t *count,
                            csro_ordered_domain *domains, int64_t *ball, int64_t *root,
                            double *fewer) {
  int64_t balls = *count, kept = 0, *group = root;
  int64_t *ends = csro_allocate(context, 2 * links_count, sizeof *ends);
  int64_t *half = csro_allocate(context, balls, sizeof *half);
  csro_status status = ends && half ? CSRO_OK : CSRO_ERROR_MEMORY;
  *fewer = 0;
  csro_order_rank(balls, domains);
  for (int64_t k = 0; k < balls; k++) {
    ball[k] = domains[k].candidate;
    group[k] = k;
  }
  for (int64_t l = 0; l < links_count && status == CSRO_OK; l++) {
    ends[2 * l] = links[l].a;
    ends[2 * l + 1] = links[l].b;
  }
  if (status == CSRO_OK)
    status = csro_order_number(context, balls, ball, 2 * links_count, ends);
  if (status != CSRO_OK) {
    free(ends);
    free(half);
    return status;
  }
  for (int64_t l = 0; l < links_count; l++) {
    if (ends[2 * l] < 0 || ends[2 * l + 1] < 0)
      continue;
    int64_t a = root_of(group, ends[2 * l]), b = root_of(group, ends[2 * l + 1]);
    group[a > b ? a : b] = a < b ? a : b;
  }
  for (int64_t k = 0; k < balls; k++) {
    group[k] = root_of(group, k);
    *fewer += domains[k].probability;
  }
  add_up(balls, domains, group, half);
  for (int64_t k = 0; k < balls; k++)
    *fewer -= group[k] == k ? domains[k].probability : 0;
  ask_majority(balls, domains, group);
  for (int64_t k = 0; k < balls; k++)
    if (group[k] == k)
      domains[kept++] = domains[k];
  for (int64_t k = 0; k < balls; k++)
    root[k] = ball[group[k]];
  csro_order_rank(kept, domains);
  *count = kept;
  free(ends);
  free(half);
  return CSRO_OK;
}
