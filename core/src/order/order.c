#include "csro/order.h"

#include "order/search.h"

#include <math.h>
#include <stdlib.h>

static const double reported = 0.2; /* probability */
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

typedef struct ownership {
  csro_order *order;
  int64_t number;
  double best, least; /* memberships: the highest met, the lowest accepted */
} ownership;

static double membership(const csro_search *s, const csro_posterior *p, int64_t i) {
  double r[3] = {s->ions.x[i], s->ions.y[i], s->ions.z[i]};
  return csro_posterior_member(p, &s->profiles, r, s->original[i]);
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
  *domain = o->number;
  o->order->domains[o->number].ions++;
}

static csro_status report(csro_search *s, csro_order *order) {
  order->density = find_density(s);
  for (int64_t d = 0; d < s->count; d++) {
    csro_ordered_domain *domain = &s->found[d].posterior.domain;
    domain->probability = csro_search_probability(domain->evidence, order->density);
    order->count += domain->probability >= reported;
  }
  order->domains = csro_allocate(s->context, order->count, sizeof *order->domains);
  order->domain = csro_allocate(s->context, s->ions.count, sizeof *order->domain);
  if (!order->domains || !order->domain)
    return CSRO_ERROR_MEMORY;
  for (int64_t i = 0; i < s->ions.count; i++)
    order->domain[i] = -1;
  for (int64_t d = 0; d < order->count; d++) {
    ownership o = {.order = order, .number = d};
    order->domains[d] = s->found[d].posterior.domain;
    csro_search_visit(s, &s->found[d].posterior, find_best, &o);
    o.least = core * o.best;
    csro_search_visit(s, &s->found[d].posterior, own, &o);
  }
  return CSRO_OK;
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
static csro_status cover(const csro_search *s, const csro_grid *grid, csro_order *order) {
  int64_t n = grid->n[0] * grid->n[1] * grid->n[2];
  order->probability = csro_allocate(s->context, n, sizeof *order->probability);
  if (!order->probability)
    return CSRO_ERROR_MEMORY;
  float *outside = order->probability;
  csro_status status = csro_places_cover(s->context, &s->places, &s->profiles, grid, outside);
  if (status != CSRO_OK)
    return status;
  for (int64_t v = 0; v < n; v++)
    outside[v] = 1 / (1 + (float)order->density * outside[v]);
  for (int64_t d = 0; d < s->count; d++)
    if (s->found[d].taken_out)
      cover_by(s, &s->found[d].posterior, grid, outside);
  for (int64_t v = 0; v < n; v++)
    order->probability[v] = 1 - outside[v];
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
                            csro_order *order) {
  *order = (csro_order){0};
  csro_search search;
  csro_status status = check(context, options);
  if (status == CSRO_OK)
    status = csro_search_run(context, points, signal, options, grid, &search);
  if (status != CSRO_OK)
    return status;
  status = report(&search, order);
  if (status == CSRO_OK)
    status = cover(&search, grid, order);
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
  free(order->probability);
  *order = (csro_order){0};
}
