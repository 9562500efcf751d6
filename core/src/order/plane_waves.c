#include "order/plane_waves.h"

#include <math.h>
#include <stdbool.h>

enum { AROUND = 2, UNKNOWNS = 4, COMPONENTS = 3 }; /* blocks on either side; of a line in x, y, z */
/* 1/nm: no block is more certain of k than planes are straight in it. */
static const double straight = 0.01;
static const double hold = 0.05; /* of the weight: slopes that few blocks tell become 0 */

/* Sums of the normal equations: value = m[0] + m[1 .. 3] (center - r) / edge, for each component.
 */
typedef struct line_sums {
  double matrix[UNKNOWNS][UNKNOWNS], right[UNKNOWNS][COMPONENTS];
  int64_t blocks;
} line_sums;

static bool shows(const csro_pole_block *block, int not_this) {
  return block->resolved && block->orientation >= 0 && block->orientation != not_this;
}

/* The blocks around the one that holds r, lo .. hi inclusive along each axis. */
static void blocks_around(const csro_pole_map *map, const double r[3], int64_t reach, int64_t lo[3],
                          int64_t hi[3]) {
  const double *box = map->blocks[0].box;
  for (int a = 0; a < 3; a++) {
    double at = floor((r[a] - box[2 * a]) / (box[2 * a + 1] - box[2 * a]));
    double last = (double)(map->n[a] - 1);
    at = fmin(fmax(at, 0), last);
    lo[a] = (int64_t)fmax(at - (double)reach, 0);
    hi[a] = (int64_t)fmin(at + (double)reach, last);
  }
}

static double square_distance(const double a[3], const double b[3], double edge) {
  double sum = 0;
  for (int c = 0; c < 3; c++)
    sum += (a[c] - b[c]) * (a[c] - b[c]) / (edge * edge);
  return sum;
}

/* The nearest block that shows planes, NULL when there is none among these. */
static const csro_pole_block *nearest(const csro_pole_map *map, const double r[3], int not_this,
                                      const int64_t lo[3], const int64_t hi[3]) {
  const csro_pole_block *best = NULL;
  double least = INFINITY;
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++)
      for (int64_t i = lo[0]; i <= hi[0]; i++) {
        const csro_pole_block *block = &map->blocks[(k * map->n[1] + j) * map->n[0] + i];
        double distance = square_distance(block->center, r, 1);
        if (shows(block, not_this) && distance < least) {
          least = distance;
          best = block;
        }
      }
  return best;
}

static void add_block(const csro_pole_block *block, const double r[3], double edge,
                      line_sums *sums) {
  double x[UNKNOWNS] = {1};
  for (int a = 0; a < 3; a++)
    x[a + 1] = (block->center[a] - r[a]) / edge;
  const double zero[3] = {0};
  double variance = square_distance(block->deviation, zero, 1) / 3 + straight * straight;
  double weight = exp(-square_distance(block->center, r, edge) / 2) / variance;
  for (int i = 0; i < UNKNOWNS; i++) {
    for (int j = 0; j < UNKNOWNS; j++)
      sums->matrix[i][j] += weight * x[i] * x[j];
    for (int c = 0; c < COMPONENTS; c++)
      sums->right[i][c] += weight * x[i] * block->wave[c];
  }
  sums->blocks++;
}

/* The value at r: the first unknown, by elimination from the last one on. The matrix is positive
 * definite for its diagonal is made larger. */
static void solve(line_sums *s, double wave[3]) {
  for (int i = 1; i < UNKNOWNS; i++)
    s->matrix[i][i] += hold * s->matrix[0][0];
  for (int p = UNKNOWNS - 1; p > 0; p--)
    for (int i = 0; i < p; i++) {
      double factor = s->matrix[i][p] / s->matrix[p][p];
      for (int j = 0; j <= p; j++)
        s->matrix[i][j] -= factor * s->matrix[p][j];
      for (int c = 0; c < COMPONENTS; c++)
        s->right[i][c] -= factor * s->right[p][c];
    }
  for (int c = 0; c < COMPONENTS; c++)
    wave[c] = s->right[0][c] / s->matrix[0][0];
}

int csro_plane_wave(const csro_pole_map *map, const double r[3], int not_this, double wave[3]) {
  wave[0] = wave[1] = wave[2] = 0;
  int64_t lo[3], hi[3], all = map->n[0] + map->n[1] + map->n[2], reach = AROUND;
  const csro_pole_block *block = NULL;
  do {
    blocks_around(map, r, reach, lo, hi);
    block = nearest(map, r, not_this, lo, hi);
    reach *= 2;
  } while (!block && not_this < 0 && reach < 2 * all);
  if (!block)
    return -1;
  line_sums sums = {0};
  double edge = block->box[1] - block->box[0];
  blocks_around(map, block->center, AROUND, lo, hi);
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++)
      for (int64_t i = lo[0]; i <= hi[0]; i++) {
        const csro_pole_block *other = &map->blocks[(k * map->n[1] + j) * map->n[0] + i];
        if (shows(other, not_this) && other->orientation == block->orientation)
          add_block(other, square_distance(block->center, r, edge) > 4 ? block->center : r, edge,
                    &sums);
      }
  solve(&sums, wave);
  return block->orientation;
}
