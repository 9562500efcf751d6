#include "spectrum/fractions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int csro_atoms_in(const csro_atom_kinds *atoms, int species, int kind) {
  int sum = 0;
  for (int i = atoms->first[species]; i < atoms->first[species + 1]; i++)
    if (kind < 0 || atoms->part[i].kind == kind)
      sum += atoms->part[i].atoms;
  return sum;
}

void csro_fraction_propagate(const csro_atom_kinds *atoms, int kind, int n, const int *species,
                             const double *x, const double *covariance,
                             csro_corrected_fraction *row) {
  double of_kind = 0, all = 0, variance = 0;
  for (int k = 0; k < n; k++) {
    of_kind += csro_atoms_in(atoms, species[k], kind) * x[k];
    all += csro_atoms_in(atoms, species[k], -1) * x[k];
  }
  const double f = of_kind / all;
  for (int k = 0; k < n; k++) {
    const double g =
        csro_atoms_in(atoms, species[k], kind) - f * csro_atoms_in(atoms, species[k], -1);
    for (int j = 0; j < n; j++)
      variance +=
          g * covariance[(long)k * n + j] *
          (csro_atoms_in(atoms, species[j], kind) - f * csro_atoms_in(atoms, species[j], -1));
  }
  row->atoms = of_kind;
  row->value = all > 0 ? f : NAN;
  row->standard_error = all > 0 ? sqrt(fmax(variance, 0)) / all : NAN;
}

/* Numbers of ions of each species without the background, and their covariance. */
static void subtract(const csro_ranges *ranges, const csro_background *background,
                     const int64_t *counts, double *x, double *covariance) {
  const int n = ranges->species_count;
  for (int r = 0; r < ranges->count; r++) {
    const int k = ranges->range[r].species;
    x[k] -= csro_background_of(background, counts, r);
    for (int q = 0; q < ranges->count; q++)
      covariance[(long)k * n + ranges->range[q].species] +=
          csro_background_covariance(background, counts, r, q);
  }
}

csro_status csro_region_composition(csro_context *context, const csro_ranges *ranges,
                                    const csro_atom_kinds *atoms, const int64_t *label_counts,
                                    const csro_background *background, const int64_t *counts,
                                    csro_corrected_fraction *rows) {
  const int n = ranges->species_count;
  csro_fraction *raw = csro_allocate(context, atoms->count, sizeof *raw);
  double *x = csro_allocate(context, n, sizeof *x);
  double *covariance = csro_allocate(context, (long long)n * n, sizeof *covariance);
  int *species = csro_allocate(context, n, sizeof *species);
  const bool made = raw && x && covariance && species;
  if (made) {
    memset(covariance, 0, (size_t)n * (size_t)n * sizeof *covariance);
    for (int k = 0; k < n; k++) {
      species[k] = k;
      x[k] = covariance[(long)k * n + k] = (double)label_counts[k + 1];
    }
    if (background && counts)
      subtract(ranges, background, counts, x, covariance);
    csro_atom_fractions(atoms, label_counts, raw);
    for (int kind = 0; kind < atoms->count; kind++) {
      rows[kind].raw = raw[kind];
      csro_fraction_propagate(atoms, kind, n, species, x, covariance, &rows[kind]);
    }
  }
  free(raw);
  free(x);
  free(covariance);
  free(species);
  return made ? CSRO_OK : CSRO_ERROR_MEMORY;
}
