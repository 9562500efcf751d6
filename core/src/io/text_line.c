#include "io/text_line.h"

#include "io/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

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

csro_line csro_line_at(const char *p, const char *end, const char **next) {
  const char *feed = memchr(p, '\n', (size_t)(end - p));
  csro_line line = {p, feed ? feed : end};
  *next = feed ? feed + 1 : end;
  if (line.end > line.begin && line.end[-1] == '\r')
    line.end--;
  return line;
}

bool csro_line_holds_ion(csro_line line) {
  const char *p = skip_blanks(line.begin, line.end);
  return p < line.end && *p != '#';
}

/* A column: the text between separators, blanks around it left out. Returns false when the line has
 * no further column; *p moves behind the separator. */
static bool next_column(char separator, const char **p, const char *end, csro_line *column) {
  if (separator == ' ') {
    const char *q = *p = skip_blanks(*p, end);
    while (q < end && !is_blank(*q))
      q++;
    *column = (csro_line){*p, q};
    *p = q;
    return column->begin < q;
  }
  if (!*p)
    return false;
  const char *q = memchr(*p, separator, (size_t)(end - *p));
  *column = (csro_line){skip_padding(separator, *p, end), q ? q : end};
  *p = q ? q + 1 : NULL;
  while (column->end > column->begin && is_blank(column->end[-1]))
    column->end--;
  return true;
}

static bool parse_column(const csro_text_format *format, csro_line column, double *value) {
  return csro_number_parse(column.begin, column.end, format->separator != ',', format->c_locale,
                           value) == column.end;
}

static bool is_word(csro_line column, const char *word) {
  return (size_t)(column.end - column.begin) == strlen(word) &&
         strncasecmp(column.begin, word, strlen(word)) == 0;
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

static const char separators[] = {';', ',', '\t', ' '};

bool csro_line_is_header(csro_line line, locale_t c_locale) {
  for (size_t s = 0; s < sizeof separators; s++) {
    csro_text_format format = {separators[s], c_locale};
    const char *p = line.begin;
    csro_line column;
    double value;
    if (next_column(separators[s], &p, line.end, &column) && looks_like_number(column))
      return false;
    int numbers = 0;
    while (numbers < 3 && next_column(separators[s], &p, line.end, &column) &&
           parse_column(&format, column, &value))
      numbers++;
    if (numbers == 3)
      return false; /* an ion whose x is damaged */
  }
  return true;
}

bool csro_line_numbers_columns(csro_line line) {
  for (size_t s = 0; s < sizeof separators; s++) {
    const char *p = line.begin;
    csro_line column;
    int columns = 0;
    while (next_column(separators[s], &p, line.end, &column)) {
      char number[16];
      snprintf(number, sizeof number, "%d", columns);
      if (!is_word(column, number))
        break;
      columns++;
    }
    if (columns >= 4 && (!p || p == line.end))
      return true;
  }
  return false;
}

/* x, "X", x_nm, x (nm), but neither xd nor x_det. */
static bool is_named_x(csro_line name) {
  if (name.begin < name.end && *name.begin == '"')
    name.begin++;
  if (name.begin == name.end || (*name.begin != 'x' && *name.begin != 'X'))
    return false;
  name.begin++;
  return name.begin == name.end || strchr("\" \t([/,", *name.begin) || is_word(name, "_nm") ||
         is_word(name, "_nm\"");
}

/* Columns up to the last one that is not empty. */
static int count_columns(char separator, csro_line line) {
  const char *p = line.begin;
  csro_line column;
  int columns = 0;
  for (int k = 1; next_column(separator, &p, line.end, &column); k++)
    columns = column.begin < column.end ? k : columns;
  return columns;
}

static bool is_whole(csro_line column) {
  const char *p = column.begin;
  while (p < column.end && *p >= '0' && *p <= '9')
    p++;
  return p == column.end && column.begin < p;
}

const char *csro_line_examine_header(csro_line header, csro_line ion, char separator) {
  const char *p = header.begin, *q = ion.begin;
  csro_line name, value;
  bool first_is_x = next_column(separator, &p, header.end, &name) && is_named_x(name);
  while (!first_is_x && next_column(separator, &p, header.end, &name))
    if (is_named_x(name))
      return "x is not the first of the columns";
  int names = count_columns(separator, header), columns = count_columns(separator, ion);
  if (names > 1 && columns == names + 1 && next_column(separator, &q, ion.end, &value) &&
      is_whole(value))
    return "the line below has one column more, a whole number first (an index of the lines?)";
  if (names > 1 && separator == ',' && columns == 2 * names &&
      !memchr(ion.begin, '.', (size_t)(ion.end - ion.begin)))
    return "the line below has twice as many columns (decimal commas?)";
  return NULL;
}

char csro_line_separator(csro_line line, locale_t c_locale) {
  double values[4];
  int tabs = 0;
  for (const char *p = line.begin; p < line.end; p++)
    tabs += *p == '\t';
  for (size_t s = 0; s < sizeof separators; s++) {
    csro_text_format format = {separators[s], c_locale};
    /* Three tabs separate four columns; taken as blanks, they would hide an empty column. */
    if ((separators[s] != ' ' || tabs < 3) && csro_line_parse(&format, line, values))
      return separators[s];
  }
  for (size_t s = 0; s < 3; s++)
    if (memchr(line.begin, separators[s], (size_t)(line.end - line.begin)))
      return separators[s];
  return ' ';
}

bool csro_line_parse(const csro_text_format *format, csro_line line, double values[4]) {
  char separator = format->separator;
  const char *p = line.begin, *end = line.end;
  for (int k = 0; k < 4; k++) {
    p = skip_padding(separator, p, end);
    p = csro_number_parse(p, end, separator != ',', format->c_locale, &values[k]);
    if (!p || !isfinite(values[k]))
      return false;
    const char *behind = p;
    p = skip_padding(separator, p, end);
    if (p == end)
      return k == 3;
    if (separator == ' ' && p == behind)
      return false;
    if (separator != ' ' && *p++ != separator)
      return false;
  }
  return true;
}

void csro_line_copy_printable(csro_line text, char *out, size_t size) {
  size_t n = 0;
  for (const char *p = text.begin; p < text.end && n + 1 < size; p++)
    out[n++] = (unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7f ? '?' : *p;
  out[n] = 0;
}

csro_status csro_line_fail(csro_context *context, const csro_text_format *format, csro_line line,
                           const char *path, int64_t number) {
  static const char *const names[] = {"x", "y", "z", "m/q"};
  const char *p = line.begin;
  for (int k = 0; k < 4; k++) {
    csro_line column;
    double value;
    char found[41];
    if (!next_column(format->separator, &p, line.end, &column)) {
      csro_line_copy_printable(line, found, sizeof found);
      return csro_fail(context, CSRO_ERROR_FORMAT,
                       "%s: line %lld: %d columns in '%s', expected at least 4 (x, y, z, m/q)",
                       path, (long long)number, k, found);
    }
    csro_line_copy_printable(column, found, sizeof found);
    if (!parse_column(format, column, &value))
      return csro_fail(context, CSRO_ERROR_FORMAT,
                       "%s: line %lld: column %d (%s) is '%s', expected a finite number", path,
                       (long long)number, k + 1, names[k], found);
    if (!isfinite(value))
      return csro_fail(context, CSRO_ERROR_FORMAT,
                       "%s: line %lld: column %d (%s) is '%s', too large for a number", path,
                       (long long)number, k + 1, names[k], found);
  }
  return csro_fail(context, CSRO_ERROR_FORMAT, "%s: line %lld: cannot be read", path,
                   (long long)number);
}
