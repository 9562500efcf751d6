/* The masses of an ion, by the natural abundances of its isotopes. */
#ifndef CSRO_SPECTRUM_ISOTOPOLOGUES_H
#define CSRO_SPECTRUM_ISOTOPOLOGUES_H

#include "csro/ranges.h"

enum { csro_most_isotopologues = 256 };

/* Mass (Da) and share of the ions. */
typedef struct csro_isotopologue {
  double mass, share;
} csro_isotopologue;

/* Of a species with a composition, ascending in mass; isotopologues nearer than 0.005 Da are one,
 * those with a share below 1e-6 are left out. An isotope that the species names is the only one of
 * its component. Returns how many there are: 0 for a component that is no element, has no natural
 * isotope or one that is not known, and where there are too many. */
int csro_isotopologues(const csro_species *species,
                       csro_isotopologue found[csro_most_isotopologues]);

#endif
