#include "pole/summary.h"

#include <math.h>
#include <stdlib.h>

/* Blocks without planes count against a crop this much: nine tenths of its ions show planes, or
 * more, at its margin. */
static const int64_t against = 9;

/* What the blocks of a column along z between low and high gain. */
static int64_t worth(const csro_pole_block *block) {
  return block->orientation == 0 ? block->ions : -against * block->ions;
}

/* The run of values with the largest sum (at least one). */
static int64_t best_run(const int64_t *value, int64_t n, int64_t run[2]) {
  int64_t best = INT64_MIN, sum = 0, first = 0;
  for (int64_t i = 0; i < n; i++) {
    if (sum <= 0) {
      sum = 0;
      first = i;
    }
    sum += value[i];
    if (sum > best) {
      best = sum;
      run[0] = first;
      run[1] = i + 1;
    }
  }
  return best;
}

/* The box of blocks with the largest worth, low <= index < high. */
typedef struct crop {
  int64_t worth, low[3], high[3];
} crop;

static void try_box(const csro_pole_map *map, int64_t *along, int64_t x0, int64_t y0, crop *best) {
  const int64_t *n = map->n;
  /* along[y][z]: sums over x0 .. x1; below: over y0 .. y1 */
  int64_t *columns = along, *run = along + n[1] * n[2];
  for (int64_t i = 0; i < n[1] * n[2]; i++)
    columns[i] = 0;
  for (int64_t x1 = x0; x1 < n[0]; x1++) {
    for (int64_t y = y0; y < n[1]; y++)
      for (int64_t z = 0; z < n[2]; z++)
        columns[y * n[2] + z] += worth(&map->blocks[(z * n[1] + y) * n[0] + x1]);
    for (int64_t z = 0; z < n[2]; z++)
      run[z] = 0;
    for (int64_t y1 = y0; y1 < n[1]; y1++) {
      int64_t ends[2] = {0, 1};
      for (int64_t z = 0; z < n[2]; z++)
        run[z] += columns[y1 * n[2] + z];
      int64_t gain = best_run(run, n[2], ends);
      if (gain > best->worth)
        *best = (crop){gain, {x0, y0, ends[0]}, {x1 + 1, y1 + 1, ends[1]}};
    }
  }
}

csro_status csro_pole_crop(csro_context *context, const double bounds[6], csro_pole_map *map) {
  const int64_t *n = map->n;
  crop best = {0, {0}, {0}};
  int64_t *room = csro_allocate(context, (n[1] + 1) * n[2], sizeof *room);
  if (!room)
    return CSRO_ERROR_MEMORY;
  for (int64_t x = 0; x < n[0]; x++)
    for (int64_t y = 0; y < n[1]; y++)
      try_box(map, room, x, y, &best);
  free(room);
  if (best.worth == 0)
    return CSRO_OK;
  const csro_pole_block *first =
      &map->blocks[(best.low[2] * n[1] + best.low[1]) * n[0] + best.low[0]];
  const csro_pole_block *last =
      &map->blocks[((best.high[2] - 1) * n[1] + best.high[1] - 1) * n[0] + best.high[0] - 1];
  double inside = 0, all = 0;
  for (int a = 0; a < 3; a++) {
    map->summary.crop[2 * a] = fmax(first->box[2 * a], bounds[2 * a]);
    map->summary.crop[2 * a + 1] = fmin(last->box[2 * a + 1], bounds[2 * a + 1]);
  }
  for (int64_t b = 0; b < n[0] * n[1] * n[2]; b++) {
    int64_t at[3] = {b % n[0], b / n[0] % n[1], b / n[0] / n[1]};
    bool in = true;
    for (int a = 0; a < 3; a++)
      in = in && at[a] >= best.low[a] && at[a] < best.high[a];
    inside += in ? (double)map->blocks[b].ions : 0;
    all += (double)map->blocks[b].ions;
  }
  map->summary.crop_share = inside / all;
  return CSRO_OK;
}
