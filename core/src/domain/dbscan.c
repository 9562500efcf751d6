#include "base/clones.h"
#include "csro/domains.h"
#include "voxel/sparse_cell_list.h"

#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Cells have a diagonal just below eps, so that all points of a cell are neighbours of each other
 * without a test (0.99 leaves room for the rounding of the cells' places): in a cell with
 * min_samples points all are core, and the core points of a cell always share a domain. So a
 * union-find over cells is enough. A neighbour within eps is at most two cells away. */
static const double cell_side = 0.99 * 0.57735026918962576; /* of eps */

struct csro_clusters {
  csro_context *context; /* of the running call */
  csro_sparse_cells cells;
  double eps2;
  int min_samples;
  uint8_t *core; /* per sorted point */
  /* Per cell: the cell that it is united with, itself at a root; -1 without core points. In the end
   * its component, encoded. */
  _Atomic int32_t *parent;
  const int64_t *number; /* of components, may be NULL */
  int64_t *label;        /* per input point: component, then domain */
};

static bool is_near(const csro_clusters *c, const double r[3], int32_t point) {
  double p[3];
  csro_points_get(&c->cells.points, point, p);
  double dx = r[0] - p[0], dy = r[1] - p[1], dz = r[2] - p[2];
  return dx * dx + dy * dy + dz * dz <= c->eps2;
}

static int32_t load(const csro_clusters *c, int32_t cell) {
  return atomic_load_explicit(&c->parent[cell], memory_order_relaxed);
}

static void store(csro_clusters *c, int32_t cell, int32_t value) {
  atomic_store_explicit(&c->parent[cell], value, memory_order_relaxed);
}

/* ---- core points ---- */

static int count_near(const csro_clusters *c, const double r[3], int32_t first, int32_t last,
                      int neighbors) {
  for (int32_t q = first; q < last && neighbors < c->min_samples; q++)
    neighbors += is_near(c, r, q);
  return neighbors;
}

CSRO_CLONES static bool is_core(const csro_clusters *c, csro_sparse_windows *windows, int32_t cell,
                                int32_t point) {
  double r[3];
  csro_points_get(&c->cells.points, point, r);
  int64_t x = csro_cell_place(&c->cells.places, r, 0);
  const int32_t *first_point = c->cells.first_point;
  int neighbors = first_point[cell + 1] - first_point[cell]; /* fewer than min_samples */
  for (int w = 0; w < windows->count; w++) {
    csro_sparse_window *window = &windows->row[w];
    csro_sparse_range near = csro_sparse_window_at(&c->cells, window, x);
    int32_t first = first_point[near.first], last = first_point[near.last];
    if (window->dy == 0 && window->dz == 0) { /* around its own cell */
      neighbors = count_near(c, r, first, first_point[cell], neighbors);
      first = first_point[cell + 1];
    }
    neighbors = count_near(c, r, first, last, neighbors);
    if (neighbors >= c->min_samples)
      return true;
  }
  return false;
}

static void mark_core_points(void *user, csro_sparse_windows *windows, int32_t row) {
  csro_clusters *c = user;
  for (int32_t cell = c->cells.row[row]; cell < c->cells.row[row + 1]; cell++) {
    int32_t first = c->cells.first_point[cell], end = c->cells.first_point[cell + 1];
    bool full = end - first >= c->min_samples, any = false;
    for (int32_t p = first; p < end; p++) {
      c->core[p] = full || is_core(c, windows, cell, p);
      any = any || c->core[p];
    }
    store(c, cell, any ? cell : -1);
  }
}

/* ---- union of cells ---- */

static int32_t find_root(csro_clusters *c, int32_t cell) {
  int32_t up = load(c, cell);
  while (up != cell) {
    int32_t next = load(c, up);
    /* A cell that is no root stays none, and any ancestor is a valid parent: no lock needed. */
    store(c, cell, next);
    cell = up;
    up = next;
  }
  return cell;
}

/* The smaller root wins: the result does not depend on the order of the unions. */
static void unite(csro_clusters *c, int32_t a, int32_t b) {
  for (;;) {
    a = find_root(c, a);
    b = find_root(c, b);
    if (a == b)
      return;
    int32_t small = a < b ? a : b, large = a < b ? b : a;
    int32_t expected = large;
    if (atomic_compare_exchange_strong_explicit(&c->parent[large], &expected, small,
                                                memory_order_relaxed, memory_order_relaxed))
      return;
  }
}

static bool touches_core(const csro_clusters *c, const double r[3], int32_t cell) {
  for (int32_t q = c->cells.first_point[cell]; q < c->cells.first_point[cell + 1]; q++)
    if (c->core[q] && is_near(c, r, q))
      return true;
  return false;
}

static bool cells_touch(const csro_clusters *c, int32_t a, int32_t b) {
  for (int32_t p = c->cells.first_point[a]; p < c->cells.first_point[a + 1]; p++) {
    double r[3];
    csro_points_get(&c->cells.points, p, r);
    if (c->core[p] && touches_core(c, r, b))
      return true;
  }
  return false;
}

CSRO_CLONES static void unite_row(void *user, csro_sparse_windows *windows, int32_t row) {
  csro_clusters *c = user;
  for (int32_t cell = c->cells.row[row]; cell < c->cells.row[row + 1]; cell++) {
    if (load(c, cell) < 0)
      continue;
    int32_t root = find_root(c, cell);
    int64_t x = csro_sparse_cells_place(&c->cells, cell, 0);
    for (int w = 0; w < windows->count; w++) {
      csro_sparse_window *window = &windows->row[w];
      if (window->dz < 0 || (window->dz == 0 && window->dy < 0))
        continue; /* the other row of the pair finds it */
      csro_sparse_range near = csro_sparse_window_at(&c->cells, window, x);
      for (int32_t other = near.first; other < near.last; other++) {
        int32_t up = load(c, other);
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

/* ---- components ---- */

/* The component is kept in the parent of its cells, as a negative number apart from the parents and
 * from -1. */
static int32_t encode(int64_t component) {
  return (int32_t)(-2 - component);
}

/* The roots of core points, in the order of the input. */
static void put_roots(csro_clusters *c) {
#pragma omp parallel for num_threads(c->context->threads) schedule(static)
  for (int32_t cell = 0; cell < c->cells.cell_count; cell++) {
    int32_t root = load(c, cell) < 0 ? -1 : find_root(c, cell);
    for (int32_t p = c->cells.first_point[cell]; p < c->cells.first_point[cell + 1]; p++)
      c->label[c->cells.order[p]] = c->core[p] ? root : -1;
  }
}

/* Turns the roots in `label` into components, and the parents into encoded ones. */
static int64_t number_components(csro_clusters *c) {
#pragma omp parallel for num_threads(c->context->threads) schedule(static)
  for (int32_t cell = 0; cell < c->cells.cell_count; cell++)
    if (load(c, cell) >= 0)
      store(c, cell, find_root(c, cell)); /* no chains, for the roots change next */
  int64_t count = 0;
  for (int64_t i = 0; i < c->cells.points.count; i++) {
    if (c->label[i] < 0)
      continue;
    int32_t root = (int32_t)c->label[i], value = load(c, root);
    if (value >= 0)
      store(c, root, value = encode(count++));
    c->label[i] = encode(value);
  }
#pragma omp parallel for num_threads(c->context->threads) schedule(static)
  for (int32_t cell = 0; cell < c->cells.cell_count; cell++)
    if (load(c, cell) >= 0)
      store(c, cell, load(c, load(c, cell)));
  return count;
}

static csro_status find_components(csro_clusters *c, int64_t *count) {
  csro_status status =
      csro_sparse_cells_for_each_row(c->context, &c->cells, mark_core_points, c, 0.1, 0.4);
  if (status == CSRO_OK)
    status = csro_sparse_cells_for_each_row(c->context, &c->cells, unite_row, c, 0.4, 0.7);
  if (status != CSRO_OK)
    return status;
  put_roots(c);
  *count = number_components(c);
  return CSRO_OK;
}

static void set_noise(int64_t *label, int64_t count) {
  for (int64_t i = 0; i < count; i++)
    label[i] = -1;
}

csro_status csro_dbscan_check(csro_context *context, double eps, int min_samples) {
  csro_status status = csro_check_number(context, "eps in nm", eps, DBL_MIN, DBL_MAX);
  if (status != CSRO_OK)
    return status;
  if (min_samples < 1)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "min_samples is %d, expected at least 1",
                     min_samples);
  return CSRO_OK;
}

csro_status csro_clusters_create(csro_context *context, const csro_points *points, double eps,
                                 int min_samples, int64_t *component, int64_t *count,
                                 csro_clusters **clusters) {
  *count = 0;
  *clusters = NULL;
  set_noise(component, points->count);
  csro_status status = csro_dbscan_check(context, eps, min_samples);
  if (status != CSRO_OK)
    return status;
  csro_clusters *c = csro_allocate(context, 1, sizeof *c);
  if (!c)
    return CSRO_ERROR_MEMORY;
  *c = (csro_clusters){
      .context = context, .eps2 = eps * eps, .min_samples = min_samples, .label = component};
  status =
      csro_sparse_cells_init(context, points, eps * cell_side, (uint64_t *)component, &c->cells);
  if (status == CSRO_OK) {
    c->core = csro_allocate(context, points->count, sizeof *c->core);
    c->parent = csro_allocate(context, c->cells.cell_count, sizeof *c->parent);
    status = c->core && c->parent ? find_components(c, count) : CSRO_ERROR_MEMORY;
  }
  if (status == CSRO_OK) {
    *clusters = c;
    return CSRO_OK;
  }
  set_noise(component, points->count);
  csro_clusters_destroy(&c);
  return status;
}

void csro_clusters_destroy(csro_clusters **clusters) {
  if (!clusters)
    return;
  csro_clusters *c = *clusters;
  *clusters = NULL;
  if (!c)
    return;
  free(c->core);
  free((void *)c->parent);
  csro_sparse_cells_release(&c->cells);
  free(c);
}

/* ---- labels ---- */

/* Domain of a cell with core points. */
static int64_t domain_of(const csro_clusters *c, int32_t cell) {
  int64_t component = encode(load(c, cell));
  return c->number ? c->number[component] : component;
}

CSRO_CLONES static int64_t smallest_domain_nearby(const csro_clusters *c,
                                                  csro_sparse_windows *windows, int32_t point) {
  double r[3];
  csro_points_get(&c->cells.points, point, r);
  int64_t x = csro_cell_place(&c->cells.places, r, 0);
  int64_t smallest = INT64_MAX;
  for (int w = 0; w < windows->count; w++) {
    csro_sparse_range near = csro_sparse_window_at(&c->cells, &windows->row[w], x);
    for (int32_t other = near.first; other < near.last; other++)
      if (load(c, other) != -1 && domain_of(c, other) < smallest && touches_core(c, r, other))
        smallest = domain_of(c, other);
  }
  return smallest < INT64_MAX ? smallest : -1;
}

static void label_row(void *user, csro_sparse_windows *windows, int32_t row) {
  csro_clusters *c = user;
  const int32_t *first_point = c->cells.first_point, *cells = &c->cells.row[row];
  for (int32_t p = first_point[cells[0]]; p < first_point[cells[1]]; p++)
    if (!c->core[p])
      c->label[c->cells.order[p]] = smallest_domain_nearby(c, windows, p);
}

csro_status csro_clusters_label(csro_context *context, csro_clusters *clusters,
                                const int64_t *number, int64_t *label) {
  clusters->context = context;
  clusters->number = number;
  clusters->label = label;
  int64_t count = clusters->cells.points.count;
  if (number) {
#pragma omp parallel for num_threads(context->threads)
    for (int64_t i = 0; i < count; i++)
      label[i] = label[i] < 0 ? -1 : number[label[i]];
  }
  csro_status status =
      csro_sparse_cells_for_each_row(context, &clusters->cells, label_row, clusters, 0.7, 1);
  if (status != CSRO_OK)
    set_noise(label, count);
  return status;
}

csro_status csro_dbscan(csro_context *context, const csro_points *points, double eps,
                        int min_samples, int64_t *label, int64_t *domain_count) {
  csro_clusters *clusters;
  csro_status status =
      csro_clusters_create(context, points, eps, min_samples, label, domain_count, &clusters);
  if (status != CSRO_OK)
    return status;
  status = csro_clusters_label(context, clusters, NULL, label);
  if (status != CSRO_OK)
    *domain_count = 0;
  csro_clusters_destroy(&clusters);
  return status;
}
