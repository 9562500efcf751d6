#include "theory/fft.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

static csro_complex multiply(csro_complex a, csro_complex b) {
  return (csro_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

void csro_fft_roots(int64_t n, csro_complex *roots) {
  const double pi = acos(-1);
  for (int64_t k = 0; k < n; k++) {
    const double angle = 2 * pi * (double)(2 * k > n ? k - n : k) / (double)n;
    roots[k] = (csro_complex){cos(angle), sin(angle)};
  }
}

static int smallest_factor(int m) {
  for (int p = 2; p * p <= m; p++)
    if (m % p == 0)
      return p;
  return m;
}

/* One output of a butterfly: out[t] = twiddle * sum over j of in[j][t] root^(j k). */
static void combine(const csro_complex *in, int64_t stride, int p, int k, int64_t inner,
                    const csro_complex *roots, int64_t step, csro_complex twiddle,
                    csro_complex *out) {
  memcpy(out, in, (size_t)inner * sizeof *out);
  for (int j = 1; j < p; j++) {
    const csro_complex root = roots[(int64_t)(j * k % p) * step], *from = in + j * stride;
    for (int64_t t = 0; t < inner; t++) {
      const csro_complex x = multiply(from[t], root);
      out[t].re += x.re;
      out[t].im += x.im;
    }
  }
  for (int64_t t = 0; t < inner; t++)
    out[t] = multiply(out[t], twiddle);
}

/* Transforms x[n][inner] along n; the result is in x, `room` is as large. */
static void transform(int n, int64_t inner, const csro_complex *roots, csro_complex *x,
                      csro_complex *room) {
  csro_complex *from = x, *to = room;
  int64_t s = inner;
  for (int m = n; m > 1;) {
    const int p = smallest_factor(m), rest = m / p;
    for (int q = 0; q < rest; q++)
      for (int k = 0; k < p; k++)
        combine(from + s * q, s * rest, p, k, s, roots, n / p, roots[(int64_t)q * k % m * (n / m)],
                to + s * ((int64_t)p * q + k));
    csro_complex *swap = from;
    from = to;
    to = swap;
    s *= p;
    m = rest;
  }
  if (from != x)
    memcpy(x, from, (size_t)(n * inner) * sizeof *x);
}

/* Along one axis: rows of `inner` values that lie together, `stride` apart. */
static csro_status transform_axis(csro_context *context, const int n[3], int axis,
                                  csro_complex *grid) {
  const int64_t total = (int64_t)n[0] * n[1] * n[2], inner = axis == 0 ? 1 : n[0];
  const int64_t stride = axis == 0 ? 1 : axis == 1 ? n[0] : (int64_t)n[0] * n[1];
  const int64_t block = n[axis] * inner, blocks = total / block;
  const int64_t apart = axis == 2 ? inner : block; /* of blocks */
  csro_complex *roots = csro_allocate(context, n[axis], sizeof *roots);
  csro_complex *rooms = csro_allocate(context, 2 * block * context->threads, sizeof *rooms);
  if (!roots || !rooms) {
    free(roots);
    free(rooms);
    return CSRO_ERROR_MEMORY;
  }
  csro_fft_roots(n[axis], roots);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t b = 0; b < blocks; b++) {
    csro_complex *room = rooms + 2 * block * omp_get_thread_num(), *from = grid + b * apart;
    for (int k = 0; k < n[axis]; k++)
      memcpy(room + k * inner, from + k * stride, (size_t)inner * sizeof *room);
    transform(n[axis], inner, roots, room, room + block);
    for (int k = 0; k < n[axis]; k++)
      memcpy(from + k * stride, room + k * inner, (size_t)inner * sizeof *room);
  }
  free(roots);
  free(rooms);
  return CSRO_OK;
}

csro_status csro_fft_grid(csro_context *context, const int n[3], csro_complex *grid) {
  csro_status status = CSRO_OK;
  for (int axis = 0; axis < 3 && status == CSRO_OK; axis++)
    status = transform_axis(context, n, axis, grid);
  return status;
}
