#include "pole/dft.h"

#include "base/clones.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

void csro_dft_fill(const csro_dft_axis *axis, csro_dft *dft) {
  for (int o = 0; o < dft->outputs; o++)
    for (int j = 0; j < dft->inputs; j++) {
      double k = axis->first + axis->step * o, x = axis->origin + axis->width * (j + 0.5);
      dft->cosine[o * dft->inputs + j] = (float)cos(2 * pi * k * x);
      dft->sine[o * dft->inputs + j] = (float)-sin(2 * pi * k * x);
    }
}

enum { CHUNK = 64 };

/* One output for `length` values next to each other: small enough for the registers to hold. */
CSRO_CLONES static void apply_chunk(const float *cosine, const float *sine, int inputs,
                                    int64_t inner, int length, const float *re, const float *im,
                                    float *out_re, float *out_im) {
  float sum_re[CHUNK] = {0}, sum_im[CHUNK] = {0};
  for (int j = 0; j < inputs; j++) {
    const float c = cosine[j], s = sine[j];
    const float *a = re + j * inner, *b = im + j * inner;
    if (length == CHUNK) {
      for (int i = 0; i < CHUNK; i++) {
        sum_re[i] += c * a[i] - s * b[i];
        sum_im[i] += c * b[i] + s * a[i];
      }
      continue;
    }
    for (int i = 0; i < length; i++) {
      sum_re[i] += c * a[i] - s * b[i];
      sum_im[i] += c * b[i] + s * a[i];
    }
  }
  for (int i = 0; i < length; i++) {
    out_re[i] = sum_re[i];
    out_im[i] = sum_im[i];
  }
}

void csro_dft_apply(const csro_dft *dft, int64_t inner, const float *re, const float *im,
                    float *out_re, float *out_im) {
  for (int64_t i = 0; i < inner; i += CHUNK) {
    int length = inner - i < CHUNK ? (int)(inner - i) : CHUNK;
    for (int o = 0; o < dft->outputs; o++)
      apply_chunk(dft->cosine + o * dft->inputs, dft->sine + o * dft->inputs, dft->inputs, inner,
                  length, re + i, im + i, out_re + o * inner + i, out_im + o * inner + i);
  }
}
