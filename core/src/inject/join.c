#include "csro/inject.h"
#include "inject/point_bins.h"
#include "inject/streams.h"
#include "order/kind_blocks.h"
#include "order/planes.h"

#include <math.h>

static const double farthest = 6; /* standard deviations that an ion may have been away */
static const double around = 1.5; /* nm from a planted domain: reports that hold some of it reach */

/* The planted domains, in bins of the greatest distance of an ion that may belong to one. */
static csro_status bin_domains(csro_context *context, const csro_injection *in,
                               csro_point_bins *bins) {
  double bounds[6], edge = in->options.diameter[1] / 2;
  edge += fmax(farthest * in->options.sigma_xy, around);
  for (int a = 0; a < 3; a++) {
    bounds[2 * a] = INFINITY;
    bounds[2 * a + 1] = -INFINITY;
    for (int64_t d = 0; d < in->count; d++) {
      bounds[2 * a] = fmin(bounds[2 * a], in->domains[d].center[a]);
      bounds[2 * a + 1] = fmax(bounds[2 * a + 1], in->domains[d].center[a]);
    }
  }
  csro_status status = csro_point_bins_init(context, bounds, edge, in->count, bins);
  for (int64_t d = 0; d < in->count && status == CSRO_OK; d++)
    csro_point_bins_add(bins, d, in->domains[d].center);
  return status;
}

/* Where the data have a domain that a planted one overlaps, both claim the same ions. A planted
 * domain of even number wins them alone, as if the others were not ordered; at one of odd number,
 * what else is reported there counts, too. */
static int32_t truth_outside(const csro_injection *in, const csro_point_bins *bins, int count,
                             const int64_t *heads, const double r[3]) {
  double nearest = around;
  int32_t truth = -1;
  for (int k = 0; k < count; k++)
    for (int64_t d = heads[k]; d >= 0; d = bins->next[d]) {
      const csro_true_domain *domain = &in->domains[d];
      double x = r[0] - domain->center[0], y = r[1] - domain->center[1];
      double z = r[2] - domain->center[2];
      double outside = sqrt(x * x + y * y + z * z) - domain->diameter / 2;
      if (outside < nearest) {
        nearest = outside;
        truth = d & 1 ? CSRO_TRUTH_UNKNOWN : -1;
      }
    }
  return truth;
}

/* The domain that an ion seen at r comes from, as drawn by its number. */
static int32_t draw_domain(const csro_injection *in, const csro_planes *planes,
                           const csro_point_bins *bins, uint16_t kind, int64_t number,
                           const double seen[3]) {
  int64_t heads[27];
  int count = csro_point_bins_near(bins, seen, heads);
  if (count > 0 && kind != CSRO_INJECT_STAYS) {
    csro_random random;
    csro_inject_start(&random, in->options.seed, CSRO_STREAM_ION, number);
    double sigma_xy = in->options.sigma_xy, r[3];
    r[0] = seen[0] + sigma_xy * csro_random_normal(&random);
    r[1] = seen[1] + sigma_xy * csro_random_normal(&random);
    r[2] = seen[2] + csro_planes_place(planes, 0, seen, kind).sigma * csro_random_normal(&random);
    for (int k = 0; k < count; k++)
      for (int64_t d = heads[k]; d >= 0; d = bins->next[d])
        if (csro_true_domain_holds(&in->domains[d], r, 0))
          return (int32_t)d;
  }
  return truth_outside(in, bins, count, heads, seen);
}

csro_status csro_injection_join(csro_context *context, const csro_injection *injection,
                                const csro_planes *planes, const csro_points *points,
                                const uint16_t *kind, int64_t first, int32_t *domain) {
  csro_point_bins bins;
  csro_status status = bin_domains(context, injection, &bins);
  if (status != CSRO_OK)
    return status;
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    csro_points_get(points, i, r);
    domain[i] = draw_domain(injection, planes, &bins, kind[i], first + i, r);
  }
  csro_point_bins_release(&bins);
  return CSRO_OK;
}

void csro_injection_describe(const csro_injection *injection, const csro_planes *planes,
                             const csro_points *points, const uint16_t *kind, int64_t first,
                             const int32_t *domain, int64_t i, csro_inject_member *member) {
  *member = (csro_inject_member){.number = first + i, .domain = domain[i], .kind = kind[i]};
  const int period = injection->options.period, phase = injection->phase[domain[i]];
  csro_plane_mix mix[CSRO_INJECT_KINDS];
  double r[3];
  csro_points_get(points, i, r);
  for (int k = 0; k < CSRO_INJECT_KINDS; k++) {
    csro_plane_place place = csro_planes_place(planes, 0, r, k + CSRO_INJECT_OTHER);
    mix[k] = csro_planes_mix(place.height, planes->spacing, place.sigma);
    member->pattern[k] =
        (float)(period > 2 ? csro_plane_pattern(place, planes->spacing, period, phase)
                : phase    ? -mix[k].even
                           : mix[k].even);
  }
  member->rich = (float)(mix[1].ions / mix[0].ions);
}
