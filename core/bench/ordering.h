/* Binary alloys that order: H = J sum s_i s_j over nearest neighbours, each pair once, as pair
 * energies V_AA = V_BB = J, V_AB = -J, so that J = (V_AA + V_BB - 2 V_AB) / 4. For the bench and
 * the tests that compare with known transitions. */
#ifndef ORDERING_H
#define ORDERING_H

#include "csro/monte_carlo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ORDERING_J 0.02 /* eV */

typedef enum ordering_lattice { SQUARE, SIMPLE_CUBIC, BCC, FCC } ordering_lattice;

/* kT / J as a temperature. */
static inline double ordering_kelvin(double kt) {
  return kt * ORDERING_J / CSRO_BOLTZMANN;
}

static inline csro_status ordering_interactions(csro_context *context, ordering_lattice kind,
                                                csro_interactions *i) {
  static const double sites[4][4][3] = {{{0, 0, 0}},
                                        {{0, 0, 0}},
                                        {{0, 0, 0}, {0.5, 0.5, 0.5}},
                                        {{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}}};
  static const int count[4] = {1, 1, 2, 4};
  csro_status status = csro_interactions_init(context, count[kind], 2, 1, i);
  if (status != CSRO_OK)
    return status;
  for (int axis = 0; axis < 3; axis++)
    i->edge[axis] = kind == SQUARE && axis == 2 ? 10 : 0.3;
  memcpy(i->basis, sites[kind], (size_t)count[kind] * sizeof *i->basis);
  strcpy(i->names[0], "A");
  strcpy(i->names[1], "B");
  i->shares[0] = i->shares[1] = 0.5;
  i->shells[0] = 1;
  i->pairs[0] = i->pairs[3] = ORDERING_J;
  i->pairs[1] = i->pairs[2] = -ORDERING_J;
  return CSRO_OK;
}

/* The staggered magnetisation of the two sublattices of square, simple cubic and bcc. */
static inline double ordering_staggered(ordering_lattice kind, const csro_lattice *l) {
  int64_t sum = 0, site = 0;
  for (int b = 0; b < l->basis_count; b++)
    for (int z = 0; z < l->cells[2]; z++)
      for (int y = 0; y < l->cells[1]; y++)
        for (int x = 0; x < l->cells[0]; x++, site++) {
          const int parity = kind == BCC ? b : (x + y + z) & 1;
          sum += (l->species[site] ^ parity) ? 1 : -1;
        }
  return (double)sum / (double)site;
}

/* 1 - <m^4> / (3 <m^2>^2) of `sweeps` sweeps; about 0 in disorder, 2 / 3 in order. error by 16
 * parts.
 */
static inline csro_status ordering_binder(csro_context *context, ordering_lattice kind, int size,
                                          double kt, int64_t sweeps, uint64_t seed,
                                          double *cumulant, double *error) {
  enum { PARTS = 16 };
  const int cells[3] = {size, size, kind == SQUARE ? 1 : size};
  csro_interactions i;
  csro_lattice l = {0};
  csro_monte_carlo *run = NULL;
  double two[PARTS] = {0}, four[PARTS] = {0}, all_two = 0, all_four = 0;
  csro_status status = ordering_interactions(context, kind, &i);
  if (status == CSRO_OK)
    status = csro_interactions_lattice(context, &i, i.shares, cells, seed, &l);
  if (status == CSRO_OK)
    status = csro_monte_carlo_create(context, &i, &l, seed, &run);
  if (status == CSRO_OK)
    status = csro_monte_carlo_sweep(context, run, ordering_kelvin(kt), 0.5, sweeps / 16);
  for (int64_t k = 0; k < sweeps && status == CSRO_OK; k += 4) {
    status = csro_monte_carlo_sweep(context, run, ordering_kelvin(kt), 0.5, 4);
    csro_monte_carlo_species(run, l.species);
    const double m = ordering_staggered(kind, &l), m2 = m * m;
    const int part = (int)(k * PARTS / sweeps);
    two[part] += m2, four[part] += m2 * m2;
    all_two += m2, all_four += m2 * m2;
  }
  const double n = (double)((sweeps + 3) / 4);
  double spread = 0;
  *cumulant = 1 - all_four / n / (3 * (all_two / n) * (all_two / n));
  for (int p = 0; p < PARTS; p++) {
    const double rest = n * (PARTS - 1) / PARTS, t = (all_two - two[p]) / rest;
    const double u = 1 - (all_four - four[p]) / rest / (3 * t * t);
    spread += (u - *cumulant) * (u - *cumulant);
  }
  *error = sqrt(spread * (PARTS - 1) / PARTS);
  csro_monte_carlo_destroy(&run);
  csro_lattice_release(&l);
  csro_interactions_release(&i);
  return status;
}

/* Energy per site over J of the infinite square lattice (Onsager, Phys. Rev. 65 (1944) 117), by the
 * arithmetic-geometric mean. */
static inline double ordering_onsager(double kt) {
  const double k = 1 / kt, kappa = 2 * sinh(2 * k) / (cosh(2 * k) * cosh(2 * k));
  double a = 1, b = sqrt(fmax(0, 1 - kappa * kappa));
  for (int step = 0; step < 60 && a != b; step++) {
    const double mean = (a + b) / 2;
    b = sqrt(a * b);
    a = mean;
  }
  const double integral = 3.14159265358979324 / (2 * a), t = tanh(2 * k);
  return -1 / t * (1 + 2 / 3.14159265358979324 * (2 * t * t - 1) * integral);
}

/* How fcc begins: as a perfect crystal of a prototype, as half of that and half a random alloy, or
 * as a random alloy. */
typedef enum ordering_start { PERFECT, HALF_PERFECT, RANDOM } ordering_start;

/* Energy per site over J after some sweeps from there. Of the two phases at a first-order
 * transition the stable one grows from half a crystal. (Long-range order would not tell: antiphase
 * boundaries cost no energy with nearest neighbours alone.) */
static inline csro_status ordering_start_energy(csro_context *context, int prototype,
                                                ordering_start start, int size, double kt,
                                                int64_t sweeps, double *energy) {
  static const char *const names[] = {"A", "B"};
  csro_interactions i;
  csro_structure s;
  csro_lattice l = {0}, mixed = {0};
  csro_monte_carlo *run = NULL;
  csro_state_point point = {0};
  csro_status status = ordering_interactions(context, FCC, &i);
  if (status != CSRO_OK)
    return status;
  status = csro_structure_prototype(context, prototype, 0.3, 0.3, 2, &s);
  for (int k = 0; k < s.sublattice_count; k++)
    s.occupancy[k * 2 + k] = 1;
  const int cells[3] = {size, size, size};
  if (status == CSRO_OK)
    status = csro_lattice_of_structure(context, &s, names, cells, 1, &l);
  double share[2] = {0, 0};
  csro_structure_composition(&s, share);
  for (int k = 0; k < s.sublattice_count; k++) /* the same without order */
    memcpy(&s.occupancy[k * 2], share, sizeof share);
  if (status == CSRO_OK)
    status = csro_lattice_of_structure(context, &s, names, cells, 1, &mixed);
  const int random_cells = start == PERFECT ? 0 : start == RANDOM ? size : size / 2;
  for (int64_t site = 0; status == CSRO_OK && site < csro_lattice_site_count(&l); site++)
    if (site % size < random_cells)
      l.species[site] = mixed.species[site];
  if (status == CSRO_OK)
    status = csro_monte_carlo_create(context, &i, &l, 1, &run);
  const csro_measurement how = {ordering_kelvin(kt), 0.5, sweeps, sweeps / 4 + 1, 100, 0};
  if (status == CSRO_OK)
    status = csro_monte_carlo_measure(context, run, &how, &point);
  *energy = point.energy.mean / ORDERING_J;
  csro_state_point_release(&point);
  csro_monte_carlo_destroy(&run);
  csro_lattice_release(&l);
  csro_lattice_release(&mixed);
  csro_structure_release(&s);
  csro_interactions_release(&i);
  return status;
}

#endif
