/* One convolutional network: a chain of layers on a curve of `bins` positions and `channels`
 * channels. Inference by a kernel of its own, the same for any block of rows. Layouts are those of
 * Keras: activations [position][channel]; convolution weights [kernel][channel in][filter]; dense
 * weights [input][unit]; flatten index position * channels + channel. */
#ifndef CSRO_NETWORK_H
#define CSRO_NETWORK_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

/* What a layer does. */
typedef enum csro_layer_kind {
  CSRO_LAYER_CONV1D,  /* units = filters, size = kernel, stride 1 */
  CSRO_LAYER_MAXPOOL, /* size = pool = stride */
  CSRO_LAYER_FLATTEN,
  CSRO_LAYER_DENSE,  /* units */
  CSRO_LAYER_DROPOUT /* rate; does nothing in inference */
} csro_layer_kind;

/* What follows a layer's sums. */
typedef enum csro_activation {
  CSRO_ACTIVATION_LINEAR,
  CSRO_ACTIVATION_RELU,
  CSRO_ACTIVATION_SOFTMAX /* last layer only */
} csro_activation;

/* One layer. */
typedef struct csro_layer {
  csro_layer_kind kind;
  csro_activation activation; /* conv1d and dense */
  int units, size;
  bool same; /* padding 'same' (Keras: the extra position goes to the end), else 'valid' */
  float rate;
  int in_positions, in_channels, out_positions, out_channels; /* set by csro_network_shape;
                                  after flatten and dense: positions 1, channels = values */
  int64_t weight_count, bias_count;                           /* set by csro_network_shape */
  float *weights, *bias; /* owned by the network, NULL for layers without */
} csro_layer;

/* A chain of layers, which it owns. */
typedef struct csro_network {
  int bins, channels, classes;
  int layer_count;
  csro_layer *layers;
} csro_network;

/* Computes the shapes of all layers from bins, channels and the layers' parameters, and sets
 * classes (the units of the last layer, which must be dense with softmax). CSRO_ERROR_ARGUMENT when
 * they do not fit each other. */
csro_status csro_network_shape(csro_context *context, csro_network *network);
void csro_network_release(csro_network *network); /* frees what it owns and zeroes the struct */

/* A network of the given layers (their parameters are read, their weights ignored) with its own
 * zero weights. On error *network is zero. */
csro_status csro_network_init(csro_context *context, int bins, int channels, int layer_count,
                              const csro_layer *layers, csro_network *network);

/* The released architecture of the CoCrNi study: conv 16 x 10 'valid' ReLU, dropout 0.5, max-pool
 * 2, flatten, dense 256 ReLU, dense `classes` softmax; weights zero. */
csro_status csro_network_published(csro_context *context, int bins, int channels, int classes,
                                   csro_network *network);

/* The same from a text: layers from the input on, separated by commas,
 *   conv FILTERS KERNEL [same] [linear]   pool SIZE [same]   dropout RATE   dense UNITS [linear]
 * with ReLU and padding 'valid' where nothing else is said. Flatten before the first dense layer
 * and the softmax layer of the classes at the end are added; an empty text is these two. */
csro_status csro_network_parse(csro_context *context, const char *text, int bins, int channels,
                               int classes, csro_network *network);

/* out[n][classes] from in[n][bins][channels], single-threaded. The result of a row does not depend
 * on other rows or on its place among them, bit for bit. Scratch memory is taken and released
 * inside. */
csro_status csro_network_apply(csro_context *context, const csro_network *network, int64_t n,
                               const float *in, float *out);

CSRO_API_END

#endif
