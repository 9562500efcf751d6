#include "pole/cells.h"

#include <math.h>
#include <stdlib.h>

/* A cell is at the surface where the ions around it lie this far to one side, in half widths of
 * what is around it (cells to either side along x and y, and along z). */
static const double most_lean = 0.12;
enum { ACROSS = 2, ALONG = 1 };

typedef struct around {
  double ions, lean[2];
} around;

static void add_around(const csro_pole_cells *cells, const int64_t at[3], around *sum) {
  const int64_t *n = cells->n;
  for (int64_t z = at[2] - ALONG; z <= at[2] + ALONG; z++)
    for (int64_t y = at[1] - ACROSS; y <= at[1] + ACROSS; y++)
      for (int64_t x = at[0] - ACROSS; x <= at[0] + ACROSS; x++) {
        if (x < 0 || y < 0 || z < 0 || x >= n[0] || y >= n[1] || z >= n[2])
          continue;
        double ions = cells->sums[3 * ((z * n[1] + y) * n[0] + x) + 2];
        sum->ions += ions;
        sum->lean[0] += ions * (double)(x - at[0]);
        sum->lean[1] += ions * (double)(y - at[1]);
      }
}

static bool is_surface(const csro_pole_cells *cells, int64_t cell) {
  const int64_t at[3] = {cell % cells->n[0], cell / cells->n[0] % cells->n[1],
                         cell / cells->n[0] / cells->n[1]};
  around sum = {0, {0}};
  add_around(cells, at, &sum);
  /* what chance makes of it: variance 2 of a place among -2 .. 2 */
  double chance = 3 * sqrt(2 * sum.ions);
  return hypot(sum.lean[0], sum.lean[1]) > most_lean * (ACROSS + 0.5) * sum.ions + chance;
}

csro_status csro_pole_cells_trim(csro_context *context, csro_pole_cells *cells) {
  int64_t count = csro_pole_cells_count(cells);
  bool *surface = csro_allocate(context, count, sizeof *surface);
  if (!surface)
    return CSRO_ERROR_MEMORY;
#pragma omp parallel for num_threads(context->threads)
  for (int64_t c = 0; c < count; c++)
    surface[c] = cells->sums[3 * c + 2] > 0 && is_surface(cells, c);
  for (int64_t c = 0; c < count; c++)
    for (int k = 0; surface[c] && k < 3; k++)
      cells->sums[3 * c + k] = 0;
  free(surface);
  return CSRO_OK;
}
