/* Savitzky-Golay smoothing (Savitzky and Golay, Anal. Chem. 1964): least-squares polynomials of
 * order CSRO_SMOOTH_ORDER over CSRO_SMOOTH_WINDOW points; the ends are taken from the polynomial of
 * the first and the last window. */
#ifndef CSRO_ZSDM_SMOOTH_H
#define CSRO_ZSDM_SMOOTH_H

#include "csro/curve.h"

typedef struct csro_smoother {
  /* fit[i][j]: weight of point j of a window in the value of its polynomial at point i */
  double fit[CSRO_SMOOTH_WINDOW][CSRO_SMOOTH_WINDOW];
} csro_smoother;

void csro_smoother_make(csro_smoother *smoother);

/* out[bins] from in[bins], bins >= CSRO_SMOOTH_WINDOW. */
void csro_smoother_apply(const csro_smoother *smoother, int bins, const double *in, double *out);

/* CSRO_PREPROCESS_FULL of csro_curves_preprocess with a given smoother. */
csro_status csro_curves_preprocess_with(csro_context *context, const csro_smoother *smoother,
                                        int64_t n, int bins, csro_count_type type,
                                        const void *counts, float *out);

#endif
