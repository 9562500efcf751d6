#include "csro/zsdm.h"

#include "base/progress.h"
#include "voxel/cells.h"
#include "zsdm/pairs.h"

#include <stdlib.h>
#include <string.h>

/* What one thread needs for its voxels. */
struct worker {
  csro_context context; /* one thread, no callback; collects the error text */
  csro_ball a, b;
  csro_pairs pairs;
};

/* What all threads share. */
struct job {
  const csro_grid *grid;
  const csro_block *block;
  const csro_bins *bins;
  csro_partners partners;
  bool same; /* A and B are one species */
  csro_cells a, b;
  csro_count_type type;
  void *counts;
};

/* All pairs from ion r to the ions of the cell list within half_range. Returns the ions looked at.
 */
static int64_t pairs_from_cells(csro_pairs *pairs, const double r[3], const csro_cells *cells) {
  int64_t lo[3], hi[3], looked_at = 0;
  if (!csro_cells_block(cells, r, pairs->half_range, lo, hi))
    return 0;
  for (int64_t cz = lo[2]; cz <= hi[2]; cz++)
    for (int64_t cy = lo[1]; cy <= hi[1]; cy++) {
      int64_t row = csro_cells_row(cells, cy, cz);
      int64_t begin = cells->start[row + lo[0]], end = cells->start[row + hi[0] + 1];
      csro_pairs_from(pairs, r, cells->x, cells->y, cells->z, begin, end);
      looked_at += end - begin;
    }
  return looked_at;
}

static csro_status one_voxel(const struct job *job, struct worker *worker, int64_t voxel) {
  const csro_grid *grid = job->grid;
  const csro_block *block = job->block;
  const int64_t length = block->hi[0] - block->lo[0], rows = block->hi[1] - block->lo[1];
  double center[3];
  csro_voxel_center(grid, block->lo[0] + voxel % length, block->lo[1] + voxel / length % rows,
                    block->lo[2] + voxel / length / rows, center);
  csro_ball *a = &worker->a, *b = &worker->b;
  csro_status status = csro_ball_gather(&worker->context, &job->a, center, grid->radius, a);
  if (status != CSRO_OK)
    return status;
  void *row_of_counts = (char *)job->counts + voxel * job->bins->kept * job->type;
  if (a->count == 0) {
    memset(row_of_counts, 0, (size_t)job->bins->kept * job->type);
    return CSRO_OK;
  }

  csro_pairs_clear(&worker->pairs);
  if (job->partners == CSRO_PARTNERS_IN_DATA) {
    const csro_cells *cells = job->same ? &job->a : &job->b;
    for (int64_t i = 0; i < a->count; i++)
      pairs_from_cells(&worker->pairs, (double[3]){a->x[i], a->y[i], a->z[i]}, cells);
  } else if (job->same) {
    csro_pairs_among(&worker->pairs, a->x, a->y, a->z, a->count);
  } else {
    status = csro_ball_gather(&worker->context, &job->b, center, grid->radius, b);
    for (int64_t i = 0; status == CSRO_OK && i < a->count; i++)
      csro_pairs_from(&worker->pairs, (double[3]){a->x[i], a->y[i], a->z[i]}, b->x, b->y, b->z, 0,
                      b->count);
  }
  if (status == CSRO_OK)
    csro_pairs_store(&worker->pairs, job->bins->first, job->bins->kept, job->type, row_of_counts);
  return status;
}

static csro_status all_voxels(csro_context *context, const struct job *job) {
  csro_progress progress;
  const csro_block *block = job->block;
  const int64_t row_length = block->hi[0] - block->lo[0];
  const int64_t rows = csro_block_size(block) / row_length;
  csro_status status = CSRO_OK;
  csro_progress_start(&progress, context, rows, 0, 1);
#pragma omp parallel num_threads(context->threads)
  {
    struct worker worker = {.context.threads = 1};
    csro_status failed = csro_pairs_make(&worker.context, job->bins, &worker.pairs);
#pragma omp for schedule(dynamic, 4)
    for (int64_t row = 0; row < rows; row++) {
      if (failed != CSRO_OK || csro_progress_add(&progress, 1))
        continue;
      for (int64_t i = 0; i < row_length && failed == CSRO_OK; i++)
        failed = one_voxel(job, &worker, row * row_length + i);
    }
    csro_pairs_free(&worker.pairs);
    csro_ball_free(&worker.a);
    csro_ball_free(&worker.b);
    if (failed != CSRO_OK) {
#pragma omp critical(csro_zsdm_error)
      {
        status = failed;
        memcpy(context->message, worker.context.message, sizeof context->message);
      }
    }
  }
  return status != CSRO_OK ? status : csro_progress_end(&progress);
}

csro_status csro_zsdm_voxels(csro_context *context, const csro_grid *grid, const csro_block *block,
                             const csro_points *points, const uint16_t *label, uint16_t a,
                             uint16_t b, const csro_bins *bins, csro_partners partners,
                             csro_count_type type, void *counts) {
  if (csro_block_size(block) == 0)
    return CSRO_OK;
  struct job job = {.grid = grid,
                    .block = block,
                    .bins = bins,
                    .partners = partners,
                    .same = a == b,
                    .type = type,
                    .counts = counts};
  double bounds[6], cell_size = grid->radius * (2.0 / 3);
  csro_block_bounds(grid, block,
                    grid->radius + (partners == CSRO_PARTNERS_IN_DATA ? bins->half_range : 0),
                    bounds);
  csro_status status = csro_cells_build(context, points, label, a, bounds, cell_size, &job.a);
  if (status == CSRO_OK && a != b)
    status = csro_cells_build(context, points, label, b, bounds, cell_size, &job.b);
  if (status == CSRO_OK)
    status = all_voxels(context, &job);
  csro_cells_free(&job.a);
  csro_cells_free(&job.b);
  return status;
}

static void add_histogram(const csro_bins *bins, csro_pairs *pairs, int64_t *counts) {
#pragma omp critical(csro_zsdm_region)
  csro_pairs_add(pairs, bins->first, bins->kept, counts);
  csro_pairs_clear(pairs);
}

static csro_status whole_region(csro_context *context, const csro_points *points, int64_t own,
                                const uint16_t *label, uint16_t a, const csro_cells *cells,
                                const csro_bins *bins, int64_t *counts) {
  enum { CHUNK = 256 };
  const int64_t chunks = (own + CHUNK - 1) / CHUNK;
  csro_progress progress;
  csro_status status = CSRO_OK;
  csro_progress_start(&progress, context, chunks, 0, 1);
#pragma omp parallel num_threads(context->threads)
  {
    csro_pairs pairs;
    csro_context private_context = {.threads = 1};
    csro_status failed = csro_pairs_make(&private_context, bins, &pairs);
    int64_t looked_at = 0;
#pragma omp for schedule(dynamic, 1)
    for (int64_t chunk = 0; chunk < chunks; chunk++) {
      if (failed != CSRO_OK || csro_progress_add(&progress, 1))
        continue;
      int64_t end = (chunk + 1) * CHUNK < own ? (chunk + 1) * CHUNK : own;
      for (int64_t i = chunk * CHUNK; i < end; i++) {
        if (label && label[i] != a)
          continue;
        double r[3];
        csro_points_get(points, i, r);
        looked_at += pairs_from_cells(&pairs, r, cells);
        if (looked_at > INT32_MAX / 2) { /* before a 32-bit count can overflow */
          add_histogram(bins, &pairs, counts);
          looked_at = 0;
        }
      }
    }
    if (failed == CSRO_OK)
      add_histogram(bins, &pairs, counts);
    csro_pairs_free(&pairs);
    if (failed != CSRO_OK) {
#pragma omp critical(csro_zsdm_error)
      status = csro_fail(context, failed, "%s", private_context.message);
    }
  }
  return status != CSRO_OK ? status : csro_progress_end(&progress);
}

csro_status csro_zsdm_region(csro_context *context, const csro_points *points, int64_t own,
                             const uint16_t *label, uint16_t a, uint16_t b, const csro_bins *bins,
                             int64_t *counts) {
  memset(counts, 0, (size_t)bins->kept * sizeof *counts);
  double bounds[6];
  csro_status status = csro_points_bounds(context, points, bounds);
  if (status != CSRO_OK || points->count == 0)
    return status;
  csro_cells cells;
  status = csro_cells_build(context, points, label, b, bounds, bins->half_range / 3, &cells);
  if (status != CSRO_OK)
    return status;
  status = whole_region(context, points, own, label, a, &cells, bins, counts);
  csro_cells_free(&cells);
  return status;
}
