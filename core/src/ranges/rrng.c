/* .rrng: an INI-like text with the sections [Ions] and [Ranges]. */
#include "ranges/range_tokens.h"
#include "ranges/read_species_name.h"

#include <string.h>
#include <strings.h>

/* What has been read of a range so far. */
typedef struct fields {
  csro_range range;
  csro_content content;
  csro_line key, value; /* of the field that is being read; no key: none is */
  csro_line lone;       /* words in front of a key, as in `Al O:1` */
} fields;

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

/* RRGGBB, with or without '#'. */
static bool parse_color(csro_line text, float color[3]) {
  if (text.begin < text.end && *text.begin == '#')
    text.begin++;
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

/* Without quotes around it. */
static csro_line unquoted(csro_line text) {
  text = csro_text_trim(text);
  bool quoted = text.end - text.begin >= 2 && (*text.begin == '"' || *text.begin == '\'') &&
                text.end[-1] == *text.begin;
  return quoted ? csro_text_trim((csro_line){text.begin + 1, text.end - 1}) : text;
}

/* Something that only decorates is no reason to refuse a file. */
static csro_status note_decoration(rrng_parser *parser, csro_line field, const char *expected) {
  char found[61];
  csro_line_copy_printable(field, found, sizeof found);
  return csro_ranges_note(parser->builder, NULL, "line %d: '%s', expected %s", parser->line, found,
                          expected);
}

/* A label of several words is their formula where they are one, `Al O:1`, or as the list of ions
 * has it. */
static bool copy_label(const rrng_parser *parser, csro_line text, char *label, size_t size) {
  csro_reading readings[csro_most_readings];
  const csro_ranges *ranges = parser->builder->ranges;
  if (!csro_text_copy(text, label, size))
    return false;
  if (!memchr(text.begin, ' ', (size_t)(text.end - text.begin)))
    return true;
  for (int i = 0; i < ranges->element_count; i++)
    if (strcmp(ranges->elements[i], label) == 0)
      size = 0; /* listed */
  char joined[32];
  size_t length = 0;
  for (const char *c = label; *c; c++)
    if (*c != ' ' && *c != '\t')
      joined[length++] = *c;
  joined[length] = 0;
  if (csro_readings_of_label(joined, readings) > 0)
    strcpy(label, joined);
  else if (size > 0)
    return false;
  return true;
}

static csro_status add_part(rrng_parser *parser, fields *range, csro_line label, csro_line value) {
  csro_line field = {label.begin, value.end};
  csro_content *content = &range->content;
  char text[32];
  int count, k = 0;
  if (!copy_label(parser, label, text, sizeof text))
    return fail_line(parser, field,
                     memchr(label.begin, ' ', (size_t)(label.end - label.begin))
                         ? "a symbol without a blank inside"
                         : "a symbol of 1 to 31 characters before the colon");
  if (!csro_text_count(value, c_locale(parser), &count) || count > 1000)
    return fail_line(parser, field, "Symbol:count with a whole count from 0 to 1000");
  while (k < content->parts && strcmp(content->part[k].label, text) != 0)
    k++;
  if (k == csro_most_parts || (k < content->parts && content->part[k].count + count > 1000))
    return fail_line(parser, field, "at most 8 elements, and 1000 atoms of each, in one range");
  if (k == content->parts) {
    strcpy(content->part[k].label, text);
    content->part[k].count = 0;
    content->parts++;
  }
  content->part[k].count += count;
  return CSRO_OK;
}

/* The field is complete. */
static csro_status end_field(rrng_parser *parser, fields *range) {
  csro_line key = range->key, value = unquoted(range->value), field = {key.begin, value.end};
  range->key = (csro_line){NULL, NULL};
  if (!key.begin)
    return CSRO_OK;
  if (csro_text_equals(key, "Vol")) {
    if (csro_text_number(value, c_locale(parser), &range->range.volume) && range->range.volume >= 0)
      return CSRO_OK;
    range->range.volume = 0;
    return note_decoration(parser, field, "Vol: with a volume in nm^3");
  }
  if (csro_text_equals(key, "Color") || csro_text_equals(key, "Colour"))
    return parse_color(value, range->content.color)
               ? CSRO_OK
               : note_decoration(parser, field, "Color: with six hexadecimal digits RRGGBB");
  if (csro_text_equals(key, "Name"))
    return value.begin == value.end ||
                   csro_text_copy(value, range->content.name, sizeof range->content.name)
               ? CSRO_OK
               : fail_line(parser, field, "Name: with at most 63 characters");
  return add_part(parser, range, unquoted(key), value);
}

/* Whether a word without a colon belongs to the field in front of it. */
static bool continues(const fields *range) {
  float color[3];
  if (!range->key.begin)
    return false;
  if (csro_text_equals(range->key, "Name"))
    return true;
  if (csro_text_equals(range->key, "Color") || csro_text_equals(range->key, "Colour"))
    return !parse_color(range->value, color);
  return range->value.begin == range->value.end;
}

/* A name that ends with the first word of a listed ion, `Name:x Al O:1`, gives it back. */
static csro_line take_listed(const rrng_parser *parser, fields *range, csro_line key) {
  const csro_ranges *ranges = parser->builder->ranges;
  const char *space = range->value.end;
  if (!range->key.begin || !csro_text_equals(range->key, "Name"))
    return key;
  while (space > range->value.begin && space[-1] != ' ' && space[-1] != '\t')
    space--;
  csro_line both = {space, key.end};
  for (int i = 0; i < ranges->element_count && space > range->value.begin; i++)
    if (csro_text_equals(both, ranges->elements[i])) {
      range->value = csro_text_trim((csro_line){range->value.begin, space});
      return both;
    }
  return key;
}

static const char *find_colon(csro_line word) {
  return memchr(word.begin, ':', (size_t)(word.end - word.begin));
}

static csro_status take_word(rrng_parser *parser, fields *range, csro_line word) {
  const char *colon = find_colon(word);
  bool quoted =
      range->key.begin && range->value.begin < range->value.end &&
      (*range->value.begin == '"' || *range->value.begin == '\'') &&
      (range->value.end - range->value.begin == 1 || range->value.end[-1] != *range->value.begin);
  if (quoted || (!colon && continues(range))) {
    if (range->value.begin == range->value.end)
      range->value.begin = word.begin;
    range->value.end = word.end;
    return CSRO_OK;
  }
  if (!colon) {
    if (!range->lone.begin)
      range->lone.begin = word.begin;
    range->lone.end = word.end;
    return CSRO_OK;
  }
  csro_line key = take_listed(parser, range, (csro_line){word.begin, colon});
  csro_status status = end_field(parser, range);
  if (range->lone.begin && colon == word.begin)
    key = range->lone;
  else if (range->lone.begin)
    key.begin = range->lone.begin;
  range->lone = (csro_line){NULL, NULL};
  range->key = key;
  range->value = (csro_line){colon + 1, word.end};
  return status;
}

static csro_status parse_range(rrng_parser *parser, csro_line line, csro_line value) {
  fields range = {.range = {.line = parser->line}, .content = {.color = {-1, -1, -1}}};
  csro_line word;
  csro_status status = CSRO_OK;
  if (value.begin == value.end)
    return csro_ranges_note(parser->builder, NULL, "line %d: an empty range, left out",
                            parser->line);
  if (!csro_text_next_word(&value, &word) ||
      !csro_text_number(word, c_locale(parser), &range.range.lo))
    return fail_line(parser, line, "the lower end of a range in Da after '='");
  if (!csro_text_next_word(&value, &word) ||
      !csro_text_number(word, c_locale(parser), &range.range.hi))
    return fail_line(parser, line, "the upper end of a range in Da as second number");
  while (status == CSRO_OK && csro_text_next_word(&value, &word))
    status = take_word(parser, &range, word);
  if (status == CSRO_OK)
    status = end_field(parser, &range);
  if (status == CSRO_OK && range.lone.begin)
    status = fail_line(parser, range.lone, "a field Vol:, Color:, Name: or Symbol:count");
  return status == CSRO_OK ? csro_ranges_add(parser->builder, range.range, &range.content) : status;
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
    value = unquoted(value);
    if (value.begin == value.end)
      return csro_ranges_note(builder, NULL, "line %d: an ion without a name, left out",
                              parser->line);
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
  line = csro_text_without_comment(line, "#;");
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
  csro_text_cursor cursor = {.p = text, .end = end};
  while (csro_text_next_line(&cursor)) {
    parser.line = cursor.number;
    csro_status status = parse_line(&parser, cursor.line);
    if (status != CSRO_OK)
      return status;
  }
  if (!parser.has_ranges)
    return csro_fail(builder->context, CSRO_ERROR_FORMAT,
                     "%s: no section [Ranges] in %d lines, expected a .rrng file", builder->path,
                     cursor.number);
  return builder->check_elements ? CSRO_OK
                                 : csro_ranges_report(builder, "there is no list of ions");
}
