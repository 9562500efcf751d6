#include "quality/report_writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double pi = 3.14159265358979323846;
static const double significant = 5;  /* standard errors */
static const double least_power = 60; /* ions times coherence squared: below, sigma_z says little */

/* How the ions of one species lie about the planes of all others. */
typedef struct about_planes {
  double ions, coherence2, sigma2, sigma2_error, offset, offset_error;
} about_planes;

static const int64_t *wave_of(const csro_quality *q, int64_t block, int label) {
  return q->waves + 3 * (block * q->labels + label);
}

static void complete(const csro_quality *q, double excess, double pairs, about_planes *a) {
  double d = q->map->summary.spacing / (2 * pi);
  a->coherence2 = pairs > 0 ? excess / pairs : 0;
  if (a->coherence2 <= 0)
    return;
  a->sigma2 = -d * d * log(a->coherence2);
  /* the square of a sum of n waves scatters by 2 n (n c)^2 (1 - c^2) and more */
  a->sigma2_error = d * d * 2 / sqrt(a->ions * a->coherence2 / (1 - fmin(a->coherence2, 0.9)) / 2);
}

static about_planes measure(const csro_quality *q, int label) {
  about_planes a = {0};
  double excess = 0, pairs = 0, cross[2] = {0, 0}, others = 0;
  for (int64_t b = 0; b < q->blocks; b++) {
    const int64_t *own = wave_of(q, b, label);
    double re = (double)own[0] * CSRO_WAVE_UNIT, im = (double)own[1] * CSRO_WAVE_UNIT;
    double n = (double)own[2], rest[2] = {0, 0};
    for (int l = 1; l < q->labels; l++) {
      if (l == label)
        continue;
      rest[0] += (double)wave_of(q, b, l)[0] * CSRO_WAVE_UNIT;
      rest[1] += (double)wave_of(q, b, l)[1] * CSRO_WAVE_UNIT;
      others += (double)wave_of(q, b, l)[2];
    }
    a.ions += n;
    excess += re * re + im * im - n;
    pairs += n * (n - 1);
    cross[0] += re * rest[0] + im * rest[1];
    cross[1] += im * rest[0] - re * rest[1];
  }
  complete(q, excess, pairs, &a);
  double coherence2 = q->map->summary.coherence * q->map->summary.coherence;
  if (a.coherence2 > 0 && others * coherence2 > 0) {
    double d = q->map->summary.spacing / (2 * pi);
    a.offset = d * atan2(cross[1], cross[0]);
    a.offset_error = d * sqrt(1 / (2 * a.ions * a.coherence2) + 1 / (2 * others * coherence2));
  }
  return a;
}

/* Noise of a species against that of all others: the weighed mean of theirs. */
static void compare_width(csro_report_writer *w, const about_planes *all, int label) {
  double weights = 0, mean = 0;
  for (int l = 1; l < w->quality->labels; l++) {
    if (l == label || all[l].ions * all[l].coherence2 < least_power)
      continue;
    double weight = 1 / (all[l].sigma2_error * all[l].sigma2_error);
    weights += weight;
    mean += weight * all[l].sigma2;
  }
  const about_planes *own = &all[label];
  double sigma = sqrt(fmax(own->sigma2, 0)), others = weights > 0 ? mean / weights : own->sigma2;
  double error = weights > 0 ? hypot(own->sigma2_error, 1 / sqrt(weights)) : 0;
  bool differs = weights > 0 && fabs(own->sigma2 - others) > significant * error &&
                 fabs(sigma / sqrt(fmax(others, 1e-9)) - 1) > 0.1;
  const char *name = csro_report_species(w, label);
  char quantity[64];
  snprintf(quantity, sizeof quantity, "SigmaZ of %.40s", name);
  csro_report_add(w, quantity, sigma, own->sigma2_error / (2 * fmax(sigma, 1e-3)), "nm",
                  differs ? CSRO_VERDICT_WARNING : CSRO_VERDICT_OK,
                  differs ? "sigma_z of %.40s is not that of the others (%.3f nm): its planes look "
                            "less or more full than they are; trust pairs of one species"
                          : "sigma_z of %.40s is that of the others (%.3f nm)",
                  name, sqrt(fmax(others, 0)));
}

static void compare_place(csro_report_writer *w, const about_planes *own, int label) {
  bool differs = fabs(own->offset) > 0.01 && fabs(own->offset) > significant * own->offset_error;
  char quantity[64];
  if (!differs)
    return;
  snprintf(quantity, sizeof quantity, "Plane position of %.40s", csro_report_species(w, label));
  csro_report_add(w, quantity, own->offset, own->offset_error, "nm", CSRO_VERDICT_WARNING,
                  "planes of %.40s lie %.3f nm from those of the others: it evaporates earlier or "
                  "later; pairs of different species are shifted",
                  csro_report_species(w, label), own->offset);
}

void csro_report_species_planes(csro_report_writer *w) {
  const csro_quality *q = w->quality;
  if (q->blocks == 0 || q->map->summary.orientations == 0)
    return;
  about_planes *all = csro_allocate(w->context, q->labels, sizeof *all);
  if (!all) {
    w->status = CSRO_ERROR_MEMORY;
    return;
  }
  for (int l = 1; l < q->labels; l++)
    all[l] = measure(q, l);
  for (int l = 1; l < q->labels && q->labels > 2; l++) {
    if (all[l].ions * all[l].coherence2 < least_power)
      continue;
    compare_width(w, all, l);
    compare_place(w, &all[l], l);
  }
  free(all);
}
