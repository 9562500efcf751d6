#include "network/dense.h"

#include "base/clones.h"

#include <string.h>

/* One kernel for each vector width: two vectors of sums per row, as many rows as registers hold. */
#define DENSE_FUNCTION rows_of_4
#define DENSE_LANES 4
#define DENSE_ROWS 4
#define DENSE_TARGET
#include "network/dense_rows.h"

#ifdef CSRO_HAVE_CLONES
#define DENSE_FUNCTION rows_of_8
#define DENSE_LANES 8
#define DENSE_ROWS 6
#define DENSE_TARGET __attribute__((target("arch=x86-64-v3")))
#include "network/dense_rows.h"

#define DENSE_FUNCTION rows_of_16
#define DENSE_LANES 16
#define DENSE_ROWS 8
#define DENSE_TARGET __attribute__((target("arch=x86-64-v4")))
#include "network/dense_rows.h"
#endif

typedef struct kernel {
  void (*rows)(const float *in, int rows, int inputs, const float *packed, int units, float *out);
  int panel;
} kernel;

static kernel choose_kernel(void) {
#ifdef CSRO_HAVE_CLONES
  if (__builtin_cpu_supports("x86-64-v4"))
    return (kernel){rows_of_16, 32};
  if (__builtin_cpu_supports("x86-64-v3"))
    return (kernel){rows_of_8, 16};
#endif
  return (kernel){rows_of_4, 8};
}

int64_t csro_dense_packed(const csro_layer *layer) {
  int panel = choose_kernel().panel, panels = (layer->units + panel - 1) / panel;
  return (int64_t)panels * panel * (layer->in_channels + 1);
}

void csro_dense_pack(const csro_layer *layer, float *packed) {
  int panel = choose_kernel().panel, units = layer->units;
  size_t of_panel = (size_t)(layer->in_channels + 1) * (size_t)panel;
  memset(packed, 0, (size_t)csro_dense_packed(layer) * sizeof *packed);
  for (int k = -1; k < layer->in_channels; k++) {
    const float *from = k < 0 ? layer->bias : layer->weights + (size_t)k * units;
    float *to = packed + (size_t)(k + 1) * panel;
    for (int u = 0; u < units; u += panel, to += of_panel)
      memcpy(to, from + u, (size_t)(units - u < panel ? units - u : panel) * sizeof *to);
  }
}

void csro_dense_rows(const csro_layer *layer, const float *packed, int rows, const float *in,
                     float *out) {
  choose_kernel().rows(in, rows, layer->in_channels, packed, layer->units, out);
}
