/* The upper bound of a probability is never below it, for every model that ships and for networks
 * where nothing but rounding lies between them; it is of use for curves without order; networks of
 * another kind have none. */
#include "check.h"
#include "csro/model.h"
#include "network/inference.h"
#include "network/upper_bound.h"
#include "random_points.h"

enum { ROWS = 400, MOST_CLASSES = 8 };

typedef struct found {
  int bounded;
  double tightest; /* largest probability / bound */
} found;

static found compare(csro_context *context, const csro_network *network, int class,
                     const float *rows) {
  found is = {0, 0};
  csro_upper_bound *bound;
  float *packed = malloc((size_t)csro_network_packed(network) * sizeof *packed);
  float *scratch = malloc((size_t)csro_network_scratch(network) * sizeof *scratch);
  float out[ROWS * MOST_CLASSES];
  double largest[ROWS];
  CHECK_OK(context, csro_upper_bounds_create(context, 1, network, class, &bound));
  CHECK(bound && network->classes <= MOST_CLASSES);
  csro_network_pack(network, packed);
  csro_network_run(network, packed, ROWS, rows, scratch, out);
  csro_upper_bound_run(bound, network, packed, ROWS, rows, scratch, largest);
  for (int r = 0; r < ROWS; r++) {
    const double probability = (double)out[r * network->classes + class];
    CHECK(largest[r] >= probability && (largest[r] <= 0.01 || largest[r] == 1));
    is.bounded += largest[r] < 1;
    is.tightest = fmax(is.tightest, probability / largest[r]);
  }
  csro_upper_bounds_destroy(1, &bound);
  free(packed);
  free(scratch);
  return is;
}

/* Peaks at every plane, and the later the row the more at every second plane only; noise. */
static void make_rows(const csro_network *network, uint64_t *state, float *rows) {
  const double bins_of_plane = 12, middle = 46;
  for (int r = 0; r < ROWS; r++)
    for (int b = 0; b < network->bins; b++)
      for (int c = 0; c < network->channels; c++) {
        const double order = (double)r / ROWS, phase = 3.14159265 * (b - middle) / bins_of_plane;
        const double all = 0.5 + 0.5 * cos(2 * phase), second = 0.5 + 0.5 * cos(phase);
        *rows++ = (float)(0.7 * (order * second + (1 - order) * all) + 0.3 * cloud_uniform(state));
      }
}

/* All units that may lower the probability are active, all that may raise it are in the layer. */
static void make_tight(csro_context *context, uint64_t *state, csro_network *network) {
  enum { HIDDEN = 2 * CSRO_BOUND_UNITS };
  CHECK_OK(context, csro_network_parse(context, "conv 16 10, pool 2, dense 64", 93, 1, 2, network));
  for (int l = 0; l < network->layer_count; l++) {
    csro_layer *layer = &network->layers[l];
    for (int64_t w = 0; w < layer->weight_count; w++)
      layer->weights[w] = (float)cloud_between(state, -0.1, 0.1);
    for (int u = 0; layer->kind == CSRO_LAYER_DENSE && layer->units == HIDDEN && u < HIDDEN; u++)
      layer->bias[u] = u < CSRO_BOUND_UNITS - 1 ? 0 : 20;
  }
  csro_layer *last = &network->layers[network->layer_count - 1];
  for (int h = 0; h < HIDDEN; h++) {
    const double value = cloud_between(state, 0.05, 0.1);
    last->weights[2 * h] = (float)(h < CSRO_BOUND_UNITS - 1 ? -value : value);
    last->weights[2 * h + 1] = -last->weights[2 * h];
  }
  last->bias[1] = 85; /* the difference is about -10 */
}

static void test_tight(csro_context *context, float *rows) {
  uint64_t state = 11;
  double tightest = 0;
  int bounded = 0;
  for (int trial = 0; trial < 20; trial++) {
    csro_network network;
    make_tight(context, &state, &network);
    make_rows(&network, &state, rows);
    const found is = compare(context, &network, 1, rows);
    tightest = fmax(tightest, is.tightest);
    bounded += is.bounded;
    csro_network_release(&network);
  }
  CHECK(bounded > 10 * ROWS);
  CHECK(tightest > 0.8);
}

static void test_shipped(csro_context *context, float *rows) {
  uint64_t state = 5;
  for (int m = 0; m < CSRO_MODELS_SHIPPED; m++) {
    csro_model *model;
    CHECK_OK(context, csro_model_shipped(context, m, &model));
    int bounded = 0;
    for (int k = 0; k < model->member_count; k++)
      for (int ordered = 1; ordered < model->class_count; ordered++) {
        make_rows(&model->members[k], &state, rows);
        bounded += compare(context, &model->members[k], ordered, rows).bounded;
      }
    CHECK(m > 0 || bounded > ROWS);
    csro_model_destroy(&model);
  }
}

static void test_others(csro_context *context) {
  const char *texts[] = {"",
                         "dense 256",
                         "conv 16 10 linear, dense 256",
                         "conv 16 10, dense 63",
                         "conv 16 10, dense 256 linear",
                         "conv 16 10, dense 256, dense 64"};
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
    csro_network network;
    csro_upper_bound *bound;
    CHECK_OK(context, csro_network_parse(context, texts[t], 93, 1, 2, &network));
    CHECK_OK(context, csro_upper_bounds_create(context, 1, &network, 1, &bound));
    CHECK(!bound);
    csro_network_release(&network);
  }
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  float *rows = malloc((size_t)ROWS * 1024 * sizeof *rows);
  test_shipped(&context, rows);
  test_tight(&context, rows);
  test_others(&context);
  free(rows);
  return check_end();
}
