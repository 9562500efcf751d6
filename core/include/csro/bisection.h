/* Space cut into compact blocks of a mesh (recursive coordinate bisection: Berger and Bokhari, IEEE
 * Trans. Comput. C-36 (1987) 570): one per rank with nearly equal numbers of ions, or
 * neighbourhoods with at least a given number of ions. */
#ifndef CSRO_BISECTION_H
#define CSRO_BISECTION_H

#include "csro/voxels.h"

CSRO_API_BEGIN

/* n[0] x n[1] x n[2] cubic cells of edge `step`, the first with its lower corner at origin. Lengths
 * in nm. */
typedef struct csro_mesh {
  double origin[3], step;
  int64_t n[3];
} csro_mesh;

/* The cells around the centres of a grid's voxels, one per voxel, of one stride. */
csro_mesh csro_mesh_of_grid(const csro_grid *grid);
/* The pixels of a grid. */
csro_mesh csro_mesh_of_pixels(const csro_grid *grid);
/* The first of the cells of csro_mesh_of_grid, one fewer along each axis (but at least one). Cut
 * by these, no part has a single layer of voxels at the end of the grid: its image, one voxel
 * thicker than what it owns (csro_grid_stored), could not be told from that of such a part. */
csro_mesh csro_mesh_of_neighbours(const csro_grid *grid);
/* The voxels of a block of csro_mesh_of_neighbours: blocks at the end have the last layer, too. */
csro_block csro_grid_block(const csro_grid *grid, const csro_block *neighbours);

/* A mesh over bounds (xmin, xmax, ...; finite): at most 16384 cells and one along the longest axis,
 * but none smaller than smallest > 0. Bounds of no ions (+inf, -inf) give one cell. */
csro_mesh csro_mesh_over(const double bounds[6], double smallest);

/* The cell that holds r; positions outside belong to the nearest cell. */
static inline void csro_mesh_cell(const csro_mesh *mesh, const double r[3], int64_t cell[3]) {
  for (int axis = 0; axis < 3; axis++) {
    const double t = (r[axis] - mesh->origin[axis]) / mesh->step;
    const double last = (double)(mesh->n[axis] - 1);
    cell[axis] = t < last ? (t > 0 ? (int64_t)t : 0) : mesh->n[axis] - 1;
  }
}

/* lo <= r <= hi (nm), on every axis; lo > hi holds nothing. */
typedef struct csro_region {
  double lo[3], hi[3];
} csro_region;

static inline bool csro_region_holds(const csro_region *region, const double r[3]) {
  for (int axis = 0; axis < 3; axis++)
    if (!(r[axis] >= region->lo[axis] && r[axis] <= region->hi[axis]))
      return false;
  return true;
}

/* A hair (1e-9 of it, and 1e-9 nm) more than a halo (nm): no ion in it is lost to rounding. */
double csro_halo_widened(double halo);

/* The block's cells and a halo (nm) around them, widened; it holds nothing for an empty block. With
 * `open` it is infinite where the block ends with the mesh: it holds what csro_mesh_cell gives to
 * the block's cells. */
csro_region csro_mesh_region(const csro_mesh *mesh, const csro_block *block, double halo,
                             bool open);
/* The box of the centres of a block's voxels and a halo (nm) around it, widened; it holds nothing
 * for an empty block. */
csro_region csro_grid_region(const csro_grid *grid, const csro_block *block, double halo);
/* The cells that csro_mesh_cell gives to positions in the region; empty when it holds nothing. */
csro_block csro_region_cells(const csro_mesh *mesh, const csro_region *region);

/* The bisection, in rounds: every block that must still be cut is cut once, across its longest
 * axis, where the ions on both sides come nearest to their share. Each rank counts its own ions,
 * the caller sums the counts over the ranks, and all cut alike:
 *
 *   while ((n = csro_bisection_counters(parts)) > 0) { count; sum; cut }
 *
 * takes ceil(log2(count)) rounds for parts of equal numbers of ions. */
typedef struct csro_bisection csro_bisection;

/* `count` parts, one per rank. Release with csro_bisection_destroy; on error *parts is NULL.
 * CSRO_ERROR_ARGUMENT: count < 1, a mesh without cells. */
csro_status csro_bisection_create(csro_context *context, const csro_mesh *mesh, int count,
                                  csro_bisection **parts);
/* Neighbourhoods: blocks that hold at least `smallest` of the `ions` ions of all ranks, and fewer
 * than twice as many where the mesh is fine enough to cut them; one block when there are fewer. The
 * cuts lie at shares that are drawn by the seed, 0.35 to 0.65 where the ions suffice, so that each
 * seed has others. Ions outside the mesh belong to the nearest cell. On error *parts is NULL.
 * CSRO_ERROR_ARGUMENT: smallest < 1, ions < 0, more than 2^30 blocks possible, a mesh without
 * cells. */
csro_status csro_bisection_create_neighbourhoods(csro_context *context, const csro_mesh *mesh,
                                                 int64_t ions, int64_t smallest, uint64_t seed,
                                                 csro_bisection **parts);
/* Frees it; NULL is fine. */
void csro_bisection_destroy(csro_bisection **parts);

/* How many counters the next round has; 0 when all is cut. */
int64_t csro_bisection_counters(const csro_bisection *parts);
/* Sets counts[csro_bisection_counters] from the points of this rank: those with label > 0, or all
 * when label is NULL. For the parts of ranks, points outside the mesh are not counted. */
csro_status csro_bisection_count(csro_context *context, const csro_bisection *parts,
                                 const csro_points *points, const uint16_t *label, int64_t *counts);
/* Cuts by the counts of all ranks together; ends the round. */
void csro_bisection_cut(csro_bisection *parts, const int64_t *counts);

/* The blocks of the mesh, [csro_bisection_parts]: disjoint, together the whole. Parts of ranks are
 * empty when there are not enough cells. Valid after the last round, until csro_bisection_destroy.
 */
const csro_block *csro_bisection_blocks(const csro_bisection *parts);
int csro_bisection_parts(const csro_bisection *parts);
/* The number of the block that holds a cell (csro_mesh_cell); after the last round. */
int csro_bisection_part_at(const csro_bisection *parts, const int64_t cell[3]);

/* Which of many blocks, that may overlap, can hold a cell. */
typedef struct csro_block_index {
  int64_t n[3];    /* cells of the mesh */
  int64_t bins[3]; /* the coarse boxes that the index is made of */
  int64_t *start;  /* [bins + 1]: where the list of each begins */
  int32_t *block;  /* the lists, each in ascending order */
} csro_block_index;

/* The index of blocks[count] of a mesh of n cells; the blocks are not needed afterwards. Release
 * with csro_block_index_release; on error *index is zeroed. */
csro_status csro_block_index_init(csro_context *context, const int64_t n[3], int count,
                                  const csro_block *blocks, csro_block_index *index);
/* Frees the arrays and zeroes the struct. */
void csro_block_index_release(csro_block_index *index);

/* The numbers of all blocks that hold the cell, and of others nearby: *count of them, in an array
 * of the index. */
static inline const int32_t *csro_block_index_at(const csro_block_index *index,
                                                 const int64_t cell[3], int64_t *count) {
  int64_t bin = 0;
  for (int axis = 2; axis >= 0; axis--)
    bin = bin * index->bins[axis] + cell[axis] * index->bins[axis] / index->n[axis];
  *count = index->start[bin + 1] - index->start[bin];
  return index->block + index->start[bin];
}

CSRO_API_END

#endif
