/* How well the lattice planes are found: frustums of 286 000 ions with tilted, curved, strained and
 * blurred planes, and what it takes. */
#include "csro/pole.h"
#include "distort.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double measure(csro_context *context, const csro_specimen *specimen, const distortion *d,
                      csro_pole_summary *summary) {
  csro_specimen_ions ions;
  csro_pole_options options;
  csro_pole_options_init(&options);
  if (simulate_distorted(context, *specimen, d, &ions) != CSRO_OK)
    exit(1);
  const csro_points points = {ions.ions.xyz, false, ions.ions.count};
  double start = omp_get_wtime();
  if (csro_pole_measure(context, &points, NULL, &options, summary) != CSRO_OK) {
    printf("%s\n", context->message);
    exit(1);
  }
  double seconds = omp_get_wtime() - start;
  csro_specimen_ions_release(&ions);
  return seconds;
}

static void show(const char *what, const csro_pole_summary *s, const double normal[3], double d,
                 double seconds) {
  double dot = 0, length = 0;
  for (int a = 0; a < 3; a++) {
    dot += normal[a] * s->wave[a];
    length += s->wave[a] * s->wave[a];
  }
  double off = acos(fmin(dot / sqrt(length), 1)) * 180 / acos(-1.0);
  printf("%s found %d lnp %7.1f off %6.3f deg (+- %.3f) spacing %+7.3f %% (+- %.3f) coherence %.3f "
         "sigma_z %.4f share %.2f R %8.1f (curvature %.5f +- %.5f) drift %+.5f +- %.5f grains %d "
         "kink %.1f %.2f crop %.2f block %.1f %.2f s\n",
         what, s->found, s->log_chance, off, s->tilt_error, 100 * (s->spacing / d - 1),
         100 * s->spacing_error / s->spacing, s->coherence, s->sigma_z, s->share, 1 / s->curvature,
         s->curvature, s->curvature_error, s->drift, s->drift_error, s->orientations, s->kink,
         s->second_share, s->crop_share, s->block, seconds);
  fflush(stdout);
}

int main(int argc, char **argv) {
  csro_context context;
  csro_specimen specimen;
  const double degree = acos(-1.0) / 180, sigmas[] = {0.03, 0.06, 0.08, 0.15};
  int seeds = argc > 1 ? atoi(argv[1]) : 1;
  csro_context_init(&context);
  csro_specimen_default(&specimen);
  for (int s = 0; s < 4; s++)
    for (int seed = 1; seed <= seeds; seed++)
      for (double tilt = 0; tilt <= (s == 2 ? 5 : 8); tilt += s == 2 ? 2.5 : 4) {
        double strain = 0.01 * ((seed * 3 + (int)tilt) % 11 - 5);
        distortion d = {.tilt = tilt,
                        .azimuth = 73.0 * seed + 20 * tilt,
                        .sigma_xy = 0.3,
                        .sigma_z = sigmas[s]};
        csro_pole_summary summary;
        specimen.seed = (uint64_t)seed;
        specimen.lattice_constant = 0.36 * (1 + strain);
        double seconds = measure(&context, &specimen, &d, &summary);
        const double normal[3] = {sin(tilt * degree) * cos(d.azimuth * degree),
                                  sin(tilt * degree) * sin(d.azimuth * degree), cos(tilt * degree)};
        char what[100];
        snprintf(what, sizeof what, "sigma %.2f tilt %.1f strain %+.2f", sigmas[s], tilt, strain);
        show(what, &summary, normal, specimen.lattice_constant / 2, seconds);
      }
  specimen.lattice_constant = 0.36;
  const distortion others[] = {
      {.radius = 50, .sigma_xy = 0.3, .sigma_z = 0.03},
      {.radius = -50, .sigma_xy = 0.3, .sigma_z = 0.03},
      {.radius = 100, .sigma_xy = 0.3, .sigma_z = 0.03},
      {.radius = 100, .tilt = 3, .sigma_xy = 0.3, .sigma_z = 0.06},
      {.drift = 0.01, .sigma_xy = 0.3, .sigma_z = 0.03},
      {.drift = 0.03, .sigma_xy = 0.3, .sigma_z = 0.03},
      {.second_tilt = 10, .tilt = 5, .azimuth = 180, .sigma_xy = 0.3, .sigma_z = 0.03},
      {.second_tilt = 10, .sigma_xy = 0.3, .sigma_z = 0.03},
      {.second_tilt = 5, .sigma_xy = 0.3, .sigma_z = 0.03}};
  for (size_t o = 0; o < sizeof others / sizeof *others; o++)
    for (int seed = 1; seed <= seeds; seed++) {
      const distortion *d = &others[o];
      csro_pole_summary summary;
      specimen.seed = (uint64_t)seed;
      double seconds = measure(&context, &specimen, d, &summary);
      const double normal[3] = {sin(d->tilt * degree) * cos(d->azimuth * degree),
                                sin(d->tilt * degree) * sin(d->azimuth * degree),
                                cos(d->tilt * degree)};
      char what[100];
      snprintf(what, sizeof what, "R %g tilt %g drift %g second %g sigma %g", d->radius, d->tilt,
               d->drift, d->second_tilt, d->sigma_z);
      show(what, &summary, normal, 0.18, seconds);
    }
  return 0;
}
