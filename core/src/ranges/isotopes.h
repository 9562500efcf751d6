/* Natural isotopes: masses and abundances, rounded to what spectra of atom probes tell apart. */
#ifndef CSRO_RANGES_ISOTOPES_H
#define CSRO_RANGES_ISOTOPES_H

enum { csro_most_isotopes = 10 };

typedef struct csro_isotope {
  double mass, percent; /* Da; natural abundance */
} csro_isotope;

/* Of an element by its atomic number, ascending in mass, percent 0 behind the last; none where
 * nature has none. */
const csro_isotope *csro_natural_isotopes(int element);

#endif
