#include "csro/classify.h"

#include "base/progress.h"
#include "network/inference.h"
#include "network/inputs.h"
#include "network/voxel_batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Voxels are dealt to the threads in runs of this many. */
enum { RUN = CSRO_NETWORK_ROWS };

typedef struct job {
  const csro_model *model;
  csro_preprocessing preprocessing;
  int64_t minimum_counts, n;
  const csro_voxel_curves *curves; /* [channel]: where counts come from, or NULL, then from */
  const csro_count_type *types;
  const void *const *counts;
  double *const *mean, *const *deviation;
  float *members;
  uint8_t *overflow;
  const float *packed; /* the networks of all members */
} job;

/* What one thread works in. Defined voxels wait in inputs until the networks can take
 * CSRO_NETWORK_ROWS of them at once. */
typedef struct room {
  csro_run_counts made; /* when the counts come from curves */
  float *curves;        /* [RUN][bin], preprocessed, of one channel */
  float *inputs;        /* [CSRO_NETWORK_ROWS + RUN][bin][channel] */
  float *outputs;       /* [member][CSRO_NETWORK_ROWS][class] */
  float *scratch;       /* of the networks */
  int waiting;
  int64_t voxel[CSRO_NETWORK_ROWS + RUN]; /* of each row of inputs */
} room;

static int64_t input_values(const csro_model *model) {
  return (int64_t)model->bins.kept * model->channel_count;
}

static csro_status room_make(csro_context *context, const job *work, room *out) {
  const csro_model *model = work->model;
  int64_t outputs = (int64_t)CSRO_NETWORK_ROWS * model->member_count * model->class_count;
  int64_t inputs = (CSRO_NETWORK_ROWS + RUN) * input_values(model);
  int64_t curves = (int64_t)RUN * model->bins.kept;
  int64_t scratch = csro_network_scratch(&model->members[0]);
  out->made = (csro_run_counts){0};
  out->waiting = 0;
  out->curves = csro_allocate(context, curves + inputs + outputs + scratch, sizeof(float));
  if (!out->curves)
    return CSRO_ERROR_MEMORY;
  out->inputs = out->curves + curves;
  out->outputs = out->inputs + inputs;
  out->scratch = out->outputs + outputs;
  if (!work->curves)
    return CSRO_OK;
  return csro_run_counts_init(context, work->curves, model->channel_count, RUN, &out->made);
}

static void room_free(room *out) {
  csro_run_counts_release(&out->made);
  free(out->curves);
}

static void set_undefined(const job *work, int64_t first, int rows) {
  int ordered = work->model->class_count - 1;
  for (int k = 0; k < ordered; k++)
    for (int64_t v = first; v < first + rows; v++) {
      work->mean[k][v] = NAN;
      if (work->deviation)
        work->deviation[k][v] = NAN;
    }
  if (work->overflow)
    memset(work->overflow + first, 0, (size_t)rows);
  int64_t values = (int64_t)work->model->member_count * work->model->class_count;
  if (work->members)
    for (int64_t i = first * values; i < (first + rows) * values; i++)
      work->members[i] = NAN;
}

/* Mean and deviation over the members of input i, which is voxel v. */
static void combine(const job *work, const float *outputs, int i, int64_t v) {
  int members = work->model->member_count, classes = work->model->class_count;
  for (int k = 1; k < classes; k++) {
    double sum = 0, squares = 0;
    for (int m = 0; m < members; m++)
      sum += (double)outputs[((size_t)m * CSRO_NETWORK_ROWS + i) * classes + k];
    double mean = sum / members;
    for (int m = 0; m < members; m++) {
      double d = (double)outputs[((size_t)m * CSRO_NETWORK_ROWS + i) * classes + k] - mean;
      squares += d * d;
    }
    work->mean[k - 1][v] = mean;
    if (work->deviation)
      work->deviation[k - 1][v] = sqrt(squares / members);
  }
  if (work->overflow)
    work->overflow[v] = isnan(work->mean[0][v]);
  for (int m = 0; m < members && work->members; m++)
    memcpy(work->members + (v * members + m) * classes,
           outputs + ((size_t)m * CSRO_NETWORK_ROWS + i) * classes,
           (size_t)classes * sizeof *outputs);
}

/* The first rows that wait, through all members. */
static void run_networks(const job *work, room *in, int rows) {
  const csro_model *model = work->model;
  for (int m = 0; m < model->member_count; m++)
    csro_network_run(&model->members[m], work->packed + m * csro_network_packed(model->members),
                     rows, in->inputs, in->scratch,
                     in->outputs + (size_t)m * CSRO_NETWORK_ROWS * model->class_count);
  for (int i = 0; i < rows; i++)
    combine(work, in->outputs, i, in->voxel[i]);
  in->waiting -= rows;
  size_t values = (size_t)input_values(model);
  memmove(in->inputs, in->inputs + rows * values, in->waiting * values * sizeof *in->inputs);
  memmove(in->voxel, in->voxel + rows, (size_t)in->waiting * sizeof *in->voxel);
}

/* Inputs of the voxels first .. first + rows - 1. */
static csro_status make_inputs(csro_context *context, const job *work, room *in, int64_t first,
                               int rows, float *inputs) {
  const csro_count_type *types = work->types;
  const void *const *counts = work->counts;
  if (work->curves) {
    csro_status status = csro_run_counts_fill(context, work->curves, first, rows, &in->made);
    if (status != CSRO_OK)
      return status;
    types = in->made.types;
    counts = in->made.counts;
    first = 0;
  }
  return csro_inputs_init(context, work->model, work->preprocessing, work->minimum_counts, first,
                          rows, types, counts, in->curves, inputs);
}

/* Lets the defined ones of the voxels first .. first + rows - 1 wait. */
static csro_status add_voxels(csro_context *context, const job *work, room *in, int64_t first,
                              int rows) {
  size_t values = (size_t)input_values(work->model);
  float *made = in->inputs + in->waiting * values;
  csro_status status = make_inputs(context, work, in, first, rows, made);
  if (status != CSRO_OK)
    return status;
  set_undefined(work, first, rows);
  for (int r = 0; r < rows; r++) {
    if (isnan(made[r * values]))
      continue;
    memmove(in->inputs + in->waiting * values, made + r * values, values * sizeof *made);
    in->voxel[in->waiting++] = first + r;
  }
  return CSRO_OK;
}

static csro_status run_voxels(csro_context *context, const job *work, room *in, int64_t first) {
  int rows = work->n - first < RUN ? (int)(work->n - first) : RUN;
  csro_status status = add_voxels(context, work, in, first, rows);
  if (status == CSRO_OK && in->waiting >= CSRO_NETWORK_ROWS)
    run_networks(work, in, CSRO_NETWORK_ROWS);
  return status;
}

static csro_status run_threads(csro_context *context, const job *work) {
  csro_status status = CSRO_OK;
  csro_progress progress;
  csro_progress_start(&progress, context, (work->n + RUN - 1) / RUN, 0, 1);
#pragma omp parallel num_threads(context->threads)
  {
    csro_context quiet = {.threads = 1};
    room mine;
    csro_status failed = room_make(&quiet, work, &mine);
#pragma omp for schedule(dynamic) nowait
    for (int64_t first = 0; first < work->n; first += RUN)
      if (!csro_progress_add(&progress, 1) && failed == CSRO_OK)
        failed = run_voxels(&quiet, work, &mine, first);
    if (failed == CSRO_OK && mine.waiting > 0)
      run_networks(work, &mine, mine.waiting);
    room_free(&mine);
    if (failed != CSRO_OK) {
#pragma omp critical(csro_classify_error)
      status = csro_fail(context, failed, "%s", quiet.message);
    }
  }
  return status != CSRO_OK ? status : csro_progress_end(&progress);
}

static csro_status run_all(csro_context *context, job *work) {
  float *packed = NULL;
  csro_status status =
      csro_networks_pack(context, work->model->member_count, work->model->members, &packed);
  work->packed = packed;
  if (status == CSRO_OK)
    status = run_threads(context, work);
  free(packed);
  return status;
}

csro_status csro_classify(csro_context *context, const csro_model *model,
                          csro_preprocessing preprocessing, int64_t minimum_counts, int64_t n,
                          const csro_count_type *types, const void *const *counts,
                          double *const *mean, double *const *deviation, float *members,
                          uint8_t *overflow) {
  if (n < 0)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "classify: %lld voxels", (long long)n);
  csro_status status = csro_inputs_check(context, "classify", model, types, counts);
  if (status != CSRO_OK)
    return status;
  job work = {.model = model,
              .preprocessing = preprocessing,
              .minimum_counts = minimum_counts,
              .n = n,
              .types = types,
              .counts = counts,
              .mean = mean,
              .deviation = deviation,
              .members = members,
              .overflow = overflow};
  return run_all(context, &work);
}

csro_status csro_classify_ions(csro_context *context, const csro_model *model,
                               csro_preprocessing preprocessing, int64_t minimum_counts,
                               const csro_ion_curves *ions, double *const *mean,
                               double *const *deviation, uint8_t *overflow) {
  csro_status status = csro_members_check(context, "classify", model);
  if (status != CSRO_OK || csro_block_size(ions->block) == 0)
    return status;
  csro_voxel_curves *curves = NULL;
  status = csro_channel_curves_create(context, ions, model, &curves);
  if (status == CSRO_OK) {
    job work = {.model = model,
                .preprocessing = preprocessing,
                .minimum_counts = minimum_counts,
                .n = csro_block_size(ions->block),
                .curves = curves,
                .mean = mean,
                .deviation = deviation,
                .overflow = overflow};
    status = run_all(context, &work);
  }
  csro_channel_curves_destroy(model, &curves);
  return status;
}

csro_status csro_classify_inputs(csro_context *context, const csro_model *model,
                                 csro_preprocessing preprocessing, int64_t minimum_counts,
                                 int64_t n, const csro_count_type *types, const void *const *counts,
                                 float *inputs) {
  csro_status status = csro_inputs_check(context, "classify", model, types, counts);
  if (status != CSRO_OK)
    return status;
  size_t values = (size_t)model->bins.kept * (size_t)model->channel_count;
  float *curves = csro_allocate(context, n, (size_t)model->bins.kept * sizeof *curves);
  if (!curves)
    return CSRO_ERROR_MEMORY;
  status = csro_inputs_init(context, model, preprocessing, minimum_counts, 0, n, types, counts,
                            curves, inputs);
  free(curves);
  for (int64_t i = 0; i < n && status == CSRO_OK; i++)
    for (size_t k = 1; k < values && isnan(inputs[i * (int64_t)values]); k++)
      inputs[i * (int64_t)values + (int64_t)k] = NAN;
  return status;
}

csro_classified csro_classified_count(const csro_block *stored, const csro_block *owned,
                                      const double *mean, const uint8_t *overflow) {
  csro_classified found = {0, 0};
  if (csro_block_size(owned) == 0)
    return found;
  for (int64_t z = owned->lo[2]; z < owned->hi[2]; z++)
    for (int64_t y = owned->lo[1]; y < owned->hi[1]; y++) {
      const int64_t first = csro_block_at(stored, owned->lo[0], y, z);
      for (int64_t i = first; i < first + owned->hi[0] - owned->lo[0]; i++) {
        found.defined += !isnan(mean[i]);
        found.overflowed += overflow[i];
      }
    }
  return found;
}
