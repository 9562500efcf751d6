/* Which voxels cover a pixel. */
#ifndef CSRO_DOMAIN_SCORE_H
#define CSRO_DOMAIN_SCORE_H

#include "csro/score.h"

typedef struct csro_cover {
  int64_t first, last; /* inclusive */
} csro_cover;

/* The voxels along one axis that exist and cover a pixel. */
static inline csro_cover csro_cover_of(const csro_grid *grid, int axis, int64_t pixel) {
  int64_t first = pixel - grid->ratio + 1;
  int64_t last = pixel;
  return (csro_cover){first > 0 ? first : 0, last < grid->n[axis] ? last : grid->n[axis] - 1};
}

static inline int64_t csro_cover_size(csro_cover x, csro_cover y, csro_cover z) {
  return (x.last - x.first + 1) * (y.last - y.first + 1) * (z.last - z.first + 1);
}

#endif
