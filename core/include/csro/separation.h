/* Clusters of solute ions by the maximum separation method with core linkage, envelope and erosion
 * (Vaumousse, Cerezo & Warren, Ultramicroscopy 95 (2003) 215; Stephenson, Moody, Liddicoat &
 * Ringer, Microsc. Microanal. 13 (2007) 448):
 *
 *   1. a solute ion with `order` other solute ions within core_distance is a core ion;
 *   2. core ions within `distance` of each other (d_max) share a cluster;
 *   3. another solute ion within `distance` of a core ion joins its cluster;
 *   4. clusters of fewer than min_size (N_min) solute ions are dropped;
 *   5. other ions within `envelope` (L) of a solute ion of a cluster join it;
 *   6. those that joined in step 5 and have an ion of no cluster within `erosion` leave it again,
 * all at once.
 *
 * Distances are inclusive, in nm. An ion that could join several clusters joins the one with the
 * smallest number; clusters are numbered in the order of their first core ion. */
#ifndef CSRO_SEPARATION_H
#define CSRO_SEPARATION_H

#include "csro/ions.h"

CSRO_API_BEGIN

typedef struct csro_separation {
  int order;            /* 0: every solute ion is a core ion; at most 1000 */
  double core_distance; /* > 0, not used for order 0 */
  double distance;      /* > 0 */
  int64_t min_size;     /* 1 or more */
  double envelope;      /* 0: none */
  double erosion;       /* 0: none */
} csro_separation;

/* CSRO_ERROR_ARGUMENT for settings outside of the above, and for distances that are not finite. */
csro_status csro_separation_check(csro_context *context, const csro_separation *settings);

/* A distance that depends on the density alone, so that copies have the same: within it a solute
 * ion has one other on average where they lie at random (nm; volume in nm^3). Clusters that chance
 * makes are small then: they are endless from 2.7 others on (continuum percolation of spheres,
 * Lorenz & Ziff, J. Chem. Phys. 114 (2001) 3659). NaN without solute ions or volume. */
double csro_separation_suggest(int64_t solutes, double volume);

/* cluster[ions]: the cluster of each ion, -1 in none. is_solute[ions] is 0 or 1. Memory: about 50
 * bytes per ion. Same result for any number of threads. Errors as csro_dbscan, and of the check. */
csro_status csro_separation_find(csro_context *context, const csro_points *points,
                                 const uint8_t *is_solute, const csro_separation *settings,
                                 int64_t *cluster, int64_t *count);

/* ---- the steps, for data that several processes share ----
 * A part gives its own ions, which come first, and all others within the distance of the step; the
 * results are of its own ions. Step 2 is csro_dbscan (or its parts) of the core ions with eps =
 * distance and min_samples = 1. */

/* Step 1. is_core[own]. */
csro_status csro_separation_cores(csro_context *context, const csro_points *points, int64_t own,
                                  const uint8_t *is_solute, const csro_separation *settings,
                                  uint8_t *is_core);

/* What an ion may be in the steps below, beside the number of its cluster. */
enum { CSRO_SEPARATION_OUTSIDE = -1, CSRO_SEPARATION_IGNORED = -2 };

/* Steps 3 and 5. joined[own]: cluster[ion]; but for ions outside that have ions of a cluster within
 * distance the smallest of their numbers. */
csro_status csro_separation_join(csro_context *context, const csro_points *points, int64_t own,
                                 const int64_t *cluster, double distance, int64_t *joined);

/* Step 4. solutes[count] of each cluster (of all parts) become number[count]: from 0 for those that
 * stay, CSRO_SEPARATION_OUTSIDE for the others. Returns how many stay. */
int64_t csro_separation_drop(const int64_t *solutes, int64_t count, int64_t min_size,
                             int64_t *number);

/* Step 6. eroded[own]: 1 for an ion of a cluster with is_envelope that has an ion outside within
 * distance, else 0. */
csro_status csro_separation_erode(csro_context *context, const csro_points *points, int64_t own,
                                  const int64_t *cluster, const uint8_t *is_envelope,
                                  double distance, uint8_t *eroded);

CSRO_API_END

#endif
