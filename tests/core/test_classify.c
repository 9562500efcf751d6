/* Classification against the plain chain (preprocess, apply, average), for any number of threads
 * and any split of the voxels. */
#include "check.h"
#include "csro/classify.h"

#include <cblas.h>

enum { BINS = 93, N = 2100, CLASSES = 3, ORDERED = CLASSES - 1, MEMBERS = 3 };

static uint32_t next(uint32_t *state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}

static csro_model make_model(csro_context *context, int channels) {
  csro_model model = {.class_count = CLASSES,
                      .channel_count = channels,
                      .bins = {1.5, 200, 54, BINS},
                      .member_count = MEMBERS};
  model.members = calloc(MEMBERS, sizeof *model.members);
  uint32_t state = 3;
  for (int m = 0; m < MEMBERS; m++) {
    CHECK_OK(context, csro_network_published(context, BINS, channels, CLASSES, &model.members[m]));
    for (int l = 0; l < model.members[m].layer_count; l++) {
      csro_layer *layer = &model.members[m].layers[l];
      for (int64_t i = 0; i < layer->weight_count; i++)
        layer->weights[i] = ((float)next(&state) / (1 << 23) - 1) * 0.2f;
    }
  }
  return model;
}

static void free_model(csro_model *model) {
  for (int m = 0; m < MEMBERS; m++)
    csro_network_release(&model->members[m]);
  free(model->members);
}

typedef struct result {
  double *mean[ORDERED], *deviation[ORDERED];
  float *members;
} result;

static result make_result(void) {
  result r = {.members = malloc(N * MEMBERS * CLASSES * sizeof(float))};
  for (int k = 0; k < ORDERED; k++) {
    r.mean[k] = malloc(N * sizeof(double));
    r.deviation[k] = malloc(N * sizeof(double));
  }
  return r;
}

static void free_result(result *r) {
  for (int k = 0; k < ORDERED; k++) {
    free(r->mean[k]);
    free(r->deviation[k]);
  }
  free(r->members);
}

static bool same_bits(const result *a, const result *b) {
  bool same = memcmp(a->members, b->members, N * MEMBERS * CLASSES * sizeof(float)) == 0;
  for (int k = 0; k < ORDERED; k++)
    same = same && memcmp(a->mean[k], b->mean[k], N * sizeof(double)) == 0 &&
           memcmp(a->deviation[k], b->deviation[k], N * sizeof(double)) == 0;
  return same;
}

/* Every row on its own. */
static void check_values(csro_context *context, const csro_model *model,
                         const csro_count_type *types, const void *const *counts,
                         const result *found) {
  int channels = model->channel_count, undefined = 0;
  float curve[BINS], input[BINS * 2], out[CLASSES];
  for (int64_t v = 0; v < N; v++) {
    bool defined = true;
    for (int c = 0; c < channels; c++) {
      const char *from = (const char *)counts[c] + v * BINS * (int64_t)types[c];
      CHECK_OK(context, csro_curves_preprocess(context, CSRO_PREPROCESS_MINMAX, 1, BINS, types[c],
                                               from, curve));
      defined = defined && !isnan(curve[0]);
      for (int b = 0; b < BINS; b++)
        input[b * channels + c] = curve[b];
    }
    undefined += !defined;
    double sum[CLASSES] = {0}, squares[CLASSES] = {0};
    for (int m = 0; m < MEMBERS; m++) {
      if (defined)
        CHECK_OK(context, csro_network_apply(context, &model->members[m], 1, input, out));
      for (int k = 0; k < CLASSES; k++) {
        float member = found->members[(v * MEMBERS + m) * CLASSES + k];
        if (!defined)
          CHECK(isnan(member));
        else
          CHECK_EQ(member == out[k], true); /* whatever rows are around it */
        sum[k] += (double)member;
        squares[k] += (double)member * (double)member;
      }
    }
    for (int k = 1; k < CLASSES; k++) {
      double mean = found->mean[k - 1][v], deviation = found->deviation[k - 1][v];
      if (!defined) {
        CHECK(isnan(mean) && isnan(deviation));
        continue;
      }
      CHECK_NEAR(mean, sum[k] / MEMBERS, 1e-12);
      CHECK_NEAR(deviation * deviation, squares[k] / MEMBERS - mean * mean, 1e-9);
    }
  }
  CHECK(undefined > 100 && undefined < N / 2);
}

static int cancel(void *user, double fraction) {
  (void)user;
  return fraction >= 0;
}

static void test_channels(int channels) {
  csro_context context;
  csro_context_init(&context);
  csro_model model = make_model(&context, channels);
  uint32_t state = 9;
  uint8_t *small = malloc(N * BINS);
  uint32_t *large = malloc(N * BINS * sizeof *large);
  for (int v = 0; v < N; v++)
    for (int b = 0; b < BINS; b++) {
      small[v * BINS + b] = v % 10 == 3 ? 5 : (uint8_t)(next(&state) % 9);
      large[v * BINS + b] = v % 14 == 6 ? 0 : next(&state) % 100000;
    }
  const csro_count_type types[] = {CSRO_U8, CSRO_U32};
  const void *counts[] = {small, large};
  result first = make_result(), again = make_result();
  context.threads = 1;
  CHECK_OK(&context, csro_classify(&context, &model, CSRO_PREPROCESS_MINMAX, 0, N, types, counts,
                                   first.mean, first.deviation, first.members, NULL));
  check_values(&context, &model, types, counts, &first);

  for (int repeat = 0; repeat < 9; repeat++) {
    context.threads = 1 + repeat % 3;
    CHECK_OK(&context, csro_classify(&context, &model, CSRO_PREPROCESS_MINMAX, 0, N, types, counts,
                                     again.mean, again.deviation, again.members, NULL));
    CHECK(same_bits(&first, &again));
  }

  for (int split = 1; split < N; split += 300) /* as two ranks would */
    for (int part = 0; part < 2; part++) {
      int64_t begin = part ? split : 0, n = part ? N - begin : split;
      const void *own[] = {small + begin * BINS, large + begin * BINS};
      CHECK_OK(&context, csro_classify(&context, &model, CSRO_PREPROCESS_MINMAX, 0, n, types, own,
                                       again.mean, NULL, again.members, NULL));
      for (int k = 0; k < ORDERED; k++)
        CHECK(memcmp(again.mean[k], first.mean[k] + begin, (size_t)n * sizeof(double)) == 0);
    }

  /* curves of few counts are undefined on request, all others stay as they are */
  CHECK_OK(&context, csro_classify(&context, &model, CSRO_PREPROCESS_MINMAX, 400, N, types, counts,
                                   again.mean, NULL, NULL, NULL));
  int sparse = 0;
  for (int v = 0; v < N; v++) {
    int sum = 0;
    for (int b = 0; b < BINS; b++)
      sum += small[v * BINS + b];
    sparse += sum < 400;
    CHECK(sum < 400 ? isnan(again.mean[0][v])
                    : memcmp(&again.mean[0][v], &first.mean[0][v], sizeof(double)) == 0);
  }
  CHECK(sparse > N / 10 && sparse < N);

  context.progress = cancel;
  CHECK_FAILS(&context,
              csro_classify(&context, &model, CSRO_PREPROCESS_MINMAX, 0, N, types, counts,
                            again.mean, NULL, NULL, NULL),
              CSRO_CANCELLED, "cancelled");
  context.progress = NULL;
  CHECK_FAILS(&context,
              csro_classify(&context, &model, CSRO_PREPROCESS_MINMAX, 0, -1, types, counts,
                            again.mean, NULL, NULL, NULL),
              CSRO_ERROR_ARGUMENT, "-1 voxels");
  CHECK_OK(&context, csro_classify(&context, &model, CSRO_PREPROCESS_FULL, 0, 0, types, counts,
                                   again.mean, NULL, NULL, NULL));
  CHECK_OK(&context, csro_classify(&context, &model, CSRO_PREPROCESS_FULL, 0, 100, types, counts,
                                   again.mean, NULL, NULL, NULL));
  model.bins.kept = 92;
  CHECK_FAILS(&context,
              csro_classify(&context, &model, CSRO_PREPROCESS_MINMAX, 0, N, types, counts,
                            again.mean, NULL, NULL, NULL),
              CSRO_ERROR_ARGUMENT, "does not fit");
  free_result(&first);
  free_result(&again);
  free(small);
  free(large);
  free_model(&model);
}

/* Weights that are absurd but finite: what overflows is undefined and marked, never a finite answer
 * from a ReLU or a pool that hides it. */
static void test_overflow(void) {
  csro_context context;
  csro_context_init(&context);
  csro_model model = make_model(&context, 1);
  uint8_t counts[4 * BINS], overflow[4];
  for (int b = 0; b < BINS; b++) {
    counts[b] = b == 40 || b == 41 ? 200 : 0; /* neighbours that overflow together */
    counts[BINS + b] = b % 2 ? 0 : 200;       /* no neighbours */
    counts[2 * BINS + b] = 7;                 /* flat: undefined without a network */
    counts[3 * BINS + b] = (uint8_t)(b * b % 50);
  }
  const csro_count_type type = CSRO_U8;
  const void *channel = counts;
  double mean[ORDERED][4], *means[ORDERED];
  for (int k = 0; k < ORDERED; k++)
    means[k] = mean[k];
  CHECK_OK(&context, csro_classify(&context, &model, CSRO_PREPROCESS_MINMAX, 0, 4, &type, &channel,
                                   means, NULL, NULL, overflow));
  for (int v = 0; v < 4; v++) {
    CHECK_EQ(overflow[v], 0);
    CHECK_EQ(isnan(mean[0][v]), v == 2);
  }
  for (int sign = -1; sign <= 1; sign += 2) {
    csro_layer *layer = &model.members[MEMBERS - 1].layers[0]; /* [position][filter] */
    memset(layer->weights, 0, (size_t)layer->weight_count * sizeof(float));
    layer->weights[0] = layer->weights[layer->units] = (float)sign * 3e38f;
    CHECK_OK(&context, csro_classify(&context, &model, CSRO_PREPROCESS_MINMAX, 0, 4, &type,
                                     &channel, means, NULL, NULL, overflow));
    CHECK_EQ(overflow[0], 1);
    CHECK(isnan(mean[0][0]));
    CHECK_EQ(overflow[2], 0);
    CHECK(isnan(mean[0][2]));
  }
  free_model(&model);
}

static void test_count(void) {
  const csro_block stored = {{0, 0, 0}, {2, 2, 2}}, owned = {{0, 0, 0}, {1, 2, 2}},
                   none = {{0, 0, 0}, {0, 2, 2}};
  const double mean[8] = {NAN, 1, 0.5, NAN, 0, 1, NAN, 1};
  const uint8_t overflow[8] = {1, 0, 0, 1, 0, 0, 0, 0};
  csro_classified found = csro_classified_count(&stored, &owned, mean, overflow);
  CHECK_EQ(found.defined, 2);
  CHECK_EQ(found.overflowed, 1);
  found = csro_classified_count(&stored, &none, NULL, NULL);
  CHECK_EQ(found.defined + found.overflowed, 0);
}

int main(void) {
  test_count();
  test_overflow();
  openblas_set_num_threads(2);
  test_channels(1);
  test_channels(2);
  CHECK_EQ(openblas_get_num_threads(), 2); /* the threads of others are theirs again */
  return check_end();
}
