/* How far the 95 % intervals of order parameters hold: perfect structures with position noise, of
 * which half of the atoms are detected, against the exact values of shells and plane offsets (of
 * shells with the noise, of planes without it).
 *   bench_order_structures [SEEDS [SIGMA_Z in nm [STRUCTURE [FIRST_SEED]]]]
 * 100, 0.05, all, 1. */
#include "measure.h"

#include "order_crystal.h"

enum { VALUES = 5, BINS_PER_PLANE = 10, PAIRS = 4, TERMS = 400 };
static const double sigma_xy = 0.3, efficiency = 0.5, lateral = 0.6, last = 1; /* nm */

static const struct alloy {
  const char *name;
  int hkl[3];
  double constant, planes; /* nm; spacings in a lattice constant */
  int cells;
} alloys[] = {{"L1_2", {0, 0, 2}, 0.36, 2, 24},
              {"L1_0", {0, 0, 2}, 0.36, 2, 24},
              {"L1_1", {1, 1, 1}, 0.36, 1.7320508, 24},
              {"B2", {0, 0, 2}, 0.29, 2, 30},
              {"D0_3", {0, 0, 2}, 0.29, 2, 30}};

/* The chance that a vector of the length l in two dimensions, with normal noise s along each, is
 * shorter than r: Poisson mixture of gamma distributions. */
static double shorter(double l, double s, double r) {
  const double a = l * l / (2 * s * s), x = r * r / (2 * s * s);
  double poisson = exp(-a), term = exp(-x), gamma = 1 - term, sum = 0;
  for (int k = 0; k < TERMS && (k < a || poisson > 1e-16); k++) {
    sum += poisson * gamma;
    poisson *= a / (k + 1);
    term *= x / (k + 1);
    gamma -= term;
  }
  return sum;
}

/* The chance that a vector (l across, h along z) is shorter than r, with the noise of two ions. */
static double within(double l, double h, double sigma_z, double r) {
  enum { STEPS = 48 };
  const double s = sigma_z * sqrt(2.0), width = 8 * s / STEPS;
  double sum = 0, all = 0;
  for (int k = 0; k < STEPS; k++) {
    const double dz = (k + 0.5) * width - 4 * s, z = h + dz, w = exp(-dz * dz / (2 * s * s));
    all += w;
    if (fabs(z) < r)
      sum += w * shorter(l, sigma_xy * sqrt(2.0), sqrt(r * r - z * z));
  }
  return sum / all;
}

/* Exact alpha[pair][value] of all sites about those of one cell of 2 lattice constants. */
static void find_exact(const order_crystal *c, csro_neighbour_kind kind, double sigma_z,
                       double constant, double exact[PAIRS][VALUES]) {
  const bool planes = kind == CSRO_NEIGHBOURS_PLANES;
  double of[PAIRS][VALUES] = {{0}};
  for (int64_t i = 0; i < c->count; i++) {
    const double middle = floor(c->side / constant / 2) * constant;
    bool centre = true;
    for (int k = 0; k < 3; k++)
      centre =
          centre && c->site[i][k] > middle - 1e-6 && c->site[i][k] < middle + 2 * constant - 1e-6;
    for (int64_t j = 0; centre && j < c->count; j++) {
      double d[3], r[3];
      for (int k = 0; k < 3; k++)
        d[k] = c->site[j][k] - c->site[i][k];
      order_crystal_turn(c->axes, d, r);
      const double l = hypot(r[0], r[1]), h = fabs(r[2]), n = round(h / c->spacing);
      double *sums = of[c->group[i] * 2 + c->group[j]];
      if (i == j || l > last + 6 * sigma_xy || h > last + 6 * sigma_z)
        continue;
      if (planes && n < VALUES)
        sums[(int)n] += shorter(l, sigma_xy * sqrt(2.0), lateral);
      double inner = 0;
      for (int v = 0; v < VALUES && !planes; v++) {
        const double outer = within(l, h, sigma_z, last * (v + 1) / VALUES);
        sums[v] += outer - inner;
        inner = outer;
      }
    }
  }
  for (int pair = 0; pair < PAIRS; pair++)
    for (int v = 0; v < VALUES; v++)
      exact[pair][v] =
          1 - of[pair][v] / (of[pair / 2 * 2][v] + of[pair / 2 * 2 + 1][v]) / c->share[pair % 2];
}

static void measure(csro_context *context, const order_sample *s, csro_neighbour_kind kind,
                    const order_crystal *c, double sigma_z, csro_order_parameter *out) {
  const bool planes = kind == CSRO_NEIGHBOURS_PLANES;
  const double variance = sigma_z * sigma_z / c->spacing / c->spacing;
  const csro_neighbour_bins bins = {kind,
                                    planes ? (VALUES + 1) * BINS_PER_PLANE : VALUES,
                                    0,
                                    planes ? VALUES + 1 : last,
                                    lateral,
                                    c->spacing,
                                    planes ? s->height : NULL};
  const csro_order_values values = {kind, 0, VALUES, 1. / BINS_PER_PLANE,
                                    (double[]){variance, variance}};
  csro_neighbour_counts counts;
  csro_order_test test;
  must(context, csro_neighbour_counts_make(context, &s->ions, &bins, &counts));
  must(context, csro_order_parameters_make(context, &counts, &values, out, &test));
  csro_neighbour_counts_release(&counts);
}

int main(int argc, char **argv) {
  const int seeds = argc > 1 ? atoi(argv[1]) : 100;
  const double sigma_z = argc > 2 ? atof(argv[2]) : 0.05;
  const char *only = argc > 3 ? argv[3] : "all";
  const int first = argc > 4 ? atoi(argv[4]) : 1;
  csro_context context;
  csro_context_init(&context);
  for (size_t k = 0; k < sizeof alloys / sizeof *alloys; k++) {
    if (strcmp(only, "all") != 0 && strcmp(only, alloys[k].name) != 0)
      continue;
    const struct alloy *of = &alloys[k];
    order_crystal c =
        order_crystal_make(&context, of->name, of->hkl, of->constant, of->planes, of->cells);
    double exact[2][PAIRS][VALUES];
    int inside[2][PAIRS][VALUES] = {{{0}}};
    double mean[2][PAIRS][VALUES] = {{{0}}}, error[2][PAIRS][VALUES] = {{{0}}};
    const csro_neighbour_kind kinds[2] = {CSRO_NEIGHBOURS_SHELLS, CSRO_NEIGHBOURS_PLANES};
    for (int by = 0; by < 2; by++)
      find_exact(&c, kinds[by], sigma_z, alloys[k].constant, exact[by]);
    for (int seed = first; seed < first + seeds; seed++) {
      const order_noise noise = {sigma_xy, sigma_z, efficiency, 0, 1};
      order_sample s = order_sample_make(&context, &c, &noise, (uint64_t)seed);
      for (int by = 0; by < 2; by++) {
        csro_order_parameter out[PAIRS * VALUES];
        measure(&context, &s, kinds[by], &c, sigma_z, out);
        for (int pair = 0; pair < PAIRS; pair++)
          for (int v = 0; v < VALUES; v++) {
            const csro_order_parameter *found = &out[pair * VALUES + v];
            inside[by][pair][v] +=
                found->low <= exact[by][pair][v] && found->high >= exact[by][pair][v];
            mean[by][pair][v] += found->alpha / seeds;
            error[by][pair][v] += found->error / seeds;
          }
      }
      order_sample_free(&s);
    }
    for (int by = 0; by < 2; by++)
      for (int pair = 0; pair < PAIRS; pair++) {
        printf("%s %s %c%c:", alloys[k].name, by ? "planes" : "shells", "AB"[pair / 2],
               "AB"[pair % 2]);
        for (int v = 0; v < VALUES; v++)
          printf("  %.4f (%.4f +- %.4f) %d", exact[by][pair][v], mean[by][pair][v],
                 error[by][pair][v], inside[by][pair][v]);
        printf("\n");
      }
    fflush(stdout);
    order_crystal_free(&c);
  }
  return 0;
}
