#include "csro/diffuse.h"

#include <math.h>

static int largest(const int n[3]) {
  const int two = n[0] > n[1] ? n[0] : n[1];
  return two > n[2] ? two : n[2];
}

void csro_diffuse_plane_init(const int cells[3], const int zones[3], csro_diffuse_plane_kind kind,
                             const double through[3], csro_diffuse_plane *plane) {
  *plane = (csro_diffuse_plane){.kind = kind};
  if (kind == CSRO_PLANE_001) {
    for (int k = 0; k < 2; k++) {
      plane->n[k] = zones[k] * cells[k] + 1;
      plane->step[k] = 1.0 / cells[k];
      plane->axes[k][k] = 1;
    }
    plane->origin[2] = round(through[2] * cells[2]) / cells[2];
    return;
  }
  const double sum = through[0] + through[1] + through[2];
  const double u[3] = {1, -1, 0}, v[3] = {1, 1, -2};
  const int n = largest(cells), most = largest(zones);
  const double length[2] = {sqrt(2), sqrt(6)};
  const int half[2] = {n * most, n * most / 2}; /* a zone fits */
  for (int k = 0; k < 2; k++) {
    plane->step[k] = length[k] / (2 * n);
    plane->n[k] = 2 * half[k] + 1;
    plane->first[k] = -half[k] * plane->step[k];
  }
  /* a point of the grid is in the middle: the layer next to the plane, its point nearest to the
   * axis [111] */
  const double layer = round(sum * n);
  const double third = floor(layer / 3);
  const double extra = layer - 3 * third;
  for (int k = 0; k < 3; k++) {
    plane->origin[k] = (third + (k < extra)) / n;
    plane->axes[0][k] = u[k] / length[0];
    plane->axes[1][k] = v[k] / length[1];
  }
}

/* Interpolated on the grid, which repeats. */
static double value_at(const csro_diffuse *diffuse, const double q[3], const double *values) {
  int at[3][2];
  double part[3], sum = 0;
  for (int axis = 0; axis < 3; axis++) {
    const int points = diffuse->points[axis];
    double x = q[axis] * diffuse->lattice.cells[axis];
    if (fabs(x - round(x)) < 1e-6)
      x = round(x);
    const double whole = floor(x);
    part[axis] = x - whole;
    at[axis][0] = (int)(whole - floor(whole / points) * points);
    at[axis][1] = (at[axis][0] + 1) % points;
  }
  for (int corner = 0; corner < 8; corner++) {
    double weight = 1;
    int index[3];
    for (int axis = 0; axis < 3; axis++) {
      const int upper = corner >> axis & 1;
      weight *= upper ? part[axis] : 1 - part[axis];
      index[axis] = at[axis][upper];
    }
    if (weight > 0)
      sum +=
          weight * values[((int64_t)index[2] * diffuse->points[1] + index[1]) * diffuse->points[0] +
                          index[0]];
  }
  return sum;
}

static double sample(const csro_diffuse *diffuse, const csro_diffuse_plane *plane, int i, int j,
                     const double *values) {
  const double u = plane->first[0] + i * plane->step[0], v = plane->first[1] + j * plane->step[1];
  double q[3];
  for (int k = 0; k < 3; k++)
    q[k] = plane->origin[k] + u * plane->axes[0][k] + v * plane->axes[1][k];
  return value_at(diffuse, q, values);
}

double csro_diffuse_plane_value(const csro_diffuse *diffuse, const csro_diffuse_plane *plane, int i,
                                int j, const double *values) {
  const int half[2] = {plane->n[0] / 2, plane->n[1] / 2};
  if (plane->kind == CSRO_PLANE_001 || (i - half[0] + j - half[1]) % 2 == 0)
    return sample(diffuse, plane, i, j, values);
  return (sample(diffuse, plane, i - 1, j, values) + sample(diffuse, plane, i + 1, j, values)) / 2;
}
