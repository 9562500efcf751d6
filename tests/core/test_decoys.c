/* Decoys of order with a period of three and four planes: pile-up shows in them, so that it is not
 * taken for order, and order does not. */
#include "crystal_specimen.h"
#include "csro/chance.h"

static csro_context context;

typedef struct trial {
  csro_specimen_ions made;
  csro_points points;
  csro_planes planes;
  csro_grid grid;
} trial;

/* Labels above `species` do not count. */
static void look(double spacing, int species, trial *t) {
  int64_t n = t->made.ions.count;
  double bounds[6];
  t->points = (csro_points){t->made.ions.xyz, false, n};
  for (int64_t i = 0; i < n; i++)
    t->made.label[i] = t->made.label[i] > species ? 0 : t->made.label[i];
  CHECK_OK(&context,
           csro_planes_fit(&context, &t->points, t->made.label, spacing, NULL, &t->planes));
  CHECK_OK(&context, csro_points_bounds(&context, &t->points, bounds));
  CHECK_OK(&context, csro_grid_init(&context, bounds, 1, 0.5, 0.75, &t->grid));
}

static void release(trial *t) {
  csro_specimen_ions_release(&t->made);
  csro_planes_release(&t->planes);
}

/* In how many phases of the period order of the species is seen. */
static int phases_with_order(const trial *t, uint16_t rich, int period, int decoys) {
  const csro_order_options options = {{0.7, 2.1}, 0.3, t->planes.sigma_z, 0, true, 0, NULL, 0};
  size_t n = (size_t)t->points.count;
  float *signal = malloc(n * sizeof *signal);
  int seen = 0;
  for (int phase = 0; phase < period; phase++) {
    const csro_control control = {.points = &t->points,
                                  .label = t->made.label,
                                  .planes = &t->planes,
                                  .rich = rich,
                                  .period = period,
                                  .phase = phase,
                                  .options = &options,
                                  .grid = &t->grid,
                                  .copies = 1,
                                  .decoys = decoys,
                                  .seed = 1};
    csro_order order;
    csro_chance_test test;
    CHECK_OK(&context, csro_planes_phase(&context, &t->planes, 0, period, phase, &t->points,
                                         t->made.label, signal));
    CHECK_OK(&context, csro_order_phase_signal(&context, t->made.label, rich, NULL, t->points.count,
                                               signal, period, false, signal));
    CHECK_OK(&context,
             csro_order_find(&context, &t->points, signal, &options, &t->grid, NULL, &order));
    CHECK_OK(&context, csro_order_compare(&context, &control, &order, &test));
    seen += test.order;
    csro_order_release(&order);
  }
  free(signal);
  return seen;
}

/* Beside copies alone it is order. */
static void test_pile_up(void) {
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  small_box(&specimen);
  specimen.domain_density = 0;
  specimen.seed = 5;
  specimen.pile_up = (csro_pile_up){1, 0.25, 4, 2};
  trial t = {0};
  CHECK_OK(&context, csro_specimen_simulate(&context, &specimen, 0, 1, &t.made));
  look(0.18, 3, &t);
  CHECK(phases_with_order(&t, 3, 3, 0) > 0);
  CHECK_EQ(phases_with_order(&t, 3, 3, 1), 0);
  release(&t);
}

static void test_structure(const char *parent, const char *name, double a, int h, int k, int l,
                           double spacing, int period) {
  trial t = {0};
  simulate_crystal(&context, parent, name, a, (int[3]){h, k, l}, spacing, 0.03, &t.made);
  look(spacing, 2, &t);
  CHECK_EQ(phases_with_order(&t, AL + 1, period, 1), period);
  release(&t);
}

int main(void) {
  csro_context_init(&context);
  test_pile_up();
  test_structure("fcc", "MoPt2", 0.36, 2, 2, 0, 0.36 / sqrt(8), 3);
  test_structure("bcc", "D0_3", 0.29, 1, 1, 1, 0.29 / sqrt(12), 4);
  return check_end();
}
