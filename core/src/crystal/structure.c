#include "csro/structure.h"

#include "crystal/prototypes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double closest = 0.05; /* nm, between sites */

csro_status csro_structure_init(csro_context *context, int site_count, int sublattice_count,
                                int species_count, csro_structure *structure) {
  csro_structure s = {.cells = {1, 1, 1},
                      .site_count = site_count,
                      .sublattice_count = sublattice_count,
                      .species_count = species_count};
  int64_t occupancies = (int64_t)sublattice_count * species_count;
  s.position = csro_allocate(context, site_count, sizeof *s.position);
  s.sublattice = csro_allocate(context, site_count, sizeof *s.sublattice);
  s.sublattices = csro_allocate(context, sublattice_count, sizeof *s.sublattices);
  s.occupancy = csro_allocate(context, occupancies, sizeof *s.occupancy);
  *structure = s;
  if (!s.position || !s.sublattice || !s.sublattices || !s.occupancy) {
    csro_structure_release(structure);
    return CSRO_ERROR_MEMORY;
  }
  memset(s.position, 0, (size_t)site_count * sizeof *s.position);
  memset(s.sublattice, 0, (size_t)site_count * sizeof *s.sublattice);
  memset(s.sublattices, 0, (size_t)sublattice_count * sizeof *s.sublattices);
  memset(s.occupancy, 0, (size_t)occupancies * sizeof *s.occupancy);
  return CSRO_OK;
}

void csro_structure_release(csro_structure *structure) {
  if (!structure)
    return;
  free(structure->position);
  free(structure->sublattice);
  free(structure->sublattices);
  free(structure->occupancy);
  *structure = (csro_structure){0};
}

csro_status csro_structure_prototype(csro_context *context, int prototype, double a, double c,
                                     int species_count, csro_structure *structure) {
  *structure = (csro_structure){0};
  if (prototype < 0 || prototype >= CSRO_PROTOTYPES)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "structure prototype %d, expected 0 .. %d",
                     prototype, CSRO_PROTOTYPES - 1);
  const csro_prototype *from = &csro_prototypes[prototype];
  csro_status status = csro_structure_init(context, from->site_count, from->sublattice_count,
                                           species_count, structure);
  if (status != CSRO_OK)
    return status;
  memcpy(structure->constant, (double[3]){a, a, c}, sizeof structure->constant);
  memcpy(structure->cells, from->cells, sizeof structure->cells);
  for (int i = 0; i < from->site_count; i++) {
    for (int axis = 0; axis < 3; axis++)
      structure->position[i][axis] = from->sites[i].half[axis] / 2.0;
    structure->sublattice[i] = from->sites[i].sublattice;
  }
  for (int s = 0; s < from->sublattice_count; s++)
    strcpy(structure->sublattices[s], from->sublattices[s]);
  status = csro_structure_check(context, structure);
  if (status != CSRO_OK)
    csro_structure_release(structure);
  return status;
}

/* Squared distance of two sites, or of their nearest copies, nm2. */
static double distance2(const csro_structure *s, const double *p, const double *q) {
  double sum = 0;
  for (int axis = 0; axis < 3; axis++) {
    double difference = fabs(p[axis] - q[axis]);
    difference = fmin(difference, s->cells[axis] - difference) * s->constant[axis];
    sum += difference * difference;
  }
  return sum;
}

static csro_status check_sites(csro_context *context, const csro_structure *s) {
  for (int i = 0; i < s->site_count; i++) {
    for (int axis = 0; axis < 3; axis++)
      if (!(s->position[i][axis] >= 0 && s->position[i][axis] < s->cells[axis]))
        return csro_fail(context, CSRO_ERROR_ARGUMENT,
                         "coordinate %g of site %d of the cell, expected 0 to below %d",
                         s->position[i][axis], i + 1, s->cells[axis]);
    if (s->sublattice[i] < 0 || s->sublattice[i] >= s->sublattice_count)
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "site %d of the cell is on sublattice %d of %d", i + 1, s->sublattice[i],
                       s->sublattice_count);
    for (int k = 0; k < i; k++)
      if (distance2(s, s->position[i], s->position[k]) < closest * closest)
        return csro_fail(context, CSRO_ERROR_ARGUMENT,
                         "sites %d and %d of the cell are closer than %g nm", k + 1, i + 1,
                         closest);
  }
  return CSRO_OK;
}

static csro_status check_sublattice(csro_context *context, const csro_structure *s, int index) {
  double sum = 0;
  for (int k = 0; k < s->species_count; k++) {
    double occupancy = s->occupancy[index * s->species_count + k];
    if (!(occupancy >= 0 && occupancy <= 1))
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "occupancy %g on sublattice %.15s, expected 0 to 1", occupancy,
                       s->sublattices[index]);
    sum += occupancy;
  }
  if (sum > 1 + 1e-9)
    return csro_fail(context, CSRO_ERROR_ARGUMENT,
                     "occupancies of sublattice %.15s sum to %g, expected at most 1",
                     s->sublattices[index], sum);
  for (int i = 0; i < s->site_count; i++)
    if (s->sublattice[i] == index)
      return CSRO_OK;
  return csro_fail(context, CSRO_ERROR_ARGUMENT, "sublattice %.15s has no site",
                   s->sublattices[index]);
}

csro_status csro_structure_check(csro_context *context, const csro_structure *s) {
  for (int axis = 0; axis < 3; axis++)
    if (!(s->constant[axis] >= 0.1 && s->constant[axis] <= 10))
      return csro_fail(context, CSRO_ERROR_ARGUMENT,
                       "lattice constant %g nm, expected 0.1 to 10 nm", s->constant[axis]);
  csro_status status = check_sites(context, s);
  for (int i = 0; i < s->sublattice_count && status == CSRO_OK; i++)
    status = check_sublattice(context, s, i);
  return status;
}

/* Mean over all sites of the column of one species in a table [sublattice][species]. */
static double mean_occupancy(const csro_structure *s, const double *occupancy, int species) {
  double sum = 0;
  for (int i = 0; i < s->site_count; i++)
    sum += occupancy[s->sublattice[i] * s->species_count + species];
  return sum / s->site_count;
}

void csro_structure_composition(const csro_structure *s, double *fractions) {
  for (int k = 0; k < s->species_count; k++)
    fractions[k] = mean_occupancy(s, s->occupancy, k);
}

/* Changes one sublattice to hold `share` of the species. The others keep their proportions there,
 * or where there are none, those that they have in the whole structure. */
static void set_share(const csro_structure *s, int species, double share, double *row) {
  double before = row[species];
  double own = mean_occupancy(s, s->occupancy, species);
  for (int k = 0; k < s->species_count; k++)
    if (k != species && before < 1)
      row[k] *= (1 - share) / (1 - before);
    else if (k != species && own < 1)
      row[k] = (1 - share) * mean_occupancy(s, s->occupancy, k) / (1 - own);
  row[species] = share;
}

void csro_structure_occupancy(const csro_structure *s, double order, int species, double fraction,
                              double *out) {
  const int n = s->species_count;
  memcpy(out, s->occupancy, (size_t)s->sublattice_count * (size_t)n * sizeof *out);
  double own = species >= 0 ? mean_occupancy(s, s->occupancy, species) : 0;
  for (int i = 0; i < s->sublattice_count && species >= 0; i++) {
    double full = out[i * n + species];
    double share = fraction <= own ? (own > 0 ? full * (fraction / own) : 0)
                                   : full + (1 - full) * ((fraction - own) / (1 - own));
    set_share(s, species, share, &out[i * n]);
  }
  for (int k = 0; k < n; k++) {
    double mean = mean_occupancy(s, out, k);
    for (int i = 0; i < s->sublattice_count; i++)
      out[i * n + k] = order == 1 ? out[i * n + k] : mean + order * (out[i * n + k] - mean);
  }
}

void csro_structure_mixture(const csro_structure *s, int species, double fraction, double *out) {
  csro_structure_composition(s, out);
  if (species >= 0)
    set_share(s, species, fraction, out);
}
