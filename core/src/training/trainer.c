#include "training/trainer.h"

#include "base/clones.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double first_decay = 0.9, second_decay = 0.999;
static const float smallest_root = 1e-7f;

static void take_layer(csro_arena *from, const csro_layer *layer, bool first, int batch,
                       csro_layer_state *state, csro_moments moments[2]) {
  csro_layer_state_take(from, layer, batch, !first, state);
  state->weights_gradient = csro_arena_take(from, layer->weight_count);
  state->bias_gradient = csro_arena_take(from, layer->bias_count);
  const int64_t counts[2] = {layer->weight_count, layer->bias_count};
  for (int k = 0; k < 2; k++) {
    moments[k].first = csro_arena_take(from, counts[k]);
    moments[k].second = csro_arena_take(from, counts[k]);
  }
}

static int64_t take_all(float *memory, csro_trainer *trainer) {
  csro_arena from = {.memory = memory};
  for (int l = 0; l < trainer->network->layer_count; l++)
    take_layer(&from, &trainer->network->layers[l], l == 0, trainer->batch, &trainer->states[l],
               trainer->moments[l]);
  return from.used;
}

csro_status csro_trainer_init(csro_context *context, csro_network *network, int batch,
                              double learning_rate, csro_trainer *trainer) {
  *trainer = (csro_trainer){.network = network, .batch = batch, .learning_rate = learning_rate};
  int layers = network->layer_count;
  trainer->states = csro_allocate(context, layers, sizeof *trainer->states);
  trainer->moments = csro_allocate(context, layers, sizeof *trainer->moments);
  if (trainer->states && trainer->moments) {
    memset(trainer->states, 0, (size_t)layers * sizeof *trainer->states);
    int64_t count = take_all(NULL, trainer);
    trainer->memory = csro_allocate(context, count, sizeof *trainer->memory);
    if (trainer->memory) {
      memset(trainer->memory, 0, (size_t)count * sizeof *trainer->memory);
      take_all(trainer->memory, trainer);
      return CSRO_OK;
    }
  }
  csro_trainer_release(trainer);
  return CSRO_ERROR_MEMORY;
}

void csro_trainer_release(csro_trainer *trainer) {
  if (!trainer)
    return;
  free(trainer->states);
  free(trainer->moments);
  free(trainer->memory);
  *trainer = (csro_trainer){0};
}

bool csro_is_right(const float *probability, int classes, int label) {
  for (int c = 0; c < classes; c++)
    if (c != label && !(probability[c] < probability[label]))
      return false;
  return true;
}

double csro_cross_entropy(const float *probability, int label, float weight) {
  return -weight * log(fmax(probability[label], 1e-7));
}

void csro_network_initialise(csro_network *network, csro_random *random) {
  for (int l = 0; l < network->layer_count; l++) {
    csro_layer *layer = &network->layers[l];
    int reach = layer->kind == CSRO_LAYER_CONV1D ? layer->size : 1;
    double limit = sqrt(6.0 / ((double)reach * (layer->in_channels + layer->out_channels)));
    for (int64_t k = 0; k < layer->weight_count; k++)
      layer->weights[k] = (float)((2 * csro_random_uniform(random) - 1) * limit);
    for (int64_t k = 0; k < layer->bias_count; k++)
      layer->bias[k] = 0;
  }
}

/* Weighted cross-entropy of the batch; leaves its gradient with respect to the values before
 * softmax. */
static double cross_entropy(csro_trainer *trainer, int rows, const uint8_t *label) {
  int classes = trainer->network->classes;
  csro_layer_state *last = &trainer->states[trainer->network->layer_count - 1];
  double loss = 0;
  trainer->right = 0;
  for (int r = 0; r < rows; r++) {
    const float *p = last->out + (size_t)r * classes;
    float weight = trainer->class_weight ? trainer->class_weight[label[r]] : 1;
    for (int c = 0; c < classes; c++)
      last->out_gradient[(size_t)r * classes + c] = weight * (p[c] - (c == label[r])) / (float)rows;
    loss += csro_cross_entropy(p, label[r], weight);
    trainer->right += csro_is_right(p, classes, label[r]);
  }
  return loss;
}

double csro_trainer_gradients(csro_trainer *trainer, int rows, const float *in,
                              const uint8_t *label, csro_random *random) {
  const csro_network *network = trainer->network;
  csro_layer_state *states = trainer->states;
  int layers = network->layer_count;
  for (int l = 0; l < layers; l++)
    csro_layer_forward(&network->layers[l], &states[l], rows, l ? states[l - 1].out : in, random);
  double loss = cross_entropy(trainer, rows, label);
  for (int l = layers - 1; l >= 0; l--)
    csro_layer_backward(&network->layers[l], &states[l], rows, l ? states[l - 1].out : in,
                        l ? states[l - 1].out_gradient : NULL);
  return loss;
}

CSRO_CLONES
static void adam(int64_t count, float rate, const float *restrict gradient, float *restrict first,
                 float *restrict second, float *restrict weights) {
  const float b1 = (float)first_decay, b2 = (float)second_decay;
  for (int64_t k = 0; k < count; k++) {
    first[k] = b1 * first[k] + (1 - b1) * gradient[k];
    second[k] = b2 * second[k] + (1 - b2) * gradient[k] * gradient[k];
    weights[k] -= rate * first[k] / (sqrtf(second[k]) + smallest_root);
  }
}

double csro_trainer_step(csro_trainer *trainer, int rows, const float *in, const uint8_t *label,
                         csro_random *random) {
  double loss = csro_trainer_gradients(trainer, rows, in, label, random);
  double step = (double)++trainer->step;
  float rate = (float)(trainer->learning_rate * sqrt(1 - pow(second_decay, step)) /
                       (1 - pow(first_decay, step)));
  for (int l = 0; l < trainer->network->layer_count; l++) {
    csro_layer *layer = &trainer->network->layers[l];
    csro_layer_state *state = &trainer->states[l];
    csro_moments *of = trainer->moments[l];
    adam(layer->weight_count, rate, state->weights_gradient, of[0].first, of[0].second,
         layer->weights);
    adam(layer->bias_count, rate, state->bias_gradient, of[1].first, of[1].second, layer->bias);
  }
  return loss;
}
