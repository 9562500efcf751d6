/* The grid of places where a domain may have its centre, with the evidence for each. */
#ifndef CSRO_ORDER_CANDIDATE_GRID_H
#define CSRO_ORDER_CANDIDATE_GRID_H

#include "csro/voxels.h"
#include "order/evidence.h"

/* The grid reaches through the whole specimen; its places are numbered x fastest. A part of the
 * specimen owns a box of places, `own`, and holds those and the ones next to them that it needs for
 * the places between. */
typedef struct csro_places {
  double origin[3], step;
  int64_t all[3];                   /* places of the whole specimen along each axis */
  csro_block own;                   /* of the whole grid */
  int64_t first[3], n[3];           /* held */
  float *evidence;                  /* ln of the likelihood ratio, mean over sizes, even and odd */
  float (*sized)[CSRO_ORDER_RADII]; /* the same for each size, mean over even and odd */
  uint8_t *stale;                   /* evidence is to be found (again) */
  uint8_t *taken; /* a domain was looked for here: no other one has its centre here */
} csro_places;

/* Places through the bounds of the specimen; the centres of the grid's voxels are among them. Those
 * in lo <= r < hi are owned. All are stale. */
csro_status csro_places_make(csro_context *context, const csro_grid *grid, const double bounds[6],
                             const double lo[3], const double hi[3], csro_places *places);
void csro_places_free(csro_places *places);

/* The place of a number. */
void csro_places_get(const csro_places *places, int64_t number, double r[3]);

/* Finds the evidence of the stale places. Every second place along each axis is looked at first,
 * those between only where one of these promises a domain; elsewhere they get the mean.
 * begin .. end is the part of the progress that this is. */
csro_status csro_places_update(csro_context *context, const csro_signal_ions *ions,
                               const csro_ball_profiles *profiles, double begin, double end,
                               csro_places *places);

/* Sets a mark (stale or taken) at the places within `reach` of a centre. */
void csro_places_mark(const csro_places *places, const double center[3], double reach,
                      uint8_t *mark);

typedef struct csro_candidate {
  int64_t number; /* of the place */
  double evidence;
} csro_candidate;

/* The own places that are not taken and have at least this evidence. *out comes from malloc. */
csro_status csro_places_candidates(csro_context *context, const csro_places *places,
                                   double evidence, int64_t *count, csro_candidate **out);

/* Those of the candidates that are the best within `apart` and owned: *best numbers in their order,
 * at the front of `numbers`[count]. All candidates within `apart` of the own ones must be there.
 * Brings them into another order. */
csro_status csro_places_best(csro_context *context, const csro_places *places, double apart,
                             int64_t count, csro_candidate *candidates, int64_t *best,
                             int64_t *numbers);

/* The likelihood ratio of balls of each radius, integrated over the own places whose ball of that
 * radius covers the centre of a voxel, and averaged over the radii: nm^3. out[voxels of the block],
 * x fastest. Added up over all parts it is that of all places. */
csro_status csro_places_cover(csro_context *context, const csro_places *places,
                              const csro_ball_profiles *profiles, const csro_grid *grid,
                              const csro_block *voxels, double *out);

#endif
