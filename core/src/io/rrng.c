/* .rrng: an INI-like text with the sections [Ions] and [Ranges]. */
#include "io/range_text.h"

#include <string.h>
#include <strings.h>

typedef enum section { section_none, section_ions, section_ranges, section_other } section;

typedef struct rrng_parser {
  csro_ranges_builder *builder;
  section section;
  bool has_ranges;
  int line;
} rrng_parser;

static csro_status fail_line(rrng_parser *parser, csro_line found, const char *expected) {
  return csro_ranges_fail_line(parser->builder, parser->line, found, expected);
}

static locale_t c_locale(const rrng_parser *parser) {
  return parser->builder->c_locale;
}

/* "word" or "word12" */
static bool is_numbered(csro_line key, const char *word) {
  size_t length = strlen(word);
  if ((size_t)(key.end - key.begin) < length || strncasecmp(key.begin, word, length) != 0)
    return false;
  for (key.begin += length; key.begin < key.end; key.begin++)
    if (*key.begin < '0' || *key.begin > '9')
      return false;
  return true;
}

static bool parse_color(csro_line text, float color[3]) {
  if (text.end - text.begin != 6)
    return false;
  int digits[6];
  for (int k = 0; k < 6; k++) {
    char c = text.begin[k];
    if (c >= '0' && c <= '9')
      digits[k] = c - '0';
    else if (c >= 'a' && c <= 'f')
      digits[k] = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F')
      digits[k] = c - 'A' + 10;
    else
      return false;
  }
  for (int k = 0; k < 3; k++)
    color[k] = (float)(16 * digits[2 * k] + digits[2 * k + 1]) / 255;
  return true;
}

static csro_status parse_component(rrng_parser *parser, csro_line field, csro_line symbol,
                                   csro_line value, csro_species *species) {
  csro_component component;
  if (!csro_text_copy(symbol, component.symbol, sizeof component.symbol))
    return fail_line(parser, field, "a symbol of 1 to 31 characters before the colon");
  if (!csro_text_count(value, c_locale(parser), &component.count) || component.count > 1000)
    return fail_line(parser, field, "Symbol:count with a whole count from 0 to 1000");
  if (component.count == 0)
    return CSRO_OK;
  if (!csro_species_add(species, component.symbol, component.count))
    return fail_line(parser, field, "at most 8 elements, and 1000 atoms of each, in one range");
  return CSRO_OK;
}

static csro_status parse_field(rrng_parser *parser, csro_line field, csro_range *range,
                               csro_species *species) {
  const char *colon = memchr(field.begin, ':', (size_t)(field.end - field.begin));
  if (!colon)
    return fail_line(parser, field, "a field Vol:, Color:, Name: or Symbol:count");
  csro_line key = {field.begin, colon}, value = {colon + 1, field.end};
  if (csro_text_equals(key, "Vol")) {
    if (!csro_text_number(value, c_locale(parser), &range->volume) || range->volume < 0)
      return fail_line(parser, field, "Vol: with a volume in nm^3");
    return CSRO_OK;
  }
  if (csro_text_equals(key, "Color"))
    return parse_color(value, species->color)
               ? CSRO_OK
               : fail_line(parser, field, "Color: with six hexadecimal digits RRGGBB");
  if (csro_text_equals(key, "Name"))
    return value.begin == value.end || csro_text_copy(value, species->name, sizeof species->name)
               ? CSRO_OK
               : fail_line(parser, field, "Name: with at most 63 characters");
  return parse_component(parser, field, key, value, species);
}

static csro_status parse_range(rrng_parser *parser, csro_line line, csro_line value) {
  csro_range range = {.line = parser->line};
  csro_species species = {.color = {-1, -1, -1}};
  csro_line word;
  if (!csro_text_next_word(&value, &word) || !csro_text_mass(word, c_locale(parser), &range.lo))
    return fail_line(parser, line, "the lower end of a range in Da after '='");
  if (!csro_text_next_word(&value, &word) || !csro_text_mass(word, c_locale(parser), &range.hi))
    return fail_line(parser, line, "the upper end of a range in Da as second number");
  while (csro_text_next_word(&value, &word)) {
    csro_status status = parse_field(parser, word, &range, &species);
    if (status != CSRO_OK)
      return status;
  }
  if (species.components == 0 && species.name[0] == 0)
    return fail_line(parser, line, "a composition (Symbol:count) or a Name:");
  return csro_ranges_add(parser->builder, range, &species);
}

static csro_status parse_key(rrng_parser *parser, csro_line line, csro_line key, csro_line value) {
  csro_ranges_builder *builder = parser->builder;
  if (parser->section == section_ions) {
    int number;
    char name[64];
    if (csro_text_equals(key, "Number"))
      return csro_text_count(value, c_locale(parser), &number)
                 ? CSRO_OK
                 : fail_line(parser, line, "a number of ions");
    if (!is_numbered(key, "Ion"))
      return fail_line(parser, line, "Number= or Ion1=, Ion2= ... in [Ions]");
    if (!csro_text_copy(value, name, sizeof name))
      return fail_line(parser, line, "a name of 1 to 63 characters");
    return csro_ranges_add_element(builder, name);
  }
  if (csro_text_equals(key, "Number"))
    return csro_text_count(value, c_locale(parser), &builder->ranges->declared)
               ? CSRO_OK
               : fail_line(parser, line, "a number of ranges");
  if (!is_numbered(key, "Range"))
    return fail_line(parser, line, "Number= or Range1=, Range2= ... in [Ranges]");
  return parse_range(parser, line, value);
}

static csro_status parse_section(rrng_parser *parser, csro_line line) {
  csro_line name = csro_text_trim((csro_line){line.begin + 1, line.end - 1});
  if (line.end[-1] != ']')
    return fail_line(parser, line, "a section [Ions] or [Ranges]");
  parser->section = section_other;
  if (csro_text_equals(name, "Ions")) {
    parser->section = section_ions;
    parser->builder->check_elements = true;
  } else if (csro_text_equals(name, "Ranges")) {
    parser->section = section_ranges;
    parser->has_ranges = true;
  }
  return CSRO_OK;
}

static csro_status parse_line(rrng_parser *parser, csro_line line) {
  line = csro_text_without_comment(line);
  if (line.begin == line.end)
    return CSRO_OK;
  if (*line.begin == '[')
    return parse_section(parser, line);
  const char *equal = memchr(line.begin, '=', (size_t)(line.end - line.begin));
  csro_line key = csro_text_trim((csro_line){line.begin, equal ? equal : line.end});
  if (parser->section == section_none || parser->section == section_other) {
    /* A title may stand above the sections, and sections of other programs beside them. */
    if (equal && is_numbered(key, "Range"))
      return fail_line(parser, line, "ranges only in a section [Ranges]");
    return CSRO_OK;
  }
  if (!equal)
    return fail_line(parser, line, "a line Key=value");
  return parse_key(parser, line, key, csro_text_trim((csro_line){equal + 1, line.end}));
}

csro_status csro_rrng_parse(csro_ranges_builder *builder, const char *text, const char *end) {
  rrng_parser parser = {.builder = builder};
  while (text < end) {
    csro_line line = csro_line_at(text, end, &text);
    parser.line++;
    csro_status status = parse_line(&parser, line);
    if (status != CSRO_OK)
      return status;
  }
  if (!parser.has_ranges)
    return csro_fail(builder->context, CSRO_ERROR_FORMAT,
                     "%s: no section [Ranges] in %d lines, expected a .rrng file", builder->path,
                     parser.line);
  return builder->check_elements ? CSRO_OK
                                 : csro_ranges_report(builder, "there is no list of ions");
}
