#include "csro/lattice.h"

#include "csro/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whether the sites of the structure repeat with every lattice constant: then those of the first
 * cell are the basis. */
static bool is_of_parent(const csro_structure *s) {
  int first = 0;
  for (int i = 0; i < s->site_count; i++)
    first += s->position[i][0] < 1 && s->position[i][1] < 1 && s->position[i][2] < 1;
  if (first * s->cells[0] * s->cells[1] * s->cells[2] != s->site_count)
    return false;
  for (int i = 0; i < s->site_count; i++) {
    int same = 0;
    for (int k = 0; k < s->site_count; k++) {
      bool equal = true;
      for (int axis = 0; axis < 3; axis++) {
        const double difference = s->position[i][axis] - s->position[k][axis];
        equal = equal && fabs(difference - round(difference)) < 1e-9;
      }
      same += equal;
    }
    if (same != s->cells[0] * s->cells[1] * s->cells[2])
      return false;
  }
  return true;
}

/* The edges of the lattice's cell in lattice constants, and its sites. */
static csro_status make_cells(csro_context *context, const csro_structure *s,
                              const char *const *names, const int cells[3], csro_lattice *lattice) {
  const bool parent = is_of_parent(s);
  int count = 0, multiple[3];
  double edge[3];
  for (int axis = 0; axis < 3; axis++) {
    if (cells[axis] < 1 || cells[axis] % s->cells[axis])
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "%d cells along axis %d, expected a multiple of the %d of the structure",
                       cells[axis], axis + 1, s->cells[axis]);
    multiple[axis] = parent ? 1 : s->cells[axis];
    edge[axis] = s->constant[axis] * multiple[axis];
  }
  const int of_lattice[3] = {cells[0] / multiple[0], cells[1] / multiple[1],
                             cells[2] / multiple[2]};
  for (int i = 0; i < s->site_count; i++)
    count += s->position[i][0] < multiple[0] && s->position[i][1] < multiple[1] &&
             s->position[i][2] < multiple[2];
  csro_status status =
      csro_lattice_init(context, edge, of_lattice, count, s->species_count, lattice);
  if (status != CSRO_OK)
    return status;
  count = 0;
  for (int i = 0; i < s->site_count; i++)
    if (s->position[i][0] < multiple[0] && s->position[i][1] < multiple[1] &&
        s->position[i][2] < multiple[2]) {
      for (int axis = 0; axis < 3; axis++)
        lattice->basis[count][axis] = s->position[i][axis] / multiple[axis];
      count++;
    }
  for (int k = 0; k < s->species_count; k++)
    strncpy(lattice->names[k], names[k], CSRO_LATTICE_NAME - 1);
  return csro_lattice_check(context, lattice);
}

/* The site of the structure that is at a site of the lattice. */
static int find_site(const csro_structure *s, const csro_lattice *l, const int cell[3], int basis) {
  for (int i = 0; i < s->site_count; i++) {
    bool equal = true;
    for (int axis = 0; axis < 3; axis++) {
      const double at = (cell[axis] + l->basis[basis][axis]) * l->edge[axis] / s->constant[axis];
      const double difference = (at - s->position[i][axis]) / s->cells[axis];
      equal = equal && fabs(difference - round(difference)) < 1e-9;
    }
    if (equal)
      return i;
  }
  return 0;
}

/* sublattice[basis][z][y][x] of the cells after which the structure repeats. */
static int *find_sublattices(csro_context *context, const csro_structure *s, const csro_lattice *l,
                             int period[3]) {
  for (int axis = 0; axis < 3; axis++)
    period[axis] = (int)lround(s->cells[axis] * s->constant[axis] / l->edge[axis]);
  int *out = csro_allocate(context, (long long)l->basis_count * period[0] * period[1] * period[2],
                           sizeof *out);
  int *next = out, cell[3];
  for (int b = 0; b < l->basis_count && out; b++)
    for (cell[2] = 0; cell[2] < period[2]; cell[2]++)
      for (cell[1] = 0; cell[1] < period[1]; cell[1]++)
        for (cell[0] = 0; cell[0] < period[0]; cell[0]++)
          *next++ = s->sublattice[find_site(s, l, cell, b)];
  return out;
}

/* Atoms that each sublattice is to have: left[sublattice][species], and its sites. */
static csro_status count_atoms(csro_context *context, const csro_structure *s, int64_t sites,
                               int64_t *left, int64_t *of_sublattice) {
  for (int k = 0; k < s->sublattice_count; k++) {
    const double *row = &s->occupancy[k * s->species_count];
    double sum = 0;
    for (int a = 0; a < s->species_count; a++)
      sum += row[a];
    if (!(fabs(sum - 1) < 1e-6))
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "occupancies of sublattice %.15s sum to %g, expected 1", s->sublattices[k],
                       sum);
    int64_t own = 0;
    for (int i = 0; i < s->site_count; i++)
      own += s->sublattice[i] == k;
    of_sublattice[k] = own * (sites / s->site_count);
    csro_lattice_counts(of_sublattice[k], s->species_count, row, &left[k * s->species_count]);
  }
  return CSRO_OK;
}

static void fill(const csro_structure *s, const int *sublattice, const int period[3], uint64_t seed,
                 int64_t *left, int64_t *of_sublattice, csro_lattice *l) {
  csro_random random;
  csro_random_init(&random, seed, 0);
  int64_t site = 0;
  for (int b = 0; b < l->basis_count; b++)
    for (int z = 0; z < l->cells[2]; z++)
      for (int y = 0; y < l->cells[1]; y++)
        for (int x = 0; x < l->cells[0]; x++, site++) {
          const int k =
              sublattice[((b * period[2] + z % period[2]) * period[1] + y % period[1]) * period[0] +
                         x % period[0]];
          int64_t *row = &left[k * s->species_count];
          int64_t at = (int64_t)csro_random_below(&random, (uint64_t)of_sublattice[k]--);
          int a = 0;
          while (at >= row[a])
            at -= row[a++];
          row[a]--;
          l->species[site] = (uint8_t)a;
        }
}

csro_status csro_lattice_of_structure(csro_context *context, const csro_structure *s,
                                      const char *const *names, const int cells[3], uint64_t seed,
                                      csro_lattice *lattice) {
  *lattice = (csro_lattice){0};
  csro_status status = make_cells(context, s, names, cells, lattice);
  int period[3], *sublattice = NULL;
  int64_t *left =
      csro_allocate(context, (long long)s->sublattice_count * s->species_count, sizeof *left);
  int64_t *of_sublattice = csro_allocate(context, s->sublattice_count, sizeof *of_sublattice);
  if (status == CSRO_OK && (!left || !of_sublattice))
    status = CSRO_ERROR_MEMORY;
  if (status == CSRO_OK)
    status = count_atoms(context, s, csro_lattice_site_count(lattice), left, of_sublattice);
  if (status == CSRO_OK && !(sublattice = find_sublattices(context, s, lattice, period)))
    status = CSRO_ERROR_MEMORY;
  if (status == CSRO_OK)
    fill(s, sublattice, period, seed, left, of_sublattice, lattice);
  free(left);
  free(of_sublattice);
  free(sublattice);
  if (status != CSRO_OK)
    csro_lattice_release(lattice);
  return status;
}
