#include "csro/proximity.h"

#include "base/progress.h"
#include "voxel/cell_list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { block_ions = 4096 };

static const double cell_side = 0.8; /* nm */

/* The square of the distance of the nearest of the ions start .. end - 1. */
static double nearest_of(const csro_cells *cells, int64_t begin, int64_t end, const double r[3],
                         double nearest) {
  for (int64_t i = begin; i < end; i++) {
    const double x = cells->x[i] - r[0], y = cells->y[i] - r[1], z = cells->z[i] - r[2];
    const double square = x * x + y * y + z * z;
    nearest = square < nearest ? square : nearest;
  }
  return nearest;
}

static double scan_cells(const csro_cells *cells, int64_t x, int64_t last, int64_t y, int64_t z,
                         const double r[3], double nearest) {
  x = x < 0 ? 0 : x;
  last = last >= cells->n[0] ? cells->n[0] - 1 : last;
  if (x > last || y < 0 || z < 0 || y >= cells->n[1] || z >= cells->n[2])
    return nearest;
  const int64_t row = csro_cells_row(cells, y, z);
  return nearest_of(cells, cells->start[row + x], cells->start[row + last + 1], r, nearest);
}

/* All cells whose place differs from the middle one by `ring` along an axis, and by no more along
 * the others. */
static void ring_rows(const csro_cells *cells, const int64_t middle[3], int64_t ring,
                      const double r[3], double *nearest) {
  for (int64_t dz = -ring; dz <= ring; dz++)
    for (int64_t dy = -ring; dy <= ring; dy++) {
      const int64_t y = middle[1] + dy, z = middle[2] + dz;
      const bool whole = llabs(dz) == ring || llabs(dy) == ring;
      if (whole) {
        *nearest = scan_cells(cells, middle[0] - ring, middle[0] + ring, y, z, r, *nearest);
      } else {
        *nearest = scan_cells(cells, middle[0] - ring, middle[0] - ring, y, z, r, *nearest);
        *nearest = scan_cells(cells, middle[0] + ring, middle[0] + ring, y, z, r, *nearest);
      }
    }
}

/* The distance of the nearest ion of the list, infinite beyond reach. */
static double nearest_ion(const csro_cells *cells, const double r[3], double reach) {
  int64_t middle[3];
  for (int a = 0; a < 3; a++)
    middle[a] = (int64_t)floor((r[a] - cells->origin[a]) / cells->size);
  double nearest = INFINITY;
  for (int64_t ring = 0;; ring++) {
    const double gap = (double)(ring - 1) * cells->size; /* to the cells of this ring, at least */
    if (gap > reach || (gap > 0 && gap * gap > nearest))
      break;
    ring_rows(cells, middle, ring, r, &nearest);
  }
  const double distance = sqrt(nearest);
  return distance <= reach ? distance : INFINITY;
}

static csro_status measure_all(csro_context *context, const csro_points *points,
                               const uint8_t *inside, int64_t own, double reach,
                               const csro_cells side[2], double *distance) {
  csro_progress progress;
  csro_progress_start(&progress, context, own, 0.1, 1);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic)
  for (int64_t begin = 0; begin < own; begin += block_ions) {
    const int64_t end = own - begin < block_ions ? own : begin + block_ions;
    if (csro_progress_add(&progress, end - begin))
      continue;
    for (int64_t i = begin; i < end; i++) {
      const bool in = inside[i] != 0;
      double r[3];
      csro_points_get(points, i, r);
      const csro_cells *other = &side[!in];
      const double nearest = other->count > 0 ? nearest_ion(other, r, reach) : INFINITY;
      distance[i] = isinf(nearest) ? NAN : in ? -nearest : nearest;
    }
  }
  return csro_progress_end(&progress);
}

csro_status csro_proximity_to_ions(csro_context *context, const csro_points *points,
                                   const uint8_t *inside, int64_t own, double reach,
                                   double *distance) {
  csro_status status =
      csro_check_number(context, "reach in nm", reach, CSRO_SHORTEST, CSRO_LONGEST);
  double bounds[6];
  if (status == CSRO_OK)
    status = csro_points_bounds(context, points, bounds);
  uint16_t *label = status == CSRO_OK ? csro_allocate(context, points->count, sizeof *label) : NULL;
  if (status != CSRO_OK || !label)
    return status != CSRO_OK ? status : CSRO_ERROR_MEMORY;
  for (int64_t i = 0; i < points->count; i++)
    label[i] = inside[i] != 0;
  csro_cells side[2] = {{.count = 0}, {.count = 0}};
  for (uint16_t k = 0; k < 2 && status == CSRO_OK && points->count > 0; k++)
    status = csro_cells_build(context, points, label, k, bounds, cell_side, &side[k], NULL);
  if (status == CSRO_OK)
    status = measure_all(context, points, inside, own, reach, side, distance);
  csro_cells_release(&side[0]);
  csro_cells_release(&side[1]);
  free(label);
  return status;
}
