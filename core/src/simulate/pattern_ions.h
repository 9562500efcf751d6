/* The ions of one simulated voxel. */
#ifndef CSRO_SIMULATE_PATTERN_IONS_H
#define CSRO_SIMULATE_PATTERN_IONS_H

#include "simulate/pattern_workspace.h"

csro_status csro_pattern_class_init(csro_context *context, const csro_recipe *recipe, int class,
                                    csro_pattern_class *out);
void csro_pattern_class_release(csro_pattern_class *class);

/* Simulates the ions of the pattern with these values. */
void csro_pattern_simulate(const csro_pattern_class *class, const double values[CSRO_VALUES],
                           csro_random *random, csro_pattern_workspace *room);

#endif
