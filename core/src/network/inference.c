/* The layers before flatten go curve by curve, so that their activations stay in the innermost
 * cache; the dense layers go panel by panel of weights over a block of curves. */
#include "network/inference.h"

#include "base/clones.h"
#include "network/dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Filters are handled in groups of this many, the widest vector of any machine. */
enum { LANES = 16 };

/* weights[window][filters] to packed[group][window][LANES], zeros after the last filter; the same
 * for the bias, which follows. */
static void pack_filters(const csro_layer *layer, float *packed) {
  int window = layer->size * layer->in_channels, filters = layer->units;
  for (int first = 0; first < filters; first += LANES) {
    int count = filters - first < LANES ? filters - first : LANES;
    for (int k = 0; k <= window; k++, packed += LANES) {
      const float *from = k < window ? layer->weights + (size_t)k * filters : layer->bias;
      memset(packed, 0, LANES * sizeof *packed);
      memcpy(packed, from + first, (size_t)count * sizeof *packed);
    }
  }
}

static int64_t packed_values(const csro_layer *layer) {
  if (layer->kind == CSRO_LAYER_DENSE)
    return csro_dense_packed(layer);
  if (layer->kind != CSRO_LAYER_CONV1D)
    return 0;
  int64_t groups = (layer->units + LANES - 1) / LANES;
  return groups * LANES * ((int64_t)layer->size * layer->in_channels + 1);
}

int64_t csro_network_packed(const csro_network *network) {
  int64_t values = 0;
  for (int l = 0; l < network->layer_count; l++)
    values += packed_values(&network->layers[l]);
  return values;
}

void csro_network_pack(const csro_network *network, float *packed) {
  for (int l = 0; l < network->layer_count; l++) {
    const csro_layer *layer = &network->layers[l];
    if (layer->kind == CSRO_LAYER_CONV1D)
      pack_filters(layer, packed);
    else if (layer->kind == CSRO_LAYER_DENSE)
      csro_dense_pack(layer, packed);
    packed += packed_values(layer);
  }
}

csro_status csro_networks_pack(csro_context *context, int count, const csro_network *networks,
                               float **packed) {
  const int64_t values = csro_network_packed(&networks[0]);
  *packed = csro_allocate(context, values * count, sizeof **packed);
  if (!*packed)
    return CSRO_ERROR_MEMORY;
  for (int m = 0; m < count; m++)
    csro_network_pack(&networks[m], *packed + m * values);
  return CSRO_OK;
}

/* The largest sum of a layer whose inputs are at most `largest`. */
static double largest_sum(const csro_layer *layer, double largest) {
  const int64_t inputs = layer->weight_count / layer->units;
  double most = 0;
  for (int u = 0; u < layer->units; u++) {
    double sum = fabs((double)layer->bias[u]);
    for (int64_t i = 0; i < inputs; i++)
      sum += fabs((double)layer->weights[i * layer->units + u]) * largest;
    most = fmax(most, sum);
  }
  return most;
}

bool csro_networks_can_overflow(int count, const csro_network *networks, double largest) {
  const double most = 1e37; /* with room for rounding below FLT_MAX */
  for (int m = 0; m < count; m++) {
    double bound = largest;
    for (int l = 0; l < networks[m].layer_count; l++) {
      if (networks[m].layers[l].weights)
        bound = largest_sum(&networks[m].layers[l], bound);
      if (!(bound < most))
        return true;
    }
  }
  return false;
}

/* gcc keeps vectors wider than the machine's in memory, so there is one kernel for each width. */
#define CONVOLVE_GROUP convolve_group
#define CONVOLVE_LANES 8
#define CONVOLVE_TARGET CSRO_CLONES
#include "network/convolve_group.h"

#ifdef CSRO_HAVE_CLONES
#define CONVOLVE_GROUP convolve_group_wide
#define CONVOLVE_LANES 16
#define CONVOLVE_TARGET __attribute__((target("arch=x86-64-v4")))
#include "network/convolve_group.h"
#endif

typedef void convolve_function(const float *in, int positions, int step, int window,
                               const float *packed, int count, int filters, float *out);

static convolve_function *choose_kernel(void) {
#ifdef CSRO_HAVE_CLONES
  if (__builtin_cpu_supports("x86-64-v4"))
    return convolve_group_wide;
#endif
  return convolve_group;
}

CSRO_CLONES
static void clip_below_zero(float *values, int count) {
  for (int i = 0; i < count; i++)
    values[i] = values[i] < 0 ? 0 : values[i];
}

/* Whether no value has overflowed: ReLU and the maximum of a pool would hide one that has. */
CSRO_CLONES
static bool all_finite(const float *values, int count) {
  const uint32_t exponent = 0x7f800000;
  uint32_t bad = 0;
  for (int i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, &values[i], sizeof bits);
    bad |= (bits & exponent) == exponent;
  }
  return !bad;
}

/* False when a value overflows. */
static bool convolve(const csro_layer *layer, const float *in, const float *packed, float *out) {
  int window = layer->size * layer->in_channels, filters = layer->units;
  convolve_function *kernel = choose_kernel();
  for (int first = 0; first < filters; first += LANES, packed += (size_t)(window + 1) * LANES)
    kernel(in, layer->out_positions, layer->in_channels, window, packed,
           filters - first < LANES ? filters - first : LANES, filters, out + first);
  const bool finite = all_finite(out, layer->out_positions * filters);
  if (layer->activation == CSRO_ACTIVATION_RELU)
    clip_below_zero(out, layer->out_positions * filters);
  return finite;
}

CSRO_CLONES
static void largest_of_two(const float *restrict in, int pairs, int channels, float *restrict out) {
  for (int p = 0; p < pairs; p++) {
    const float *a = in + 2 * p * channels, *b = a + channels;
    for (int c = 0; c < channels; c++)
      out[p * channels + c] = a[c] < b[c] ? b[c] : a[c];
  }
}

/* Any pool size and padding; positions outside the curve do not take part. */
static void pool(const csro_layer *layer, const float *in, float *out) {
  int channels = layer->in_channels, size = layer->size;
  int missing = layer->out_positions * size - layer->in_positions;
  int before = layer->same && missing > 0 ? missing / 2 : 0;
  if (size == 2 && layer->in_positions >= 2 * layer->out_positions) {
    largest_of_two(in, layer->out_positions, channels, out);
    return;
  }
  for (int p = 0; p < layer->out_positions; p++) {
    int first = p * size - before, last = first + size;
    if (first < 0)
      first = 0;
    if (last > layer->in_positions)
      last = layer->in_positions;
    float *row = out + (size_t)p * channels;
    memcpy(row, in + (size_t)first * channels, (size_t)channels * sizeof *row);
    for (int q = first + 1; q < last; q++)
      for (int c = 0; c < channels; c++)
        row[c] = row[c] < in[(size_t)q * channels + c] ? in[(size_t)q * channels + c] : row[c];
  }
}

/* 'same' is 'valid' on a curve with zeros around it. */
static bool convolution(const csro_layer *layer, const float *in, const float *packed,
                        float *padded, float *out) {
  int channels = layer->in_channels;
  if (layer->same) {
    size_t total = (size_t)(layer->size - 1) * channels;
    size_t before = (size_t)((layer->size - 1) / 2) * channels;
    size_t values = (size_t)layer->in_positions * channels;
    memset(padded, 0, before * sizeof *padded);
    memcpy(padded + before, in, values * sizeof *padded);
    memset(padded + before + values, 0, (total - before) * sizeof *padded);
    in = padded;
  }
  return convolve(layer, in, packed, out);
}

static void softmax_rows(float *values, int rows, int units) {
  for (int r = 0; r < rows; r++) {
    float *row = values + (size_t)r * units, largest = row[0], sum = 0;
    for (int u = 1; u < units; u++)
      largest = row[u] > largest ? row[u] : largest;
    for (int u = 0; u < units; u++)
      sum += row[u] = expf(row[u] - largest);
    for (int u = 0; u < units; u++)
      row[u] /= sum;
  }
}

static void dense(const csro_layer *layer, const float *packed, int rows, const float *in,
                  float *out, bool *finite) {
  csro_dense_rows(layer, packed, rows, in, out);
  for (int r = 0; r < rows; r++)
    finite[r] = finite[r] && all_finite(out + (size_t)r * layer->units, layer->units);
  if (layer->activation == CSRO_ACTIVATION_RELU)
    clip_below_zero(out, rows * layer->units);
  else if (layer->activation == CSRO_ACTIVATION_SOFTMAX)
    softmax_rows(out, rows, layer->units);
}

/* Number of layers up to and including flatten. */
static int front_layers(const csro_network *network) {
  int l = 0;
  while (network->layers[l].kind != CSRO_LAYER_FLATTEN)
    l++;
  return l + 1;
}

/* Values of the largest activation before flatten, with the zeros of 'same'. */
static int64_t front_values(const csro_network *network) {
  int64_t largest = 0;
  for (int l = 0; l < front_layers(network); l++) {
    const csro_layer *layer = &network->layers[l];
    int64_t pad = layer->kind == CSRO_LAYER_CONV1D ? layer->size - 1 : 0;
    int64_t in = (layer->in_positions + pad) * layer->in_channels;
    int64_t out = (int64_t)layer->out_positions * layer->out_channels;
    largest = in > largest ? in : largest;
    largest = out > largest ? out : largest;
  }
  return largest;
}

static int dense_width(const csro_network *network) {
  int width = 0;
  for (int l = front_layers(network) - 1; l < network->layer_count; l++)
    width = network->layers[l].out_channels > width ? network->layers[l].out_channels : width;
  return width;
}

int64_t csro_network_scratch(const csro_network *network) {
  return 3 * front_values(network) + 2 * (int64_t)CSRO_NETWORK_ROWS * dense_width(network);
}

/* One curve through the layers before flatten; false when a value overflows. */
static bool run_front(const csro_network *network, int front, const float *packed, const float *in,
                      float *buffer[3], float *flat) {
  const float *now = in;
  bool finite = true;
  int next = 0;
  for (int l = 0; l < front; l++) {
    const csro_layer *layer = &network->layers[l];
    if (layer->kind == CSRO_LAYER_FLATTEN || layer->kind == CSRO_LAYER_DROPOUT)
      continue;
    if (layer->kind == CSRO_LAYER_CONV1D)
      finite = convolution(layer, now, packed, buffer[2], buffer[next]) && finite;
    else
      pool(layer, now, buffer[next]);
    packed += packed_values(layer);
    now = buffer[next];
    next = 1 - next;
  }
  memcpy(flat, now, (size_t)network->layers[front - 1].out_channels * sizeof *flat);
  return finite;
}

void csro_network_front(const csro_network *network, const float *packed, int rows, const float *in,
                        float *scratch, float *block[2], bool *finite) {
  const int front = front_layers(network);
  const size_t values = (size_t)front_values(network),
               flat = (size_t)network->layers[front - 1].out_channels,
               inputs = (size_t)network->bins * network->channels;
  float *curve[3] = {scratch, scratch + values, scratch + 2 * values};
  block[0] = scratch + 3 * values;
  block[1] = block[0] + (size_t)CSRO_NETWORK_ROWS * dense_width(network);
  for (int r = 0; r < rows; r++)
    finite[r] = run_front(network, front, packed, in + r * inputs, curve, block[0] + r * flat);
}

void csro_network_run(const csro_network *network, const float *packed, int rows, const float *in,
                      float *scratch, float *out) {
  float *block[2];
  bool finite[CSRO_NETWORK_ROWS];
  csro_network_front(network, packed, rows, in, scratch, block, finite);
  const int front = front_layers(network);
  for (int l = 0; l < front; l++)
    packed += packed_values(&network->layers[l]);
  int now = 0;
  for (int l = front; l < network->layer_count; l++) {
    const csro_layer *layer = &network->layers[l];
    if (layer->kind != CSRO_LAYER_DENSE)
      continue;
    dense(layer, packed, rows, block[now], l == network->layer_count - 1 ? out : block[1 - now],
          finite);
    packed += packed_values(layer);
    now = 1 - now;
  }
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < network->classes && !finite[r]; c++)
      out[(size_t)r * network->classes + c] = NAN;
}

csro_status csro_network_apply(csro_context *context, const csro_network *network, int64_t n,
                               const float *in, float *out) {
  int64_t packed = csro_network_packed(network);
  float *memory = csro_allocate(context, packed + csro_network_scratch(network), sizeof *memory);
  if (!memory)
    return CSRO_ERROR_MEMORY;
  csro_network_pack(network, memory);
  int64_t inputs = (int64_t)network->bins * network->channels;
  for (int64_t first = 0; first < n; first += CSRO_NETWORK_ROWS) {
    int rows = n - first < CSRO_NETWORK_ROWS ? (int)(n - first) : CSRO_NETWORK_ROWS;
    csro_network_run(network, memory, rows, in + first * inputs, memory + packed,
                     out + first * network->classes);
  }
  free(memory);
  return CSRO_OK;
}
