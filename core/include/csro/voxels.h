/* The voxel grid (method: paper, Experimental Section "z-SDM"; overlapping cubes whose ions are
 * taken from a ball around the centre). All lengths in nm. */
#ifndef CSRO_VOXELS_H
#define CSRO_VOXELS_H

#include "csro/ions.h"

CSRO_API_BEGIN

/* nm: lengths beyond these are no lengths of a specimen, and refused. */
#define CSRO_SHORTEST 1e-6
#define CSRO_LONGEST 1e6

/* Voxel (i, j, k) has its lower corner at origin + stride * (i, j, k), its centre half an edge
 * further, and holds the ions with |r - centre| <= radius (inclusive). Voxels are numbered x
 * fastest, then y, then z. Pixels are the cells of one stride that
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
csro_status csro_grid_init(csro_context *context, const double box[6], double edge, double stride,
                           double radius, csro_grid *grid);

/* The centre of a voxel along an axis, nm, and of voxel (i, j, k). */
static inline double csro_voxel_center_along(const csro_grid *grid, int axis, int64_t index) {
  return grid->origin[axis] + (double)index * grid->stride + grid->edge / 2;
}

static inline void csro_voxel_center(const csro_grid *grid, int64_t i, int64_t j, int64_t k,
                                     double center[3]) {
  center[0] = csro_voxel_center_along(grid, 0, i);
  center[1] = csro_voxel_center_along(grid, 1, j);
  center[2] = csro_voxel_center_along(grid, 2, k);
}

/* The number of the voxel whose centre is r (nm) to within a hundredth of a stride along each axis;
 * -1 when there is none, also for coordinates that are not finite. */
int64_t csro_grid_voxel_at(const csro_grid *grid, const double r[3]);

/* Smallest and largest coordinate, into bounds xmin, xmax, ... (of no ions: +inf, -inf). NaN and
 * infinite positions are CSRO_ERROR_DATA. */
csro_status csro_points_bounds(csro_context *context, const csro_points *points, double bounds[6]);

/* The default box: bounds snapped inwards to multiples of the stride. */
void csro_box_snap(const double bounds[6], double stride, double box[6]);

/* The voxels, or the pixels, (i, j, k) with lo <= (i, j, k) < hi on every axis: the share of one
 * rank. Its values are stored x fastest, then y, then z. Without voxels on one axis it is empty. */
typedef struct csro_block {
  int64_t lo[3], hi[3];
} csro_block;

static inline csro_block csro_block_whole(const int64_t n[3]) {
  const csro_block whole = {{0, 0, 0}, {n[0], n[1], n[2]}};
  return whole;
}

static inline int64_t csro_block_size(const csro_block *block) {
  int64_t size = 1;
  for (int axis = 0; axis < 3; axis++)
    size *= block->hi[axis] > block->lo[axis] ? block->hi[axis] - block->lo[axis] : 0;
  return size;
}

/* Where (i, j, k) is stored. */
static inline int64_t csro_block_at(const csro_block *block, int64_t i, int64_t j, int64_t k) {
  return ((k - block->lo[2]) * (block->hi[1] - block->lo[1]) + (j - block->lo[1])) *
             (block->hi[0] - block->lo[0]) +
         (i - block->lo[0]);
}

static inline csro_block csro_block_common(const csro_block *a, const csro_block *b) {
  csro_block common = *a;
  for (int axis = 0; axis < 3; axis++) {
    if (b->lo[axis] > common.lo[axis])
      common.lo[axis] = b->lo[axis];
    if (b->hi[axis] < common.hi[axis])
      common.hi[axis] = b->hi[axis];
  }
  return common;
}

/* Whether the inner block lies in the outer one; an empty block lies in all. */
static inline bool csro_block_holds(const csro_block *outer, const csro_block *inner) {
  for (int axis = 0; axis < 3; axis++)
    if (inner->lo[axis] < outer->lo[axis] || inner->hi[axis] > outer->hi[axis])
      return csro_block_size(inner) == 0;
  return true;
}

/* Copies what two blocks have in common, row by row: out[voxels of to] from values[voxels of from],
 * of `size` bytes each. What lies in one of them alone stays as it is. */
void csro_block_copy(const csro_block *from, const void *values, const csro_block *to, void *out,
                     size_t size);

/* Voxels shared out in disjoint blocks that together are the grid. Each part stores its block and
 * the next voxel along each axis as well, where the grid goes on: neighbours share a layer, as
 * pieces of images do. Empty blocks stay empty. */
csro_block csro_grid_stored(const csro_grid *grid, const csro_block *owned);
/* The inverse: what is owned of a stored block; the last parts own all that they store. */
csro_block csro_grid_owned(const csro_grid *grid, const csro_block *stored);
/* The pixels that belong to a block of voxels of such a division, one per voxel; the last parts
 * have those beyond as well, so that the blocks of pixels are disjoint and together all pixels. */
csro_block csro_grid_pixels(const csro_grid *grid, const csro_block *owned);

/* Ions per voxel of the block: out[voxel] counts the ions with one of the labels wanted[labels],
 * each label once; all ions when label is NULL, wanted is not read then. points must hold every ion
 * within `radius` of the block's centres. After an error or a cancel out is written in part. */
csro_status csro_voxel_counts(csro_context *context, const csro_grid *grid, const csro_block *block,
                              const csro_points *points, const uint16_t *label, int labels,
                              const uint16_t *wanted, int32_t *out);

/* How many voxels of the block `owned` hold ions, by counts[voxels of stored] of csro_voxel_counts.
 * owned lies in stored, or is empty (0 then). */
int64_t csro_voxels_with_ions(const csro_block *stored, const csro_block *owned,
                              const int32_t *counts);

/* How far (nm) from the box of the centres of a block of voxels the ions lie that
 * csro_voxel_counts of the block and csro_occupancy_count of the pixels that its voxels cover need:
 * the balls, and the neighbours of the pixels with half a stride to spare. */
double csro_grid_halo(const csro_grid *grid);

/* Analysed volume: what part of the box the specimen fills. Pixels whose eight neighbours across
 * the corners all hold ions are interior: a convex specimen contains them whole. (Their own ions
 * are not counted: their mean is without bias even where pixels hold few ions. Pixels at a face of
 * the box are not interior, for the specimen may end in them; along an axis of fewer than three
 * pixels missing neighbours are replaced by the pixels at the face.) Every other pixel counts with
 * its ions over the mean ions of an interior pixel. */
typedef struct csro_occupancy {
  int64_t interior_pixels, interior_ions, other_ions;
} csro_occupancy;

/* Tallies a block of pixels. points must hold every ion within one stride of it. Sums of the
 * tallies of disjoint blocks give the whole box. CSRO_ERROR_ARGUMENT: pixels outside the grid. */
csro_status csro_occupancy_count(csro_context *context, const csro_grid *grid,
                                 const csro_block *pixels, const csro_points *points,
                                 csro_occupancy *occupancy);

/* Volume in nm^3; 0 without ions. Without interior pixels (sparse data) the volume of the pixels
 * cannot be estimated and NaN is returned. */
double csro_occupancy_volume(const csro_grid *grid, const csro_occupancy *occupancy);

CSRO_API_END

#endif
