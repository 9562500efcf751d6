#include "csro/bisection.h"

#include "base/counting_sort.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BINS = 32 }; /* along an axis */

/* The bins that a block touches, inclusive; false for an empty block. */
static bool bins_of(const csro_block_index *index, const csro_block *block, int64_t lo[3],
                    int64_t hi[3]) {
  for (int axis = 0; axis < 3; axis++) {
    if (block->lo[axis] >= block->hi[axis])
      return false;
    lo[axis] = block->lo[axis] * index->bins[axis] / index->n[axis];
    hi[axis] = (block->hi[axis] - 1) * index->bins[axis] / index->n[axis];
  }
  return true;
}

/* Counts the entries of each bin, or, where the lists exist, fills them. */
static void enter(csro_block_index *index, int count, const csro_block *blocks) {
  for (int b = 0; b < count; b++) {
    int64_t lo[3], hi[3];
    if (!bins_of(index, &blocks[b], lo, hi))
      continue;
    for (int64_t k = lo[2]; k <= hi[2]; k++)
      for (int64_t j = lo[1]; j <= hi[1]; j++)
        for (int64_t i = lo[0]; i <= hi[0]; i++) {
          int64_t at = index->start[(k * index->bins[1] + j) * index->bins[0] + i]++;
          if (index->block)
            index->block[at] = b;
        }
  }
}

csro_status csro_block_index_init(csro_context *context, const int64_t n[3], int count,
                                  const csro_block *blocks, csro_block_index *index) {
  memset(index, 0, sizeof *index);
  int64_t bins = 1;
  for (int axis = 0; axis < 3; axis++) {
    index->n[axis] = n[axis];
    index->bins[axis] = n[axis] < MOST_BINS ? n[axis] : MOST_BINS;
    bins *= index->bins[axis];
  }
  index->start = csro_allocate(context, bins + 1, sizeof *index->start);
  if (!index->start)
    return CSRO_ERROR_MEMORY;
  memset(index->start, 0, (size_t)bins * sizeof *index->start);
  enter(index, count, blocks);
  index->start[bins] = csro_keys_begin(index->start, bins, 0);
  index->block = csro_allocate(context, index->start[bins], sizeof *index->block);
  if (!index->block) {
    csro_block_index_release(index);
    return CSRO_ERROR_MEMORY;
  }
  enter(index, count, blocks);
  csro_keys_restore(index->start, bins, 0);
  return CSRO_OK;
}

void csro_block_index_release(csro_block_index *index) {
  if (!index)
    return;
  free(index->start);
  free(index->block);
  memset(index, 0, sizeof *index);
}
