#include "voxel/block.h"

csro_status csro_block_check(csro_context *context, const char *what, const int64_t n[3],
                             const csro_block *block) {
  for (int axis = 0; axis < 3; axis++)
    if (block->lo[axis] < 0 || block->lo[axis] > block->hi[axis] || block->hi[axis] > n[axis])
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "%s %lld .. %lld along %c, but the grid has %lld", what,
                       (long long)block->lo[axis], (long long)block->hi[axis] - 1, "xyz"[axis],
                       (long long)n[axis]);
  return CSRO_OK;
}
