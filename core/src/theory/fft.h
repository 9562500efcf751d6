/* Fourier transforms of periodic grids, of any size, in double precision: sum rules and sums that
 * are compared with direct ones leave no room for single precision. Mixed radix (Stockham): lengths
 * of small primes are fast, others cost their largest prime per value. */
#ifndef CSRO_THEORY_FFT_H
#define CSRO_THEORY_FFT_H

#include "csro/context.h"

#include <stdint.h>

typedef struct csro_complex {
  double re, im;
} csro_complex;

/* grid[n[2]][n[1]][n[0]] becomes sum over r of grid(r) exp(+2 pi i (h x / n0 + k y / n1 + l z /
 * n2)), in place. */
csro_status csro_fft_grid(csro_context *context, const int n[3], csro_complex *grid);

/* exp(2 pi i k / n) for k = 0 .. n - 1. */
void csro_fft_roots(int64_t n, csro_complex *roots);

#endif
