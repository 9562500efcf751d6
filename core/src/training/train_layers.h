/* The layers of a network forward, with all that backward needs, and gradients.
 * Activations of a batch are [rows][positions][channels]. */
#ifndef CSRO_TRAINING_TRAIN_LAYERS_H
#define CSRO_TRAINING_TRAIN_LAYERS_H

#include "csro/network.h"
#include "csro/random.h"
#include "training/arena.h"

/* What one layer keeps of a batch. Pointers that its kind does not need are NULL, and those to the
 * gradients of weights and bias where nothing is learned. */
typedef struct csro_layer_state {
  float *out, *out_gradient;               /* [rows][out_positions][out_channels] */
  float *columns, *columns_gradient;       /* conv1d: [rows * out_positions][size * in_channels] */
  float *mask;                             /* dropout: 0 or 1 / (1 - rate) per value */
  float *chosen;                           /* pooling: the position that each value came from */
  float *weights_gradient, *bias_gradient; /* as the layer's weights and bias */
} csro_layer_state;

/* Takes the memory of a state for up to `rows` rows, without the gradients of weights and bias.
 * input_gradient: backward will be asked for it. */
void csro_layer_state_take(csro_arena *from, const csro_layer *layer, int rows, bool input_gradient,
                           csro_layer_state *state);

/* Fills state->out. random draws the dropout masks; NULL keeps every value. */
void csro_layer_forward(const csro_layer *layer, csro_layer_state *state, int rows, const float *in,
                        csro_random *random);

/* From state->out_gradient to the gradients of weights and bias and, unless in_gradient is NULL, of
 * the input. For softmax out_gradient is that of the value before the activation; for ReLU it is
 * that of the value after it, and is lost. */
void csro_layer_backward(const csro_layer *layer, csro_layer_state *state, int rows,
                         const float *in, float *in_gradient);

#endif
