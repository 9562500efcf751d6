#include "io/range_text.h"

#include "io/number.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

csro_line csro_text_trim(csro_line line) {
  while (line.begin < line.end && is_blank(*line.begin))
    line.begin++;
  while (line.end > line.begin && is_blank(line.end[-1]))
    line.end--;
  return line;
}

csro_line csro_text_without_comment(csro_line line) {
  for (const char *p = line.begin; p < line.end; p++)
    if (*p == '#' && (p == line.begin || is_blank(p[-1])))
      line.end = p;
  return csro_text_trim(line);
}

bool csro_text_equals(csro_line text, const char *word) {
  size_t length = strlen(word);
  return (size_t)(text.end - text.begin) == length && strncasecmp(text.begin, word, length) == 0;
}

bool csro_text_next_word(csro_line *rest, csro_line *word) {
  *rest = csro_text_trim(*rest);
  word->begin = word->end = rest->begin;
  while (word->end < rest->end && !is_blank(*word->end))
    word->end++;
  rest->begin = word->end;
  return word->begin < word->end;
}

bool csro_text_copy(csro_line text, char *out, size_t size) {
  size_t length = (size_t)(text.end - text.begin);
  if (length == 0 || length >= size)
    return false;
  memcpy(out, text.begin, length);
  out[length] = 0;
  return true;
}

bool csro_text_number(csro_line text, locale_t c_locale, double *value) {
  return csro_number_parse(text.begin, text.end, true, c_locale, value) == text.end &&
         isfinite(*value);
}

bool csro_text_mass(csro_line text, locale_t c_locale, double *value) {
  return csro_text_number(text, c_locale, value) && fabs(*value) <= 1e6;
}

bool csro_text_count(csro_line text, locale_t c_locale, int *count) {
  double value;
  if (!csro_text_number(text, c_locale, &value) || value < 0 || value > 1e6 ||
      value != floor(value))
    return false;
  *count = (int)value;
  return true;
}

bool csro_text_color(const csro_line words[3], locale_t c_locale, float color[3]) {
  for (int k = 0; k < 3; k++) {
    double value;
    if (!csro_text_number(words[k], c_locale, &value) || value < 0 || value > 1)
      return false;
    color[k] = (float)value;
  }
  return true;
}

csro_status csro_ranges_fail_line(const csro_ranges_builder *builder, int line, csro_line found,
                                  const char *expected) {
  char text[61];
  csro_line_copy_printable(found, text, sizeof text);
  return csro_fail(builder->context, CSRO_ERROR_FORMAT, "%s: line %d: '%s', expected %s",
                   builder->path, line, text, expected);
}

bool csro_text_next_line(csro_text_cursor *cursor) {
  while (cursor->p < cursor->end) {
    csro_line line = {cursor->p, cursor->p};
    while (line.end < cursor->end && *line.end != '\n' && *line.end != '\r')
      line.end++;
    cursor->p = line.end;
    if (cursor->p < cursor->end)
      cursor->p +=
          cursor->end - cursor->p > 1 && cursor->p[0] == '\r' && cursor->p[1] == '\n' ? 2 : 1;
    cursor->number++;
    cursor->line = csro_text_trim(line);
    if (cursor->line.begin < cursor->line.end)
      return true;
  }
  return false;
}

int csro_text_words(csro_line line, csro_line *words, int most) {
  int count = 0;
  csro_line word;
  for (; csro_text_next_word(&line, &word); count++)
    if (count < most)
      words[count] = word;
  return count;
}
