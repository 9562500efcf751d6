#include "zsdm/smooth.h"

#include "base/clones.h"

#include <string.h>

enum { WINDOW = CSRO_SMOOTH_WINDOW, HALF = WINDOW / 2, ORDER = CSRO_SMOOTH_ORDER };

/* Projection on the polynomials of degree <= ORDER over the points -HALF .. HALF: the sum over
 * degrees d of q_d(i) q_d(j) / |q_d|^2 with the discrete orthogonal (Gram) polynomials, by their
 * three-term recurrence q_{d+1} = x q_d - (|q_d|^2 / |q_{d-1}|^2) q_{d-1}. */
void csro_smoother_init(csro_smoother *smoother) {
  double previous[WINDOW] = {0}, current[WINDOW], norm_before = 1;
  for (int i = 0; i < WINDOW; i++)
    current[i] = 1;
  memset(smoother, 0, sizeof *smoother);
  for (int degree = 0; degree <= ORDER; degree++) {
    double norm = 0;
    for (int i = 0; i < WINDOW; i++)
      norm += current[i] * current[i];
    for (int i = 0; i < WINDOW; i++)
      for (int j = 0; j < WINDOW; j++)
        smoother->fit[i][j] += current[i] * current[j] / norm;
    for (int i = 0; i < WINDOW; i++) {
      double next = (i - HALF) * current[i] - (degree > 0 ? norm / norm_before : 0) * previous[i];
      previous[i] = current[i];
      current[i] = next;
    }
    norm_before = norm;
  }
}

CSRO_CLONES void csro_smoother_apply(const csro_smoother *smoother, int bins, const double *in,
                                     double *out) {
  const double *middle = smoother->fit[HALF];
  for (int i = HALF; i < bins - HALF; i++) {
    double sum = in[i + HALF] * middle[HALF + HALF];
    for (int k = -HALF; k < HALF; k++)
      sum += in[i + k] * middle[HALF + k];
    out[i] = sum;
  }
  for (int i = 0; i < HALF; i++) {
    double first = 0, last = 0;
    for (int j = 0; j < WINDOW; j++) {
      first += smoother->fit[i][j] * in[j];
      last += smoother->fit[WINDOW - HALF + i][j] * in[bins - WINDOW + j];
    }
    out[i] = first;
    out[bins - HALF + i] = last;
  }
}

csro_status csro_curve_smooth(csro_context *context, int bins, const double *in, double *out) {
  if (bins < CSRO_CURVE_MIN_BINS || bins > CSRO_CURVE_MAX_BINS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "a curve of %d bins, expected %d to %d", bins,
                     CSRO_CURVE_MIN_BINS, CSRO_CURVE_MAX_BINS);
  csro_smoother smoother;
  csro_smoother_init(&smoother);
  csro_smoother_apply(&smoother, bins, in, out);
  return CSRO_OK;
}
