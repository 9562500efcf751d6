#include "csro/network.h"

#include <stdlib.h>
#include <string.h>

/* Far above any sensible network, low enough that no product of sizes overflows. */
enum { LARGEST_SIZE = 1 << 16, LARGEST_VALUES = 1 << 22, LARGEST_WEIGHTS = 1 << 26 };

static csro_status refuse(csro_context *context, int index, const char *text) {
  return csro_fail(context, CSRO_ERROR_ARGUMENT, "network: layer %d: %s", index, text);
}

static csro_status shape_window(csro_context *context, int index, csro_layer *layer, bool flat) {
  bool conv = layer->kind == CSRO_LAYER_CONV1D;
  if (flat)
    return refuse(context, index, "convolution or pooling after flatten");
  if (layer->size < 1 || layer->size > LARGEST_SIZE)
    return refuse(context, index, "kernel or pool size outside 1 .. 65536");
  if (!layer->same && layer->size > layer->in_positions)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "network: layer %d: size %d does not fit into %d positions", index,
                     layer->size, layer->in_positions);
  if (conv && (layer->units < 1 || layer->units > LARGEST_SIZE))
    return refuse(context, index, "number of filters outside 1 .. 65536");
  if (conv && layer->activation == CSRO_ACTIVATION_SOFTMAX)
    return refuse(context, index, "softmax is for the last layer only");

  int stride = conv ? 1 : layer->size;
  layer->out_channels = conv ? layer->units : layer->in_channels;
  layer->out_positions = layer->same ? (layer->in_positions + stride - 1) / stride
                                     : (layer->in_positions - layer->size) / stride + 1;
  if (conv) {
    layer->weight_count = (int64_t)layer->size * layer->in_channels * layer->units;
    layer->bias_count = layer->units;
  }
  return CSRO_OK;
}

static csro_status shape_dense(csro_context *context, int index, csro_layer *layer, bool flat) {
  if (!flat)
    return refuse(context, index, "a dense layer needs flatten before it");
  if (layer->units < 1 || layer->units > LARGEST_SIZE)
    return refuse(context, index, "number of units outside 1 .. 65536");
  layer->out_positions = 1;
  layer->out_channels = layer->units;
  layer->weight_count = (int64_t)layer->in_channels * layer->units;
  layer->bias_count = layer->units;
  return CSRO_OK;
}

static csro_status shape_layer(csro_context *context, int index, csro_layer *layer, bool *flat) {
  layer->weight_count = layer->bias_count = 0;
  layer->out_positions = layer->in_positions;
  layer->out_channels = layer->in_channels;
  switch (layer->kind) {
  case CSRO_LAYER_CONV1D:
  case CSRO_LAYER_MAXPOOL:
    return shape_window(context, index, layer, *flat);
  case CSRO_LAYER_FLATTEN:
    layer->out_positions = 1;
    layer->out_channels = layer->in_positions * layer->in_channels;
    *flat = true;
    return CSRO_OK;
  case CSRO_LAYER_DENSE:
    return shape_dense(context, index, layer, *flat);
  case CSRO_LAYER_DROPOUT:
    if (!(layer->rate >= 0 && layer->rate < 1))
      return refuse(context, index, "dropout rate outside 0 .. 1");
    return CSRO_OK;
  }
  return refuse(context, index, "unknown kind");
}

csro_status csro_network_shape(csro_context *context, csro_network *network) {
  if (network->bins < 1 || network->bins > LARGEST_SIZE || network->channels < 1 ||
      network->channels > LARGEST_SIZE ||
      (int64_t)network->bins * network->channels > LARGEST_VALUES)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "network: %d bins x %d channels is out of range",
                     network->bins, network->channels);
  if (network->layer_count < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "network: no layers");

  int positions = network->bins, channels = network->channels;
  bool flat = false;
  for (int l = 0; l < network->layer_count; l++) {
    csro_layer *layer = &network->layers[l];
    layer->in_positions = positions;
    layer->in_channels = channels;
    csro_status status = shape_layer(context, l, layer, &flat);
    if (status != CSRO_OK)
      return status;
    positions = layer->out_positions;
    channels = layer->out_channels;
    if ((int64_t)positions * channels > LARGEST_VALUES || layer->weight_count > LARGEST_WEIGHTS)
      return refuse(context, l, "too large");
    if (layer->kind == CSRO_LAYER_DENSE && layer->activation == CSRO_ACTIVATION_SOFTMAX &&
        l != network->layer_count - 1)
      return refuse(context, l, "softmax is for the last layer only");
  }
  const csro_layer *last = &network->layers[network->layer_count - 1];
  if (last->kind != CSRO_LAYER_DENSE || last->activation != CSRO_ACTIVATION_SOFTMAX)
    return refuse(context, network->layer_count - 1, "the last layer must be dense with softmax");
  network->classes = last->units;
  return CSRO_OK;
}

void csro_network_release(csro_network *network) {
  if (!network)
    return;
  for (int l = 0; network->layers && l < network->layer_count; l++) {
    free(network->layers[l].weights);
    free(network->layers[l].bias);
  }
  free(network->layers);
  memset(network, 0, sizeof *network);
}

static csro_status zeros(csro_context *context, int64_t count, float **out) {
  *out = NULL;
  if (count == 0)
    return CSRO_OK;
  *out = csro_allocate(context, count, sizeof **out);
  if (!*out)
    return CSRO_ERROR_MEMORY;
  memset(*out, 0, (size_t)count * sizeof **out);
  return CSRO_OK;
}

csro_status csro_network_init(csro_context *context, int bins, int channels, int layer_count,
                              const csro_layer *layers, csro_network *network) {
  memset(network, 0, sizeof *network);
  csro_network made = {.bins = bins, .channels = channels, .layer_count = layer_count};
  made.layers = csro_allocate(context, layer_count, sizeof *layers);
  if (!made.layers)
    return CSRO_ERROR_MEMORY;
  for (int l = 0; l < layer_count; l++) {
    made.layers[l] = layers[l];
    made.layers[l].weights = made.layers[l].bias = NULL;
  }
  csro_status status = csro_network_shape(context, &made);
  for (int l = 0; l < layer_count && status == CSRO_OK; l++) {
    status = zeros(context, made.layers[l].weight_count, &made.layers[l].weights);
    if (status == CSRO_OK)
      status = zeros(context, made.layers[l].bias_count, &made.layers[l].bias);
  }
  if (status != CSRO_OK) {
    csro_network_release(&made);
    return status;
  }
  *network = made;
  return CSRO_OK;
}

csro_status csro_network_published(csro_context *context, int bins, int channels, int classes,
                                   csro_network *network) {
  const csro_layer layers[] = {
      {.kind = CSRO_LAYER_CONV1D, .activation = CSRO_ACTIVATION_RELU, .units = 16, .size = 10},
      {.kind = CSRO_LAYER_DROPOUT, .rate = 0.5f},
      {.kind = CSRO_LAYER_MAXPOOL, .size = 2},
      {.kind = CSRO_LAYER_FLATTEN},
      {.kind = CSRO_LAYER_DENSE, .activation = CSRO_ACTIVATION_RELU, .units = 256},
      {.kind = CSRO_LAYER_DENSE, .activation = CSRO_ACTIVATION_SOFTMAX, .units = classes},
  };
  return csro_network_init(context, bins, channels, (int)(sizeof layers / sizeof *layers), layers,
                           network);
}
