#include "csro/radial_distribution.h"

#include <math.h>

double csro_label_expectation(const int64_t *of, int groups, int a, int b, double all) {
  double ions = 0;
  for (int group = 0; group < groups; group++)
    ions += (double)of[group];
  const double pairs = (double)of[a] * ((double)of[b] - (a == b));
  return all * pairs / (ions * (ions - 1));
}

double csro_radial_ratio(const csro_neighbour_counts *counts, int member, int a, int b, int bin) {
  const int groups = counts->groups, bins = counts->bins;
  const int64_t *of = counts->of + member * csro_neighbour_block(counts);
  int64_t ions[CSRO_GROUPS] = {0};
  double all = 0;
  for (int x = 0; x < groups; x++) {
    for (int part = 0; part < counts->parts; part++)
      ions[x] += counts->ions[part * groups + x];
    for (int y = 0; y < groups; y++)
      all += (double)of[((int64_t)x * bins + bin) * groups + y];
  }
  const double expected = csro_label_expectation(ions, groups, a, b, all);
  return expected > 0 ? (double)of[((int64_t)a * bins + bin) * groups + b] / expected : NAN;
}

double csro_radial_all(int64_t pairs, int64_t ions, double volume, double room) {
  const double expected = (double)ions * ((double)ions - 1) * room / (volume * volume);
  return expected > 0 ? (double)pairs / expected : NAN;
}

double csro_shell_volume(double first, double last) {
  return 4 * acos(-1.0) / 3 * (last * last * last - first * first * first);
}
