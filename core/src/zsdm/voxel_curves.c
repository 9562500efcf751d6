#include "zsdm/voxel_curves.h"

#include <string.h>

csro_status csro_voxel_curves_init(csro_context *context, const csro_grid *grid,
                                   const csro_block *block, const csro_points *points,
                                   const uint16_t *label, uint16_t a, uint16_t b,
                                   const csro_bins *bins, csro_partners partners,
                                   csro_voxel_curves *curves) {
  *curves = (csro_voxel_curves){
      .grid = grid, .block = block, .bins = bins, .partners = partners, .same = a == b};
  double bounds[6], cell_size = grid->radius * (2.0 / 3);
  csro_block_bounds(grid, block, csro_zsdm_reach(grid, bins, partners), bounds);
  csro_status status =
      csro_cells_build(context, points, label, a, bounds, cell_size, &curves->a, NULL);
  if (status == CSRO_OK && a != b)
    status = csro_cells_build(context, points, label, b, bounds, cell_size, &curves->b, NULL);
  if (status != CSRO_OK)
    csro_voxel_curves_release(curves);
  return status;
}

void csro_voxel_curves_release(csro_voxel_curves *curves) {
  if (!curves)
    return;
  csro_cells_release(&curves->a);
  csro_cells_release(&curves->b);
}

csro_status csro_curve_worker_init(const csro_bins *bins, csro_curve_worker *worker) {
  *worker = (csro_curve_worker){.context.threads = 1};
  return csro_pair_histogram_init(&worker->context, bins, &worker->pairs);
}

void csro_curve_worker_release(csro_curve_worker *worker) {
  if (!worker)
    return;
  csro_pair_histogram_release(&worker->pairs);
  csro_ball_release(&worker->a);
  csro_ball_release(&worker->b);
}

int64_t csro_pair_histogram_from_cells(csro_pair_histogram *pairs, const double r[3],
                                       const csro_cells *cells) {
  int64_t lo[3], hi[3], looked_at = 0;
  if (!csro_cells_block(cells, r, pairs->half_range, lo, hi))
    return 0;
  for (int64_t cz = lo[2]; cz <= hi[2]; cz++)
    for (int64_t cy = lo[1]; cy <= hi[1]; cy++) {
      int64_t row = csro_cells_row(cells, cy, cz);
      int64_t begin = cells->start[row + lo[0]], end = cells->start[row + hi[0] + 1];
      csro_pair_histogram_from(pairs, r, cells->x, cells->y, cells->z, begin, end);
      looked_at += end - begin;
    }
  return looked_at;
}

csro_status csro_voxel_curve(const csro_voxel_curves *curves, csro_curve_worker *worker,
                             int64_t voxel, csro_count_type type, void *counts) {
  const csro_grid *grid = curves->grid;
  const csro_block *block = curves->block;
  const int64_t length = block->hi[0] - block->lo[0], rows = block->hi[1] - block->lo[1];
  double center[3];
  csro_voxel_center(grid, block->lo[0] + voxel % length, block->lo[1] + voxel / length % rows,
                    block->lo[2] + voxel / length / rows, center);
  csro_ball *a = &worker->a, *b = &worker->b;
  csro_status status = csro_ball_gather(&worker->context, &curves->a, center, grid->radius, a);
  if (status != CSRO_OK)
    return status;
  const size_t size = (size_t)curves->bins->kept * type;
  if (a->count == 0) {
    memset(counts, 0, size);
    return CSRO_OK;
  }
  /* the memory of the counts comes while the pairs are found: with many bins the wait is long */
  for (size_t at = 0; at < size; at += 64)
    __builtin_prefetch((const char *)counts + at, 1);

  csro_pair_histogram_clear(&worker->pairs);
  if (curves->partners == CSRO_PARTNERS_IN_DATA) {
    const csro_cells *cells = curves->same ? &curves->a : &curves->b;
    for (int64_t i = 0; i < a->count; i++)
      csro_pair_histogram_from_cells(&worker->pairs, (double[3]){a->x[i], a->y[i], a->z[i]}, cells);
  } else if (curves->same) {
    csro_pair_histogram_among(&worker->pairs, a->x, a->y, a->z, a->count);
  } else {
    status = csro_ball_gather(&worker->context, &curves->b, center, grid->radius, b);
    for (int64_t i = 0; status == CSRO_OK && i < a->count; i++)
      csro_pair_histogram_from(&worker->pairs, (double[3]){a->x[i], a->y[i], a->z[i]}, b->x, b->y,
                               b->z, 0, b->count);
  }
  if (status == CSRO_OK)
    csro_pair_histogram_store(&worker->pairs, curves->bins->first, curves->bins->kept, type,
                              counts);
  return status;
}
