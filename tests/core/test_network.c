/* Network inference against a plain double-precision oracle, for architectures of every kind. */
#include "check.h"
#include "csro/network.h"
#include "network/inference.h"

/* A small generator of its own, so that this test needs nothing else of the core. */
static double uniform(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 11) / 9007199254740992.0;
}

static int below(uint64_t *state, int n) {
  return (int)(uniform(state) * n);
}

static void window_of(const csro_layer *layer, int stride, int p, int *first) {
  int total = (layer->out_positions - 1) * stride + layer->size - layer->in_positions;
  *first = p * stride - (layer->same && total > 0 ? total / 2 : 0);
}

static void oracle_conv(const csro_layer *layer, const double *in, double *out) {
  for (int p = 0; p < layer->out_positions; p++)
    for (int f = 0; f < layer->units; f++) {
      int first;
      window_of(layer, 1, p, &first);
      double sum = layer->bias[f];
      for (int k = 0; k < layer->size; k++)
        for (int c = 0; c < layer->in_channels && first + k >= 0 && first + k < layer->in_positions;
             c++)
          sum += in[(first + k) * layer->in_channels + c] *
                 (double)layer->weights[(k * layer->in_channels + c) * layer->units + f];
      out[p * layer->units + f] = sum;
    }
}

static void oracle_pool(const csro_layer *layer, const double *in, double *out) {
  for (int p = 0; p < layer->out_positions; p++)
    for (int c = 0; c < layer->in_channels; c++) {
      int first;
      window_of(layer, layer->size, p, &first);
      double largest = -INFINITY;
      for (int q = first; q < first + layer->size; q++)
        if (q >= 0 && q < layer->in_positions)
          largest = fmax(largest, in[q * layer->in_channels + c]);
      out[p * layer->in_channels + c] = largest;
    }
}

static void oracle_dense(const csro_layer *layer, const double *in, double *out) {
  for (int u = 0; u < layer->units; u++) {
    out[u] = layer->bias[u];
    for (int i = 0; i < layer->in_channels; i++)
      out[u] += in[i] * (double)layer->weights[i * layer->units + u];
  }
}

static void oracle(const csro_network *network, const float *in, double *out) {
  static double buffer[2][1 << 16];
  int now = 0;
  for (int i = 0; i < network->bins * network->channels; i++)
    buffer[0][i] = in[i];
  for (int l = 0; l < network->layer_count; l++) {
    const csro_layer *layer = &network->layers[l];
    if (layer->kind == CSRO_LAYER_FLATTEN || layer->kind == CSRO_LAYER_DROPOUT)
      continue;
    double *from = buffer[now], *to = buffer[1 - now];
    int values = layer->out_positions * layer->out_channels;
    if (layer->kind == CSRO_LAYER_CONV1D)
      oracle_conv(layer, from, to);
    else if (layer->kind == CSRO_LAYER_MAXPOOL)
      oracle_pool(layer, from, to);
    else
      oracle_dense(layer, from, to);
    bool weighted = layer->kind == CSRO_LAYER_CONV1D || layer->kind == CSRO_LAYER_DENSE;
    if (weighted && layer->activation == CSRO_ACTIVATION_RELU)
      for (int i = 0; i < values; i++)
        to[i] = fmax(to[i], 0);
    now = 1 - now;
  }
  double sum = 0, largest = -INFINITY;
  for (int i = 0; i < network->classes; i++)
    largest = fmax(largest, buffer[now][i]);
  for (int i = 0; i < network->classes; i++)
    sum += out[i] = exp(buffer[now][i] - largest);
  for (int i = 0; i < network->classes; i++)
    out[i] /= sum;
}

static void randomise(csro_network *network, uint64_t *state) {
  for (int l = 0; l < network->layer_count; l++) {
    csro_layer *layer = &network->layers[l];
    double scale =
        layer->weight_count ? 2 / sqrt((double)layer->weight_count / (double)layer->bias_count) : 0;
    for (int64_t i = 0; i < layer->weight_count; i++)
      layer->weights[i] = (float)(scale * (uniform(state) - 0.5));
    for (int64_t i = 0; i < layer->bias_count; i++)
      layer->bias[i] = (float)(uniform(state) - 0.5);
  }
}

static void compare(csro_network *network, int64_t n, uint64_t *state) {
  csro_context context;
  csro_context_init(&context);
  randomise(network, state);
  size_t inputs = (size_t)(network->bins * network->channels);
  float *in = malloc((size_t)n * inputs * sizeof *in);
  float *out = malloc((size_t)(n * network->classes) * sizeof *out);
  double expected[64];
  for (size_t i = 0; i < (size_t)n * inputs; i++)
    in[i] = (float)uniform(state);
  CHECK_OK(&context, csro_network_apply(&context, network, n, in, out));
  int64_t stride = n > 40 ? n / 7 : 1;
  for (int64_t row = 0; row < n; row += stride) {
    oracle(network, in + (size_t)row * inputs, expected);
    for (int c = 0; c < network->classes; c++)
      CHECK_NEAR(out[row * network->classes + c], expected[c], 2e-6);
  }
  free(in);
  free(out);
}

static void test_random_architectures(void) {
  csro_context context;
  csro_context_init(&context);
  uint64_t state = 7;
  static const int filters[] = {1, 3, 15, 16, 17, 33, 64};
  for (int trial = 0; trial < 60; trial++) {
    csro_layer layers[8] = {{0}};
    int count = 0, convolutions = below(&state, 3);
    for (int c = 0; c < convolutions; c++) {
      layers[count++] = (csro_layer){.kind = CSRO_LAYER_CONV1D,
                                     .activation = (csro_activation)below(&state, 2),
                                     .units = filters[below(&state, 7)],
                                     .size = 1 + below(&state, 6),
                                     .same = below(&state, 2)};
      if (below(&state, 2))
        layers[count++] = (csro_layer){
            .kind = CSRO_LAYER_MAXPOOL, .size = 1 + below(&state, 4), .same = below(&state, 2)};
    }
    layers[count++] = (csro_layer){.kind = CSRO_LAYER_FLATTEN};
    if (below(&state, 2))
      layers[count++] = (csro_layer){.kind = CSRO_LAYER_DENSE,
                                     .activation = (csro_activation)below(&state, 2),
                                     .units = 1 + below(&state, 40)};
    layers[count++] = (csro_layer){.kind = CSRO_LAYER_DENSE,
                                   .activation = CSRO_ACTIVATION_SOFTMAX,
                                   .units = 2 + below(&state, 4)};
    csro_network network;
    CHECK_OK(&context, csro_network_init(&context, 30 + below(&state, 50), 1 + below(&state, 3),
                                         count, layers, &network));
    compare(&network, 1 + below(&state, 30), &state);
    csro_network_release(&network);
  }
}

static void test_published(void) {
  csro_context context;
  csro_context_init(&context);
  uint64_t state = 11;
  csro_network network;
  CHECK_OK(&context, csro_network_published(&context, 93, 1, 2, &network));
  CHECK_EQ(network.classes, 2);
  CHECK_EQ(network.layers[0].out_positions, 84);
  CHECK_EQ(network.layers[3].out_channels, 672);
  int64_t parameters = 0;
  for (int l = 0; l < network.layer_count; l++)
    parameters += network.layers[l].weight_count + network.layers[l].bias_count;
  CHECK_EQ(parameters, 172978);
  compare(&network, 1500, &state);
  csro_network_release(&network);
  CHECK(network.layers == NULL);

  const csro_layer same[] = {
      {.kind = CSRO_LAYER_CONV1D,
       .activation = CSRO_ACTIVATION_RELU,
       .units = 64,
       .size = 10,
       .same = true},
      {.kind = CSRO_LAYER_MAXPOOL, .size = 2, .same = true},
      {.kind = CSRO_LAYER_FLATTEN},
      {.kind = CSRO_LAYER_DENSE, .activation = CSRO_ACTIVATION_SOFTMAX, .units = 3},
  };
  CHECK_OK(&context, csro_network_init(&context, 93, 2, 4, same, &network));
  CHECK_EQ(network.layers[0].out_positions, 93);
  CHECK_EQ(network.layers[1].out_positions, 47);
  compare(&network, 20, &state);
  csro_network_release(&network);
}

/* Blocks in parallel give the same bits every time. */
static void test_parallel_products(void) {
  enum { BLOCKS = 24, REPEATS = 6, ROWS = 130 };
  csro_context context;
  csro_context_init(&context);
  uint64_t state = 5;
  csro_network network;
  CHECK_OK(&context, csro_network_published(&context, 93, 1, 2, &network));
  randomise(&network, &state);
  float *in = malloc(BLOCKS * ROWS * 93 * sizeof *in);
  float *once = malloc(BLOCKS * ROWS * 2 * sizeof *once);
  float *again = malloc(BLOCKS * ROWS * 2 * sizeof *again);
  for (int i = 0; i < BLOCKS * ROWS * 93; i++)
    in[i] = (float)uniform(&state);
  for (int b = 0; b < BLOCKS; b++)
    CHECK_OK(&context,
             csro_network_apply(&context, &network, ROWS, in + b * ROWS * 93, once + b * ROWS * 2));
  for (int repeat = 0; repeat < REPEATS; repeat++) {
#pragma omp parallel num_threads(2 + repeat % 3)
    {
      int64_t packed = csro_network_packed(&network), more = csro_network_scratch(&network);
      float *weights = malloc((size_t)(packed + more) * sizeof *weights);
      csro_network_pack(&network, weights);
#pragma omp for schedule(dynamic)
      for (int b = 0; b < BLOCKS; b++)
        csro_network_run(&network, weights, ROWS, in + b * ROWS * 93, weights + packed,
                         again + b * ROWS * 2);
      free(weights);
    }
    CHECK(memcmp(once, again, BLOCKS * ROWS * 2 * sizeof *once) == 0);
  }
  free(in);
  free(once);
  free(again);
  csro_network_release(&network);
}

static void test_refusals(void) {
  csro_context context;
  csro_context_init(&context);
  csro_network network;
  const csro_layer flatten = {.kind = CSRO_LAYER_FLATTEN};
  const csro_layer end = {
      .kind = CSRO_LAYER_DENSE, .activation = CSRO_ACTIVATION_SOFTMAX, .units = 2};
  struct {
    csro_layer layers[3];
    int count;
    const char *text;
  } cases[] = {
      {{flatten, end}, 0, "no layers"},
      {{flatten}, 1, "last layer must be dense with softmax"},
      {{end}, 1, "needs flatten"},
      {{flatten, end, end}, 3, "layer 1: softmax is for the last"},
      {{{.kind = CSRO_LAYER_CONV1D, .units = 4, .size = 94}, flatten, end}, 3, "does not fit"},
      {{{.kind = CSRO_LAYER_CONV1D, .units = 0, .size = 9}, flatten, end}, 3, "filters"},
      {{{.kind = CSRO_LAYER_CONV1D, .units = 65536, .size = 9}, flatten, end}, 3, "too large"},
      {{{.kind = CSRO_LAYER_MAXPOOL, .size = 0}, flatten, end}, 3, "pool size"},
      {{flatten, {.kind = CSRO_LAYER_MAXPOOL, .size = 2}, end}, 3, "after flatten"},
      {{{.kind = CSRO_LAYER_DROPOUT, .rate = NAN}, flatten, end}, 3, "dropout rate"},
      {{{.kind = (csro_layer_kind)77}, flatten, end}, 3, "unknown kind"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CHECK_FAILS(&context,
                csro_network_init(&context, 93, 1, cases[i].count, cases[i].layers, &network),
                CSRO_ERROR_ARGUMENT, cases[i].text);
    CHECK(network.layers == NULL);
  }
  CHECK_FAILS(&context, csro_network_published(&context, 0, 1, 2, &network), CSRO_ERROR_ARGUMENT,
              "0 bins");
  csro_network_release(NULL);
}

static void check_text(csro_context *context, const char *text, csro_status status,
                       const char *message) {
  csro_network network;
  CHECK_FAILS(context, csro_network_parse(context, text, 93, 1, 2, &network), status, message);
  CHECK(network.layers == NULL);
}

static void test_parse(void) {
  csro_context context;
  csro_context_init(&context);
  csro_network published, network;
  CHECK_OK(&context, csro_network_published(&context, 93, 1, 2, &published));
  CHECK_OK(&context, csro_network_parse(&context, " conv 16 10,dropout 0.5 , pool 2,\tdense 256",
                                        93, 1, 2, &network));
  CHECK_EQ(network.layer_count, published.layer_count);
  for (int l = 0; l < network.layer_count; l++) {
    const csro_layer *a = &network.layers[l], *b = &published.layers[l];
    CHECK(a->kind == b->kind && a->activation == b->activation && a->units == b->units &&
          a->size == b->size && a->same == b->same && a->rate == b->rate);
  }
  csro_network_release(&network);
  csro_network_release(&published);
  CHECK_OK(&context, csro_network_parse(&context, "conv 4 5 same linear,pool 3 same,dense 7 linear",
                                        20, 2, 3, &network));
  CHECK(network.layers[0].same && network.layers[0].activation == CSRO_ACTIVATION_LINEAR);
  CHECK(network.layers[1].same && network.layers[1].out_positions == 7);
  CHECK(network.layers[3].activation == CSRO_ACTIVATION_LINEAR && network.classes == 3);
  csro_network_release(&network);
  CHECK_OK(&context, csro_network_parse(&context, " ", 20, 2, 3, &network));
  CHECK_EQ(network.layer_count, 2);
  csro_network_release(&network);
  const csro_status bad = CSRO_ERROR_ARGUMENT;
  check_text(&context, "conv 16", bad, "layer 1 is not understood");
  check_text(&context, "pool 2, dense 4 same", bad, "layer 2");
  check_text(&context, "pool 2,", bad, "layer 2");
  check_text(&context, "dense 0", bad, "layer 1");
  check_text(&context, "dense 2.5", bad, "layer 1");
  check_text(&context, "dense 8, conv 2 3", bad, "after flatten");
  check_text(&context, "conv 2 94", bad, "does not fit into 93");
  check_text(&context, "dropout 1", bad, "dropout rate");
  check_text(&context, "pool 2 same same same same", bad, "layer 1");
}

int main(void) {
  test_random_architectures();
  test_published();
  test_parallel_products();
  test_refusals();
  test_parse();
  return check_end();
}
