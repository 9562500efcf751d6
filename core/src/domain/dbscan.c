#include "base/progress.h"
#include "csro/domains.h"
#include "domain/sparse_cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Cells have a diagonal just below eps, so that all points of a cell are neighbours of each other
 * without a test (0.99 leaves room for the rounding of the cells' places): in a cell with
 * min_samples points all are core, and the core points of a cell always share a domain. So a
 * union-find over cells is enough. A neighbour within eps is at most two cells away. */
static const double cell_side = 0.99 * 0.57735026918962576; /* of eps */

typedef struct clustering {
  csro_context *context;
  csro_sparse_cells cells;
  double eps2;
  int min_samples;
  uint8_t *core;           /* per sorted point */
  _Atomic int64_t *parent; /* per cell; -1 for cells without core points */
  int64_t *label;          /* per input point */
} clustering;

static bool is_near(const clustering *c, const double r[3], int64_t point) {
  double p[3];
  csro_points_get(&c->cells.points, point, p);
  double dx = r[0] - p[0], dy = r[1] - p[1], dz = r[2] - p[2];
  return dx * dx + dy * dy + dz * dz <= c->eps2;
}

/* ---- core points ---- */

static bool is_core(const clustering *c, csro_sparse_windows *windows, int64_t cell,
                    int64_t point) {
  const int64_t *first_point = c->cells.first_point;
  int64_t neighbors = first_point[cell + 1] - first_point[cell];
  double r[3];
  csro_points_get(&c->cells.points, point, r);
  for (int w = 0; w < windows->count; w++) {
    csro_sparse_windows_slide(&c->cells, windows, w, c->cells.x[cell]);
    for (int64_t other = windows->row[w].first; other < windows->row[w].last; other++) {
      if (other == cell)
        continue;
      for (int64_t q = first_point[other]; q < first_point[other + 1]; q++) {
        neighbors += is_near(c, r, q);
        if (neighbors >= c->min_samples)
          return true;
      }
    }
  }
  return neighbors >= c->min_samples;
}

static void mark_core_points(clustering *c, int64_t row) {
  csro_sparse_windows windows;
  csro_sparse_windows_start(&c->cells, row, &windows);
  for (int64_t cell = c->cells.rows[row].first_cell; cell < c->cells.rows[row + 1].first_cell;
       cell++) {
    int64_t first = c->cells.first_point[cell], end = c->cells.first_point[cell + 1];
    bool full = end - first >= c->min_samples, any = false;
    for (int64_t p = first; p < end; p++) {
      c->core[p] = full || is_core(c, &windows, cell, p);
      any = any || c->core[p];
    }
    atomic_init(&c->parent[cell], any ? cell : -1);
  }
}

/* ---- union of cells ---- */

static int64_t load(clustering *c, int64_t cell) {
  return atomic_load_explicit(&c->parent[cell], memory_order_relaxed);
}

static int64_t find_root(clustering *c, int64_t cell) {
  int64_t up = load(c, cell);
  while (up != cell) {
    int64_t next = load(c, up);
    /* A cell that is no root stays none, and any ancestor is a valid parent: no lock needed. */
    atomic_store_explicit(&c->parent[cell], next, memory_order_relaxed);
    cell = up;
    up = next;
  }
  return cell;
}

/* The smaller root wins: the result does not depend on the order of the unions. */
static void unite(clustering *c, int64_t a, int64_t b) {
  for (;;) {
    a = find_root(c, a);
    b = find_root(c, b);
    if (a == b)
      return;
    int64_t small = a < b ? a : b, large = a < b ? b : a;
    int64_t expected = large;
    if (atomic_compare_exchange_strong_explicit(&c->parent[large], &expected, small,
                                                memory_order_relaxed, memory_order_relaxed))
      return;
  }
}

static bool cells_touch(const clustering *c, int64_t a, int64_t b) {
  const int64_t *first_point = c->cells.first_point;
  for (int64_t p = first_point[a]; p < first_point[a + 1]; p++) {
    if (!c->core[p])
      continue;
    double r[3];
    csro_points_get(&c->cells.points, p, r);
    for (int64_t q = first_point[b]; q < first_point[b + 1]; q++)
      if (c->core[q] && is_near(c, r, q))
        return true;
  }
  return false;
}

static void unite_row(clustering *c, int64_t row) {
  csro_sparse_windows windows;
  csro_sparse_windows_start(&c->cells, row, &windows);
  for (int64_t cell = c->cells.rows[row].first_cell; cell < c->cells.rows[row + 1].first_cell;
       cell++) {
    if (load(c, cell) < 0)
      continue;
    int64_t root = find_root(c, cell);
    for (int w = 0; w < windows.count; w++) {
      int dy = windows.row[w].dy, dz = windows.row[w].dz;
      if (dz < 0 || (dz == 0 && dy < 0)) /* the other row of the pair finds it */
        continue;
      csro_sparse_windows_slide(&c->cells, &windows, w, c->cells.x[cell]);
      for (int64_t other = windows.row[w].first; other < windows.row[w].last; other++) {
        int64_t up = load(c, other);
        /* An outdated root costs a needless test, never a wrong result: cells that once had the
         * same root stay together. */
        if (other <= cell || up < 0 || up == root || find_root(c, other) == root ||
            !cells_touch(c, cell, other))
          continue;
        unite(c, cell, other);
        root = find_root(c, cell);
      }
    }
  }
}

/* ---- labels ---- */

static void label_core_points(clustering *c, int64_t row) {
  for (int64_t cell = c->cells.rows[row].first_cell; cell < c->cells.rows[row + 1].first_cell;
       cell++) {
    int64_t root = load(c, cell) < 0 ? -1 : find_root(c, cell);
    for (int64_t p = c->cells.first_point[cell]; p < c->cells.first_point[cell + 1]; p++)
      c->label[c->cells.order[p]] = c->core[p] ? root : -1;
  }
}

/* The number of a domain is kept in the parent of its cells, as a negative number apart from the
 * parents and from -1. */
static int64_t encode(int64_t domain) {
  return -2 - domain;
}

static void store(clustering *c, int64_t cell, int64_t value) {
  atomic_store_explicit(&c->parent[cell], value, memory_order_relaxed);
}

/* Turns the roots in `label` into numbers in the order of the input, and the parents into encoded
 * numbers. */
static int64_t number_domains(clustering *c) {
  for (int64_t cell = 0; cell < c->cells.cell_count; cell++)
    if (load(c, cell) >= 0)
      store(c, cell, find_root(c, cell)); /* no chains, for the roots change next */
  int64_t count = 0;
  for (int64_t i = 0; i < c->cells.points.count; i++) {
    int64_t root = c->label[i];
    if (root < 0)
      continue;
    if (load(c, root) >= 0)
      store(c, root, encode(count++));
    c->label[i] = encode(load(c, root));
  }
  for (int64_t cell = 0; cell < c->cells.cell_count; cell++)
    if (load(c, cell) >= 0)
      store(c, cell, load(c, load(c, cell)));
  return count;
}

static bool touches_core(const clustering *c, const double r[3], int64_t cell) {
  for (int64_t q = c->cells.first_point[cell]; q < c->cells.first_point[cell + 1]; q++)
    if (c->core[q] && is_near(c, r, q))
      return true;
  return false;
}

static int64_t smallest_domain_nearby(clustering *c, csro_sparse_windows *windows, int64_t cell,
                                      int64_t point) {
  double r[3];
  csro_points_get(&c->cells.points, point, r);
  int64_t smallest = INT64_MAX;
  for (int w = 0; w < windows->count; w++) {
    csro_sparse_windows_slide(&c->cells, windows, w, c->cells.x[cell]);
    for (int64_t other = windows->row[w].first; other < windows->row[w].last; other++) {
      int64_t value = load(c, other);
      if (value != -1 && encode(value) < smallest && touches_core(c, r, other))
        smallest = encode(value);
    }
  }
  return smallest < INT64_MAX ? smallest : -1;
}

static void label_border_points(clustering *c, int64_t row) {
  csro_sparse_windows windows;
  csro_sparse_windows_start(&c->cells, row, &windows);
  for (int64_t cell = c->cells.rows[row].first_cell; cell < c->cells.rows[row + 1].first_cell;
       cell++)
    for (int64_t p = c->cells.first_point[cell]; p < c->cells.first_point[cell + 1]; p++)
      if (!c->core[p])
        c->label[c->cells.order[p]] = smallest_domain_nearby(c, &windows, cell, p);
}

/* ---- the whole ---- */

static csro_status for_each_row(clustering *c, void (*work)(clustering *, int64_t), double begin,
                                double end) {
  csro_progress progress;
  csro_progress_start(&progress, c->context, c->cells.row_count, begin, end);
#pragma omp parallel for num_threads(c->context->threads) schedule(dynamic, 16)
  for (int64_t row = 0; row < c->cells.row_count; row++)
    if (!csro_progress_add(&progress, 1))
      work(c, row);
  return csro_progress_end(&progress);
}

static csro_status cluster(clustering *c, int64_t *domain_count) {
  csro_status status = for_each_row(c, mark_core_points, 0.2, 0.5);
  if (status == CSRO_OK)
    status = for_each_row(c, unite_row, 0.5, 0.8);
  if (status == CSRO_OK)
    status = for_each_row(c, label_core_points, 0.8, 0.85);
  if (status != CSRO_OK)
    return status;
  int64_t count = number_domains(c);
  status = for_each_row(c, label_border_points, 0.9, 1);
  if (status == CSRO_OK)
    *domain_count = count;
  return status;
}

csro_status csro_dbscan(csro_context *context, const csro_points *points, double eps,
                        int min_samples, int64_t *label, int64_t *domain_count) {
  *domain_count = 0;
  for (int64_t i = 0; i < points->count; i++)
    label[i] = -1;
  if (!isfinite(eps) || eps <= 0)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "eps is %g nm, expected more than 0", eps);
  if (min_samples < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "min_samples is %d, expected at least 1",
                     min_samples);
  clustering c = {
      .context = context, .eps2 = eps * eps, .min_samples = min_samples, .label = label};
  csro_status status = csro_sparse_cells_make(context, points, eps * cell_side, &c.cells);
  if (status != CSRO_OK)
    return status;
  c.core = csro_allocate(context, points->count, sizeof *c.core);
  c.parent = csro_allocate(context, c.cells.cell_count, sizeof *c.parent);
  status = c.core && c.parent ? cluster(&c, domain_count) : CSRO_ERROR_MEMORY;
  if (status != CSRO_OK)
    for (int64_t i = 0; i < points->count; i++)
      label[i] = -1;
  free(c.core);
  free((void *)c.parent);
  csro_sparse_cells_free(&c.cells);
  return status;
}
