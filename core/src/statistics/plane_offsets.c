#include "statistics/plane_offsets.h"

#include <math.h>
#include <stdlib.h>

/* Planes are never taken as sharper than that. */
static const double least_deviation = 0.12;

/* A bin of differences of height, in planes. */
struct bin {
  double middle, width;
};

/* The share of a normal distribution about 0 that is in the bin. */
static double gaussian(double middle, double width, double deviation) {
  const double unit = deviation * sqrt(2.0);
  return (erf((middle + width / 2) / unit) - erf((middle - width / 2) / unit)) / 2;
}

/* Pairs of a bin with n planes between, either way, where all planes are as full. */
static double expected(struct bin bin, int n, double deviation) {
  const double up = gaussian(bin.middle - n, bin.width, deviation);
  return n > 0 ? up + gaussian(bin.middle + n, bin.width, deviation) : up;
}

/* How full an ion's own plane is: in the bins nearest to it there are as many pairs as the others,
 * which are as full as in the bins beyond, do not explain. */
static double find_own_plane(const csro_plane_offsets *plane, double planes_per_bin,
                             double deviation, const double *total) {
  double far_found = 0, far_expected = 0, near_found = 0, near_own = 0, near_others = 0;
  for (int bin = 0; bin < plane->bins; bin++) {
    const double height = (bin + 0.5) * planes_per_bin;
    const struct bin of = {height, planes_per_bin};
    double others = 0;
    for (int n = 1; n < plane->offsets; n++)
      others += expected(of, n, deviation);
    if (height >= 1.5 && height < plane->bins * planes_per_bin - 0.5) {
      far_found += total[bin];
      far_expected += others;
    } else if (height < 0.5) {
      near_found += total[bin];
      near_own += expected(of, 0, deviation);
      near_others += others;
    }
  }
  if (!(far_found > 0) || !(near_own > 0))
    return 1;
  const double per_plane = far_found / far_expected;
  return fmax(0.01, (near_found / per_plane - near_others) / near_own);
}

csro_status csro_plane_offsets_init(csro_context *context, int bins, double planes_per_bin,
                                    double variance, int offsets, const double *total,
                                    csro_plane_offsets *plane) {
  *plane = (csro_plane_offsets){.bins = bins, .offsets = offsets};
  plane->share = csro_allocate(context, (long long)bins * offsets, sizeof *plane->share);
  if (!plane->share)
    return CSRO_ERROR_MEMORY;
  const double deviation = fmax(least_deviation, sqrt(variance));
  const double own = find_own_plane(plane, planes_per_bin, deviation, total);
  for (int bin = 0; bin < bins; bin++) {
    double *share = plane->share + (long long)bin * offsets, sum = 0;
    const struct bin of = {(bin + 0.5) * planes_per_bin, planes_per_bin};
    for (int n = 0; n < offsets; n++) {
      share[n] = (n > 0 ? 1 : own) * expected(of, n, deviation);
      sum += share[n];
    }
    for (int n = 0; n < offsets; n++)
      share[n] /= sum;
  }
  return CSRO_OK;
}

void csro_plane_offsets_release(csro_plane_offsets *plane) {
  if (!plane)
    return;
  free(plane->share);
  *plane = (csro_plane_offsets){0};
}

/* Solves the symmetric positive definite system in place (Cholesky). */
static void solve(int n, double m[CSRO_OFFSETS][CSRO_OFFSETS], double *x) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < i; j++) {
      for (int k = 0; k < j; k++)
        m[i][j] -= m[i][k] * m[j][k];
      m[i][j] /= m[j][j];
      m[i][i] -= m[i][j] * m[i][j];
    }
    m[i][i] = sqrt(fmax(m[i][i], 1e-300));
    for (int k = 0; k < i; k++)
      x[i] -= m[i][k] * x[k];
    x[i] /= m[i][i];
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int k = i + 1; k < n; k++)
      x[i] -= m[k][i] * x[k];
    x[i] /= m[i][i];
  }
}

void csro_plane_offsets_fit(const csro_plane_offsets *plane, const double *weight,
                            const double *measured, double *value) {
  const int n = plane->offsets;
  double normal[CSRO_OFFSETS][CSRO_OFFSETS] = {{0}};
  for (int i = 0; i < n; i++) {
    normal[i][i] = 1; /* values are of the order of 1: so that all of them are determined */
    value[i] = 0;
  }
  for (int bin = 0; bin < plane->bins; bin++) {
    const double *share = plane->share + (long long)bin * n;
    for (int i = 0; i < n && weight[bin] > 0; i++) {
      value[i] += weight[bin] * share[i] * measured[bin];
      for (int j = 0; j <= i; j++)
        normal[i][j] += weight[bin] * share[i] * share[j];
    }
  }
  solve(n, normal, value);
}
