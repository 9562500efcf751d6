#include "theory/order_waves.h"

#include <complex.h>
#include <math.h>
#include <string.h>

/* Points of a star in sixths of 2 pi / a, and how its amplitudes make the order of a structure:
 * the least, the largest, or the largest less the second. */
typedef enum choice { LEAST, LARGEST, ALONE } choice;
typedef struct wave_star {
  const char *structure;
  int parent, waves;
  choice choice;
  double share;     /* of the sublattice B */
  double amplitude; /* of the wave when B has all of a species: |sum over B| / sites */
  int q[6][3];
} wave_star;

static const wave_star stars[CSRO_ORDERS] = {
    {"L1_2", 0, 3, LEAST, 0.25, 0.25, {{6, 0, 0}, {0, 6, 0}, {0, 0, 6}}},
    {"L1_0", 0, 3, ALONE, 0.5, 0.5, {{6, 0, 0}, {0, 6, 0}, {0, 0, 6}}},
    {"L1_1", 0, 4, ALONE, 0.5, 0.5, {{3, 3, 3}, {-3, 3, 3}, {3, -3, 3}, {3, 3, -3}}},
    {"DO22", 0, 3, ALONE, 0.25, 0.25, {{6, 0, 3}, {3, 6, 0}, {0, 3, 6}}},
    {"B2", 1, 1, LARGEST, 0.5, 0.5, {{6, 0, 0}}},
    {"D0_3", 1, 1, LARGEST, 0.25, 0.25, {{3, 3, 3}}},
    {"MoPt2",
     0,
     6,
     ALONE,
     1.0 / 3,
     1.0 / 3,
     {{4, 4, 0}, {4, -4, 0}, {4, 0, 4}, {4, 0, -4}, {0, 4, 4}, {0, 4, -4}}}};

static double find_amplitude(const csro_site_counts *sites, const double (*basis)[3],
                             int basis_count, const int q[3], int species, double total) {
  double complex sum = 0;
  for (int z = 0; z < CSRO_PERIOD; z++)
    for (int y = 0; y < CSRO_PERIOD; y++)
      for (int x = 0; x < CSRO_PERIOD; x++)
        for (int b = 0; b < basis_count; b++) {
          const double phase =
              q[0] * (x + basis[b][0]) + q[1] * (y + basis[b][1]) + q[2] * (z + basis[b][2]);
          sum += (double)sites->count[z][y][x][b][species] *
                 cexp(-2 * 3.14159265358979324 * I * phase / CSRO_PERIOD);
        }
  return cabs(sum) / total;
}

/* Whether the box holds whole waves. */
static bool fits(const wave_star *star, const int cells[3]) {
  for (int k = 0; k < star->waves; k++)
    for (int axis = 0; axis < 3; axis++)
      if (star->q[k][axis] * cells[axis] % CSRO_PERIOD != 0)
        return false;
  return true;
}

static double choose(const wave_star *star, const double *amplitude) {
  double least = INFINITY, largest = 0, second = 0;
  for (int k = 0; k < star->waves; k++) {
    const double a = amplitude[k];
    least = fmin(least, a);
    second = a > largest ? largest : fmax(second, a);
    largest = fmax(largest, a);
  }
  return star->choice == LEAST ? least : star->choice == LARGEST ? largest : largest - second;
}

static double count_species(const csro_site_counts *sites, int basis_count, int species) {
  double sum = 0;
  for (int z = 0; z < CSRO_PERIOD; z++)
    for (int y = 0; y < CSRO_PERIOD; y++)
      for (int x = 0; x < CSRO_PERIOD; x++)
        for (int b = 0; b < basis_count; b++)
          sum += (double)sites->count[z][y][x][b][species];
  return sum;
}

void csro_order_waves(const csro_site_counts *sites, int parent, const double (*basis)[3],
                      const int cells[3], int species_count,
                      double order[CSRO_ORDERS][CSRO_LATTICE_SPECIES]) {
  const int basis_count = parent == 0 ? 4 : 2;
  double of_species[CSRO_LATTICE_SPECIES] = {0}, total = 0;
  for (int p = 0; p < CSRO_ORDERS; p++)
    for (int s = 0; s < CSRO_LATTICE_SPECIES; s++)
      order[p][s] = NAN;
  if (parent < 0)
    return;
  for (int s = 0; s < species_count; s++)
    of_species[s] = count_species(sites, basis_count, s);
  for (int s = 0; s < species_count; s++)
    total += of_species[s];
  for (int p = 0; p < CSRO_ORDERS; p++) {
    const wave_star *star = &stars[p];
    for (int s = 0; s < species_count && star->parent == parent && fits(star, cells); s++) {
      double amplitude[6];
      const double c = of_species[s] / total;
      const double b = star->share;
      const double most = fmax(fmin(c / b, (1 - c) / (1 - b)), fmin(c / (1 - b), (1 - c) / b));
      for (int k = 0; k < star->waves; k++)
        amplitude[k] = find_amplitude(sites, basis, basis_count, star->q[k], s, total);
      order[p][s] = most > 0 ? choose(star, amplitude) / (most * star->amplitude) : NAN;
    }
  }
}
