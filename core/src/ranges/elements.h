/* Chemical elements: symbols, standard atomic masses and natural isotopes. */
#ifndef CSRO_RANGES_ELEMENTS_H
#define CSRO_RANGES_ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>

enum { csro_hydrogen = 1 };

/* Atomic number of the element with this symbol, 0 when there is none. */
int csro_element_find(const char *symbol, size_t length);

const char *csro_element_symbol(int element);

/* Of its natural isotopes; the standard atomic mass for both when it has none. The rare isotopes of
 * hydrogen and helium are left out. Da. */
double csro_element_lightest(int element);
double csro_element_heaviest(int element);

/* Da; the mass number where that is as good (0.2 %). */
double csro_isotope_mass(int element, int isotope);

/* Whether nature has the isotope; tritium counts. */
bool csro_isotope_is_natural(int element, int isotope);

/* Whether such an isotope may exist: within an eighth of the natural ones. */
bool csro_isotope_is_possible(int element, int isotope);

#endif
