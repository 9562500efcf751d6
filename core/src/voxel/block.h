/* The check of blocks that callers give. */
#ifndef CSRO_VOXEL_BLOCK_H
#define CSRO_VOXEL_BLOCK_H

#include "csro/voxels.h"

/* CSRO_ERROR_ARGUMENT when a block of `what` reaches beyond the n[0] x n[1] x n[2] that exist. */
csro_status csro_block_check(csro_context *context, const char *what, const int64_t n[3],
                             const csro_block *block);

#endif
