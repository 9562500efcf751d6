#include "statistics/neighbour_cells.h"

#include "base/clones.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 8 };

static void sort_labels(const csro_context *context, const csro_labelled_ions *ions,
                        const double *height, csro_neighbour_cells *sorted) {
  const size_t members = (size_t)ions->members;
#pragma omp parallel for num_threads(context->threads)
  for (int64_t place = 0; place < sorted->cells.count; place++) {
    const int64_t ion = sorted->index[place];
    memcpy(sorted->group + (size_t)place * members, ions->group + (size_t)ion * members, members);
    sorted->number[place] = ions->number[ion];
    sorted->part[place] = ions->part[ion] & (CSRO_IMAGE - 1);
    if (height)
      sorted->height[place] = height[ion];
  }
}

csro_status csro_neighbour_cells_init(csro_context *context, const csro_labelled_ions *ions,
                                      const double *height, double reach,
                                      csro_neighbour_cells *sorted) {
  *sorted = (csro_neighbour_cells){0};
  double bounds[6];
  const int64_t count = ions->points.count;
  csro_status status = csro_points_bounds(context, &ions->points, bounds);
  if (status != CSRO_OK || count == 0)
    return status;
  sorted->index = csro_allocate(context, count, sizeof *sorted->index);
  sorted->number = csro_allocate(context, count, sizeof *sorted->number);
  sorted->group = csro_allocate(context, count, (size_t)ions->members);
  sorted->part = csro_allocate(context, count, sizeof *sorted->part);
  if (height)
    sorted->height = csro_allocate(context, count, sizeof *sorted->height);
  if (!sorted->index || !sorted->number || !sorted->group || !sorted->part ||
      (height && !sorted->height))
    return CSRO_ERROR_MEMORY;
  status = csro_cells_build(context, &ions->points, NULL, 0, bounds, reach * (2.0 / 3),
                            &sorted->cells, sorted->index);
  if (status == CSRO_OK)
    sort_labels(context, ions, height, sorted);
  return status;
}

void csro_neighbour_cells_release(csro_neighbour_cells *sorted) {
  if (!sorted)
    return;
  csro_cells_release(&sorted->cells);
  free(sorted->index);
  free(sorted->number);
  free(sorted->group);
  free(sorted->part);
  free(sorted->height);
  *sorted = (csro_neighbour_cells){0};
}

static csro_status grow(csro_context *context, csro_neighbours *found, int64_t needed) {
  if (needed <= found->capacity)
    return CSRO_OK;
  csro_neighbours_release(found);
  const int64_t capacity = 2 * needed + 64;
  found->place = csro_allocate(context, capacity, sizeof *found->place);
  found->distance2 = csro_allocate(context, capacity, sizeof *found->distance2);
  if (!found->place || !found->distance2)
    return CSRO_ERROR_MEMORY;
  found->capacity = capacity;
  return CSRO_OK;
}

/* Appends those of the places begin .. end - 1 that are near. */
__attribute__((always_inline)) static inline int64_t
list_near(const csro_cells *cells, const double center[3], double reach2, double lateral2,
          int64_t begin, int64_t end, int64_t count, csro_neighbours *found) {
  const double cx = center[0], cy = center[1], cz = center[2];
  for (int64_t i = begin; i < end; i += LANES) {
    const double *x = cells->x + i, *y = cells->y + i, *z = cells->z + i;
    const int32_t lanes = end - i < LANES ? (int32_t)(end - i) : LANES;
    int32_t near[LANES];
    double distance2[LANES];
#pragma omp simd
    for (int l = 0; l < LANES; l++) {
      double dx = x[l] - cx, dy = y[l] - cy, dz = z[l] - cz;
      double across2 = dx * dx + dy * dy, all2 = across2 + dz * dz;
      distance2[l] = all2;
      near[l] = (all2 <= reach2) & (across2 <= lateral2) & (all2 > 0) & (l < lanes);
    }
    for (int l = 0; l < LANES; l++) {
      found->place[count] = i + l;
      found->distance2[count] = distance2[l];
      count += near[l];
    }
  }
  return count;
}

CSRO_CLONES static void fill(const csro_cells *cells, const double center[3], double reach2,
                             double lateral2, const int64_t lo[3], const int64_t hi[3],
                             csro_neighbours *found) {
  int64_t count = 0;
  for (int64_t cz = lo[2]; cz <= hi[2]; cz++)
    for (int64_t cy = lo[1]; cy <= hi[1]; cy++) {
      const int64_t row = csro_cells_row(cells, cy, cz);
      count = list_near(cells, center, reach2, lateral2, cells->start[row + lo[0]],
                        cells->start[row + hi[0] + 1], count, found);
    }
  found->count = count;
}

csro_status csro_neighbours_gather(csro_context *context, const csro_cells *cells,
                                   const double center[3], double reach, double lateral,
                                   csro_neighbours *found) {
  int64_t lo[3], hi[3], across_lo[3], across_hi[3];
  found->count = 0;
  if (!csro_cells_block(cells, center, reach, lo, hi) ||
      !csro_cells_block(cells, center, fmin(lateral, reach), across_lo, across_hi))
    return CSRO_OK;
  across_lo[2] = lo[2], across_hi[2] = hi[2];
  int64_t candidates = 0;
  for (int64_t cz = lo[2]; cz <= hi[2]; cz++)
    for (int64_t cy = across_lo[1]; cy <= across_hi[1]; cy++) {
      const int64_t row = csro_cells_row(cells, cy, cz);
      candidates += cells->start[row + across_hi[0] + 1] - cells->start[row + across_lo[0]];
    }
  csro_status status = grow(context, found, candidates + CSRO_CELLS_PADDING);
  if (status == CSRO_OK)
    fill(cells, center, reach * reach, lateral * lateral, across_lo, across_hi, found);
  return status;
}

void csro_neighbours_release(csro_neighbours *found) {
  if (!found)
    return;
  free(found->place);
  free(found->distance2);
  *found = (csro_neighbours){0};
}
