/* Voxels as the analysis makes them: the ions found in a ball at a random place of a crystal. */
#ifndef CSRO_SIMULATE_PATTERN_BALL_H
#define CSRO_SIMULATE_PATTERN_BALL_H

#include "simulate/pattern_workspace.h"

/* The sites of a class that can send an ion to a voxel which lies anywhere in the repeated cell
 * around 0, by their distance from the z axis. */
csro_status csro_pattern_ball_sites(csro_context *context, csro_pattern_class *class);

void csro_pattern_simulate_ball(const csro_pattern_class *class, const double *values,
                                csro_random *random, csro_pattern_workspace *room);

#endif
