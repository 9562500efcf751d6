/* How sharp the planes are, from place to place and for each species. */
#include "csro/voxels.h"
#include "order/planes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;
static const double least_coherence = 0.02;
static const double species_shows = 30; /* |sum|^2 / ions of a species whose planes are seen */

csro_status csro_planes_sum_blur(csro_context *context, const csro_planes *planes,
                                 const csro_points *points, const uint16_t *label, int labels,
                                 int64_t (*sums)[3]) {
  int64_t blocks = csro_planes_blocks(planes), all = 0;
  memset(sums, 0, (size_t)(blocks + labels + 1) * sizeof *sums);
  int threads = context->threads;
  int64_t(*own)[3] = csro_allocate(context, (int64_t)threads * (labels + 1), sizeof *own);
  if (!own)
    return CSRO_ERROR_MEMORY;
  memset(own, 0, (size_t)threads * (size_t)(labels + 1) * sizeof *own);
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int part = 0; part < threads; part++)
    for (int64_t i = points->count * part / threads; i < points->count * (part + 1) / threads;
         i++) {
      if (label[i] == 0)
        continue;
      double r[3];
      csro_points_get(points, i, r);
      double angle = 2 * pi * csro_planes_height(planes, r);
      const int64_t add[3] = {llrint(cos(angle) * CSRO_PLANE_UNIT),
                              llrint(sin(angle) * CSRO_PLANE_UNIT), 1};
      int64_t *block = sums[csro_planes_block_at(planes, r)];
      int64_t *species = own[(int64_t)part * (labels + 1) + label[i]];
      for (int k = 0; k < 3; k++) {
        species[k] += add[k];
#pragma omp atomic
        block[k] += add[k];
      }
    }
  for (; all < (int64_t)threads * (labels + 1); all++)
    for (int k = 0; k < 3; k++)
      sums[blocks + all % (labels + 1)][k] += own[all][k];
  free(own);
  return CSRO_OK;
}

/* nm^2, of the spread that gives this coherence. */
static double variance_of(double coherence, double spacing) {
  double c = fmin(fmax(coherence, least_coherence), 1);
  return -2 * log(c) * spacing * spacing / (4 * pi * pi);
}

/* Mean cosine in a block and those around it of the same grain. */
static double coherence_around(const csro_planes *planes, int64_t (*sums)[3], int64_t block) {
  int64_t at[3], lo[3], hi[3];
  double cosine = 0, ions = 0;
  for (int a = 0; a < 3; a++) {
    at[a] = (a == 0   ? block
             : a == 1 ? block / planes->n[0]
                      : block / planes->n[0] / planes->n[1]) %
            planes->n[a];
    lo[a] = at[a] > 0 ? at[a] - 1 : 0;
    hi[a] = at[a] + 1 < planes->n[a] ? at[a] + 1 : at[a];
  }
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++)
      for (int64_t i = lo[0]; i <= hi[0]; i++) {
        int64_t b = (k * planes->n[1] + j) * planes->n[0] + i;
        if (planes->grain[b] != planes->grain[block])
          continue;
        cosine += (double)sums[b][CSRO_COSINE] / CSRO_PLANE_UNIT;
        ions += (double)sums[b][CSRO_IONS];
      }
  return ions > 0 ? cosine / ions : 0;
}

/* Mean cosine of all ions. */
static double coherence_of_all(int64_t (*species)[3], int labels) {
  double cosine = 0, ions = 0;
  for (int s = 1; s <= labels; s++) {
    cosine += (double)species[s][CSRO_COSINE] / CSRO_PLANE_UNIT;
    ions += (double)species[s][CSRO_IONS];
  }
  return ions > 0 ? cosine / ions : 0;
}

static void set_species(int64_t (*species)[3], csro_planes *planes) {
  double all = variance_of(coherence_of_all(species, planes->labels), planes->spacing);
  for (int s = 0; s <= planes->labels; s++) {
    double re = (double)species[s][CSRO_COSINE] / CSRO_PLANE_UNIT;
    double im = (double)species[s][CSRO_SINE] / CSRO_PLANE_UNIT;
    double ions = (double)species[s][CSRO_IONS], square = re * re + im * im;
    planes->shift[s] = planes->extra[s] = 0;
    if (!(ions > 0 && square / ions >= species_shows))
      continue;
    planes->shift[s] = atan2(im, re) / (2 * pi);
    planes->extra[s] = variance_of(sqrt(square) / ions, planes->spacing) - all;
  }
}

csro_status csro_planes_set_blur(csro_context *context, int labels, int64_t (*sums)[3],
                                 csro_planes *planes) {
  int64_t blocks = csro_planes_blocks(planes);
  double *variance = csro_allocate(context, blocks, sizeof *variance);
  double *shift = csro_allocate(context, labels + 1, sizeof *shift);
  double *extra = csro_allocate(context, labels + 1, sizeof *extra);
  if (!variance || !shift || !extra) {
    free(variance);
    free(shift);
    free(extra);
    return CSRO_ERROR_MEMORY;
  }
  free(planes->variance);
  free(planes->shift);
  free(planes->extra);
  planes->variance = variance;
  planes->shift = shift;
  planes->extra = extra;
  planes->labels = labels;
  for (int64_t b = 0; b < blocks; b++)
    variance[b] = variance_of(coherence_around(planes, sums, b), planes->spacing);
  set_species(sums + blocks, planes);
  return CSRO_OK;
}

/* Blur of the planes of a species at r. */
static double sigma_at(const csro_planes *planes, const double r[3], uint16_t label) {
  csro_plane_corners c;
  csro_planes_corners(planes, r, &c);
  double variance = planes->extra[label];
  for (int k = 0; k < 8; k++)
    variance += c.weight[k] * planes->variance[c.block[k]];
  return sqrt(fmax(variance, 0));
}

csro_plane_place csro_planes_place(const csro_planes *planes, double sigma_z, const double r[3],
                                   int label) {
  csro_plane_place place = {csro_planes_height(planes, r), sigma_z > 0 ? sigma_z : planes->sigma_z};
  if (!planes->variance || label < 0)
    return place;
  int species = label <= planes->labels ? label : 0;
  if (!(sigma_z > 0))
    place.sigma = sigma_at(planes, r, (uint16_t)species);
  place.height -= planes->shift[species];
  return place;
}

/* Of even and odd planes, or of a decoy. */
static csro_status find_pattern(csro_context *context, const csro_planes *planes, double sigma_z,
                                int period, int decoy, const csro_points *points,
                                const uint16_t *label, float *pattern) {
  csro_status status = sigma_z == 0 ? CSRO_OK
                                    : csro_check_number(context, "the blur of the planes in nm",
                                                        sigma_z, CSRO_SHORTEST, CSRO_LONGEST);
  if (status != CSRO_OK)
    return status;
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    csro_points_get(points, i, r);
    csro_plane_place place = csro_planes_place(planes, sigma_z, r, label ? label[i] : -1);
    pattern[i] =
        (float)csro_planes_mix_decoy(place.height, planes->spacing, place.sigma, period, decoy)
            .even;
  }
  return CSRO_OK;
}

csro_status csro_planes_parity(csro_context *context, const csro_planes *planes, double sigma_z,
                               const csro_points *points, const uint16_t *label, float *even) {
  return find_pattern(context, planes, sigma_z, 2, 0, points, label, even);
}

csro_status csro_planes_decoy(csro_context *context, const csro_planes *planes, double sigma_z,
                              int period, int decoy, const csro_points *points,
                              const uint16_t *label, const float *claimed, float *pattern) {
  if (decoy < 1 || decoy > CSRO_DECOYS || period < 2 || period > 4)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "decoy %d of a period of %d planes: expected 1 to %d, and 2 to 4 planes",
                     decoy, period, CSRO_DECOYS);
  csro_status status =
      find_pattern(context, planes, sigma_z, period, decoy, points, label, pattern);
  for (int64_t i = 0; i < points->count && claimed && status == CSRO_OK; i++)
    pattern[i] *= csro_decoy_share(claimed[i]);
  return status;
}
