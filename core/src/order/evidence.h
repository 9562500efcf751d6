/* How much more likely the ions around a candidate centre are with an ordered ball there than
 * without. */
#ifndef CSRO_ORDER_EVIDENCE_H
#define CSRO_ORDER_EVIDENCE_H

#include "csro/ions.h"

enum { CSRO_ORDER_RADII = 5 };

/* Of the ions seen at some distance from the centre of a ball, the share that comes from inside it:
 * the ball blurred by the position noise. */
typedef struct csro_ball_profiles {
  double radius[CSRO_ORDER_RADII];
  double reach_xy, reach_z; /* shares beyond are 0 */
  int depths, distances;    /* of the table, in steps of CSRO_PROFILE_STEP */
  float *share;             /* [radius][depth along z][distance in xy], then one 0 per radius */
} csro_ball_profiles;

#define CSRO_PROFILE_STEP 0.05 /* nm */

/* Entries of the table of one radius. */
static inline int64_t csro_profile_entries(const csro_ball_profiles *profiles) {
  return (int64_t)profiles->depths * profiles->distances + 1;
}

/* Steps from the centre of a ball to where its shares, blurred by sigma, are taken as 0. */
int csro_profile_steps(double radius, double sigma);

/* The table of one ball: share[depth along z][distance in xy], at the middles of the steps. */
void csro_profile_fill(double radius, double sigma_xy, double sigma_z, int depths, int distances,
                       float *share);

/* All but the table. */
void csro_ball_profiles_measure(const double diameter[2], double sigma_xy, double sigma_z,
                                csro_ball_profiles *profiles);

/* Balls of CSRO_ORDER_RADII radii evenly spaced between the two diameters. */
csro_status csro_ball_profiles_init(csro_context *context, const double diameter[2],
                                    double sigma_xy, double sigma_z, csro_ball_profiles *profiles);
void csro_ball_profiles_release(csro_ball_profiles *profiles);

/* The share for an ion at (dx, dy, dz) from the centre. */
float csro_ball_share(const csro_ball_profiles *profiles, int radius, double dx, double dy,
                      double dz);

/* The ions sorted by cells, within a cell by their positions and signals: sums over the ions around
 * a candidate centre are bit for bit the same whatever the order the ions came in and whatever part
 * of the specimen is held. Cells are counted from the lowest corner of the whole specimen; the
 * cells first .. first + n - 1 are held. signal: the change of an ion's likelihood, relative to no
 * order, when it comes from a domain whose even planes are the rich ones; -signal for the odd ones.
 */
typedef struct csro_signal_ions {
  double origin[3];
  int64_t first[3], n[3], count;
  int64_t *start; /* of each cell held, x fastest */
  int64_t *index; /* place in the caller's arrays */
  float *x, *y, *z, *signal;
} csro_signal_ions;

#define CSRO_ORDER_CELL 0.4 /* nm */

/* bounds: of the ions of the whole specimen (xmin, xmax, ymin ...). Holds the cells that touch
 * `around`; ions elsewhere are left out. */
csro_status csro_signal_ions_init(csro_context *context, const csro_points *points,
                                  const float *signal, const double bounds[6],
                                  const double around[6], csro_signal_ions *ions);
void csro_signal_ions_release(csro_signal_ions *ions);

/* Number of the cell (i, j, k), counted from the lowest corner of the specimen. */
static inline int64_t csro_signal_cell(const csro_signal_ions *ions, int64_t i, int64_t j,
                                       int64_t k) {
  return ((k - ions->first[2]) * ions->n[1] + j - ions->first[1]) * ions->n[0] + i - ions->first[0];
}

/* The cells held around a centre, lo .. hi inclusive; false when there are none. */
bool csro_signal_block(const csro_signal_ions *ions, const double center[3], double reach_xy,
                       double reach_z, int64_t lo[3], int64_t hi[3]);

/* Scratch of one thread; starts from zero, grows as needed. */
typedef struct csro_evidence_scratch {
  int64_t capacity;
  int32_t *entry;
  float *signal;
} csro_evidence_scratch;
void csro_evidence_scratch_release(csro_evidence_scratch *scratch);

/* Natural logarithm of the likelihood ratio for a ball of each radius: with its even ([0]) or its
 * odd planes ([1]) rich. False when memory is short. */
bool csro_evidence(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                   const double center[3], csro_evidence_scratch *scratch,
                   float out[CSRO_ORDER_RADII][2]);

#endif
