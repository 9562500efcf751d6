/* One line of a text file of ions: x, y, z [nm] and m/q [Da] in its first four columns. */
#ifndef CSRO_IO_TEXT_LINE_H
#define CSRO_IO_TEXT_LINE_H

#include "csro/context.h"

#include <locale.h>
#include <stdint.h>

typedef struct csro_text_format {
  char separator;    /* ',', ';', '\t', or ' ' for runs of blanks and tabs */
  locale_t c_locale; /* for csro_number_parse */
} csro_text_format;

/* A line without its line feed: [begin, end). */
typedef struct csro_line {
  const char *begin, *end;
} csro_line;

/* The line at p, not beyond end; a carriage return before the line feed is left out. *next is where
 * the following line starts. */
csro_line csro_line_at(const char *p, const char *end, const char **next);

bool csro_line_holds_ion(csro_line line); /* neither blank nor a comment */

/* True for a first line that names columns. A first line that looks like a damaged ion is none. */
bool csro_line_is_header(csro_line line, locale_t c_locale);

/* True for a first line that numbers its columns, "0,1,2,3", as some programs do for want of names.
 */
bool csro_line_numbers_columns(csro_line line);

/* What tells that the first four columns below a header are not x, y, z and m/q, for a message: a
 * column named x that is not the first, an index of the lines without a name, decimal commas among
 * separating ones. NULL when nothing does. */
const char *csro_line_examine_header(csro_line header, csro_line ion, char separator);

/* The separator of a file, found from its first ion. */
char csro_line_separator(csro_line line, locale_t c_locale);

/* Reads the four numbers; false when they are not all there and finite. */
bool csro_line_parse(const csro_text_format *format, csro_line line, double values[4]);

/* Foreign files hold anything: shows only what can be printed, and not more than fits. */
void csro_line_copy_printable(csro_line text, char *out, size_t size);

/* Why csro_line_parse said no: writes the message and returns its status. */
csro_status csro_line_fail(csro_context *context, const csro_text_format *format, csro_line line,
                           const char *path, int64_t number);

#endif
