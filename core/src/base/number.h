/* Decimal numbers in text, exact and independent of the program's locale. */
#ifndef CSRO_BASE_NUMBER_H
#define CSRO_BASE_NUMBER_H

#include <locale.h>
#include <stdbool.h>

/* Reads [+-]digits[.digits][e[+-]digits] at p, not beyond end; with `comma` a decimal comma is as
 * good as a point. The value is the double nearest to the text, as strtod has it in the C locale,
 * which the caller hands over (newlocale). Returns where the number ends, or NULL when there is
 * none. Numbers of more than 255 characters are none; too large ones give an infinity. */
const char *csro_number_parse(const char *p, const char *end, bool comma, locale_t c_locale,
                              double *value);

#endif
