#include "inject/point_bins.h"

#include <math.h>
#include <stdlib.h>

enum { BINS_PER_POINT = 8, FEWEST = 64 };

csro_status csro_point_bins_init(csro_context *context, const double bounds[6], double edge,
                                 int64_t capacity, csro_point_bins *bins) {
  *bins = (csro_point_bins){.edge = edge};
  double most = (double)(BINS_PER_POINT * capacity + FEWEST), all;
  for (;; bins->edge *= 2) {
    all = 1;
    for (int a = 0; a < 3; a++)
      all *= floor(fmax(bounds[2 * a + 1] - bounds[2 * a], 0) / bins->edge) + 1;
    if (all <= most)
      break;
  }
  for (int a = 0; a < 3; a++) {
    bins->lo[a] = bounds[2 * a];
    bins->n[a] = (int64_t)(fmax(bounds[2 * a + 1] - bounds[2 * a], 0) / bins->edge) + 1;
  }
  bins->head = csro_allocate(context, (long long)all, sizeof *bins->head);
  bins->next = csro_allocate(context, capacity, sizeof *bins->next);
  if (!bins->head || !bins->next) {
    csro_point_bins_release(bins);
    return CSRO_ERROR_MEMORY;
  }
  for (int64_t b = 0; b < (int64_t)all; b++)
    bins->head[b] = -1;
  return CSRO_OK;
}

void csro_point_bins_release(csro_point_bins *bins) {
  free(bins->head);
  free(bins->next);
  *bins = (csro_point_bins){0};
}

/* Places outside belong to the nearest bin. */
static int64_t along(const csro_point_bins *bins, int axis, double at) {
  double t = floor((at - bins->lo[axis]) / bins->edge);
  return (int64_t)fmin(fmax(t, 0), (double)(bins->n[axis] - 1));
}

static int64_t bin_at(const csro_point_bins *bins, const int64_t at[3]) {
  return (at[2] * bins->n[1] + at[1]) * bins->n[0] + at[0];
}

void csro_point_bins_add(csro_point_bins *bins, int64_t point, const double r[3]) {
  const int64_t at[3] = {along(bins, 0, r[0]), along(bins, 1, r[1]), along(bins, 2, r[2])};
  int64_t *head = &bins->head[bin_at(bins, at)];
  bins->next[point] = *head;
  *head = point;
}

int csro_point_bins_near(const csro_point_bins *bins, const double r[3], int64_t heads[27]) {
  int64_t lo[3], hi[3], at[3];
  int count = 0;
  for (int a = 0; a < 3; a++) {
    lo[a] = along(bins, a, r[a] - bins->edge);
    hi[a] = along(bins, a, r[a] + bins->edge);
  }
  for (at[2] = lo[2]; at[2] <= hi[2]; at[2]++)
    for (at[1] = lo[1]; at[1] <= hi[1]; at[1]++)
      for (at[0] = lo[0]; at[0] <= hi[0]; at[0]++)
        if (bins->head[bin_at(bins, at)] >= 0 && count < 27)
          heads[count++] = bins->head[bin_at(bins, at)];
  return count;
}
