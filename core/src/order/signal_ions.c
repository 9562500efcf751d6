#include "order/signal_ions.h"

#include "base/counting_sort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One ion on its way into the cells. */
typedef struct entry {
  float x, y, z, signal;
  int32_t index;
} entry;

static int by_position(const void *a, const void *b) {
  const entry *p = a, *q = b;
  if (p->x != q->x)
    return p->x < q->x ? -1 : 1;
  if (p->y != q->y)
    return p->y < q->y ? -1 : 1;
  if (p->z != q->z)
    return p->z < q->z ? -1 : 1;
  return p->signal < q->signal ? -1 : p->signal > q->signal;
}

static int64_t last_cell(const double bounds[6], int a) {
  return (int64_t)fmax(0, ceil((bounds[2 * a + 1] - bounds[2 * a]) / CSRO_ORDER_CELL) - 1);
}

static void cut(const double bounds[6], const double around[6], csro_signal_ions *ions) {
  for (int a = 0; a < 3; a++) {
    double last = (double)last_cell(bounds, a);
    double low = floor((around[2 * a] - bounds[2 * a]) / CSRO_ORDER_CELL);
    double high = floor((around[2 * a + 1] - bounds[2 * a]) / CSRO_ORDER_CELL);
    ions->origin[a] = bounds[2 * a];
    ions->first[a] = (int64_t)fmin(fmax(low, 0), last);
    ions->n[a] = (int64_t)fmax(fmin(high, last) - (double)ions->first[a] + 1, 0);
  }
}

/* -1 for an ion outside the cells held. */
static int64_t cell_of(const csro_signal_ions *ions, const double bounds[6], const double r[3]) {
  int64_t c[3];
  for (int a = 0; a < 3; a++) {
    int64_t last = last_cell(bounds, a);
    c[a] = (int64_t)((r[a] - ions->origin[a]) / CSRO_ORDER_CELL);
    c[a] = c[a] < last ? c[a] : last;
    if (c[a] < ions->first[a] || c[a] >= ions->first[a] + ions->n[a])
      return -1;
  }
  return csro_signal_cell(ions, c[0], c[1], c[2]);
}

static void sort(csro_context *context, const csro_points *points, const float *signal,
                 const double bounds[6], csro_signal_ions *ions, entry *entries) {
  double r[3];
  int64_t cells = ions->n[0] * ions->n[1] * ions->n[2];
  memset(ions->start, 0, (size_t)cells * sizeof *ions->start);
  for (int64_t i = 0; i < points->count; i++) {
    csro_points_get(points, i, r);
    int64_t cell = cell_of(ions, bounds, r);
    if (cell >= 0)
      ions->start[cell]++;
  }
  ions->count = ions->start[cells] = csro_keys_begin(ions->start, cells, 0);
  for (int64_t i = 0; i < points->count; i++) {
    csro_points_get(points, i, r);
    int64_t cell = cell_of(ions, bounds, r);
    if (cell >= 0)
      entries[ions->start[cell]++] =
          (entry){(float)r[0], (float)r[1], (float)r[2], signal[i], (int32_t)i};
  }
  csro_keys_restore(ions->start, cells, 0);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 1024)
  for (int64_t c = 0; c < cells; c++) {
    int64_t begin = ions->start[c], end = ions->start[c + 1];
    if (end - begin > 1)
      qsort(entries + begin, (size_t)(end - begin), sizeof *entries, by_position);
    for (int64_t at = begin; at < end; at++) {
      ions->index[at] = entries[at].index;
      ions->x[at] = entries[at].x;
      ions->y[at] = entries[at].y;
      ions->z[at] = entries[at].z;
      ions->signal[at] = entries[at].signal;
    }
  }
}

csro_status csro_signal_ions_init(csro_context *context, const csro_points *points,
                                  const float *signal, const double bounds[6],
                                  const double around[6], csro_signal_ions *ions) {
  *ions = (csro_signal_ions){0};
  int64_t n = points->count;
  if (n > INT32_MAX)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "%lld ions: a process searches at most %lld, use more processes", (long long)n,
                     (long long)INT32_MAX);
  cut(bounds, around, ions);
  ions->start = csro_allocate(context, ions->n[0] * ions->n[1] * ions->n[2] + 1, sizeof(int64_t));
  ions->index = csro_allocate(context, n, sizeof *ions->index);
  ions->x = csro_allocate(context, n + CSRO_SIGNAL_SPARE, sizeof *ions->x);
  ions->y = csro_allocate(context, n + CSRO_SIGNAL_SPARE, sizeof *ions->y);
  ions->z = csro_allocate(context, n + CSRO_SIGNAL_SPARE, sizeof *ions->z);
  ions->signal = csro_allocate(context, n + CSRO_SIGNAL_SPARE, sizeof *ions->signal);
  entry *entries = csro_allocate(context, n, sizeof *entries);
  bool enough =
      ions->start && ions->index && ions->x && ions->y && ions->z && ions->signal && entries;
  if (enough) {
    sort(context, points, signal, bounds, ions, entries);
    float *arrays[] = {ions->x, ions->y, ions->z, ions->signal};
    for (int a = 0; a < 4; a++)
      memset(arrays[a] + ions->count, 0, CSRO_SIGNAL_SPARE * sizeof(float));
  } else {
    csro_signal_ions_release(ions);
  }
  free(entries);
  return enough ? CSRO_OK : CSRO_ERROR_MEMORY;
}

void csro_signal_ions_release(csro_signal_ions *ions) {
  if (!ions)
    return;
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
    double first = floor((center[a] - reach - ions->origin[a]) / CSRO_ORDER_CELL);
    double last = floor((center[a] + reach - ions->origin[a]) / CSRO_ORDER_CELL);
    lo[a] = (int64_t)fmax(first, (double)ions->first[a]);
    hi[a] = (int64_t)fmin(last, (double)(ions->first[a] + ions->n[a] - 1));
    if (lo[a] > hi[a])
      return false;
  }
  return true;
}
