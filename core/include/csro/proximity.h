/* Distances of ions from a surface: what proximity histograms are made of (Hellman et al., Microsc.
 * Microanal. 6 (2000) 437). nm; positive outside. */
#ifndef CSRO_PROXIMITY_H
#define CSRO_PROXIMITY_H

#include "csro/ions.h"

CSRO_API_BEGIN

/* The surface of domains: for each of the first `own` ions the distance to the nearest ion of the
 * other side, negative for ions with inside[i] != 0. So the surface lies half way between the ions
 * of both sides. NaN where there is none within `reach`. CSRO_ERROR_ARGUMENT: a reach outside of
 * CSRO_SHORTEST to CSRO_LONGEST. */
csro_status csro_proximity_to_ions(csro_context *context, const csro_points *points,
                                   const uint8_t *inside, int64_t own, double reach,
                                   double *distance);

/* Triangles of a surface: corners[triangles][3][3]. */
typedef struct csro_triangles {
  int64_t count;
  const double *corners;
} csro_triangles;

/* The distance of each point from the nearest triangle, negative on the side that its normal
 * (corners in positive sense) points away from; where several triangles are as near (an edge, a
 * corner) the one that the point is most squarely before decides. NaN beyond `reach`. */
csro_status csro_proximity_to_triangles(csro_context *context, const csro_points *points,
                                        const csro_triangles *triangles, double reach,
                                        double *distance);

CSRO_API_END

#endif
