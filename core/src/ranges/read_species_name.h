/* What the names of ions can mean: formulas, isotopes, charges. */
#ifndef CSRO_RANGES_READ_SPECIES_NAME_H
#define CSRO_RANGES_READ_SPECIES_NAME_H

#include "csro/ranges.h"

enum { csro_most_readings = 32 };

/* One way to read a label; the name and colour of the species stay empty. */
typedef struct csro_reading {
  csro_species species;
  int rank;     /* the lowest is what the label means where no mass tells */
  int isotopes; /* numbers behind a symbol that are mass numbers, of 5 or more, as in Fe56 */
} csro_reading;

/* All ways to read a label like Fe, NiO2, Fe56, 13CO, D2O, Al++, Al_2+, 2Al1, in the order of their
 * rank; returns how many there are, 0 when it is no chemical one. A number is
 *  - in front of a symbol the mass number of an isotope, or the charge where every symbol has its
 *    count behind it,
 *  - behind a symbol its count or the mass number of a natural isotope,
 *  - before a '+' the charge too. */
int csro_readings_of_label(const char *label, csro_reading readings[csro_most_readings]);

/* Adds the atoms of `times` times `more` to a species; the charge stays. False when they become
 * more than 1000 of one kind or the kinds more than 8. */
bool csro_species_add(csro_species *species, const csro_component *more, int times);

/* Mass over charge (1 to 4 where the charge is not known), for some of the natural isotopes, lies
 * within 1 % of the range. */
bool csro_species_fits(const csro_species *species, double lo, double hi);

bool csro_species_same_composition(const csro_species *a, const csro_species *b);
bool csro_species_same_elements(const csro_species *a, const csro_species *b);

/* Isotopes of one element become one component without a mass number. */
void csro_species_merge_isotopes(csro_species *species);

/* The label of a component: "B", "10B", "D". */
void csro_component_label(const csro_component *component, char label[48]);

/* The formula, "AlO", "10B2_13C"; false when it does not fit. */
bool csro_species_formula(const csro_species *species, char *out, size_t size);

/* Reads what csro_composition_write has written; false when it is nothing like it. */
bool csro_composition_read(const char *text, csro_species *species);

#endif
