/* The test that is told where the domains are and how large. */
#include "detection_sample.h"

#include "csro/random.h"
#include "order/evidence.h"

#include <math.h>
#include <stdlib.h>

static int falling(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x > y ? -1 : x < y;
}

static double best_of(csro_context *context, const csro_signal_ions *ions,
                      const csro_ball_profiles *profiles, const double center[3], double diameter,
                      csro_evidence_column *column) {
  float evidence[2][CSRO_BALL_LANES];
  const double z[2] = {center[2], center[2]};
  int nearest = 0;
  bool enough = csro_evidence_gather(ions, profiles, CSRO_ORDER_RADII - 1, center, z, column);
  must(context, enough ? CSRO_OK : CSRO_ERROR_MEMORY);
  csro_evidence_at(column, center[2], evidence);
  for (int k = 1; k < CSRO_ORDER_RADII; k++)
    if (fabs(2 * profiles->radius[k] - diameter) < fabs(2 * profiles->radius[nearest] - diameter))
      nearest = k;
  return fmax(evidence[0][nearest], evidence[1][nearest]);
}

/* A random place in the specimen, away from all domains. */
static void draw_decoy(const sample *s, csro_random *random, double r[3]) {
  const double *wide = s->specimen.radius;
  bool bad = true;
  while (bad) {
    r[2] = -1 - csro_random_uniform(random) * (s->specimen.height - 2);
    double radius = wide[0] - (wide[1] - wide[0]) * r[2] / s->specimen.height - 1;
    r[0] = (2 * csro_random_uniform(random) - 1) * radius;
    r[1] = (2 * csro_random_uniform(random) - 1) * radius;
    bad = r[0] * r[0] + r[1] * r[1] > radius * radius;
    for (int64_t d = 0; d < s->domains && !bad; d++)
      bad = csro_true_domain_holds(&s->truth[d], r, far_away);
  }
}

/* The evidence at which at most a tenth of what is found is false; both lists fall. */
static double find_threshold(const double *known, int64_t domains, const double *chance,
                             int64_t decoys) {
  double threshold = INFINITY;
  int64_t wrong = 0;
  for (int64_t right = 1; right <= domains; right++) {
    while (wrong < decoys && chance[wrong] >= known[right - 1])
      wrong++;
    if ((double)wrong <= 0.1 * (double)(right + wrong))
      threshold = known[right - 1];
  }
  return threshold;
}

void sample_told(const sample *s, uint16_t rich, const csro_size_classes *classes, double *all,
                 double *found) {
  csro_context *context = s->context;
  const double diameter[2] = {0.7, 2.0};
  double bounds[6];
  csro_signal_ions ions;
  csro_ball_profiles profiles;
  csro_evidence_column column = {0};
  csro_random random;
  float *signal = need(context, (size_t)s->points.count, sizeof *signal);
  must(context, csro_order_signal(context, s->made.label, rich, NULL, s->points.count, s->even,
                                  false, signal));
  must(context, csro_points_bounds(context, &s->points, bounds));
  must(context, csro_signal_ions_init(context, &s->points, signal, bounds, bounds, &ions));
  must(context, csro_ball_profiles_init(context, diameter, s->specimen.sigma_xy, s->planes.sigma_z,
                                        &profiles));
  int64_t decoys = (int64_t)csro_specimen_volume(&s->specimen);
  double *chance = need(context, (size_t)decoys, sizeof *chance);
  double *known = need(context, (size_t)s->domains, sizeof *known);
  double *sorted = need(context, (size_t)s->domains, sizeof *sorted);
  csro_random_init(&random, s->specimen.seed, UINT64_C(1) << 60);
  for (int64_t k = 0; k < decoys; k++) {
    double r[3], wide = 0.7 + 1.3 * csro_random_uniform(&random);
    draw_decoy(s, &random, r);
    chance[k] = best_of(context, &ions, &profiles, r, wide, &column);
  }
  for (int64_t d = 0; d < s->domains; d++)
    sorted[d] = known[d] =
        best_of(context, &ions, &profiles, s->truth[d].center, s->truth[d].diameter, &column);
  qsort(chance, (size_t)decoys, sizeof *chance, falling);
  qsort(sorted, (size_t)s->domains, sizeof *sorted, falling);
  double threshold = find_threshold(sorted, s->domains, chance, decoys);
  for (int64_t d = 0; d < s->domains; d++) {
    int k = csro_size_class(classes, s->truth[d].diameter);
    all[k]++;
    found[k] += known[d] >= threshold;
  }
  free(chance);
  free(known);
  free(sorted);
  free(signal);
  csro_evidence_column_release(&column);
  csro_ball_profiles_release(&profiles);
  csro_signal_ions_release(&ions);
}
