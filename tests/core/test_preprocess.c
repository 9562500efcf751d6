/* Preprocessing against a direct transcription of the method, one curve at a time. */
#include "check.h"
#include "csro/curve.h"
#include "csro/random.h"

enum { BINS = 93, CURVES = 700 };

static bool min_max(int n, const double *in, double *out) {
  double lo = INFINITY, hi = -INFINITY;
  for (int b = 0; b < n; b++)
    lo = fmin(lo, in[b]), hi = fmax(hi, in[b]);
  for (int b = 0; b < n; b++)
    out[b] = (in[b] - lo) / (hi - lo);
  return hi > lo;
}

static void background(int n, const double *s, double *out) {
  int minimum = -1;
  for (int b = n / 2 + 1; b < n - 1 && minimum < 0; b++)
    if (s[b] < s[b - 1] && s[b] < s[b + 1])
      minimum = b;
  memset(out, 0, (size_t)n * sizeof *out);
  if (minimum < 0)
    return;
  memcpy(out, s, (size_t)n * sizeof *out);
  for (int pass = 0; pass < CSRO_BACKGROUND_PASSES; pass++) {
    double largest = -INFINITY, old[256];
    for (int b = n / 4; b < 3 * n / 4; b++)
      largest = fmax(largest, out[b]);
    if (!(largest > s[minimum]))
      return;
    memcpy(old, out, (size_t)n * sizeof *out);
    const double *left = pass == 0 ? old : out;
    for (int b = 1; b < n - 1; b++)
      out[b] = fmin(old[b], (left[b - 1] + old[b + 1]) / 2);
  }
}

static void oracle(csro_context *context, int n, const uint32_t *counts, double *out) {
  double y[256], s[256], b[256];
  for (int i = 0; i < n; i++)
    y[i] = counts[i];
  bool defined = min_max(n, y, y);
  if (defined) {
    CHECK_OK(context, csro_curve_smooth(context, n, y, s));
    background(n, s, b);
    for (int i = 0; i < n; i++)
      s[i] -= b[i];
    defined = min_max(n, s, out);
  }
  for (int i = 0; !defined && i < n; i++)
    out[i] = NAN;
}

static bool same(float found, double expected) {
  return isnan(expected) ? isnan(found) : found == (float)expected;
}

/* Curves of all kinds: peaks with noise, flat ones, ramps, spikes, empty ones. */
static void make_curves(uint32_t *counts) {
  csro_random random;
  csro_random_init(&random, 3, 0);
  for (int c = 0; c < CURVES; c++) {
    double spacing = 0.09 + 0.09 * csro_random_uniform(&random);
    double height = 40 * csro_random_uniform(&random), width = 0.03 + 0.04 * (c % 5);
    for (int b = 0; b < BINS; b++) {
      double z = (b - 46) * 0.015, value = 0;
      for (int p = -8; p <= 8; p++)
        value += height * exp(-0.5 * pow((z - p * spacing) / width, 2)) * exp(-z * z);
      value += 3 * csro_random_uniform(&random);
      counts[c * BINS + b] = c % 50 == 0   ? 5
                             : c % 50 == 1 ? (uint32_t)b
                             : c % 50 == 2 ? (uint32_t)(b == 46)
                             : c % 50 == 3 ? (uint32_t)(b % 2)
                                           : (uint32_t)value;
    }
  }
}

/* A polynomial of the fit's degree passes through smoothing unchanged, ends included. */
static void check_smoothing(csro_context *context) {
  double in[40], out[40];
  for (int i = 0; i < 40; i++) {
    double t = (i - 20) / 20.0;
    in[i] = 1 + t - 2 * pow(t, 3) + pow(t, 5) - 3 * pow(t, 8);
  }
  CHECK_OK(context, csro_curve_smooth(context, 40, in, out));
  for (int i = 0; i < 40; i++)
    CHECK_NEAR(out[i], in[i], 1e-11);
  CHECK_FAILS(context, csro_curve_smooth(context, 15, in, out), CSRO_ERROR_ARGUMENT, "15 bins");
}

/* Rows of two channels beside each other; the undefined one does not count. */
static void check_sums(void) {
  const float values[3 * 2 * 2] = {1, 9, 2, 9, NAN, 9, NAN, 9, 4, 9, 8, 9};
  double sum[3] = {0}, mean[2];
  csro_curves_mean(2, sum, mean);
  CHECK(isnan(mean[0]));
  csro_curves_sum(3, 2, 2, values, sum);
  CHECK(sum[0] == 5 && sum[1] == 10 && sum[2] == 2);
  csro_curves_mean(2, sum, mean);
  CHECK(mean[0] == 2.5 && mean[1] == 5);
}

int main(void) {
  check_sums();
  static uint32_t counts[CURVES * BINS];
  static uint8_t narrow[CURVES * BINS];
  static float out[CURVES * BINS], again[CURVES * BINS];
  csro_context context;
  csro_context_init(&context);
  check_smoothing(&context);
  make_curves(counts);
  for (int i = 0; i < CURVES * BINS; i++)
    narrow[i] = (uint8_t)counts[i];

  CHECK_OK(&context, csro_curves_preprocess(&context, CSRO_PREPROCESS_FULL, CURVES, BINS, CSRO_U32,
                                            counts, out));
  int wrong = 0, undefined = 0;
  for (int c = 0; c < CURVES; c++) {
    double expected[BINS];
    oracle(&context, BINS, counts + c * BINS, expected);
    for (int b = 0; b < BINS; b++)
      wrong += !same(out[c * BINS + b], expected[b]);
    undefined += isnan(expected[0]);
  }
  CHECK_EQ(wrong, 0);
  CHECK(undefined >= CURVES / 50 && undefined < CURVES / 2);

  /* one row alone, other threads, other count types: the same bits */
  for (context.threads = 1; context.threads <= 3; context.threads++) {
    CHECK_OK(&context, csro_curves_preprocess(&context, CSRO_PREPROCESS_FULL, CURVES, BINS, CSRO_U8,
                                              narrow, again));
    CHECK(memcmp(out, again, sizeof out) == 0);
  }
  context.threads = 1;
  for (int c = 0; c < CURVES; c++)
    CHECK_OK(&context, csro_curves_preprocess(&context, CSRO_PREPROCESS_FULL, 1, BINS, CSRO_U32,
                                              counts + c * BINS, again + c * BINS));
  CHECK(memcmp(out, again, sizeof out) == 0);

  CHECK_OK(&context, csro_curves_preprocess(&context, CSRO_PREPROCESS_MINMAX, CURVES, BINS,
                                            CSRO_U32, counts, out));
  wrong = 0;
  for (int c = 0; c < CURVES; c++) {
    double y[BINS];
    for (int b = 0; b < BINS; b++)
      y[b] = counts[c * BINS + b];
    bool defined = min_max(BINS, y, y);
    for (int b = 0; b < BINS; b++)
      wrong += !same(out[c * BINS + b], defined ? y[b] : NAN);
  }
  CHECK_EQ(wrong, 0);
  CHECK_OK(&context, csro_curves_preprocess(&context, CSRO_PREPROCESS_MEAN, CURVES, BINS, CSRO_U32,
                                            counts, out));
  for (int c = 0; c < CURVES; c++) {
    const uint32_t *y = counts + c * BINS;
    double sum = 0;
    bool flat = true;
    for (int b = 0; b < BINS; b++) {
      sum += y[b];
      flat = flat && y[b] == y[0];
    }
    for (int b = 0; b < BINS; b++)
      CHECK(flat ? isnan(out[c * BINS + b])
                 : fabs((double)out[c * BINS + b] - y[b] * BINS / sum) < 1e-5);
  }
  CHECK_FAILS(&context,
              csro_curves_preprocess(&context, CSRO_PREPROCESS_FULL, 1, 16, CSRO_U32, counts, out),
              CSRO_ERROR_ARGUMENT, "16 bins");
  CHECK_OK(&context,
           csro_curves_preprocess(&context, CSRO_PREPROCESS_FULL, 0, BINS, CSRO_U32, counts, out));
  return check_end();
}
