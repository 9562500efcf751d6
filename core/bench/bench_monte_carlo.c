/* Monte Carlo against known transitions, and its speed:
 *   bench_monte_carlo known [SWEEPS]   Ising couplings, Onsager's energy, fcc L1_0 and L1_2
 *   bench_monte_carlo speed [THREADS]  exchanges of unlike atoms per second of a core, memory */
#include "measure.h"
#include "ordering.h"

#include <time.h>

static csro_context context;

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The coupling where the cumulants of two sizes are equal: between the two values about the known
 * one where the sign of their difference changes. */
static void find_crossing(ordering_lattice kind, const char *name, int small, double known,
                          int64_t sweeps) {
  enum { POINTS = 5 };
  double difference[POINTS], error[POINTS], ratio[POINTS];
  for (int p = 0; p < POINTS; p++) {
    double u[2], e[2];
    ratio[p] = 1 + 0.01 * (p - 2);
    for (int size = 0; size < 2; size++)
      must(&context, ordering_binder(&context, kind, small << size, 1 / (known * ratio[p]),
                                     sweeps << (kind == SQUARE ? 1 : 0),
                                     (uint64_t)(10 * p + size + 1), &u[size], &e[size]));
    difference[p] = u[1] - u[0];
    error[p] = sqrt(e[0] * e[0] + e[1] * e[1]);
    printf("%-14s J/kT %.6f  U(%d) %.4f +- %.4f  U(%d) %.4f +- %.4f\n", name, known * ratio[p],
           small, u[0], e[0], 2 * small, u[1], e[1]);
    fflush(stdout);
  }
  int k = 0; /* between k and k + 1 */
  while (k < POINTS - 2 && difference[k + 1] < 0)
    k++;
  const double before = difference[k], behind = difference[k + 1], gap = behind - before;
  const double at = ratio[k] - before / gap * (ratio[k + 1] - ratio[k]);
  const double spread =
      sqrt(behind * behind * error[k] * error[k] + before * before * error[k + 1] * error[k + 1]) /
      (gap * gap) * (ratio[k + 1] - ratio[k]);
  printf("%-14s crosses at J/kT %.5f +- %.5f, known %.6f: %+.2f %% (+- %.2f)\n", name, known * at,
         known * spread, known, 100 * (at - 1), 100 * spread);
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
    fflush(stdout);
    printf("square kT/J %.2f  E/J %.5f +- %.5f  Onsager %.5f  (%+.1f errors, tau %.1f sweeps)\n",
           kts[k], found, error, exact, (found - exact) / error, point.energy.tau);
    csro_state_point_release(&point);
    csro_monte_carlo_destroy(&run);
    csro_lattice_release(&l);
    csro_interactions_release(&i);
  }
}

/* Between which temperatures half a crystal melts instead of growing: its energy against the mean
 * of both phases, where they are farthest apart. */
static void bracket(int prototype, double from, double step, int64_t sweeps) {
  enum { POINTS = 8 };
  double energy[POINTS][3], gap = 0, middle = 0, lo = NAN, hi = NAN;
  for (int k = 0; k < POINTS; k++) {
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
    printf("%-14s kT/J %.3f  E/J from a crystal %.3f, half a crystal %.3f, a random alloy %.3f\n",
           csro_prototype_names[prototype], kt, energy[k][PERFECT], energy[k][HALF_PERFECT],
           energy[k][RANDOM]);
    fflush(stdout);
  }
  for (int k = 0; k < POINTS; k++) {
    if (energy[k][HALF_PERFECT] < middle)
      lo = from + step * k;
    else if (isnan(hi))
      hi = from + step * k;
  }
  printf("%-14s transition at kT/J %.3f +- %.3f\n", csro_prototype_names[prototype], (lo + hi) / 2,
         (hi - lo) / 2);
}

static void known(int64_t sweeps) {
  find_crossing(BCC, "bcc", 8, 0.157373, sweeps);
  find_crossing(SIMPLE_CUBIC, "simple cubic", 8, 0.221655, sweeps);
  bracket(3, 1.68, 0.02, sweeps / 8);
  bracket(2, 1.72, 0.04, sweeps / 8);
  compare_onsager(sweeps / 4);
  find_crossing(SQUARE, "square", 16, 0.440687, sweeps);
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

int main(int count, char **argument) {
  csro_context_init(&context);
  const double number = count > 2 ? atof(argument[2]) : 0;
  if (count > 1 && strcmp(argument[1], "known") == 0) {
    context.threads = 1;
    known(number > 0 ? (int64_t)number : 40000);
  } else if (count > 1 && strcmp(argument[1], "speed") == 0) {
    speed(number > 0 ? (int)number : context.threads);
  } else {
    stop("bench_monte_carlo known [SWEEPS] | speed [THREADS]");
  }
  return 0;
}
