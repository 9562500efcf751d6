/* The kernel of dense layers, expanded by dense.c to DENSE_FUNCTION for DENSE_ROWS rows at a time
 * and panels of two vectors of DENSE_LANES floats, so that the sums stay in registers. packed is
 * [panel][bias, then each input][2 DENSE_LANES]; in the last panel a second vector without units is
 * not computed. The last rows are filled up with the very last one, whose result is written once.
 * No include guard: it is included once per width. */

#define DENSE_PASTE(a, b) a##b
#define DENSE_PANEL(name) DENSE_PASTE(name, _panel)

/* The sums of one panel for DENSE_ROWS rows; vectors is 1 or 2, a constant to the compiler. */
DENSE_TARGET __attribute__((always_inline)) static inline void
DENSE_PANEL(DENSE_FUNCTION)(const float *const x[DENSE_ROWS], int inputs, const float *packed,
                            int vectors, float sums[DENSE_ROWS][2 * DENSE_LANES]) {
  typedef float lanes __attribute__((vector_size(DENSE_LANES * sizeof(float))));
  lanes s[DENSE_ROWS][2], w[2];
  memcpy(w, packed, sizeof w);
#pragma GCC unroll 16
  for (int r = 0; r < DENSE_ROWS; r++)
    for (int v = 0; v < vectors; v++)
      s[r][v] = w[v];
  for (int k = 0; k < inputs; k++) {
    packed += 2 * DENSE_LANES;
    for (int v = 0; v < vectors; v++)
      memcpy(&w[v], packed + v * DENSE_LANES, sizeof w[v]);
#pragma GCC unroll 16
    for (int r = 0; r < DENSE_ROWS; r++)
      for (int v = 0; v < vectors; v++)
        s[r][v] += w[v] * x[r][k];
  }
#pragma GCC unroll 16
  for (int r = 0; r < DENSE_ROWS; r++)
    for (int v = 0; v < vectors; v++)
      memcpy(sums[r] + v * DENSE_LANES, &s[r][v], sizeof s[r][v]);
}

DENSE_TARGET
static void DENSE_FUNCTION(const float *in, int rows, int inputs, const float *packed, int units,
                           float *out) {
  enum { PANEL = 2 * DENSE_LANES };
  float sums[DENSE_ROWS][PANEL];
  const float *x[DENSE_ROWS];
  for (int u = 0; u < units; u += PANEL, packed += (size_t)(inputs + 1) * PANEL) {
    int width = units - u < PANEL ? units - u : PANEL;
    for (int first = 0; first < rows; first += DENSE_ROWS) {
      for (int r = 0; r < DENSE_ROWS; r++)
        x[r] = in + (size_t)(first + r < rows ? first + r : rows - 1) * inputs;
      if (width > DENSE_LANES)
        DENSE_PANEL(DENSE_FUNCTION)(x, inputs, packed, 2, sums);
      else
        DENSE_PANEL(DENSE_FUNCTION)(x, inputs, packed, 1, sums);
      for (int r = 0; r < DENSE_ROWS && first + r < rows; r++)
        memcpy(out + (size_t)(first + r) * units + u, sums[r], (size_t)width * sizeof *out);
    }
  }
}

#undef DENSE_PASTE
#undef DENSE_PANEL
#undef DENSE_FUNCTION
#undef DENSE_LANES
#undef DENSE_ROWS
#undef DENSE_TARGET
