/* z-SDMs voxel by voxel, for loops that store them and loops that use them at once. */
#ifndef CSRO_ZSDM_VOXEL_CURVES_H
#define CSRO_ZSDM_VOXEL_CURVES_H

#include "voxel/cell_list.h"
#include "zsdm/pair_histogram.h"

/* What all threads share: the curves of one pair in one block. */
typedef struct csro_voxel_curves {
  const csro_grid *grid;
  const csro_block *block;
  const csro_bins *bins;
  csro_partners partners;
  bool same; /* A and B are one species */
  csro_cells a, b;
} csro_voxel_curves;

/* Arguments and conditions of csro_zsdm_voxels; what is pointed to must stay. The block holds
 * voxels. On error *curves needs no free. */
csro_status csro_voxel_curves_init(csro_context *context, const csro_grid *grid,
                                   const csro_block *block, const csro_points *points,
                                   const uint16_t *label, uint16_t a, uint16_t b,
                                   const csro_bins *bins, csro_partners partners,
                                   csro_voxel_curves *curves);
void csro_voxel_curves_release(csro_voxel_curves *curves);

/* What one thread needs for its voxels. */
typedef struct csro_curve_worker {
  csro_context context; /* one thread, no callback; collects the error text */
  csro_ball a, b;
  csro_pair_histogram pairs;
} csro_curve_worker;

/* Release with csro_curve_worker_release even after an error. */
csro_status csro_curve_worker_init(const csro_bins *bins, csro_curve_worker *worker);
void csro_curve_worker_release(csro_curve_worker *worker);

/* The curve of voxel 0 .. of the block into counts[kept] of the given type. */
csro_status csro_voxel_curve(const csro_voxel_curves *curves, csro_curve_worker *worker,
                             int64_t voxel, csro_count_type type, void *counts);

/* Adds all pairs from ion r to the ions of the cell list within half_range. Returns the ions looked
 * at. */
int64_t csro_pair_histogram_from_cells(csro_pair_histogram *pairs, const double r[3],
                                       const csro_cells *cells);

#endif
