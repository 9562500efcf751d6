#include "pole/summary.h"

#include <math.h>
#include <stdlib.h>

static const double radius = 1;

/* Coherence squared of a cylinder, from its pieces along z, and its ions. */
typedef struct candidate {
  double coherence2, ions;
} candidate;

static candidate look(const csro_pole_cells *cells, const csro_pole_map *map, double noise,
                      int64_t i, int64_t j) {
  const csro_cylinder cylinder = {csro_cell_middle(cells, 0, i), csro_cell_middle(cells, 1, j),
                                  radius};
  const int64_t at[2] = {i, j};
  int64_t low[3], high[3];
  double excess = 0, pairs = 0;
  candidate c = {0, 0};
  const double k[3] = {0, 0, 1 / map->summary.spacing}; /* across z: nothing but heights */
  for (int a = 0; a < 2; a++) {
    int64_t reach = (int64_t)ceil(radius / cells->size[a]);
    low[a] = at[a] > reach ? at[a] - reach : 0;
    high[a] = at[a] + reach + 1 < cells->n[a] ? at[a] + reach + 1 : cells->n[a];
  }
  for (low[2] = 0; low[2] < cells->n[2]; low[2] += CSRO_CELLS_ALONG) {
    high[2] = low[2] + CSRO_CELLS_ALONG;
    double n, power = csro_pole_cells_power(cells, low, high, &cylinder, k, &n);
    double fade = csro_pole_cells_fade(cells, k);
    c.ions += n;
    excess += (power - noise * n) / (fade * fade);
    pairs += n * (n - 1);
  }
  c.coherence2 = pairs > 0 ? excess / pairs : 0;
  return c;
}

void csro_pole_axis(const csro_context *context, const csro_pole_cells *cells, double noise,
                    csro_pole_map *map) {
  int64_t columns = cells->n[0] * cells->n[1], best = -1;
  candidate *all = malloc((size_t)columns * sizeof *all);
  double most_ions = 0;
  if (!all)
    return;
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 16)
  for (int64_t c = 0; c < columns; c++)
    all[c] = look(cells, map, noise, c % cells->n[0], c / cells->n[0]);
  for (int64_t c = 0; c < columns; c++)
    most_ions = fmax(most_ions, all[c].ions);
  for (int64_t c = 0; c < columns; c++)
    if (all[c].ions >= most_ions / 3 && (best < 0 || all[c].coherence2 > all[best].coherence2))
      best = c;
  if (best >= 0) {
    map->summary.axis[0] = csro_cell_middle(cells, 0, best % cells->n[0]);
    map->summary.axis[1] = csro_cell_middle(cells, 1, best / cells->n[0]);
    map->summary.axis_coherence = sqrt(fmin(fmax(all[best].coherence2, 0), 1));
  }
  free(all);
}
