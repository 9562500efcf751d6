#include "csro/proximity.h"
#include "csro/voxels.h"

#include "base/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { most_cells = 1 << 22, block_points = 1024 };

/* Triangles by the cells that their bounds touch. */
typedef struct grid {
  const csro_triangles *triangles;
  double origin[3], size;
  int64_t n[3];
  int64_t *start; /* n[0] n[1] n[2] + 1 */
  int64_t *list;
} grid;

/* The nearest triangle so far. */
typedef struct found {
  double square; /* of the distance */
  double sign;   /* of the side, and how squarely the point is before the triangle: -1 .. 1 */
} found;

static const double *corner(const csro_triangles *triangles, int64_t t, int k) {
  return triangles->corners + 9 * t + 3 * k;
}

static double dot(const double a[3], const double b[3]) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void subtract(const double a[3], const double b[3], double out[3]) {
  for (int k = 0; k < 3; k++)
    out[k] = a[k] - b[k];
}

static double clamp(double value) {
  return value > 0 ? value < 1 ? value : 1 : 0; /* 0 for NaN, of an edge without length */
}

/* The nearest point of a triangle: of its plane when that is inside, else of the nearest edge. */
static void nearest_point(const double *a, const double *b, const double *c, const double r[3],
                          double best[3]) {
  double ab[3], ac[3], ar[3], square = INFINITY;
  subtract(b, a, ab);
  subtract(c, a, ac);
  subtract(r, a, ar);
  const double bb = dot(ab, ab), bc = dot(ab, ac), cc = dot(ac, ac);
  const double br = dot(ab, ar), cr = dot(ac, ar), det = bb * cc - bc * bc;
  const double v = (cc * br - bc * cr) / det, w = (bb * cr - bc * br) / det;
  if (v >= 0 && w >= 0 && v + w <= 1) {
    for (int k = 0; k < 3; k++)
      best[k] = a[k] + v * ab[k] + w * ac[k];
    return;
  }
  const double *const from[3] = {a, b, c}, *const to[3] = {b, c, a};
  memcpy(best, a, 3 * sizeof *best);
  for (int e = 0; e < 3; e++) {
    double edge[3], rest[3], off[3], point[3];
    subtract(to[e], from[e], edge);
    subtract(r, from[e], rest);
    const double t = clamp(dot(edge, rest) / dot(edge, edge));
    for (int k = 0; k < 3; k++)
      point[k] = from[e][k] + t * edge[k];
    subtract(r, point, off);
    if (dot(off, off) < square) {
      square = dot(off, off);
      memcpy(best, point, 3 * sizeof *best);
    }
  }
}

static void look_at(const csro_triangles *triangles, int64_t t, const double r[3], found *now) {
  const double *a = corner(triangles, t, 0), *b = corner(triangles, t, 1),
               *c = corner(triangles, t, 2);
  double point[3], off[3], ab[3], ac[3];
  nearest_point(a, b, c, r, point);
  subtract(r, point, off);
  subtract(b, a, ab);
  subtract(c, a, ac);
  const double normal[3] = {ab[1] * ac[2] - ab[2] * ac[1], ab[2] * ac[0] - ab[0] * ac[2],
                            ab[0] * ac[1] - ab[1] * ac[0]};
  const double square = dot(off, off), length = sqrt(square * dot(normal, normal));
  const double sign = length > 0 ? dot(off, normal) / length : 0;
  const double same = 1e-9 * now->square + 1e-24;
  if (square < now->square - same ||
      (square < now->square + same && fabs(sign) > fabs(now->sign))) {
    now->square = square < now->square ? square : now->square;
    now->sign = sign;
  }
}

/* The cells that the bounds of a triangle touch; calls for each are counted or listed. */
static void enter(const grid *g, int64_t t, int64_t *place, bool is_listed) {
  int64_t lo[3], hi[3];
  for (int k = 0; k < 3; k++) {
    double low = INFINITY, high = -INFINITY;
    for (int v = 0; v < 3; v++) {
      low = fmin(low, corner(g->triangles, t, v)[k]);
      high = fmax(high, corner(g->triangles, t, v)[k]);
    }
    lo[k] = (int64_t)fmax(0, floor((low - g->origin[k]) / g->size));
    hi[k] = (int64_t)fmin((double)g->n[k] - 1, floor((high - g->origin[k]) / g->size));
    lo[k] = lo[k] < hi[k] ? lo[k] : hi[k];
  }
  for (int64_t z = lo[2]; z <= hi[2]; z++)
    for (int64_t y = lo[1]; y <= hi[1]; y++)
      for (int64_t x = lo[0]; x <= hi[0]; x++) {
        const int64_t cell = (z * g->n[1] + y) * g->n[0] + x;
        if (is_listed)
          g->list[place[cell]] = t;
        place[cell]++;
      }
}

static void shape(const csro_triangles *triangles, grid *g) {
  double lo[3] = {INFINITY, INFINITY, INFINITY}, hi[3] = {-INFINITY, -INFINITY, -INFINITY};
  for (int64_t i = 0; i < 3 * triangles->count; i++)
    for (int k = 0; k < 3; k++) {
      lo[k] = fmin(lo[k], triangles->corners[3 * i + k]);
      hi[k] = fmax(hi[k], triangles->corners[3 * i + k]);
    }
  g->triangles = triangles;
  memcpy(g->origin, lo, sizeof lo);
  double cells;
  g->size = 0.5;
  do {
    g->size *= 2;
    cells = 1;
    for (int k = 0; k < 3; k++)
      cells *= floor((hi[k] - lo[k]) / g->size) + 1;
  } while (cells > most_cells);
  for (int k = 0; k < 3; k++)
    g->n[k] = (int64_t)((hi[k] - lo[k]) / g->size) + 1;
}

static csro_status build(csro_context *context, const csro_triangles *triangles, grid *g) {
  shape(triangles, g);
  const int64_t cells = g->n[0] * g->n[1] * g->n[2];
  g->start = csro_allocate(context, cells + 2, sizeof *g->start);
  if (!g->start)
    return CSRO_ERROR_MEMORY;
  memset(g->start, 0, (size_t)(cells + 2) * sizeof *g->start);
  for (int64_t t = 0; t < triangles->count; t++)
    enter(g, t, g->start + 2, false);
  for (int64_t c = 0; c < cells; c++)
    g->start[c + 2] += g->start[c + 1];
  g->list = csro_allocate(context, g->start[cells + 1], sizeof *g->list);
  if (!g->list)
    return CSRO_ERROR_MEMORY;
  for (int64_t t = 0; t < triangles->count; t++)
    enter(g, t, g->start + 1, true);
  return CSRO_OK;
}

static void look_in(const grid *g, int64_t x, int64_t y, int64_t z, const double r[3], found *now) {
  if (x < 0 || y < 0 || z < 0 || x >= g->n[0] || y >= g->n[1] || z >= g->n[2])
    return;
  const int64_t cell = (z * g->n[1] + y) * g->n[0] + x;
  for (int64_t i = g->start[cell]; i < g->start[cell + 1]; i++)
    look_at(g->triangles, g->list[i], r, now);
}

static double signed_distance(const grid *g, const double r[3], double reach) {
  int64_t at[3];
  found now = {INFINITY, 0};
  for (int k = 0; k < 3; k++)
    at[k] = (int64_t)floor((r[k] - g->origin[k]) / g->size);
  for (int64_t ring = 0;; ring++) {
    const double gap = (double)(ring - 1) * g->size;
    if (gap > reach || (gap > 0 && gap * gap > now.square * (1 + 1e-6)))
      break;
    for (int64_t dz = -ring; dz <= ring; dz++)
      for (int64_t dy = -ring; dy <= ring; dy++) {
        const bool whole = llabs(dz) == ring || llabs(dy) == ring;
        for (int64_t dx = -ring; dx <= ring; dx += whole || ring == 0 ? 1 : 2 * ring)
          look_in(g, at[0] + dx, at[1] + dy, at[2] + dz, r, &now);
      }
  }
  const double distance = sqrt(now.square);
  return distance <= reach ? (now.sign < 0 ? -distance : distance) : NAN;
}

csro_status csro_proximity_to_triangles(csro_context *context, const csro_points *points,
                                        const csro_triangles *triangles, double reach,
                                        double *distance) {
  csro_status status =
      csro_check_number(context, "reach in nm", reach, CSRO_SHORTEST, CSRO_LONGEST);
  if (status != CSRO_OK)
    return status;
  if (triangles->count < 1)
    return csro_fail(context, CSRO_ERROR_DATA, "the surface has no triangles");
  for (int64_t i = 0; i < 9 * triangles->count; i++)
    if (!(fabs(triangles->corners[i]) <= CSRO_LONGEST))
      return csro_fail(context, CSRO_ERROR_DATA, "triangle %lld is not within %g nm",
                       (long long)(i / 9), CSRO_LONGEST);
  grid g = {.start = NULL, .list = NULL};
  status = build(context, triangles, &g);
  csro_progress progress;
  csro_progress_start(&progress, context, points->count, 0.1, 1);
  if (status == CSRO_OK) {
#pragma omp parallel for num_threads(context->threads) schedule(dynamic)
    for (int64_t begin = 0; begin < points->count; begin += block_points) {
      const int64_t end =
          points->count - begin < block_points ? points->count : begin + block_points;
      if (csro_progress_add(&progress, end - begin))
        continue;
      for (int64_t i = begin; i < end; i++) {
        double r[3];
        csro_points_get(points, i, r);
        distance[i] = signed_distance(&g, r, reach);
      }
    }
    status = csro_progress_end(&progress);
  }
  free(g.start);
  free(g.list);
  return status;
}
