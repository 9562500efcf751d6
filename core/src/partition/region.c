/* What a part needs to see: its block with a halo. */
#include "csro/bisection.h"

#include <math.h>

static const csro_region nothing = {{1, 1, 1}, {0, 0, 0}};

double csro_halo_widened(double halo) {
  return halo * (1 + 1e-9) + 1e-9;
}

csro_region csro_mesh_region(const csro_mesh *mesh, const csro_block *block, double halo,
                             bool open) {
  csro_region region = nothing;
  const double reach = csro_halo_widened(halo);
  for (int axis = 0; axis < 3 && csro_block_size(block) > 0; axis++) {
    const double origin = mesh->origin[axis];
    region.lo[axis] = origin + mesh->step * (double)block->lo[axis] - reach;
    region.hi[axis] = origin + mesh->step * (double)block->hi[axis] + reach;
    if (open && block->lo[axis] == 0)
      region.lo[axis] = -INFINITY;
    if (open && block->hi[axis] == mesh->n[axis])
      region.hi[axis] = INFINITY;
  }
  return region;
}

csro_region csro_grid_region(const csro_grid *grid, const csro_block *block, double halo) {
  csro_region region = nothing;
  const double reach = csro_halo_widened(halo);
  for (int axis = 0; axis < 3 && csro_block_size(block) > 0; axis++) {
    const double first = grid->origin[axis] + grid->edge / 2;
    region.lo[axis] = first + grid->stride * (double)block->lo[axis] - reach;
    region.hi[axis] = first + grid->stride * (double)(block->hi[axis] - 1) + reach;
  }
  return region;
}

csro_block csro_region_cells(const csro_mesh *mesh, const csro_region *region) {
  csro_block block = {{0, 0, 0}, {0, 0, 0}};
  for (int axis = 0; axis < 3; axis++)
    if (!(region->lo[axis] <= region->hi[axis]))
      return block;
  csro_mesh_cell(mesh, region->lo, block.lo);
  csro_mesh_cell(mesh, region->hi, block.hi);
  for (int axis = 0; axis < 3; axis++)
    block.hi[axis]++;
  return block;
}
