/* Numbers in text, with as many digits as it takes to read the same value back. In the C locale. */
#ifndef CSRO_IONS_WRITE_VALUES_H
#define CSRO_IONS_WRITE_VALUES_H

#include "ions/ion_columns.h"

/* With its separator; the longest are as -1.2345678901234567e-308. */
enum { csro_longest_number = 25 };

/* All return the end of what they have written. */
char *csro_put_float(float value, char *out);
char *csro_put_double(double value, char *out);

/* Value i of a column, counted over all components. */
char *csro_put_value(const csro_column *column, int64_t i, char *out);

/* What .xyz, .extxyz and .dump share: the name of the species of ion i as one word, X for none, and
 * x, y or z in angstrom. */
enum { csro_longest_word = csro_species_name_size + 1 };
char *csro_put_species(const csro_ions *ions, int64_t i, char *out);
char *csro_put_angstrom(const csro_ions *ions, int64_t i, int axis, char *out);

/* Writes a text at out + n where out is not NULL; returns n and its length. */
size_t csro_put_text(const char *text, size_t n, char *out);

#endif
