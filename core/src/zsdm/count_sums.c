/* Stored curves added up, their mean, and the bound that decides the type of their counts. */
#include "csro/zsdm.h"

/* The curves of voxels first .. first + length - 1. Called with a constant type: a choice per count
 * would cost several times as much. */
static inline void add_row(csro_count_type type, const void *counts, int64_t first, int64_t length,
                           int kept, int64_t *sum) {
  for (int64_t i = first; i < first + length; i++)
    for (int b = 0; b < kept; b++)
      sum[b] += csro_count_at(type, counts, i * kept + b);
}

void csro_zsdm_add(const csro_block *stored, const csro_block *owned, int kept,
                   csro_count_type type, const void *counts, int64_t *sum) {
  const int64_t length = owned->hi[0] - owned->lo[0];
  if (csro_block_size(owned) == 0)
    return;
  for (int64_t k = owned->lo[2]; k < owned->hi[2]; k++)
    for (int64_t j = owned->lo[1]; j < owned->hi[1]; j++) {
      const int64_t first = csro_block_at(stored, owned->lo[0], j, k);
      switch (type) {
      case CSRO_U8:
        add_row(CSRO_U8, counts, first, length, kept, sum);
        break;
      case CSRO_U16:
        add_row(CSRO_U16, counts, first, length, kept, sum);
        break;
      case CSRO_U32:
        add_row(CSRO_U32, counts, first, length, kept, sum);
        break;
      }
    }
}

int64_t csro_zsdm_mean(int kept, const int64_t *sum, int64_t units, double *mean) {
  int64_t total = 0;
  for (int b = 0; b < kept; b++) {
    mean[b] = units > 0 ? (double)sum[b] / (double)units : 0;
    total += sum[b];
  }
  return total;
}

int64_t csro_zsdm_bound(csro_partners partners, int64_t voxels, const int32_t *a,
                        const int32_t *b) {
  int64_t largest = 0;
  if (partners == CSRO_PARTNERS_IN_DATA)
    return UINT32_MAX;
  for (int64_t voxel = 0; voxel < voxels; voxel++) {
    const int64_t product = (int64_t)a[voxel] * b[voxel];
    largest = product > largest ? product : largest;
  }
  return largest;
}
