/* One network in training: batches, gradients, Adam (Kingma and Ba, ICLR 2015). Single-threaded. */
#ifndef CSRO_TRAINING_TRAINER_H
#define CSRO_TRAINING_TRAINER_H

#include "training/train_layers.h"

typedef struct csro_moments {
  float *first, *second; /* running means of the gradient and of its square */
} csro_moments;

typedef struct csro_trainer {
  csro_network *network; /* its weights are trained in place; not owned */
  int batch;             /* most rows of a step */
  double learning_rate;
  const float *class_weight; /* per class; NULL: all 1. Not owned */
  int right;                 /* rows of the last batch whose class was the most probable */
  int64_t step;
  csro_layer_state *states;   /* one per layer */
  csro_moments (*moments)[2]; /* of weights and bias of each layer */
  float *memory;              /* what states and moments point into */
} csro_trainer;

csro_status csro_trainer_init(csro_context *context, csro_network *network, int batch,
                              double learning_rate, csro_trainer *trainer);
void csro_trainer_release(csro_trainer *trainer);

/* Whether the label has the one highest probability; NaN is never right. */
bool csro_is_right(const float *probability, int classes, int label);

/* Of one row; bounded, a probability of 0 included. */
double csro_cross_entropy(const float *probability, int label, float weight);

/* Draws the weights (Glorot and Bengio, AISTATS 2010, uniform); biases become 0. */
void csro_network_initialise(csro_network *network, csro_random *random);

/* Gradients of the mean weighted cross-entropy of a batch, into the states; returns the sum of the
 * weighted cross-entropy over its rows. Without random nothing is dropped. */
double csro_trainer_gradients(csro_trainer *trainer, int rows, const float *in,
                              const uint8_t *label, csro_random *random);

/* csro_trainer_gradients and one step of Adam. */
double csro_trainer_step(csro_trainer *trainer, int rows, const float *in, const uint8_t *label,
                         csro_random *random);

#endif
