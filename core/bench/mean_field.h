/* Diffuse intensity of an alloy at high temperature against the mean-field form (Krivoglaz, Theory
 * of X-ray and thermal neutron scattering, 1969; Clapp and Moss, Phys. Rev. 142 (1966) 418),
 *   alpha(q) = C / (1 + 2 c (1 - c) V(q) / kT),   V(q) = sum of V(r) exp(i q r),
 *   V = (V_AA + V_BB - 2 V_AB) / 2,
 * with C such that the mean over the zone is 1. For the bench and the test. */
#ifndef MEAN_FIELD_H
#define MEAN_FIELD_H

#include "csro/diffuse.h"
#include "ordering.h"

typedef struct mean_field {
  double chi2;            /* mean over the wave vectors of (difference / standard error)^2 */
  double largest;         /* of |difference| / alpha of the mean field */
  double x, x_mean_field; /* alpha at X (1 0 0), found and expected */
  double x_error;
} mean_field;

/* Sum of cos(q r) over the 12 neighbours of fcc; q of the point in units of 2 pi / a. */
static inline double mean_field_shell(const csro_diffuse *d, int64_t point) {
  const double pi = acos(-1);
  double c[3];
  for (int k = 0; k < 3; k++) {
    c[k] = cos(pi * (double)(point % d->points[k]) / d->lattice.cells[k]);
    point /= d->points[k];
  }
  return 4 * (c[0] * c[1] + c[1] * c[2] + c[2] * c[0]);
}

static inline void mean_field_compare(const csro_diffuse *d, double kt, mean_field *found) {
  const int64_t points = csro_diffuse_points(d), zone = 2 * d->lattice.cells[0];
  double sum = 0;
  int64_t count = 0;
  *found = (mean_field){0};
  for (int64_t i = 0; i < points; i++) { /* the composition is fixed: nothing at q = 0 */
    const double shell = mean_field_shell(d, i);
    sum += shell < 12 - 1e-9 ? 1 / (1 + shell / kt) : 0; /* 2 c (1 - c) V = J at 1:1 */
  }
  for (int64_t i = 0; i < points; i++) {
    const double shell = mean_field_shell(d, i), found_here = d->alpha[points + i],
                 error = csro_diffuse_error(d, 1, i),
                 expected = (double)points / sum / (1 + shell / kt),
                 difference = found_here - expected;
    if (shell > 12 - 1e-9)
      continue;
    found->chi2 += difference * difference / (error * error);
    found->largest = fmax(found->largest, fabs(difference) / expected);
    count++;
    if (i == zone / 2) {
      found->x = found_here;
      found->x_error = error;
      found->x_mean_field = expected;
    }
  }
  found->chi2 /= (double)count;
}

/* fcc 1:1, nearest neighbours, at kT / J = kt, of so many configurations 5 sweeps apart. */
static inline csro_status mean_field_run(csro_context *context, int size, double kt,
                                         int configurations, mean_field *found) {
  const int cells[3] = {size, size, size};
  csro_interactions i;
  csro_lattice l = {0};
  csro_diffuse d = {0};
  csro_monte_carlo *run = NULL;
  csro_status status = ordering_interactions(context, FCC, &i);
  if (status == CSRO_OK)
    status = csro_interactions_lattice(context, &i, i.shares, cells, 1, &l);
  if (status == CSRO_OK)
    status = csro_monte_carlo_create(context, &i, &l, 1, &run);
  if (status == CSRO_OK)
    status = csro_diffuse_init(context, &l, true, &d);
  for (int k = 0; k < configurations && status == CSRO_OK; k++) {
    status = csro_monte_carlo_sweep(context, run, ordering_kelvin(kt), 0.5, k ? 5 : 50);
    if (status != CSRO_OK)
      break;
    csro_monte_carlo_species(run, l.species);
    status = csro_diffuse_add(context, &l, &d);
  }
  if (status == CSRO_OK)
    mean_field_compare(&d, kt, found);
  csro_diffuse_release(&d);
  csro_monte_carlo_destroy(&run);
  csro_lattice_release(&l);
  csro_interactions_release(&i);
  return status;
}

#endif
