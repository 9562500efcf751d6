#include "training/train_layers.h"

#include "base/clones.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

void csro_layer_state_take(csro_arena *from, const csro_layer *layer, int rows, bool input_gradient,
                           csro_layer_state *state) {
  int64_t values = (int64_t)rows * layer->out_positions * layer->out_channels;
  *state = (csro_layer_state){.out = csro_arena_take(from, values),
                              .out_gradient = csro_arena_take(from, values)};
  if (layer->kind == CSRO_LAYER_DROPOUT)
    state->mask = csro_arena_take(from, values);
  if (layer->kind == CSRO_LAYER_MAXPOOL)
    state->chosen = csro_arena_take(from, values);
  if (layer->kind == CSRO_LAYER_CONV1D) {
    int64_t windows = (int64_t)rows * layer->out_positions * layer->size * layer->in_channels;
    state->columns = csro_arena_take(from, windows);
    state->columns_gradient = input_gradient ? csro_arena_take(from, windows) : NULL;
  }
}

/* The window of every position of the batch, one behind the other; zeros beyond the ends. */
static void gather_windows(const csro_layer *layer, int rows, const float *in, float *columns) {
  int channels = layer->in_channels, before = layer->same ? (layer->size - 1) / 2 : 0;
  size_t values = (size_t)layer->in_positions * channels, window = (size_t)layer->size * channels;
  for (int r = 0; r < rows; r++, in += values)
    for (int p = 0; p < layer->out_positions; p++, columns += window) {
      int from = p - before, first = from < 0 ? -from : 0;
      int last =
          from + layer->size > layer->in_positions ? layer->in_positions - from : layer->size;
      memset(columns, 0, (size_t)first * channels * sizeof *columns);
      memcpy(columns + (size_t)first * channels, in + (size_t)(from + first) * channels,
             (size_t)(last - first) * channels * sizeof *columns);
      memset(columns + (size_t)last * channels, 0,
             (size_t)(layer->size - last) * channels * sizeof *columns);
    }
}

/* The transpose of gather_windows: adds every window's gradient to the values it came from. */
static void scatter_windows(const csro_layer *layer, int rows, const float *columns,
                            float *in_gradient) {
  int channels = layer->in_channels, before = layer->same ? (layer->size - 1) / 2 : 0;
  size_t values = (size_t)layer->in_positions * channels;
  memset(in_gradient, 0, rows * values * sizeof *in_gradient);
  for (int r = 0; r < rows; r++, in_gradient += values)
    for (int p = 0; p < layer->out_positions; p++)
      for (int k = 0; k < layer->size; k++, columns += channels) {
        int to = p + k - before;
        if (to < 0 || to >= layer->in_positions)
          continue;
        for (int c = 0; c < channels; c++)
          in_gradient[(size_t)to * channels + c] += columns[c];
      }
}

CSRO_CLONES
static void add_bias(float *out, int n, int units, const float *bias, bool relu) {
  for (int r = 0; r < n; r++)
    for (int u = 0; u < units; u++) {
      float v = out[(size_t)r * units + u] + bias[u];
      out[(size_t)r * units + u] = relu && v < 0 ? 0 : v;
    }
}

/* out[n][units] = in[n][inputs] weights + bias, with ReLU where the layer has it. */
static void product(const csro_layer *layer, int n, int inputs, const float *in, float *out) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, layer->units, inputs, 1.0f, in, inputs,
              layer->weights, layer->units, 0.0f, out, layer->units);
  add_bias(out, n, layer->units, layer->bias, layer->activation == CSRO_ACTIVATION_RELU);
}

static void softmax(float *values, int rows, int units) {
  for (int r = 0; r < rows; r++, values += units) {
    float largest = values[0], sum = 0;
    for (int u = 1; u < units; u++)
      largest = values[u] > largest ? values[u] : largest;
    for (int u = 0; u < units; u++)
      sum += values[u] = expf(values[u] - largest);
    for (int u = 0; u < units; u++)
      values[u] /= sum;
  }
}

/* The positions first .. last - 1 that pool into position p. */
static void pool_window(const csro_layer *layer, int p, int *first, int *last) {
  int missing = layer->out_positions * layer->size - layer->in_positions;
  int before = layer->same && missing > 0 ? missing / 2 : 0;
  *first = p * layer->size - before;
  *last = *first + layer->size;
  if (*first < 0)
    *first = 0;
  if (*last > layer->in_positions)
    *last = layer->in_positions;
}

/* Keeps the first of the largest values of every window, and in chosen its position. */
CSRO_CLONES
static void pool_forward(const csro_layer *layer, int rows, const float *restrict in,
                         float *restrict out, float *restrict chosen) {
  int channels = layer->in_channels;
  for (int r = 0; r < rows; r++, in += (size_t)layer->in_positions * channels)
    for (int p = 0; p < layer->out_positions; p++, out += channels, chosen += channels) {
      int first, last;
      pool_window(layer, p, &first, &last);
      for (int c = 0; c < channels; c++) {
        out[c] = in[(size_t)first * channels + c];
        chosen[c] = (float)first;
      }
      for (int q = first + 1; q < last; q++)
        for (int c = 0; c < channels; c++) {
          float value = in[(size_t)q * channels + c], before = out[c];
          out[c] = value > before ? value : before;
          chosen[c] = value > before ? (float)q : chosen[c];
        }
    }
}

/* Windows do not overlap; positions outside of all have no gradient. */
CSRO_CLONES
static void pool_backward(const csro_layer *layer, int rows, const float *restrict chosen,
                          const float *restrict out_gradient, float *restrict in_gradient) {
  int channels = layer->in_channels;
  size_t values = (size_t)layer->in_positions * channels;
  memset(in_gradient, 0, rows * values * sizeof *in_gradient);
  for (int r = 0; r < rows; r++, in_gradient += values)
    for (int p = 0; p < layer->out_positions; p++, chosen += channels, out_gradient += channels) {
      int first, last;
      pool_window(layer, p, &first, &last);
      for (int q = first; q < last; q++)
        for (int c = 0; c < channels; c++)
          in_gradient[(size_t)q * channels + c] = chosen[c] == (float)q ? out_gradient[c] : 0;
    }
}

/* Each random number decides two values, low half first: rates are met to 1 / 65536. */
CSRO_CLONES
static void draw_mask(csro_random *random, float rate, int64_t count, float *restrict mask) {
  enum { PIECE = 256 };
  uint32_t numbers[PIECE];
  const uint32_t dropped = (uint32_t)(rate * 65536);
  const float scale = 1 / (1 - rate);
  for (int64_t begin = 0; begin < count; begin += 2 * PIECE, mask += 2 * PIECE) {
    int64_t here = count - begin < 2 * PIECE ? count - begin : 2 * PIECE;
    csro_random_fill(random, (here + 1) / 2, numbers);
    for (int64_t k = 0; k < here / 2; k++) {
      mask[2 * k] = (numbers[k] & 0xffff) < dropped ? 0 : scale;
      mask[2 * k + 1] = numbers[k] >> 16 < dropped ? 0 : scale;
    }
    if (here % 2)
      mask[here - 1] = (numbers[here / 2] & 0xffff) < dropped ? 0 : scale;
  }
}

CSRO_CLONES
static void multiply(int64_t values, const float *restrict in, const float *restrict mask,
                     float *restrict out) {
  for (int64_t i = 0; i < values; i++)
    out[i] = in[i] * mask[i];
}

static void dropout_forward(const csro_layer *layer, csro_layer_state *state, int64_t values,
                            const float *in, csro_random *random) {
  if (random)
    draw_mask(random, layer->rate, values, state->mask);
  for (int64_t i = 0; i < values && !random; i++)
    state->mask[i] = 1;
  multiply(values, in, state->mask, state->out);
}

void csro_layer_forward(const csro_layer *layer, csro_layer_state *state, int rows, const float *in,
                        csro_random *random) {
  int64_t values = (int64_t)rows * layer->out_positions * layer->out_channels;
  switch (layer->kind) {
  case CSRO_LAYER_CONV1D:
    gather_windows(layer, rows, in, state->columns);
    product(layer, rows * layer->out_positions, layer->size * layer->in_channels, state->columns,
            state->out);
    break;
  case CSRO_LAYER_DENSE:
    product(layer, rows, layer->in_channels, in, state->out);
    if (layer->activation == CSRO_ACTIVATION_SOFTMAX)
      softmax(state->out, rows, layer->units);
    break;
  case CSRO_LAYER_MAXPOOL:
    pool_forward(layer, rows, in, state->out, state->chosen);
    break;
  case CSRO_LAYER_FLATTEN:
    memcpy(state->out, in, (size_t)values * sizeof *in);
    break;
  case CSRO_LAYER_DROPOUT:
    dropout_forward(layer, state, values, in, random);
    break;
  }
}

CSRO_CLONES
static void relu_backward(int64_t values, const float *out, float *out_gradient) {
  for (int64_t i = 0; i < values; i++)
    out_gradient[i] = out[i] > 0 ? out_gradient[i] : 0;
}

CSRO_CLONES
static void sum_rows(int n, int units, const float *values, float *sum) {
  memset(sum, 0, (size_t)units * sizeof *sum);
  for (int r = 0; r < n; r++)
    for (int u = 0; u < units; u++)
      sum[u] += values[(size_t)r * units + u];
}

/* Gradients of product(): in is [n][inputs]. */
static void product_backward(const csro_layer *layer, csro_layer_state *state, int n, int inputs,
                             const float *in, float *in_gradient) {
  int units = layer->units;
  if (layer->activation == CSRO_ACTIVATION_RELU)
    relu_backward((int64_t)n * units, state->out, state->out_gradient);
  if (state->weights_gradient) {
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, inputs, units, n, 1.0f, in, inputs,
                state->out_gradient, units, 0.0f, state->weights_gradient, units);
    sum_rows(n, units, state->out_gradient, state->bias_gradient);
  }
  if (in_gradient)
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, inputs, units, 1.0f,
                state->out_gradient, units, layer->weights, units, 0.0f, in_gradient, inputs);
}

void csro_layer_backward(const csro_layer *layer, csro_layer_state *state, int rows,
                         const float *in, float *in_gradient) {
  int64_t values = (int64_t)rows * layer->out_positions * layer->out_channels;
  float *columns_gradient;
  switch (layer->kind) {
  case CSRO_LAYER_CONV1D:
    columns_gradient = in_gradient ? state->columns_gradient : NULL;
    product_backward(layer, state, rows * layer->out_positions, layer->size * layer->in_channels,
                     state->columns, columns_gradient);
    if (columns_gradient)
      scatter_windows(layer, rows, columns_gradient, in_gradient);
    break;
  case CSRO_LAYER_DENSE:
    product_backward(layer, state, rows, layer->in_channels, in, in_gradient);
    break;
  case CSRO_LAYER_MAXPOOL:
    if (in_gradient)
      pool_backward(layer, rows, state->chosen, state->out_gradient, in_gradient);
    break;
  case CSRO_LAYER_FLATTEN:
    if (in_gradient)
      memcpy(in_gradient, state->out_gradient, (size_t)values * sizeof *in_gradient);
    break;
  case CSRO_LAYER_DROPOUT:
    if (in_gradient)
      multiply(values, state->out_gradient, state->mask, in_gradient);
    break;
  }
}
