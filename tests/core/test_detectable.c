/* The smallest detectable domain: how it moves with the data, its integrals against drawn ions, and
 * the domains that are found in specimens. */
#include "check.h"
#include "csro/detectable.h"
#include "csro/order.h"
#include "csro/specimen.h"
#include "order/planes.h"
#include "random_points.h"

enum { NICKEL = 3, HYDROGEN = 4 };

static csro_detectable usual(void) {
  return (csro_detectable){.ions = 44.6,
                           .fraction = 1.0 / 3,
                           .plane_spacing = 0.18,
                           .sigma_xy = 0.3,
                           .sigma_z = 0.05,
                           .density = 0.01};
}

static double chance_at(csro_context *context, csro_detectable data, double diameter) {
  double probability;
  CHECK_OK(context, csro_order_chances(context, &data, 1, &diameter, &probability));
  return probability;
}

/* Densities and shares of planes average to 1 and 0; they repeat after two spacings. */
static void test_planes(void) {
  enum { STEPS = 200 };
  for (double sigma = 0.001; sigma < 0.2; sigma *= 3) {
    double ions = 0, even = 0;
    for (int k = 0; k < STEPS; k++) {
      double height = 2 * (k + 0.5) / STEPS;
      csro_plane_mix mix = csro_planes_mix(height, 0.18, sigma);
      ions += mix.ions / STEPS;
      even += mix.ions * mix.even / STEPS;
      CHECK_NEAR(csro_planes_mix(height + 2, 0.18, sigma).even, mix.even, 1e-9);
      CHECK_NEAR(csro_planes_mix(height + 1, 0.18, sigma).even, -mix.even, 1e-9);
      CHECK_NEAR(csro_planes_mix(-height, 0.18, sigma).even, mix.even, 1e-9);
    }
    CHECK_NEAR(ions, 1, 1e-3);
    CHECK_NEAR(even, 0, 1e-9);
  }
}

static void test_monotone(csro_context *context) {
  csro_detectable data = usual();
  double diameter[40], probability[40];
  for (int k = 0; k < 40; k++)
    diameter[k] = 0.3 + 0.07 * k;
  CHECK_OK(context, csro_order_chances(context, &data, 40, diameter, probability));
  for (int k = 1; k < 40; k++)
    CHECK(probability[k] >= probability[k - 1]);
  CHECK(probability[0] < 0.01 && probability[39] > 0.99);
  double before = 0;
  for (data.ions = 10; data.ions < 90; data.ions *= 1.5) {
    double now = chance_at(context, data, 1.5);
    CHECK(now > before);
    before = now;
  }
  data = usual();
  before = 1;
  for (data.sigma_z = 0.01; data.sigma_z < 0.15; data.sigma_z += 0.01) {
    double now = chance_at(context, data, 1.5);
    CHECK(now <= before);
    before = now;
  }
  data = usual();
  before = chance_at(context, data, 1.5);
  data.same_species = true;
  CHECK(chance_at(context, data, 1.5) < before);
  data = usual();
  data.density = 0.02;
  CHECK(chance_at(context, data, 1.5) > before);
}

static void test_smallest(csro_context *context) {
  csro_detectable data = usual();
  double diameter, smaller = 0;
  for (double probability = 0.1; probability < 1; probability += 0.2) {
    CHECK_OK(context, csro_order_detectable(context, &data, probability, &diameter));
    CHECK(chance_at(context, data, diameter) >= probability);
    CHECK(chance_at(context, data, diameter - 0.01) < probability);
    CHECK(diameter > smaller);
    smaller = diameter;
  }
  data.sigma_z = 0.3; /* no planes to be seen */
  CHECK_OK(context, csro_order_detectable(context, &data, 0.5, &diameter));
  CHECK(isnan(diameter));
  data = usual();
  data.ions = 1e4;
  data.sigma_xy = 0.05;
  CHECK_OK(context, csro_order_detectable(context, &data, 0.5, &diameter));
  CHECK_NEAR(diameter, 0.3, 0);
}

static void test_errors(csro_context *context) {
  csro_detectable data = usual();
  double diameter[2] = {1, 0}, probability[2];
  CHECK_FAILS(context, csro_order_chances(context, &data, 2, diameter, probability),
              CSRO_ERROR_ARGUMENT, "diameter of a domain is 0 nm");
  CHECK_NEAR(probability[0], 0, 0);
  CHECK_FAILS(context, csro_order_detectable(context, &data, 1, diameter), CSRO_ERROR_ARGUMENT,
              "probability of detection is 1");
  data.fraction = 1;
  CHECK_FAILS(context, csro_order_detectable(context, &data, 0.5, diameter), CSRO_ERROR_ARGUMENT,
              "fraction of the ordering species is 1");
  CHECK_NEAR(diameter[0], 0, 0);
  data.fraction = 0.5;
  data.sigma_z = NAN;
  CHECK_FAILS(context, csro_order_chances(context, &data, 1, diameter, probability),
              CSRO_ERROR_ARGUMENT, "noise in z");
}

/* A specimen with domains of one diameter. */
typedef struct trial {
  csro_specimen specimen;
  csro_specimen_ions ions;
  csro_points points;
  csro_planes planes;
  csro_order order;
  csro_detectable data;
} trial;

static void find(csro_context *context, double diameter, trial *t) {
  csro_specimen *s = &t->specimen;
  csro_specimen_default(s);
  s->shape = CSRO_SHAPE_BOX;
  s->width[0] = s->width[1] = 22;
  s->height = 18;
  s->domain_density = 0.01;
  s->diameter[0] = s->diameter[1] = diameter;
  s->sigma_z = 0.05;
  s->seed = 21;
  CHECK_OK(context, csro_specimen_simulate(context, s, 0, 1, &t->ions));
  int64_t n = t->ions.ions.count, ranged = 0, nickel = 0;
  for (int64_t i = 0; i < n; i++) {
    uint16_t *label = &t->ions.label[i];
    *label = *label == HYDROGEN ? 0 : *label;
    ranged += *label > 0;
    nickel += *label == NICKEL;
  }
  t->points = (csro_points){t->ions.ions.xyz, false, n};
  float *signal = malloc((size_t)n * sizeof *signal);
  CHECK_OK(context, csro_planes_fit(context, &t->points, t->ions.label, 0.18, NULL, &t->planes));
  CHECK_OK(context,
           csro_planes_parity(context, &t->planes, t->planes.sigma_z, &t->points, NULL, signal));
  CHECK_OK(context,
           csro_order_signal(context, t->ions.label, NICKEL, NULL, n, signal, false, signal));
  csro_order_options options = {{0.7, 2.1}, s->sigma_xy, t->planes.sigma_z, 0, false, 0, NULL, 0};
  const double box[6] = {-11, 11, -11, 11, -18, 0};
  csro_grid grid;
  CHECK_OK(context, csro_grid_init(context, box, 1, 0.5, 0.75, &grid));
  CHECK_OK(context, csro_order_find(context, &t->points, signal, &options, &grid, NULL, &t->order));
  free(signal);
  t->data = (csro_detectable){.ions = (double)ranged / csro_specimen_volume(s),
                              .fraction = (double)nickel / (double)ranged,
                              .plane_spacing = 0.18,
                              .sigma_xy = s->sigma_xy,
                              .sigma_z = t->planes.sigma_z,
                              .density = t->order.density};
}

static double distance(const double a[3], const double b[3]) {
  return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
              (a[2] - b[2]) * (a[2] - b[2]));
}

/* Whole and away from others. */
static bool is_alone(const csro_specimen *s, const csro_true_domain *domains, int64_t count,
                     int64_t d) {
  const double *c = domains[d].center, margin = domains[d].diameter / 2 + 0.3;
  if (fabs(c[0]) > s->width[0] / 2 - margin || fabs(c[1]) > s->width[1] / 2 - margin ||
      c[2] > -margin || c[2] < margin - s->height)
    return false;
  for (int64_t k = 0; k < count; k++)
    if (k != d && distance(c, domains[k].center) < domains[d].diameter + 1)
      return false;
  return true;
}

static bool is_found(const csro_order *order, const csro_true_domain *domain) {
  for (int64_t k = 0; k < order->count; k++)
    if (order->domains[k].evidence + log(order->density) >= 0 &&
        distance(order->domains[k].center, domain->center) < domain->diameter / 2)
      return true;
  return false;
}

static void test_found(csro_context *context, double diameter) {
  trial t;
  int64_t count, alone = 0, found = 0;
  csro_true_domain *domains;
  find(context, diameter, &t);
  CHECK_OK(context, csro_specimen_domains(context, &t.specimen, &count, &domains));
  for (int64_t d = 0; d < count; d++)
    if (is_alone(&t.specimen, domains, count, d)) {
      alone++;
      found += is_found(&t.order, &domains[d]);
    }
  CHECK(alone >= 30);
  CHECK_NEAR((double)found / (double)alone, chance_at(context, t.data, diameter), 0.15);
  free(domains);
  csro_order_release(&t.order);
  csro_planes_release(&t.planes);
  csro_specimen_ions_release(&t.ions);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  context.threads = 2;
  test_planes();
  test_monotone(&context);
  test_smallest(&context);
  test_errors(&context);
  test_found(&context, 1.5);
  test_found(&context, 1.3);
  return check_end();
}
