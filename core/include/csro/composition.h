/* What ions are made of: counts of species, and molecular ions taken apart into atoms. */
#ifndef CSRO_COMPOSITION_H
#define CSRO_COMPOSITION_H

#include "csro/ranges.h"

CSRO_API_BEGIN

/* So many atoms of one kind. */
typedef struct csro_atom_part {
  int kind, atoms;
} csro_atom_part;

typedef enum csro_isotopes { CSRO_ISOTOPES_MERGED, CSRO_ISOTOPES_APART } csro_isotopes;

/* The kinds of atoms in the species of a range file: each element (or each isotope that the file
 * tells apart: "B", "10B", "D"), and each species that has a name only and so stays whole. */
typedef struct csro_atom_kinds {
  int count;
  csro_species *kind; /* in order of first use; the colour is that of the first species that is
                         exactly one atom of the kind, else grey */
  int species_count;
  int *first; /* species_count + 1: species s has the parts first[s] .. first[s + 1] - 1 */
  csro_atom_part *part; /* kind is an index */
} csro_atom_kinds;

/* More than 65000 kinds are an error. */
csro_status csro_atom_kinds_create(csro_context *context, const csro_ranges *ranges,
                                   csro_isotopes isotopes, csro_atom_kinds **kinds);
void csro_atom_kinds_destroy(csro_atom_kinds **kinds); /* accepts NULL and pointers to NULL */

/* Atoms of labelled ions: an ion of k atoms gives k of them, one without a range stays one. */
typedef struct csro_atoms {
  int64_t count;
  int64_t *ion;    /* index of the ion that an atom comes from, ascending; its place and mass are
                      those of that ion */
  uint16_t *label; /* 1 + index into kinds->kind, 0 unranged */
} csro_atoms;

/* label: count labels as csro_ranges_apply gives them. A label above the number of species is an
 * error. On error *atoms is zeroed; the arrays come from malloc, release with csro_atoms_release.
 */
csro_status csro_ions_decompose(csro_context *context, const csro_atom_kinds *kinds,
                                const uint16_t *label, int64_t count, csro_atoms *atoms);
void csro_atoms_release(csro_atoms *atoms); /* frees the arrays and zeroes the struct */

/* How many labels there are of each value: counts[0] unranged, counts[1 + s] species s. Counts of
 * several ranks add up. */
csro_status csro_label_counts(csro_context *context, const uint16_t *label, int64_t count,
                              int species_count, int64_t *counts);

/* Whether an element is analysed when nobody names pairs: at least 1 % of the ranged ions are of
 * it, and it is not hydrogen, which is left in the chamber of every instrument. */
bool csro_element_is_major(const char *symbol, int64_t count, int64_t ranged);

/* The element whose order is looked for when nobody names one: the most frequent of those that are
 * major and at most half of the ranged ions, for planes rich in a majority leave none for the
 * planes between; else the most frequent; the first of equals. symbol[elements], counts[elements]
 * of ions. -1 where there is none. */
int csro_element_choose(int elements, const char *const *symbol, const int64_t *counts,
                        int64_t ranged);

/* Labels by another name: out[i] = map[label[i]]. map: species_count + 1 values; a label above is
 * an error. */
csro_status csro_labels_map(csro_context *context, const uint16_t *label, int64_t count,
                            int species_count, const uint16_t *map, uint16_t *out);

/* A row of the ion table or of the table of elements. */
typedef struct csro_fraction {
  int64_t count;
  double value, standard_error; /* fractions of all ranged ions or atoms; NaN when there are none */
} csro_fraction;

/* From csro_label_counts to one row per species: f = n / N and sqrt(f (1 - f) / N). */
void csro_ion_fractions(const int64_t *counts, int species_count, csro_fraction *rows);

/* The same by kind of atom. Atoms of one ion are not independent, so the error is that of a ratio
 * of sums over ions: sqrt(sum (a - f t)^2) / T, with a atoms of the kind among t in each ion and T
 * atoms in all. It is the above when every ion is one atom. */
void csro_atom_fractions(const csro_atom_kinds *kinds, const int64_t *counts, csro_fraction *rows);

CSRO_API_END

#endif
