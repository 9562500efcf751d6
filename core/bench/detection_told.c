/* Tests that are told where the domains are: exactly and how large, or to the nanometre. */
#include "detection_sample.h"

#include "csro/random.h"
#include "order/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int falling(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x > y ? -1 : x < y;
}

/* Evidence at places of known truth. */
typedef struct places {
  int64_t count;
  double *told;   /* at the place, for the size */
  double *around; /* the best of all places of a cube of 1 nm around it and of all sizes */
} places;

static places places_init(csro_context *context, int64_t count) {
  places p = {count, need(context, (size_t)count, sizeof *p.told),
              need(context, (size_t)count, sizeof *p.around)};
  return p;
}

static void places_release(places *p) {
  free(p->told);
  free(p->around);
}

/* Evidence at the heights z[count] above each other, for each radius the better phase. */
static void look(csro_context *context, const csro_signal_ions *ions,
                 const csro_ball_profiles *profiles, const double at[2], int count, const double *z,
                 csro_evidence_column *column, double (*best)[CSRO_ORDER_RADII]) {
  const double span[2] = {z[0], z[count - 1]};
  bool enough = csro_evidence_gather(ions, profiles, CSRO_ORDER_RADII - 1, at, span, column);
  must(context, enough ? CSRO_OK : CSRO_ERROR_MEMORY);
  for (int i = 0; i < count; i++) {
    float evidence[2][CSRO_BALL_LANES];
    csro_evidence_at(column, z[i], evidence);
    for (int k = 0; k < CSRO_ORDER_RADII; k++)
      best[i][k] = fmax(evidence[0][k], evidence[1][k]);
  }
}

static void look_at(csro_context *context, const csro_signal_ions *ions,
                    const csro_ball_profiles *profiles, const double center[3], double diameter,
                    csro_evidence_column *column, double *told, double *around) {
  enum { STEPS = 5 };
  const double step = 0.25; /* nm */
  double best[STEPS][CSRO_ORDER_RADII], z[STEPS];
  int nearest = 0;
  for (int k = 1; k < CSRO_ORDER_RADII; k++)
    if (fabs(2 * profiles->radius[k] - diameter) < fabs(2 * profiles->radius[nearest] - diameter))
      nearest = k;
  look(context, ions, profiles, center, 1, &center[2], column, best);
  *told = best[0][nearest];
  *around = CSRO_NO_EVIDENCE;
  for (int k = 0; k < STEPS; k++)
    z[k] = center[2] + (k - STEPS / 2) * step;
  for (int i = 0; i < STEPS * STEPS; i++) {
    const double at[2] = {center[0] + (i % STEPS - STEPS / 2) * step,
                          center[1] + (i / STEPS - STEPS / 2) * step};
    look(context, ions, profiles, at, STEPS, z, column, best);
    for (int k = 0; k < STEPS * CSRO_ORDER_RADII; k++)
      *around = fmax(*around, best[k / CSRO_ORDER_RADII][k % CSRO_ORDER_RADII]);
  }
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

/* The evidence at which at most a tenth of what is found is false. */
static double find_threshold(csro_context *context, const double *known, int64_t domains,
                             const double *chance, int64_t decoys) {
  double threshold = INFINITY, *right = need(context, (size_t)domains, sizeof *right);
  double *wrong = need(context, (size_t)decoys, sizeof *wrong);
  memcpy(right, known, (size_t)domains * sizeof *right);
  memcpy(wrong, chance, (size_t)decoys * sizeof *wrong);
  qsort(right, (size_t)domains, sizeof *right, falling);
  qsort(wrong, (size_t)decoys, sizeof *wrong, falling);
  int64_t above = 0;
  for (int64_t d = 1; d <= domains; d++) {
    while (above < decoys && wrong[above] >= right[d - 1])
      above++;
    if ((double)above <= 0.1 * (double)(d + above))
      threshold = right[d - 1];
  }
  free(right);
  free(wrong);
  return threshold;
}

static void count_found(const sample *s, const places *chance, const places *known,
                        const csro_size_classes *classes, told_counts *counts) {
  const double told =
      find_threshold(s->context, known->told, known->count, chance->told, chance->count);
  const double around =
      find_threshold(s->context, known->around, known->count, chance->around, chance->count);
  for (int64_t d = 0; d < s->domains; d++) {
    int k = csro_size_class(classes, s->truth[d].diameter);
    counts->all[k]++;
    counts->told[k] += known->told[d] >= told;
    counts->around[k] += known->around[d] >= around;
  }
}

void sample_told(const sample *s, uint16_t rich, const csro_size_classes *classes,
                 told_counts *counts) {
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
  places chance = places_init(context, (int64_t)csro_specimen_volume(&s->specimen));
  places known = places_init(context, s->domains);
  csro_random_init(&random, s->specimen.seed, UINT64_C(1) << 60);
  for (int64_t k = 0; k < chance.count; k++) {
    double r[3], wide = 0.7 + 1.3 * csro_random_uniform(&random);
    draw_decoy(s, &random, r);
    look_at(context, &ions, &profiles, r, wide, &column, &chance.told[k], &chance.around[k]);
  }
  for (int64_t d = 0; d < s->domains; d++)
    look_at(context, &ions, &profiles, s->truth[d].center, s->truth[d].diameter, &column,
            &known.told[d], &known.around[d]);
  count_found(s, &chance, &known, classes, counts);
  places_release(&chance);
  places_release(&known);
  free(signal);
  csro_evidence_column_release(&column);
  csro_ball_profiles_release(&profiles);
  csro_signal_ions_release(&ions);
}
