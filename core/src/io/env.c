/* .env: ions with their colours, then ranges with the name of their ion. The lines tell themselves
 * apart: an ion has four words, a range five. */
#include "io/range_text.h"

#include <stdlib.h>
#include <string.h>

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

static csro_status parse_ion(env_parser *parser, const csro_line words[4]) {
  csro_ranges_builder *builder = parser->builder;
  int count = builder->ranges->element_count;
  char name[64];
  csro_status status = csro_ranges_grow(builder->context, &parser->color, count,
                                        &parser->color_room, sizeof *parser->color);
  if (status != CSRO_OK)
    return status;
  if (builder->ranges->count > 0)
    return fail(parser, "a range: name, two ends in Da, volume in cubic angstrom, increment");
  if (!csro_text_copy(words[0], name, sizeof name) ||
      !csro_text_color(words + 1, builder->c_locale, parser->color[count]))
    return fail(parser, "a name of 1 to 63 characters and its colour as three numbers 0 to 1");
  return csro_ranges_add_element(builder, name);
}

static int find_ion(const csro_ranges *ranges, const char *name) {
  for (int i = 0; i < ranges->element_count; i++)
    if (strcmp(ranges->elements[i], name) == 0)
      return i;
  return -1;
}

static csro_status parse_range(env_parser *parser, const csro_line words[5]) {
  csro_ranges_builder *builder = parser->builder;
  locale_t c_locale = builder->c_locale;
  csro_range range = {.line = parser->cursor.number};
  csro_species species = {.color = {-1, -1, -1}};
  double increment;
  if (!csro_text_copy(words[0], species.name, sizeof species.name) ||
      !csro_text_mass(words[1], c_locale, &range.lo) ||
      !csro_text_mass(words[2], c_locale, &range.hi) ||
      !csro_text_number(words[3], c_locale, &range.volume) || range.volume < 0 ||
      !csro_text_number(words[4], c_locale, &increment))
    return fail(parser, "a range: name, two ends in Da, volume in cubic angstrom, increment");
  range.volume /= 1000;
  int ion = find_ion(builder->ranges, species.name);
  csro_status status = CSRO_OK;
  if (ion >= 0)
    memcpy(species.color, parser->color[ion], sizeof species.color);
  else
    status = csro_ranges_report(builder, "line %d: %s is not in the list of ions", range.line,
                                species.name);
  csro_formula_parse(species.name, &species);
  return status == CSRO_OK ? csro_ranges_add(builder, range, &species) : status;
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
    csro_line words[5];
    if (is_comment(parser))
      continue;
    int count = csro_text_words(csro_text_without_comment(parser->cursor.line), words, 5);
    if (count == 4)
      status = parse_ion(parser, words);
    else if (count == 5)
      status = parse_range(parser, words);
    else
      status = fail(parser, "an ion (name, red, green, blue) or a range (name, two ends in Da, "
                            "volume in cubic angstrom, increment)");
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
