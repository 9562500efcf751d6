#include "csro/structure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SITES = 1 << 24 };

typedef struct region {
  enum { BALL, BOX, CRYSTAL } kind;
  double center[3], radius; /* BALL */
  double lo[3], hi[3];      /* BOX, nm; CRYSTAL, lattice constants */
} region;

/* A site while it is sorted: u in lattice constants. */
typedef struct found_site {
  double u[3];
  csro_site site;
} found_site;

static void cross(const double a[3], const double b[3], double out[3]) {
  for (int k = 0; k < 3; k++)
    out[k] = a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3];
}

static void normalise(double v[3]) {
  double length = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  for (int k = 0; k < 3; k++)
    v[k] /= length;
}

csro_status csro_structure_axes(csro_context *context, const csro_structure *structure,
                                const int hkl[3], double axes[3][3]) {
  memset(axes, 0, 9 * sizeof(double));
  if (hkl[0] == 0 && hkl[1] == 0 && hkl[2] == 0)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "000 is no pole");
  for (int k = 0; k < 3; k++)
    axes[2][k] = hkl[k] / structure->constant[k];
  if (hkl[0] == 0 && hkl[1] == 0)
    axes[0][0] = 1;
  else
    cross(axes[2], (double[3]){0, 0, 1}, axes[0]);
  normalise(axes[2]);
  normalise(axes[0]);
  cross(axes[2], axes[0], axes[1]);
  return CSRO_OK;
}

static double dot(const double a[3], const double b[3]) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static bool holds(const region *in, const double u[3], const double r[3]) {
  if (in->kind == BALL) {
    double x = r[0] - in->center[0], y = r[1] - in->center[1], z = r[2] - in->center[2];
    return x * x + y * y + z * z <= in->radius * in->radius;
  }
  const double *p = in->kind == BOX ? r : u;
  for (int axis = 0; axis < 3; axis++)
    if (!(p[axis] >= in->lo[axis] && p[axis] <= in->hi[axis]))
      return false;
  return true;
}

/* Bounds of the region along the axes of the crystal, in lattice constants. */
static void find_bounds(const region *in, const csro_structure *s, double axes[3][3], double lo[3],
                        double hi[3]) {
  for (int axis = 0; axis < 3; axis++) {
    lo[axis] = in->lo[axis];
    hi[axis] = in->hi[axis];
    if (in->kind == CRYSTAL)
      continue;
    double middle = 0, reach = in->kind == BALL ? in->radius : 0;
    for (int k = 0; k < 3; k++) {
      double center = in->kind == BALL ? in->center[k] : (in->lo[k] + in->hi[k]) / 2;
      middle += axes[k][axis] * center;
      if (in->kind == BOX)
        reach += fabs(axes[k][axis]) * (in->hi[k] - in->lo[k]) / 2;
    }
    lo[axis] = (middle - reach) / s->constant[axis] - 1e-9;
    hi[axis] = (middle + reach) / s->constant[axis] + 1e-9;
  }
}

static int compare(const void *a, const void *b) {
  const found_site *p = a, *q = b;
  for (int axis = 0; axis < 3; axis++)
    if (p->u[axis] != q->u[axis])
      return p->u[axis] < q->u[axis] ? -1 : 1;
  return 0;
}

/* The sites of the repeated cells first .. first + n - 1 that the region holds. */
static int64_t collect(const csro_structure *s, const region *in, double axes[3][3],
                       const int64_t first[3], const int64_t n[3], found_site *found) {
  int64_t count = 0;
  for (int64_t cell = 0; cell < n[0] * n[1] * n[2]; cell++)
    for (int i = 0; i < s->site_count; i++) {
      int64_t at[3] = {cell % n[0], cell / n[0] % n[1], cell / (n[0] * n[1])};
      found_site *f = &found[count];
      double r[3];
      for (int axis = 0; axis < 3; axis++) {
        f->u[axis] = (double)((first[axis] + at[axis]) * s->cells[axis]) + s->position[i][axis];
        r[axis] = f->u[axis] * s->constant[axis];
      }
      for (int k = 0; k < 3; k++)
        f->site.r[k] = dot(axes[k], r);
      f->site.sublattice = s->sublattice[i];
      count += holds(in, f->u, f->site.r);
    }
  return count;
}

static csro_status find_sites(csro_context *context, const csro_structure *s, const int hkl[3],
                              const region *in, csro_sites *sites) {
  *sites = (csro_sites){0};
  double axes[3][3], lo[3], hi[3], most = s->site_count;
  csro_status status = csro_structure_axes(context, s, hkl, axes);
  if (status != CSRO_OK)
    return status;
  find_bounds(in, s, axes, lo, hi);
  int64_t first[3], n[3];
  for (int axis = 0; axis < 3; axis++) {
    double begin = floor(lo[axis] / s->cells[axis]);
    double cells = fmax(floor(hi[axis] / s->cells[axis]) - begin + 1, 0);
    most *= cells;
    if (!(most <= MOST_SITES && fabs(begin) <= MOST_SITES))
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "%.3g lattice sites in the region, expected at most 2^24", most);
    first[axis] = (int64_t)begin;
    n[axis] = (int64_t)cells;
  }
  /* One more: the next candidate is written before it is known to be inside. */
  found_site *found = csro_allocate(context, (int64_t)most + 1, sizeof *found);
  if (!found)
    return CSRO_ERROR_MEMORY;
  int64_t count = collect(s, in, axes, first, n, found);
  qsort(found, (size_t)count, sizeof *found, compare);
  sites->site = csro_allocate(context, count, sizeof *sites->site);
  if (!sites->site) {
    free(found);
    return CSRO_ERROR_MEMORY;
  }
  sites->count = count;
  for (int64_t k = 0; k < count; k++)
    sites->site[k] = found[k].site;
  free(found);
  return CSRO_OK;
}

csro_status csro_structure_ball(csro_context *context, const csro_structure *structure,
                                const int hkl[3], const double center[3], double radius,
                                csro_sites *sites) {
  region in = {.kind = BALL, .radius = radius};
  memcpy(in.center, center, sizeof in.center);
  return find_sites(context, structure, hkl, &in, sites);
}

csro_status csro_structure_box(csro_context *context, const csro_structure *structure,
                               const int hkl[3], const double lo[3], const double hi[3],
                               csro_sites *sites) {
  region in = {.kind = BOX};
  memcpy(in.lo, lo, sizeof in.lo);
  memcpy(in.hi, hi, sizeof in.hi);
  return find_sites(context, structure, hkl, &in, sites);
}

csro_status csro_structure_crystal(csro_context *context, const csro_structure *structure,
                                   const int hkl[3], const int cells[3], csro_sites *sites) {
  region in = {.kind = CRYSTAL};
  for (int axis = 0; axis < 3; axis++)
    in.hi[axis] = cells[axis];
  return find_sites(context, structure, hkl, &in, sites);
}

void csro_sites_release(csro_sites *sites) {
  if (!sites)
    return;
  free(sites->site);
  *sites = (csro_sites){0};
}
