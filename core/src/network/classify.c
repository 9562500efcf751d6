#include "csro/classify.h"

#include "base/progress.h"
#include "network/apply.h"
#include "network/inputs.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

typedef struct job {
  const csro_model *model;
  csro_preprocessing preprocessing;
  int64_t minimum_counts, n, layer;
  const csro_count_type *types;
  const void *const *counts;
  double *mean, *deviation;
  float *members;
} job;

/* What one thread works in, all of CSRO_NETWORK_ROWS rows. */
typedef struct room {
  float *curves;  /* [row][bin], preprocessed, of one channel */
  float *inputs;  /* [row][bin][channel], then of the defined rows alone */
  float *outputs; /* [member][defined row][class] */
  float *scratch; /* of the networks */
} room;

static int64_t room_values(const csro_model *model) {
  int64_t values = (int64_t)model->bins.kept * (1 + model->channel_count);
  int64_t outputs = (int64_t)model->member_count * model->class_count;
  return CSRO_NETWORK_ROWS * (values + outputs) + csro_network_scratch(&model->members[0]);
}

static room room_of_thread(const csro_model *model, float *all) {
  float *p = all + room_values(model) * omp_get_thread_num();
  int64_t curves = (int64_t)CSRO_NETWORK_ROWS * model->bins.kept;
  int64_t inputs = curves * model->channel_count;
  int64_t outputs = (int64_t)CSRO_NETWORK_ROWS * model->member_count * model->class_count;
  return (room){p, p + curves, p + curves + inputs, p + curves + inputs + outputs};
}

/* Moves the defined rows together; index[i] is where row i came from. */
static int collect(const csro_model *model, int rows, float *inputs, int *index) {
  size_t values = (size_t)model->bins.kept * (size_t)model->channel_count;
  int defined = 0;
  for (int r = 0; r < rows; r++) {
    if (isnan(inputs[r * values]))
      continue;
    memmove(inputs + defined * values, inputs + r * values, values * sizeof *inputs);
    index[defined++] = r;
  }
  return defined;
}

static void set_undefined(const job *work, int64_t first, int rows) {
  int ordered = work->model->class_count - 1;
  for (int k = 0; k < ordered; k++)
    for (int64_t v = first; v < first + rows; v++) {
      work->mean[k * work->n + v] = NAN;
      if (work->deviation)
        work->deviation[k * work->n + v] = NAN;
    }
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
    work->mean[(k - 1) * work->n + v] = mean;
    if (work->deviation)
      work->deviation[(k - 1) * work->n + v] = sqrt(squares / members);
  }
  for (int m = 0; m < members && work->members; m++)
    memcpy(work->members + (v * members + m) * classes,
           outputs + ((size_t)m * CSRO_NETWORK_ROWS + i) * classes,
           (size_t)classes * sizeof *outputs);
}

static csro_status run_block(csro_context *context, const job *work, const room *in, int64_t first,
                             int rows) {
  const csro_model *model = work->model;
  int index[CSRO_NETWORK_ROWS];
  csro_status status =
      csro_inputs_make(context, model, work->preprocessing, work->minimum_counts, first, rows,
                       work->types, work->counts, in->curves, in->inputs);
  if (status != CSRO_OK)
    return status;
  set_undefined(work, first, rows);
  int defined = collect(model, rows, in->inputs, index);
  if (defined == 0)
    return CSRO_OK;
  for (int m = 0; m < model->member_count; m++)
    csro_network_run(&model->members[m], defined, in->inputs, in->scratch,
                     in->outputs + (size_t)m * CSRO_NETWORK_ROWS * model->class_count);
  for (int i = 0; i < defined; i++)
    combine(work, in->outputs, i, first + index[i]);
  return CSRO_OK;
}

/* Blocks of CSRO_NETWORK_ROWS voxels within a layer; the last of each layer is shorter. */
static int64_t count_blocks(const job *work) {
  int64_t of_layer = (work->layer + CSRO_NETWORK_ROWS - 1) / CSRO_NETWORK_ROWS;
  int64_t rest = work->n % work->layer;
  return work->n / work->layer * of_layer + (rest + CSRO_NETWORK_ROWS - 1) / CSRO_NETWORK_ROWS;
}

static int64_t block_begin(const job *work, int64_t block, int *rows) {
  int64_t of_layer = (work->layer + CSRO_NETWORK_ROWS - 1) / CSRO_NETWORK_ROWS;
  int64_t layer_begin = block / of_layer * work->layer;
  int64_t first = layer_begin + block % of_layer * CSRO_NETWORK_ROWS;
  int64_t end = first + CSRO_NETWORK_ROWS;
  if (end > layer_begin + work->layer)
    end = layer_begin + work->layer;
  if (end > work->n)
    end = work->n;
  *rows = (int)(end - first);
  return first;
}

static csro_status run_blocks(csro_context *context, const job *work, float *memory) {
  int64_t blocks = count_blocks(work);
  csro_status failed = CSRO_OK;
  csro_progress progress;
  csro_progress_start(&progress, context, blocks, 0, 1);
  bool stop = false;
#pragma omp parallel num_threads(context->threads)
  {
    room mine = room_of_thread(work->model, memory);
    csro_context quiet = {.threads = 1};
#pragma omp for schedule(dynamic)
    for (int64_t b = 0; b < blocks; b++) {
      bool skip;
#pragma omp atomic read
      skip = stop;
      if (skip)
        continue;
      int rows;
      int64_t first = block_begin(work, b, &rows);
      csro_status status = run_block(&quiet, work, &mine, first, rows);
      if (status != CSRO_OK) {
#pragma omp critical(csro_classify_error)
        if (failed == CSRO_OK)
          failed = csro_fail(context, status, "%s", quiet.message);
      }
      if (csro_progress_add(&progress, 1) || status != CSRO_OK) {
#pragma omp atomic write
        stop = true;
      }
    }
  }
  return failed != CSRO_OK ? failed : csro_progress_end(&progress);
}

static csro_status check(csro_context *context, const csro_model *model, int64_t n, int64_t layer,
                         const csro_count_type *types, const void *const *counts) {
  if (n < 0 || layer < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "classify: %lld voxels in layers of %lld",
                     (long long)n, (long long)layer);
  return csro_inputs_check(context, "classify", model, types, counts);
}

csro_status csro_classify(csro_context *context, const csro_model *model,
                          csro_preprocessing preprocessing, int64_t minimum_counts, int64_t n,
                          int64_t layer, const csro_count_type *types, const void *const *counts,
                          double *mean, double *deviation, float *members) {
  csro_status status = check(context, model, n, layer, types, counts);
  if (status != CSRO_OK || n == 0)
    return status;
  job work = {model, preprocessing, minimum_counts, n,         layer,
              types, counts,        mean,           deviation, members};
  int64_t values = room_values(model) * context->threads;
  float *memory = csro_allocate(context, values, sizeof *memory);
  if (!memory)
    return CSRO_ERROR_MEMORY;
  int threads = csro_blas_single_thread();
  status = run_blocks(context, &work, memory);
  csro_blas_restore(threads);
  free(memory);
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
  status = csro_inputs_make(context, model, preprocessing, minimum_counts, 0, n, types, counts,
                            curves, inputs);
  free(curves);
  for (int64_t i = 0; i < n && status == CSRO_OK; i++)
    for (size_t k = 1; k < values && isnan(inputs[i * (int64_t)values]); k++)
      inputs[i * (int64_t)values + (int64_t)k] = NAN;
  return status;
}
