/* Balls in which the ions are those of a domain, blurred by the position noise. */
#ifndef CSRO_ORDER_BALL_PROFILES_H
#define CSRO_ORDER_BALL_PROFILES_H

#include "csro/context.h"

#include <stdint.h>

/* Balls of CSRO_ORDER_RADII radii are looked for; larger ones only where the largest of these
 * explains the ions best. */
enum {
  CSRO_ORDER_RADII = 5,
  CSRO_BALL_LANES = 8 /* all of them, as many as vector code takes at a time */
};

/* Of the ions seen at some distance from the centre of a ball, the share that comes from inside it:
 * the ball blurred by the position noise. */
typedef struct csro_ball_profiles {
  double radius[CSRO_BALL_LANES];
  double reach_xy[CSRO_BALL_LANES], reach_z[CSRO_BALL_LANES]; /* shares beyond are 0 */
  int depths, distances; /* of the table, in steps of CSRO_PROFILE_STEP */
  float *share;          /* [depth along z][distance in xy][radius], and at last all 0 */
  int steps;             /* from the centre in any direction, of CSRO_PROFILE_STEP */
  float *most;           /* [steps][radius], the largest share at so many steps or more */
  bool one_phase;        /* the ions' signals are those of one phase of several: no odd planes */
} csro_ball_profiles;

#define CSRO_PROFILE_STEP 0.05 /* nm */

/* Steps from the centre of a ball to where its shares, blurred by sigma, are taken as 0. */
int csro_profile_steps(double radius, double sigma);

/* The table of one ball: share[depth along z][distance in xy], at the middles of the steps. */
void csro_profile_fill(double radius, double sigma_xy, double sigma_z, int depths, int distances,
                       float *share);

/* All but the table. */
void csro_ball_profiles_measure(const double diameter[2], double sigma_xy, double sigma_z,
                                csro_ball_profiles *profiles);

/* Balls of CSRO_ORDER_RADII radii evenly spaced between the two diameters, then larger ones, each
 * 1.3 times the one before. */
csro_status csro_ball_profiles_init(csro_context *context, const double diameter[2],
                                    double sigma_xy, double sigma_z, csro_ball_profiles *profiles);
void csro_ball_profiles_release(csro_ball_profiles *profiles);

/* The share for an ion at (dx, dy, dz) from the centre. */
float csro_ball_share(const csro_ball_profiles *profiles, int radius, double dx, double dy,
                      double dz);

#endif
