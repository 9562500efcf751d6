#include "csro/evaluation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

csro_status csro_confusion(csro_context *context, int64_t n, int classes, const uint8_t *label,
                           const float *probability, int64_t *matrix) {
  memset(matrix, 0, (size_t)classes * (size_t)(classes + 1) * sizeof *matrix);
  for (int64_t i = 0; i < n; i++) {
    if (label[i] >= classes)
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "example %lld belongs to class %d of %d",
                       (long long)i, label[i], classes);
    const float *p = probability + i * classes;
    int found = isnan(p[0]) ? classes : 0;
    for (int c = 1; c < classes && found < classes; c++)
      found = p[c] > p[found] ? c : found;
    matrix[label[i] * (classes + 1) + found]++;
  }
  return CSRO_OK;
}

typedef struct scored {
  float score;
  bool positive;
} scored;

static int by_falling_score(const void *a, const void *b) {
  float p = ((const scored *)a)->score, q = ((const scored *)b)->score;
  return (p < q) - (p > q);
}

/* The defined examples in the order of falling scores. */
static int64_t sort_examples(int64_t n, const float *score, const uint8_t *positive, scored *out) {
  int64_t defined = 0;
  for (int64_t i = 0; i < n; i++)
    if (!isnan(score[i]))
      out[defined++] = (scored){score[i], positive[i] != 0};
  qsort(out, (size_t)defined, sizeof *out, by_falling_score);
  return defined;
}

/* The area is summed in whole numbers: it is exact. */
static void trace_curve(int64_t n, const scored *examples, csro_roc *roc) {
  int64_t hits = 0, alarms = 0;
  double twice_area = 0;
  roc->count = 0;
  roc->threshold[0] = INFINITY;
  roc->true_positive[0] = roc->false_positive[0] = 0;
  for (int64_t i = 0; i < n;) {
    int64_t hits_before = hits, alarms_before = alarms;
    float score = examples[i].score;
    for (; i < n && examples[i].score == score; i++) {
      hits += examples[i].positive;
      alarms += !examples[i].positive;
    }
    twice_area += (double)((alarms - alarms_before) * (hits + hits_before));
    roc->count++;
    roc->threshold[roc->count] = score;
    roc->true_positive[roc->count] = (double)hits;
    roc->false_positive[roc->count] = (double)alarms;
  }
  roc->count++;
  roc->area = twice_area / (2.0 * (double)hits * (double)alarms);
  for (int64_t k = 0; k < roc->count; k++) {
    roc->true_positive[k] /= (double)hits;
    roc->false_positive[k] /= (double)alarms;
  }
}

csro_status csro_roc_init(csro_context *context, int64_t n, const float *score,
                          const uint8_t *positive, csro_roc *roc) {
  *roc = (csro_roc){0};
  roc->threshold = csro_allocate(context, n + 1, sizeof(double));
  roc->false_positive = csro_allocate(context, n + 1, sizeof(double));
  roc->true_positive = csro_allocate(context, n + 1, sizeof(double));
  scored *examples = csro_allocate(context, n, sizeof *examples);
  bool all = roc->threshold && roc->false_positive && roc->true_positive && examples;
  if (all)
    trace_curve(sort_examples(n, score, positive, examples), examples, roc);
  else
    csro_roc_release(roc);
  free(examples);
  return all ? CSRO_OK : CSRO_ERROR_MEMORY;
}

void csro_roc_release(csro_roc *roc) {
  if (!roc)
    return;
  free(roc->threshold);
  free(roc->false_positive);
  free(roc->true_positive);
  *roc = (csro_roc){0};
}

double csro_roc_true_positive(const csro_roc *roc, double false_positive) {
  if (isnan(roc->area))
    return NAN;
  int64_t last = roc->count - 1;
  while (roc->false_positive[last] > false_positive)
    last--;
  return roc->true_positive[last];
}

void csro_roc_resample(const csro_roc *roc, int64_t n, const double *threshold,
                       double *true_positive) {
  int64_t at = 0;
  for (int64_t k = 0; k < n; k++) {
    while (at + 1 < roc->count && roc->threshold[at + 1] >= threshold[k])
      at++;
    true_positive[k] = roc->true_positive[at];
  }
}

csro_status csro_calibration(csro_context *context, int64_t n, const float *score,
                             const uint8_t *positive, int bins, int64_t *count, double *mean_score,
                             double *positive_share) {
  if (bins < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "calibration in %d bins, expected 1 or more",
                     bins);
  memset(count, 0, (size_t)bins * sizeof *count);
  for (int b = 0; b < bins; b++)
    mean_score[b] = positive_share[b] = 0;
  for (int64_t i = 0; i < n; i++) {
    if (!(score[i] >= 0 && score[i] <= 1)) {
      if (isnan(score[i]))
        continue;
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "score %lld is %g, expected 0 to 1",
                       (long long)i, (double)score[i]);
    }
    int b = (int)((double)score[i] * bins);
    b = b < bins ? b : bins - 1;
    count[b]++;
    mean_score[b] += (double)score[i];
    positive_share[b] += positive[i] != 0;
  }
  for (int b = 0; b < bins; b++) {
    mean_score[b] /= (double)count[b];
    positive_share[b] /= (double)count[b];
  }
  return CSRO_OK;
}
