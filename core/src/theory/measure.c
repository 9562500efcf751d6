#include "base/progress.h"
#include "theory/exchange.h"
#include "theory/order_waves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SHELLS = 16, KINDS = CSRO_LATTICE_SPECIES - 1 };

/* Bonds that start at the sites of a plane across w: bonds[group][a][k], neighbours of species
 * k + 1 of atoms a. */
static void count_plane(const csro_monte_carlo *m, const csro_bonds *all, int w, int64_t *bonds) {
  const int kinds = m->species_count - 1;
  const uint8_t *at[CSRO_BONDS];
  uint8_t counts[MOST_SHELLS * KINDS][CSRO_LANES];
  for (int v = 0; v < m->n[1]; v++)
    for (int u = 0; u < m->columns; u++)
      for (int b = 0; b < m->basis_count; b++) {
        const int place[3] = {u, v, w};
        const uint8_t *self = csro_exchange_place(m, place, b);
        csro_exchange_neighbours(m, all, place, b, at);
        csro_exchange_count(all, b, kinds, at, counts);
        for (int t = 0; t < all->groups * kinds; t++) {
          int64_t *to = bonds + t / kinds * m->species_count * kinds + t % kinds;
          for (int lane = 0; lane < m->lanes; lane++)
            to[self[lane] * kinds] += counts[t][lane];
        }
      }
}

/* All bonds that start anywhere, of the groups of `all`: bonds[group][a][b]. */
static csro_status count_bonds(csro_context *context, const csro_monte_carlo *m,
                               const csro_bonds *all, int64_t *bonds) {
  const int n = m->species_count, kinds = n - 1, size = all->groups * n * kinds;
  int64_t *found = csro_allocate(context, (long long)size * m->n[2], sizeof *found);
  if (!found)
    return CSRO_ERROR_MEMORY;
  memset(found, 0, (size_t)size * (size_t)m->n[2] * sizeof *found);
#pragma omp parallel for num_threads(context->threads)
  for (int w = 0; w < m->n[2]; w++)
    count_plane(m, all, w, found + (int64_t)w * size);
  memset(bonds, 0, (size_t)(all->groups * n * n) * sizeof *bonds);
  for (int w = 0; w < m->n[2]; w++)
    for (int t = 0; t < all->groups * n; t++)
      for (int k = 0; k < kinds; k++)
        bonds[t * n + k + 1] += found[((int64_t)w * all->groups * n + t) * kinds + k];
  free(found);
  return CSRO_OK;
}

/* Atoms of each species on each site of the cell, and by cell modulo 6 where sites is not NULL. */
static void count_atoms(const csro_monte_carlo *m, int64_t (*atoms)[CSRO_LATTICE_SPECIES],
                        csro_site_counts *sites) {
  memset(atoms, 0, (size_t)m->basis_count * sizeof *atoms);
  if (sites)
    memset(sites, 0, sizeof *sites);
  for (int w = 0; w < m->n[2]; w++)
    for (int v = 0; v < m->n[1]; v++)
      for (int u = 0; u < m->columns; u++)
        for (int b = 0; b < m->basis_count; b++) {
          const uint8_t *self = csro_exchange_place(m, (int[3]){u, v, w}, b);
          int cell[3];
          cell[m->axis[1]] = v % CSRO_PERIOD;
          cell[m->axis[2]] = w % CSRO_PERIOD;
          for (int lane = 0; lane < m->lanes; lane++) {
            cell[m->axis[0]] = (u + lane * m->columns) % CSRO_PERIOD;
            atoms[b][self[lane]]++;
            if (sites)
              sites->count[cell[2]][cell[1]][cell[0]][b][self[lane]]++;
          }
        }
}

/* What measuring needs beside the run: bonds of the shells that fit, and where values go. */
typedef struct measurer {
  csro_context *context;
  csro_monte_carlo *m;
  csro_shells shells;
  csro_bonds bonds;
  int cells[3], parent, groups;
  int64_t *count;                         /* [groups][a][b] */
  int64_t (*atoms)[CSRO_LATTICE_SPECIES]; /* [basis_count] */
  csro_site_counts *sites;
} measurer;

static void release(measurer *r) {
  csro_shells_release(&r->shells);
  csro_bonds_release(&r->bonds);
  free(r->count);
  free(r->atoms);
  free(r->sites);
}

/* Shells whose radius is below half the box, and that a lane holds. */
static int count_fitting(const measurer *r, int wanted) {
  int fitting = 0, cut = wanted;
  for (int i = 0; i < r->shells.first[r->m->basis_count]; i++) {
    const csro_neighbour *p = &r->shells.neighbour[i];
    if (abs(p->cell[r->m->axis[0]]) > r->m->columns && r->m->lanes > 1 && p->shell <= cut)
      cut = p->shell - 1;
    for (int axis = 0; axis < 3; axis++)
      if (abs(p->cell[axis]) > 16 && p->shell <= cut)
        cut = p->shell - 1;
  }
  for (int k = 0; k < cut; k++) {
    bool fits = true;
    for (int axis = 0; axis < 3; axis++) {
      bool along = false; /* a box of one cell repeats, where no bond goes along that axis */
      for (int i = 0; i < r->shells.first[r->m->basis_count]; i++)
        along = along ||
                (r->shells.neighbour[i].shell == k + 1 && (r->shells.neighbour[i].cell[axis] != 0));
      fits = fits &&
             (!along || 2 * r->shells.radius[k] < r->cells[axis] * r->m->edge[axis] * (1 + 1e-9));
    }
    if (!fits)
      break;
    fitting++;
  }
  return fitting;
}

static csro_status prepare(csro_context *context, csro_monte_carlo *m, int shells, measurer *r) {
  const csro_lattice cell = {.edge = {m->edge[0], m->edge[1], m->edge[2]},
                             .basis_count = m->basis_count,
                             .basis = m->basis};
  int of_group[MOST_SHELLS];
  *r = (measurer){.context = context, .m = m, .parent = csro_lattice_parent(&cell)};
  for (int axis = 0; axis < 3; axis++)
    r->cells[m->axis[axis]] = m->n[axis];
  csro_status status =
      csro_shells_init(context, m->edge, m->basis_count, (const double(*)[3])m->basis,
                       shells > 0 ? shells : 1, &r->shells);
  if (status != CSRO_OK)
    return status;
  r->groups = count_fitting(r, shells);
  for (int g = 0; g < r->groups; g++)
    of_group[g] = g + 1;
  status = csro_bonds_init(context, m, &r->shells, r->groups, of_group, &r->bonds);
  if (status != CSRO_OK)
    return status;
  csro_bonds_place(m, &r->bonds);
  r->count = csro_allocate(context, (long long)r->groups * m->species_count * m->species_count,
                           sizeof *r->count);
  r->atoms = csro_allocate(context, m->basis_count, sizeof *r->atoms);
  r->sites = r->parent >= 0 ? csro_allocate(context, 1, sizeof *r->sites) : NULL;
  if (!r->count || !r->atoms || (r->parent >= 0 && !r->sites))
    return CSRO_ERROR_MEMORY;
  return CSRO_OK;
}

/* Neighbours of species 0 are what is left of all. */
static csro_status find_bonds(measurer *r) {
  const int n = r->m->species_count;
  csro_status status = count_bonds(r->context, r->m, &r->bonds, r->count);
  count_atoms(r->m, r->atoms, r->sites);
  for (int g = 0; g < r->groups && status == CSRO_OK; g++)
    for (int a = 0; a < n; a++) {
      int64_t all = 0, *row = r->count + (g * n + a) * n;
      for (int b = 0; b < r->m->basis_count; b++) {
        const int *first = r->bonds.first + b * (r->groups + 1) + g;
        all += r->atoms[b][a] * (first[1] - first[0]);
      }
      for (int k = 1; k < n; k++)
        all -= row[k];
      row[0] = all;
    }
  return status;
}

csro_status csro_monte_carlo_bonds(csro_context *context, const csro_monte_carlo *m, int shells,
                                   int64_t *bonds) {
  measurer r;
  csro_status status = csro_check_number(context, "shells", shells, 1, MOST_SHELLS);
  if (status != CSRO_OK)
    return status;
  status = prepare(context, (csro_monte_carlo *)m, shells, &r);
  if (status == CSRO_OK && r.groups < shells)
    status = csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "%d shells in a box that is wide enough for %d", shells, r.groups);
  if (status == CSRO_OK)
    status = find_bonds(&r);
  if (status == CSRO_OK)
    memcpy(bonds, r.count, (size_t)(shells * m->species_count * m->species_count) * sizeof *bonds);
  release(&r);
  return status;
}

/* alpha of the groups, then the order of structures: what is measured beside the energy. */
static csro_status measure_order(measurer *r, double *value, int64_t stride) {
  const int n = r->m->species_count;
  csro_status status = find_bonds(r);
  double share[CSRO_LATTICE_SPECIES] = {0}, sites = 0;
  for (int b = 0; b < r->m->basis_count && status == CSRO_OK; b++)
    for (int s = 0; s < n; s++) {
      share[s] += (double)r->atoms[b][s];
      sites += (double)r->atoms[b][s];
    }
  for (int t = 0; t < r->groups * n && status == CSRO_OK; t++) {
    double all = 0;
    for (int b = 0; b < n; b++)
      all += (double)r->count[t * n + b];
    for (int b = 0; b < n; b++)
      value[(t * n + b) * stride] = 1 - (double)r->count[t * n + b] / all / (share[b] / sites);
  }
  if (!r->sites || status != CSRO_OK)
    return status;
  double order[CSRO_ORDERS][CSRO_LATTICE_SPECIES];
  csro_order_waves(r->sites, r->parent, (const double(*)[3])r->m->basis, r->cells, n, order);
  for (int p = 0; p < CSRO_ORDERS; p++)
    for (int s = 0; s < n; s++)
      value[(r->groups * n * n + p * n + s) * stride] = order[p][s];
  return CSRO_OK;
}

/* (<E^2> - <E>^2) / (N (kT)^2) in k per atom; its error by leaving out one of 20 parts. */
static csro_estimate find_heat_capacity(int64_t count, const double *energy, double atoms,
                                        double kelvin, double tau) {
  enum { PARTS = 20 };
  const double kt = CSRO_BOLTZMANN * kelvin, factor = atoms / (kt * kt);
  double sum = 0, squares = 0, left[PARTS], mean = 0, spread = 0;
  for (int64_t k = 0; k < count; k++) {
    const double e = energy[k] - energy[0];
    sum += e;
    squares += e * e;
  }
  const double n = (double)count;
  csro_estimate out = {factor * (squares / n - sum / n * (sum / n)), NAN, tau};
  if (count < 2 * PARTS)
    return out;
  for (int p = 0; p < PARTS; p++) {
    const int64_t begin = count * p / PARTS, end = count * (p + 1) / PARTS;
    double rest = sum, rest_squares = squares;
    for (int64_t k = begin; k < end; k++) {
      const double e = energy[k] - energy[0];
      rest -= e;
      rest_squares -= e * e;
    }
    const double kept = n - (double)(end - begin);
    left[p] = factor * (rest_squares / kept - rest / kept * (rest / kept));
    mean += left[p] / PARTS;
  }
  for (int p = 0; p < PARTS; p++)
    spread += (left[p] - mean) * (left[p] - mean);
  out.error = sqrt(spread * (PARTS - 1) / PARTS);
  return out;
}

static csro_status check(csro_context *context, const csro_measurement *how) {
  csro_status status =
      csro_check_number(context, "sweeps to equilibrate", (double)how->equilibration, 0, 1e7);
  if (status == CSRO_OK)
    status = csro_check_number(context, "sweeps to measure", (double)how->sweeps, 1, 1e7);
  if (status == CSRO_OK)
    status = csro_check_number(context, "sweeps between measurements", (double)how->every, 1, 1e7);
  if (status == CSRO_OK)
    status = csro_check_number(context, "shells", how->shells, 0, MOST_SHELLS);
  return status;
}

/* The sweeps, with values[1 + per order][...]: energies of all, order of every `every`th. */
static csro_status run(measurer *r, const csro_measurement *how, double *energy, double *values,
                       int64_t rows) {
  csro_monte_carlo *m = r->m;
  csro_context inner = *r->context;
  csro_progress progress;
  inner.progress = NULL;
  csro_progress_start(&progress, r->context, how->equilibration + how->sweeps, 0, 1);
  csro_status status = CSRO_OK;
  for (int64_t k = -how->equilibration; k < how->sweeps && status == CSRO_OK; k++) {
    status = csro_monte_carlo_sweep(&inner, m, how->kelvin, how->far_share, 1);
    if (status != CSRO_OK)
      return csro_fail(r->context, status, "%s", inner.message);
    if (k >= 0)
      energy[k] = csro_monte_carlo_energy(m);
    if (k >= 0 && k % how->every == 0)
      status = measure_order(r, values + k / how->every, rows);
    if (csro_progress_add(&progress, 1))
      break;
  }
  return status == CSRO_OK ? csro_progress_end(&progress) : status;
}

static void set_rates(const csro_monte_carlo *m, const csro_exchange_counts *before,
                      csro_state_point *point) {
  double rate[2];
  for (int kind = 0; kind < 2; kind++) {
    const int64_t tried = m->counts.attempts[kind] - before->attempts[kind];
    const int64_t accepted = m->counts.accepted[kind] - before->accepted[kind];
    rate[kind] = tried ? (double)accepted / (double)tried : NAN;
  }
  point->near_accepted = rate[0];
  point->far_accepted = rate[1];
}

static void summarize(const measurer *r, const csro_measurement *how, double *energy,
                      const double *values, int64_t rows, csro_state_point *point) {
  const csro_monte_carlo *m = r->m;
  const int n = m->species_count, alphas = r->groups * n * n;
  const double atoms = (double)m->n[0] * m->n[1] * m->n[2] * m->basis_count;
  for (int64_t k = 0; k < how->sweeps; k++)
    energy[k] /= atoms;
  point->kelvin = how->kelvin;
  point->energy = csro_estimate_mean(how->sweeps, energy);
  point->heat_capacity =
      find_heat_capacity(how->sweeps, energy, atoms, how->kelvin, point->energy.tau);
  for (int k = 0; k < alphas; k++)
    point->alpha[k] = csro_estimate_mean(rows, values + k * rows);
  for (int p = 0; p < CSRO_ORDERS; p++)
    for (int s = 0; s < CSRO_LATTICE_SPECIES; s++)
      point->order[p][s] = s < n && r->sites
                               ? csro_estimate_mean(rows, values + (alphas + p * n + s) * rows)
                               : (csro_estimate){NAN, NAN, NAN};
  point->shells = r->groups;
  memcpy(point->radius, r->shells.radius, (size_t)r->groups * sizeof *point->radius);
}

csro_status csro_monte_carlo_measure(csro_context *context, csro_monte_carlo *m,
                                     const csro_measurement *how, csro_state_point *point) {
  measurer r;
  *point = (csro_state_point){0};
  csro_status status = check(context, how);
  if (status != CSRO_OK)
    return status;
  status = prepare(context, m, how->shells, &r);
  const int n = m->species_count, per_row = r.groups * n * n + CSRO_ORDERS * n;
  const int64_t rows = (how->sweeps - 1) / how->every + 1;
  double *energy = NULL, *values = NULL;
  if (status == CSRO_OK) {
    energy = csro_allocate(context, how->sweeps, sizeof *energy);
    values = csro_allocate(context, rows * per_row, sizeof *values);
    point->alpha = csro_allocate(context, r.groups * n * n, sizeof *point->alpha);
    if (!energy || !values || !point->alpha)
      status = CSRO_ERROR_MEMORY;
  }
  const csro_exchange_counts before = m->counts;
  if (status == CSRO_OK)
    status = run(&r, how, energy, values, rows);
  if (status == CSRO_OK) {
    summarize(&r, how, energy, values, rows, point);
    set_rates(m, &before, point);
  } else {
    csro_state_point_release(point);
  }
  free(energy);
  free(values);
  release(&r);
  return status;
}

void csro_state_point_release(csro_state_point *point) {
  if (!point)
    return;
  free(point->alpha);
  *point = (csro_state_point){0};
}
