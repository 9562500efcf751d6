/* Class activation: gradients against finite differences, networks whose decisive bins are known,
 * any number of threads. */
#include "check.h"
#include "csro/classify.h"
#include "csro/explain.h"

#include <cblas.h>

enum { BINS = 93 };

static uint32_t next(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

static float uniform(uint32_t *state) {
  return (float)next(state) / (1 << 24);
}

static csro_layer *last_layer(csro_network *network) {
  return &network->layers[network->layer_count - 1];
}

/* Random weights. The value of class 0 before softmax is always 0, so that those of the others are
 * the logarithms of ratios of probabilities. */
static void randomise(csro_network *network, uint32_t *state) {
  for (int l = 0; l < network->layer_count; l++) {
    csro_layer *layer = &network->layers[l];
    double inputs =
        layer->weight_count ? (double)layer->weight_count / (double)layer->bias_count : 1;
    for (int64_t i = 0; i < layer->weight_count; i++)
      layer->weights[i] = (float)(4 / sqrt(inputs)) * (uniform(state) - 0.5f);
    for (int64_t i = 0; i < layer->bias_count; i++)
      layer->bias[i] = uniform(state) - 0.5f;
  }
  csro_layer *last = last_layer(network);
  for (int64_t i = 0; i < last->weight_count; i += last->units)
    last->weights[i] = 0;
  last->bias[0] = 0;
}

static csro_model make_model(csro_context *context, const char *architecture, int channels,
                             int classes, int members) {
  csro_model model = {.class_count = classes,
                      .channel_count = channels,
                      .bins = {1.5, 200, 54, BINS},
                      .member_count = members};
  model.members = calloc((size_t)members, sizeof *model.members);
  uint32_t state = 3;
  for (int m = 0; m < members; m++) {
    CHECK_OK(context,
             csro_network_parse(context, architecture, BINS, channels, classes, &model.members[m]));
    randomise(&model.members[m], &state);
  }
  return model;
}

static void free_model(csro_model *model) {
  for (int m = 0; m < model->member_count; m++)
    csro_network_release(&model->members[m]);
  free(model->members);
}

static double class_value(csro_context *context, const csro_model *model, const float *in,
                          int class_index) {
  float out[3];
  double sum = 0;
  for (int m = 0; m < model->member_count; m++) {
    CHECK_OK(context, csro_network_apply(context, &model->members[m], 1, in, out));
    sum += log((double)out[class_index]) - log((double)out[0]);
  }
  return sum / model->member_count;
}

/* Between the kinks of ReLU and pooling a network is linear: few steps may meet one. */
static void check_gradients(const char *architecture, int channels) {
  enum { MOST = BINS * 2 };
  const double step = 2e-3;
  csro_context context;
  csro_context_init(&context);
  csro_model model = make_model(&context, architecture, channels, 3, 2);
  float in[MOST], activation[BINS], gradient[MOST];
  uint32_t state = 8;
  int values = BINS * channels, wrong = 0;
  for (int k = 0; k < values; k++)
    in[k] = uniform(&state);
  CHECK_OK(&context, csro_explain(&context, &model, 2, 1, in, activation, gradient));
  double largest = 0;
  for (int k = 0; k < values; k++)
    largest = fmax(largest, fabs((double)gradient[k]));
  for (int k = 0; k < values; k++) {
    float kept = in[k];
    in[k] = (float)(kept + step);
    double above = class_value(&context, &model, in, 2), up = in[k];
    in[k] = (float)(kept - step);
    double slope = (above - class_value(&context, &model, in, 2)) / (up - (double)in[k]);
    in[k] = kept;
    wrong += fabs(slope - (double)gradient[k]) > 0.01 * largest;
  }
  CHECK(largest > 0.01);
  CHECK(wrong <= values / 10);
  free_model(&model);
}

static void set_all(csro_layer *layer, float value) {
  for (int64_t i = 0; i < layer->weight_count; i++)
    layer->weights[i] = value;
  for (int64_t i = 0; i < layer->bias_count; i++)
    layer->bias[i] = 0;
}

/* Two filters that look at their middle alone, one that speaks for class 1 and one against it:
 * class 1 is decided where channel 0 is above channel 1, class 2 where it is below. */
static void check_decisive(const char *architecture, int first, int last) {
  csro_context context;
  csro_context_init(&context);
  csro_model model = make_model(&context, architecture, 2, 3, 1);
  csro_layer *convolution = &model.members[0].layers[0], *dense = last_layer(&model.members[0]);
  set_all(convolution, 0);
  int size = convolution->size;
  for (int middle = (size - 1) / 2; middle <= size / 2; middle++)
    for (int filter = 0; filter < 2; filter++)
      convolution->weights[(middle * 2 + filter) * 2 + filter] = 1;
  set_all(dense, 0);
  for (int input = 0; input < dense->in_channels; input++)
    for (int class = 1; class < 3; class ++)
      dense->weights[input * 3 + class] = input % 2 == class - 1 ? 1 : -1;

  float in[BINS * 2] = {0}, activation[BINS];
  in[20 * 2] = 1;
  in[60 * 2] = 0.5f;
  in[70 * 2 + 1] = 1;
  in[40 * 2] = in[40 * 2 + 1] = 1;
  for (int class = 1; class < 3; class ++) {
    CHECK_OK(&context, csro_explain(&context, &model, class, 1, in, activation, NULL));
    for (int b = first; b < last; b++) {
      bool even = size % 2 == 0;
      double near = even && (b == 19 || b == 21) ? 0.5 : b == 20;
      near += even && (b == 59 || b == 61) ? 0.25 : b == 60 ? 0.5 : 0;
      double other = even && (b == 69 || b == 71) ? 0.5 : b == 70;
      CHECK_NEAR(activation[b], class == 1 ? near : other, 1e-6);
    }
  }
  CHECK_OK(&context, csro_explain(&context, &model, 0, 1, in, activation, NULL));
  for (int b = 0; b < BINS; b++)
    CHECK_EQ(activation[b], 0);
  free_model(&model);
}

/* After pooling a position stands for two bins: a peak is found again to the bin beside it. */
static void test_pooled_place(void) {
  csro_context context;
  csro_context_init(&context);
  csro_model model = make_model(&context, "conv 1 3 same, pool 2, conv 1 5", 1, 2, 1);
  for (int l = 0; l < 3; l += 2) {
    set_all(&model.members[0].layers[l], 0);
    model.members[0].layers[l].weights[model.members[0].layers[l].size / 2] = 1;
  }
  set_all(&model.members[0].layers[1], 0);
  csro_layer *dense = last_layer(&model.members[0]);
  for (int input = 0; input < dense->in_channels; input++)
    dense->weights[input * 2 + 1] = 1;
  for (int peak = 10; peak < 80; peak++) {
    float in[BINS] = {0}, activation[BINS];
    in[peak] = 1;
    CHECK_OK(&context, csro_explain(&context, &model, 1, 1, in, activation, NULL));
    double center = 0, sum = 0;
    for (int b = 0; b < BINS; b++) {
      center += b * (double)activation[b];
      sum += (double)activation[b];
    }
    CHECK_NEAR(center / sum, peak, 0.6);
  }
  free_model(&model);
}

static void test_without_convolution(void) {
  csro_context context;
  csro_context_init(&context);
  csro_model model = make_model(&context, "", 2, 2, 1);
  const float *weights = last_layer(&model.members[0])->weights;
  float in[BINS * 2], activation[BINS], gradient[BINS * 2];
  double expected[BINS], largest = 0;
  uint32_t state = 5;
  for (int k = 0; k < BINS * 2; k++)
    in[k] = uniform(&state);
  for (int b = 0; b < BINS; b++) {
    double sum = 0;
    for (int k = 2 * b; k < 2 * b + 2; k++)
      sum += (double)in[k] * (double)weights[k * 2 + 1];
    expected[b] = fabs(sum);
    largest = fmax(largest, expected[b]);
  }
  CHECK_OK(&context, csro_explain(&context, &model, 1, 1, in, activation, gradient));
  for (int b = 0; b < BINS; b++)
    CHECK_NEAR(activation[b], expected[b] / largest, 1e-6);
  for (int k = 0; k < BINS * 2; k++)
    CHECK_NEAR(gradient[k], weights[k * 2 + 1], 1e-6);
  free_model(&model);
}

static int cancel(void *user, double fraction) {
  (void)user;
  return fraction >= 0;
}

static bool same_bits(const float *a, const float *b, size_t count) {
  return memcmp(a, b, count * sizeof *a) == 0;
}

static void test_rows(void) {
  enum { N = 150 };
  csro_context context;
  csro_context_init(&context);
  csro_model model = make_model(&context, "conv 16 10, dropout 0.5, pool 2, dense 32", 1, 2, 3);
  float *in = malloc(N * BINS * sizeof *in);
  float *activation = malloc(N * BINS * sizeof *in), *gradient = malloc(N * BINS * sizeof *in);
  float *again = malloc(N * BINS * sizeof *in), *slopes = malloc(N * BINS * sizeof *in);
  uint32_t state = 12;
  for (int k = 0; k < N * BINS; k++)
    in[k] = uniform(&state);
  in[7 * BINS] = NAN;
  context.threads = 1;
  CHECK_OK(&context, csro_explain(&context, &model, 1, N, in, activation, gradient));
  for (int row = 0; row < N; row++) {
    float largest = 0;
    for (int b = 0; b < BINS; b++) {
      float value = activation[row * BINS + b];
      CHECK(row == 7 ? isnan(value) && isnan(gradient[row * BINS + b]) : value >= 0 && value <= 1);
      largest = fmaxf(largest, value);
    }
    CHECK(row == 7 || largest == 1 || largest == 0);
  }
  for (int threads = 2; threads < 5; threads++) {
    context.threads = threads;
    CHECK_OK(&context, csro_explain(&context, &model, 1, N, in, again, slopes));
    CHECK(same_bits(activation, again, N * BINS) && same_bits(gradient, slopes, N * BINS));
  }
  CHECK_OK(&context, csro_explain(&context, &model, 1, 1, in + 100 * BINS, again, NULL));
  CHECK(same_bits(activation + 100 * BINS, again, BINS));
  CHECK_OK(&context, csro_explain(&context, &model, 1, 0, NULL, NULL, NULL));

  CHECK_FAILS(&context, csro_explain(&context, &model, 2, N, in, again, NULL), CSRO_ERROR_ARGUMENT,
              "class 2 of 2");
  context.progress = cancel;
  CHECK_FAILS(&context, csro_explain(&context, &model, 1, N, in, again, NULL), CSRO_CANCELLED,
              "cancelled");
  context.progress = NULL;
  model.bins.kept = 92;
  CHECK_FAILS(&context, csro_explain(&context, &model, 1, N, in, again, NULL), CSRO_ERROR_ARGUMENT,
              "does not fit");
  model.bins.kept = BINS;
  free(in);
  free(activation);
  free(gradient);
  free(again);
  free(slopes);
  free_model(&model);
}

/* What the networks see: preprocessed channels side by side; a voxel without contrast or with few
 * counts in one of them is undefined in all. */
static void test_inputs(void) {
  enum { N = 5 };
  csro_context context;
  csro_context_init(&context);
  csro_model model = make_model(&context, "conv 4 10", 2, 2, 1);
  uint8_t small[N * BINS];
  uint32_t large[N * BINS], state = 2;
  for (int k = 0; k < N * BINS; k++) {
    small[k] = k / BINS == 1 ? 3 : (uint8_t)(next(&state) % 9);
    large[k] = k / BINS == 3 ? next(&state) % 2 : 10 + next(&state) % 1000;
  }
  const csro_count_type types[] = {CSRO_U8, CSRO_U32};
  const void *counts[] = {small, large};
  float curves[2][N * BINS], inputs[N * BINS * 2];
  for (int c = 0; c < 2; c++)
    CHECK_OK(&context, csro_curves_preprocess(&context, CSRO_PREPROCESS_MINMAX, N, BINS, types[c],
                                              counts[c], curves[c]));
  CHECK_OK(&context, csro_classify_inputs(&context, &model, CSRO_PREPROCESS_MINMAX, 100, N, types,
                                          counts, inputs));
  for (int v = 0; v < N; v++)
    for (int k = 0; k < BINS * 2; k++) {
      float found = inputs[v * BINS * 2 + k], expected = curves[k % 2][v * BINS + k / 2];
      CHECK(v == 1 || v == 3 ? isnan(found) : same_bits(&found, &expected, 1));
    }
  counts[1] = NULL;
  CHECK_FAILS(
      &context,
      csro_classify_inputs(&context, &model, CSRO_PREPROCESS_MINMAX, 0, N, types, counts, inputs),
      CSRO_ERROR_ARGUMENT, "channel 1 has no counts");
  free_model(&model);
}

int main(void) {
  openblas_set_num_threads(2);
  check_gradients("conv 16 10, dropout 0.5, pool 2, dense 32", 1);
  check_gradients("conv 8 10 same, pool 2 same, dense 16", 2);
  check_gradients("conv 4 5, pool 2, conv 6 3 same, dense 8", 1);
  check_gradients("dense 16", 1);
  check_decisive("conv 2 9", 4, BINS - 4);
  check_decisive("conv 2 9 same", 0, BINS);
  check_decisive("conv 2 10", 5, BINS - 5);
  check_decisive("conv 2 10 same", 1, BINS - 1);
  test_pooled_place();
  test_without_convolution();
  test_rows();
  test_inputs();
  CHECK_EQ(openblas_get_num_threads(), 2); /* the threads of others are theirs again */
  return check_end();
}
