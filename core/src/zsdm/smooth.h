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

/* Exact. */
void csro_smoother_init(csro_smoother *smoother);

/* The weights of the published workflow (CSRO_PREPROCESS_PUBLISHED). */
extern const csro_smoother csro_smoother_published;

/* out[bins] from in[bins], bins >= CSRO_SMOOTH_WINDOW. */
void csro_smoother_apply(const csro_smoother *smoother, int bins, const double *in, double *out);

#endif
