#include "ranges/range_tokens.h"

#include "base/number.h"

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

csro_line csro_text_without_comment(csro_line line, const char *marks) {
  char before = 0; /* the last one that is no blank */
  for (const char *p = line.begin; p < line.end; p++) {
    bool apart = p == line.begin || is_blank(p[-1]);
    bool color = *p == '#' && before == ':' && p + 1 < line.end && !is_blank(p[1]);
    if (*p && strchr(marks, *p) && apart && !color)
      line.end = p;
    else if (!is_blank(*p))
      before = *p;
  }
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
    if (!csro_text_number(words[k], c_locale, &value) || value < 0 || value > 1) {
      color[0] = -1;
      return false;
    }
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

/* The length of the character at p, 0 when it is none of UTF-8. */
static size_t character_length(const unsigned char *p, const unsigned char *end) {
  size_t length = *p < 0x80 ? 1 : *p < 0xC2 ? 0 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : *p < 0xF5 ? 4 : 0;
  if (length > (size_t)(end - p))
    return 0;
  for (size_t k = 1; k < length; k++)
    if ((p[k] & 0xC0) != 0x80)
      return 0;
  bool wrong = (*p == 0xE0 && p[1] < 0xA0) || (*p == 0xED && p[1] > 0x9F) ||
               (*p == 0xF0 && p[1] < 0x90) || (*p == 0xF4 && p[1] > 0x8F);
  return wrong ? 0 : length;
}

bool csro_text_is_utf8(csro_line text) {
  const unsigned char *p = (const unsigned char *)text.begin,
                      *end = (const unsigned char *)text.end;
  size_t length = 1;
  for (; p < end && length > 0; p += length)
    length = character_length(p, end);
  return length > 0;
}

char *csro_text_from_latin1(csro_context *context, csro_line text, size_t *size) {
  char *out = csro_allocate(context, 2 * (text.end - text.begin), 1);
  *size = 0;
  for (const char *p = text.begin; out && p < text.end; p++) {
    const unsigned char c = (unsigned char)*p;
    if (c >= 0x80)
      out[(*size)++] = (char)(0xC0 | c >> 6);
    out[(*size)++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3F) : c);
  }
  return out;
}
