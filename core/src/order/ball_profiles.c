#include "order/ball_profiles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RINGS = 128, SLICES = 96, COLUMNS = 32 /* at a time */ };
static const double reach_in_sigmas = 2;
static const double growth = 1.3;

/* exp(-x) I0(x), x >= 0: the power series near 0, else the asymptotic one; both good to 1e-6. */
static double scaled_bessel(double x) {
  if (x > 12) {
    double u = 1 / (8 * x);
    return (1 + u * (1 + u * (4.5 + u * (37.5 + u * 459.375)))) / sqrt(6.283185307179586 * x);
  }
  double term = 1, sum = 1;
  for (int k = 1; k < 60; k++) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum * exp(-x);
}

/* Shares at distance `at` from the axis of discs blurred by sigma, their radii k radius / RINGS. */
static void blurred_discs(double radius, double at, double sigma, double share[RINGS + 1]) {
  double width = radius / RINGS, square = sigma * sigma;
  share[0] = 0;
  for (int k = 0; k < RINGS; k++) {
    double r = (k + 0.5) * width, d = (r - at) / sigma;
    share[k + 1] = share[k] + r * width / square * exp(-d * d / 2) * scaled_bessel(r * at / square);
  }
}

/* Share of the disc of this radius. */
static double disc_of(const double share[RINGS + 1], double ring) {
  int k = (int)fmin(ring, RINGS - 1);
  return fmin(share[k] + (ring - k) * (share[k + 1] - share[k]), 1);
}

/* What the slices of a ball weigh at a depth, blurred by sigma. */
static void weigh_slices(double radius, double depth, double sigma, double weight[SLICES]) {
  double width = 2 * radius / SLICES, scale = 1 / (sqrt(2.0) * sigma);
  double below = erf((-radius - depth) * scale);
  for (int k = 0; k < SLICES; k++) {
    double above = erf((-radius + (k + 1) * width - depth) * scale);
    weight[k] = (above - below) / 2;
    below = above;
  }
}

int csro_profile_steps(double radius, double sigma) {
  return (int)ceil((radius + reach_in_sigmas * sigma) / CSRO_PROFILE_STEP);
}

void csro_profile_fill(double radius, double sigma_xy, double sigma_z, int depths, int distances,
                       float *share) {
  double rings[RINGS + 1], disc[COLUMNS][SLICES], weight[SLICES];
  for (int first = 0; first < distances; first += COLUMNS) {
    int columns = distances - first < COLUMNS ? distances - first : COLUMNS;
    for (int c = 0; c < columns; c++) {
      blurred_discs(radius, (first + c + 0.5) * CSRO_PROFILE_STEP, sigma_xy, rings);
      for (int s = 0; s < SLICES; s++) {
        double z = (2 * s + 1.0) / SLICES - 1;
        disc[c][s] = disc_of(rings, RINGS * sqrt(1 - z * z));
      }
    }
    for (int row = 0; row < depths; row++) {
      weigh_slices(radius, (row + 0.5) * CSRO_PROFILE_STEP, sigma_z, weight);
      for (int c = 0; c < columns; c++) {
        double sum = 0;
        for (int s = 0; s < SLICES; s++)
          sum += disc[c][s] * weight[s];
        share[(int64_t)row * distances + first + c] = (float)sum;
      }
    }
  }
}

void csro_ball_profiles_measure(const double diameter[2], double sigma_xy, double sigma_z,
                                csro_ball_profiles *profiles) {
  *profiles = (csro_ball_profiles){0};
  for (int k = 0; k < CSRO_ORDER_RADII; k++)
    profiles->radius[k] =
        (diameter[0] + (diameter[1] - diameter[0]) * k / (CSRO_ORDER_RADII - 1)) / 2;
  for (int k = CSRO_ORDER_RADII; k < CSRO_BALL_LANES; k++)
    profiles->radius[k] = profiles->radius[k - 1] * growth;
  for (int k = 0; k < CSRO_BALL_LANES; k++) {
    profiles->distances = csro_profile_steps(profiles->radius[k], sigma_xy);
    profiles->depths = csro_profile_steps(profiles->radius[k], sigma_z);
    profiles->reach_xy[k] = profiles->distances * CSRO_PROFILE_STEP;
    profiles->reach_z[k] = profiles->depths * CSRO_PROFILE_STEP;
  }
}

/* What lies in an entry of the table is at most its far corner away. */
static bool find_most(csro_context *context, csro_ball_profiles *profiles) {
  const int depths = profiles->depths, distances = profiles->distances;
  profiles->steps = (int)ceil(sqrt((double)depths * depths + (double)distances * distances)) + 1;
  const int64_t values = (int64_t)profiles->steps * CSRO_BALL_LANES;
  profiles->most = csro_allocate(context, values, sizeof *profiles->most);
  if (!profiles->most)
    return false;
  memset(profiles->most, 0, (size_t)values * sizeof *profiles->most);
  for (int row = 0; row < depths; row++)
    for (int column = 0; column < distances; column++) {
      const double square = (row + 1.0) * (row + 1.0) + (column + 1.0) * (column + 1.0);
      const float *share = profiles->share + ((int64_t)row * distances + column) * CSRO_BALL_LANES;
      float *most = profiles->most + (int64_t)sqrt(square) * CSRO_BALL_LANES;
      for (int k = 0; k < CSRO_BALL_LANES; k++)
        most[k] = fmaxf(most[k], share[k]);
    }
  for (int64_t v = values - CSRO_BALL_LANES - 1; v >= 0; v--)
    profiles->most[v] = fmaxf(profiles->most[v], profiles->most[v + CSRO_BALL_LANES]);
  return true;
}

csro_status csro_ball_profiles_init(csro_context *context, const double diameter[2],
                                    double sigma_xy, double sigma_z, csro_ball_profiles *profiles) {
  csro_ball_profiles_measure(diameter, sigma_xy, sigma_z, profiles);
  int distances = profiles->distances, depths = profiles->depths;
  int64_t entries = (int64_t)depths * distances;
  float *balls = csro_allocate(context, CSRO_BALL_LANES * entries, sizeof *balls);
  profiles->share =
      csro_allocate(context, CSRO_BALL_LANES * (entries + 1), sizeof *profiles->share);
  if (!balls || !profiles->share) {
    free(balls);
    csro_ball_profiles_release(profiles);
    return CSRO_ERROR_MEMORY;
  }
  memset(profiles->share, 0, (size_t)(CSRO_BALL_LANES * (entries + 1)) * sizeof(float));
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 1)
  for (int k = CSRO_BALL_LANES - 1; k >= 0; k--) {
    int rows = csro_profile_steps(profiles->radius[k], sigma_z);
    int columns = csro_profile_steps(profiles->radius[k], sigma_xy);
    float *ball = balls + k * entries;
    csro_profile_fill(profiles->radius[k], sigma_xy, sigma_z, rows, columns, ball);
    for (int row = 0; row < rows; row++)
      for (int column = 0; column < columns; column++)
        profiles->share[((int64_t)row * distances + column) * CSRO_BALL_LANES + k] =
            ball[(int64_t)row * columns + column];
  }
  free(balls);
  if (find_most(context, profiles))
    return CSRO_OK;
  csro_ball_profiles_release(profiles);
  return CSRO_ERROR_MEMORY;
}

void csro_ball_profiles_release(csro_ball_profiles *profiles) {
  if (!profiles)
    return;
  free(profiles->share);
  free(profiles->most);
  *profiles = (csro_ball_profiles){0};
}

float csro_ball_share(const csro_ball_profiles *profiles, int radius, double dx, double dy,
                      double dz) {
  double distance = sqrt(dx * dx + dy * dy) / CSRO_PROFILE_STEP;
  double depth = fabs(dz) / CSRO_PROFILE_STEP;
  if (!(distance < profiles->distances && depth < profiles->depths))
    return 0;
  int64_t entry = (int64_t)depth * profiles->distances + (int64_t)distance;
  return profiles->share[entry * CSRO_BALL_LANES + radius];
}
