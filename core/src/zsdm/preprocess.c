#include "csro/curve.h"

#include "base/clones.h"
#include "base/progress.h"
#include "zsdm/smooth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The passes of the background loop are serial within a curve, so LANES curves are worked on side
 * by side; a lane whose curve is finished takes the next one. */
enum { LANES = 32 };

struct lanes {
  int bins, window_begin, window_end; /* where the loop looks for the largest background */
  double *background;                 /* [bins][LANES] */
  double *smooth;                     /* [LANES][bins] */
  double limit[LANES];                /* passes go on while the largest background exceeds this */
  double largest[LANES];
  int passes[LANES];
  int64_t curve[LANES]; /* -1: idle */
};

/* out = (in - min) / (max - min); false when in is flat. in and out may be the same. */
static bool normalise(int bins, const double *in, double *out) {
  double lo = in[0], hi = in[0];
  for (int b = 1; b < bins; b++) {
    lo = in[b] < lo ? in[b] : lo;
    hi = in[b] > hi ? in[b] : hi;
  }
  const double range = hi - lo;
  if (!(range > 0))
    return false;
  for (int b = 0; b < bins; b++)
    out[b] = (in[b] - lo) / range;
  return true;
}

static void store(int bins, const double *curve, bool defined, float *out) {
  for (int b = 0; b < bins; b++)
    out[b] = defined ? (float)curve[b] : NAN;
}

/* The first local minimum right of the middle, or -1. */
static int first_minimum(int bins, const double *s) {
  for (int b = bins / 2 + 1; b < bins - 1; b++)
    if (s[b] < s[b - 1] && s[b] < s[b + 1])
      return b;
  return -1;
}

static double largest_in(const double *curve, int begin, int end) {
  double largest = curve[begin];
  for (int b = begin + 1; b < end; b++)
    largest = curve[b] > largest ? curve[b] : largest;
  return largest;
}

/* Puts a smoothed curve (already in lanes->smooth) into the background loop, with the first pass
 * done, which alone reads only old values. Returns false when the loop is not entered. */
static bool enter_loop(struct lanes *lanes, int lane, int64_t curve, int minimum) {
  const double *s = lanes->smooth + (size_t)lane * (size_t)lanes->bins;
  const double limit = s[minimum];
  if (!(largest_in(s, lanes->window_begin, lanes->window_end) > limit))
    return false;
  double largest = -INFINITY;
  for (int b = 0; b < lanes->bins; b++) {
    double value = s[b];
    if (b > 0 && b < lanes->bins - 1) {
      double mean = (s[b - 1] + s[b + 1]) / 2;
      value = mean < value ? mean : value;
    }
    lanes->background[(size_t)b * LANES + (size_t)lane] = value;
    if (b >= lanes->window_begin && b < lanes->window_end && value > largest)
      largest = value;
  }
  lanes->limit[lane] = limit;
  lanes->largest[lane] = largest;
  lanes->passes[lane] = 1;
  lanes->curve[lane] = curve;
  return true;
}

/* One pass over all lanes, in place and left to right. */
CSRO_CLONES static void pass(struct lanes *lanes) {
  double left[LANES], largest[LANES];
  double *row = lanes->background;
  memcpy(left, row, sizeof left);
  for (int l = 0; l < LANES; l++)
    largest[l] = -INFINITY;
  for (int b = 1; b < lanes->bins - 1; b++) {
    row += LANES;
    const double *right = row + LANES;
    const bool inside = b >= lanes->window_begin && b < lanes->window_end;
    for (int l = 0; l < LANES; l++) {
      double mean = (left[l] + right[l]) * 0.5;
      left[l] = mean < row[l] ? mean : row[l];
      row[l] = left[l];
    }
    if (inside)
      for (int l = 0; l < LANES; l++)
        largest[l] = left[l] > largest[l] ? left[l] : largest[l];
  }
  memcpy(lanes->largest, largest, sizeof largest);
}

static void finish(struct lanes *lanes, int lane, double *scratch, float *out) {
  const int bins = lanes->bins;
  const double *s = lanes->smooth + (size_t)lane * (size_t)bins;
  for (int b = 0; b < bins; b++)
    scratch[b] = s[b] - lanes->background[(size_t)b * LANES + (size_t)lane];
  store(bins, scratch, normalise(bins, scratch, scratch), out + lanes->curve[lane] * bins);
  lanes->curve[lane] = -1;
}

/* Everything before the loop. Returns true when the curve entered the loop in the lane, false when
 * its result is already written. */
static bool begin_curve(struct lanes *lanes, int lane, const csro_smoother *smoother,
                        csro_count_type type, const void *counts, int64_t curve, double *scratch,
                        float *out) {
  const int bins = lanes->bins;
  double *s = lanes->smooth + (size_t)lane * (size_t)bins;
  for (int b = 0; b < bins; b++)
    scratch[b] = csro_count_at(type, counts, curve * bins + b);
  if (!normalise(bins, scratch, scratch)) {
    store(bins, scratch, false, out + curve * bins);
    return false;
  }
  csro_smoother_apply(smoother, bins, scratch, s);
  int minimum = first_minimum(bins, s);
  if (minimum < 0) { /* the background is 0 */
    store(bins, s, normalise(bins, s, s), out + curve * bins);
    return false;
  }
  if (enter_loop(lanes, lane, curve, minimum))
    return true;
  store(bins, s, false, out + curve * bins); /* S - B = 0 everywhere */
  return false;
}

static bool lane_is_done(const struct lanes *lanes, int lane) {
  return !(lanes->largest[lane] > lanes->limit[lane]) ||
         lanes->passes[lane] >= CSRO_BACKGROUND_PASSES;
}

static void preprocess_chunk(struct lanes *lanes, const csro_smoother *smoother,
                             csro_count_type type, const void *counts, int64_t begin, int64_t end,
                             double *scratch, float *out) {
  for (int active = 1; active > 0;) {
    active = 0;
    for (int lane = 0; lane < LANES; lane++) {
      if (lanes->curve[lane] >= 0 && lane_is_done(lanes, lane))
        finish(lanes, lane, scratch, out);
      while (lanes->curve[lane] < 0 && begin < end) {
        if (begin_curve(lanes, lane, smoother, type, counts, begin++, scratch, out) &&
            lane_is_done(lanes, lane))
          finish(lanes, lane, scratch, out);
      }
      active += lanes->curve[lane] >= 0;
      lanes->passes[lane]++;
    }
    if (active > 0)
      pass(lanes);
  }
}

static csro_status lanes_make(csro_context *context, int bins, struct lanes *lanes,
                              double **scratch) {
  memset(lanes, 0, sizeof *lanes);
  lanes->bins = bins;
  lanes->window_begin = bins / 4;
  lanes->window_end = 3 * bins / 4;
  for (int lane = 0; lane < LANES; lane++)
    lanes->curve[lane] = -1;
  lanes->background = csro_allocate(context, (long long)bins * LANES, sizeof(double));
  lanes->smooth = csro_allocate(context, (long long)bins * LANES, sizeof(double));
  *scratch = csro_allocate(context, bins, sizeof(double));
  if (!lanes->background || !lanes->smooth || !*scratch)
    return CSRO_ERROR_MEMORY;
  memset(lanes->background, 0, (size_t)bins * LANES * sizeof(double));
  return CSRO_OK;
}

static csro_status preprocess_fully(csro_context *context, const csro_smoother *smoother, int64_t n,
                                    int bins, csro_count_type type, const void *counts,
                                    float *out) {
  enum { CHUNK = 4096 };
  const int64_t chunks = (n + CHUNK - 1) / CHUNK;
  csro_progress progress;
  csro_status status = CSRO_OK;
  csro_progress_start(&progress, context, chunks, 0, 1);
#pragma omp parallel num_threads(context->threads)
  {
    struct lanes lanes;
    double *scratch;
    csro_context private_context = {.threads = 1};
    csro_status failed = lanes_make(&private_context, bins, &lanes, &scratch);
#pragma omp for schedule(dynamic, 1)
    for (int64_t chunk = 0; chunk < chunks; chunk++) {
      if (failed != CSRO_OK || csro_progress_add(&progress, 1))
        continue;
      int64_t end = (chunk + 1) * CHUNK < n ? (chunk + 1) * CHUNK : n;
      preprocess_chunk(&lanes, smoother, type, counts, chunk * CHUNK, end, scratch, out);
    }
    free(lanes.background);
    free(lanes.smooth);
    free(scratch);
    if (failed != CSRO_OK) {
#pragma omp critical(csro_curve_error)
      status = csro_fail(context, failed, "%s", private_context.message);
    }
  }
  return status != CSRO_OK ? status : csro_progress_end(&progress);
}

/* Divides a curve by its mean, in place; false when it is flat. */
static bool divide_by_mean(int bins, double *curve) {
  double sum = 0;
  bool flat = true;
  for (int b = 0; b < bins; b++) {
    sum += curve[b];
    flat = flat && curve[b] == curve[0];
  }
  for (int b = 0; b < bins && !flat; b++)
    curve[b] *= bins / sum;
  return !flat;
}

/* The preprocessings that only scale. */
static csro_status scale_curves(csro_context *context, csro_preprocessing preprocessing, int64_t n,
                                int bins, csro_count_type type, const void *counts, float *out) {
  enum { CHUNK = 1024 };
  const int64_t chunks = (n + CHUNK - 1) / CHUNK;
  csro_progress progress;
  csro_progress_start(&progress, context, chunks, 0, 1);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 1)
  for (int64_t chunk = 0; chunk < chunks; chunk++) {
    double curve[CSRO_CURVE_MAX_BINS];
    if (csro_progress_add(&progress, 1))
      continue;
    int64_t end = (chunk + 1) * CHUNK < n ? (chunk + 1) * CHUNK : n;
    for (int64_t i = chunk * CHUNK; i < end; i++) {
      for (int b = 0; b < bins; b++)
        curve[b] = csro_count_at(type, counts, i * bins + b);
      bool defined = preprocessing == CSRO_PREPROCESS_MEAN ? divide_by_mean(bins, curve)
                                                           : normalise(bins, curve, curve);
      store(bins, curve, defined, out + i * bins);
    }
  }
  return csro_progress_end(&progress);
}

csro_status csro_curves_preprocess(csro_context *context, csro_preprocessing preprocessing,
                                   int64_t n, int bins, csro_count_type type, const void *counts,
                                   float *out) {
  if (bins < CSRO_CURVE_MIN_BINS || bins > CSRO_CURVE_MAX_BINS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "curves of %d bins, expected %d to %d", bins,
                     CSRO_CURVE_MIN_BINS, CSRO_CURVE_MAX_BINS);
  const bool published = preprocessing == CSRO_PREPROCESS_PUBLISHED;
  if (preprocessing != CSRO_PREPROCESS_FULL && !published)
    return scale_curves(context, preprocessing, n, bins, type, counts, out);
  csro_smoother exact;
  csro_smoother_init(&exact);
  const csro_smoother *smoother = published ? &csro_smoother_published : &exact;
  return preprocess_fully(context, smoother, n, bins, type, counts, out);
}

void csro_curves_sum(int64_t n, int bins, int stride, const float *values, double *sum) {
  for (int64_t row = 0; row < n; row++, values += (int64_t)bins * stride) {
    if (isnan(values[0]))
      continue;
    for (int b = 0; b < bins; b++)
      sum[b] += (double)values[(int64_t)b * stride];
    sum[bins] += 1;
  }
}

void csro_curves_mean(int bins, const double *sum, double *mean) {
  for (int b = 0; b < bins; b++)
    mean[b] = sum[bins] > 0 ? sum[b] / sum[bins] : NAN;
}
