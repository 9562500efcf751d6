#include "csro/configuration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double same_shell = 1.02; /* of the shortest distance */

/* From the site of a cell to a nearest neighbour: cells, and the site there. */
typedef struct neighbour {
  int cell[3], basis;
} neighbour;

typedef struct shell {
  int *first; /* [basis + 1] */
  neighbour *list;
} shell;

static double distance_of(const csro_lattice *l, int from, const neighbour *to) {
  double sum = 0;
  for (int axis = 0; axis < 3; axis++) {
    const double u = l->basis[to->basis][axis] + to->cell[axis] - l->basis[from][axis];
    sum += pow(u * l->edge[axis], 2);
  }
  return sqrt(sum);
}

/* Site k of all cells around, and of this one. */
static neighbour neighbour_at(int k) {
  return (neighbour){.cell = {k % 3 - 1, k / 3 % 3 - 1, k / 9 % 3 - 1}, .basis = k / 27};
}

/* Nearest neighbours of site b of the cell; counted, and listed where there is a list. */
static int list_neighbours(const csro_lattice *l, int b, double reach, neighbour *list) {
  int count = 0;
  for (int k = 0; k < 27 * l->basis_count; k++) {
    const neighbour n = neighbour_at(k);
    const double distance = distance_of(l, b, &n);
    if (distance == 0 || distance > reach)
      continue;
    if (list)
      list[count] = n;
    count++;
  }
  return count;
}

static double nearest_distance(const csro_lattice *l) {
  double least = INFINITY;
  for (int b = 0; b < l->basis_count; b++)
    for (int k = 0; k < 27 * l->basis_count; k++) {
      const neighbour n = neighbour_at(k);
      const double distance = distance_of(l, b, &n);
      if (distance > 0)
        least = fmin(least, distance);
    }
  return least;
}

static csro_status find_shell(csro_context *context, csro_configuration *c, shell *found) {
  const csro_lattice *l = c->lattice;
  c->distance = nearest_distance(l);
  const double reach = same_shell * c->distance;
  found->first = csro_allocate(context, l->basis_count + 1, sizeof *found->first);
  if (!found->first)
    return CSRO_ERROR_MEMORY;
  found->first[0] = 0;
  for (int b = 0; b < l->basis_count; b++)
    found->first[b + 1] = found->first[b] + list_neighbours(l, b, reach, NULL);
  found->list = csro_allocate(context, found->first[l->basis_count], sizeof *found->list);
  if (!found->list)
    return CSRO_ERROR_MEMORY;
  for (int b = 0; b < l->basis_count; b++)
    list_neighbours(l, b, reach, found->list + found->first[b]);
  return CSRO_OK;
}

/* Neighbours of each species around a site; returns how many in all. */
static int count_around(const csro_lattice *l, const shell *s, int64_t site, int64_t *counts) {
  const int64_t cells = csro_lattice_cell_count(l);
  const int basis = (int)(site / cells);
  int64_t at = site % cells;
  int cell[3];
  for (int axis = 0; axis < 3; axis++) {
    cell[axis] = (int)(at % l->cells[axis]);
    at /= l->cells[axis];
  }
  for (int k = s->first[basis]; k < s->first[basis + 1]; k++) {
    int there[3];
    for (int axis = 0; axis < 3; axis++)
      there[axis] = (cell[axis] + s->list[k].cell[axis] + l->cells[axis]) % l->cells[axis];
    counts[l->species[csro_lattice_site(l, there, s->list[k].basis)]]++;
  }
  return s->first[basis + 1] - s->first[basis];
}

static csro_status find_order(csro_context *context, csro_configuration *c) {
  const csro_lattice *l = c->lattice;
  const int64_t sites = csro_lattice_site_count(l);
  int64_t atoms[CSRO_LATTICE_SPECIES] = {0};
  int64_t pairs[CSRO_LATTICE_SPECIES][CSRO_LATTICE_SPECIES] = {{0}};
  shell s = {NULL, NULL};
  csro_status status = find_shell(context, c, &s);
  c->order = csro_allocate(context, sites, sizeof *c->order);
  if (status == CSRO_OK && !c->order)
    status = CSRO_ERROR_MEMORY;
  csro_lattice_composition(l, atoms);
  for (int64_t i = 0; i < sites && status == CSRO_OK; i++) {
    int64_t counts[CSRO_LATTICE_SPECIES] = {0};
    const int own = l->species[i], around = count_around(l, &s, i, counts);
    const double like = around > 0 ? (double)counts[own] / around : NAN;
    c->order[i] = (float)(1 - like * (double)sites / (double)atoms[own]);
    for (int b = 0; b < l->species_count; b++)
      pairs[own][b] += counts[b];
  }
  for (int a = 0; a < l->species_count; a++) {
    int64_t sum = 0;
    for (int b = 0; b < l->species_count; b++)
      sum += pairs[a][b];
    for (int b = 0; b < l->species_count; b++)
      c->alpha[a][b] = sum > 0 && atoms[b] > 0 ? 1 - (double)pairs[a][b] / (double)sum *
                                                         ((double)sites / (double)atoms[b])
                                               : NAN;
  }
  free(s.first);
  free(s.list);
  return status;
}

csro_status csro_configuration_init(csro_context *context, const csro_lattice *lattice,
                                    const int pole[3], csro_configuration *c) {
  *c = (csro_configuration){.lattice = lattice};
  memcpy(c->pole, pole, sizeof c->pole);
  csro_status status =
      csro_structure_init(context, lattice->basis_count, 1, lattice->species_count, &c->structure);
  if (status == CSRO_OK) {
    for (int axis = 0; axis < 3; axis++) {
      c->structure.constant[axis] = lattice->edge[axis];
      c->structure.cells[axis] = 1;
    }
    for (int b = 0; b < lattice->basis_count; b++)
      memcpy(c->structure.position[b], lattice->basis[b], sizeof lattice->basis[b]);
    double axes[3][3];
    status = csro_structure_axes(context, &c->structure, pole, axes);
  }
  if (status == CSRO_OK)
    status = find_order(context, c);
  if (status != CSRO_OK)
    csro_configuration_release(c);
  return status;
}

void csro_configuration_release(csro_configuration *c) {
  if (!c)
    return;
  csro_structure_release(&c->structure);
  free(c->order);
  *c = (csro_configuration){0};
}

csro_status csro_specimen_use_configuration(csro_context *context, csro_specimen *specimen,
                                            const csro_configuration *c) {
  const csro_lattice *l = c->lattice;
  if (l->species_count > CSRO_SPECIMEN_SPECIES)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "the configuration has %d species, a specimen at most %d", l->species_count,
                     CSRO_SPECIMEN_SPECIES);
  int64_t atoms[CSRO_LATTICE_SPECIES];
  csro_lattice_composition(l, atoms);
  for (int k = 0; k < l->species_count; k++) {
    if (strlen(l->names[k]) >= sizeof specimen->species[k].symbol)
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "the configuration has the species %s, expected elements", l->names[k]);
    specimen->species[k] =
        (csro_specimen_species){.share = (double)atoms[k], .sigma_z = -1, .efficiency = 1};
    strcpy(specimen->species[k].symbol, l->names[k]);
    specimen->species[k].share /= (double)csro_lattice_site_count(l);
  }
  specimen->species_count = l->species_count;
  specimen->configuration = c;
  specimen->recipe = NULL;
  specimen->lattice_constant = l->edge[0];
  specimen->domain_density = 0;
  specimen->gradient.axis = CSRO_AXIS_NONE;
  specimen->order_type_count = 1;
  specimen->order_types[0] = (csro_order_type){.kind = CSRO_ORDER_PLANES, .share = 1};
  return CSRO_OK;
}

int64_t csro_configuration_site(const csro_configuration *c, const double axes[3][3],
                                double plane_spacing, const double position[3]) {
  const double r[3] = {position[0], position[1], position[2] + plane_spacing / 2};
  double in_crystal[3], distance;
  for (int k = 0; k < 3; k++)
    in_crystal[k] = axes[0][k] * r[0] + axes[1][k] * r[1] + axes[2][k] * r[2];
  return csro_lattice_nearest(c->lattice, in_crystal, &distance);
}
