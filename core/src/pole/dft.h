/* Discrete Fourier transforms to frequencies of one's own choice, one axis at a time. */
#ifndef CSRO_POLE_DFT_H
#define CSRO_POLE_DFT_H

#include <stdint.h>

/* exp(-2 pi i k x) for the frequencies k = first + step o and the places x = origin + width (j +
 * 1/2): [outputs][inputs]. */
typedef struct csro_dft {
  int inputs, outputs;
  float *cosine, *sine;
} csro_dft;

/* The frequencies and places of one. */
typedef struct csro_dft_axis {
  double first, step, origin, width;
} csro_dft_axis;

void csro_dft_fill(const csro_dft_axis *axis, csro_dft *dft);

/* in[inputs][inner] to out[outputs][inner]. */
void csro_dft_apply(const csro_dft *dft, int64_t inner, const float *re, const float *im,
                    float *out_re, float *out_im);

#endif
