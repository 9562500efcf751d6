#include "simulate/specimen_distort.h"

#include <math.h>
#include <string.h>

static double radians(double degrees) {
  return degrees * (acos(-1.0) / 180);
}

/* The rotation that leans z by `angle` towards the azimuth (Rodrigues' formula about the axis z x
 * lean), degrees. */
static void lean(double angle, double azimuth, double out[3][3]) {
  double c = cos(radians(angle)), s = sin(radians(angle));
  double x = -sin(radians(azimuth)), y = cos(radians(azimuth));
  const double rotation[3][3] = {{c + x * x * (1 - c), x * y * (1 - c), y * s},
                                 {x * y * (1 - c), c + y * y * (1 - c), -x * s},
                                 {-y * s, x * s, c}};
  memcpy(out, rotation, sizeof rotation);
}

static void multiply(double a[3][3], double b[3][3], double out[3][3]) {
  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 3; k++)
      out[i][k] = a[i][0] * b[0][k] + a[i][1] * b[1][k] + a[i][2] * b[2][k];
}

void csro_distortion_init(const csro_specimen *specimen, int grain, csro_distortion *distortion) {
  csro_distortion made = {.height = specimen->height, .drift = specimen->spacing_drift / 100};
  if (specimen->curvature_radius != 0)
    made.inverse_radius = 1 / specimen->curvature_radius;
  double misorientation = grain == 0 ? 0 : specimen->grain.misorientation;
  made.turned = specimen->tilt != 0 || misorientation != 0;
  double tilt[3][3], turn[3][3];
  lean(specimen->tilt, specimen->tilt_azimuth, tilt);
  lean(misorientation, specimen->grain.azimuth, turn);
  multiply(tilt, turn, made.rotation);
  *distortion = made;
}

/* Depth, in heights, of what would be at `depth` without drift. The local spacing goes from 1 -
 * drift / 2 to 1 + drift / 2. */
static double drift_depth(double drift, double depth) {
  if (depth < 0)
    return depth * (1 - drift / 2);
  if (depth > 1)
    return 1 + (depth - 1) * (1 + drift / 2);
  return depth + drift / 2 * (depth * depth - depth);
}

static double undrift_depth(double drift, double depth) {
  if (depth < 0)
    return depth / (1 - drift / 2);
  if (depth > 1)
    return 1 + (depth - 1) / (1 + drift / 2);
  double b = 1 - drift / 2;
  return 2 * depth / (b + sqrt(b * b + 2 * drift * depth));
}

void csro_distort(const csro_distortion *d, const double lattice[3], double out[3]) {
  double r[3] = {lattice[0], lattice[1], lattice[2] + d->shift};
  if (d->drift != 0)
    r[2] = -d->height * drift_depth(d->drift, -r[2] / d->height);
  r[2] -= (r[0] * r[0] + r[1] * r[1]) * d->inverse_radius / 2;
  memcpy(out, r, sizeof r);
  if (!d->turned)
    return;
  r[2] += d->height / 2;
  for (int k = 0; k < 3; k++)
    out[k] = d->rotation[k][0] * r[0] + d->rotation[k][1] * r[1] + d->rotation[k][2] * r[2];
  out[2] -= d->height / 2;
}

/* The smallest box, along the axes of the lattice, around a box that is turned back. */
static void turn_back(const csro_distortion *d, double lo[3], double hi[3]) {
  double center[3], half[3];
  for (int k = 0; k < 3; k++) {
    center[k] = (lo[k] + hi[k]) / 2 + (k == 2 ? d->height / 2 : 0);
    half[k] = (hi[k] - lo[k]) / 2;
  }
  for (int k = 0; k < 3; k++) {
    double middle = k == 2 ? -d->height / 2 : 0, reach = 0;
    for (int i = 0; i < 3; i++) {
      middle += d->rotation[i][k] * center[i];
      reach += fabs(d->rotation[i][k]) * half[i];
    }
    lo[k] = middle - reach;
    hi[k] = middle + reach;
  }
}

/* Smallest and largest x^2 in lo .. hi. */
static void square_bounds(double lo, double hi, double *least, double *most) {
  double a = lo * lo, b = hi * hi;
  *most = fmax(a, b);
  *least = lo <= 0 && hi >= 0 ? 0 : fmin(a, b);
}

void csro_distort_bounds(const csro_distortion *d, const double lo[3], const double hi[3],
                         double lattice_lo[3], double lattice_hi[3]) {
  memcpy(lattice_lo, lo, 3 * sizeof *lo);
  memcpy(lattice_hi, hi, 3 * sizeof *hi);
  if (d->turned)
    turn_back(d, lattice_lo, lattice_hi);
  double least[2], most[2];
  for (int axis = 0; axis < 2; axis++)
    square_bounds(lattice_lo[axis], lattice_hi[axis], &least[axis], &most[axis]);
  double flat = (least[0] + least[1]) * d->inverse_radius / 2;
  double steep = (most[0] + most[1]) * d->inverse_radius / 2;
  lattice_lo[2] += fmin(flat, steep);
  lattice_hi[2] += fmax(flat, steep);
  if (d->drift != 0) {
    lattice_lo[2] = -d->height * undrift_depth(d->drift, -lattice_lo[2] / d->height);
    lattice_hi[2] = -d->height * undrift_depth(d->drift, -lattice_hi[2] / d->height);
  }
  lattice_lo[2] -= d->shift;
  lattice_hi[2] -= d->shift;
}
