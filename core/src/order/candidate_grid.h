/* The grid of candidate centres where a domain may have its centre, with the evidence for each. */
#ifndef CSRO_ORDER_CANDIDATE_GRID_H
#define CSRO_ORDER_CANDIDATE_GRID_H

#include "csro/voxels.h"
#include "order/evidence.h"

/* The grid reaches through the whole specimen; its candidate centres are numbered x fastest. A part
 * of the specimen owns a box of centres, `own`, and holds those and the ones next to them that it
 * needs for the candidate centres between. */
typedef struct csro_candidate_grid {
  double origin[3], step;
  int64_t all[3];                   /* candidate centres of the whole specimen along each axis */
  csro_block own;                   /* of the whole grid */
  int64_t first[3], n[3];           /* held */
  float *evidence;                  /* ln of the likelihood ratio, mean over sizes, even and odd */
  float (*sized)[CSRO_ORDER_RADII]; /* the same for each size, mean over even and odd */
  uint8_t *stale;                   /* evidence is to be found (again) */
  uint8_t *used; /* a domain was looked for here: no other one has its centre here */
} csro_candidate_grid;

/* Candidate centres through the bounds of the specimen; the centres of the grid's voxels are among
 * them. Those in lo <= r < hi are owned. All are stale. */
csro_status csro_candidate_grid_init(csro_context *context, const csro_grid *grid,
                                     const double bounds[6], const double lo[3], const double hi[3],
                                     csro_candidate_grid *centers);
void csro_candidate_grid_release(csro_candidate_grid *centers);

static inline double csro_candidate_along(const csro_candidate_grid *centers, int axis,
                                          int64_t index) {
  return centers->origin[axis] + (double)index * centers->step;
}

/* Index among the candidate centres held. */
static inline int64_t csro_candidate_held(const csro_candidate_grid *centers, int64_t i, int64_t j,
                                          int64_t k) {
  return ((k - centers->first[2]) * centers->n[1] + j - centers->first[1]) * centers->n[0] + i -
         centers->first[0];
}

static inline bool csro_candidate_owned(const csro_candidate_grid *centers, int64_t i, int64_t j,
                                        int64_t k) {
  const csro_block *own = &centers->own;
  return i >= own->lo[0] && i < own->hi[0] && j >= own->lo[1] && j < own->hi[1] &&
         k >= own->lo[2] && k < own->hi[2];
}

/* The centre of a number. */
void csro_candidate_grid_get(const csro_candidate_grid *centers, int64_t number, double r[3]);

/* Finds the evidence of the stale candidate centres. Every second candidate centre along each axis
 * is looked at first, those between only where one of these promises a domain; elsewhere they get
 * the mean. begin .. end is the part of the progress that this is. */
csro_status csro_candidate_grid_update(csro_context *context, const csro_signal_ions *ions,
                                       const csro_ball_profiles *profiles, double begin, double end,
                                       csro_candidate_grid *centers);

/* Sets a mark (stale or used) at the candidate centres within `reach` of a centre. */
void csro_candidate_grid_mark(const csro_candidate_grid *centers, const double center[3],
                              double reach, uint8_t *mark);

typedef struct csro_candidate {
  int64_t number; /* of the candidate centre */
  double evidence;
} csro_candidate;

/* The own candidate centres that are not used and have at least this evidence. *out comes from
 * malloc. */
csro_status csro_candidate_grid_candidates(csro_context *context,
                                           const csro_candidate_grid *centers, double evidence,
                                           int64_t *count, csro_candidate **out);

/* Those of the candidates that are the best within `apart` and owned: *best numbers in their order,
 * at the front of `numbers`[count]. All candidates within `apart` of the own ones must be there.
 * Brings them into another order. */
csro_status csro_candidate_grid_best(csro_context *context, const csro_candidate_grid *centers,
                                     double apart, int64_t count, csro_candidate *candidates,
                                     int64_t *best, int64_t *numbers);

/* The likelihood ratio of balls of each radius, integrated over the own candidate centres whose
 * ball of that radius covers the centre of a voxel, and averaged over the radii: nm^3. out[voxels
 * of the block], x fastest. Added up over all parts it is that of all candidate centres. */
csro_status csro_candidate_grid_voxel_odds(csro_context *context,
                                           const csro_candidate_grid *centers,
                                           const csro_ball_profiles *profiles,
                                           const csro_grid *grid, const csro_block *voxels,
                                           double *out);

#endif
