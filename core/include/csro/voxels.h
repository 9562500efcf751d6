/* The voxel grid (method: paper, Experimental Section "z-SDM"; overlapping cubes whose ions are
 * taken from a ball around the centre). All lengths in nm. */
#ifndef CSRO_VOXELS_H
#define CSRO_VOXELS_H

#include "csro/ions.h"

/* Voxel (i, j, k) has its lower corner at origin + stride * (i, j, k), its centre half an edge
 * further, and holds the ions with |r - centre| <= radius (inclusive). Voxels are numbered x
 * fastest, then y, then z. A layer is all voxels of one k. Pixels are the cells of one stride that
 * the voxels cover: voxel (i, j, k) covers the pixels i .. i + ratio - 1 and so on. */
typedef struct csro_grid {
  double origin[3];
  double edge, stride, radius;
  int64_t n[3];      /* voxels */
  int ratio;         /* edge / stride, a whole number */
  int64_t pixels[3]; /* n + ratio - 1 */
} csro_grid;

/* The grid of a box xmin, xmax, ymin, ymax, zmin, zmax. Errors (CSRO_ERROR_ARGUMENT): a number that
 * is not finite, min >= max, edge or stride <= 0, edge no whole multiple of the stride, radius <=
 * 0, an edge larger than the box, lengths beyond 1e6, more than 2^32
 * pixels. */
csro_status csro_grid_make(csro_context *context, const double box[6], double edge, double stride,
                           double radius, csro_grid *grid);

/* Smallest and largest coordinate, into bounds xmin, xmax, ... (of no ions: +inf, -inf). NaN and
 * infinite positions are CSRO_ERROR_DATA. */
csro_status csro_points_bounds(csro_context *context, const csro_points *points, double bounds[6]);

/* The default box: bounds snapped inwards to multiples of the stride. */
void csro_box_snap(const double bounds[6], double stride, double box[6]);

/* Layers first .. first + layers - 1 of the grid: the share of one rank. */
typedef struct csro_slab {
  int64_t first, layers;
} csro_slab;

static inline int64_t csro_slab_voxels(const csro_grid *grid, csro_slab slab) {
  return grid->n[0] * grid->n[1] * slab.layers;
}

/* Ions per voxel of the slab: out[voxel] counts the ions with label == wanted (all ions when label
 * is NULL). points must hold every ion within `radius` of the slab's centres. */
csro_status csro_voxel_counts(csro_context *context, const csro_grid *grid, csro_slab slab,
                              const csro_points *points, const uint16_t *label, uint16_t wanted,
                              int32_t *out);

/* Analysed volume: what part of the box the specimen fills. Pixels whose eight neighbours across
 * the corners all hold ions are interior: a convex specimen contains them whole. (Their own ions
 * have no say: their mean is without bias even where pixels hold few ions. Pixels at a face of the
 * box are not interior, for the specimen may end in them; along an axis of fewer than three pixels
 * missing neighbours are replaced by the pixels at the face.) Every other pixel counts with its
 * ions over the mean ions of an interior pixel. */
typedef struct csro_occupancy {
  int64_t interior_pixels, interior_ions, other_ions;
} csro_occupancy;

/* Tallies the pixel layers first .. first + layers - 1 of the pixel grid. points must hold every
 * ion within one stride of them. Sums of the tallies of disjoint slabs give the whole box. */
csro_status csro_occupancy_count(csro_context *context, const csro_grid *grid, csro_slab pixel_slab,
                                 const csro_points *points, csro_occupancy *occupancy);

/* Volume in nm^3; 0 without ions. Without interior pixels (sparse data) the volume of the pixels
 * cannot be estimated and NaN is returned. */
double csro_occupancy_volume(const csro_grid *grid, const csro_occupancy *occupancy);

#endif
