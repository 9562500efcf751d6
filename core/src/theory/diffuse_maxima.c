#include "csro/diffuse.h"

#include "theory/special_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double near_point = 0.1; /* 2 pi / a: the structures of a special point are meant */

/* What is found; `room` grows. */
typedef struct finder {
  csro_context *context;
  const csro_diffuse *diffuse;
  int parent;
  int64_t count, room;
  csro_diffuse_maximum *list;
} finder;

/* Whether no neighbour is higher, and none before it as high. */
static bool is_maximum(const csro_diffuse *diffuse, const double *alpha, double sign,
                       const int at[3]) {
  const int *n = diffuse->points;
  const int64_t own = ((int64_t)at[2] * n[1] + at[1]) * n[0] + at[0];
  for (int k = 0; k < 27; k++) {
    const int64_t other = (((int64_t)(at[2] + k / 9 - 1 + n[2]) % n[2]) * n[1] +
                           (at[1] + k / 3 % 3 - 1 + n[1]) % n[1]) *
                              n[0] +
                          (at[0] + k % 3 - 1 + n[0]) % n[0];
    const double difference = sign * (alpha[other] - alpha[own]);
    if (difference > 0 || (difference == 0 && other < own))
      return false;
  }
  return true;
}

static csro_status add(finder *f, int pair, const int at[3], double intensity, double error) {
  if (f->count == f->room) {
    const int64_t room = f->room ? 2 * f->room : 64;
    void *list = realloc(f->list, (size_t)room * sizeof *f->list);
    if (!list) {
      csro_fail(f->context, CSRO_ERROR_MEMORY, "out of memory: maxima");
      return CSRO_ERROR_MEMORY;
    }
    f->list = list;
    f->room = room;
  }
  csro_diffuse_maximum *m = &f->list[f->count++];
  *m = (csro_diffuse_maximum){.pair = pair,
                              .intensity = intensity,
                              .error = error,
                              .equivalents = 1,
                              .point = "",
                              .distance = NAN,
                              .structures = ""};
  for (int axis = 0; axis < 3; axis++)
    m->q[axis] = (double)at[axis] / f->diffuse->lattice.cells[axis];
  if (f->parent < 0)
    return CSRO_OK;
  const double q[3] = {m->q[0], m->q[1], m->q[2]};
  csro_special_fold(f->parent, q, m->q);
  const csro_special_point *point = csro_special_nearest(f->parent, m->q, &m->distance);
  m->point = point->name;
  if (m->distance <= near_point)
    m->structures = point->structures;
  return CSRO_OK;
}

static csro_status find_in_pair(finder *f, int pair, double share) {
  const csro_diffuse *diffuse = f->diffuse;
  const int64_t points = csro_diffuse_points(diffuse);
  const double *alpha = diffuse->alpha + pair * points, sign = csro_diffuse_sign(diffuse, pair);
  double highest = 0;
  for (int64_t i = 0; i < points; i++)
    highest = fmax(highest, sign * alpha[i]);
  csro_status status = CSRO_OK;
  for (int64_t i = 0; i < points && status == CSRO_OK; i++) {
    const int at[3] = {(int)(i % diffuse->points[0]),
                       (int)(i / diffuse->points[0] % diffuse->points[1]),
                       (int)(i / diffuse->points[0] / diffuse->points[1])};
    if (highest > 0 && sign * alpha[i] >= share * highest && is_maximum(diffuse, alpha, sign, at))
      status = add(f, pair, at, sign * alpha[i], csro_diffuse_error(diffuse, pair, i));
  }
  return status;
}

static int by_height(const void *a, const void *b) {
  const csro_diffuse_maximum *x = a, *y = b;
  if (x->pair != y->pair)
    return x->pair - y->pair;
  if (x->intensity != y->intensity)
    return x->intensity < y->intensity ? 1 : -1;
  for (int axis = 0; axis < 3; axis++)
    if (x->q[axis] != y->q[axis])
      return x->q[axis] < y->q[axis] ? -1 : 1;
  return 0;
}

static bool is_same(const csro_diffuse_maximum *a, const csro_diffuse_maximum *b) {
  bool same = a->pair == b->pair;
  for (int axis = 0; axis < 3; axis++)
    same = same && fabs(a->q[axis] - b->q[axis]) < 1e-6;
  return same;
}

/* Joins what is equivalent and keeps the highest `most` of each pair; the list is sorted. */
static void join(finder *f, int most) {
  int64_t kept = 0;
  int of_pair = 0;
  for (int64_t i = 0; i < f->count; i++) {
    const csro_diffuse_maximum m = f->list[i];
    int64_t same = kept - 1;
    if (kept == 0 || f->list[kept - 1].pair != m.pair)
      of_pair = 0;
    while (same >= kept - of_pair && !is_same(&f->list[same], &m))
      same--;
    if (same >= kept - of_pair)
      f->list[same].equivalents++;
    else if (of_pair < most) {
      f->list[kept++] = m;
      of_pair++;
    }
  }
  f->count = kept;
}

csro_status csro_diffuse_maxima(csro_context *context, const csro_diffuse *diffuse, int most,
                                double share, int *count, csro_diffuse_maximum **maxima) {
  finder f = {
      .context = context, .diffuse = diffuse, .parent = csro_lattice_parent(&diffuse->lattice)};
  csro_status status = CSRO_OK;
  *count = 0;
  *maxima = NULL;
  for (int pair = 0; pair < csro_diffuse_pairs(diffuse) && status == CSRO_OK; pair++)
    status = find_in_pair(&f, pair, share);
  if (status != CSRO_OK) {
    free(f.list);
    return status;
  }
  if (f.count > 0)
    qsort(f.list, (size_t)f.count, sizeof *f.list, by_height);
  join(&f, most);
  *count = (int)f.count;
  *maxima = f.list;
  return CSRO_OK;
}
