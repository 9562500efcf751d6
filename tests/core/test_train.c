/* Training: gradients against finite differences, a separable toy, threads, refused input. */
#include "csro/train.h"
#include "csro/version.h"

#include "check.h"
#include "training/trainer.h"

#include <cblas.h>

static csro_context context;

static csro_layer conv(int units, int size, bool same, csro_activation activation) {
  return (csro_layer){.kind = CSRO_LAYER_CONV1D,
                      .units = units,
                      .size = size,
                      .same = same,
                      .activation = activation};
}

static csro_layer dense(int units, csro_activation activation) {
  return (csro_layer){.kind = CSRO_LAYER_DENSE, .units = units, .activation = activation};
}

static csro_layer pool(int size, bool same) {
  return (csro_layer){.kind = CSRO_LAYER_MAXPOOL, .size = size, .same = same};
}

static const csro_layer flatten = {.kind = CSRO_LAYER_FLATTEN};
static const csro_layer dropout = {.kind = CSRO_LAYER_DROPOUT, .rate = 0.25f};

static double mean_loss(csro_trainer *trainer, int rows, const float *in, const uint8_t *label,
                        bool drop) {
  csro_random random;
  csro_random_init(&random, 4, 4); /* the same masks each time */
  return csro_trainer_gradients(trainer, rows, in, label, drop ? &random : NULL) / rows;
}

/* Central differences in every weight of one array. Where the two one-sided differences disagree, a
 * ReLU or a pooling choice switches within the step and there is no derivative to compare with;
 * returns the number of those. */
static int64_t check_gradient(csro_trainer *trainer, int rows, const float *in,
                              const uint8_t *label, bool drop, float *weights, int64_t count,
                              const float *gradient) {
  const float step = 5e-4f;
  int64_t kinks = 0;
  for (int64_t k = 0; k < count; k++) {
    float kept = weights[k];
    weights[k] = kept + step;
    double above = mean_loss(trainer, rows, in, label, drop);
    weights[k] = kept - step;
    double below = mean_loss(trainer, rows, in, label, drop);
    weights[k] = kept;
    double here = mean_loss(trainer, rows, in, label, drop);
    if (fabs(above - 2 * here + below) > 3e-3 * step)
      kinks++;
    else
      CHECK_NEAR(gradient[k], (above - below) / (2 * step), 2e-3);
  }
  return kinks;
}

static void check_gradients(int bins, int channels, int count, const csro_layer *layers,
                            bool drop) {
  enum { ROWS = 6, MOST_VALUES = 32 };
  csro_network network;
  csro_trainer trainer;
  CHECK_OK(&context, csro_network_init(&context, bins, channels, count, layers, &network));
  CHECK_OK(&context, csro_trainer_init(&context, &network, ROWS, 1e-3, &trainer));
  const float class_weight[3] = {0.5f, 1, 2};
  trainer.class_weight = drop ? class_weight : NULL;
  csro_random random;
  csro_random_init(&random, 2, 0);
  csro_network_initialise(&network, &random);
  float in[ROWS * MOST_VALUES];
  uint8_t label[ROWS];
  for (int k = 0; k < ROWS * bins * channels; k++)
    in[k] = (float)csro_random_normal(&random);
  for (int r = 0; r < ROWS; r++)
    label[r] = (uint8_t)(r % 3);
  int64_t kinks = 0, weights = 0;
  for (int l = 0; l < count; l++) {
    csro_layer *layer = &network.layers[l];
    kinks += check_gradient(&trainer, ROWS, in, label, drop, layer->weights, layer->weight_count,
                            trainer.states[l].weights_gradient);
    kinks += check_gradient(&trainer, ROWS, in, label, drop, layer->bias, layer->bias_count,
                            trainer.states[l].bias_gradient);
    weights += layer->weight_count + layer->bias_count;
  }
  CHECK(kinks < weights / 20);
  csro_trainer_release(&trainer);
  csro_network_release(&network);
}

/* Every kind of layer with every padding and activation, dropout in all places. */
static void test_gradients(bool drop, csro_activation activation) {
  const csro_layer deep[] = {
      conv(3, 4, true, activation),  dropout,        pool(2, true),
      conv(4, 3, false, activation), pool(2, false), flatten,
      dense(5, activation),          dropout,        dense(3, CSRO_ACTIVATION_SOFTMAX)};
  check_gradients(13, 2, 9, deep, drop);
  const csro_layer convolutions[] = {dropout,
                                     conv(4, 3, false, activation),
                                     conv(3, 4, true, activation),
                                     pool(3, true),
                                     dropout,
                                     flatten,
                                     dense(6, activation),
                                     dense(3, CSRO_ACTIVATION_SOFTMAX)};
  check_gradients(11, 1, 8, convolutions, drop);
  const csro_layer pooled[] = {pool(3, false),
                               flatten,
                               dropout,
                               dense(6, activation),
                               dense(4, activation),
                               dense(3, CSRO_ACTIVATION_SOFTMAX)};
  check_gradients(8, 4, 6, pooled, drop);
  const csro_layer vector[] = {flatten, dense(7, activation), dropout, dense(5, activation),
                               dense(3, CSRO_ACTIVATION_SOFTMAX)};
  check_gradients(1, 6, 5, vector, drop);
}

/* Forward in training without dropout is the network's inference. */
static void test_forward(void) {
  enum { ROWS = 7, BINS = 93 };
  csro_network network;
  csro_trainer trainer;
  CHECK_OK(&context, csro_network_published(&context, BINS, 1, 2, &network));
  CHECK_OK(&context, csro_trainer_init(&context, &network, ROWS, 1e-3, &trainer));
  csro_random random;
  csro_random_init(&random, 3, 0);
  csro_network_initialise(&network, &random);
  float in[ROWS * BINS], out[ROWS * 2];
  uint8_t label[ROWS] = {0};
  for (int k = 0; k < ROWS * BINS; k++)
    in[k] = (float)csro_random_uniform(&random);
  csro_trainer_gradients(&trainer, ROWS, in, label, NULL);
  CHECK_OK(&context, csro_network_apply(&context, &network, ROWS, in, out));
  for (int k = 0; k < ROWS * 2; k++)
    CHECK_NEAR(trainer.states[network.layer_count - 1].out[k], out[k], 1e-5);
  csro_trainer_release(&trainer);
  csro_network_release(&network);
}

enum { TOY_BINS = 20, TOY_COUNT = 300 };
static const csro_bins toy_bins = {1.5, TOY_BINS, 0, TOY_BINS};

/* Class 0 has its peak around bin 5, class 1 around bin 14; the last curve is flat. Counts, and the
 * examples that min-max preprocessing makes of them. */
typedef struct toy_bank {
  uint32_t counts[TOY_COUNT * TOY_BINS];
  uint8_t label[TOY_COUNT];
  float inputs[TOY_COUNT * TOY_BINS];
  csro_examples examples;
} toy_bank;

static void make_toy(toy_bank *toy) {
  csro_random random;
  csro_random_init(&random, 9, 0);
  for (int i = 0; i < TOY_COUNT; i++) {
    toy->label[i] = i % 3 == 0;
    for (int b = 0; b < TOY_BINS; b++) {
      double d = b - (toy->label[i] ? 14 : 5);
      double height = i == TOY_COUNT - 1 ? 0 : 40 * exp(-d * d / 4);
      double noise = i == TOY_COUNT - 1 ? 0 : 20 * csro_random_uniform(&random);
      toy->counts[i * TOY_BINS + b] = (uint32_t)(10 + height + noise);
    }
  }
  CHECK_OK(&context, csro_curves_preprocess(&context, CSRO_PREPROCESS_MINMAX, TOY_COUNT, TOY_BINS,
                                            CSRO_U32, toy->counts, toy->inputs));
  toy->examples = (csro_examples){.count = TOY_COUNT,
                                  .positions = TOY_BINS,
                                  .channels = 1,
                                  .classes = 2,
                                  .inputs = toy->inputs,
                                  .label = toy->label};
}

static csro_network toy_network(void) {
  csro_layer layers[] = {conv(4, 3, false, CSRO_ACTIVATION_RELU), dropout, pool(2, false), flatten,
                         dense(2, CSRO_ACTIVATION_SOFTMAX)};
  csro_network network;
  CHECK_OK(&context, csro_network_init(&context, TOY_BINS, 1, 5, layers, &network));
  return network;
}

static csro_train_options toy_options(void) {
  csro_train_options o;
  csro_train_defaults(&o);
  o.folds = 3;
  o.epochs = 12;
  o.learning_rate = 5e-3;
  return o;
}

static void free_members(csro_model *model) {
  for (int m = 0; m < model->member_count; m++)
    csro_network_release(&model->members[m]);
  free(model->members);
  model->members = NULL;
}

static bool same_weights(const csro_model *a, const csro_model *b) {
  for (int m = 0; m < a->member_count; m++)
    for (int l = 0; l < a->members[m].layer_count; l++) {
      const csro_layer *p = &a->members[m].layers[l], *q = &b->members[m].layers[l];
      if (p->weight_count > 0 &&
          (memcmp(p->weights, q->weights, (size_t)p->weight_count * sizeof(float)) != 0 ||
           memcmp(p->bias, q->bias, (size_t)p->bias_count * sizeof(float)) != 0))
        return false;
    }
  return true;
}

static void test_toy(void) {
  static toy_bank toy;
  make_toy(&toy);
  csro_network network = toy_network();
  csro_train_options options = toy_options();
  csro_model model[3] = {{.class_count = 2, .channel_count = 1, .bins = toy_bins}};
  model[1] = model[2] = model[0];
  for (int k = 0; k < 3; k++) {
    context.threads = k == 0 ? 1 : 2;
    options.seed = k == 2 ? 8 : 7;
    CHECK_OK(&context, csro_train(&context, &toy.examples, &network, &options, &model[k], NULL));
    CHECK_EQ(model[k].member_count, 3);
    CHECK(model[k].test_accuracy >= 0.95);
  }
  CHECK(same_weights(&model[0], &model[1]));
  CHECK(!same_weights(&model[0], &model[2]));
  double accuracy;
  CHECK_OK(&context,
           csro_model_accuracy(&context, &model[0], TOY_COUNT, toy.inputs, toy.label, &accuracy));
  CHECK(accuracy > 0.99 && accuracy < 1); /* the flat curve counts as wrong */
  CHECK_FAILS(&context,
              csro_model_accuracy(&context, &model[0], 0, toy.inputs, toy.label, &accuracy),
              CSRO_ERROR_ARGUMENT, "0 and 3");
  for (int k = 0; k < 3; k++)
    free_members(&model[k]);
  csro_network_release(&network);
}

/* Several channels, and feature vectors: class 1 has the larger second value. */
static void test_shapes(int positions, int channels) {
  enum { COUNT = 200, MOST_VALUES = 24 };
  static float inputs[COUNT * MOST_VALUES];
  static uint8_t label[COUNT];
  int values = positions * channels;
  csro_random random;
  csro_random_init(&random, 5, 0);
  for (int i = 0; i < COUNT; i++) {
    for (int k = 0; k < values; k++)
      inputs[i * values + k] = (float)csro_random_uniform(&random);
    label[i] = inputs[i * values + 1] > 0.5f;
  }
  inputs[7 * values + values - 1] = NAN;
  csro_layer layers[] = {flatten, dense(16, CSRO_ACTIVATION_RELU),
                         dense(2, CSRO_ACTIVATION_SOFTMAX)};
  csro_network network;
  CHECK_OK(&context, csro_network_init(&context, positions, channels, 3, layers, &network));
  csro_examples examples = {.count = COUNT,
                            .positions = positions,
                            .channels = channels,
                            .classes = 2,
                            .inputs = inputs,
                            .label = label};
  csro_train_options options = toy_options();
  options.shift_lo = options.shift_hi = 0;
  options.epochs = 40;
  csro_model model = {.class_count = 2, .channel_count = channels, .bins = {.kept = positions}};
  CHECK_OK(&context, csro_train(&context, &examples, &network, &options, &model, NULL));
  CHECK(model.test_accuracy >= 0.85);
  float probability[COUNT * 2];
  CHECK_OK(&context, csro_model_predict(&context, &model, COUNT, inputs, probability));
  int right = 0;
  for (int i = 0; i < COUNT; i++) {
    CHECK(isnan(probability[2 * i]) == (i == 7));
    right += (probability[2 * i + 1] > 0.5f) == label[i];
  }
  CHECK(right > 180);
  free_members(&model);
  csro_network_release(&network);
}

typedef struct listener {
  int calls;
  csro_train_epoch last[3];
} listener;

static void listen(void *user, int fold, int epoch, const csro_train_epoch *values) {
  listener *to = user;
  CHECK(fold >= 0 && fold < 3 && epoch >= 0);
  to->calls++;
  to->last[fold] = *values;
}

/* History, callback and held-out examples; a training that stops early; other schedules. */
static void test_report(void) {
  static toy_bank toy;
  make_toy(&toy);
  csro_network network = toy_network();
  csro_train_options options = toy_options();
  csro_model model = {.class_count = 2, .channel_count = 1, .bins = toy_bins}, again = model;
  listener heard = {0};
  csro_train_report report;
  options.epoch_done = listen, options.user = &heard;
  CHECK_OK(&context, csro_train(&context, &toy.examples, &network, &options, &model, &report));
  CHECK_EQ(heard.calls, 3 * options.epochs);
  CHECK_EQ(report.test_count, 30);
  for (int f = 0; f < 3; f++) {
    const csro_train_epoch *first = &report.history[f * options.epochs];
    const csro_train_epoch *last = &report.history[(f + 1) * options.epochs - 1];
    CHECK(last->loss < first->loss && last->validation_loss < first->validation_loss);
    CHECK(last->accuracy > 0.8 && last->validation_accuracy > 0.9);
    CHECK(memcmp(last, &heard.last[f], sizeof *last) == 0);
  }
  int64_t right = 0;
  for (int64_t i = 0; i < report.test_count; i++)
    right += (report.test_probability[2 * i + 1] > report.test_probability[2 * i]) ==
             report.test_label[i];
  CHECK_NEAR(model.test_accuracy, (double)right / (double)report.test_count, 1e-12);
  csro_train_report_release(&report);

  options.epochs = 400, options.patience = 3, heard.calls = 0;
  CHECK_OK(&context, csro_train(&context, &toy.examples, &network, &options, &again, &report));
  CHECK(heard.calls < 3 * options.epochs);
  for (int f = 0; f < 3; f++) {
    const csro_train_epoch *of = &report.history[f * options.epochs];
    int run = 0, best = 0;
    for (; run < options.epochs && !isnan(of[run].loss); run++)
      best = of[run].validation_loss < of[best].validation_loss ? run : best;
    CHECK(run == options.epochs || run == best + 1 + options.patience);
  }
  csro_train_report_release(&report);
  free_members(&again);

  options = toy_options();
  options.cosine = options.balanced = true;
  CHECK_OK(&context, csro_train(&context, &toy.examples, &network, &options, &again, NULL));
  CHECK(again.test_accuracy >= 0.95);
  CHECK(!same_weights(&model, &again));
  free_members(&model);
  free_members(&again);
  csro_network_release(&network);
}

/* Fold 1 stopped before epoch 1, and no fold has a value of epoch 2. */
static void test_fold_means(void) {
  csro_train_epoch none = {NAN, NAN, NAN, NAN};
  csro_train_epoch history[] = {{1, 0.5, 4, 0.25},
                                {2, 0.5, 6, 0.5},
                                none, /* fold 0 */
                                {3, 1, 8, 0.75},
                                none,
                                none};
  const csro_train_report report = {.folds = 2, .epochs = 3, .history = history};
  csro_train_epoch mean = csro_train_report_mean(&report, 0);
  CHECK(mean.loss == 2 && mean.accuracy == 0.75);
  CHECK(mean.validation_loss == 6 && mean.validation_accuracy == 0.5);
  mean = csro_train_report_mean(&report, 1);
  CHECK(memcmp(&mean, &history[1], sizeof mean) == 0);
  mean = csro_train_report_mean(&report, 2);
  CHECK(isnan(mean.loss) && isnan(mean.accuracy));
  CHECK(isnan(mean.validation_loss) && isnan(mean.validation_accuracy));
}

static void test_ordered(void) {
  uint8_t label[] = {0, 2, 1, 0}, ordered[4];
  float probability[] = {0.75f, 0.125f, 0.125f, 0.25f,      0.25f, 0.5f,
                         NAN,   NAN,    NAN,    1.0000001f, 0,     0};
  const csro_train_report report = {
      .classes = 3, .test_count = 4, .test_label = label, .test_probability = probability};
  float score[4];
  csro_train_report_ordered(&report, score, ordered);
  CHECK(score[0] == 0.25f && score[1] == 0.75f && isnan(score[2]) && score[3] == 0);
  CHECK(ordered[0] == 0 && ordered[1] == 1 && ordered[2] == 1 && ordered[3] == 0);
}

static void test_describe(void) {
  const uint8_t label[] = {0, 1, 1, 1};
  const csro_examples examples = {.count = 4, .classes = 2, .label = label};
  char classes[2][32] = {"FCC", "L1_2"};
  static csro_model model;
  model = (csro_model){.class_count = 2, .classes = classes};
  csro_train_options options;
  csro_train_defaults(&options);
  const uint64_t seed = 7;
  csro_train_describe(&examples, &options, &seed, "train again", &model);
  static const char expected[] =
      "Trained on 4 patterns (seed 7): 1 of FCC, 3 of L1_2. 0.1 of them held out for the test, 5 "
      "folds, 30 epochs, batch 32, Adam 0.001; each training pattern once more, shifted by -2 to 1 "
      "bins; weights of the lowest validation loss. APT-CSRO " CSRO_VERSION
      ". Command: train again";
  CHECK(strcmp(model.provenance, expected) == 0);
  options.shift_lo = options.shift_hi = 0;
  options.patience = 3;
  options.balanced = options.cosine = true;
  char command[3000];
  memset(command, 'x', sizeof command - 1);
  command[sizeof command - 1] = 0;
  csro_train_describe(&examples, &options, NULL, command, &model);
  CHECK(strstr(model.provenance, "patterns: 1 of FCC, 3") != NULL);
  CHECK(strstr(model.provenance,
               "Adam 0.001 falling along a cosine; a fold stops after 3 epochs without a lower "
               "validation loss; classes of equal weight; weights of") != NULL);
  CHECK_EQ(strlen(model.provenance), sizeof model.provenance - 1);
}

/* Two classes that overlap, one rare: balanced weights find more of it. */
static void test_balance(void) {
  enum { COUNT = 2000 };
  static float inputs[COUNT];
  static uint8_t label[COUNT];
  csro_random random;
  csro_random_init(&random, 6, 0);
  for (int i = 0; i < COUNT; i++) {
    label[i] = i % 10 == 0;
    inputs[i] = (float)(csro_random_normal(&random) + label[i]);
  }
  csro_layer layers[] = {flatten, dense(2, CSRO_ACTIVATION_SOFTMAX)};
  csro_network network;
  CHECK_OK(&context, csro_network_init(&context, 1, 1, 2, layers, &network));
  csro_examples examples = {COUNT, 1, 1, 2, inputs, label};
  csro_train_options options = toy_options();
  options.shift_lo = options.shift_hi = 0;
  int found[2] = {0};
  for (int k = 0; k < 2; k++) {
    options.balanced = k == 1;
    csro_model model = {.class_count = 2, .channel_count = 1, .bins = {.kept = 1}};
    CHECK_OK(&context, csro_train(&context, &examples, &network, &options, &model, NULL));
    static float probability[2 * COUNT];
    CHECK_OK(&context, csro_model_predict(&context, &model, COUNT, inputs, probability));
    for (int i = 0; i < COUNT; i += 10)
      found[k] += probability[2 * i + 1] > 0.5f;
    free_members(&model);
  }
  CHECK(found[0] < COUNT / 10 / 4);
  CHECK(found[1] > COUNT / 10 / 2);
  csro_network_release(&network);
}

static int cancel(void *user, double fraction) {
  (void)user;
  (void)fraction;
  return 1;
}

static void check_refused(const csro_examples *examples, const csro_network *network,
                          csro_train_options options, csro_model model, csro_status status,
                          const char *text) {
  CHECK_FAILS(&context, csro_train(&context, examples, network, &options, &model, NULL), status,
              text);
  CHECK(model.members == NULL && model.member_count == 0);
}

static void test_refused(void) {
  static toy_bank toy;
  make_toy(&toy);
  csro_network network = toy_network();
  csro_model model = {.class_count = 2, .channel_count = 1, .bins = toy_bins}, other = model;
  const csro_train_options good = toy_options();
  const csro_examples *x = &toy.examples;
  csro_examples y = *x;
  csro_train_options o;
  const csro_status bad = CSRO_ERROR_ARGUMENT;
  o = good, o.folds = 1, check_refused(x, &network, o, model, bad, "1 folds");
  o = good, o.epochs = 0, check_refused(x, &network, o, model, bad, "0 epochs");
  o = good, o.batch = 0, check_refused(x, &network, o, model, bad, "0 curves per batch");
  o = good, o.test_fraction = 1, check_refused(x, &network, o, model, bad, "test fraction");
  o = good, o.learning_rate = NAN, check_refused(x, &network, o, model, bad, "rate");
  o = good, o.patience = -1, check_refused(x, &network, o, model, bad, "patience is -1");
  o = good, o.shift_hi = TOY_BINS, check_refused(x, &network, o, model, bad, "shifts");
  o = good, o.folds = 100, o.test_fraction = 0.9;
  check_refused(x, &network, o, model, CSRO_ERROR_DATA, "too few for 100 folds");
  other.class_count = 3;
  check_refused(x, &network, good, other, bad, "the model names 3");
  other = model, other.bins.kept = 5;
  check_refused(x, &network, good, other, bad, "5 bins");
  y.channels = 2, check_refused(&y, &network, good, model, bad, "20 and 2");
  y = *x, y.classes = 3, check_refused(&y, &network, good, model, bad, "the examples have 3");
  toy.label[4] = 2;
  check_refused(x, &network, good, model, bad, "example 4 belongs to class 2 of 2");
  toy.label[4] = 0;
  context.progress = cancel;
  check_refused(x, &network, good, model, CSRO_CANCELLED, "cancelled");
  context.progress = NULL;
  csro_network_release(&network);
}

int main(void) {
  openblas_set_num_threads(2);
  csro_context_init(&context);
  test_gradients(false, CSRO_ACTIVATION_LINEAR);
  test_gradients(false, CSRO_ACTIVATION_RELU);
  test_gradients(true, CSRO_ACTIVATION_RELU);
  test_forward();
  test_toy();
  test_shapes(8, 3);
  test_shapes(1, 6);
  test_report();
  test_fold_means();
  test_ordered();
  test_describe();
  test_balance();
  test_refused();
  CHECK_EQ(openblas_get_num_threads(), 2); /* the threads of others are theirs again */
  return check_end();
}
