/* Monte Carlo against what is known exactly or well: the energy of the square lattice (Onsager),
 * the critical couplings of bcc and simple cubic (the cumulant of the order parameter rises or
 * falls with the size on either side), fcc ordering to L1_0 at kT/J = 1.74 +- 0.03 (the consensus
 * of Monte Carlo for the nearest-neighbour fcc antiferromagnet, first order; Polgreen, Phys. Rev. B
 * 29 (1984) 1468) (and 3:1 to L1_2). bench_monte_carlo known has them with more statistics. In a
 * canonical ensemble the composition is fixed: on the two-sublattice lattices and for fcc at 1:1
 * the symmetry between the species makes that the zero of the field, so that transitions are where
 * the Ising model has them. */
#include "check.h"
#include "ordering.h"

static csro_context context;

static void test_onsager(void) {
  static const double kts[] = {1.8, 2.6};
  for (int k = 0; k < 2; k++) {
    csro_interactions i;
    csro_lattice l;
    csro_monte_carlo *run;
    csro_state_point point;
    CHECK_OK(&context, ordering_interactions(&context, SQUARE, &i));
    CHECK_OK(&context,
             csro_interactions_lattice(&context, &i, i.shares, (int[3]){64, 64, 1}, 3, &l));
    for (int site = 0; k == 0 && site < 64 * 64; site++)
      l.species[site] = (uint8_t)((site + site / 64) & 1);
    CHECK_OK(&context, csro_monte_carlo_create(&context, &i, &l, 4, &run));
    const csro_measurement how = {ordering_kelvin(kts[k]), 0.5, 200, 2000, 100, 1};
    CHECK_OK(&context, csro_monte_carlo_measure(&context, run, &how, &point));
    CHECK(point.energy.error < 0.005 * ORDERING_J);
    CHECK_NEAR(point.energy.mean / ORDERING_J, ordering_onsager(kts[k]),
               4 * point.energy.error / ORDERING_J + 0.001);
    csro_state_point_release(&point);
    csro_monte_carlo_destroy(&run);
    csro_lattice_release(&l);
    csro_interactions_release(&i);
  }
  CHECK_NEAR(ordering_onsager(2), -1.74556, 1e-4);
}

static double binder(ordering_lattice kind, int size, double kt) {
  double cumulant, error;
  CHECK_OK(&context, ordering_binder(&context, kind, size, kt, 6000, 1, &cumulant, &error));
  CHECK(error < 0.08);
  return cumulant;
}

static void test_cubic(void) {
  const double kt[2] = {1 / 0.157373, 1 / 0.221655};
  for (int k = 0; k < 2; k++) {
    const ordering_lattice kind = k ? SIMPLE_CUBIC : BCC;
    CHECK(binder(kind, 8, 0.93 * kt[k]) > 0.55);
    CHECK(binder(kind, 8, 1.07 * kt[k]) < 0.35);
  }
}

static double energy_from(int prototype, ordering_start start, double kt) {
  double energy;
  CHECK_OK(&context, ordering_start_energy(&context, prototype, start, 8, kt, 500, &energy));
  return energy;
}

/* Half a crystal grows below the transition and melts above. */
static void test_fcc(void) {
  const double middle = -1.58; /* between the phases at the transition to L1_0 */
  CHECK(energy_from(3, HALF_PERFECT, 1.66) < middle);
  CHECK(energy_from(3, HALF_PERFECT, 1.82) > middle);
  CHECK(energy_from(3, PERFECT, 1.86) > middle);
}

int main(void) {
  csro_context_init(&context);
  context.threads = 1;
  test_onsager();
  test_cubic();
  test_fcc();
  return check_end();
}
