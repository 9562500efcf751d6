/* Monte Carlo against what is known, and its speed:
 *   bench_monte_carlo known [PART [SWEEPS]]  rows of the tables of docs/theory.md: Ising couplings
 *       (bcc, sc, square, with Onsager's energy), L1_0 and L1_2 (fcc), alpha(q) against the mean
 *       field (diffuse), or all
 *   bench_monte_carlo speed [THREADS]  exchanges of unlike atoms per second of a core, memory
 *   bench_monte_carlo small            the same of 2048 sites (tests/bench/atom_swap.py) */
#include "mean_field.h"
#include "measure.h"
#include "ordering.h"

#include <time.h>

static csro_context context;

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

enum { POINTS = 5 };

/* Where a parabola through values with errors is zero, its error, and chi2 (two degrees of
 * freedom). */
static void find_zero(const double x[POINTS], const double y[POINTS], const double error[POINTS],
                      double *zero, double *zero_error, double *chi2) {
  double moment[5] = {0}, right[3] = {0}, inverse[3][3], c[3] = {0};
  for (int p = 0; p < POINTS; p++) {
    double power = 1 / (error[p] * error[p]);
    for (int k = 0; k < 5; k++, power *= x[p]) {
      moment[k] += power;
      if (k < 3)
        right[k] += power * y[p];
    }
  }
  double determinant = 0;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) {
      const int a = (i + 1) % 3, b = (i + 2) % 3, d = (j + 1) % 3, e = (j + 2) % 3;
      inverse[i][j] = moment[a + d] * moment[b + e] - moment[a + e] * moment[b + d];
      determinant += i == 0 ? moment[j] * inverse[0][j] : 0;
    }
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) {
      inverse[i][j] /= determinant;
      c[i] += inverse[i][j] * right[j];
    }
  const double root = sqrt(fmax(0, c[1] * c[1] - 4 * c[0] * c[2])), z = -2 * c[0] / (c[1] + root);
  const double at[3] = {1, z, z * z};
  double variance = 0;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      variance += at[i] * inverse[i][j] * at[j];
  *zero = z;
  *zero_error = sqrt(variance) / root; /* the slope there */
  *chi2 = 0;
  for (int p = 0; p < POINTS; p++) {
    const double rest = (c[0] + x[p] * (c[1] + x[p] * c[2]) - y[p]) / error[p];
    *chi2 += rest * rest;
  }
}

/* The coupling where the cumulants of a size and of the double are equal, from five about the known
 * one. */
static void find_crossing(ordering_lattice kind, const char *name, int small, double known,
                          int64_t sweeps) {
  double x[POINTS], difference[POINTS], spread[POINTS], zero, error, chi2;
  for (int p = 0; p < POINTS; p++) {
    double u[2], e[2];
    x[p] = 0.005 * (p - 2);
    for (int size = 0; size < 2; size++)
      must(&context, ordering_binder(&context, kind, small << size, 1 / (known * (1 + x[p])),
                                     sweeps, (uint64_t)(10 * p + size + 1), &u[size], &e[size]));
    difference[p] = u[1] - u[0];
    spread[p] = sqrt(e[0] * e[0] + e[1] * e[1]);
    fprintf(stderr, "%-14s J/kT %.6f  U(%d) %.4f +- %.4f  U(%d) %.4f +- %.4f\n", name,
            known * (1 + x[p]), small, u[0], e[0], 2 * small, u[1], e[1]);
  }
  find_zero(x, difference, spread, &zero, &error, &chi2);
  printf("| %s, %d and %d cells | J/kT | %.5f +- %.5f (%+.2f +- %.2f %%, chi2 %.1f) | %.6f |\n",
         name, small, 2 * small, known * (1 + zero), known * error, 100 * zero, 100 * error, chi2,
         known);
  fflush(stdout);
}

static void compare_onsager(int64_t sweeps) {
  static const double kts[] = {1.6, 2.0, 2.2, 2.35, 2.6, 3.2};
  for (size_t k = 0; k < sizeof kts / sizeof *kts; k++) {
    csro_interactions i;
    csro_lattice l;
    csro_monte_carlo *run;
    csro_state_point point;
    must(&context, ordering_interactions(&context, SQUARE, &i));
    must(&context, csro_interactions_lattice(&context, &i, i.shares, (int[3]){128, 128, 1}, 3, &l));
    for (int64_t site = 0; kts[k] < 2.269 && site < 128 * 128; site++)
      l.species[site] = (uint8_t)((site + site / 128) & 1); /* ordered: no domains to grow out */
    must(&context, csro_monte_carlo_create(&context, &i, &l, 4, &run));
    const csro_measurement how = {ordering_kelvin(kts[k]), 0.5, sweeps / 4, sweeps, 100, 1};
    must(&context, csro_monte_carlo_measure(&context, run, &how, &point));
    const double exact = ordering_onsager(kts[k]), found = point.energy.mean / ORDERING_J,
                 error = point.energy.error / ORDERING_J;
    printf("| square, 128 x 128 | E/J at kT/J = %.2f | %.5f +- %.5f (%+.1f standard errors) | %.5f "
           "(Onsager) |\n",
           kts[k], found, error, (found - exact) / error, exact);
    fflush(stdout);
    csro_state_point_release(&point);
    csro_monte_carlo_destroy(&run);
    csro_lattice_release(&l);
    csro_interactions_release(&i);
  }
}

/* Between which temperatures half a crystal melts instead of growing: its energy against the mean
 * of both phases, where they are farthest apart. */
static void bracket(int prototype, double from, double step, int64_t sweeps, const char *known) {
  enum { TEMPERATURES = 8 };
  double energy[TEMPERATURES][3], gap = 0, middle = 0, lo = NAN, hi = NAN;
  for (int k = 0; k < TEMPERATURES; k++) {
    const double kt = from + step * k;
    for (int start = PERFECT; start <= RANDOM; start++)
      must(&context,
           ordering_start_energy(&context, prototype, (ordering_start)start, 12, kt,
                                 start == HALF_PERFECT ? sweeps : sweeps / 4, &energy[k][start]));
    const double apart = energy[k][RANDOM] - energy[k][PERFECT];
    if (apart > gap) {
      gap = apart;
      middle = (energy[k][RANDOM] + energy[k][PERFECT]) / 2;
    }
    fprintf(stderr,
            "%-14s kT/J %.3f  E/J from a crystal %.3f, half a crystal %.3f, a random alloy %.3f\n",
            csro_prototype_names[prototype], kt, energy[k][PERFECT], energy[k][HALF_PERFECT],
            energy[k][RANDOM]);
  }
  for (int k = 0; k < TEMPERATURES; k++) {
    if (energy[k][HALF_PERFECT] < middle)
      lo = from + step * k;
    else if (isnan(hi))
      hi = from + step * k;
  }
  printf("| fcc, 12 cells | kT/J of %s | %.2f +- %.2f (grows at %.2f, melts at %.2f) | %s |\n",
         csro_prototype_names[prototype], (lo + hi) / 2, (hi - lo) / 2, lo, hi, known);
  fflush(stdout);
}

static void compare_mean_field(int configurations) {
  for (double kt = 80; kt > 4; kt /= 2) {
    mean_field found;
    must(&context, mean_field_run(&context, 12, kt, configurations, &found));
    printf("| fcc, 12 cells, kT/J = %g | alpha at X | %.4f +- %.4f (chi2 per wave vector %.2f, "
           "largest difference %.1f %%) | %.4f (mean field) |\n",
           kt, found.x, found.x_error, found.chi2, 100 * found.largest, found.x_mean_field);
    fflush(stdout);
  }
}

/* Rows of the table of docs/theory.md; on stderr what they come from. */
static void known(const char *what, int64_t sweeps) {
  const bool all = strcmp(what, "all") == 0;
  if (all || strcmp(what, "bcc") == 0)
    find_crossing(BCC, "bcc", 12, 0.157373, sweeps);
  if (all || strcmp(what, "sc") == 0)
    find_crossing(SIMPLE_CUBIC, "simple cubic", 12, 0.221655, sweeps);
  if (all || strcmp(what, "square") == 0) {
    find_crossing(SQUARE, "square", 16, 0.440687, 4 * sweeps);
    compare_onsager(sweeps / 4);
  }
  if (all || strcmp(what, "fcc") == 0) {
    bracket(3, 1.68, 0.02, sweeps / 8, "1.74 +- 0.03");
    bracket(2, 1.72, 0.04, sweeps / 8, "");
  }
  if (all || strcmp(what, "diffuse") == 0)
    compare_mean_field((int)(sweeps / 50));
}

static void rate(csro_monte_carlo *run, double kelvin, int kind, clockid_t clock) {
  must(&context, csro_monte_carlo_sweep(&context, run, kelvin, kind, 1));
  const csro_exchange_counts before = csro_monte_carlo_counts(run);
  const double begin = seconds(clock);
  must(&context, csro_monte_carlo_sweep(&context, run, kelvin, kind, 5));
  const double taken = seconds(clock) - begin;
  const csro_exchange_counts after = csro_monte_carlo_counts(run);
  printf("  %-4s %6.1f M/s, %4.1f %% accepted\n", kind ? "far" : "near",
         1e-6 * (double)(after.attempts[kind] - before.attempts[kind]) / taken,
         100 * (double)(after.accepted[kind] - before.accepted[kind]) /
             (double)(after.attempts[kind] - before.attempts[kind]));
}

/* Per second of processor time with one thread: other programs on the machine do not count. */
static void speed(int threads) {
  static const int sizes[] = {64, 136};
  csro_interactions *i;
  must(&context, csro_interactions_shipped(&context, 0, &i));
  for (int k = 0; k < 2; k++) {
    csro_lattice l;
    csro_monte_carlo *run;
    const int n = sizes[k];
    must(&context, csro_interactions_lattice(&context, i, i->shares, (int[3]){n, n, n}, 1, &l));
    const double sites = (double)csro_lattice_site_count(&l), before = memory_now("VmRSS");
    must(&context, csro_monte_carlo_create(&context, i, &l, 1, &run));
    const double bytes = (memory_now("VmRSS") - before) / sites;
    csro_lattice_release(&l);
    context.threads = 1;
    printf("%s, fcc, 3 species, 18 neighbours, %.2f M sites, 800 K, %.2f bytes per site: exchanges "
           "of unlike atoms per second of one core\n",
           i->name, 1e-6 * sites, bytes);
    for (int kind = 0; kind < 2; kind++)
      rate(run, 800, kind, CLOCK_PROCESS_CPUTIME_ID);
    context.threads = threads;
    printf(" %d threads, by the clock on the wall:\n", threads);
    for (int kind = 0; kind < 2 && threads > 1; kind++)
      rate(run, 800, kind, CLOCK_MONOTONIC);
    csro_monte_carlo_destroy(&run);
  }
  csro_interactions_destroy(&i);
}

/* The cell that tests/bench/atom_swap.py gives to LAMMPS: 8 x 8 x 8 cells of fcc, 1:1, 500 K. */
static void small(void) {
  csro_interactions i;
  csro_lattice l;
  csro_monte_carlo *run;
  csro_state_point point;
  must(&context, ordering_interactions(&context, FCC, &i));
  must(&context, csro_interactions_lattice(&context, &i, i.shares, (int[3]){8, 8, 8}, 1, &l));
  must(&context, csro_monte_carlo_create(&context, &i, &l, 1, &run));
  const csro_measurement how = {500, 0.5, 1000, 10000, 1000, 0};
  const double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
  must(&context, csro_monte_carlo_measure(&context, run, &how, &point));
  const double taken = seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
  const csro_exchange_counts counts = csro_monte_carlo_counts(run);
  const double sites = (double)csro_lattice_site_count(&l);
  printf("%.0f attempts per second, E = %.3f +- %.3f eV\n",
         (double)(counts.attempts[0] + counts.attempts[1]) / taken, sites * point.energy.mean,
         sites * point.energy.error);
  csro_state_point_release(&point);
  csro_monte_carlo_destroy(&run);
  csro_lattice_release(&l);
  csro_interactions_release(&i);
}

int main(int count, char **argument) {
  csro_context_init(&context);
  if (count > 1 && strcmp(argument[1], "known") == 0) {
    const double sweeps = count > 3 ? atof(argument[3]) : 40000;
    context.threads = 1;
    known(count > 2 ? argument[2] : "all", (int64_t)sweeps);
  } else if (count > 1 && strcmp(argument[1], "speed") == 0) {
    const double threads = count > 2 ? atof(argument[2]) : context.threads;
    speed((int)threads);
  } else if (count > 1 && strcmp(argument[1], "small") == 0) {
    context.threads = 1;
    small();
  } else {
    stop("bench_monte_carlo known [bcc|sc|square|fcc|all [SWEEPS]] | speed [THREADS] | small");
  }
  return 0;
}
