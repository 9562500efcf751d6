#include "theory/special_points.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Where symmetry alone makes an extremum (Khachaturyan, Theory of structural transformations in
 * solids, 1983), and the waves of two further structures. */
static const csro_special_point fcc[] = {
    {"Gamma (0 0 0)", {0, 0, 0}, "decomposition: like atoms together"},
    {"X (1 0 0)", {1, 0, 0}, "L1_2, L1_0; DO22 with (1 1/2 0)"},
    {"W (1 1/2 0)", {1, 0.5, 0}, "DO22 with (1 0 0); A2B2 (chalcopyrite)"},
    {"L (1/2 1/2 1/2)", {0.5, 0.5, 0.5}, "L1_1"},
    {"(2/3 2/3 0)", {2.0 / 3, 2.0 / 3, 0}, "MoPt2"},
    {"(4/5 2/5 0)", {0.8, 0.4, 0}, "D1_a"}};
static const csro_special_point bcc[] = {
    {"Gamma (0 0 0)", {0, 0, 0}, "decomposition: like atoms together"},
    {"H (1 0 0)", {1, 0, 0}, "B2; D0_3 with (1/2 1/2 1/2)"},
    {"P (1/2 1/2 1/2)", {0.5, 0.5, 0.5}, "D0_3 with (1 0 0); B32"},
    {"N (1/2 1/2 0)", {0.5, 0.5, 0}, "B11"}};

static double length2(const double q[3]) {
  return q[0] * q[0] + q[1] * q[1] + q[2] * q[2];
}

/* q less the nearest vector with whole components of this parity (0 even, 1 odd). */
static void less_parity(const double q[3], int parity, double out[3]) {
  for (int k = 0; k < 3; k++)
    out[k] = q[k] - (2 * round((q[k] - parity) / 2) + parity);
}

/* q less the nearest whole vector whose sum is even. */
static void less_even_sum(const double q[3], double out[3]) {
  double sum = 0;
  int worst = 0;
  for (int k = 0; k < 3; k++) {
    const double whole = round(q[k]);
    out[k] = q[k] - whole;
    sum += whole;
    if (fabs(out[k]) > fabs(out[worst]))
      worst = k;
  }
  if (fmod(fabs(sum), 2) != 0)
    out[worst] += out[worst] > 0 ? -1 : 1;
}

void csro_special_fold(int parent, const double q[3], double folded[3]) {
  if (parent == 0) {
    double odd[3];
    less_parity(q, 0, folded);
    less_parity(q, 1, odd);
    if (length2(odd) < length2(folded) - 1e-9)
      memcpy(folded, odd, sizeof odd);
  } else {
    less_even_sum(q, folded);
  }
  for (int k = 0; k < 3; k++)
    folded[k] = fabs(folded[k]);
  for (int pass = 0; pass < 2; pass++)
    for (int k = 0; k < 2; k++)
      if (folded[k] < folded[k + 1]) {
        const double swap = folded[k];
        folded[k] = folded[k + 1];
        folded[k + 1] = swap;
      }
}

const csro_special_point *csro_special_nearest(int parent, const double folded[3],
                                               double *distance) {
  const csro_special_point *points = parent == 0 ? fcc : bcc, *best = points;
  const size_t count = parent == 0 ? sizeof fcc / sizeof *fcc : sizeof bcc / sizeof *bcc;
  *distance = INFINITY;
  for (size_t i = 0; i < count; i++) {
    const double difference[3] = {folded[0] - points[i].q[0], folded[1] - points[i].q[1],
                                  folded[2] - points[i].q[2]};
    if (sqrt(length2(difference)) < *distance) {
      *distance = sqrt(length2(difference));
      best = &points[i];
    }
  }
  return best;
}
