#include "theory/point_group.h"

#include <math.h>

static double part_of(double u) {
  return u - round(u);
}

static bool repeats(const csro_diffuse *diffuse) {
  const csro_lattice *l = &diffuse->lattice;
  for (int b = 1; b < l->basis_count; b++)
    for (int k = 0; k < 3; k++)
      if (fabs(part_of(diffuse->zones[k] * (l->basis[b][k] - l->basis[0][k]))) > 1e-6)
        return false;
  return true;
}

static bool has_site(const csro_lattice *l, const double u[3]) {
  for (int b = 0; b < l->basis_count; b++)
    if (fabs(part_of(u[0] - l->basis[b][0])) < 1e-6 &&
        fabs(part_of(u[1] - l->basis[b][1])) < 1e-6 && fabs(part_of(u[2] - l->basis[b][2])) < 1e-6)
      return true;
  return false;
}

/* Whether all sites go to sites when the first one goes to site `to`. */
static bool maps_sites(const csro_lattice *l, const csro_operation *o, int to) {
  for (int b = 1; b < l->basis_count; b++) {
    double u[3];
    for (int k = 0; k < 3; k++)
      u[k] = l->basis[to][k] + o->sign[k] * (l->basis[b][o->axis[k]] - l->basis[0][o->axis[k]]);
    if (!has_site(l, u))
      return false;
  }
  return true;
}

static bool is_allowed(const csro_lattice *l, const csro_operation *o) {
  for (int k = 0; k < 3; k++)
    if (l->cells[k] != l->cells[o->axis[k]] ||
        fabs(l->edge[k] - l->edge[o->axis[k]]) > 1e-6 * l->edge[k])
      return false;
  for (int to = 0; to < l->basis_count; to++)
    if (maps_sites(l, o, to))
      return true;
  return false;
}

int csro_point_group(const csro_diffuse *diffuse, csro_operation operations[CSRO_OPERATIONS]) {
  static const int orders[6][3] = {{0, 1, 2}, {1, 0, 2}, {0, 2, 1},
                                   {2, 1, 0}, {1, 2, 0}, {2, 0, 1}};
  int count = 0;
  for (int k = 0; k < CSRO_OPERATIONS; k++) {
    const int *axis = orders[k / 8];
    const csro_operation o = {{axis[0], axis[1], axis[2]},
                              {k & 1 ? -1 : 1, k & 2 ? -1 : 1, k & 4 ? -1 : 1}};
    if (k == 0 || (repeats(diffuse) && is_allowed(&diffuse->lattice, &o)))
      operations[count++] = o;
  }
  return count;
}

int64_t csro_operation_point(const csro_operation *operation, const int points[3],
                             const int at[3]) {
  int to[3];
  for (int k = 0; k < 3; k++) {
    const int h = at[operation->axis[k]];
    to[k] = operation->sign[k] > 0 || h == 0 ? h : points[k] - h;
  }
  return ((int64_t)to[2] * points[1] + to[1]) * points[0] + to[0];
}
