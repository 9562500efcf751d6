/* The grid of candidate centres where a domain may have its centre, with the evidence for each. */
#ifndef CSRO_ORDER_CANDIDATE_GRID_H
#define CSRO_ORDER_CANDIDATE_GRID_H

#include "csro/voxels.h"
#include "order/evidence.h"

/* What is known of eight candidate centres, in the order x fastest; the first has even numbers
 * along each axis. */
typedef struct csro_candidate_cell {
  float evidence;                /* of the first: ln of the likelihood ratio, mean over sizes, even
                                    and odd */
  float ratio[CSRO_ORDER_RADII]; /* likelihood ratios of the sizes, mean over even and odd */
  int32_t others;                /* place of those of the other seven, -1 for none */
  /* A bit for each of the eight: evidence is to be found (again); was looked for, not only the mean
   * of those with even numbers around; a domain was looked for here: no other has its centre here
   */
  uint8_t stale, known, used;
  uint8_t size; /* of the ball that explains the ions around the first best, where it is larger than
                   those looked for; else 0 */
} csro_candidate_cell;

/* The other seven of a cell. */
typedef struct csro_candidate_others {
  float evidence[7];
  float ratio[7][CSRO_ORDER_RADII];
} csro_candidate_others;

/* The grid reaches through the whole specimen; its candidate centres are numbered x fastest. A part
 * of the specimen owns a box of centres, `own`, and holds those and the ones next to them that it
 * needs for the candidate centres between. */
typedef struct csro_candidate_grid {
  double origin[3], step;
  int64_t all[3];         /* candidate centres of the whole specimen along each axis */
  csro_block own;         /* of the whole grid */
  int64_t first[3], n[3]; /* held; first are even */
  int64_t cells[3];
  bool stale;                /* some may be */
  csro_candidate_cell *cell; /* x fastest */
  int64_t count, room;
  csro_candidate_others *others;
} csro_candidate_grid;

/* How far candidate centres are apart, nm. */
double csro_candidate_step(const csro_grid *grid);

/* Candidate centres through the bounds of the specimen; the centres of the grid's voxels are among
 * them. Those in lo <= r < hi are owned. All are stale. */
csro_status csro_candidate_grid_init(csro_context *context, const csro_grid *grid,
                                     const double bounds[6], const double lo[3], const double hi[3],
                                     csro_candidate_grid *centers);
/* All are stale again and none used. */
void csro_candidate_grid_restart(csro_candidate_grid *centers);
void csro_candidate_grid_release(csro_candidate_grid *centers);

static inline double csro_candidate_along(const csro_candidate_grid *centers, int axis,
                                          int64_t index) {
  return centers->origin[axis] + (double)index * centers->step;
}

/* The cell of a candidate centre that is held, and its place there. */
static inline csro_candidate_cell *csro_candidate_cell_of(const csro_candidate_grid *centers,
                                                          int64_t i, int64_t j, int64_t k) {
  int64_t x = (i - centers->first[0]) / 2, y = (j - centers->first[1]) / 2;
  return centers->cell + ((k - centers->first[2]) / 2 * centers->cells[1] + y) * centers->cells[0] +
         x;
}
static inline int csro_candidate_place(int64_t i, int64_t j, int64_t k) {
  return (int)((i & 1) | (j & 1) << 1 | (k & 1) << 2);
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
 * the mean of their likelihood ratios. begin .. end is the part of the progress that this is. */
csro_status csro_candidate_grid_update(csro_context *context, const csro_signal_ions *ions,
                                       const csro_ball_profiles *profiles, double begin, double end,
                                       csro_candidate_grid *centers);

/* Marks the candidate centres within `reach` of a centre as used or as stale. */
void csro_candidate_grid_use(csro_candidate_grid *centers, const double center[3], double reach);
void csro_candidate_grid_outdate(csro_candidate_grid *centers, const double center[3],
                                 double reach);

typedef struct csro_candidate {
  int64_t number; /* of the candidate centre */
  double evidence;
  double apart; /* no other one within this distance is fitted at the same time, nm */
} csro_candidate;

/* The own candidate centres that are not used and have at least this evidence. *out comes from
 * malloc. */
csro_status csro_candidate_grid_candidates(csro_context *context,
                                           const csro_candidate_grid *centers,
                                           const csro_ball_profiles *profiles, double evidence,
                                           int64_t *count, csro_candidate **out);

/* The largest distance between candidates that are not fitted at the same time. */
double csro_candidate_grid_apart(const csro_ball_profiles *profiles);

/* Those of the candidates that are owned and have no better one within the larger `apart` of the
 * two: *best numbers in their order, at the front of `numbers`[count]. All candidates within
 * csro_candidate_grid_apart of the own ones must be there. Brings them into another order. */
csro_status csro_candidate_grid_best(csro_context *context, const csro_candidate_grid *centers,
                                     int64_t count, csro_candidate *candidates, int64_t *best,
                                     int64_t *numbers);

/* The likelihood ratio of balls of each radius, integrated over the own candidate centres whose
 * ball of that radius covers the centre of a voxel, and averaged over the radii: nm^3. out[voxels
 * of the block], x fastest. Added up over all parts it is that of all candidate centres. */
csro_status csro_candidate_grid_voxel_odds(csro_context *context,
                                           const csro_candidate_grid *centers,
                                           const csro_ball_profiles *profiles,
                                           const csro_grid *grid, const csro_block *voxels,
                                           double *out);

/* How many candidate centres less there would be if each place counted as its likelihood ratio
 * where nothing was fitted: 1 for those that are marked as stale, 1 less the ratio for the others;
 * of the own ones, in units of 1 / CSRO_ROOM_UNIT (whole numbers, so those of several parts add up
 * to the same in any order). Takes the marks away. */
enum { CSRO_ROOM_UNIT = 1 << 20 };
csro_status csro_candidate_grid_room(csro_context *context, csro_candidate_grid *centers,
                                     int64_t *room);

#endif
