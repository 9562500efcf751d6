/* The values of csro_ions: its columns, which not every file has, and the note. */
#ifndef CSRO_IONS_ION_COLUMNS_H
#define CSRO_IONS_ION_COLUMNS_H

#include "csro/ions.h"

/* x, y, z, m/q of an ion as double. */
static inline double csro_ion_value(const csro_ions *ions, int64_t i, int k) {
  int64_t at = k < 3 ? 3 * i + k : i;
  const void *values = k < 3 ? ions->xyz : ions->mass;
  return ions->is_double ? ((const double *)values)[at] : (double)((const float *)values)[at];
}

/* Adds a column with room for ions->count ions and returns it, or NULL without memory. Valid until
 * the next one is added. */
csro_column *csro_ions_add_column(csro_context *context, csro_ions *ions, const char *name,
                                  const char *unit, csro_column_type type, int components);

/* The column of that name with one component, or NULL. */
const csro_column *csro_ions_find_column(const csro_ions *ions, const char *name);

/* A value of a column as double (64-bit integers are rounded). */
double csro_column_value(const csro_column *column, int64_t i);

/* Adds one line to the note. */
csro_status csro_ions_note(csro_context *context, csro_ions *ions, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
