/* How far the k-th nearest neighbour of a group is, of the data and all their copies at once. */
#ifndef CSRO_NEAREST_DISTANCES_H
#define CSRO_NEAREST_DISTANCES_H

#include "csro/members.h"
#include "csro/neighbour_counts.h"

CSRO_API_BEGIN

enum { CSRO_NEAREST_DISTANCES = 20 }; /* neighbours, at most */

typedef struct csro_nearest_options {
  int pairs;
  const csro_group_pair *pair; /* [pairs] from the ions of a group to the nearest of the other */
  int neighbours;              /* 1 .. CSRO_NEAREST_DISTANCES */
  double reach;                /* none beyond that, nm */
  int bins;                    /* of histograms, from 0 to reach */
} csro_nearest_options;

/* Distances are summed up in units of 1e-9 nm, so that sums do not depend on the order. The sums
 * over processes, in `sums` one after the other, are those of the whole. */
typedef struct csro_nearest_distances {
  int pairs, members, neighbours, bins;
  int64_t size, *sums;
  int64_t *count;    /* [pairs][members][neighbours] ions that have a k-th neighbour within reach */
  int64_t *distance; /* the same: sum of its distances */
  int64_t *histogram; /* [pairs][members][neighbours][bins] */
} csro_nearest_distances;

/* Own ions alone are counted, and they see all. Release with csro_nearest_distances_release; zeroed
 * on error. CSRO_ERROR_ARGUMENT: options out of their ranges. */
csro_status csro_nearest_distances_make(csro_context *context, const csro_labelled_ions *ions,
                                        const csro_nearest_options *options,
                                        csro_nearest_distances *out);
void csro_nearest_distances_release(csro_nearest_distances *distances);

/* Mean distance of the k-th neighbour (from 1) in a member, nm; NaN without any. */
double csro_nearest_mean(const csro_nearest_distances *of, int pair, int member, int k);

/* The density (1/nm^3) at which half of the ions at random have their k-th neighbour nearer than
 * half of the ions of the copies (of the data, where there are none) have: what the specimen has
 * inside, for ions at its surface are less than half. NaN without ions. */
double csro_nearest_density(const csro_nearest_distances *of, double reach, int pair, int k);

/* Ions at random (a Poisson process): the density of the distance r of the k-th neighbour, per nm,
 * and its mean. */
double csro_nearest_random(double density, int k, double r);
double csro_nearest_random_mean(double density, int k);

CSRO_API_END

#endif
