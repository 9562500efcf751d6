/* The grid of places where a domain may have its centre, with the evidence for each. */
#ifndef CSRO_ORDER_PLACES_H
#define CSRO_ORDER_PLACES_H

#include "csro/voxels.h"
#include "order/evidence.h"

typedef struct csro_places {
  double origin[3], step;
  int64_t n[3];
  float *evidence; /* ln of the likelihood ratio, mean over sizes and over even and odd */
  float (*sized)[CSRO_ORDER_RADII]; /* the same for each size, mean over even and odd */
  uint8_t *stale;                   /* evidence is to be found (again) */
  uint8_t *taken; /* a domain was looked for here: no other one has its centre here */
} csro_places;

/* Places through the bounds; the centres of the grid's voxels are among them. All are stale. */
csro_status csro_places_make(csro_context *context, const csro_grid *grid, const double bounds[6],
                             csro_places *places);
void csro_places_free(csro_places *places);

/* Finds the evidence of the stale places. Every second place along each axis is looked at first,
 * those between only where one of these promises a domain; elsewhere they get the mean.
 * begin .. end is the part of the progress that this is. */
csro_status csro_places_update(csro_context *context, const csro_signal_ions *ions,
                               const csro_ball_profiles *profiles, double begin, double end,
                               csro_places *places);

/* Sets a mark (stale or taken) at the places within `reach` of a centre. */
void csro_places_mark(const csro_places *places, const double center[3], double reach,
                      uint8_t *mark);

/* Places that are not taken, have at least this evidence, and are the best among those around them
 * within `apart`, in the order of the grid. *out comes from malloc: [*count][3]. */
csro_status csro_places_best(csro_context *context, const csro_places *places, double evidence,
                             double apart, int64_t *count, double (**out)[3]);

/* The likelihood ratio of balls of each radius, integrated over the places whose ball of that
 * radius covers the centre of a voxel, and averaged over the radii: nm^3. out[voxels]. */
csro_status csro_places_cover(csro_context *context, const csro_places *places,
                              const csro_ball_profiles *profiles, const csro_grid *grid,
                              float *out);

#endif
