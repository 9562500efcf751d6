/* Sums over pairs of ions for csro/lateral.h. */
#include "csro/lateral.h"
#include "base/clones.h"
#include "order/signal_ions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ACROSS = CSRO_LATERAL_ACROSS, PARTS = CSRO_LATERAL_PARTS };
enum { BINS = CSRO_LATERAL_ALONG * ACROSS, CELLS = 4 /* that the reach spans */ };
enum { BEYOND = 16 };
enum { BLOCK = 10 /* cells, along each axis, that stay together: an even number */ };
static const float unit = 1024;          /* of signals and their squares */
static const double enough_ions = 300e3; /* of which all pairs are taken */

/* Which of the parts a cell is in: a hash of its block. */
static int part_of(int64_t i, int64_t j, int64_t k) {
  uint64_t h = (uint64_t)(i / BLOCK) * UINT64_C(0x9E3779B97F4A7C15) ^
               (uint64_t)(j / BLOCK) * UINT64_C(0xC2B2AE3D27D4EB4F) ^
               (uint64_t)(k / BLOCK) * UINT64_C(0x165667B19E3779F9);
  h = (h ^ (h >> 31)) * UINT64_C(0xBF58476D1CE4E5B9);
  return (int)((h ^ (h >> 29)) % PARTS);
}

/* Whether an ion is the first of pairs: a share of them, by their place. */
static bool is_taken(float x, float y, float z, double share) {
  uint32_t bits[3];
  memcpy(&bits[0], &x, sizeof x);
  memcpy(&bits[1], &y, sizeof y);
  memcpy(&bits[2], &z, sizeof z);
  uint64_t h = (bits[0] * UINT64_C(0x9E3779B97F4A7C15)) ^ (bits[1] * UINT64_C(0xC2B2AE3D27D4EB4F)) ^
               (bits[2] * UINT64_C(0x165667B19E3779F9));
  h = (h ^ (h >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
  return share >= 1 || (double)(h >> 11) < share * 0x1p53;
}

typedef int32_t values __attribute__((vector_size(4 * sizeof(int32_t))));
typedef int64_t products __attribute__((vector_size(4 * sizeof(int64_t))));

typedef struct pairs {
  csro_signal_ions ions;
  values *value; /* of each ion: signal, its square and parity, in units */
  double share;
  int64_t half[CELLS + 1]; /* cells that the reach spans along x, so many rows away */
} pairs;

/* Bins of pairs of an ion at r with n others; those too far away are spread over the last ones. */
CSRO_CLONES static void find_bins(const float *restrict x, const float *restrict y,
                                  const float *restrict z, const float r[3], int64_t n,
                                  int32_t *restrict bin) {
  const float reach = (float)CSRO_LATERAL_REACH, scale = (float)(ACROSS / CSRO_LATERAL_REACH);
  const float steps = (float)(CSRO_LATERAL_ALONG / CSRO_LATERAL_REACH);
  const float rx = r[0], ry = r[1], rz = r[2];
  for (int64_t j = 0; j < n; j++) {
    const float dx = x[j] - rx, dy = y[j] - ry, dz = fabsf(z[j] - rz);
    const float square = dx * dx + dy * dy;
    const int32_t at = (int32_t)(dz * steps) * ACROSS + (int32_t)(sqrtf(square) * scale);
    bin[j] = square < reach * reach && dz < reach ? at : BINS + (int32_t)(j % BEYOND);
  }
}

/* Adds the products of n others with `own` to the sums of their bins. */
CSRO_CLONES static void add_products(const values *own, const values *restrict other,
                                     const int32_t *restrict bin, int64_t n,
                                     products *restrict sum) {
  const values first = *own;
  for (int64_t j = 0; j < n; j++)
    sum[bin[j]] += __builtin_convertvector(first * other[j], products);
}

/* The ions of a cell, and after them all that those may be the first of pairs with: each pair is
 * taken once. Scratch of one thread. */
typedef struct others {
  int64_t count, room;
  float *x, *y, *z;
  values *value;
  int32_t *bin;
} others;

static void others_release(others *a) {
  free(a->x);
  free(a->y);
  free(a->z);
  free(a->value);
  free(a->bin);
}

static bool reserve(others *a, int64_t wanted) {
  if (wanted <= a->room)
    return true;
  const int64_t room = 2 * wanted + 1024;
  float *x = realloc(a->x, (size_t)room * sizeof *x);
  a->x = x ? x : a->x;
  float *y = realloc(a->y, (size_t)room * sizeof *y);
  a->y = y ? y : a->y;
  float *z = realloc(a->z, (size_t)room * sizeof *z);
  a->z = z ? z : a->z;
  values *value = realloc(a->value, (size_t)room * sizeof *value);
  a->value = value ? value : a->value;
  int32_t *bin = realloc(a->bin, (size_t)room * sizeof *bin);
  a->bin = bin ? bin : a->bin;
  if (!x || !y || !z || !value || !bin)
    return false;
  a->room = room;
  return true;
}

typedef float block
    __attribute__((vector_size(CSRO_SIGNAL_SPARE * sizeof(float)), aligned(4), may_alias));

/* Copies n ions from `begin` on in whole blocks of CSRO_SIGNAL_SPARE. */
CSRO_CLONES static void copy(const pairs *p, int64_t begin, int64_t n, others *a) {
  const float *const from[] = {p->ions.x + begin, p->ions.y + begin, p->ions.z + begin};
  float *const to[] = {a->x + a->count, a->y + a->count, a->z + a->count};
  const char *value = (const char *)(p->value + begin);
  char *out = (char *)(a->value + a->count);
  for (int64_t i = 0; i < n; i += CSRO_SIGNAL_SPARE)
    for (int c = 0; c < 3; c++)
      *(block *)(to[c] + i) = *(const block *)(from[c] + i);
  for (int64_t i = 0; i < n * (int64_t)sizeof *p->value; i += (int64_t)sizeof(block))
    *(block *)(out + i) = *(const block *)(value + i);
}

/* Ions from begin to end. */
static bool gather(const pairs *p, int64_t begin, int64_t end, others *a) {
  if (!reserve(a, a->count + end - begin + CSRO_SIGNAL_SPARE))
    return false;
  copy(p, begin, end - begin, a);
  a->count += end > begin ? end - begin : 0;
  return true;
}

static int64_t clamp(int64_t value, int64_t lo, int64_t n) {
  return value < lo ? lo : value > lo + n - 1 ? lo + n - 1 : value;
}

/* The cells from c on in its own row, then the rows behind it: around c and the next cell. */
static bool gather_around(const pairs *p, const int64_t c[3], others *a) {
  const csro_signal_ions *ions = &p->ions;
  a->count = 0;
  for (int64_t k = c[2]; k <= clamp(c[2] + CELLS, ions->first[2], ions->n[2]); k++) {
    const int64_t last = clamp(c[1] + CELLS, ions->first[1], ions->n[1]);
    for (int64_t j = k == c[2] ? c[1] : clamp(c[1] - CELLS, ions->first[1], ions->n[1]); j <= last;
         j++) {
      const int64_t half = p->half[j < c[1] ? c[1] - j : j - c[1]];
      const bool own = k == c[2] && j == c[1];
      const int64_t from = own ? c[0] : clamp(c[0] - half, ions->first[0], ions->n[0]);
      const int64_t to = clamp(c[0] + 1 + half, ions->first[0], ions->n[0]);
      if (!gather(p, ions->start[csro_signal_cell(ions, from, j, k)],
                  ions->start[csro_signal_cell(ions, to, j, k) + 1], a))
        return false;
    }
  }
  return true;
}

static bool is_own(const csro_order_part *part, const csro_signal_ions *ions, int64_t i) {
  const double r[3] = {(double)ions->x[i], (double)ions->y[i], (double)ions->z[i]};
  for (int a = 0; a < 3; a++)
    if (!(r[a] >= part->lo[a] && r[a] < part->hi[a]))
      return false;
  return true;
}

/* Pairs whose first ion is in the cell c or, of `cells` 2, in the next. */
static bool add_cells(const pairs *p, const csro_order_part *part, const int64_t c[3],
                      int64_t cells, others *a, products *sum) {
  const csro_signal_ions *ions = &p->ions;
  const int64_t *cell = ions->start + csro_signal_cell(ions, c[0], c[1], c[2]);
  bool gathered = false;
  for (int64_t i = cell[0]; i < cell[cells]; i++) {
    if (p->value[i][0] == 0 || !is_own(part, ions, i) ||
        !is_taken(ions->x[i], ions->y[i], ions->z[i], p->share))
      continue;
    if (!gathered && !gather_around(p, c, a))
      return false;
    gathered = true;
    const float r[3] = {ions->x[i], ions->y[i], ions->z[i]};
    const int64_t behind = i - cell[0] + 1, n = a->count - behind;
    find_bins(a->x + behind, a->y + behind, a->z + behind, r, n, a->bin);
    add_products(&p->value[i], a->value + behind, a->bin, n, sum);
  }
  return true;
}

static bool add_layer(const pairs *p, const csro_order_part *part, int64_t k, others *a,
                      products (*sums)[BINS + BEYOND]) {
  const csro_signal_ions *ions = &p->ions;
  bool enough = true;
  const int64_t end = ions->first[0] + ions->n[0];
  for (int64_t j = ions->first[1]; j < ions->first[1] + ions->n[1]; j++)
    for (int64_t i = ions->first[0], cells; i < end; i += cells) { /* two of a part */
      cells = i % 2 == 0 && i + 1 < end ? 2 : 1;
      enough =
          enough && add_cells(p, part, (int64_t[3]){i, j, k}, cells, a, sums[part_of(i, j, k)]);
    }
  return enough;
}

static csro_status add_all(csro_context *context, const pairs *p, const csro_order_part *part,
                           csro_lateral_sums sums) {
  const csro_signal_ions *ions = &p->ions;
  bool enough = true;
#pragma omp parallel num_threads(context->threads) reduction(&& : enough)
  {
    products(*own)[BINS + BEYOND] = aligned_alloc(sizeof(products), PARTS * sizeof *own);
    others scratch = {0};
    enough = own;
    if (own)
      memset(own, 0, PARTS * sizeof *own);
#pragma omp for schedule(dynamic)
    for (int64_t k = ions->first[2]; k < ions->first[2] + ions->n[2]; k++)
      enough = enough && add_layer(p, part, k, &scratch, own);
    others_release(&scratch);
#pragma omp critical
    for (int g = 0; own && g < PARTS; g++)
      for (int b = 0; b < BINS; b++)
        for (int k = 0; k < 3; k++)
          sums[g][b][k] += own[g][b][k];
    free(own);
  }
  return enough ? CSRO_OK : csro_fail(context, CSRO_ERROR_MEMORY, "out of memory");
}

csro_status csro_lateral_sum(csro_context *context, const csro_points *points, const float *even,
                             const float *signal, const csro_order_part *part, int64_t all,
                             csro_lateral_sums sums) {
  pairs p = {.share = enough_ions / (double)all};
  double around[6];
  for (int j = 0; j <= CELLS; j++) {
    const double reach = CSRO_LATERAL_REACH / CSRO_ORDER_CELL, away = fmax(j - 1, 0);
    p.half[j] = (int64_t)(sqrt(reach * reach - away * away) + 1);
  }
  memset(sums, 0, sizeof(csro_lateral_sums));
  for (int a = 0; a < 3; a++) {
    around[2 * a] = part->lo[a] - CSRO_LATERAL_REACH - CSRO_ORDER_CELL;
    around[2 * a + 1] = part->hi[a] + CSRO_LATERAL_REACH + CSRO_ORDER_CELL;
  }
  csro_status status =
      csro_signal_ions_init(context, points, signal, part->bounds, around, &p.ions);
  if (status != CSRO_OK)
    return status;
  p.value = csro_allocate(context, p.ions.count + CSRO_SIGNAL_SPARE, sizeof *p.value);
  if (p.value)
    memset(p.value + p.ions.count, 0, CSRO_SIGNAL_SPARE * sizeof *p.value);
  for (int64_t i = 0; i < p.ions.count && p.value; i++) {
    const float e = p.ions.signal[i], parity = e != 0 ? even[p.ions.index[i]] : 0;
    p.value[i][0] = (int32_t)lrintf(e * unit);
    p.value[i][1] = (int32_t)lrintf(e * e * unit);
    p.value[i][2] = (int32_t)lrintf(parity * unit);
    p.value[i][3] = 0;
  }
  status = p.value ? add_all(context, &p, part, sums) : CSRO_ERROR_MEMORY;
  free(p.value);
  csro_signal_ions_release(&p.ions);
  return status;
}
