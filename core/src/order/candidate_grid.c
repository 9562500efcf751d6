#include "order/candidate_grid.h"

#include "base/counting_sort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double widest_step = 0.25; /* nm */
static const double closest = 2.5; /* nm, between candidates that are fitted at the same time */

void csro_candidate_grid_get(const csro_candidate_grid *centers, int64_t number, double r[3]) {
  for (int a = 0; a < 3; a++) {
    r[a] = csro_candidate_along(centers, a, number % centers->all[a]);
    number /= centers->all[a];
  }
}

/* The first candidate centre along an axis that is not below `at`. */
static int64_t first_from(const csro_candidate_grid *centers, int axis, double at) {
  double guess = ceil((at - centers->origin[axis]) / centers->step);
  int64_t i = (int64_t)fmin(fmax(guess, 0), (double)centers->all[axis]);
  while (i > 0 && csro_candidate_along(centers, axis, i - 1) >= at)
    i--;
  while (i < centers->all[axis] && csro_candidate_along(centers, axis, i) < at)
    i++;
  return i;
}

/* The box of own centres, widened to even numbers: between two of those held lie no others. */
static void hold(const double lo[3], const double hi[3], csro_candidate_grid *centers) {
  bool any = true;
  for (int a = 0; a < 3; a++) {
    centers->own.lo[a] = first_from(centers, a, lo[a]);
    centers->own.hi[a] = first_from(centers, a, hi[a]);
    any = any && centers->own.lo[a] < centers->own.hi[a];
  }
  for (int a = 0; a < 3; a++) {
    int64_t last = centers->own.hi[a] & ~INT64_C(1);
    last = last < centers->all[a] ? last : centers->all[a] - 1;
    centers->first[a] = centers->own.lo[a] & ~INT64_C(1);
    centers->n[a] = any ? last - centers->first[a] + 1 : 0;
    centers->cells[a] = (centers->n[a] + 1) / 2;
  }
}

/* Bits of the candidate centres of a cell that are held. */
static uint8_t places_held(const csro_candidate_grid *centers, int64_t c) {
  int64_t row = c / centers->cells[0];
  int64_t at[3] = {c % centers->cells[0], row % centers->cells[1], row / centers->cells[1]};
  int held = 0xff;
  const int low[3] = {0x55, 0x33, 0x0f}; /* the even ones along each axis */
  for (int a = 0; a < 3; a++)
    held &= 2 * at[a] + 1 < centers->n[a] ? 0xff : low[a];
  return (uint8_t)held;
}

double csro_candidate_step(const csro_grid *grid) {
  return grid->stride / ceil(grid->stride / widest_step - 1e-9);
}

csro_status csro_candidate_grid_init(csro_context *context, const csro_grid *grid,
                                     const double bounds[6], const double lo[3], const double hi[3],
                                     csro_candidate_grid *centers) {
  *centers = (csro_candidate_grid){.step = csro_candidate_step(grid)};
  double all = 1, here = 1;
  for (int a = 0; a < 3; a++) {
    double voxel = csro_voxel_center_along(grid, a, 0);
    double first = floor((bounds[2 * a] - voxel) / centers->step);
    double last = ceil((bounds[2 * a + 1] - voxel) / centers->step);
    centers->origin[a] = voxel + first * centers->step;
    centers->all[a] = (int64_t)fmin(last - first + 1, 4e18);
    all *= last - first + 1;
  }
  if (all < 4e18)
    hold(lo, hi, centers);
  for (int a = 0; a < 3; a++)
    here *= (double)centers->n[a];
  if (!(all < 4e18 && here <= 4e9)) /* also NaN */
    return csro_fail(
        context, CSRO_ERROR_ARGUMENT,
        "the ions span more than 4e9 candidate centres %g nm apart: are there stray ions?",
        centers->step);
  int64_t n = centers->cells[0] * centers->cells[1] * centers->cells[2];
  centers->cell = csro_allocate(context, n, sizeof *centers->cell);
  if (!centers->cell)
    return CSRO_ERROR_MEMORY;
  csro_candidate_grid_restart(centers);
  return CSRO_OK;
}

void csro_candidate_grid_restart(csro_candidate_grid *centers) {
  const int64_t n = centers->cells[0] * centers->cells[1] * centers->cells[2];
  for (int64_t c = 0; c < n; c++)
    centers->cell[c] = (csro_candidate_cell){.others = -1, .stale = places_held(centers, c)};
  centers->stale = true;
  centers->count = 0;
}

void csro_candidate_grid_release(csro_candidate_grid *centers) {
  if (!centers)
    return;
  free(centers->cell);
  free(centers->others);
  *centers = (csro_candidate_grid){0};
}

/* Of the whole grid, the candidate centres within `reach` of a centre along each axis. */
static csro_block clip(const csro_candidate_grid *centers, const double center[3], double reach) {
  csro_block block;
  for (int a = 0; a < 3; a++) {
    double first = ceil((center[a] - reach - centers->origin[a]) / centers->step);
    double last = floor((center[a] + reach - centers->origin[a]) / centers->step);
    block.lo[a] = (int64_t)fmin(fmax(first, 0), (double)centers->all[a]);
    block.hi[a] = (int64_t)fmax(fmin(last, (double)(centers->all[a] - 1)), -1) + 1;
  }
  return block;
}

static bool within(const double a[3], const double b[3], double reach) {
  double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return x * x + y * y + z * z <= reach * reach;
}

/* Bits of the used or stale candidate centres. */
static void mark(csro_candidate_grid *centers, const double center[3], double reach, bool used) {
  csro_block near = clip(centers, center, reach);
  for (int a = 0; a < 3; a++) {
    int64_t end = centers->first[a] + centers->n[a];
    near.lo[a] = near.lo[a] > centers->first[a] ? near.lo[a] : centers->first[a];
    near.hi[a] = near.hi[a] < end ? near.hi[a] : end;
  }
  for (int64_t k = near.lo[2]; k < near.hi[2]; k++)
    for (int64_t j = near.lo[1]; j < near.hi[1]; j++)
      for (int64_t i = near.lo[0]; i < near.hi[0]; i++) {
        double r[3] = {csro_candidate_along(centers, 0, i), csro_candidate_along(centers, 1, j),
                       csro_candidate_along(centers, 2, k)};
        csro_candidate_cell *cell = csro_candidate_cell_of(centers, i, j, k);
        uint8_t bit = (uint8_t)(within(r, center, reach) << csro_candidate_place(i, j, k));
        cell->used = (uint8_t)(cell->used | (used ? bit : 0));
        cell->stale = (uint8_t)(cell->stale | (used ? 0 : bit));
      }
}

void csro_candidate_grid_use(csro_candidate_grid *centers, const double center[3], double reach) {
  mark(centers, center, reach, true);
}

void csro_candidate_grid_outdate(csro_candidate_grid *centers, const double center[3],
                                 double reach) {
  centers->stale = true;
  mark(centers, center, reach, false);
}

/* Large balls that are fitted at the same time may overlap: they are parts of one domain. */
static double apart_of(const csro_ball_profiles *profiles, int size) {
  return fmax(closest, size > 0 ? 1.3 * profiles->radius[size] : 0);
}

double csro_candidate_grid_apart(const csro_ball_profiles *profiles) {
  return apart_of(profiles, CSRO_BALL_LANES - 1);
}

/* Those of a cell are appended to `out`, or only counted; returns how many. */
static int64_t list_candidates(const csro_candidate_grid *centers,
                               const csro_ball_profiles *profiles, int64_t c, double evidence,
                               csro_candidate *out) {
  const csro_candidate_cell *cell = &centers->cell[c];
  if (cell->known == 1 && !((double)cell->evidence >= evidence)) /* most */
    return 0;
  int64_t count = 0, row = c / centers->cells[0];
  int64_t first[3] = {c % centers->cells[0], row % centers->cells[1], row / centers->cells[1]};
  for (int place = 0; place < 8; place++) {
    int64_t at[3];
    if (!(cell->known >> place & 1) || cell->used >> place & 1)
      continue;
    double found =
        (double)(place > 0 ? centers->others[cell->others].evidence[place - 1] : cell->evidence);
    for (int a = 0; a < 3; a++)
      at[a] = centers->first[a] + 2 * first[a] + (place >> a & 1);
    if (!(found >= evidence) || !csro_candidate_owned(centers, at[0], at[1], at[2]))
      continue;
    if (out)
      out[count] = (csro_candidate){(at[2] * centers->all[1] + at[1]) * centers->all[0] + at[0],
                                    found, apart_of(profiles, place > 0 ? 0 : cell->size)};
    count++;
  }
  return count;
}

csro_status csro_candidate_grid_candidates(csro_context *context,
                                           const csro_candidate_grid *centers,
                                           const csro_ball_profiles *profiles, double evidence,
                                           int64_t *count, csro_candidate **out) {
  int64_t cells = centers->cells[0] * centers->cells[1] * centers->cells[2];
  *count = 0;
  for (int64_t c = 0; c < cells; c++)
    *count += list_candidates(centers, profiles, c, evidence, NULL);
  *out = csro_allocate(context, *count, sizeof **out);
  if (!*out)
    return CSRO_ERROR_MEMORY;
  for (int64_t c = 0, m = 0; c < cells; c++)
    m += list_candidates(centers, profiles, c, evidence, *out + m);
  return CSRO_OK;
}

/* The candidates in cubes, in each the best first. Neighbouring cubes hold all within `apart`. */
typedef struct cubes {
  const csro_candidate_grid *centers;
  double width, origin[3];
  int64_t n[3];
  int64_t *start, *member; /* of each cube; place in the list of candidates */
} cubes;

static int better(const void *a, const void *b) {
  const csro_candidate *p = a, *q = b;
  if (p->evidence != q->evidence)
    return p->evidence > q->evidence ? -1 : 1;
  return p->number < q->number ? -1 : p->number > q->number;
}

static void cube_at(const cubes *c, const double r[3], int64_t at[3]) {
  for (int a = 0; a < 3; a++)
    at[a] = (int64_t)((r[a] - c->origin[a]) / c->width);
}

static void bound(int64_t count, const csro_candidate *candidates, cubes *c) {
  double r[3], high[3] = {-INFINITY, -INFINITY, -INFINITY};
  for (int a = 0; a < 3; a++)
    c->origin[a] = INFINITY;
  for (int64_t m = 0; m < count; m++) {
    csro_candidate_grid_get(c->centers, candidates[m].number, r);
    for (int a = 0; a < 3; a++) {
      c->origin[a] = fmin(c->origin[a], r[a]);
      high[a] = fmax(high[a], r[a]);
    }
  }
  for (int a = 0; a < 3; a++)
    c->n[a] = count > 0 ? (int64_t)((high[a] - c->origin[a]) / c->width) + 1 : 0;
}

static csro_status fill_cubes(csro_context *context, int64_t count,
                              const csro_candidate *candidates, cubes *c) {
  bound(count, candidates, c);
  int64_t all = c->n[0] * c->n[1] * c->n[2], at[3];
  c->start = csro_allocate(context, all + 1, sizeof *c->start);
  c->member = csro_allocate(context, count, sizeof *c->member);
  int64_t *cube = csro_allocate(context, count, sizeof *cube);
  if (!c->start || !c->member || !cube) {
    free(c->start);
    free(c->member);
    free(cube);
    return CSRO_ERROR_MEMORY;
  }
  memset(c->start, 0, (size_t)all * sizeof *c->start);
  for (int64_t m = 0; m < count; m++) {
    double r[3];
    csro_candidate_grid_get(c->centers, candidates[m].number, r);
    cube_at(c, r, at);
    cube[m] = (at[2] * c->n[1] + at[1]) * c->n[0] + at[0];
    c->start[cube[m]]++;
  }
  c->start[all] = csro_keys_begin(c->start, all, 0);
  for (int64_t m = 0; m < count; m++)
    c->member[c->start[cube[m]]++] = m;
  csro_keys_restore(c->start, all, 0);
  free(cube);
  return CSRO_OK;
}

/* Whether a better candidate, one that stands before in the list, forbids this one from a cube. */
static bool is_beaten(const cubes *c, const csro_candidate *candidates, int64_t m,
                      const double center[3], int64_t cube) {
  double r[3];
  for (int64_t o = c->start[cube]; o < c->start[cube + 1] && c->member[o] < m; o++) {
    const csro_candidate *other = &candidates[c->member[o]];
    csro_candidate_grid_get(c->centers, other->number, r);
    if (within(r, center, fmax(candidates[m].apart, other->apart)))
      return true;
  }
  return false;
}

static bool is_best(const cubes *c, const csro_candidate *candidates, int64_t m) {
  double center[3];
  int64_t at[3];
  csro_candidate_grid_get(c->centers, candidates[m].number, center);
  cube_at(c, center, at);
  int64_t own = (at[2] * c->n[1] + at[1]) * c->n[0] + at[0];
  if (is_beaten(c, candidates, m, center, own)) /* most are */
    return false;
  for (int64_t k = at[2] > 0 ? at[2] - 1 : 0; k <= at[2] + 1 && k < c->n[2]; k++)
    for (int64_t j = at[1] > 0 ? at[1] - 1 : 0; j <= at[1] + 1 && j < c->n[1]; j++)
      for (int64_t i = at[0] > 0 ? at[0] - 1 : 0; i <= at[0] + 1 && i < c->n[0]; i++) {
        int64_t cube = (k * c->n[1] + j) * c->n[0] + i;
        if (cube != own && is_beaten(c, candidates, m, center, cube))
          return false;
      }
  return true;
}

static int by_number(const void *a, const void *b) {
  const int64_t *p = a, *q = b;
  return *p < *q ? -1 : *p > *q;
}

static bool owns_number(const csro_candidate_grid *centers, int64_t number) {
  int64_t row = number / centers->all[0];
  return csro_candidate_owned(centers, number % centers->all[0], row % centers->all[1],
                              row / centers->all[1]);
}

csro_status csro_candidate_grid_best(csro_context *context, const csro_candidate_grid *centers,
                                     int64_t count, csro_candidate *candidates, int64_t *best,
                                     int64_t *numbers) {
  cubes c = {.centers = centers, .width = closest};
  *best = 0;
  for (int64_t m = 0; m < count; m++)
    c.width = fmax(c.width, candidates[m].apart);
  c.width *= 1.001;
  if (count > 0)
    qsort(candidates, (size_t)count, sizeof *candidates, better);
  csro_status status = fill_cubes(context, count, candidates, &c);
  if (status != CSRO_OK)
    return status;
#pragma omp parallel for num_threads(context->threads) schedule(dynamic, 64)
  for (int64_t m = 0; m < count; m++) {
    bool kept = owns_number(centers, candidates[m].number) && is_best(&c, candidates, m);
    numbers[m] = kept ? candidates[m].number : -1;
  }
  for (int64_t m = 0; m < count; m++)
    if (numbers[m] >= 0)
      numbers[(*best)++] = numbers[m];
  if (*best > 0)
    qsort(numbers, (size_t)*best, sizeof *numbers, by_number);
  free(c.start);
  free(c.member);
  return CSRO_OK;
}
