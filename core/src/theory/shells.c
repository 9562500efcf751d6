#include "theory/shells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double same = 1e-4; /* nm: distances that are one shell */
enum { MOST = 1 << 20 };         /* neighbours */

static double distance(const double edge[3], const double (*basis)[3], int from, const int cell[3],
                       int to) {
  double sum = 0;
  for (int axis = 0; axis < 3; axis++) {
    const double d = (cell[axis] + basis[to][axis] - basis[from][axis]) * edge[axis];
    sum += d * d;
  }
  return sqrt(sum);
}

/* All sites within a radius of one, their number only where out is NULL. */
static int64_t gather(const double edge[3], int basis_count, const double (*basis)[3], int from,
                      double radius, csro_neighbour *out) {
  int reach[3], cell[3];
  int64_t count = 0;
  for (int axis = 0; axis < 3; axis++)
    reach[axis] = (int)ceil(radius / edge[axis]);
  for (cell[2] = -reach[2]; cell[2] <= reach[2]; cell[2]++)
    for (cell[1] = -reach[1]; cell[1] <= reach[1]; cell[1]++)
      for (cell[0] = -reach[0]; cell[0] <= reach[0]; cell[0]++)
        for (int to = 0; to < basis_count; to++) {
          const double d = distance(edge, basis, from, cell, to);
          if (d > radius || d < same)
            continue;
          if (out)
            out[count] = (csro_neighbour){{cell[0], cell[1], cell[2]}, to, 0, d};
          count++;
        }
  return count;
}

static int by_distance(const void *a, const void *b) {
  const double x = ((const csro_neighbour *)a)->distance, y = ((const csro_neighbour *)b)->distance;
  return (x > y) - (x < y);
}

static csro_status gather_all(csro_context *context, const double edge[3], int basis_count,
                              const double (*basis)[3], double radius, int *first,
                              csro_neighbour **out) {
  double cells = basis_count;
  for (int axis = 0; axis < 3; axis++)
    cells *= 2 * ceil(radius / edge[axis]) + 1;
  if (cells * basis_count > 64.0 * MOST)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "more than 2^20 neighbours in the shells of the lattice");
  int64_t total = 0;
  for (int b = 0; b < basis_count && total < MOST; b++) {
    first[b] = (int)total;
    total += gather(edge, basis_count, basis, b, radius, NULL);
  }
  if (total >= MOST)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "more than 2^20 neighbours in the shells of the lattice");
  first[basis_count] = (int)total;
  *out = csro_allocate(context, total, sizeof **out);
  if (!*out)
    return CSRO_ERROR_MEMORY;
  for (int b = 0; b < basis_count; b++) {
    gather(edge, basis_count, basis, b, radius, *out + first[b]);
    qsort(*out + first[b], (size_t)(first[b + 1] - first[b]), sizeof **out, by_distance);
  }
  return CSRO_OK;
}

/* The different distances, of which the first `count` are kept; how many there are. */
static int find_radii(const csro_neighbour *all, int total, int count, csro_neighbour *sorted,
                      double *radius) {
  int found = 0;
  if (total > 0 && all)
    memcpy(sorted, all, (size_t)total * sizeof *all);
  qsort(sorted, (size_t)total, sizeof *sorted, by_distance);
  for (int i = 0; i < total; i++)
    if (i == 0 || sorted[i].distance - sorted[i - 1].distance > same) {
      if (found < count)
        radius[found] = sorted[i].distance;
      found++;
    }
  return found;
}

/* Numbers the shells and leaves out what is beyond the last. */
static void number_shells(int basis_count, csro_shells *s) {
  int kept = 0, begin = 0;
  for (int b = 0; b < basis_count; b++) {
    const int end = s->first[b + 1];
    for (int i = begin; i < end && s->neighbour; i++) {
      csro_neighbour n = s->neighbour[i];
      for (int k = 0; k < s->count && s->radius[k] <= n.distance + same / 2; k++)
        n.shell = k + 1;
      if (n.distance <= s->radius[s->count - 1] + same / 2)
        s->neighbour[kept++] = n;
    }
    begin = end;
    s->first[b + 1] = kept;
  }
}

csro_status csro_shells_init(csro_context *context, const double edge[3], int basis_count,
                             const double (*basis)[3], int count, csro_shells *shells) {
  *shells = (csro_shells){.count = count};
  if (count < 1 || count > CSRO_SHELLS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "shell %d, expected 1 to %d", count,
                     CSRO_SHELLS);
  shells->radius = csro_allocate(context, count, sizeof *shells->radius);
  shells->first = csro_allocate(context, basis_count + 1, sizeof *shells->first);
  csro_status status = shells->radius && shells->first ? CSRO_OK : CSRO_ERROR_MEMORY;
  double radius = fmin(edge[0], fmin(edge[1], edge[2]));
  for (bool enough = false; status == CSRO_OK && !enough; radius *= 1.3) {
    free(shells->neighbour);
    shells->neighbour = NULL;
    status =
        gather_all(context, edge, basis_count, basis, radius, shells->first, &shells->neighbour);
    const int total = status == CSRO_OK ? shells->first[basis_count] : 0;
    csro_neighbour *sorted =
        status == CSRO_OK ? csro_allocate(context, total, sizeof *sorted) : NULL;
    if (status == CSRO_OK && !sorted)
      status = CSRO_ERROR_MEMORY;
    if (status == CSRO_OK)
      enough = find_radii(shells->neighbour, total, count, sorted, shells->radius) > count;
    free(sorted);
  }
  if (status == CSRO_OK)
    number_shells(basis_count, shells);
  else
    csro_shells_release(shells);
  return status;
}

void csro_shells_release(csro_shells *shells) {
  free(shells->radius);
  free(shells->first);
  free(shells->neighbour);
  *shells = (csro_shells){0};
}

int csro_shells_between(const csro_shells *shells, const double edge[3], const double (*basis)[3],
                        const int from_cell[3], int from, const int to_cell[3], int to) {
  const int cell[3] = {to_cell[0] - from_cell[0], to_cell[1] - from_cell[1],
                       to_cell[2] - from_cell[2]};
  const double d = distance(edge, basis, from, cell, to);
  for (int k = 0; k < shells->count; k++)
    if (fabs(d - shells->radius[k]) < same)
      return k + 1;
  return 0;
}

csro_status csro_shell_distances(csro_context *context, const double edge[3], int basis_count,
                                 const double (*basis)[3], int count, double *radius) {
  csro_shells shells;
  csro_status status = csro_shells_init(context, edge, basis_count, basis, count, &shells);
  if (status == CSRO_OK && shells.radius)
    memcpy(radius, shells.radius, (size_t)count * sizeof *radius);
  csro_shells_release(&shells);
  return status;
}
