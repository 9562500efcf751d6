/* How sensitive order parameters by plane offsets are, and how far their intervals, limits and p
 * hold: CoCrNi with sigma_z 0.06 nm.
 *   bench_order_parameters [SEEDS [HEIGHT in nm [DOMAINS per nm^3]]]
 * 5, 49 (1.4 M ions), 0.05 of order 0.5. */
#include "csro/distributions.h"
#include "csro/go_no_go.h"
#include "csro/order_parameters.h"
#include "csro/planes.h"
#include "csro/random.h"
#include "csro/specimen.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COPIES = 19, MEMBERS = COPIES + 1, GROUPS = 4, NICKEL = 3, VALUES = 7, SIDE = 4 };
static const double lateral = 0.6, width = 25;

static void check(const csro_context *context, csro_status status) {
  if (status == CSRO_OK)
    return;
  printf("%s\n", context->message);
  exit(1);
}

/* Heights of the ions and the spread of each group. */
static double *find_heights(csro_context *context, const csro_points *points, const uint16_t *label,
                            double variance[GROUPS], double *spacing) {
  csro_planes planes;
  check(context, csro_planes_fit(context, points, label, 0.18, NULL, &planes));
  int64_t(*sums)[3] = calloc((size_t)csro_planes_blocks(&planes) + GROUPS + 1, sizeof *sums);
  check(context, csro_planes_sum_blur(context, &planes, points, label, GROUPS, sums));
  check(context, csro_planes_set_blur(context, GROUPS, sums, &planes));
  double *height = calloc((size_t)points->count, sizeof *height);
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    csro_points_get(points, i, r);
    height[i] = csro_planes_height(&planes, r) - planes.shift[label[i]];
  }
  *spacing = planes.spacing;
  for (int g = 0; g < GROUPS; g++)
    variance[g] = (planes.sigma_z * planes.sigma_z + (g > 0 ? planes.extra[g] : 0)) /
                  (planes.spacing * planes.spacing);
  free(sums);
  csro_planes_release(&planes);
  return height;
}

static csro_order_parameter measure(csro_context *context, int seed, double height, double density,
                                    int64_t *ranged, double *seconds) {
  csro_specimen s;
  csro_specimen_default(&s);
  s.shape = CSRO_SHAPE_BOX;
  s.width[0] = s.width[1] = width;
  s.height = height;
  s.sigma_z = 0.06;
  s.domain_density = density;
  s.order = 0.5;
  s.seed = (uint64_t)seed;
  csro_specimen_ions ions;
  check(context, csro_specimen_simulate(context, &s, 0, 1, &ions));
  float *xyz = ions.ions.xyz;
  int64_t n = 0;
  for (int64_t i = 0; i < ions.ions.count; i++)
    if (ions.label[i] > 0) {
      memmove(xyz + 3 * n, xyz + 3 * i, 3 * sizeof *xyz);
      ions.label[n++] = ions.label[i];
    }
  uint8_t *group = calloc((size_t)n * MEMBERS, 1), *part = calloc((size_t)n, 1);
  int64_t *number = calloc((size_t)n, sizeof *number);
  for (int m = 0; m < MEMBERS; m++) {
    csro_permutation permutation;
    csro_permutation_init(&permutation, (uint64_t)(seed * MEMBERS + m), (uint64_t)n);
    for (int64_t i = 0; i < n; i++) {
      const int64_t from = m > 0 ? (int64_t)csro_permutation_at(&permutation, (uint64_t)i) : i;
      group[i * MEMBERS + m] = (uint8_t)(ions.label[from] < GROUPS ? ions.label[from] : 0);
    }
  }
  for (int64_t i = 0; i < n; i++) {
    number[i] = i;
    const int x = (int)fmin(SIDE - 1, fmax(0, (xyz[3 * i] / width + 0.5) * SIDE)),
              y = (int)fmin(SIDE - 1, fmax(0, (xyz[3 * i + 1] / width + 0.5) * SIDE)),
              z = (int)fmin(1, fmax(0, -xyz[3 * i + 2] / height * 2));
    part[i] = (uint8_t)((z * SIDE + y) * SIDE + x);
  }
  const csro_points points = {xyz, false, n};
  double variance[GROUPS], spacing;
  double *heights = find_heights(context, &points, ions.label, variance, &spacing);
  const csro_labelled_ions all = {points, n, number, part, 2 * SIDE * SIDE, GROUPS, MEMBERS, group};
  const csro_neighbour_bins bins = {
      CSRO_NEIGHBOURS_PLANES, 10 * (VALUES + 1), 0, VALUES + 1, lateral, spacing, heights};
  const csro_order_values values = {CSRO_NEIGHBOURS_PLANES, 1, VALUES, 0.1, variance};
  csro_neighbour_counts counts;
  csro_order_parameter out[(GROUPS - 1) * (GROUPS - 1) * VALUES];
  csro_order_test test;
  const double begin = omp_get_wtime();
  check(context, csro_neighbour_counts_make(context, &all, &bins, &counts));
  check(context, csro_order_parameters_make(context, &counts, &values, out, &test));
  *seconds = omp_get_wtime() - begin;
  *ranged = n;
  csro_neighbour_counts_release(&counts);
  csro_specimen_ions_release(&ions);
  free(heights);
  free(group);
  free(part);
  free(number);
  return out[((NICKEL - 1) * (GROUPS - 1) + NICKEL - 1) * VALUES + 1];
}

static int by_limit(const void *a, const void *b) {
  const double x = ((const csro_order_parameter *)a)->limit,
               y = ((const csro_order_parameter *)b)->limit;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  const int seeds = argc > 1 ? atoi(argv[1]) : 5;
  const double height = argc > 2 ? atof(argv[2]) : 49, density = argc > 3 ? atof(argv[3]) : 0.05;
  csro_context context;
  csro_context_init(&context);
  double z = 0, truth = 0, detectable = 0, p[10] = {0};
  csro_order_parameter *found = calloc((size_t)seeds, sizeof *found);
  for (int seed = 1; seed <= seeds; seed++) {
    int64_t ions;
    double seconds;
    const csro_order_parameter ni = measure(&context, seed, height, density, &ions, &seconds);
    printf("seed %d: %lld ions, %.1f s; Ni-Ni, 1 plane apart: alpha %.5f (%.5f to %.5f), copies "
           "%.5f +- %.5f, z %.2f, p %.2f, limit %.5f\n",
           seed, (long long)ions, seconds, ni.alpha, ni.low, ni.high, ni.mean, ni.deviation, ni.z,
           ni.p, ni.limit);
    found[seed - 1] = ni;
    z += ni.z / seeds;
    truth += density > 0 ? ni.alpha / seeds : 0; /* 0 without order, else as good as known */
    detectable += CSRO_SMALLEST_ALPHA * ni.deviation / seeds;
    p[(int)fmin(9, ceil(ni.p * 10 - 1e-9) - 1)]++;
  }
  int holds = 0, inside = 0;
  for (int k = 0; k < seeds; k++) {
    inside += found[k].low <= truth && found[k].high >= truth;
    holds += found[k].limit >= fabs(truth);
  }
  qsort(found, (size_t)seeds, sizeof *found, by_limit);
  printf("mean z %.2f, median limit %.5f, smallest detectable %.5f\n", z, found[seeds / 2].limit,
         detectable);
  printf("%.5f is inside the interval in %d, below the limit in %d of %d; p by tenths:", truth,
         inside, holds, seeds);
  double chi2 = 0;
  for (int k = 0; k < 10; k++) {
    printf(" %.0f", p[k]);
    chi2 += pow(p[k] - seeds / 10., 2) / (seeds / 10.);
  }
  printf(" (chi2 %.1f of 9, p %.2f)\n", chi2, csro_chi2_tail(chi2, 9));
  free(found);
  return 0;
}
