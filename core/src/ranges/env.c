/* .env: as many ions with their colours, then as many ranges with the name of their ion, as the
 * numbers above them say; other sections may follow. Wrong numbers are found out: an ion is a name
 * and three numbers, a range a name and four. */
#include "ranges/range_tokens.h"

#include <stdlib.h>
#include <string.h>

enum { env_words = 6 }; /* that are looked at, of a line */

typedef struct env_parser {
  csro_ranges_builder *builder;
  csro_text_cursor cursor;
  float (*color)[3]; /* of each element of the builder */
  int64_t color_room;
  int declared_ions;
} env_parser;

static csro_status fail(const env_parser *parser, const char *expected) {
  return csro_ranges_fail_line(parser->builder, parser->cursor.number, parser->cursor.line,
                               expected);
}

static csro_status parse_ion(env_parser *parser, const csro_line *words, int count) {
  csro_ranges_builder *builder = parser->builder;
  int ions = builder->ranges->element_count;
  char name[64];
  csro_status status = csro_ranges_grow(builder->context, &parser->color, ions, &parser->color_room,
                                        sizeof *parser->color);
  if (status != CSRO_OK)
    return status;
  if (!csro_text_copy(words[0], name, sizeof name))
    return fail(parser, "a name of 1 to 63 characters and its colour as three numbers 0 to 1");
  parser->color[ions][0] = -1;
  if (count < 4 || !csro_text_color(words + 1, builder->c_locale, parser->color[ions]))
    status = csro_ranges_note(builder, NULL,
                              "line %d: the colour of %s is not three numbers from 0 to 1",
                              parser->cursor.number, name);
  return status == CSRO_OK ? csro_ranges_add_element(builder, name) : status;
}

static int find_ion(const csro_ranges *ranges, csro_line name) {
  const size_t length = (size_t)(name.end - name.begin);
  for (int i = 0; i < ranges->element_count; i++)
    if (strlen(ranges->elements[i]) == length &&
        memcmp(ranges->elements[i], name.begin, length) == 0)
      return i;
  return -1;
}

/* Volume in cubic angstrom; it only decorates, and so does the increment behind it. */
static csro_status parse_volume(const env_parser *parser, const csro_line *words, int count,
                                csro_range *range) {
  if (count < 5)
    return csro_ranges_note(parser->builder, NULL,
                            "line %d: no volume and increment behind the range", range->line);
  if (csro_text_number(words[3], parser->builder->c_locale, &range->volume) && range->volume >= 0) {
    range->volume /= 1000;
    return CSRO_OK;
  }
  range->volume = 0;
  return csro_ranges_note(parser->builder, NULL, "line %d: the volume is no number from 0 up",
                          range->line);
}

static csro_status parse_range(env_parser *parser, const csro_line *words, int count) {
  csro_ranges_builder *builder = parser->builder;
  locale_t c_locale = builder->c_locale;
  csro_range range = {.line = parser->cursor.number};
  csro_content content = {.color = {-1, -1, -1}};
  if (count < 3 || !csro_text_copy(words[0], content.name, sizeof content.name) ||
      !csro_text_number(words[1], c_locale, &range.lo) ||
      !csro_text_number(words[2], c_locale, &range.hi))
    return fail(parser, "a range: name, two ends in Da, volume in cubic angstrom, increment");
  csro_status status = parse_volume(parser, words, count, &range);
  int ion = find_ion(builder->ranges, words[0]);
  if (ion >= 0)
    memcpy(content.color, parser->color[ion], sizeof content.color);
  else if (status == CSRO_OK)
    status = csro_ranges_report(builder, "line %d: %s is not in the list of ions", range.line,
                                content.name);
  return status == CSRO_OK ? csro_ranges_add(builder, range, &content) : status;
}

/* How many of the words behind the first are numbers, up to the first that is none. */
static int count_numbers(const env_parser *parser, const csro_line *words, int count) {
  int numbers = 0;
  double value;
  while (numbers + 1 < count &&
         csro_text_number(words[numbers + 1], parser->builder->c_locale, &value))
    numbers++;
  return numbers;
}

/* Whether a line is an ion: by its place, unless its form says otherwise. */
static bool is_ion(const env_parser *parser, const csro_line *words, int count) {
  const csro_ranges *ranges = parser->builder->ranges;
  int numbers = count_numbers(parser, words, count);
  float color[3];
  if (ranges->count + ranges->left_out > 0)
    return false;
  if (ranges->element_count < parser->declared_ions)
    return numbers < 4 && (count != 5 || numbers == 3);
  return count == 4 && numbers == 3 && find_ion(ranges, words[0]) < 0 &&
         csro_text_color(words + 1, parser->builder->c_locale, color);
}

/* Behind the declared ranges other sections may begin; a range of a listed ion is one still. */
static bool is_behind(const env_parser *parser, const csro_line *words, int count) {
  const csro_ranges *ranges = parser->builder->ranges;
  return ranges->count > 0 && ranges->count + ranges->left_out >= ranges->declared &&
         !(count_numbers(parser, words, count) >= 4 && find_ion(ranges, words[0]) >= 0);
}

static bool is_comment(const env_parser *parser) {
  return *parser->cursor.line.begin == '#';
}

/* An optional line with a version, then the numbers of ions and ranges. */
static csro_status parse_counts(env_parser *parser) {
  csro_ranges_builder *builder = parser->builder;
  for (int lines = 0; lines < 2 && csro_text_next_line(&parser->cursor);) {
    csro_line words[2];
    if (is_comment(parser))
      continue;
    if (csro_text_words(parser->cursor.line, words, 2) == 2 &&
        csro_text_count(words[0], builder->c_locale, &parser->declared_ions) &&
        csro_text_count(words[1], builder->c_locale, &builder->ranges->declared))
      return CSRO_OK;
    lines++;
  }
  if (parser->cursor.number == 0)
    return csro_fail(builder->context, CSRO_ERROR_FORMAT,
                     "%s: the file is empty, expected a .env file", builder->path);
  return csro_fail(builder->context, CSRO_ERROR_FORMAT,
                   "%s: line %d: no numbers of ions and ranges up to here, expected a .env file",
                   builder->path, parser->cursor.number);
}

static csro_status parse_file(env_parser *parser) {
  csro_ranges_builder *builder = parser->builder;
  csro_status status = parse_counts(parser);
  while (status == CSRO_OK && csro_text_next_line(&parser->cursor)) {
    csro_line words[env_words];
    if (is_comment(parser))
      continue;
    int count =
        csro_text_words(csro_text_without_comment(parser->cursor.line, "#"), words, env_words);
    count = count < env_words ? count : env_words;
    if (is_behind(parser, words, count))
      continue;
    status = is_ion(parser, words, count) ? parse_ion(parser, words, count)
                                          : parse_range(parser, words, count);
  }
  if (status == CSRO_OK && parser->declared_ions != builder->ranges->element_count)
    status = csro_ranges_report(builder, "%d ions are declared, there are %d",
                                parser->declared_ions, builder->ranges->element_count);
  return status;
}

csro_status csro_env_parse(csro_ranges_builder *builder, const char *text, const char *end) {
  env_parser parser = {.builder = builder, .cursor = {.p = text, .end = end}};
  csro_status status = parse_file(&parser);
  free(parser.color);
  return status;
}
