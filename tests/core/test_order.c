/* Ordered domains by likelihood: the evidence against plain sums, and what is found in specimens of
 * known truth. */
#include "check.h"
#include "csro/distributed_order.h"
#include "csro/random.h"
#include "order/evidence.h"
#include "order_trial.h"
#include "random_points.h"

/* All the shares of a ball together are its volume. */
static void test_profiles(csro_context *context) {
  const double diameter[2] = {0.8, 2.0};
  csro_ball_profiles profiles;
  CHECK_OK(context, csro_ball_profiles_init(context, diameter, 0.3, 0.05, &profiles));
  for (int k = 0; k < CSRO_ORDER_RADII; k++) {
    double sum = 0, step = CSRO_PROFILE_STEP, r = profiles.radius[k];
    for (int row = 0; row < profiles.depths; row++)
      for (int column = 0; column < profiles.distances; column++)
        sum += 2 * 6.283185307179586 * (column + 0.5) * step * step * step *
               csro_ball_share(&profiles, k, (column + 0.5) * step, 0, (row + 0.5) * step);
    CHECK_NEAR(sum, 4.18879 * r * r * r, 0.12 * 4.18879 * r * r * r);
  }
  CHECK(csro_ball_share(&profiles, CSRO_ORDER_RADII - 1, 0, 0, 0) > 0.98);
  CHECK(csro_ball_share(&profiles, 0, 5, 0, 0) == 0);
  csro_ball_profiles_release(&profiles);
}

static void test_evidence(csro_context *context) {
  enum { IONS = 3000 };
  static float xyz[3 * IONS], signal[IONS];
  uint64_t state = 11;
  for (int i = 0; i < IONS; i++) {
    for (int a = 0; a < 3; a++)
      xyz[3 * i + a] = (float)cloud_between(&state, 0, 4);
    signal[i] = (float)cloud_between(&state, -0.95, 0.95);
  }
  const double bounds[6] = {0, 4, 0, 4, 0, 4}, diameter[2] = {0.7, 2.1};
  csro_points points = {xyz, false, IONS};
  csro_signal_ions ions;
  csro_ball_profiles profiles;
  csro_evidence_column column = {0};
  CHECK_OK(context, csro_signal_ions_init(context, &points, signal, bounds, bounds, &ions));
  CHECK_OK(context, csro_ball_profiles_init(context, diameter, 0.3, 0.06, &profiles));
  for (int round = 0; round < 50; round++) {
    double center[3], expected[CSRO_ORDER_RADII][2] = {{0}};
    float found[2][CSRO_BALL_LANES], again[2][CSRO_BALL_LANES];
    for (int a = 0; a < 3; a++)
      center[a] = cloud_between(&state, -1, 5);
    const double z[2] = {center[2], center[2]}, wide[2] = {center[2] - 1, center[2] + 0.5};
    CHECK(csro_evidence_gather(&ions, &profiles, CSRO_ORDER_RADII - 1, center, z, &column));
    csro_evidence_at(&column, center[2], found);
    CHECK(csro_evidence_gather(&ions, &profiles, CSRO_ORDER_RADII - 1, center, wide, &column));
    csro_evidence_at(&column, center[2], again);
    CHECK(memcmp(found, again, sizeof found) == 0);
    for (int i = 0; i < IONS; i++)
      for (int k = 0; k < CSRO_ORDER_RADII; k++) {
        double share =
            csro_ball_share(&profiles, k, xyz[3 * i] - (float)center[0],
                            xyz[3 * i + 1] - (float)center[1], xyz[3 * i + 2] - (float)center[2]);
        expected[k][0] += log(1 + share * signal[i]);
        expected[k][1] += log(1 - share * signal[i]);
      }
    for (int k = 0; k < CSRO_ORDER_RADII; k++) /* an ion on the border of two table entries moves */
      for (int v = 0; v < 2; v++)
        CHECK_NEAR(found[v][k], expected[k][v], 0.02);
  }
  csro_evidence_column_release(&column);
  csro_ball_profiles_release(&profiles);
  csro_signal_ions_release(&ions);
}

static void test_signal(csro_context *context) {
  const uint16_t label[] = {0, 1, 1, 2, 2, 2};
  const float even[] = {0.5f, 0.5f, -1, 0.25f, 0, -0.5f};
  float signal[6];
  CHECK_OK(context, csro_order_signal(context, label, 1, NULL, 6, even, false, signal));
  CHECK_NEAR(signal[0], 0, 0);
  CHECK_NEAR(signal[1], CSRO_ORDER_STRENGTH * 0.5, 1e-7);
  CHECK_NEAR(signal[3], CSRO_ORDER_STRENGTH * -0.25 * 2 / 3, 1e-7);
  CHECK_OK(context, csro_order_signal(context, label, 1, NULL, 6, even, true, signal));
  CHECK_NEAR(signal[2], -CSRO_ORDER_STRENGTH, 1e-7);
  CHECK_NEAR(signal[5], 0, 0);
  CHECK_FAILS(context, csro_order_signal(context, label, 3, NULL, 6, even, false, signal),
              CSRO_ERROR_DATA, "0 of 5 ranged ions");
}

static void test_domains(csro_context *context) {
  trial t;
  csro_order order, again;
  make_trial(context, 0.02, 1, false, &t);
  context->threads = 2;
  CHECK_OK(context, csro_order_find(context, &t.points, t.signal, &t.options, &t.grid,
                                    t.probability, &order));
  int64_t declared = csro_order_select_fdr(order.count, order.domains, 0.1), wrong = 0,
          true_ions = 0, ions = 0;
  CHECK(declared >= 9); /* of 15 */
  CHECK(declared <= order.count && order.count <= order.fitted);
  for (int64_t d = 0; d < declared; d++) {
    int64_t inside = 0, all = 0;
    for (int64_t i = 0; i < t.points.count; i++)
      if (order.domain[i] == d) {
        all++;
        inside += t.specimen.true_domain[i] >= 0;
      }
    CHECK_EQ(order.domains[d].ions, all);
    CHECK(d == 0 || order.domains[d].probability <= order.domains[d - 1].probability);
    wrong += 2 * inside < all;
    true_ions += inside;
    ions += all;
  }
  CHECK(4 * wrong <= declared); /* few domains: not a measure of the declared share */
  CHECK((double)true_ions > 0.75 * (double)ions);
  CHECK(order.density > 0.007 && order.density < 0.05);
  for (int64_t v = 0; v < t.grid.n[0] * t.grid.n[1] * t.grid.n[2]; v++)
    CHECK(t.probability[v] >= 0 && t.probability[v] <= 1);
  context->threads = 1;
  CHECK_OK(context,
           csro_order_find(context, &t.points, t.signal, &t.options, &t.grid, NULL, &again));
  CHECK_EQ(again.count, order.count);
  CHECK(memcmp(again.domain, order.domain, (size_t)t.points.count * sizeof *order.domain) == 0);
  CHECK(memcmp(again.evidence, order.evidence, (size_t)order.fitted * sizeof(double)) == 0);
  csro_order_release(&again);
  csro_order_release(&order);
  free_trial(&t);
}

/* Ions that rule a domain out for certain, without any blur, leave all numbers finite. */
static void test_certainty(csro_context *context) {
  trial t;
  csro_order order;
  make_trial(context, 0.02, 1, false, &t);
  for (int64_t i = 0; i < t.points.count; i++)
    t.signal[i] = t.signal[i] > 0 ? 1 : t.signal[i] < 0 ? -1 : 0;
  t.options.sigma_xy = 0.01;
  t.options.sigma_z = 0.001;
  context->threads = 2;
  CHECK_OK(context, csro_order_find(context, &t.points, t.signal, &t.options, &t.grid,
                                    t.probability, &order));
  CHECK(order.fitted > 0);
  for (int64_t d = 0; d < order.fitted; d++)
    CHECK(isfinite(order.evidence[d]));
  for (int64_t d = 0; d < order.count; d++)
    CHECK(order.domains[d].probability >= 0 && order.domains[d].probability <= 1);
  for (int64_t v = 0; v < t.grid.n[0] * t.grid.n[1] * t.grid.n[2]; v++)
    CHECK(t.probability[v] >= 0 && t.probability[v] <= 1);
  csro_order_release(&order);
  free_trial(&t);
}

/* How many reports there are, and of how many most ions lie in domains of the type. */
static void count_reports(csro_context *context, const trial *t, const csro_specimen *specimen,
                          const float *signal, const csro_order_rival *rival, int64_t count[3]) {
  csro_order order;
  csro_order_options options = t->options;
  int64_t domains;
  csro_true_domain *truth;
  options.rivals = rival ? 1 : 0;
  options.rival = rival;
  CHECK_OK(context, csro_specimen_domains(context, specimen, &domains, &truth));
  CHECK_OK(context, csro_order_find(context, &t->points, signal, &options, &t->grid, NULL, &order));
  count[0] = csro_order_select_fdr(order.count, order.domains, 0.1);
  count[1] = count[2] = 0;
  for (int64_t d = 0; d < count[0]; d++) {
    int64_t of[2] = {0};
    for (int64_t i = 0; i < t->points.count; i++)
      if (order.domain[i] == d && t->specimen.true_domain[i] >= 0)
        of[truth[t->specimen.true_domain[i]].type]++;
    for (int type = 0; type < 2; type++)
      count[1 + type] += 2 * of[type] >= order.domains[d].ions;
  }
  csro_order_release(&order);
  free(truth);
}

/* Domains of two species: what is one of the other's is not reported, whichever is searched. */
static void test_rivals(csro_context *context) {
  trial t;
  csro_specimen specimen = trial_specimen(0.06, 1);
  CHECK_OK(context, csro_specimen_set_order(context, &specimen, CSRO_ORDER_PLANES, "Ni 1, Cr 1"));
  make_trial_from(context, &specimen, false, &t);
  float *other = malloc((size_t)t.points.count * sizeof *other);
  CHECK_OK(context, csro_order_signal(context, t.specimen.label, CHROMIUM, NULL, t.points.count,
                                      t.even, false, other));
  const float *signal[2] = {t.signal, other};
  int64_t missed = 0;
  for (int type = 0; type < 2; type++) {
    const csro_order_rival rival = {signal[1 - type], false};
    int64_t alone[3], beside[3];
    count_reports(context, &t, &specimen, signal[type], NULL, alone);
    count_reports(context, &t, &specimen, signal[type], &rival, beside);
    missed += alone[2 - type];
    CHECK(beside[2 - type] <= 1);
    CHECK(beside[1 + type] + 2 >= alone[1 + type]);
  }
  CHECK(missed >= 5);
  free(other);
  free_trial(&t);
}

/* Where labels are random nothing is declared. */
static void test_nothing(csro_context *context) {
  trial t;
  csro_order order;
  context->threads = 2;
  for (int copy = 0; copy < 2; copy++) {
    make_trial(context, copy ? 0.02 : 0, 1, copy, &t);
    CHECK_OK(context,
             csro_order_find(context, &t.points, t.signal, &t.options, &t.grid, NULL, &order));
    CHECK_EQ(csro_order_select_fdr(order.count, order.domains, 0.1), 0);
    csro_order_release(&order);
    free_trial(&t);
  }
}

/* Certain domains count, weak ones do not, and nothing is no small number. */
static void test_density(void) {
  csro_order_peak certain[2] = {{60, 0}, {50, 0}}, weak[2] = {{-3, 0}, {-4, 0}};
  csro_order_densities density = csro_order_density(2, certain, 1000);
  CHECK_NEAR(density.sought, 0.002, 1e-8);
  CHECK(density.larger < 1e-8);
  density = csro_order_density(2, weak, 1000);
  CHECK(density.sought == 0 && density.larger == 0);
  density = csro_order_density(0, NULL, 1000);
  CHECK(density.sought == 0 && density.larger == 0);
}

/* Large domains say nothing of small ones; a peak that may be either is what most are. */
static void test_densities(void) {
  enum { LARGE = 20 };
  csro_order_peak peaks[LARGE + 2];
  for (int k = 0; k < LARGE; k++)
    peaks[k] = (csro_order_peak){100, k == 3 ? 0.5 : 1};
  peaks[LARGE] = (csro_order_peak){4.5, 0};
  peaks[LARGE + 1] = (csro_order_peak){4, 0};
  csro_order_densities density = csro_order_density(LARGE + 2, peaks, 5000);
  CHECK_NEAR(density.larger, (double)LARGE / 5000, 1e-6);
  CHECK(density.sought < 1e-6);
  peaks[LARGE].evidence = 40;
  density = csro_order_density(LARGE + 2, peaks, 5000);
  CHECK(density.sought > 0.9 / 5000 && density.sought < 1.6 / 5000);
}

/* The running share by hand, and that the selection goes by it. */
static void test_fdr(void) {
  const double probability[5] = {1, 0.875, 0.75, 0.5, 0.25},
               expected[5] = {0, 0.125 / 2, 0.375 / 3, 0.875 / 4, 1.625 / 5};
  csro_ordered_domain domains[5] = {{0}};
  double fdr[5];
  for (int d = 0; d < 5; d++)
    domains[d].probability = probability[d];
  csro_order_fdr(5, domains, fdr);
  for (int d = 0; d < 5; d++) {
    CHECK_NEAR(fdr[d], expected[d], 1e-15);
    CHECK_EQ(csro_order_select_fdr(5, domains, expected[d] + 1e-9), d + 1);
  }
  csro_order_fdr(0, NULL, NULL);
}

static void test_errors(csro_context *context) {
  float xyz[3] = {0, 0, 0}, signal = 0;
  csro_points points = {xyz, false, 1};
  csro_order_options options = {{0.7, 2.1}, 0.3, 0.05, 0, false, 0, NULL, 0};
  csro_order order;
  csro_grid grid;
  const double box[6] = {-2, 2, -2, 2, -2, 2};
  CHECK_OK(context, csro_grid_init(context, box, 1, 0.5, 0.75, &grid));
  CHECK_OK(context, csro_order_find(context, &points, &signal, &options, &grid, NULL, &order));
  CHECK_EQ(order.count, 0);
  csro_order_release(&order);
  options.diameter[0] = 3;
  CHECK_FAILS(context, csro_order_find(context, &points, &signal, &options, &grid, NULL, &order),
              CSRO_ERROR_ARGUMENT, "diameters");
  options.diameter[0] = 0.7;
  options.sigma_xy = NAN;
  CHECK_FAILS(context, csro_order_find(context, &points, &signal, &options, &grid, NULL, &order),
              CSRO_ERROR_ARGUMENT, "noise");
  options.sigma_xy = 0.3;
  points.count = 0;
  CHECK_FAILS(context, csro_order_find(context, &points, &signal, &options, &grid, NULL, &order),
              CSRO_ERROR_DATA, "no ions");
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  context.threads = 2;
  test_profiles(&context);
  test_evidence(&context);
  test_signal(&context);
  test_domains(&context);
  test_certainty(&context);
  test_rivals(&context);
  test_nothing(&context);
  test_density();
  test_densities();
  test_fdr();
  test_errors(&context);
  return check_end();
}
