/* Units that files give: of lengths, as nm, and of mass-to-charge, as Da. */
#ifndef CSRO_IONS_UNIT_H
#define CSRO_IONS_UNIT_H

#include <stddef.h>

typedef enum csro_unit_kind { CSRO_UNIT_LENGTH, CSRO_UNIT_MASS } csro_unit_kind;

/* A value times `times` over `over` is in nm or Da; one of them is 1, so that an exact number stays
 * exact. */
typedef struct csro_unit {
  const char *name; /* "angstrom" */
  double times, over;
} csro_unit;

static inline double csro_unit_convert(const csro_unit *unit, double value) {
  return value * unit->times / unit->over;
}

/* The unit of this text ("nm", "[A]" without its brackets, "Da"), in any case and with an A or
 * micro sign of UTF-8 or Latin-1; NULL when it is none of this kind. */
const csro_unit *csro_unit_find(csro_unit_kind kind, const char *text, size_t length);

/* nm or Da, which change nothing. */
const csro_unit *csro_unit_default(csro_unit_kind kind);

/* The names of the units of a kind, for a message. */
const char *csro_unit_list(csro_unit_kind kind);

#endif
