/* A small specimen whose order is searched. */
#ifndef CSRO_TEST_ORDER_TRIAL_H
#define CSRO_TEST_ORDER_TRIAL_H

#include "check.h"
#include "csro/order.h"
#include "csro/specimen.h"
#include "random_points.h"

enum { CHROMIUM = 2, NICKEL = 3, HYDROGEN = 4 };

typedef struct trial {
  csro_specimen_ions specimen;
  csro_points points;
  csro_planes planes;
  float *even, *signal, *probability;
  csro_grid grid;
  csro_order_options options;
} trial;

/* Domains of 1.6 to 2.0 nm, or larger by a factor. */
static inline csro_specimen trial_specimen(double density, double larger) {
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  specimen.shape = CSRO_SHAPE_BOX;
  specimen.width[0] = specimen.width[1] = 8;
  specimen.height = 12;
  specimen.domain_density = density;
  specimen.diameter[0] = 1.6 * larger;
  specimen.diameter[1] = 2.0 * larger;
  specimen.sigma_z = 0.04;
  specimen.seed = 5;
  return specimen;
}

static inline void make_trial_from(csro_context *context, const csro_specimen *specimen, bool copy,
                                   trial *t) {
  *t = (trial){0};
  CHECK_OK(context, csro_specimen_simulate(context, specimen, 0, 1, &t->specimen));
  int64_t n = t->specimen.ions.count;
  uint16_t *label = t->specimen.label;
  for (int64_t i = 0; i < n; i++)
    label[i] = label[i] == HYDROGEN ? 0 : label[i];
  uint64_t state = 9;
  for (int64_t i = n - 1; copy && i > 0; i--) {
    int64_t other = (int64_t)(cloud_uniform(&state) * (double)(i + 1));
    uint16_t kept = label[i];
    label[i] = label[other];
    label[other] = kept;
  }
  t->points = (csro_points){t->specimen.ions.xyz, false, n};
  t->even = malloc((size_t)n * sizeof(float));
  t->signal = malloc((size_t)n * sizeof(float));
  CHECK_OK(context, csro_planes_fit(context, &t->points, label, 0.18, NULL, &t->planes));
  CHECK_NEAR(t->planes.sigma_z, 0.04, 0.004);
  CHECK_OK(context,
           csro_planes_parity(context, &t->planes, t->planes.sigma_z, &t->points, NULL, t->even));
  CHECK_OK(context, csro_order_signal(context, label, NICKEL, NULL, n, t->even, false, t->signal));
  const double box[6] = {-4, 4, -4, 4, -12, 0};
  CHECK_OK(context, csro_grid_init(context, box, 1, 0.5, 0.75, &t->grid));
  t->probability = malloc((size_t)(t->grid.n[0] * t->grid.n[1] * t->grid.n[2]) * sizeof(float));
  t->options = (csro_order_options){{0.8, 2.0}, 0.3, t->planes.sigma_z, 0, false, 0, NULL, 0};
}

/* Of this order (1: perfect) and with this noise in x and y. */
static inline void make_trial_of(csro_context *context, double density, double larger, double order,
                                 double sigma_xy, bool copy, trial *t) {
  csro_specimen specimen = trial_specimen(density, larger);
  specimen.order = order;
  specimen.sigma_xy = sigma_xy;
  make_trial_from(context, &specimen, copy, t);
}

static inline void make_trial(csro_context *context, double density, double larger, bool copy,
                              trial *t) {
  make_trial_of(context, density, larger, 1, 0.3, copy, t);
}

static inline void free_trial(trial *t) {
  csro_specimen_ions_release(&t->specimen);
  csro_planes_release(&t->planes);
  free(t->even);
  free(t->signal);
  free(t->probability);
}

#endif
