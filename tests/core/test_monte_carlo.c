/* Monte Carlo: energies against plain summation, thermal means against enumeration of all
 * configurations, the same result for any number of threads, refusals. */
#include "csro/monte_carlo.h"
#include "csro/random.h"

#include "theory/order_waves.h"

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

/* Sums over configurations with their Boltzmann weights. */
typedef struct exact {
  double weight, energy, bonds; /* bonds: of species 0 and 1 in the first shell */
} exact;

static void add_configuration(exact *sum, double energy, double bonds, double kt) {
  const double weight = exp(-energy / kt);
  sum->weight += weight;
  sum->energy += weight * energy;
  sum->bonds += weight * bonds;
}

/* A run against the exact mean energy and Warren-Cowley parameter of 0-1, within 4 errors. */
static void check_means(const csro_interactions *i, const csro_lattice *l, double kelvin,
                        double far_share, int64_t sweeps, const exact *sum) {
  csro_monte_carlo *run;
  csro_state_point point;
  int64_t counts[CSRO_LATTICE_SPECIES];
  const csro_measurement how = {kelvin, far_share, sweeps / 20, sweeps, 4, 1};
  const int64_t sites = csro_lattice_site_count(l);
  csro_lattice_composition(l, counts);
  CHECK_OK(&context, csro_monte_carlo_create(&context, i, l, 11, &run));
  CHECK_OK(&context, csro_monte_carlo_measure(&context, run, &how, &point));
  const double energy = sum->energy / sum->weight / (double)sites;
  int neighbours = 0;
  int64_t bonds[CSRO_LATTICE_SPECIES * CSRO_LATTICE_SPECIES];
  CHECK_OK(&context, csro_monte_carlo_bonds(&context, run, 1, bonds));
  for (int b = 0; b < i->species_count; b++)
    neighbours += (int)bonds[b];
  const double alpha =
      1 - sum->bonds / sum->weight / neighbours / ((double)counts[1] / (double)sites);
  CHECK_EQ(point.shells, 1);
  CHECK(point.energy.error > 0 && point.energy.error < 0.02 * fabs(energy) + 1e-5);
  CHECK_NEAR(point.energy.mean, energy, 4 * point.energy.error);
  CHECK(point.alpha[1].error < 0.05 && point.alpha[1].error > 0);
  CHECK_NEAR(point.alpha[1].mean, alpha, 4 * point.alpha[1].error);
  csro_state_point_release(&point);
  csro_monte_carlo_destroy(&run);
}

/* All arrangements of three species on the 16 sites of 2 x 2 x 2 cells of bcc. */
typedef struct arrangements {
  const double *pairs;
  uint8_t species[16];
  int neighbour[16][8], left[3];
  double kt;
  exact sum;
} arrangements;

static void arrange(arrangements *a, int site, double energy, double bonds) {
  if (site == 16) {
    add_configuration(&a->sum, energy, bonds, a->kt);
    return;
  }
  for (int s = 0; s < 3; s++) {
    if (a->left[s] == 0)
      continue;
    double more = 0, unlike = 0;
    for (int k = 0; k < 8; k++) {
      const int other = a->neighbour[site][k];
      if (other < 0 || other >= site)
        continue;
      more += a->pairs[s * 3 + a->species[other]];
      unlike += (s == 0 && a->species[other] == 1) || (s == 1 && a->species[other] == 0);
    }
    a->left[s]--;
    a->species[site] = (uint8_t)s;
    arrange(a, site + 1, energy + more, bonds + unlike);
    a->left[s]++;
  }
}

static void test_enumeration(void) {
  csro_interactions i = make(2, bcc, cubic, 3, 1, 21);
  csro_lattice l;
  arrangements a = {.pairs = i.pairs, .left = {6, 5, 5}, .kt = CSRO_BOLTZMANN * 300};
  CHECK_OK(&context,
           csro_interactions_lattice(&context, &i, (double[3]){6, 5, 5}, (int[3]){2, 2, 2}, 3, &l));
  for (int site = 0; site < 16; site++)
    for (int k = 0; k < 8; k++) {
      double r[3], apart;
      csro_lattice_position(&l, site, r);
      for (int axis = 0; axis < 3; axis++)
        r[axis] += (k >> axis & 1 ? 0.5 : -0.5) * cubic[axis];
      a.neighbour[site][k] = (int)csro_lattice_nearest(&l, r, &apart);
      CHECK(apart < 1e-9);
    }
  arrange(&a, 0, 0, 0);
  check_means(&i, &l, 300, 0.2, 20000, &a.sum);
  csro_lattice_release(&l);
  csro_interactions_release(&i);
}

/* One atom each of two species in a third, in a box with lanes and slabs: with one of them anywhere
 * by symmetry, all configurations are where the other is. */
static void test_dilute(void) {
  csro_interactions i = make(1, simple, (double[3]){0.3, 0.3, 0.3}, 3, 2, 23);
  csro_lattice l;
  exact sum = {0, 0, 0};
  const double kelvin = 500;
  i.pairs[5] = i.pairs[7] -= 0.17;
  add_cluster(&i, 3, (int[]){1, 1, 2}, 24);
  CHECK_OK(&context, csro_interactions_lattice(&context, &i, (double[3]){382, 1, 1},
                                               (int[3]){8, 3, 16}, 3, &l));
  memset(l.species, 0, 384);
  l.species[0] = 1;
  const double lowest = plain(&i, &l) - 1;
  for (int site = 1; site < 384; site++) {
    l.species[site] = 2;
    const double energy = plain(&i, &l);
    double r[3], apart, q[3];
    csro_lattice_position(&l, site, r);
    bool touch = false;
    for (int k = 0; k < 6; k++) {
      memcpy(q, r, sizeof q);
      q[k / 2] += k % 2 ? 0.3 : -0.3;
      touch = touch || csro_lattice_nearest(&l, q, &apart) == 0;
    }
    const double weight = exp(-(energy - lowest) / (CSRO_BOLTZMANN * kelvin));
    sum.weight += weight;
    sum.energy += weight * energy;
    sum.bonds += weight * (touch ? 5 : 6);
    l.species[site] = 0;
  }
  l.species[100] = 2;
  const double bound = 6 - sum.bonds / sum.weight;
  CHECK(bound > 0.1 && bound < 0.9); /* both states are there */
  check_means(&i, &l, kelvin, 0.5, 20000, &sum);
  csro_lattice_release(&l);
  csro_interactions_release(&i);
}

/* A series whose neighbours are correlated by 0.9 has an autocorrelation time of 9.5. */
static void test_blocking(void) {
  enum { COUNT = 1 << 16 };
  double *value = malloc(COUNT * sizeof *value), last = 0;
  csro_random random;
  csro_random_init(&random, 3, 0);
  for (int k = 0; k < COUNT; k++)
    value[k] = 5 + csro_random_normal(&random);
  csro_estimate e = csro_estimate_mean(COUNT, value);
  CHECK_NEAR(e.mean, 5, 4 * e.error);
  CHECK(e.tau > 0.45 && e.tau < 1);
  for (int k = 0; k < COUNT; k++)
    value[k] = last = 0.9 * last + csro_random_normal(&random);
  e = csro_estimate_mean(COUNT, value);
  CHECK_NEAR(e.mean, 0, 4 * e.error);
  CHECK_NEAR(e.tau, 9.5, 3);
  CHECK(isnan(csro_estimate_mean(3, value).error));
  free(value);
}

static void find_order(const csro_lattice *l, double order[CSRO_ORDERS][CSRO_LATTICE_SPECIES]) {
  csro_site_counts counts = {0};
  int cell[3];
  for (int b = 0; b < l->basis_count; b++)
    for (cell[2] = 0; cell[2] < l->cells[2]; cell[2]++)
      for (cell[1] = 0; cell[1] < l->cells[1]; cell[1]++)
        for (cell[0] = 0; cell[0] < l->cells[0]; cell[0]++)
          counts.count[cell[2] % 6][cell[1] % 6][cell[0] % 6][b]
                      [l->species[csro_lattice_site(l, cell, b)]]++;
  csro_order_waves(&counts, csro_lattice_parent(l), (const double(*)[3])l->basis, l->cells, 2,
                   order);
}

/* Perfect structures have the order 1 of their own, L1_2 and L1_0 none of each other; a random
 * alloy has none; a box that does not hold the structure says so. */
static void test_structures(void) {
  static const char *const names[] = {"A", "B"};
  double order[CSRO_ORDERS][CSRO_LATTICE_SPECIES];
  csro_structure s;
  csro_lattice l;
  for (int p = CSRO_ORDER_FIRST; p < CSRO_PROTOTYPES; p++) {
    CHECK_OK(&context, csro_structure_prototype(&context, p, 0.36, 0.36, 2, &s));
    for (int k = 0; k < s.sublattice_count; k++)
      s.occupancy[k * 2 + (strcmp(s.sublattices[k], "B") == 0)] = 1;
    CHECK_OK(&context, csro_lattice_of_structure(&context, &s, names, (int[3]){6, 6, 12}, 1, &l));
    find_order(&l, order);
    CHECK_NEAR(order[p - CSRO_ORDER_FIRST][1], 1, 1e-9);
    CHECK_NEAR(order[p - CSRO_ORDER_FIRST][0], 1, 1e-9);
    if (p < 4)
      CHECK_NEAR(order[3 - p][1], 0, 1e-9);
    CHECK(isnan(order[4][0]) == (csro_lattice_parent(&l) == 0));
    csro_lattice_randomize(
        &l, (int64_t[2]){csro_lattice_site_count(&l) / 2, csro_lattice_site_count(&l) / 2}, 5);
    find_order(&l, order);
    CHECK(order[p - CSRO_ORDER_FIRST][1] < 0.15);
    csro_lattice_release(&l);
    csro_structure_release(&s);
  }
  CHECK_OK(&context, csro_structure_prototype(&context, 2, 0.36, 0.36, 2, &s));
  s.occupancy[0] = s.occupancy[3] = 1;
  CHECK_OK(&context, csro_lattice_of_structure(&context, &s, names, (int[3]){5, 5, 5}, 1, &l));
  find_order(&l, order);
  CHECK(order[0][0] > 0.99 && isnan(order[2][0]));
  csro_lattice_release(&l);
  csro_structure_release(&s);
}

static int cancel_late(void *user, double fraction) {
  (void)user, (void)fraction;
  return 1;
}

static void test_refusals(void) {
  csro_interactions i = make(4, fcc, cubic, 2, 2, 1);
  csro_lattice l;
  csro_monte_carlo *run;
  csro_state_point point;
  CHECK_OK(&context, csro_interactions_lattice(&context, &i, i.shares, (int[3]){2, 4, 4}, 1, &l));
  CHECK_FAILS(&context, csro_monte_carlo_create(&context, &i, &l, 1, &run), CSRO_ERROR_ARGUMENT,
              "a box of 2 x 4 x 4 cells is smaller than the interactions reach (shell 2, 0.36 nm)");
  CHECK(!run);
  csro_lattice_release(&l);
  CHECK_OK(&context, csro_interactions_lattice(&context, &i, i.shares, (int[3]){4, 4, 4}, 1, &l));
  strcpy(l.names[1], "Fe");
  CHECK_FAILS(&context, csro_monte_carlo_create(&context, &i, &l, 1, &run), CSRO_ERROR_ARGUMENT,
              "not those of the interactions");
  strcpy(l.names[1], i.names[1]);
  CHECK_OK(&context, csro_monte_carlo_create(&context, &i, &l, 1, &run));
  CHECK_FAILS(&context, csro_monte_carlo_sweep(&context, run, 0, 0, 1), CSRO_ERROR_ARGUMENT,
              "temperature (K) is 0");
  CHECK_FAILS(&context, csro_monte_carlo_sweep(&context, run, 1, 2, 1), CSRO_ERROR_ARGUMENT,
              "share of far exchanges is 2");
  csro_measurement how = {500, 0, 0, 0, 1, 1};
  CHECK_FAILS(&context, csro_monte_carlo_measure(&context, run, &how, &point), CSRO_ERROR_ARGUMENT,
              "sweeps to measure is 0");
  how.sweeps = 1000000;
  context.progress = cancel_late;
  CHECK_FAILS(&context, csro_monte_carlo_measure(&context, run, &how, &point), CSRO_CANCELLED, "");
  CHECK(!point.alpha);
  context.progress = NULL;
  csro_monte_carlo_species(run, l.species);
  CHECK_NEAR(csro_monte_carlo_energy(run), plain(&i, &l), 1e-4);
  csro_monte_carlo_destroy(&run);
  csro_lattice_release(&l);
  csro_interactions_release(&i);
}

int main(void) {
  csro_context_init(&context);
  test_energies();
  context.threads = 1;
  test_enumeration();
  test_dilute();
  test_blocking();
  test_structures();
  test_refusals();
  return check_end();
}
