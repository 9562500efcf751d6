/* The go/no-go map of order parameters by plane offsets: the smallest |alpha| of like pairs one
 * plane apart that can be told from random alloys, by simulation of random alloys.
 *   bench_go_no_go [MEMBERS] > core/src/statistics/go_no_go.csv
 * 150: 450 values in each cell. fcc, a = 0.36 nm, <002> along z; the values are those of a million
 * ions of a species of half of the ions; those of others follow from csro/go_no_go.h. */
#include "measure.h"

#include "order_crystal.h"

enum { GROUPS = 3, VALUES = 4, BINS_PER_PLANE = 10, CELLS = 20, MEMBERS = 50 };
static const double lateral = 0.6, sigma_xy = 0.3, constant = 0.36, many = 1e6;
static const double power = 2.8; /* standard deviations: p <= 0.05 in 80 of 100 */
static const double blurs[] = {0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6};
static const double efficiencies[] = {0.1, 0.2, 0.35, 0.5, 0.8, 1};

/* Adds to the sum of squares of alpha, of random alloys; returns how many. */
static int add_members(csro_context *context, const order_sample *s, double spacing, double blur,
                       double *squares) {
  csro_order_parameter out[GROUPS * GROUPS * VALUES];
  double variance[GROUPS];
  for (int g = 0; g < GROUPS; g++)
    variance[g] = blur * blur;
  const csro_neighbour_bins bins = {CSRO_NEIGHBOURS_PLANES,
                                    (VALUES + 1) * BINS_PER_PLANE,
                                    0,
                                    VALUES + 1,
                                    lateral,
                                    spacing,
                                    s->height};
  const csro_order_values values = {CSRO_NEIGHBOURS_PLANES, 0, VALUES, 1. / BINS_PER_PLANE,
                                    variance};
  csro_neighbour_counts counts;
  csro_order_test test;
  must(context, csro_neighbour_counts_make(context, &s->ions, &bins, &counts));
  for (int m = 0; m < counts.members; m++) {
    csro_neighbour_counts one = counts; /* the data are then this member */
    one.members = 1;
    one.of += m * csro_neighbour_block(&counts);
    must(context, csro_order_parameters_make(context, &one, &values, out, &test));
    for (int g = 0; g < GROUPS; g++)
      *squares += pow(out[(g * GROUPS + g) * VALUES + 1].alpha, 2);
  }
  csro_neighbour_counts_release(&counts);
  return GROUPS * s->ions.members;
}

int main(int argc, char **argv) {
  const int members = argc > 1 ? atoi(argv[1]) : 150;
  csro_context context;
  csro_context_init(&context);
  order_crystal c = order_crystal_make(&context, "fcc", (int[3]){0, 0, 2}, constant, 2, CELLS);
  printf("sigma_z_per_spacing,efficiency,alpha\n");
  for (size_t b = 0; b < sizeof blurs / sizeof *blurs; b++)
    for (size_t e = 0; e < sizeof efficiencies / sizeof *efficiencies; e++) {
      const order_noise noise = {sigma_xy, blurs[b] * c.spacing, efficiencies[e], GROUPS, MEMBERS};
      double squares = 0, ions = 0, count = 0;
      for (int seed = 0; seed * MEMBERS < members; seed++) {
        order_sample s = order_sample_make(&context, &c, &noise, (uint64_t)seed);
        const int more = add_members(&context, &s, c.spacing, blurs[b], &squares);
        count += more;
        ions += more * (double)s.own;
        order_sample_free(&s);
      }
      const double of_share = (1 - 1. / GROUPS) * GROUPS; /* (1 - c) / c */
      printf("%g,%g,%.3g\n", blurs[b], efficiencies[e],
             power * sqrt(squares / count * (ions / count) / many) / of_share);
      fflush(stdout);
    }
  order_crystal_free(&c);
  return 0;
}
