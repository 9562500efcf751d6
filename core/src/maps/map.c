#include "csro/maps.h"
#include "csro/voxels.h"

#include "base/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { block_ions = 65536 };

csro_status csro_map_init(csro_context *context, const double bounds[6], double side, int across,
                          csro_map *map) {
  *map = (csro_map){.side = side, .across = across, .cells = 1};
  csro_status status =
      csro_check_number(context, "side of a cell in nm", side, CSRO_SHORTEST, CSRO_LONGEST);
  for (int a = 0; a < 3 && status == CSRO_OK; a++) {
    csro_profile along = {bounds[2 * a], bounds[2 * a + 1] - bounds[2 * a], 1};
    if (a != across)
      status = csro_profile_init(context, bounds[2 * a], bounds[2 * a + 1], side, &along);
    map->origin[a] = along.first;
    map->n[a] = along.bins;
    map->cells = map->cells > CSRO_MAP_CELLS ? map->cells : map->cells * along.bins;
  }
  if (status == CSRO_OK && map->cells > CSRO_MAP_CELLS)
    status =
        csro_fail(context, CSRO_ERROR_ARGUMENT,
                  "cells of %g nm: %lld x %lld x %lld, expected at most %d cells", side,
                  (long long)map->n[0], (long long)map->n[1], (long long)map->n[2], CSRO_MAP_CELLS);
  return status;
}

double csro_map_cell_size(const csro_map *map) {
  return map->across < 0 ? map->side * map->side * map->side : map->side * map->side;
}

int64_t csro_map_cell(const csro_map *map, const double r[3]) {
  int64_t at[3];
  for (int a = 0; a < 3; a++) {
    const csro_profile along = {map->origin[a], map->side, (int)map->n[a]};
    at[a] = a == map->across ? 0 : csro_profile_bin(&along, r[a]);
    if (at[a] < 0)
      return -1;
  }
  return (at[2] * map->n[1] + at[1]) * map->n[0] + at[0];
}

csro_status csro_map_count(csro_context *context, const csro_map *map, const csro_points *points,
                           const uint16_t *label, const int32_t *weight_of_label, int64_t *counts) {
  memset(counts, 0, (size_t)map->cells * sizeof *counts);
  csro_progress progress;
  csro_progress_start(&progress, context, points->count, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t begin = 0; begin < points->count; begin += block_ions) {
    const int64_t end = points->count - begin < block_ions ? points->count : begin + block_ions;
    if (csro_progress_add(&progress, end - begin))
      continue;
    for (int64_t i = begin; i < end; i++) {
      const int64_t weight = weight_of_label ? weight_of_label[label ? label[i] : 0] : 1;
      double r[3];
      csro_points_get(points, i, r);
      const int64_t cell = weight == 0 ? -1 : csro_map_cell(map, r);
      if (cell < 0)
        continue;
#pragma omp atomic
      counts[cell] += weight;
    }
  }
  return csro_progress_end(&progress);
}

/* Weights of 0 .. reach cells; returns the reach. */
static int make_kernel(double sigma, double side, int most, double *weight) {
  int reach = (int)fmin(ceil(4 * sigma / side), most);
  double all = 0;
  for (int k = 0; k <= reach; k++) {
    /* the part of the normal distribution that falls into the cell k away */
    const double from = (k - 0.5) * side / sigma, to = (k + 0.5) * side / sigma;
    weight[k] = (erf(to / sqrt(2)) - erf(from / sqrt(2))) / 2;
    all += k > 0 ? 2 * weight[k] : weight[k];
  }
  for (int k = 0; k <= reach; k++)
    weight[k] /= all;
  return reach;
}

/* One axis: out = weights along it, or their squares. */
static void smooth_line(const double *in, int64_t n, int64_t step, const double *weight, int reach,
                        bool squared, double *out) {
  for (int64_t i = 0; i < n; i++) {
    double sum = 0;
    for (int64_t k = -reach; k <= reach; k++)
      if (i + k >= 0 && i + k < n) {
        const double w = weight[k < 0 ? -k : k];
        sum += (squared ? w * w : w) * in[(i + k) * step];
      }
    out[i * step] = sum;
  }
}

static void smooth_axis(csro_context *context, const csro_map *map, int axis, const double *in,
                        const double *weight, int reach, bool squared, double *out) {
  const int64_t step = axis == 0 ? 1 : axis == 1 ? map->n[0] : map->n[0] * map->n[1];
  const int64_t lines = map->cells / map->n[axis];
#pragma omp parallel for num_threads(context->threads)
  for (int64_t line = 0; line < lines; line++) {
    const int64_t begin = line % step + line / step * step * map->n[axis];
    smooth_line(in + begin, map->n[axis], step, weight, reach, squared, out + begin);
  }
}

static void spread(csro_context *context, const csro_map *map, const int64_t *counts,
                   const double *weight, int reach, bool squared, double *scratch, double *out) {
  for (int64_t i = 0; i < map->cells; i++)
    out[i] = (double)counts[i];
  for (int axis = 0; axis < 3; axis++) {
    if (axis == map->across)
      continue;
    smooth_axis(context, map, axis, out, weight, reach, squared, scratch);
    memcpy(out, scratch, (size_t)map->cells * sizeof *out);
  }
}

csro_status csro_map_delocalise(csro_context *context, const csro_map *map, const int64_t *counts,
                                double sigma, double *sums, double *variances) {
  int64_t most = 1;
  for (int a = 0; a < 3; a++)
    most = map->n[a] > most ? map->n[a] : most;
  csro_status status = csro_check_number(context, "delocalisation in nm", sigma, 0, CSRO_LONGEST);
  if (status != CSRO_OK)
    return status;
  double *weight = csro_allocate(context, most + 1, sizeof *weight);
  double *scratch = csro_allocate(context, map->cells, sizeof *scratch);
  if (weight && scratch) {
    int reach = 0;
    weight[0] = 1;
    if (sigma > 0)
      reach = make_kernel(sigma, map->side, (int)most, weight);
    spread(context, map, counts, weight, reach, false, scratch, sums);
    if (variances)
      spread(context, map, counts, weight, reach, true, scratch, variances);
  }
  free(weight);
  free(scratch);
  return weight && scratch ? CSRO_OK : CSRO_ERROR_MEMORY;
}

void csro_map_share(double a, double t, double variance_of_t, double *share, double *error) {
  *share = t > 0 ? a / t : NAN;
  *error = t > 0 ? sqrt(fmax(*share * (1 - *share), 0) * variance_of_t) / t : NAN;
}

bool csro_map_is_inside(const csro_map *map, const int64_t *counts, int64_t cell) {
  const int64_t at[3] = {cell % map->n[0], cell / map->n[0] % map->n[1],
                         cell / (map->n[0] * map->n[1])};
  for (int a = 0; a < 3; a++)
    if (at[a] < 1 || at[a] > map->n[a] - 2)
      return false;
  for (int corner = 0; corner < 8; corner++) {
    const int64_t x = at[0] + (corner & 1 ? 1 : -1), y = at[1] + (corner & 2 ? 1 : -1),
                  z = at[2] + (corner & 4 ? 1 : -1);
    if (counts[(z * map->n[1] + y) * map->n[0] + x] == 0)
      return false;
  }
  return true;
}

void csro_map_profile(const csro_map *map, const int64_t *counts, const double unit[3],
                      const csro_profile *profile, int64_t *ions, int64_t *cells) {
  memset(ions, 0, (size_t)profile->bins * sizeof *ions);
  memset(cells, 0, (size_t)profile->bins * sizeof *cells);
  for (int64_t i = 0; i < map->cells; i++) {
    const int64_t at[3] = {i % map->n[0], i / map->n[0] % map->n[1], i / (map->n[0] * map->n[1])};
    double along = 0;
    for (int a = 0; a < 3; a++)
      along += unit[a] * (map->origin[a] + ((double)at[a] + 0.5) * map->side);
    const int bin = csro_profile_bin(profile, along);
    if (bin < 0 || !csro_map_is_inside(map, counts, i))
      continue;
    ions[bin] += counts[i];
    cells[bin]++;
  }
}
