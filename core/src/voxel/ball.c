#include "base/clones.h"
#include "voxel/cell_list.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_IONS_IN_BALL = 65535, LANES = 8 };

static csro_status grow(csro_context *context, csro_ball *ball, int64_t needed) {
  if (needed <= ball->capacity)
    return CSRO_OK;
  csro_ball_release(ball);
  int64_t capacity = 2 * needed + 64;
  ball->place = csro_allocate(context, capacity, sizeof *ball->place);
  ball->x = csro_allocate(context, capacity, sizeof(double));
  ball->y = csro_allocate(context, capacity, sizeof(double));
  ball->z = csro_allocate(context, capacity, sizeof(double));
  if (!ball->place || !ball->x || !ball->y || !ball->z)
    return CSRO_ERROR_MEMORY;
  ball->capacity = capacity;
  return CSRO_OK;
}

/* Appends the places in the cell list of those ions begin .. end - 1 that lie in the ball. */
__attribute__((always_inline)) static inline int64_t
list_inside(const csro_cells *cells, const double center[3], double radius2, int64_t begin,
            int64_t end, int64_t count, int64_t *place) {
  const double cx = center[0], cy = center[1], cz = center[2];
  for (int64_t i = begin; i < end; i += LANES) {
    const double *x = cells->x + i, *y = cells->y + i, *z = cells->z + i;
    const int32_t lanes = end - i < LANES ? (int32_t)(end - i) : LANES;
    int32_t inside[LANES];
#pragma omp simd
    for (int l = 0; l < LANES; l++) {
      double dx = x[l] - cx, dy = y[l] - cy, dz = z[l] - cz;
      inside[l] = (dx * dx + dy * dy + dz * dz <= radius2) & (l < lanes);
    }
    for (int l = 0; l < LANES; l++) {
      place[count] = i + l;
      count += inside[l];
    }
  }
  return count;
}

/* Fills a ball that has room for the candidates of the cells lo .. hi. */
CSRO_CLONES static void fill(const csro_cells *cells, const double center[3], double radius2,
                             const int64_t lo[3], const int64_t hi[3], csro_ball *ball) {
  int64_t count = 0, *place = ball->place;
  for (int64_t cz = lo[2]; cz <= hi[2]; cz++)
    for (int64_t cy = lo[1]; cy <= hi[1]; cy++) {
      int64_t row = csro_cells_row(cells, cy, cz);
      count = list_inside(cells, center, radius2, cells->start[row + lo[0]],
                          cells->start[row + hi[0] + 1], count, place);
    }
  for (int64_t i = 0; i < count; i++) {
    ball->x[i] = cells->x[place[i]];
    ball->y[i] = cells->y[place[i]];
    ball->z[i] = cells->z[place[i]];
  }
  ball->count = count;
}

csro_status csro_ball_gather(csro_context *context, const csro_cells *cells, const double center[3],
                             double radius, csro_ball *ball) {
  int64_t lo[3], hi[3];
  ball->count = 0;
  if (!csro_cells_block(cells, center, radius, lo, hi))
    return CSRO_OK;

  int64_t candidates = 0;
  for (int64_t cz = lo[2]; cz <= hi[2]; cz++)
    for (int64_t cy = lo[1]; cy <= hi[1]; cy++) {
      int64_t row = csro_cells_row(cells, cy, cz);
      candidates += cells->start[row + hi[0] + 1] - cells->start[row + lo[0]];
    }
  csro_status status = grow(context, ball, candidates + CSRO_CELLS_PADDING);
  if (status != CSRO_OK)
    return status;
  fill(cells, center, radius * radius, lo, hi, ball);
  if (ball->count > MOST_IONS_IN_BALL)
    return csro_fail(context, CSRO_ERROR_DATA,
                     "the voxel at %g, %g, %g holds %lld ions, more than the %d that "
                     "any atom probe could find there: are the positions in nm?",
                     center[0], center[1], center[2], (long long)ball->count, MOST_IONS_IN_BALL);
  return CSRO_OK;
}

void csro_ball_release(csro_ball *ball) {
  if (!ball)
    return;
  free(ball->place);
  free(ball->x);
  free(ball->y);
  free(ball->z);
  memset(ball, 0, sizeof *ball);
}
