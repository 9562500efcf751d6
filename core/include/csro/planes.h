/* The lattice planes across z, as the ions show them: where they lie (their phase drifts slowly
 * through a reconstruction) and how sharp they are. Lengths in nm. */
#ifndef CSRO_PLANES_H
#define CSRO_PLANES_H

#include "csro/ions.h"

CSRO_API_BEGIN

/* Planes of spacing d lie where pi z / d - phase(r) is a whole multiple of pi. Phases stand at the
 * centres of cubic blocks and are linear between; they are followed from block to block, so that
 * neighbouring blocks agree which planes are the even ones. */
typedef struct csro_planes {
  double spacing;   /* d */
  double bounds[6]; /* of the ions */
  double origin[3], size;
  int64_t n[3];
  double *phase;    /* [n[2]][n[1]][n[0]] */
  double coherence; /* mean of cos(2 pi distance / d) of the ions about their planes, 0 .. 1 */
  double sigma_z;   /* spread of ions about their planes that gives this coherence */
} csro_planes;

/* Fits the planes to the ions with label > 0. The block size is the smallest (from 3 nm, doubled as
 * needed) at which the planes stand out in most blocks. Errors: CSRO_ERROR_ARGUMENT for a spacing
 * that is not positive; CSRO_ERROR_DATA when there are no ions or no planes of this spacing are
 * seen at any block size (fewer than one chance in 10^5 that ions without planes look like this).
 */
csro_status csro_planes_fit(csro_context *context, const csro_points *points, const uint16_t *label,
                            double spacing, csro_planes *planes);

/* The same where the ions are spread over processes: each adds up its own ions, the sums of all are
 * added (whole numbers, so in any order), and each goes on with those:
 *   csro_planes_begin (with the bounds of all ions)
 *   csro_planes_sum, sums of all, again while csro_planes_coarsen makes the blocks larger
 *   csro_planes_end (csro_planes is released on error). */
csro_status csro_planes_begin(csro_context *context, const double bounds[6], double spacing,
                              csro_planes *planes);
static inline int64_t csro_planes_blocks(const csro_planes *planes) {
  return planes->n[0] * planes->n[1] * planes->n[2];
}
/* sums[block]: of the cosines and sines of 2 pi z / d in units of 2^-30, and the ions. */
void csro_planes_sum(csro_context *context, const csro_planes *planes, const csro_points *points,
                     const uint16_t *label, int64_t (*sums)[3]);
/* Whether the blocks were too small to show planes: they are then larger, to be summed up again. */
bool csro_planes_coarsen(csro_planes *planes, int64_t (*sums)[3]);
/* Fits the planes to the sums of all processes. Errors as of csro_planes_fit. */
csro_status csro_planes_end(csro_context *context, int64_t (*sums)[3], csro_planes *planes);

/* Frees the array and zeroes the struct. */
void csro_planes_release(csro_planes *planes);

/* even[i] in -1 .. 1: of the ions found at the height of ion i, the share that comes from even
 * planes less the share that comes from odd ones, for planes blurred by sigma_z. */
csro_status csro_planes_parity(csro_context *context, const csro_planes *planes, double sigma_z,
                               const csro_points *points, float *even);

CSRO_API_END

#endif
