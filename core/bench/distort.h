/* Specimens as reconstructions show them: crystals tilted, curved, of two grains, with noise in the
 * frame of the detector. */
#ifndef CSRO_BENCH_DISTORT_H
#define CSRO_BENCH_DISTORT_H

#include "csro/random.h"
#include "csro/specimen.h"

#include <math.h>

typedef struct distortion {
  double tilt, azimuth; /* degrees: the normal of the planes leans by tilt towards the azimuth */
  double radius;        /* of curvature about the axis, nm; 0 for flat planes */
  double drift;         /* relative change of the spacing over the height */
  double second_tilt;   /* of a second grain at x > 0, degrees more about y; 0 for none */
  double sigma_xy, sigma_z;
} distortion;

static void turn(double r[3], const double center[3], double tilt, double azimuth) {
  const double degree = acos(-1.0) / 180;
  const double axis[2] = {-sin(azimuth * degree), cos(azimuth * degree)};
  double c = cos(tilt * degree), s = sin(tilt * degree), p[3];
  for (int a = 0; a < 3; a++)
    p[a] = r[a] - center[a];
  double along = axis[0] * p[0] + axis[1] * p[1];
  const double cross[3] = {axis[1] * p[2], -axis[0] * p[2], axis[0] * p[1] - axis[1] * p[0]};
  for (int a = 0; a < 3; a++)
    r[a] = center[a] + p[a] * c + cross[a] * s + (a < 2 ? axis[a] * along * (1 - c) : 0);
}

/* Simulates the crystal without noise, moves its ions, adds noise. */
static inline csro_status simulate_distorted(csro_context *context, csro_specimen specimen,
                                             const distortion *d, csro_specimen_ions *out) {
  specimen.sigma_xy = specimen.sigma_z = 0;
  csro_status status = csro_specimen_simulate(context, &specimen, 0, 1, out);
  const double center[3] = {0, 0, -specimen.height / 2};
  for (int64_t i = 0; status == CSRO_OK && i < out->ions.count; i++) {
    float *p = (float *)out->ions.xyz + 3 * i;
    double r[3] = {p[0], p[1], p[2]};
    csro_random random;
    csro_random_init(&random, specimen.seed + 1000, (uint64_t)i);
    double u = (r[2] - center[2]) / specimen.height; /* -0.5 .. 0.5 */
    r[2] = center[2] + specimen.height * (u + d->drift * u * u / 2);
    if (d->radius != 0) { /* every plane a cap */
      double rho2 = r[0] * r[0] + r[1] * r[1], sign = d->radius > 0 ? 1 : -1;
      r[2] += sign * sqrt(d->radius * d->radius - rho2) - d->radius;
    }
    if (d->second_tilt != 0 && r[0] > 0)
      turn(r, center, d->second_tilt, 0);
    turn(r, center, d->tilt, d->azimuth);
    r[0] += d->sigma_xy * csro_random_normal(&random);
    r[1] += d->sigma_xy * csro_random_normal(&random);
    r[2] += d->sigma_z * csro_random_normal(&random);
    for (int a = 0; a < 3; a++)
      p[a] = (float)r[a];
  }
  return status;
}

#endif
