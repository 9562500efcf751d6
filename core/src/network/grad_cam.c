#include "csro/explain.h"

#include "base/progress.h"
#include "network/inputs.h"
#include "training/blas_threads.h"
#include "training/train_layers.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

/* What all rows share. */
typedef struct job {
  const csro_model *model;
  int class_index;
  int last_convolution; /* layer, -1 without */
  int positions;        /* of the map: those of that layer, else bins */
  double step, start;   /* position p of the map stands at bin step * p + start */
  const float *inputs;
  float *activation, *gradient;
} job;

/* What one thread works in. Members have the same shape, so they take turns in the states. */
typedef struct room {
  csro_layer_state *states; /* one per layer */
  float *input_gradient;    /* [bins][channels] */
  float *map;               /* [positions], sum over the members */
  float *gradient;          /* [bins][channels], sum over the members */
  float *weight;            /* [filters] of the last convolution */
} room;

static int64_t take_room(const job *work, float *memory, room *in) {
  const csro_network *network = &work->model->members[0];
  csro_arena from = {.memory = memory};
  int64_t values = (int64_t)network->bins * network->channels;
  for (int l = 0; l < network->layer_count; l++)
    csro_layer_state_take(&from, &network->layers[l], 1, true, &in->states[l]);
  in->input_gradient = csro_arena_take(&from, values);
  in->gradient = csro_arena_take(&from, values);
  in->map = csro_arena_take(&from, work->positions);
  in->weight = csro_arena_take(
      &from, work->last_convolution < 0 ? 0 : network->layers[work->last_convolution].units);
  return from.used;
}

/* Where the positions of the last convolution stand among the bins: every layer up to it sees
 * windows, and a position stands in the middle of its window. */
static void find_positions(job *work) {
  const csro_network *network = &work->model->members[0];
  work->last_convolution = -1;
  for (int l = 0; l < network->layer_count; l++)
    if (network->layers[l].kind == CSRO_LAYER_CONV1D)
      work->last_convolution = l;
  work->positions = network->bins;
  work->step = 1;
  work->start = 0;
  for (int l = 0; l <= work->last_convolution; l++) {
    const csro_layer *layer = &network->layers[l];
    if (layer->kind != CSRO_LAYER_CONV1D && layer->kind != CSRO_LAYER_MAXPOOL)
      continue;
    int stride = layer->kind == CSRO_LAYER_MAXPOOL ? layer->size : 1;
    int missing = (layer->out_positions - 1) * stride + layer->size - layer->in_positions;
    int before = layer->same && missing > 0 ? missing / 2 : 0;
    work->start += work->step * ((layer->size - 1) / 2.0 - before);
    work->step *= stride;
    work->positions = layer->out_positions;
  }
}

static void forward(const csro_network *network, const float *in, csro_layer_state *states) {
  for (int l = 0; l < network->layer_count; l++)
    csro_layer_forward(&network->layers[l], &states[l], 1, l ? states[l - 1].out : in, NULL);
}

/* The map of the last convolution, whose gradient is at hand; adds it to `sum`. */
static void add_class_map(const csro_layer *layer, const csro_layer_state *state, float *weight,
                          float *sum) {
  int filters = layer->units, positions = layer->out_positions;
  memset(weight, 0, (size_t)filters * sizeof *weight);
  for (int p = 0; p < positions; p++)
    for (int f = 0; f < filters; f++)
      weight[f] += state->out_gradient[p * filters + f] / (float)positions;
  for (int p = 0; p < positions; p++) {
    float value = 0;
    for (int f = 0; f < filters; f++)
      value += weight[f] * state->out[p * filters + f];
    sum[p] += value > 0 ? value : 0;
  }
}

static void add_input_map(const csro_network *network, const float *in, const float *gradient,
                          float *sum) {
  for (int b = 0; b < network->bins; b++) {
    float value = 0;
    for (int c = 0; c < network->channels; c++)
      value += gradient[b * network->channels + c] * in[b * network->channels + c];
    sum[b] += fabsf(value);
  }
}

static void add_member(const job *work, const csro_network *network, const float *in, room *own) {
  int last = network->layer_count - 1, values = network->bins * network->channels;
  csro_layer_state *states = own->states;
  forward(network, in, states);
  memset(states[last].out_gradient, 0, (size_t)network->classes * sizeof(float));
  states[last].out_gradient[work->class_index] = 1;
  for (int l = last; l >= 0; l--) {
    if (l == work->last_convolution)
      add_class_map(&network->layers[l], &states[l], own->weight, own->map);
    csro_layer_backward(&network->layers[l], &states[l], 1, l ? states[l - 1].out : in,
                        l ? states[l - 1].out_gradient : own->input_gradient);
  }
  if (work->last_convolution < 0)
    add_input_map(network, in, own->input_gradient, own->map);
  for (int k = 0; k < values; k++)
    own->gradient[k] += own->input_gradient[k];
}

static float at_bin(const job *work, const float *map, int bin) {
  double place = fmin(fmax((bin - work->start) / work->step, 0), work->positions - 1);
  int before = (int)place, after = before + 1 < work->positions ? before + 1 : before;
  double part = place - before;
  return (float)((1 - part) * (double)map[before] + part * (double)map[after]);
}

static void explain_row(const job *work, int64_t row, room *own) {
  const csro_model *model = work->model;
  int bins = model->bins.kept, values = bins * model->channel_count;
  const float *in = work->inputs + row * values;
  float *activation = work->activation + row * bins, largest = 0;
  bool undefined = isnan(in[0]);
  memset(own->map, 0, (size_t)work->positions * sizeof *own->map);
  memset(own->gradient, 0, (size_t)values * sizeof *own->gradient);
  for (int m = 0; m < model->member_count && !undefined; m++)
    add_member(work, &model->members[m], in, own);
  for (int k = 0; k < values; k++)
    undefined = undefined || !isfinite(own->gradient[k]);
  for (int p = 0; p < work->positions; p++)
    undefined = undefined || !isfinite(own->map[p]);
  for (int b = 0; b < bins; b++) {
    activation[b] = at_bin(work, own->map, b);
    largest = fmaxf(largest, activation[b]);
  }
  for (int b = 0; b < bins; b++)
    activation[b] = undefined ? NAN : largest > 0 ? activation[b] / largest : 0;
  for (int k = 0; k < values && work->gradient; k++)
    work->gradient[row * values + k] =
        undefined ? NAN : own->gradient[k] / (float)model->member_count;
}

static csro_status explain_rows(csro_context *context, const job *work, int64_t n,
                                csro_layer_state *states, float *memory) {
  int layers = work->model->members[0].layer_count;
  csro_progress progress;
  csro_progress_start(&progress, context, n, 0, 1);
#pragma omp parallel num_threads(context->threads)
  {
    int thread = omp_get_thread_num();
    room own = {.states = states + (size_t)thread * layers};
    int64_t floats = take_room(work, NULL, &own);
    take_room(work, memory + thread * floats, &own);
#pragma omp for schedule(dynamic, 16)
    for (int64_t row = 0; row < n; row++)
      if (!csro_progress_add(&progress, 1))
        explain_row(work, row, &own);
  }
  return csro_progress_end(&progress);
}

static csro_status check(csro_context *context, const csro_model *model, int class_index,
                         int64_t n) {
  if (n < 0 || model->member_count < 1 || class_index < 0 || class_index >= model->class_count)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "explain: %lld curves, class %d of %d, %d networks", (long long)n, class_index,
                     model->class_count, model->member_count);
  return csro_members_check(context, "explain", model);
}

csro_status csro_explain(csro_context *context, const csro_model *model, int class_index, int64_t n,
                         const float *inputs, float *activation, float *gradient) {
  csro_status status = check(context, model, class_index, n);
  if (status != CSRO_OK)
    return status;
  job work = {.model = model,
              .class_index = class_index,
              .inputs = inputs,
              .activation = activation,
              .gradient = gradient};
  find_positions(&work);
  int64_t rooms = context->threads;
  csro_layer_state *states =
      csro_allocate(context, rooms * model->members[0].layer_count, sizeof *states);
  float *memory = NULL;
  if (states) {
    room any = {.states = states};
    memory = csro_allocate(context, rooms * take_room(&work, NULL, &any), sizeof *memory);
  }
  status = CSRO_ERROR_MEMORY;
  if (states && memory) {
    int threads = csro_blas_single_thread();
    status = explain_rows(context, &work, n, states, memory);
    csro_blas_restore(threads);
  }
  free(states);
  free(memory);
  return status;
}
