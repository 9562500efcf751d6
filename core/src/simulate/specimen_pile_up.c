#include "simulate/specimen_pile_up.h"

#include "simulate/specimen_shape.h"
#include "simulate/specimen_streams.h"

#include <math.h>
#include <stdlib.h>

csro_status csro_hits_init(csro_context *context, const csro_grains *grains, csro_hits *hits) {
  const csro_crystal *crystal = &grains->crystal;
  const int64_t planes = grains->specimen->pile_up.planes - 1;
  *hits = (csro_hits){0};
  csro_specimen_half_max(grains->specimen, hits->half);
  for (int axis = 0; axis < 2; axis++)
    hits->edge[axis] = 2 * hits->half[axis] / CSRO_HIT_CELLS;
  hits->head = csro_allocate(context, CSRO_HIT_CELLS * CSRO_HIT_CELLS, sizeof *hits->head);
  hits->above = csro_allocate(context, grains->count * planes * crystal->rows * crystal->columns,
                              sizeof *hits->above);
  return hits->head && hits->above ? CSRO_OK : CSRO_ERROR_MEMORY;
}

void csro_hits_release(csro_hits *hits) {
  if (!hits)
    return;
  free(hits->head);
  free(hits->above);
  *hits = (csro_hits){0};
}

void csro_hits_clear(csro_hits *hits) {
  hits->recent_count = hits->above_count = 0;
  for (int k = 0; k < CSRO_HIT_CELLS * CSRO_HIT_CELLS; k++)
    hits->head[k] = -1;
}

/* Cells at the rim hold what lies beyond, too. */
static int cell_along(const csro_hits *hits, int axis, double r) {
  double cell = floor((r + hits->half[axis]) / hits->edge[axis]);
  return (int)fmin(fmax(cell, 0), CSRO_HIT_CELLS - 1);
}

void csro_hits_add_above(csro_hits *hits, int species, const double seen[3]) {
  int64_t *head =
      &hits->head[cell_along(hits, 1, seen[1]) * CSRO_HIT_CELLS + cell_along(hits, 0, seen[0])];
  hits->above[hits->above_count] = (csro_hit){seen[0], seen[1], species, *head};
  *head = hits->above_count++;
}

static bool meets(const csro_hit *hit, int species, const double seen[3], double distance) {
  double x = seen[0] - hit->x, y = seen[1] - hit->y;
  return hit->species == species && x * x + y * y < distance * distance;
}

static bool meets_above(const csro_hits *hits, int species, const double seen[3], double distance) {
  if (hits->above_count == 0)
    return false;
  int lo[2], hi[2];
  for (int axis = 0; axis < 2; axis++) {
    lo[axis] = cell_along(hits, axis, seen[axis] - distance);
    hi[axis] = cell_along(hits, axis, seen[axis] + distance);
  }
  for (int row = lo[1]; row <= hi[1]; row++)
    for (int column = lo[0]; column <= hi[0]; column++)
      for (int64_t k = hits->head[row * CSRO_HIT_CELLS + column]; k >= 0; k = hits->above[k].next)
        if (meets(&hits->above[k], species, seen, distance))
          return true;
  return false;
}

static bool meets_recent(const csro_pile_up *pile_up, const csro_hits *hits, int species,
                         const double seen[3]) {
  int64_t count = hits->recent_count;
  int64_t first = count > pile_up->reach ? count - pile_up->reach : 0;
  for (int64_t k = first; k < count; k++)
    if (meets(&hits->recent[k % CSRO_PILE_UP_REACH], species, seen, pile_up->distance))
      return true;
  return false;
}

bool csro_hits_lose(const csro_specimen *specimen, csro_hits *hits, int64_t number, int species,
                    const double seen[3]) {
  const csro_pile_up *pile_up = &specimen->pile_up;
  bool met = meets_recent(pile_up, hits, species, seen) ||
             meets_above(hits, species, seen, pile_up->distance);
  hits->recent[hits->recent_count++ % CSRO_PILE_UP_REACH] =
      (csro_hit){seen[0], seen[1], species, -1};
  csro_random random;
  csro_pile_up_start(&random, specimen->seed, number);
  return met && csro_random_uniform(&random) < pile_up->probability;
}
