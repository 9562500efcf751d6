/* Preprocessing of z-SDM curves: Savitzky-Golay smoothing, background removal, min-max
 * normalisation (paper, Experimental Section "Data preprocessing"; method as published, including
 * the order of the background passes). */
#ifndef CSRO_CURVE_H
#define CSRO_CURVE_H

#include "csro/zsdm.h"

CSRO_API_BEGIN

/* What is done to a curve before a network sees it. */
typedef enum csro_preprocessing {
  CSRO_PREPROCESS_MINMAX, /* min-max only: what the published networks were trained on */
  CSRO_PREPROCESS_FULL,   /* min-max, smoothing, background removal, min-max: what the published
                             analysis applies to data */
  CSRO_PREPROCESS_MEAN,   /* divided by its mean: keeps how deep the valleys between the planes are,
                             which min-max discards, and like it says nothing of the composition */
  CSRO_PREPROCESSINGS,    /* those that a model or recipe can name */
  CSRO_PREPROCESS_PUBLISHED = CSRO_PREPROCESSINGS /* FULL with the smoothing weights of the
                             published workflow, which differ from the exact ones by up to 2e-10:
                             its curves, where the background loop amplifies even that */
} csro_preprocessing;

/* Savitzky-Golay: bins of the window and order of the polynomial; passes of the background. */
enum { CSRO_SMOOTH_WINDOW = 15, CSRO_SMOOTH_ORDER = 8, CSRO_BACKGROUND_PASSES = 1001 };

/* Smallest and largest number of bins that can be preprocessed. */
enum { CSRO_CURVE_MIN_BINS = 17, CSRO_CURVE_MAX_BINS = 4096 };

/* out[n][bins] from counts[n][bins] of the given type. A curve without contrast (flat, or equal to
 * its own background) is undefined: its whole row becomes NaN. Every row depends on its own counts
 * only, bit for bit. n = 0 writes nothing. CSRO_ERROR_ARGUMENT: bins outside CSRO_CURVE_MIN_BINS ..
 * CSRO_CURVE_MAX_BINS. out must not be counts. */
csro_status csro_curves_preprocess(csro_context *context, csro_preprocessing preprocessing,
                                   int64_t n, int bins, csro_count_type type, const void *counts,
                                   float *out);

/* Adds n rows of values[n][bins], neighbours in a row `stride` values apart, to sum[bins + 1]; the
 * last entry counts the rows. Undefined rows, whose first value is NaN, are left out. Sums of
 * several processes add up. */
void csro_curves_sum(int64_t n, int bins, int stride, const float *values, double *sum);

/* The mean row of such a sum, mean[bins]; NaN without rows. */
void csro_curves_mean(int bins, const double *sum, double *mean);

/* The smoothing step alone, in double (used by tests and by charts): out[bins] from in[bins], which
 * must not be the same array. Errors as above; out is then as it was. */
csro_status csro_curve_smooth(csro_context *context, int bins, const double *in, double *out);

CSRO_API_END

#endif
