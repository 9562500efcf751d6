#include "csro/order.h"

#include "order/search.h"

#include <math.h>
#include <stdlib.h>

static const double reported = 0.2; /* probability that there is a domain */
static const double core = 0.75;    /* of the membership of its surest ion: a domain's ions */
static const double smallest_density = 1e-9;

/* The density that equals the sum of the probabilities it gives: the fixed point of expectation
 * and maximisation. */
static double find_density(const csro_search *s) {
  double density = csro_search_density, before;
  int steps = 0;
  do {
    before = density;
    double sum = 0;
    for (int64_t d = 0; d < s->count; d++)
      sum += csro_search_probability(s->found[d].posterior.domain.evidence, before);
    density = fmax(sum / s->volume, smallest_density);
  } while (fabs(density - before) > 1e-6 * before && ++steps < 10000);
  return density;
}

/* What a domain takes in turn from those less evident. */
typedef struct ownership {
  csro_order *order;
  int64_t number;
  double best, least; /* memberships: the highest met, the lowest accepted */
  double *inside;     /* for each ball: expected number of the domain's ions in it */
} ownership;

static double signal_for(const csro_search *s, const csro_posterior *p, int64_t i) {
  return p->domain.odd ? -s->original[i] : s->original[i];
}

static void position(const csro_search *s, int64_t i, double r[3]) {
  r[0] = s->ions.x[i], r[1] = s->ions.y[i], r[2] = s->ions.z[i];
}

static double membership(const csro_search *s, const csro_posterior *p, int64_t i) {
  double r[3];
  position(s, i, r);
  return csro_posterior_member(p, &s->profiles, r, signal_for(s, p, i));
}

static void find_best(csro_search *s, const csro_posterior *p, int64_t i, void *data) {
  ownership *o = data;
  o->best = fmax(o->best, membership(s, p, i));
}

static void own(csro_search *s, const csro_posterior *p, int64_t i, void *data) {
  ownership *o = data;
  int64_t *domain = &o->order->domain[s->ions.index[i]];
  if (*domain >= 0 || membership(s, p, i) < o->least)
    return;
  double r[3];
  position(s, i, r);
  *domain = o->number;
  o->order->domains[o->number].ions++;
  for (int64_t b = 0; b < p->count; b++)
    o->inside[b] += csro_ball_member(&s->profiles, &p->balls[b], r, signal_for(s, p, i));
}

/* Probability that most of a domain's ions belong to it, given that it exists. */
static double majority(const csro_posterior *p, const double *inside, int64_t ions) {
  double sum = 0;
  for (int64_t b = 0; b < p->count; b++)
    sum += 2 * inside[b] >= (double)ions && ions > 0 ? p->balls[b].weight : 0;
  return sum;
}

static csro_status take_ions(csro_search *s, csro_order *order) {
  for (int64_t i = 0; i < s->ions.count; i++)
    order->domain[i] = -1;
  for (int64_t d = 0; d < order->count; d++) {
    const csro_posterior *p = &s->found[d].posterior;
    ownership o = {.order = order, .number = d};
    o.inside = csro_allocate(s->context, p->count, sizeof *o.inside);
    if (!o.inside)
      return CSRO_ERROR_MEMORY;
    for (int64_t b = 0; b < p->count; b++)
      o.inside[b] = 0;
    order->domains[d] = p->domain;
    csro_search_visit(s, p, find_best, &o);
    o.least = core * o.best;
    csro_search_visit(s, p, own, &o);
    order->domains[d].probability *= majority(p, o.inside, order->domains[d].ions);
    free(o.inside);
  }
  return CSRO_OK;
}

typedef struct rank {
  csro_ordered_domain domain;
  int64_t before; /* its number in the order of evidence */
} rank;

static int by_probability(const void *a, const void *b) {
  const rank *p = a, *q = b;
  if (p->domain.probability != q->domain.probability)
    return p->domain.probability > q->domain.probability ? -1 : 1;
  return p->before < q->before ? -1 : p->before > q->before;
}

/* Numbers the domains by their probability. */
static csro_status number_domains(csro_search *s, csro_order *order) {
  rank *ranks = csro_allocate(s->context, order->count, sizeof *ranks);
  int64_t *number = csro_allocate(s->context, order->count, sizeof *number);
  csro_status status = ranks && number ? CSRO_OK : CSRO_ERROR_MEMORY;
  if (status == CSRO_OK && order->count > 0) {
    for (int64_t d = 0; d < order->count; d++)
      ranks[d] = (rank){order->domains[d], d};
    qsort(ranks, (size_t)order->count, sizeof *ranks, by_probability);
    for (int64_t d = 0; d < order->count; d++) {
      order->domains[d] = ranks[d].domain;
      number[ranks[d].before] = d;
    }
    for (int64_t i = 0; i < s->ions.count; i++)
      order->domain[i] = order->domain[i] < 0 ? -1 : number[order->domain[i]];
  }
  free(ranks);
  free(number);
  return status;
}

static csro_status report(csro_search *s, csro_order *order) {
  order->density = find_density(s);
  order->judged = s->count;
  for (int64_t d = 0; d < s->count; d++) {
    csro_ordered_domain *domain = &s->found[d].posterior.domain;
    domain->probability = csro_search_probability(domain->evidence, order->density);
    order->count += domain->probability >= reported;
  }
  order->domains = csro_allocate(s->context, order->count, sizeof *order->domains);
  order->domain = csro_allocate(s->context, s->ions.count, sizeof *order->domain);
  order->evidence = csro_allocate(s->context, s->count, sizeof *order->evidence);
  if (!order->domains || !order->domain || !order->evidence)
    return CSRO_ERROR_MEMORY;
  for (int64_t d = 0; d < s->count; d++)
    order->evidence[d] = s->found[d].posterior.domain.evidence;
  csro_status status = take_ions(s, order);
  return status == CSRO_OK ? number_domains(s, order) : status;
}

/* Multiplies the probability of being outside, for the voxels that a domain may cover. */
static void cover_by(const csro_search *s, const csro_posterior *p, const csro_grid *grid,
                     float *outside) {
  double reach = (csro_search_wander + s->options->diameter[1] / 2) / grid->stride;
  double first[3];
  int64_t lo[3], hi[3];
  for (int a = 0; a < 3; a++) {
    first[a] = grid->origin[a] + grid->edge / 2;
    double at = (p->place[a] - first[a]) / grid->stride;
    lo[a] = (int64_t)fmax(0, ceil(at - reach));
    hi[a] = (int64_t)fmin((double)grid->n[a] - 1, floor(at + reach));
  }
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++)
      for (int64_t i = lo[0]; i <= hi[0]; i++) {
        double r[3] = {first[0] + (double)i * grid->stride, first[1] + (double)j * grid->stride,
                       first[2] + (double)k * grid->stride};
        double covered = csro_posterior_cover(p, &s->profiles, r) * p->domain.probability;
        outside[(k * grid->n[1] + j) * grid->n[0] + i] *= (float)(1 - covered);
      }
}

/* A voxel is in no domain when it is in none of those taken out and in none of those that the rest
 * of the signal leaves possible. */
static csro_status cover(const csro_search *s, const csro_grid *grid, double density,
                         float *probability) {
  int64_t n = grid->n[0] * grid->n[1] * grid->n[2];
  csro_status status = csro_places_cover(s->context, &s->places, &s->profiles, grid, probability);
  if (status != CSRO_OK)
    return status;
  for (int64_t v = 0; v < n; v++)
    probability[v] = 1 / (1 + (float)density * probability[v]); /* to be outside */
  for (int64_t d = 0; d < s->count; d++)
    if (s->found[d].taken_out)
      cover_by(s, &s->found[d].posterior, grid, probability);
  for (int64_t v = 0; v < n; v++)
    probability[v] = 1 - probability[v];
  return CSRO_OK;
}

static csro_status check(csro_context *context, const csro_order_options *o) {
  bool sizes = o->diameter[0] > 0 && o->diameter[1] > o->diameter[0] && o->diameter[1] <= 20;
  if (!sizes)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "diameters of domains %g to %g nm: expected 0 < smallest < largest <= 20",
                     o->diameter[0], o->diameter[1]);
  if (!(o->sigma_xy >= 0.01 && o->sigma_xy <= 2 && o->sigma_z >= 0.001 && o->sigma_z <= 2))
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "position noise %g nm in x and y, %g nm in z: expected 0.01 to 2 and 0.001 to "
                     "2",
                     o->sigma_xy, o->sigma_z);
  return CSRO_OK;
}

csro_status csro_order_find(csro_context *context, const csro_points *points, const float *signal,
                            const csro_order_options *options, const csro_grid *grid,
                            float *probability, csro_order *order) {
  *order = (csro_order){0};
  csro_search search;
  csro_status status = check(context, options);
  if (status == CSRO_OK)
    status = csro_search_run(context, points, signal, options, grid, &search);
  if (status != CSRO_OK)
    return status;
  status = report(&search, order);
  if (status == CSRO_OK && probability)
    status = cover(&search, grid, order->density, probability);
  csro_search_free(&search);
  if (status != CSRO_OK)
    csro_order_free(order);
  return status;
}

int64_t csro_order_declare(const csro_order *order, double false_share) {
  double wrong = 0;
  int64_t count = 0;
  for (int64_t d = 0; d < order->count; d++) {
    wrong += 1 - order->domains[d].probability;
    if (wrong <= false_share * (double)(d + 1))
      count = d + 1;
  }
  return count;
}

void csro_order_free(csro_order *order) {
  if (!order)
    return;
  free(order->domains);
  free(order->domain);
  free(order->evidence);
  *order = (csro_order){0};
}
