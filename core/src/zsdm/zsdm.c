#include "csro/zsdm.h"

#include "base/progress.h"
#include "zsdm/voxel_curves.h"

#include <stdlib.h>
#include <string.h>

/* What all threads share. */
struct job {
  csro_voxel_curves curves;
  csro_count_type type;
  void *counts; /* [voxel][kept]; NULL: the curves are only added up */
  int64_t *sum; /* [kept] */
};

/* What one thread needs. */
struct worker {
  csro_curve_worker curve;
  uint32_t *counts; /* [kept], and */
  int64_t *sum;     /* [kept]: of a curve that is added up, and of all so far */
};

static csro_status make_worker(const struct job *job, struct worker *worker) {
  const int kept = job->curves.bins->kept;
  *worker = (struct worker){0};
  csro_status status = csro_curve_worker_init(job->curves.bins, &worker->curve);
  if (status != CSRO_OK || job->counts)
    return status;
  worker->counts = csro_allocate(&worker->curve.context, kept, sizeof *worker->counts);
  worker->sum = csro_allocate(&worker->curve.context, kept, sizeof *worker->sum);
  if (!worker->counts || !worker->sum)
    return CSRO_ERROR_MEMORY;
  memset(worker->sum, 0, (size_t)kept * sizeof *worker->sum);
  return CSRO_OK;
}

static csro_status one_voxel(const struct job *job, struct worker *worker, int64_t voxel) {
  const int kept = job->curves.bins->kept;
  if (job->counts)
    return csro_voxel_curve(&job->curves, &worker->curve, voxel, job->type,
                            (char *)job->counts + voxel * kept * job->type);
  csro_status status =
      csro_voxel_curve(&job->curves, &worker->curve, voxel, CSRO_U32, worker->counts);
  for (int b = 0; status == CSRO_OK && b < kept; b++)
    worker->sum[b] += worker->counts[b];
  return status;
}

/* Hands over what the thread has added up. */
static void end_worker(const struct job *job, struct worker *worker, csro_status failed) {
  if (failed == CSRO_OK && worker->sum) {
#pragma omp critical(csro_zsdm_sum)
    for (int b = 0; b < job->curves.bins->kept; b++)
      job->sum[b] += worker->sum[b];
  }
  csro_curve_worker_release(&worker->curve);
  free(worker->counts);
  free(worker->sum);
}

static csro_status all_voxels(csro_context *context, const struct job *job) {
  csro_progress progress;
  const csro_block *block = job->curves.block;
  const int64_t row_length = block->hi[0] - block->lo[0];
  const int64_t rows = csro_block_size(block) / row_length;
  csro_status status = CSRO_OK;
  csro_progress_start(&progress, context, rows, 0, 1);
#pragma omp parallel num_threads(context->threads)
  {
    struct worker worker;
    csro_status failed = make_worker(job, &worker);
#pragma omp for schedule(dynamic, 4)
    for (int64_t row = 0; row < rows; row++) {
      if (failed != CSRO_OK || csro_progress_add(&progress, 1))
        continue;
      for (int64_t i = 0; i < row_length && failed == CSRO_OK; i++)
        failed = one_voxel(job, &worker, row * row_length + i);
    }
    if (failed != CSRO_OK) {
#pragma omp critical(csro_zsdm_error)
      {
        status = failed;
        memcpy(context->message, worker.curve.context.message, sizeof context->message);
      }
    }
    end_worker(job, &worker, failed);
  }
  return status != CSRO_OK ? status : csro_progress_end(&progress);
}

static csro_status run(csro_context *context, const csro_grid *grid, const csro_block *block,
                       const csro_points *points, const uint16_t *label, uint16_t a, uint16_t b,
                       const csro_bins *bins, csro_partners partners, struct job *job) {
  if (csro_block_size(block) == 0)
    return CSRO_OK;
  csro_status status = csro_voxel_curves_init(context, grid, block, points, label, a, b, bins,
                                              partners, &job->curves);
  if (status != CSRO_OK)
    return status;
  status = all_voxels(context, job);
  csro_voxel_curves_release(&job->curves);
  return status;
}

csro_status csro_zsdm_voxels(csro_context *context, const csro_grid *grid, const csro_block *block,
                             const csro_points *points, const uint16_t *label, uint16_t a,
                             uint16_t b, const csro_bins *bins, csro_partners partners,
                             csro_count_type type, void *counts) {
  struct job job = {.type = type, .counts = counts};
  return run(context, grid, block, points, label, a, b, bins, partners, &job);
}

csro_status csro_zsdm_sum(csro_context *context, const csro_grid *grid, const csro_block *block,
                          const csro_points *points, const uint16_t *label, uint16_t a, uint16_t b,
                          const csro_bins *bins, csro_partners partners, int64_t *sum) {
  struct job job = {.sum = sum};
  memset(sum, 0, (size_t)bins->kept * sizeof *sum);
  csro_status status = run(context, grid, block, points, label, a, b, bins, partners, &job);
  if (status != CSRO_OK)
    memset(sum, 0, (size_t)bins->kept * sizeof *sum);
  return status;
}
