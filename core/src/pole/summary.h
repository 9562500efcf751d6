/* What the blocks of a map say together. */
#ifndef CSRO_POLE_SUMMARY_H
#define CSRO_POLE_SUMMARY_H

#include "pole/cells.h"

/* Numbers the orientations of the blocks and sets orientations, kink and second_share. */
csro_status csro_pole_orient(csro_context *context, csro_pole_map *map);

/* Everything about the planes of the largest orientation. */
void csro_pole_summarise(csro_pole_map *map);

/* crop and crop_share. */
csro_status csro_pole_crop(csro_context *context, const double bounds[6], csro_pole_map *map);

/* axis and axis_coherence. */
void csro_pole_axis(const csro_context *context, const csro_pole_cells *cells, double noise,
                    csro_pole_map *map);

/* Angle between two vectors, degrees. */
double csro_pole_angle(const double a[3], const double b[3]);

#endif
