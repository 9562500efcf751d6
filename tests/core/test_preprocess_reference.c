/* Preprocessing of the reference curves. The background loop amplifies rounding differences of the
 * smoothing, so with the exact weights a few curves may
 * differ; with those of the published workflow none does (reference/README.md). */
#include "check.h"
#include "csro/curve.h"
#include "npy.h"
#include "zsdm/smooth.h"

/* Counts, doubled where they are stored as doubles: a few hand-made ones are halves, and min-max
 * normalisation does not see a factor of two. */
static int64_t as_integer(const npy *array, int64_t i) {
  const void *data = array->data;
  if (array->type[2] == '8' && array->type[1] == 'f')
    return (int64_t)(2 * ((const double *)data)[i]);
  return array->type[2] == '8'   ? ((const int64_t *)data)[i]
         : array->type[2] == '4' ? ((const int32_t *)data)[i]
                                 : ((const uint16_t *)data)[i];
}

/* The table is the reference's coefficients, to the last bit. */
static void check_table(void) {
  enum { WINDOW = CSRO_SMOOTH_WINDOW, HALF = WINDOW / 2 };
  npy middle = npy_read(check_reference("preprocess/savgol_scipy_coeffs15.npy"));
  npy edges = npy_read(check_reference("preprocess/savgol_scipy_edges_2x7x15.npy"));
  const double(*fit)[WINDOW] = csro_smoother_published.fit;
  for (int j = 0; j < WINDOW; j++) {
    CHECK(fit[HALF][WINDOW - 1 - j] == ((double *)middle.data)[j]); /* of a convolution */
    for (int i = 0; i < HALF; i++) {
      CHECK(fit[i][j] == ((double *)edges.data)[i * WINDOW + j]);
      CHECK(fit[HALF + 1 + i][j] == ((double *)edges.data)[(HALF + i) * WINDOW + j]);
    }
  }
  free(middle.data);
  free(edges.data);
}

/* Rows of counts whose preprocessing agrees with expected within 1e-6: this share, or more. */
static void check_rows(csro_context *context, const char *name, csro_preprocessing preprocessing,
                       double share, const npy *counts, const npy *expected) {
  int64_t rows = counts->shape[0];
  int bins = (int)counts->shape[1];
  uint32_t *in = malloc((size_t)counts->count * sizeof *in);
  float *out = malloc((size_t)counts->count * sizeof *out);
  for (int64_t i = 0; i < counts->count; i++)
    in[i] = (uint32_t)as_integer(counts, i);
  CHECK_OK(context, csro_curves_preprocess(context, preprocessing, rows, bins, CSRO_U32, in, out));
  int64_t agree = 0;
  for (int64_t r = 0; r < rows; r++) {
    bool row_agrees = true;
    for (int b = 0; b < bins; b++) {
      double e = ((double *)expected->data)[r * bins + b], f = out[r * bins + b];
      row_agrees &= isnan(e) ? isnan(f) : fabs(e - f) <= 1e-6;
    }
    agree += row_agrees;
  }
  if ((double)agree < share * (double)rows)
    fprintf(stderr, "%s: %lld of %lld rows agree\n", name, (long long)agree, (long long)rows);
  CHECK((double)agree >= share * (double)rows);
  free(in);
  free(out);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  npy counts = npy_read(check_reference("preprocess/counts.npy"));
  npy smooth = npy_read(check_reference("preprocess/smooth.npy"));
  npy prep = npy_read(check_reference("preprocess/prep.npy"));
  double worst = 0;
  for (int64_t r = 0; r < counts.shape[0]; r++) {
    double in[93], out[93], lo = INFINITY, hi = -INFINITY;
    for (int b = 0; b < 93; b++) {
      in[b] = (double)as_integer(&counts, r * 93 + b);
      lo = fmin(lo, in[b]), hi = fmax(hi, in[b]);
    }
    for (int b = 0; b < 93; b++)
      in[b] = (in[b] - lo) / (hi - lo);
    if (!(hi > lo))
      continue;
    CHECK_OK(&context, csro_curve_smooth(&context, 93, in, out));
    for (int b = 0; b < 93; b++)
      worst = fmax(worst, fabs(out[b] - ((double *)smooth.data)[93 * r + b]));
  }
  CHECK_NEAR(worst, 0, 1e-9);
  check_table();
  check_rows(&context, "preprocess", CSRO_PREPROCESS_PUBLISHED, 1, &counts, &prep);

  npy zsdm = npy_read(check_reference("small/zsdm_Ni.npy"));
  npy preprocessed = npy_read(check_reference("small/preprocessed_Ni.npy"));
  check_rows(&context, "small", CSRO_PREPROCESS_FULL, 0.998, &zsdm, &preprocessed);
  check_rows(&context, "small", CSRO_PREPROCESS_PUBLISHED, 1, &zsdm, &preprocessed);
  npy *all[] = {&counts, &smooth, &prep, &zsdm, &preprocessed};
  for (int i = 0; i < 5; i++)
    free(all[i]->data);
  return check_end();
}
