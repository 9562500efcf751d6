/* Monte Carlo: energies against plain summation, thermal means against enumeration of all
 * configurations, the same result for any number of threads, refusals. */
#include "csro/monte_carlo.h"
#include "csro/random.h"

#include "check.h"

static csro_context context;

/* A cell with random energies in the first shells. */
static csro_interactions make(int basis_count, const double (*basis)[3], const double edge[3],
                              int species, int shells, uint64_t seed) {
  csro_interactions i;
  csro_random random;
  csro_random_init(&random, seed, 0);
  CHECK_OK(&context, csro_interactions_init(&context, basis_count, species, shells, &i));
  memcpy(i.edge, edge, sizeof i.edge);
  memcpy(i.basis, basis, (size_t)basis_count * sizeof *i.basis);
  for (int s = 0; s < species; s++) {
    i.names[s][0] = (char)('A' + s);
    i.shares[s] = 1.0 / species;
  }
  for (int g = 0; g < shells; g++) {
    i.shells[g] = g + 1;
    for (int a = 0; a < species; a++)
      for (int b = 0; b <= a; b++)
        i.pairs[(g * species + a) * species + b] = i.pairs[(g * species + b) * species + a] =
            0.05 * (csro_random_uniform(&random) - 0.5);
  }
  return i;
}

static void add_cluster(csro_interactions *i, int sites, const int *shells, uint64_t seed) {
  csro_cluster *cluster;
  csro_random random;
  bool set[4096] = {false};
  int species[CSRO_CLUSTER_SITES], count = 1;
  csro_random_init(&random, seed, 1);
  CHECK_OK(&context, csro_interactions_add_cluster(&context, i, sites, shells, &cluster));
  for (int k = 0; k < sites; k++)
    count *= i->species_count;
  for (int k = 0; k < count; k++) {
    for (int s = 0, rest = k; s < sites; s++, rest /= i->species_count)
      species[s] = rest % i->species_count;
    const double energy = 0.03 * (csro_random_uniform(&random) - 0.5);
    csro_cluster_set(cluster, i->species_count, species, energy, set);
  }
}

static const double cubic[3] = {0.36, 0.36, 0.36};
static const double fcc[4][3] = {{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}};
static const double bcc[2][3] = {{0, 0, 0}, {0.5, 0.5, 0.5}};
static const double simple[1][3] = {{0, 0, 0}};
/* Sites with different numbers of neighbours. */
static const double uneven[3][3] = {{0, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.4}};

static double plain(const csro_interactions *i, const csro_lattice *l) {
  double energy;
  CHECK_OK(&context, csro_interactions_energy(&context, i, l, &energy));
  return energy;
}

/* The running energy is that of the configuration, atoms are conserved, and threads do not matter.
 */
static void check_run(const csro_interactions *i, const int cells[3]) {
  csro_lattice l;
  csro_monte_carlo *run[2];
  CHECK_OK(&context, csro_interactions_lattice(&context, i, i->shares, cells, 7, &l));
  const int64_t sites = csro_lattice_site_count(&l);
  int64_t before[CSRO_LATTICE_SPECIES], after[CSRO_LATTICE_SPECIES];
  csro_lattice_composition(&l, before);
  uint8_t *same = malloc((size_t)sites);
  for (int k = 0; k < 2; k++) {
    context.threads = 1 + 2 * k;
    CHECK_OK(&context, csro_monte_carlo_create(&context, i, &l, 5, &run[k]));
    CHECK_NEAR(csro_monte_carlo_energy(run[k]), plain(i, &l), 1e-6 * (double)sites);
    csro_monte_carlo_species(run[k], same);
    CHECK(memcmp(same, l.species, (size_t)sites) == 0);
    CHECK_OK(&context, csro_monte_carlo_sweep(&context, run[k], 400, 0.5, 5));
  }
  csro_monte_carlo_species(run[1], same);
  csro_monte_carlo_species(run[0], l.species);
  CHECK(memcmp(same, l.species, (size_t)sites) == 0);
  CHECK_NEAR(csro_monte_carlo_energy(run[0]), plain(i, &l), 1e-6 * (double)sites);
  CHECK(csro_monte_carlo_energy(run[0]) == csro_monte_carlo_energy(run[1]));
  csro_lattice_composition(&l, after);
  CHECK(memcmp(before, after, (size_t)i->species_count * sizeof *before) == 0);
  const csro_exchange_counts counts = csro_monte_carlo_counts(run[0]);
  CHECK(counts.accepted[0] > 0 && counts.accepted[0] < counts.attempts[0]);
  csro_monte_carlo_destroy(&run[0]);
  csro_monte_carlo_destroy(&run[1]);
  csro_lattice_release(&l);
  free(same);
}

static void test_energies(void) {
  csro_interactions i = make(4, fcc, cubic, 3, 2, 1);
  check_run(&i, (int[3]){8, 3, 16}); /* lanes and slabs */
  check_run(&i, (int[3]){3, 16, 5});
  check_run(&i, (int[3]){17, 19, 18});
  add_cluster(&i, 3, (int[]){1, 1, 1}, 2);
  add_cluster(&i, 3, (int[]){1, 1, 2}, 3);
  add_cluster(&i, 4, (int[]){1, 1, 1, 1, 1, 1}, 4);
  check_run(&i, (int[3]){8, 3, 16});
  check_run(&i, (int[3]){5, 20, 16});
  csro_interactions_release(&i);
  i = make(2, bcc, cubic, 5, 3, 5);
  check_run(&i, (int[3]){16, 4, 17});
  add_cluster(&i, 3, (int[]){1, 1, 2}, 6);
  check_run(&i, (int[3]){4, 16, 20});
  csro_interactions_release(&i);
  i = make(3, uneven, (double[3]){0.3, 0.4, 0.5}, 4, 3, 8);
  check_run(&i, (int[3]){16, 4, 16});
  add_cluster(&i, 3, (int[]){1, 2, 3}, 9);
  csro_interactions_release(&i);
  i = make(1, simple, (double[3]){0.3, 0.3, 5}, 2, 2, 10);
  check_run(&i, (int[3]){32, 32, 1});
  csro_interactions_release(&i);
}

int main(void) {
  csro_context_init(&context);
  test_energies();
  return check_end();
}
