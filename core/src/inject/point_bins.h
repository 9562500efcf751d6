/* Points sorted into cubic bins, for those near a place. */
#ifndef CSRO_INJECT_POINT_BINS_H
#define CSRO_INJECT_POINT_BINS_H

#include "csro/context.h"

#include <stdint.h>

typedef struct csro_point_bins {
  double lo[3], edge;
  int64_t n[3];
  int64_t *head, *next; /* the last point of each bin; the one before each point; -1: none */
} csro_point_bins;

/* Bins over bounds (xmin, xmax, ...), of at least this edge, for points 0 .. capacity - 1: none is
 * in them yet. */
csro_status csro_point_bins_init(csro_context *context, const double bounds[6], double edge,
                                 int64_t capacity, csro_point_bins *bins);
void csro_point_bins_release(csro_point_bins *bins);

void csro_point_bins_add(csro_point_bins *bins, int64_t point, const double r[3]);

/* The bins that hold all points within the edge of r: head[] of them, in the order of the bins.
 * Returns how many. */
int csro_point_bins_near(const csro_point_bins *bins, const double r[3], int64_t heads[27]);

#endif
