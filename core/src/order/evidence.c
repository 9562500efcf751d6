#include "order/evidence.h"

#include "base/clones.h"
#include "order/fast_log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RADII = CSRO_BALL_LANES, FACTORS = 8, BLOCK = 256 };
/* Evidence from which on larger balls are tried, and ln of their prior probability relative to that
 * of the sizes looked for. */
static const float demanding = 6, rarity = -2;
typedef float lanes __attribute__((vector_size(RADII * sizeof(float))));
typedef int32_t exponents __attribute__((vector_size(RADII * sizeof(int32_t))));
/* As they lie in the table. */
typedef float stored __attribute__((vector_size(RADII * sizeof(float)), aligned(4), may_alias));
typedef float block
    __attribute__((vector_size(CSRO_SIGNAL_SPARE * sizeof(float)), aligned(4), may_alias));

void csro_evidence_column_release(csro_evidence_column *column) {
  if (!column)
    return;
  free(column->start);
  free(column->run);
  free(column->distance);
  free(column->z);
  free(column->signal);
  *column = (csro_evidence_column){0};
}

/* Room for `wanted` ions. */
static bool reserve(csro_evidence_column *column, int64_t wanted) {
  if (wanted <= column->room)
    return true;
  const int64_t room = 2 * wanted + 1024;
  int32_t *distance = realloc(column->distance, (size_t)room * sizeof *distance);
  if (distance)
    column->distance = distance;
  float *z = realloc(column->z, (size_t)room * sizeof *z);
  if (z)
    column->z = z;
  float *signal = realloc(column->signal, (size_t)room * sizeof *signal);
  if (signal)
    column->signal = signal;
  if (!distance || !z || !signal)
    return false;
  column->room = room;
  return true;
}

static bool reserve_layers(csro_evidence_column *column, int64_t layers, int64_t rows) {
  if (layers < column->layers && rows <= column->rows)
    return true;
  column->layers = 2 * layers + 1;
  column->rows = 2 * rows;
  free(column->start);
  free(column->run);
  column->start = malloc((size_t)column->layers * sizeof *column->start);
  column->run = malloc((size_t)column->rows * sizeof *column->run);
  if (column->start && column->run)
    return true;
  column->layers = column->rows = 0;
  return false;
}

/* The run of cells of a row that the circle of reach_xy touches, run[1] not included. */
static void row_run(const csro_signal_ions *ions, double reach, const double center[2], int64_t j,
                    int64_t lo, int64_t hi, int64_t run[2]) {
  double near = ions->origin[1] + (double)j * CSRO_ORDER_CELL - center[1];
  double distance = fmax(fmax(near, -near - CSRO_ORDER_CELL), 0);
  run[0] = run[1] = lo;
  if (distance >= reach)
    return;
  double half = sqrt(reach * reach - distance * distance) + 1e-6;
  double first = (center[0] - half - ions->origin[0]) / CSRO_ORDER_CELL;
  double last = (center[0] + half - ions->origin[0]) / CSRO_ORDER_CELL;
  run[0] = first > (double)lo ? (int64_t)first : lo;
  run[1] = (last < (double)hi ? (int64_t)last : hi) + 1;
}

/* Where the ions of layers of rows of cells lie, relative to a line along z. */
typedef struct around {
  const csro_signal_ions *ions;
  const int64_t (*run)[2]; /* cells of each row */
  int64_t lo[3], layers, rows;
  float line[2];
  int32_t distances, beyond; /* `beyond` is taken from `distances` steps on */
} around;

/* First ion of a row of a layer, and the end. */
static inline int64_t row_of(const around *a, int64_t k, int64_t j, int64_t *end) {
  const int64_t *run = a->run[j];
  const int64_t *cell =
      a->ions->start + csro_signal_cell(a->ions, run[0], a->lo[1] + j, a->lo[2] + k);
  *end = cell[run[1] - run[0]];
  return cell[0];
}

static int64_t count_around(const around *a) {
  int64_t count = 0, end;
  for (int64_t k = 0; k < a->layers; k++)
    for (int64_t j = 0; j < a->rows; j++)
      if (a->run[j][0] < a->run[j][1]) {
        const int64_t begin = row_of(a, k, j, &end);
        count += end - begin;
      }
  return count;
}

/* Short runs are taken in whole blocks of CSRO_SIGNAL_SPARE: what is written after them is room. */
static inline void take_run(const around *a, int64_t begin, int64_t end, int32_t *restrict distance,
                            float *restrict z, float *restrict signal) {
  const csro_signal_ions *ions = a->ions;
  const float scale = (float)(1 / CSRO_PROFILE_STEP), cx = a->line[0], cy = a->line[1];
  const int32_t distances = a->distances, beyond = a->beyond;
  for (int64_t first = begin; first < end; first += CSRO_SIGNAL_SPARE) {
    const float *restrict x = ions->x + first, *restrict y = ions->y + first;
    for (int i = 0; i < CSRO_SIGNAL_SPARE; i++) {
      const float dx = x[i] - cx, dy = y[i] - cy;
      const int32_t d = (int32_t)(sqrtf(dx * dx + dy * dy) * scale);
      distance[i] = d < distances ? d : beyond;
    }
    *(block *)z = *(const block *)(ions->z + first);
    *(block *)signal = *(const block *)(ions->signal + first);
    distance += CSRO_SIGNAL_SPARE;
    z += CSRO_SIGNAL_SPARE;
    signal += CSRO_SIGNAL_SPARE;
  }
}

CSRO_CLONES static int64_t take_around(const around *a, csro_evidence_column *column) {
  int64_t count = 0, end;
  for (int64_t k = 0; k < a->layers; k++) {
    column->start[k] = count;
    for (int64_t j = 0; j < a->rows; j++) {
      if (a->run[j][0] >= a->run[j][1])
        continue;
      const int64_t begin = row_of(a, k, j, &end);
      take_run(a, begin, end, column->distance + count, column->z + count, column->signal + count);
      count += end - begin;
    }
  }
  return count;
}

bool csro_evidence_gather(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                          int size, const double at[2], const double z[2],
                          csro_evidence_column *column) {
  double middle[3] = {at[0], at[1], (z[0] + z[1]) / 2};
  double reach = profiles->reach_xy[size], reach_z = (z[1] - z[0]) / 2 + profiles->reach_z[size];
  int64_t hi[3];
  around a = {.ions = ions,
              .line = {(float)at[0], (float)at[1]},
              .distances = (int32_t)lround(reach / CSRO_PROFILE_STEP),
              .beyond = profiles->depths * profiles->distances};
  column->ions = ions;
  column->profiles = profiles;
  column->size = size;
  column->lo = column->hi = 0;
  if (!csro_signal_block(ions, middle, reach, reach_z, a.lo, hi))
    return true;
  a.layers = hi[2] - a.lo[2] + 1;
  a.rows = hi[1] - a.lo[1] + 1;
  if (!reserve_layers(column, a.layers, a.rows))
    return false;
  for (int64_t j = 0; j < a.rows; j++)
    row_run(ions, reach, at, a.lo[1] + j, a.lo[0], hi[0], column->run[j]);
  a.run = (const int64_t(*)[2])column->run;
  if (!reserve(column, count_around(&a) + CSRO_SIGNAL_SPARE))
    return false;
  column->start[a.layers] = take_around(&a, column);
  column->lo = a.lo[2];
  column->hi = hi[2] + 1;
  return true;
}

/* Places of n ions in the table of shares; those beyond it take its last entry, 0. */
CSRO_CLONES static void look_up(const int32_t *restrict distance, const float *restrict z, float at,
                                int64_t n, int32_t distances, int32_t depths,
                                int32_t *restrict entry) {
  const float scale = (float)(1 / CSRO_PROFILE_STEP);
  const int32_t beyond = depths * distances;
  for (int64_t i = 0; i < n; i++) {
    int32_t place = (int32_t)(fabsf(z[i] - at) * scale) * distances + distance[i];
    entry[i] = place < beyond ? place : beyond;
  }
}

/* A product of many factors: the exponent of 2 is kept apart. */
typedef struct product {
  lanes value;
  exponents exponent;
} product;

static inline void carry(product *p) {
  union {
    lanes f;
    exponents i;
  } bits = {.f = p->value};
  p->exponent += ((bits.i >> 23) & 0xff) - 127;
  bits.i = (bits.i & 0x7fffff) | 0x3f800000;
  p->value = bits.f;
}

/* Multiplies the products with 1 + share signal and 1 - share signal of n ions. */
CSRO_CLONES static void multiply(const float *share, const int32_t *entry, const float *signal,
                                 int64_t n, product *rich) {
  const stored *table = (const stored *)share;
  product even = rich[0], odd = rich[1];
  int64_t i = 0;
  for (; i + 2 * FACTORS <= n; i += 2 * FACTORS) {
    lanes p = even.value, q = odd.value, p2 = (lanes){0} + 1, q2 = p2;
    for (int f = 0; f < 2 * FACTORS; f += 2) {
      lanes s = table[entry[i + f]] * signal[i + f];
      lanes t = table[entry[i + f + 1]] * signal[i + f + 1];
      p *= 1 + s;
      q *= 1 - s;
      p2 *= 1 + t;
      q2 *= 1 - t;
    }
    even.value = p * p2;
    odd.value = q * q2;
    carry(&even);
    carry(&odd);
  }
  for (; i < n; i++) {
    lanes s = table[entry[i]] * signal[i];
    even.value *= 1 + s;
    odd.value *= 1 - s;
  }
  carry(&even);
  carry(&odd);
  rich[0] = even;
  rich[1] = odd;
}

static inline int64_t floor_of(double x) {
  const int64_t whole = (int64_t)x;
  return whole - ((double)whole > x);
}

static inline int64_t clamp(int64_t value, int64_t lo, int64_t hi) {
  return value < lo ? lo : value > hi ? hi : value;
}

/* Of the layers gathered, those that balls around this height reach. */
static void window(const csro_evidence_column *column, double z, int64_t *begin, int64_t *end) {
  double reach = column->profiles->reach_z[column->size] + 1e-6, origin = column->ions->origin[2];
  int64_t first = floor_of((z - reach - origin) / CSRO_ORDER_CELL);
  int64_t last = floor_of((z + reach - origin) / CSRO_ORDER_CELL) + 1;
  int64_t lo = clamp(first, column->lo, column->hi), hi = clamp(last, lo, column->hi);
  *begin = lo < hi ? column->start[lo - column->lo] : 0;
  *end = lo < hi ? column->start[hi - column->lo] : 0;
}

CSRO_CLONES static void find_logs(const product rich[2], float out[2][RADII]) {
  for (int v = 0; v < 2; v++)
    for (int r = 0; r < RADII; r++)
      out[v][r] = csro_fast_log(rich[v].value[r]) + (float)rich[v].exponent[r] * 0.693147181f;
}

void csro_evidence_at(const csro_evidence_column *column, double z, float out[2][RADII]) {
  const csro_ball_profiles *profiles = column->profiles;
  int32_t entry[BLOCK];
  int64_t begin, end;
  product rich[2];
  rich[0] = rich[1] = (product){(lanes){0} + 1, {0}};
  window(column, z, &begin, &end);
  for (int64_t first = begin; first < end; first += BLOCK) {
    int64_t n = end - first < BLOCK ? end - first : BLOCK;
    look_up(column->distance + first, column->z + first, (float)z, n, profiles->distances,
            profiles->depths, entry);
    multiply(profiles->share, entry, column->signal + first, n, rich);
  }
  find_logs(rich, out);
  for (int v = 0; v < 2; v++)
    for (int r = v == 1 && profiles->one_phase ? 0 : column->size + 1; r < RADII; r++)
      out[v][r] = CSRO_NO_EVIDENCE;
  for (int v = 0; v < 2; v++)
    for (int r = CSRO_ORDER_RADII; r <= column->size; r++)
      out[v][r] += rarity;
}

bool csro_evidence_larger(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                          const double center[3], csro_evidence_column *column,
                          float found[2][RADII]) {
  const int last = CSRO_ORDER_RADII - 1;
  const float best = found[0][last] > found[1][last] ? found[0][last] : found[1][last];
  bool asked = best > demanding;
  for (int r = 0; r < last; r++)
    asked = asked && best > found[0][r] && best > found[1][r];
  if (!asked)
    return true;
  if (!csro_evidence_gather(ions, profiles, RADII - 1, center, (double[2]){center[2], center[2]},
                            column))
    return false;
  csro_evidence_at(column, center[2], found);
  return true;
}
