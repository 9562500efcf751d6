#include "order/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double cell_size = 0.4; /* nm */
enum { LARGEST_CELLS = 1 << 28 };

static int64_t cell_at(const csro_signal_ions *ions, const double r[3]) {
  int64_t c[3];
  for (int a = 0; a < 3; a++) {
    c[a] = (int64_t)((r[a] - ions->origin[a]) / ions->size);
    c[a] = c[a] < ions->n[a] ? c[a] : ions->n[a] - 1;
  }
  return (c[2] * ions->n[1] + c[1]) * ions->n[0] + c[0];
}

static void cut(const double bounds[6], csro_signal_ions *ions) {
  double size = cell_size, cells;
  do {
    cells = 1;
    for (int a = 0; a < 3; a++) {
      double n = fmax(1, ceil((bounds[2 * a + 1] - bounds[2 * a]) / size));
      ions->origin[a] = bounds[2 * a];
      ions->n[a] = n < LARGEST_CELLS ? (int64_t)n : LARGEST_CELLS;
      cells *= n;
    }
    ions->size = size;
    size *= 1.5;
  } while (cells > LARGEST_CELLS);
}

static void sort(const csro_points *points, const float *signal, csro_signal_ions *ions) {
  double r[3];
  int64_t cells = ions->n[0] * ions->n[1] * ions->n[2];
  memset(ions->start, 0, (size_t)(cells + 1) * sizeof *ions->start);
  for (int64_t i = 0; i < points->count; i++) {
    csro_points_get(points, i, r);
    ions->start[cell_at(ions, r) + 1]++;
  }
  for (int64_t c = 0; c < cells; c++)
    ions->start[c + 1] += ions->start[c];
  for (int64_t i = 0; i < points->count; i++) {
    csro_points_get(points, i, r);
    int64_t at = ions->start[cell_at(ions, r)]++;
    ions->index[at] = i;
    ions->x[at] = (float)r[0];
    ions->y[at] = (float)r[1];
    ions->z[at] = (float)r[2];
    ions->signal[at] = signal[i];
  }
  memmove(ions->start + 1, ions->start, (size_t)cells * sizeof *ions->start);
  ions->start[0] = 0;
}

csro_status csro_signal_ions_make(csro_context *context, const csro_points *points,
                                  const float *signal, const double bounds[6],
                                  csro_signal_ions *ions) {
  *ions = (csro_signal_ions){.count = points->count};
  cut(bounds, ions);
  int64_t n = points->count;
  ions->start = csro_allocate(context, ions->n[0] * ions->n[1] * ions->n[2] + 1, sizeof(int64_t));
  ions->index = csro_allocate(context, n, sizeof *ions->index);
  ions->x = csro_allocate(context, n, sizeof *ions->x);
  ions->y = csro_allocate(context, n, sizeof *ions->y);
  ions->z = csro_allocate(context, n, sizeof *ions->z);
  ions->signal = csro_allocate(context, n, sizeof *ions->signal);
  if (!ions->start || !ions->index || !ions->x || !ions->y || !ions->z || !ions->signal) {
    csro_signal_ions_free(ions);
    return CSRO_ERROR_MEMORY;
  }
  sort(points, signal, ions);
  return CSRO_OK;
}

void csro_signal_ions_free(csro_signal_ions *ions) {
  free(ions->start);
  free(ions->index);
  free(ions->x);
  free(ions->y);
  free(ions->z);
  free(ions->signal);
  *ions = (csro_signal_ions){0};
}

bool csro_signal_block(const csro_signal_ions *ions, const double center[3], double reach_xy,
                       double reach_z, int64_t lo[3], int64_t hi[3]) {
  for (int a = 0; a < 3; a++) {
    double reach = (a < 2 ? reach_xy : reach_z) + 1e-6;
    double first = (center[a] - reach - ions->origin[a]) / ions->size;
    double last = (center[a] + reach - ions->origin[a]) / ions->size;
    if (!(last >= 0) || !(first < (double)ions->n[a]))
      return false;
    lo[a] = first > 0 ? (int64_t)first : 0;
    hi[a] = last < (double)(ions->n[a] - 1) ? (int64_t)last : ions->n[a] - 1;
  }
  return true;
}
