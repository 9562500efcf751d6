/* z-SDM: histogram of the depth differences dz = z_j - z_i of all ordered ion pairs (i of A, j of
 * B) (paper, Experimental Section "z-SDM"). Lengths in nm.
 *
 * A pair counts when |r_j - r_i| <= half_range, dx != 0 and dz != 0. Its bin among `total` over
 * [-half_range, half_range) is (int)((dz + half_range) * (total / (2 half_range))) in double;
 * the bins first .. first + kept - 1 are stored. */
#ifndef CSRO_ZSDM_H
#define CSRO_ZSDM_H

#include "csro/bins.h"

CSRO_API_BEGIN

/* Adds the curves of the voxels of `owned` to sum[kept]. counts[voxels of stored][kept] are of the
 * type, as csro_zsdm_voxels(stored) writes them. owned lies in stored, or is empty. */
void csro_zsdm_add(const csro_block *stored, const csro_block *owned, int kept,
                   csro_count_type type, const void *counts, int64_t *sum);

/* The mean curve, mean[kept] = sum[kept] / units; zeros for no units. Returns the counts of all
 * bins together. */
int64_t csro_zsdm_mean(int kept, const int64_t *sum, int64_t units, double *mean);

/* A bound of the counts of csro_zsdm_voxels, for csro_count_type_for: the largest product
 * a[voxel] * b[voxel] of the ions of both sides (csro_voxel_counts; a may be b), 0 without voxels.
 * With CSRO_PARTNERS_IN_DATA it is that of CSRO_U32, and a and b are not read. */
int64_t csro_zsdm_bound(csro_partners partners, int64_t voxels, const int32_t *a, const int32_t *b);

/* z-SDMs of every voxel of the block for the pair a-b (labels): counts[voxel][kept] of the given
 * type, which must hold the largest possible count: (ions of a) x (ions of b) of any voxel, or
 * CSRO_U32 for CSRO_PARTNERS_IN_DATA: this is not checked, and larger counts wrap around. Voxels
 * are in the order of the block (csro_block_at). points must hold every ion within grid->radius of
 * the block's centres, and within radius + half_range for CSRO_PARTNERS_IN_DATA; others do no harm.
 * label[points->count]: only ions with the label a or b count, and a may be b. An empty block is no
 * error and writes nothing. After an error or a cancel counts is written in part. */
csro_status csro_zsdm_voxels(csro_context *context, const csro_grid *grid, const csro_block *block,
                             const csro_points *points, const uint16_t *label, uint16_t a,
                             uint16_t b, const csro_bins *bins, csro_partners partners,
                             csro_count_type type, void *counts);

/* The same without storing the curves: sum[kept] over all voxels of the block; zeros for an empty
 * block and after an error. */
csro_status csro_zsdm_sum(csro_context *context, const csro_grid *grid, const csro_block *block,
                          const csro_points *points, const uint16_t *label, uint16_t a, uint16_t b,
                          const csro_bins *bins, csro_partners partners, int64_t *sum);

/* One z-SDM over a whole region: i runs over the first `own` points (a rank's own ions), j over all
 * points given (own ions and the halo of half_range). label[points->count], 0 <= own <=
 * points->count. counts[kept] is set, not added to; zeros where own is 0. */
csro_status csro_zsdm_region(csro_context *context, const csro_points *points, int64_t own,
                             const uint16_t *label, uint16_t a, uint16_t b, const csro_bins *bins,
                             int64_t *counts);

CSRO_API_END

#endif
