#include "voxel/cells.h"

#include "base/clones.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double most_cells = 268435456.0; /* 2^28: 2 GiB of cell starts */

static void shape_cells(csro_cells *cells, const double bounds[6], double size) {
  double extent[3], total;
  for (int a = 0; a < 3; a++)
    extent[a] = bounds[2 * a + 1] - bounds[2 * a];
  for (;; size *= 2) {
    total = 1;
    for (int a = 0; a < 3; a++)
      total *= floor(extent[a] / size) + 2;
    if (total <= most_cells)
      break;
  }
  cells->size = size;
  for (int a = 0; a < 3; a++) {
    /* half a cell off, for the balls of a voxel grid begin and end at whole steps from the bounds:
       on a cell border, rounding would decide which cells they touch */
    cells->origin[a] = bounds[2 * a] - size / 2;
    cells->n[a] = (int64_t)floor(extent[a] / size) + 2;
  }
}

static int64_t cell_of(const csro_cells *cells, const double bounds[6], const double r[3]) {
  int64_t index[3];
  for (int a = 0; a < 3; a++) {
    if (!(r[a] >= bounds[2 * a] && r[a] <= bounds[2 * a + 1]))
      return -1;
    index[a] = (int64_t)((r[a] - cells->origin[a]) / cells->size);
    if (index[a] >= cells->n[a])
      index[a] = cells->n[a] - 1;
  }
  return (index[2] * cells->n[1] + index[1]) * cells->n[0] + index[0];
}

csro_status csro_cells_build(csro_context *context, const csro_points *points,
                             const uint16_t *label, uint16_t wanted, const double bounds[6],
                             double size, csro_cells *cells) {
  memset(cells, 0, sizeof *cells);
  for (int a = 0; a < 3; a++)
    if (!isfinite(bounds[2 * a + 1] - bounds[2 * a]) || !(bounds[2 * a] <= bounds[2 * a + 1]))
      return csro_fail(context, CSRO_ERROR_DATA,
                       "ions from %g to %g nm along %c: expected lengths of a specimen",
                       bounds[2 * a], bounds[2 * a + 1], "xyz"[a]);
  shape_cells(cells, bounds, size);
  int64_t total = cells->n[0] * cells->n[1] * cells->n[2];
  int32_t *cell = csro_allocate(context, points->count, sizeof *cell);
  cells->start = csro_allocate(context, total + 1, sizeof *cells->start);
  if (!cell || !cells->start)
    goto out_of_memory;
  memset(cells->start, 0, (size_t)(total + 1) * sizeof *cells->start);

#pragma omp parallel for num_threads(context->threads) schedule(static)
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    cell[i] = -1;
    if (label && label[i] != wanted)
      continue;
    csro_points_get(points, i, r);
    cell[i] = (int32_t)cell_of(cells, bounds, r);
  }
  for (int64_t i = 0; i < points->count; i++)
    if (cell[i] >= 0)
      cells->start[cell[i]]++;
  for (int64_t c = 0; c <= total; c++) {
    int64_t ions = cells->start[c];
    cells->start[c] = cells->count;
    cells->count += ions;
  }

  double **axis[3] = {&cells->x, &cells->y, &cells->z};
  for (int a = 0; a < 3; a++) {
    *axis[a] = csro_allocate(context, cells->count + CSRO_CELLS_PADDING, sizeof(double));
    if (!*axis[a])
      goto out_of_memory;
    memset(*axis[a] + cells->count, 0, CSRO_CELLS_PADDING * sizeof(double));
  }
  for (int64_t i = 0; i < points->count; i++) {
    if (cell[i] < 0)
      continue;
    double r[3];
    csro_points_get(points, i, r);
    int64_t at = cells->start[cell[i]]++;
    cells->x[at] = r[0], cells->y[at] = r[1], cells->z[at] = r[2];
  }
  /* filling moved each start to the end of its cell, which is the start of the next one */
  memmove(cells->start + 1, cells->start, (size_t)total * sizeof *cells->start);
  cells->start[0] = 0;
  free(cell);
  return CSRO_OK;

out_of_memory:
  free(cell);
  csro_cells_free(cells);
  return CSRO_ERROR_MEMORY;
}

void csro_cells_free(csro_cells *cells) {
  free(cells->start);
  free(cells->x);
  free(cells->y);
  free(cells->z);
  memset(cells, 0, sizeof *cells);
}

enum { MOST_IONS_IN_BALL = 65535, LANES = 8 };

static csro_status grow(csro_context *context, csro_ball *ball, int64_t needed) {
  if (needed <= ball->capacity)
    return CSRO_OK;
  csro_ball_free(ball);
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
static inline __attribute__((always_inline)) int64_t
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
    return csro_fail(
        context, CSRO_ERROR_DATA,
        "the voxel at %g, %g, %g holds %lld ions of one species, more than the %d that "
        "any atom probe could find there: are the positions in nm?",
        center[0], center[1], center[2], (long long)ball->count, MOST_IONS_IN_BALL);
  return CSRO_OK;
}

void csro_ball_free(csro_ball *ball) {
  free(ball->place);
  free(ball->x);
  free(ball->y);
  free(ball->z);
  memset(ball, 0, sizeof *ball);
}

void csro_block_bounds(const csro_grid *grid, const csro_block *block, double reach,
                       double bounds[6]) {
  double first[3], last[3];
  csro_voxel_center(grid, block->lo[0], block->lo[1], block->lo[2], first);
  csro_voxel_center(grid, block->hi[0] - 1, block->hi[1] - 1, block->hi[2] - 1, last);
  for (int a = 0; a < 3; a++) {
    bounds[2 * a] = first[a] - reach;
    bounds[2 * a + 1] = last[a] + reach;
  }
}
