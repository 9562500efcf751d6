#include "ions/text_line.h"

#include "base/number.h"
#include "ions/text_label.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char csro_text_separators[4] = {';', ',', '\t', ' '};

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *p, const char *end) {
  while (p < end && is_blank(*p))
    p++;
  return p;
}

/* Blanks around a number; a tab that separates is none. */
static const char *skip_padding(char separator, const char *p, const char *end) {
  while (p < end && is_blank(*p) && !(*p == '\t' && separator == '\t'))
    p++;
  return p;
}

csro_text_columns csro_text_first_columns(void) {
  csro_text_columns columns = {.at = {0, 1, 2, 3, -1}};
  for (int k = 0; k < csro_role_numbers; k++)
    columns.unit[k] = csro_unit_default(k < csro_role_mass ? CSRO_UNIT_LENGTH : CSRO_UNIT_MASS);
  return columns;
}

csro_line csro_line_at(const char *p, const char *end, const char **next) {
  const char *q = p;
  while (q < end && !csro_line_ends(q))
    q++;
  *next = q == end ? end : q + 1 < end && *q == '\r' && q[1] == '\n' ? q + 2 : q + 1;
  return (csro_line){p, q};
}

bool csro_line_is_comment(csro_line line) {
  const char *p = skip_blanks(line.begin, line.end);
  return p < line.end && (*p == '#' || *p == '%');
}

bool csro_line_holds_ion(csro_line line) {
  const char *p = skip_blanks(line.begin, line.end);
  return p < line.end && *p != '#' && *p != '%';
}

/* The end of a text in quotes at p with its second quote, or NULL when it has none or more follows
 * it. Two quotes stand for one. */
static const char *quoted_end(char separator, const char *p, const char *end) {
  const char *q = p + 1;
  while (q < end && !(*q == '"' && (q + 1 == end || q[1] != '"')))
    q += *q == '"' ? 2 : 1;
  if (q >= end)
    return NULL;
  const char *behind = skip_padding(separator, q + 1, end);
  bool ends = behind == end || *behind == separator || (separator == ' ' && behind > q + 1);
  return ends ? q + 1 : NULL;
}

bool csro_line_next_column(char separator, const char **p, const char *end, csro_line *column,
                           bool *quoted) {
  *quoted = false;
  if (!*p)
    return false;
  const char *begin = skip_padding(separator, *p, end);
  if (separator == ' ' && begin == end)
    return false;
  const char *close = begin < end && *begin == '"' ? quoted_end(separator, begin, end) : NULL;
  const char *q = close ? skip_padding(separator, close, end) : begin;
  if (separator == ' ') {
    for (q = close ? close : begin; !close && q < end && !is_blank(*q);)
      q++;
    *p = q;
  } else {
    q = memchr(q, separator, (size_t)(end - q));
    *p = q ? q + 1 : NULL;
    q = q ? q : end;
  }
  *quoted = close != NULL;
  *column = close ? (csro_line){begin + 1, close - 1} : (csro_line){begin, q};
  while (column->end > column->begin && is_blank(column->end[-1]))
    column->end--;
  return true;
}

static bool is_word(csro_line column, const char *word) {
  return (size_t)(column.end - column.begin) == strlen(word) &&
         strncasecmp(column.begin, word, strlen(word)) == 0;
}

bool csro_text_is_undefined(csro_line column) {
  static const char *const words[] = {"nan", "inf",  "infinity", "na",      "n/a",
                                      "nil", "null", "none",     "nan(ind)"};
  if (column.begin == column.end)
    return true;
  if (*column.begin == '-' || *column.begin == '+')
    column.begin++;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (is_word(column, words[i]))
      return true;
  return column.end - column.begin >= 6 && strncasecmp(column.begin, "1.#", 3) == 0;
}

static bool parse_column(const csro_text_format *format, csro_line column, double *value) {
  return csro_number_parse(column.begin, column.end, format->separator != ',', format->c_locale,
                           value) == column.end;
}

/* A number, a damaged number, or one of the words that programs write for undefined numbers. */
static bool looks_like_number(csro_line column) {
  if (column.begin < column.end && (*column.begin == '-' || *column.begin == '+'))
    column.begin++;
  if (column.begin < column.end && (*column.begin == '.' || *column.begin == ','))
    column.begin++;
  return (column.begin < column.end && *column.begin >= '0' && *column.begin <= '9') ||
         is_word(column, "nan") || is_word(column, "inf") || is_word(column, "infinity");
}

bool csro_line_is_header(csro_line line, locale_t c_locale) {
  for (size_t s = 0; s < sizeof csro_text_separators; s++) {
    csro_text_format format = {.separator = csro_text_separators[s], .c_locale = c_locale};
    const char *p = line.begin;
    csro_line column;
    double value;
    bool quoted;
    if (csro_line_next_column(format.separator, &p, line.end, &column, &quoted) &&
        looks_like_number(column))
      return false;
    int numbers = 0;
    while (numbers < 3 && csro_line_next_column(format.separator, &p, line.end, &column, &quoted) &&
           parse_column(&format, column, &value))
      numbers++;
    if (numbers == 3)
      return false; /* an ion whose x is damaged */
  }
  return true;
}

bool csro_line_numbers_columns(csro_line line) {
  for (size_t s = 0; s < sizeof csro_text_separators; s++) {
    const char *p = line.begin;
    csro_line column;
    bool quoted;
    int columns = 0;
    while (csro_line_next_column(csro_text_separators[s], &p, line.end, &column, &quoted)) {
      char number[16];
      snprintf(number, sizeof number, "%d", columns);
      if (!is_word(column, number))
        break;
      columns++;
    }
    if (columns >= 3 && (!p || p == line.end))
      return true;
  }
  return false;
}

int csro_line_count_columns(char separator, csro_line line) {
  const char *p = line.begin;
  csro_line column;
  bool quoted;
  int columns = 0;
  for (int k = 1; csro_line_next_column(separator, &p, line.end, &column, &quoted); k++)
    columns = column.begin < column.end ? k : columns;
  return columns;
}

bool csro_line_starts_whole(char separator, csro_line line) {
  const char *p = line.begin;
  csro_line column;
  bool quoted;
  if (!csro_line_next_column(separator, &p, line.end, &column, &quoted))
    return false;
  const char *q = column.begin;
  while (q < column.end && *q >= '0' && *q <= '9')
    q++;
  return q == column.end && column.begin < q;
}

char csro_line_separator(csro_line line, locale_t c_locale) {
  double values[4];
  int tabs = 0;
  for (const char *p = line.begin; p < line.end; p++)
    tabs += *p == '\t';
  for (size_t s = 0; s < sizeof csro_text_separators; s++) {
    csro_text_format format = {.separator = csro_text_separators[s],
                               .c_locale = c_locale,
                               .columns = csro_text_first_columns()};
    /* Three tabs separate four columns; taken as blanks, they would hide an empty column. */
    if ((format.separator != ' ' || tabs < 3) &&
        csro_line_parse(&format, line, values, NULL, NULL) == CSRO_LINE_ION)
      return format.separator;
  }
  for (size_t s = 0; s < 3; s++)
    if (memchr(line.begin, csro_text_separators[s], (size_t)(line.end - line.begin)))
      return csro_text_separators[s];
  return ' ';
}

/* The number in the column at *p, which moves behind its separator. */
static csro_line_result parse_number(const csro_text_format *format, const char **p,
                                     const char *end, double *value) {
  const char separator = format->separator;
  const char *begin = *p ? skip_padding(separator, *p, end) : NULL, *behind = NULL;
  if (begin)
    behind = csro_number_parse(begin, end, separator != ',', format->c_locale, value);
  const char *q = behind ? skip_padding(separator, behind, end) : NULL;
  if (q && (q == end || (separator == ' ' ? q > behind : *q == separator))) {
    *p = separator == ' ' ? q : q == end ? NULL : q + 1;
    return CSRO_LINE_ION;
  }
  csro_line column;
  bool quoted;
  if (!csro_line_next_column(separator, p, end, &column, &quoted))
    return CSRO_LINE_BAD;
  if (quoted && parse_column(format, column, value))
    return CSRO_LINE_ION;
  *value = NAN;
  return csro_text_is_undefined(column) ? CSRO_LINE_NOT_FINITE : CSRO_LINE_BAD;
}

/* One column, by its role; csro_roles: none. */
static csro_line_result parse_role(const csro_text_format *format, int role, const char **p,
                                   const char *end, double values[4], csro_line *species,
                                   bool *species_quoted) {
  if (role >= csro_role_numbers) {
    csro_line column;
    bool quoted;
    if (!csro_line_next_column(format->separator, p, end, &column, &quoted))
      return role == csro_roles ? CSRO_LINE_BAD : CSRO_LINE_ION; /* a species may be missing */
    if (role == csro_role_species && species) {
      *species = column;
      *species_quoted = quoted;
    }
    return CSRO_LINE_ION;
  }
  csro_line_result result = parse_number(format, p, end, &values[role]);
  if (result != CSRO_LINE_ION)
    return result;
  values[role] = csro_unit_convert(format->columns.unit[role], values[role]);
  if (isfinite(values[role]))
    return CSRO_LINE_ION;
  values[role] = NAN;
  return CSRO_LINE_NOT_FINITE;
}

/* Without m/q: says whether nothing is left of the line at p, and a list without a header has its
 * label, which is the rest of the line where it is the last column. */
static bool end_line(const csro_text_format *format, const char *p, const char *end,
                     csro_line *species, bool quoted) {
  const csro_text_columns *columns = &format->columns;
  p = p ? p : end;
  const bool is_list = columns->names == 0 && columns->at[csro_role_species] >= 0;
  if (is_list && columns->at[csro_role_species] == csro_role_mass && !quoted) {
    while (end > species->begin && (is_blank(end[-1]) || end[-1] == format->separator))
      end--;
    species->end = end;
    p = end;
  }
  while (p < end && (is_blank(*p) || *p == format->separator))
    p++;
  return p >= end && (!is_list || csro_text_is_label(*species));
}

csro_line_result csro_line_parse(const csro_text_format *format, csro_line line, double values[4],
                                 csro_line *species, bool *species_quoted) {
  const int *at = format->columns.at;
  const bool lacks_mass = csro_text_lacks_mass(&format->columns);
  csro_line_result worst = CSRO_LINE_ION;
  const char *p = line.begin;
  csro_line own;
  bool own_quoted = false;
  if (lacks_mass && !species)
    species = &own, species_quoted = &own_quoted;
  int left = csro_role_numbers - lacks_mass + (species && at[csro_role_species] >= 0);
  if (species) {
    *species = (csro_line){line.end, line.end};
    *species_quoted = false;
  }
  for (int k = 0; left > 0; k++) {
    int role = 0;
    while (role < csro_roles && at[role] != k)
      role++;
    csro_line_result result =
        parse_role(format, role, &p, line.end, values, species, species_quoted);
    worst = result > worst ? result : worst;
    if (worst == CSRO_LINE_BAD)
      break;
    left -= role < csro_role_numbers || (role == csro_role_species && species);
  }
  if (lacks_mass && !format->atoms && worst != CSRO_LINE_BAD &&
      !end_line(format, p, line.end, species, *species_quoted))
    return CSRO_LINE_BAD;
  return worst;
}

void csro_line_copy_printable(csro_line text, char *out, size_t size) {
  size_t n = 0;
  for (const char *p = text.begin; p < text.end && n + 1 < size; p++)
    out[n++] = (unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7f ? '?' : *p;
  out[n] = 0;
}

/* Says which of the columns it is; false when it holds a finite number. */
static bool describe_column(const csro_text_format *format, csro_line column, int k, int role,
                            int64_t number, char *out, size_t size) {
  static const char *const names[] = {"x", "y", "z", "m/q"};
  char found[41];
  double value;
  bool is_number = parse_column(format, column, &value);
  if (is_number && isfinite(csro_unit_convert(format->columns.unit[role], value)))
    return false;
  csro_line_copy_printable(column, found, sizeof found);
  snprintf(out, size, "line %lld: column %d (%s) is '%s'%s", (long long)number, k + 1, names[role],
           found, is_number ? ", too large for a number" : "");
  return true;
}

/* The label of a list, when it is none. */
static bool find_bad_label(const csro_text_format *format, csro_line line, csro_line *label) {
  double values[csro_role_numbers];
  bool quoted;
  csro_line_parse(format, line, values, label, &quoted);
  return !csro_text_is_label(*label);
}

void csro_line_describe(const csro_text_format *format, csro_line line, int64_t number, char *out,
                        size_t size) {
  const int *at = format->columns.at;
  const char *p = line.begin;
  csro_line column;
  bool quoted;
  const bool lacks_mass = csro_text_lacks_mass(&format->columns);
  int k = 0, left = csro_role_numbers - lacks_mass;
  bool only_bad = false; /* what cannot be read at all comes before what is not finite */
  double values[4];
  only_bad = csro_line_parse(format, line, values, NULL, NULL) == CSRO_LINE_BAD;
  for (; left > 0; k++) {
    if (!csro_line_next_column(format->separator, &p, line.end, &column, &quoted))
      break;
    int role = 0;
    while (role < csro_role_numbers && at[role] != k)
      role++;
    if (role == csro_role_numbers)
      continue;
    left--;
    double value;
    bool not_finite = csro_text_is_undefined(column) || parse_column(format, column, &value);
    if (only_bad && not_finite)
      continue;
    if (describe_column(format, column, k, role, number, out, size))
      return;
  }
  char found[41];
  const int columns = lacks_mass ? csro_line_count_columns(format->separator, line) : k;
  if (left == 0 && format->columns.names == 0 && columns > csro_role_mass &&
      at[csro_role_species] >= 0 && find_bad_label(format, line, &column)) {
    csro_line_copy_printable(column, found, sizeof found);
    snprintf(out, size, "line %lld: column %d (label) is '%s'", (long long)number,
             at[csro_role_species] + 1, found);
    return;
  }
  csro_line_copy_printable(line, found, sizeof found);
  snprintf(out, size, "line %lld: %d columns in '%s'", (long long)number, columns, found);
}
