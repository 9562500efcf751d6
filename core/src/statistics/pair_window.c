#include "csro/pair_window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEIGHTS = 64, ANGLES = 128, LENGTHS = 2 };

csro_status csro_pair_window_make(csro_context *context, const csro_map *map, const int64_t *counts,
                                  csro_pair_window *window) {
  *window = (csro_pair_window){.map = *map};
  window->inside = csro_allocate(context, map->cells, sizeof *window->inside);
  if (!window->inside) {
    *window = (csro_pair_window){0};
    return CSRO_ERROR_MEMORY;
  }
  for (int64_t cell = 0; cell < map->cells; cell++) {
    window->inside[cell] = csro_map_is_inside(map, counts, cell);
    window->cells += window->inside[cell];
  }
  return CSRO_OK;
}

void csro_pair_window_release(csro_pair_window *window) {
  if (!window)
    return;
  free(window->inside);
  *window = (csro_pair_window){0};
}

bool csro_pair_window_holds(const csro_pair_window *window, const double r[3]) {
  const csro_map *map = &window->map;
  int64_t at[3];
  for (int a = 0; a < 3; a++) {
    const double cell = floor((r[a] - map->origin[a]) / map->side);
    if (!(cell >= 0 && cell < (double)map->n[a]))
      return false;
    at[a] = (int64_t)cell;
  }
  return window->inside[(at[2] * map->n[1] + at[1]) * map->n[0] + at[0]];
}

double csro_pair_window_volume(const csro_pair_window *window) {
  return (double)window->cells * pow(window->map.side, 3);
}

/* Cells of the window that are in it when it is shifted by so many cells. */
static int64_t common_cells(const csro_pair_window *window, const int64_t shift[3]) {
  const int64_t *n = window->map.n;
  int64_t begin[3], end[3], common = 0;
  for (int a = 0; a < 3; a++) {
    begin[a] = shift[a] < 0 ? -shift[a] : 0;
    end[a] = shift[a] > 0 ? n[a] - shift[a] : n[a];
  }
  const int64_t apart = (shift[2] * n[1] + shift[1]) * n[0] + shift[0];
  for (int64_t z = begin[2]; z < end[2]; z++)
    for (int64_t y = begin[1]; y < end[1]; y++) {
      const uint8_t *row = window->inside + (z * n[1] + y) * n[0];
      int32_t here = 0;
      for (int64_t x = begin[0]; x < end[0]; x++)
        here += row[x] & row[x + apart];
      common += here;
    }
  return common;
}

/* The cells in common for all shifts from -reach to reach. */
struct overlap {
  int reach;
  int64_t *common; /* [2 reach + 1] along z, y, x */
};

static int64_t place_of(const struct overlap *overlap, const int64_t shift[3]) {
  const int64_t wide = 2 * overlap->reach + 1;
  return ((shift[2] + overlap->reach) * wide + shift[1] + overlap->reach) * wide + shift[0] +
         overlap->reach;
}

static void find_overlap(const csro_pair_window *window, int threads, struct overlap *overlap) {
  const int64_t wide = 2 * overlap->reach + 1, places = wide * wide * wide;
#pragma omp parallel for num_threads(threads) schedule(dynamic, 16)
  for (int64_t place = 0; place <= places / 2; place++) {
    const int64_t shift[3] = {place % wide - overlap->reach, place / wide % wide - overlap->reach,
                              place / (wide * wide) - overlap->reach};
    overlap->common[place] = common_cells(window, shift);
    overlap->common[places - 1 - place] = overlap->common[place]; /* the other way round */
  }
}

/* Of cubes the volume in common is linear between whole cells along each axis. */
static double overlap_at(const struct overlap *overlap, const double cells[3]) {
  int64_t low[3];
  double part[3], sum = 0;
  for (int a = 0; a < 3; a++) {
    low[a] = (int64_t)floor(cells[a]);
    part[a] = cells[a] - (double)low[a];
  }
  for (int corner = 0; corner < 8; corner++) {
    double weight = 1;
    int64_t at[3];
    for (int a = 0; a < 3; a++) {
      const int up = corner >> a & 1;
      weight *= up ? part[a] : 1 - part[a];
      at[a] = low[a] + up;
    }
    sum += weight * (double)overlap->common[place_of(overlap, at)];
  }
  return sum;
}

/* The mean over all directions; half of them, for the others are the same. */
static double mean_overlap(const struct overlap *overlap, double length) {
  const double pi = acos(-1.0);
  double sum = 0;
  for (int i = 0; i < HEIGHTS; i++) {
    const double up = (i + 0.5) / HEIGHTS, across = sqrt(1 - up * up);
    for (int k = 0; k < ANGLES; k++) {
      const double angle = 2 * pi * (k + 0.5) / ANGLES;
      sum += overlap_at(overlap, (double[]){length * across * cos(angle),
                                            length * across * sin(angle), length * up});
    }
  }
  return sum / (HEIGHTS * ANGLES);
}

csro_status csro_pair_window_room(csro_context *context, const csro_pair_window *window,
                                  double last, int bins, double *room) {
  static const double node[LENGTHS] = {-0.57735026918962576, 0.57735026918962576}; /* of Gauss */
  const double side = window->map.side, width = last / bins, pi = acos(-1.0);
  if (!(last > 0 && last <= 100 * side) || bins < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "%d bins up to %g nm, expected 1 or more up to %g nm", bins, last, 100 * side);
  struct overlap overlap = {.reach = (int)ceil(last / side) + 1};
  const int64_t wide = 2 * overlap.reach + 1;
  overlap.common = csro_allocate(context, wide * wide * wide, sizeof *overlap.common);
  if (!overlap.common)
    return CSRO_ERROR_MEMORY;
  find_overlap(window, context->threads, &overlap);
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 1)
  for (int bin = 0; bin < bins; bin++) {
    room[bin] = 0;
    for (int k = 0; k < LENGTHS; k++) {
      const double r = (bin + 0.5 + node[k] / 2) * width;
      room[bin] += 4 * pi * r * r * width / LENGTHS * mean_overlap(&overlap, r / side);
    }
    room[bin] *= side * side * side;
  }
  free(overlap.common);
  return CSRO_OK;
}

static void take(const csro_pair_window *window, const csro_labelled_ions *ions, double *xyz,
                 int64_t *number, csro_labelled_ions *taken) {
  for (int64_t i = 0; i < ions->points.count; i++) {
    double *r = xyz + 3 * taken->points.count;
    csro_points_get(&ions->points, i, r);
    if (!csro_pair_window_holds(window, r))
      continue;
    number[taken->points.count++] = ions->number[i];
    taken->own += i < ions->own;
  }
}

csro_status csro_pair_window_count(csro_context *context, const csro_pair_window *window,
                                   const csro_labelled_ions *ions, const csro_neighbour_bins *bins,
                                   int64_t *sums) {
  const int64_t count = ions->points.count;
  double *xyz = csro_allocate(context, 3 * count + 3, sizeof *xyz);
  int64_t *number = csro_allocate(context, count + 1, sizeof *number);
  uint8_t *zeros = csro_allocate(context, count + 1, 1); /* all of one part and of one group */
  csro_status status = CSRO_ERROR_MEMORY;
  if (xyz && number && zeros) {
    memset(zeros, 0, (size_t)count + 1);
    csro_labelled_ions taken = {{xyz, true, 0}, 0, number, zeros, 1, 1, 1, zeros};
    take(window, ions, xyz, number, &taken);
    csro_neighbour_counts counts;
    status = csro_neighbour_counts_make(context, &taken, bins, &counts);
    if (status == CSRO_OK) {
      sums[0] = counts.ions[0];
      memcpy(sums + 1, counts.of, (size_t)bins->count * sizeof *sums);
    }
    csro_neighbour_counts_release(&counts);
  }
  free(xyz);
  free(number);
  free(zeros);
  return status;
}
