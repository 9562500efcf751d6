#include "csro/lattice_fit.h"

#include "csro/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { most_samples = 20000, most_planes = 4096 };
static const double closest_planes = 0.04; /* nm */
static const double least_order = 0.5;     /* of a wave over the atoms, 1 where all are in step */

/* Evenly spaced planes across each axis, whose crossings are sites or empty. */
typedef struct plane_grid {
  int planes[3];
  double shift[3]; /* of the first plane from 0, in spacings */
  int64_t first;   /* a site that is not empty */
  uint8_t *filled; /* [planes] x fastest */
} plane_grid;

/* The numbers of planes in one direction whose wave has all atoms in step. */
static void find_planes(const csro_boxed_atoms *atoms, int axis, const int64_t *sample,
                        int64_t samples, plane_grid *grid) {
  const double pi = acos(-1);
  static const double alike = 0.9; /* of the best: the fewest planes of those */
  int most = (int)(atoms->box[axis] / closest_planes);
  most = most < 1 ? 1 : most > most_planes ? most_planes : most;
  double(*sum)[2] = calloc((size_t)most + 1, sizeof *sum);
  grid->planes[axis] = 0;
  if (!sum)
    return;
  for (int64_t i = 0; i < samples; i++) {
    double r[3];
    csro_points_get(&atoms->points, sample[i], r);
    const double angle = 2 * pi * r[axis] / atoms->box[axis], c = cos(angle), s = sin(angle);
    double re = 1, im = 0;
    for (int m = 1; m <= most; m++) {
      const double next = re * c - im * s;
      im = re * s + im * c;
      re = next;
      sum[m][0] += re;
      sum[m][1] += im;
    }
  }
  double best = least_order * (double)samples;
  for (int m = 1; m <= most; m++)
    best = fmax(best, hypot(sum[m][0], sum[m][1]));
  for (int m = 1; m <= most && grid->planes[axis] == 0; m++)
    if (hypot(sum[m][0], sum[m][1]) >= alike * best) {
      grid->planes[axis] = m;
      grid->shift[axis] = atan2(sum[m][1], sum[m][0]) / (2 * pi);
    }
  free(sum);
}

/* The crossing next to a point. */
static int64_t crossing(const csro_boxed_atoms *atoms, const plane_grid *grid, const double r[3]) {
  int64_t at[3];
  for (int axis = 0; axis < 3; axis++) {
    const double whole = round(r[axis] / atoms->box[axis] * grid->planes[axis] - grid->shift[axis]);
    at[axis] = (int64_t)(whole - floor(whole / grid->planes[axis]) * grid->planes[axis]);
  }
  return (at[2] * grid->planes[1] + at[1]) * grid->planes[0] + at[0];
}

static csro_status fill_grid(csro_context *context, const csro_boxed_atoms *atoms,
                             plane_grid *grid) {
  const double crossings =
      (double)grid->planes[0] * (double)grid->planes[1] * (double)grid->planes[2];
  if (crossings > 64 * (double)atoms->points.count + 1e6)
    return csro_fail(
        context, CSRO_ERROR_DATA,
        "%lld atoms in %d x %d x %d planes of atoms across x, y and z: no lattice of a "
        "small cell",
        (long long)atoms->points.count, grid->planes[0], grid->planes[1], grid->planes[2]);
  grid->filled = csro_allocate(context, (int64_t)crossings, 1);
  if (!grid->filled)
    return CSRO_ERROR_MEMORY;
  memset(grid->filled, 0, (size_t)crossings);
  for (int64_t i = 0; i < atoms->points.count; i++) {
    double r[3];
    csro_points_get(&atoms->points, i, r);
    const int64_t at = crossing(atoms, grid, r);
    if (grid->filled[at]++)
      return csro_fail(context, CSRO_ERROR_DATA,
                       "two atoms are nearest to one site of the lattice, the second is atom %lld "
                       "(from 0) at (%g, %g, %g) nm: a regular lattice with one atom on each site "
                       "was expected",
                       (long long)i, r[0], r[1], r[2]);
  }
  while (!grid->filled[grid->first])
    grid->first++;
  return CSRO_OK;
}

/* Whether the grid is as before when it is moved by so many planes. */
static bool repeats(const plane_grid *grid, int axis, int by) {
  const int *n = grid->planes;
  for (int64_t z = 0; z < n[2]; z++)
    for (int64_t y = 0; y < n[1]; y++)
      for (int64_t x = 0; x < n[0]; x++) {
        int64_t to[3] = {x, y, z};
        to[axis] = (to[axis] + by) % n[axis];
        if (grid->filled[(z * n[1] + y) * n[0] + x] !=
            grid->filled[(to[2] * n[1] + to[1]) * n[0] + to[0]])
          return false;
      }
  return true;
}

static csro_status fail_cell(csro_context *context, const csro_boxed_atoms *atoms,
                             const plane_grid *grid) {
  return csro_fail(
      context, CSRO_ERROR_DATA,
      "no lattice: %lld atoms on %d x %d x %d crossings of planes do not repeat within "
      "the box; a regular lattice with one atom on each site was expected, without "
      "vacancies and interstitials",
      (long long)atoms->points.count, grid->planes[0], grid->planes[1], grid->planes[2]);
}

/* The filled crossings of one cell; returns how many. */
static int take_basis(const plane_grid *grid, const int period[3], csro_lattice *lattice) {
  const int *n = grid->planes;
  int count = 0;
  for (int64_t k = 0; k < (int64_t)period[0] * period[1] * period[2]; k++) {
    const int64_t u[3] = {k % period[0], k / period[0] % period[1], k / period[0] / period[1]};
    int64_t at = grid->first, crossing_at = 0, stride = 1;
    for (int axis = 0; axis < 3; axis++) {
      crossing_at += (at % n[axis] + u[axis]) % n[axis] * stride;
      at /= n[axis];
      stride *= n[axis];
    }
    if (!grid->filled[crossing_at] || count == lattice->basis_count)
      continue;
    for (int axis = 0; axis < 3; axis++)
      lattice->basis[count][axis] = (double)u[axis] / period[axis];
    count++;
  }
  return count;
}

/* The smallest cell that repeats, with a filled crossing at its corner. */
static csro_status find_cell(csro_context *context, const csro_boxed_atoms *atoms,
                             const plane_grid *grid, csro_lattice *lattice) {
  int cells[3], period[3];
  double edge[3];
  for (int axis = 0; axis < 3; axis++) {
    const int planes = grid->planes[axis];
    period[axis] = 1;
    while (planes % period[axis] != 0 || !repeats(grid, axis, period[axis]))
      period[axis]++;
    cells[axis] = planes / period[axis];
    edge[axis] = atoms->box[axis] / cells[axis];
  }
  const int64_t cell_count = (int64_t)cells[0] * cells[1] * cells[2];
  if (cell_count < 1) /* no planes: not met */
    return fail_cell(context, atoms, grid);
  const int64_t basis = atoms->points.count / cell_count;
  if (basis > CSRO_LATTICE_BASIS || basis * cell_count != atoms->points.count)
    return fail_cell(context, atoms, grid);
  csro_status status =
      csro_lattice_init(context, edge, cells, (int)basis, atoms->species_count, lattice);
  if (status != CSRO_OK)
    return status;
  return take_basis(grid, period, lattice) == (int)basis ? CSRO_OK
                                                         : fail_cell(context, atoms, grid);
}

static csro_status find_lattice(csro_context *context, const csro_boxed_atoms *atoms,
                                csro_lattice *lattice, double origin[3]) {
  const int64_t count = atoms->points.count, samples = count < most_samples ? count : most_samples;
  int64_t *sample = csro_allocate(context, samples, sizeof *sample);
  if (!sample)
    return CSRO_ERROR_MEMORY;
  csro_permutation order;
  csro_permutation_init(&order, 1, (uint64_t)count);
  for (int64_t i = 0; i < samples; i++)
    sample[i] = (int64_t)csro_permutation_at(&order, (uint64_t)i);
  plane_grid grid = {.first = 0};
  csro_status status = CSRO_OK;
  for (int axis = 0; axis < 3 && status == CSRO_OK; axis++) {
    find_planes(atoms, axis, sample, samples, &grid);
    if (grid.planes[axis] == 0)
      status = csro_fail(context, CSRO_ERROR_DATA,
                         "no lattice: the atoms are in no evenly spaced planes across %c that are "
                         "%g nm or more apart and fit into the box of %g nm",
                         "xyz"[axis], closest_planes, atoms -> box[axis]);
  }
  free(sample);
  if (status == CSRO_OK)
    status = fill_grid(context, atoms, &grid);
  if (status == CSRO_OK)
    status = find_cell(context, atoms, &grid, lattice);
  if (status == CSRO_OK) {
    int64_t at = grid.first;
    for (int axis = 0; axis < 3; axis++) {
      const int planes = grid.planes[axis] > 0 ? grid.planes[axis] : 1;
      origin[axis] = ((double)(at % planes) + grid.shift[axis]) * atoms->box[axis] / planes;
      at /= planes;
    }
  }
  free(grid.filled);
  return status;
}

static csro_status take_lattice(csro_context *context, const csro_boxed_atoms *atoms,
                                csro_lattice *lattice) {
  int cells[3];
  for (int axis = 0; axis < 3; axis++) {
    const double exact = atoms->box[axis] / atoms->edge[axis];
    if (!(exact >= 0.5 && exact <= CSRO_LATTICE_CELLS) || fabs(exact - round(exact)) > 1e-3)
      return csro_fail(
          context, CSRO_ERROR_DATA,
          "a box of %g nm along %c for lattice cells of %g nm, expected a whole number",
          atoms->box[axis], "xyz"[axis], atoms -> edge[axis]);
    cells[axis] = (int)round(exact);
  }
  const csro_status status = csro_lattice_init(context, atoms->edge, cells, atoms->basis_count,
                                               atoms->species_count, lattice);
  if (status == CSRO_OK)
    memcpy(lattice->basis, atoms->basis, (size_t)atoms->basis_count * sizeof *lattice->basis);
  return status;
}

/* Fills the sites, each once. */
static csro_status place_atoms(csro_context *context, const csro_boxed_atoms *atoms,
                               const double origin[3], csro_lattice *lattice, double *deviation) {
  enum { EMPTY = 255 };
  const int64_t sites = csro_lattice_site_count(lattice);
  if (sites != atoms->points.count)
    return csro_fail(context, CSRO_ERROR_DATA, "%lld atoms for %lld sites of the lattice",
                     (long long)atoms->points.count, (long long)sites);
  memset(lattice->species, EMPTY, (size_t)sites);
  *deviation = 0;
  for (int64_t i = 0; i < atoms->points.count; i++) {
    double r[3], distance;
    csro_points_get(&atoms->points, i, r);
    for (int axis = 0; axis < 3; axis++)
      r[axis] -= origin[axis];
    const int64_t site = csro_lattice_nearest(lattice, r, &distance);
    const int label = atoms->label[i];
    if (label < 1 || label > atoms->species_count)
      return csro_fail(context, CSRO_ERROR_DATA, "atom %lld (from 0) has no species", (long long)i);
    if (lattice->species[site] != EMPTY)
      return csro_fail(context, CSRO_ERROR_DATA,
                       "two atoms on one site of the lattice, the second is atom %lld (from 0), %g "
                       "nm away from it",
                       (long long)i, distance);
    lattice->species[site] = (uint8_t)(label - 1);
    *deviation = fmax(*deviation, distance);
  }
  return CSRO_OK;
}

static csro_status check_atoms(csro_context *context, const csro_boxed_atoms *atoms) {
  if (atoms->points.count < 1)
    return csro_fail(context, CSRO_ERROR_DATA, "there are no atoms");
  for (int axis = 0; axis < 3; axis++)
    if (!(atoms->box[axis] >= 0.1 && atoms->box[axis] <= 1e6))
      return csro_fail(
          context, CSRO_ERROR_DATA,
          "the atoms have no periodic box with edges of 0.1 nm or more along x, y and z");
  for (int s = 0; s < atoms->species_count; s++)
    if (strlen(atoms->names[s]) >= CSRO_LATTICE_NAME)
      return csro_fail(context, CSRO_ERROR_DATA,
                       "the name of species %s, expected at most %d bytes on a lattice",
                       atoms->names[s], CSRO_LATTICE_NAME - 1);
  return CSRO_OK;
}

csro_status csro_lattice_fit(csro_context *context, const csro_boxed_atoms *atoms,
                             csro_lattice *lattice, double *deviation) {
  double origin[3] = {0, 0, 0};
  *lattice = (csro_lattice){0};
  csro_status status = check_atoms(context, atoms);
  if (status == CSRO_OK)
    status = atoms->basis_count > 0 ? take_lattice(context, atoms, lattice)
                                    : find_lattice(context, atoms, lattice, origin);
  for (int s = 0; s < atoms->species_count && status == CSRO_OK; s++)
    strcpy(lattice->names[s], atoms->names[s]);
  if (status == CSRO_OK)
    status = place_atoms(context, atoms, origin, lattice, deviation);
  if (status == CSRO_OK)
    status = csro_lattice_check(context, lattice);
  if (status != CSRO_OK)
    csro_lattice_release(lattice);
  return status;
}
