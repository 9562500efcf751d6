#include "crystal/cell_crystal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double tiny = 1e-9;

static int divisor(int a, int b) {
  while (b != 0) {
    int rest = a % b;
    a = b;
    b = rest;
  }
  return abs(a);
}

typedef struct vector {
  int m[3]; /* repeated cells along a, b, c */
} vector;

static double length2(const csro_structure *s, const vector *v) {
  double sum = 0;
  for (int k = 0; k < 3; k++)
    sum += pow(v->m[k] * s->cells[k] * s->constant[k], 2);
  return sum;
}

static bool spans(const vector *a, const vector *b, const int n[3]) {
  int c[3], sign = 0;
  for (int k = 0; k < 3; k++) {
    c[k] = a->m[(k + 1) % 3] * b->m[(k + 2) % 3] - a->m[(k + 2) % 3] * b->m[(k + 1) % 3];
    if (n[k] != 0)
      sign = c[k] == n[k] ? 1 : -1;
  }
  return c[0] == sign * n[0] && c[1] == sign * n[1] && c[2] == sign * n[2];
}

/* The shortest vector v with v . n = height, other than 0, that spans the plane of n together with
 * `first` (if there is one). */
static vector find_step(const csro_structure *s, const int n[3], int height, const vector *first) {
  int reach = 1;
  for (int k = 0; k < 3; k++)
    reach = abs(n[k]) > reach ? abs(n[k]) : reach;
  vector best = {{0, 0, 0}}, v;
  double shortest = INFINITY;
  for (v.m[0] = -reach; v.m[0] <= reach; v.m[0]++)
    for (v.m[1] = -reach; v.m[1] <= reach; v.m[1]++)
      for (v.m[2] = -reach; v.m[2] <= reach; v.m[2]++) {
        double length = length2(s, &v);
        if (v.m[0] * n[0] + v.m[1] * n[1] + v.m[2] * n[2] == height && length > 0 &&
            length < shortest - tiny && (!first || spans(first, &v, n))) {
          shortest = length;
          best = v;
        }
      }
  return best;
}

/* A place in lattice constants, in nm along the axes of the specimen. */
static void place(const csro_cell_crystal *c, const double u[3], double out[3]) {
  for (int i = 0; i < 3; i++) {
    out[i] = 0;
    for (int k = 0; k < 3; k++)
      out[i] += c->axes[i][k] * u[k] * c->structure->constant[k];
  }
}

static void place_vector(const csro_cell_crystal *c, const vector *v, double out[3]) {
  double u[3];
  for (int k = 0; k < 3; k++)
    u[k] = v->m[k] * c->structure->cells[k];
  place(c, u, out);
}

static void to_steps(const csro_cell_crystal *c, const double r[2], double out[2]) {
  for (int k = 0; k < 2; k++)
    out[k] = c->inverse[k][0] * r[0] + c->inverse[k][1] * r[1];
}

static void set_steps(csro_cell_crystal *c, const int n[3]) {
  const vector along = find_step(c->structure, n, 0, NULL);
  const vector across = find_step(c->structure, n, 0, &along);
  double a[3], b[3];
  place_vector(c, &along, a);
  place_vector(c, &across, b);
  double area = a[0] * b[1] - a[1] * b[0];
  const double step[2][2] = {{a[0], a[1]}, {b[0], b[1]}};
  const double inverse[2][2] = {{b[1] / area, -b[0] / area}, {-a[1] / area, a[0] / area}};
  memcpy(c->step, step, sizeof step);
  memcpy(c->inverse, inverse, sizeof inverse);
}

/* Moves the site by whole layers and steps to where the header says. */
static void reduce(const csro_cell_crystal *c, const double down[3], double r[3]) {
  double layers = ceil(r[2] / c->layer - tiny), steps[2];
  for (int k = 0; k < 3; k++)
    r[k] += layers * down[k];
  to_steps(c, r, steps);
  for (int k = 0; k < 2; k++) {
    double whole = floor(steps[k] + 0.5 + tiny);
    r[0] -= whole * c->step[k][0];
    r[1] -= whole * c->step[k][1];
  }
}

static int compare(const void *a, const void *b) {
  const double *p = a, *q = b;
  if (fabs(p[2] - q[2]) > tiny)
    return p[2] > q[2] ? -1 : 1;
  return p[1] != q[1] ? (p[1] < q[1] ? -1 : 1) : (p[0] > q[0]) - (p[0] < q[0]);
}

csro_status csro_cell_crystal_init(csro_context *context, const csro_structure *structure,
                                   const int hkl[3], csro_cell_crystal *crystal) {
  *crystal = (csro_cell_crystal){.structure = structure};
  csro_cell_crystal *c = crystal;
  csro_status status = csro_structure_axes(context, structure, hkl, c->axes);
  if (status != CSRO_OK)
    return status;
  int n[3], common = 0;
  for (int k = 0; k < 3; k++) {
    n[k] = hkl[k] * structure->cells[k];
    common = divisor(common, n[k]);
  }
  for (int k = 0; k < 3; k++)
    n[k] /= common;
  double down[3];
  set_steps(c, n);
  const vector below = find_step(structure, n, -1, NULL);
  place_vector(c, &below, down);
  c->layer = -down[2];
  to_steps(c, down, c->shift);
  c->site = csro_allocate(context, structure->site_count, sizeof *c->site);
  if (!c->site)
    return CSRO_ERROR_MEMORY;
  for (int i = 0; i < structure->site_count; i++) {
    place(c, structure->position[i], c->site[i]);
    reduce(c, down, c->site[i]);
  }
  qsort(c->site, (size_t)structure->site_count, sizeof *c->site, compare);
  int heights = 1;
  for (int i = 1; i < structure->site_count; i++)
    heights += fabs(c->site[i][2] - c->site[i - 1][2]) > tiny;
  c->plane_spacing = c->layer / heights;
  return CSRO_OK;
}

void csro_cell_crystal_release(csro_cell_crystal *crystal) {
  if (!crystal)
    return;
  free(crystal->site);
  *crystal = (csro_cell_crystal){0};
}

void csro_cell_position(const csro_cell_crystal *c, int64_t plane, int64_t row, int64_t column,
                        double out[3]) {
  const int64_t sites = c->structure->site_count;
  int64_t site = (plane % sites + sites) % sites, layer = (plane - site) / sites;
  double steps[2] = {(double)column, (double)row};
  for (int k = 0; k < 2; k++) {
    double moved = (double)layer * c->shift[k];
    steps[k] += moved - floor(moved + 0.5);
  }
  for (int axis = 0; axis < 2; axis++)
    out[axis] = steps[0] * c->step[0][axis] + steps[1] * c->step[1][axis] + c->site[site][axis];
  out[2] = c->site[site][2] - (double)layer * c->layer - c->plane_spacing / 2;
}

void csro_cell_bounds(const csro_cell_crystal *c, const double lo[3], const double hi[3],
                      double first[3], double end[3]) {
  double center[2] = {(lo[0] + hi[0]) / 2, (lo[1] + hi[1]) / 2}, middle[2];
  to_steps(c, center, middle);
  for (int k = 0; k < 2; k++) {
    double reach =
        fabs(c->inverse[k][0]) * (hi[0] - lo[0]) / 2 + fabs(c->inverse[k][1]) * (hi[1] - lo[1]) / 2;
    int at = k == 0 ? 2 : 1;
    first[at] = floor(middle[k] - reach) - 1;
    end[at] = ceil(middle[k] + reach) + 2;
  }
  const double sites = c->structure->site_count, offset = c->plane_spacing / 2;
  first[0] = sites * (floor((-hi[2] - offset) / c->layer) - 1);
  end[0] = sites * (floor((-lo[2] - offset) / c->layer) + 1);
}

int csro_cell_sublattice(const csro_cell_crystal *c, const csro_structure *structure,
                         const double shift[3], const double position[3]) {
  double u[3];
  for (int k = 0; k < 3; k++) {
    u[k] = -shift[k];
    for (int i = 0; i < 3; i++) {
      double r = position[i] + (i == 2 ? c->plane_spacing / 2 : 0);
      u[k] += c->axes[i][k] * r / c->structure->constant[k];
    }
  }
  int nearest = 0;
  double least = INFINITY;
  for (int i = 0; i < structure->site_count; i++) {
    double away = 0;
    for (int k = 0; k < 3; k++) {
      double cells = (u[k] - structure->position[i][k]) / structure->cells[k];
      away += fabs(cells - floor(cells + 0.5));
    }
    if (away < least) {
      least = away;
      nearest = structure->sublattice[i];
    }
  }
  return nearest;
}
