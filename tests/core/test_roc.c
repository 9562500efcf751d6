/* Confusion, ROC and calibration against direct counts, with ties and undefined scores. */
#include "csro/evaluation.h"
#include "csro/random.h"

#include "check.h"

static csro_context context;

enum { COUNT = 400, CLASSES = 3 };

static float draw(csro_random *random, int levels) {
  return (float)csro_random_below(random, (uint64_t)levels + 1) / (float)levels;
}

static void test_confusion(void) {
  uint8_t label[COUNT];
  float probability[COUNT * CLASSES];
  int64_t matrix[CLASSES * (CLASSES + 1)], expected[CLASSES][CLASSES + 1] = {0};
  csro_random random;
  csro_random_init(&random, 1, 0);
  for (int i = 0; i < COUNT; i++) {
    float *p = probability + i * CLASSES;
    label[i] = (uint8_t)csro_random_below(&random, CLASSES);
    for (int c = 0; c < CLASSES; c++)
      p[c] = i % 7 == 0 ? NAN : draw(&random, 3);
    int best = i % 7 == 0 ? CLASSES : p[0] >= p[1] && p[0] >= p[2] ? 0 : p[1] >= p[2] ? 1 : 2;
    expected[label[i]][best]++;
  }
  CHECK_OK(&context, csro_confusion(&context, COUNT, CLASSES, label, probability, matrix));
  CHECK(memcmp(matrix, expected, sizeof matrix) == 0);
  label[3] = CLASSES;
  CHECK_FAILS(&context, csro_confusion(&context, COUNT, CLASSES, label, probability, matrix),
              CSRO_ERROR_ARGUMENT, "example 3 belongs to class 3");
}

/* Every threshold is counted from scratch; the area is that of all pairs. */
static void test_roc(int levels) {
  float score[COUNT];
  uint8_t positive[COUNT];
  csro_random random;
  csro_random_init(&random, 2, 0);
  int64_t positives = 0, negatives = 0;
  for (int i = 0; i < COUNT; i++) {
    positive[i] = (uint8_t)(csro_random_below(&random, 3) == 0 ? 5 : 0);
    score[i] = i % 9 == 0 ? NAN : (draw(&random, levels) + (float)(positive[i] > 0)) / 2;
    positives += i % 9 != 0 && positive[i];
    negatives += i % 9 != 0 && !positive[i];
  }
  csro_roc roc;
  CHECK_OK(&context, csro_roc_init(&context, COUNT, score, positive, &roc));
  CHECK(isinf(roc.threshold[0]) && roc.true_positive[0] == 0 && roc.false_positive[0] == 0);
  for (int64_t k = 0; k < roc.count; k++) {
    int64_t hits = 0, alarms = 0;
    for (int i = 0; i < COUNT; i++) {
      hits += positive[i] && (double)score[i] >= roc.threshold[k];
      alarms += !positive[i] && (double)score[i] >= roc.threshold[k];
    }
    CHECK_NEAR(roc.true_positive[k], (double)hits / (double)positives, 0);
    CHECK_NEAR(roc.false_positive[k], (double)alarms / (double)negatives, 0);
    CHECK(k == 0 || roc.threshold[k] < roc.threshold[k - 1]);
  }
  CHECK(roc.true_positive[roc.count - 1] == 1 && roc.false_positive[roc.count - 1] == 1);
  double wins = 0;
  for (int i = 0; i < COUNT; i++)
    for (int j = 0; j < COUNT; j++)
      if (positive[i] && !positive[j])
        wins += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
  CHECK_NEAR(roc.area, wins / ((double)positives * (double)negatives), 1e-15);
  const double rates[] = {0, 0.01, 0.3, 1};
  for (int r = 0; r < 4; r++) {
    double best = 0;
    for (int64_t k = 0; k < roc.count; k++)
      if (roc.false_positive[k] <= rates[r])
        best = fmax(best, roc.true_positive[k]);
    CHECK_NEAR(csro_roc_true_positive(&roc, rates[r]), best, 0);
  }
  csro_roc_release(&roc);
}

/* Between its own thresholds a curve keeps the rate of the one above. */
static void test_resample(void) {
  const float score[] = {0.75f, 0.5f, 0.25f, 0.5f};
  const uint8_t positive[] = {1, 1, 1, 0};
  const double threshold[] = {INFINITY, 0.875, 0.75, 0.625, 0.5, 0.25, 0.125};
  const double expected[] = {0, 0, 1 / 3.0, 1 / 3.0, 2 / 3.0, 1, 1};
  double rate[7];
  csro_roc roc;
  CHECK_OK(&context, csro_roc_init(&context, 4, score, positive, &roc));
  csro_roc_resample(&roc, 7, threshold, rate);
  for (int k = 0; k < 7; k++)
    CHECK_NEAR(rate[k], expected[k], 0);
  csro_roc_release(&roc);
}

static void test_roc_without(void) {
  const float score[2] = {0.2f, 0.7f};
  const uint8_t positive[2] = {1, 1};
  csro_roc roc;
  CHECK_OK(&context, csro_roc_init(&context, 2, score, positive, &roc));
  CHECK(isnan(roc.area) && isnan(roc.false_positive[1]) && roc.true_positive[2] == 1);
  CHECK(isnan(csro_roc_true_positive(&roc, 0.5)));
  csro_roc_release(&roc);
  CHECK_OK(&context, csro_roc_init(&context, 0, NULL, NULL, &roc));
  CHECK_EQ(roc.count, 1);
  csro_roc_release(&roc);
}

static void test_calibration(void) {
  enum { BINS = 4 };
  const float score[] = {0, 0.2f, 0.25f, 0.9f, 1, NAN};
  const uint8_t positive[] = {0, 1, 0, 1, 1, 1};
  int64_t count[BINS];
  double mean[BINS], share[BINS];
  CHECK_OK(&context, csro_calibration(&context, 6, score, positive, BINS, count, mean, share));
  CHECK(count[0] == 2 && count[1] == 1 && count[2] == 0 && count[3] == 2);
  CHECK_NEAR(mean[0], 0.1, 1e-7);
  CHECK_NEAR(share[0], 0.5, 0);
  CHECK(isnan(mean[2]) && isnan(share[2]));
  CHECK_NEAR(mean[3], 0.95, 1e-7);
  CHECK_NEAR(share[3], 1, 0);
  const float high[] = {1.5f};
  CHECK_FAILS(&context, csro_calibration(&context, 1, high, positive, BINS, count, mean, share),
              CSRO_ERROR_ARGUMENT, "score 0 is 1.5");
  CHECK_FAILS(&context, csro_calibration(&context, 1, score, positive, 0, count, mean, share),
              CSRO_ERROR_ARGUMENT, "0 bins");
}

int main(void) {
  csro_context_init(&context);
  test_confusion();
  test_roc(4);
  test_roc(1000000);
  test_resample();
  test_roc_without();
  test_calibration();
  return check_end();
}
