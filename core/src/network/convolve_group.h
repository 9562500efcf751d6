/* The convolution kernel, expanded by apply.c to CONVOLVE_GROUP for vectors of CONVOLVE_LANES
 * floats: up to LANES filters at all positions, six positions at a time so that the sums stay in
 * registers and each weight is loaded once for all. in[position * step] begins the window of a
 * position; packed is [window][LANES] and then the bias; out is [position][filters], of which
 * `count` are written. No include guard: it is included once per width. */

CONVOLVE_TARGET
static void CONVOLVE_GROUP(const float *in, int positions, int step, int window,
                           const float *packed, int count, int filters, float *out) {
  typedef float lanes __attribute__((vector_size(CONVOLVE_LANES * sizeof(float))));
  lanes bias, w;
  for (; count > 0; count -= CONVOLVE_LANES, packed += CONVOLVE_LANES, out += CONVOLVE_LANES) {
    size_t bytes = (size_t)(count < CONVOLVE_LANES ? count : CONVOLVE_LANES) * sizeof *out;
    memcpy(&bias, packed + (size_t)window * LANES, sizeof bias);
    int p = 0;
    for (; p + 6 <= positions; p += 6) {
      const float *x0 = in + (size_t)p * step, *x1 = x0 + step, *x2 = x1 + step, *x3 = x2 + step,
                  *x4 = x3 + step, *x5 = x4 + step;
      lanes s0 = bias, s1 = bias, s2 = bias, s3 = bias, s4 = bias, s5 = bias;
      for (int k = 0; k < window; k++) {
        memcpy(&w, packed + (size_t)k * LANES, sizeof w);
        s0 += w * x0[k];
        s1 += w * x1[k];
        s2 += w * x2[k];
        s3 += w * x3[k];
        s4 += w * x4[k];
        s5 += w * x5[k];
      }
      const lanes sums[6] = {s0, s1, s2, s3, s4, s5};
      float *row = out + (size_t)p * filters;
      for (int i = 0; i < 6; i++, row += filters)
        if (bytes == sizeof w) /* a constant size becomes one store */
          memcpy(row, &sums[i], sizeof w);
        else
          memcpy(row, &sums[i], bytes);
    }
    for (; p < positions; p++) {
      lanes s = bias;
      for (int k = 0; k < window; k++) {
        memcpy(&w, packed + (size_t)k * LANES, sizeof w);
        s += w * in[(size_t)p * step + k];
      }
      memcpy(out + (size_t)p * filters, &s, bytes);
    }
  }
}

#undef CONVOLVE_GROUP
#undef CONVOLVE_LANES
#undef CONVOLVE_TARGET
