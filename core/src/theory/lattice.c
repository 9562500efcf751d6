#include "csro/lattice.h"

#include "csro/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double closest = 0.05; /* nm, between sites */

csro_status csro_lattice_init(csro_context *context, const double edge[3], const int cells[3],
                              int basis_count, int species_count, csro_lattice *lattice) {
  csro_lattice l = {.basis_count = basis_count, .species_count = species_count};
  double sites = basis_count;
  *lattice = (csro_lattice){0};
  for (int axis = 0; axis < 3; axis++) {
    if (!(edge[axis] >= 0.1 && edge[axis] <= 100))
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "edge of the lattice cell %g nm, expected 0.1 to 100 nm", edge[axis]);
    if (cells[axis] < 1 || cells[axis] > CSRO_LATTICE_CELLS)
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "%d lattice cells along an axis, expected 1 to %d", cells[axis],
                       CSRO_LATTICE_CELLS);
    l.edge[axis] = edge[axis];
    l.cells[axis] = cells[axis];
    sites *= cells[axis];
  }
  if (basis_count < 1 || basis_count > CSRO_LATTICE_BASIS)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d sites in the lattice cell, expected 1 to %d",
                     basis_count, CSRO_LATTICE_BASIS);
  if (species_count < 1 || species_count > CSRO_LATTICE_SPECIES)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%d species on a lattice, expected 1 to %d",
                     species_count, CSRO_LATTICE_SPECIES);
  if (sites > 0x1p36)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%g lattice sites, expected at most 2^36",
                     sites);
  l.basis = csro_allocate(context, basis_count, sizeof *l.basis);
  l.names = csro_allocate(context, species_count, sizeof *l.names);
  l.species = csro_allocate(context, csro_lattice_site_count(&l), 1);
  if (!l.basis || !l.names || !l.species) {
    csro_lattice_release(&l);
    return CSRO_ERROR_MEMORY;
  }
  memset(l.basis, 0, (size_t)basis_count * sizeof *l.basis);
  memset(l.names, 0, (size_t)species_count * sizeof *l.names);
  memset(l.species, 0, (size_t)csro_lattice_site_count(&l));
  *lattice = l;
  return CSRO_OK;
}

void csro_lattice_release(csro_lattice *lattice) {
  if (!lattice)
    return;
  free(lattice->basis);
  free(lattice->names);
  free(lattice->species);
  *lattice = (csro_lattice){0};
}

/* Squared distance (nm2) of two points in edges, or of their nearest repetitions by whole cells.
 * Two repetitions of one site are an edge apart, which is long enough. */
static double distance2(const csro_lattice *l, const double *p, const double *q) {
  double sum = 0;
  for (int axis = 0; axis < 3; axis++) {
    double difference = p[axis] - q[axis];
    difference = (difference - round(difference)) * l->edge[axis];
    sum += difference * difference;
  }
  return sum;
}

static csro_status check_basis(csro_context *context, const csro_lattice *l) {
  for (int b = 0; b < l->basis_count; b++) {
    for (int axis = 0; axis < 3; axis++)
      if (!(l->basis[b][axis] >= 0 && l->basis[b][axis] < 1))
        return csro_fail(context, CSRO_ERROR_ARGUMENT,
                         "coordinate %g of site %d of the lattice cell, expected 0 to below 1",
                         l->basis[b][axis], b + 1);
    for (int k = 0; k < b; k++)
      if (distance2(l, l->basis[b], l->basis[k]) < closest * closest)
        return csro_fail(context, CSRO_ERROR_ARGUMENT,
                         "sites %d and %d of the lattice cell are closer than %g nm", k + 1, b + 1,
                         closest);
  }
  return CSRO_OK;
}

csro_status csro_lattice_check(csro_context *context, const csro_lattice *l) {
  csro_status status = check_basis(context, l);
  for (int s = 0; s < l->species_count && status == CSRO_OK; s++) {
    if (!l->names[s][0] || !memchr(l->names[s], 0, CSRO_LATTICE_NAME))
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "the name of species %d, expected 1 to %d bytes", s + 1,
                       CSRO_LATTICE_NAME - 1);
    for (int k = 0; k < s; k++)
      if (strcmp(l->names[s], l->names[k]) == 0)
        return csro_fail(context, CSRO_ERROR_ARGUMENT, "species %s is there twice", l->names[s]);
  }
  const int64_t sites = csro_lattice_site_count(l);
  for (int64_t i = 0; i < sites && status == CSRO_OK; i++)
    if (l->species[i] >= l->species_count)
      return csro_fail(context, CSRO_ERROR_ARGUMENT, "site %lld has species %d, expected 0 to %d",
                       (long long)i, l->species[i], l->species_count - 1);
  return status;
}

void csro_lattice_counts(int64_t sites, int count, const double *shares, int64_t *counts) {
  double sum = 0, rest[256];
  int64_t placed = 0;
  for (int k = 0; k < count; k++)
    sum += shares[k];
  for (int k = 0; k < count; k++) {
    const double exact = (double)sites * (shares[k] / sum);
    counts[k] = (int64_t)floor(exact + 1e-9);
    rest[k] = exact - (double)counts[k];
    placed += counts[k];
  }
  for (; placed < sites && count > 0; placed++) {
    int next = 0;
    for (int k = 1; k < count; k++)
      if (rest[k] > rest[next])
        next = k;
    counts[next]++;
    rest[next] -= 1;
  }
}

/* The species of the next of `left` sites, of which counts[] are to come. */
static uint8_t draw(csro_random *random, int64_t left, int64_t *counts) {
  int64_t at = (int64_t)csro_random_below(random, (uint64_t)left);
  int s = 0;
  while (at >= counts[s])
    at -= counts[s++];
  counts[s]--;
  return (uint8_t)s;
}

void csro_lattice_randomize(csro_lattice *lattice, const int64_t *counts, uint64_t seed) {
  int64_t left[CSRO_LATTICE_SPECIES];
  memcpy(left, counts, (size_t)lattice->species_count * sizeof *left);
  csro_random random;
  csro_random_init(&random, seed, 0);
  const int64_t sites = csro_lattice_site_count(lattice);
  for (int64_t i = 0; i < sites; i++)
    lattice->species[i] = draw(&random, sites - i, left);
}

void csro_lattice_composition(const csro_lattice *lattice, int64_t *counts) {
  int64_t all[256] = {0};
  const int64_t sites = csro_lattice_site_count(lattice);
  for (int64_t i = 0; i < sites; i++)
    all[lattice->species[i]]++;
  memcpy(counts, all, (size_t)lattice->species_count * sizeof *counts);
}

void csro_lattice_position(const csro_lattice *lattice, int64_t site, double r[3]) {
  int64_t at = site;
  for (int axis = 0; axis < 3; axis++) {
    r[axis] = (double)(at % lattice->cells[axis]);
    at /= lattice->cells[axis];
  }
  for (int axis = 0; axis < 3; axis++)
    r[axis] = (r[axis] + lattice->basis[at][axis]) * lattice->edge[axis];
}

int64_t csro_lattice_nearest(const csro_lattice *lattice, const double r[3], double *distance) {
  double best = INFINITY;
  int64_t site = 0;
  for (int b = 0; b < lattice->basis_count; b++) {
    int cell[3];
    double sum = 0;
    for (int axis = 0; axis < 3; axis++) {
      const double u = r[axis] / lattice->edge[axis] - lattice->basis[b][axis];
      const double whole = round(u);
      const double wrapped = whole - floor(whole / lattice->cells[axis]) * lattice->cells[axis];
      cell[axis] = (int)wrapped;
      sum += (u - whole) * (u - whole) * lattice->edge[axis] * lattice->edge[axis];
    }
    if (sum < best) {
      best = sum;
      site = csro_lattice_site(lattice, cell, b);
    }
  }
  *distance = sqrt(best);
  return site;
}

static bool same_basis(const csro_lattice *l, int count, const double (*sites)[3]) {
  if (l->basis_count != count)
    return false;
  for (int b = 0; b < count; b++) {
    int found = 0;
    for (int k = 0; k < count; k++) {
      double moved[3];
      for (int axis = 0; axis < 3; axis++)
        moved[axis] = sites[k][axis] + l->basis[0][axis];
      found += distance2(l, moved, l->basis[b]) < 1e-12;
    }
    if (found != 1)
      return false;
  }
  return true;
}

int csro_lattice_parent(const csro_lattice *lattice) {
  static const double fcc[4][3] = {{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}};
  static const double bcc[2][3] = {{0, 0, 0}, {0.5, 0.5, 0.5}};
  return same_basis(lattice, 4, fcc) ? 0 : same_basis(lattice, 2, bcc) ? 1 : -1;
}
