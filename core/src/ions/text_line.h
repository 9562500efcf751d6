/* One line of a text file of ions: which text stands in which column. */
#ifndef CSRO_IONS_TEXT_LINE_H
#define CSRO_IONS_TEXT_LINE_H

#include "csro/context.h"
#include "ions/unit.h"

#include <locale.h>
#include <stdint.h>

/* A line without its end, or a part of one: [begin, end). */
typedef struct csro_line {
  const char *begin, *end;
} csro_line;

/* x, y, z, m/q and the name of the species. */
enum { csro_role_mass = 3, csro_role_numbers = 4, csro_role_species = 4, csro_roles = 5 };

/* Which columns of a file are meant. */
typedef struct csro_text_columns {
  int at[csro_roles]; /* from 0; -1: there is none, which only m/q and species may be */
  const csro_unit *unit[csro_role_numbers];
  int names; /* columns that the header names; 0 without a header */
} csro_text_columns;

typedef struct csro_text_format {
  char separator;    /* ',', ';', '\t', or ' ' for runs of blanks and tabs */
  locale_t c_locale; /* for csro_number_parse */
  csro_text_columns columns;
  bool atoms; /* a snapshot (ions/atom_frame.h): there are further columns also without m/q */
} csro_text_format;

/* Whether the file has no m/q. Then no line has further columns, and a species in the last column
 * is all that is left of the line. */
static inline bool csro_text_lacks_mass(const csro_text_columns *columns) {
  return columns->at[csro_role_mass] < 0;
}

/* The first four columns, in nm and Da. */
csro_text_columns csro_text_first_columns(void);

extern const char csro_text_separators[4]; /* in the order in which they are tried */

/* Whether p is at the end of a line: LF, CR or CRLF. */
static inline bool csro_line_ends(const char *p) {
  return *p == '\n' || *p == '\r';
}

/* The line at p, not beyond end. *next is where the following line starts. */
csro_line csro_line_at(const char *p, const char *end, const char **next);

bool csro_line_is_comment(csro_line line); /* starts with # or % */
bool csro_line_holds_ion(csro_line line);  /* neither blank nor a comment */

/* The next column: the text between separators, without blanks around it and without its quotes
 * (*quoted). Returns false when the line has no further one; *p moves behind the separator. */
bool csro_line_next_column(char separator, const char **p, const char *end, csro_line *column,
                           bool *quoted);

/* What programs write where there is no number: nothing at all, too. */
bool csro_text_is_undefined(csro_line column);

/* Columns up to the last one that is not empty. */
int csro_line_count_columns(char separator, csro_line line);

/* The first column is a whole number, as an index of the lines is. */
bool csro_line_starts_whole(char separator, csro_line line);

/* True for a first line that names columns. A first line that looks like a damaged ion is none. */
bool csro_line_is_header(csro_line line, locale_t c_locale);

/* True for a first line that numbers its columns, "0,1,2,3", as some programs do for want of names.
 */
bool csro_line_numbers_columns(csro_line line);

/* The separator of a file without names, found from its first ion. */
char csro_line_separator(csro_line line, locale_t c_locale);

typedef enum csro_line_result {
  CSRO_LINE_ION,
  CSRO_LINE_NOT_FINITE, /* complete, but with nan, inf, NA, nothing or 1e999 among the numbers */
  CSRO_LINE_BAD
} csro_line_result;

/* Reads the four numbers [nm, Da], NaN for those that are not finite (without m/q the last one is
 * left as it is), and with `species` (or NULL) the text of that column. */
csro_line_result csro_line_parse(const csro_text_format *format, csro_line line, double values[4],
                                 csro_line *species, bool *species_quoted);

/* Foreign files hold anything: shows only what can be printed, and not more than fits. */
void csro_line_copy_printable(csro_line text, char *out, size_t size);

/* What csro_line_parse found to be no finite number: "line 7: column 4 (m/q) is 'nan'", no label
 * where there must be one ("(label)"), or, of a line with too few columns (without m/q also too
 * many), "line 7: 3 columns in '1,2,3'"; what was expected follows. */
void csro_line_describe(const csro_text_format *format, csro_line line, int64_t number, char *out,
                        size_t size);

#endif
