/* .rng: ions with their colours, then a table of ranges with a column of multiplicities for each
 * ion. A second part of the same form, the polyatomic extension, names molecular ions. */
#include "ranges/range_tokens.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct rng_ion {
  char name[32];
  float color[3];
} rng_ion;

typedef struct rng_row {
  csro_range range;
  float color[3]; /* color[0] < 0 for none */
  char name[32];  /* of the extension, for a row without atoms; "" for none */
  int ions;       /* columns that are not zero */
  int column[csro_most_parts], count[csro_most_parts];
} rng_row;

typedef struct rng_part {
  int declared_ions, declared_ranges;
  int ion_count, row_count;
  int64_t ion_room, row_room;
  rng_ion *ion;
  rng_row *row;
} rng_part;

typedef struct rng_parser {
  csro_ranges_builder *builder;
  csro_text_cursor cursor;
  bool ended; /* no line is left at the cursor */
  rng_part main, extension;
} rng_parser;

/* Comments are no lines. */
static void advance(rng_parser *parser) {
  do {
    parser->ended = !csro_text_next_line(&parser->cursor);
  } while (!parser->ended && *parser->cursor.line.begin == '#');
}

static csro_status fail(const rng_parser *parser, const char *expected) {
  if (parser->ended)
    return csro_fail(parser->builder->context, CSRO_ERROR_FORMAT,
                     "%s: line %d: the file ends, expected %s", parser->builder->path,
                     parser->cursor.number + 1, expected);
  return csro_ranges_fail_line(parser->builder, parser->cursor.number, parser->cursor.line,
                               expected);
}

static csro_status parse_counts(rng_parser *parser, rng_part *part) {
  locale_t c_locale = parser->builder->c_locale;
  csro_line words[2];
  if (parser->ended || csro_text_words(parser->cursor.line, words, 2) != 2 ||
      !csro_text_count(words[0], c_locale, &part->declared_ions) ||
      !csro_text_count(words[1], c_locale, &part->declared_ranges))
    return fail(parser, "the numbers of ions and ranges, as in a .rng file");
  advance(parser);
  return CSRO_OK;
}

static bool is_table_head(const rng_parser *parser) {
  return *parser->cursor.line.begin == '-';
}

static bool is_extension_head(const rng_parser *parser) {
  static const char wanted[] = "polyatomic extension";
  csro_line line = parser->cursor.line;
  for (; line.end - line.begin >= (ptrdiff_t)strlen(wanted); line.begin++)
    if (strncasecmp(line.begin, wanted, strlen(wanted)) == 0)
      return true;
  return false;
}

/* A line with the long name, which nobody needs, and a line `short r g b`. */
static csro_status parse_ion(rng_parser *parser, rng_part *part) {
  csro_context *context = parser->builder->context;
  if (part->ion_count == csro_ranges_ion_limit)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: line %d: more than %d ions",
                     parser->builder->path, parser->cursor.number, csro_ranges_ion_limit);
  csro_status status =
      csro_ranges_grow(context, &part->ion, part->ion_count, &part->ion_room, sizeof *part->ion);
  if (status != CSRO_OK)
    return status;
  advance(parser);
  rng_ion *ion = &part->ion[part->ion_count];
  csro_line words[4];
  int count = parser->ended ? 0 : csro_text_words(parser->cursor.line, words, 4);
  if (count == 0 || is_table_head(parser) || !csro_text_copy(words[0], ion->name, sizeof ion->name))
    return fail(parser, "a name of 1 to 31 characters and its colour as three numbers 0 to 1");
  ion->color[0] = -1;
  if (count < 4 || !csro_text_color(words + 1, parser->builder->c_locale, ion->color))
    status = csro_ranges_note(parser->builder, NULL,
                              "line %d: the colour of %s is not three numbers from 0 to 1",
                              parser->cursor.number, ion->name);
  part->ion_count++;
  advance(parser);
  return status;
}

/* Dashes, and behind them the names of the columns or nothing. */
static csro_status parse_table_head(rng_parser *parser, const rng_part *part) {
  csro_line rest = parser->cursor.line, word;
  int number = parser->cursor.number, columns = 0, same = 0;
  csro_text_next_word(&rest, &word);
  for (; csro_text_next_word(&rest, &word); columns++)
    same += columns < part->ion_count && csro_text_equals(word, part->ion[columns].name);
  advance(parser);
  if (columns == 0 || (columns == part->ion_count && same == columns))
    return CSRO_OK;
  return csro_ranges_report(parser->builder,
                            "line %d: the names of the columns are not those of the ions above, "
                            "which count",
                            number);
}

static csro_status parse_multiplicities(rng_parser *parser, const rng_part *part, csro_line rest,
                                        rng_row *row) {
  csro_line word;
  int column = 0, count, atoms = 0;
  for (; csro_text_next_word(&rest, &word); column++) {
    if (column == part->ion_count)
      return fail(parser, "as many multiplicities as there are ions, there are more");
    if (!csro_text_count(word, parser->builder->c_locale, &count) || count > 1000)
      return fail(parser, "multiplicities, whole numbers from 0 to 1000");
    if (count == 0)
      continue;
    if (row->ions == csro_most_parts)
      return fail(parser, "at most 16 ions, and 1000 of each, in one range");
    row->column[row->ions] = column;
    row->count[row->ions++] = count;
    atoms += count;
  }
  if (column < part->ion_count)
    return fail(parser, "as many multiplicities as there are ions, there are fewer");
  if (atoms == 1)
    memcpy(row->color, part->ion[row->column[0]].color, sizeof row->color);
  return CSRO_OK;
}

/* A row begins with a point, in some files with another mark or with none. A mark that is a number
 * is whole, has the two ends in order behind it and makes the row one word longer. */
static csro_line without_mark(const rng_parser *parser, const rng_part *part) {
  locale_t c_locale = parser->builder->c_locale;
  csro_line all = parser->cursor.line, rest = all, words[3];
  double lo, hi, number;
  int mark;
  int count = csro_text_words(all, words, 3);
  csro_text_next_word(&rest, &words[0]);
  if (!csro_text_number(words[0], c_locale, &number))
    return rest;
  bool marked = count == part->ion_count + 3 && csro_text_count(words[0], c_locale, &mark) &&
                csro_text_number(words[1], c_locale, &lo) &&
                csro_text_number(words[2], c_locale, &hi) && lo < hi;
  return marked ? rest : all;
}

static csro_status parse_row(rng_parser *parser, rng_part *part) {
  csro_context *context = parser->builder->context;
  locale_t c_locale = parser->builder->c_locale;
  if (part->row_count == csro_ranges_limit)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: line %d: more than %d ranges",
                     parser->builder->path, parser->cursor.number, csro_ranges_limit);
  csro_status status =
      csro_ranges_grow(context, &part->row, part->row_count, &part->row_room, sizeof *part->row);
  if (status != CSRO_OK)
    return status;
  rng_row *row = &part->row[part->row_count];
  *row = (rng_row){.range = {.line = parser->cursor.number}, .color = {-1, -1, -1}};
  csro_line rest = without_mark(parser, part), word;
  if (!csro_text_next_word(&rest, &word) || !csro_text_number(word, c_locale, &row->range.lo) ||
      !csro_text_next_word(&rest, &word) || !csro_text_number(word, c_locale, &row->range.hi))
    return fail(parser, "a range: a point, its two ends in Da, multiplicities");
  status = parse_multiplicities(parser, part, rest, row);
  part->row_count += status == CSRO_OK;
  advance(parser);
  return status;
}

static csro_status parse_part(rng_parser *parser, rng_part *part) {
  csro_status status = parse_counts(parser, part);
  while (status == CSRO_OK && !parser->ended && !is_table_head(parser))
    status = parse_ion(parser, part);
  if (status == CSRO_OK && part->ion_count != part->declared_ions)
    status = csro_ranges_report(parser->builder, "%d ions are declared, there are %d",
                                part->declared_ions, part->ion_count);
  if (status != CSRO_OK || (parser->ended && part->declared_ranges == 0))
    return status;
  if (parser->ended)
    return fail(parser, "a line of dashes and the ranges below it");
  status = parse_table_head(parser, part);
  while (status == CSRO_OK && !parser->ended && !is_extension_head(parser))
    status = parse_row(parser, part);
  return status;
}

/* By the ends, whichever is written first. */
static int compare_rows(const void *a, const void *b) {
  const csro_range *p = &(*(const rng_row *const *)a)->range,
                   *q = &(*(const rng_row *const *)b)->range;
  double lo = fmin(p->lo, p->hi) - fmin(q->lo, q->hi), hi = fmax(p->lo, p->hi) - fmax(q->lo, q->hi);
  return lo != 0 ? (lo > 0) - (lo < 0) : (hi > 0) - (hi < 0);
}

/* What a row of the extension adds to the rows with the same ends. */
static void complete_row(rng_row *row, const rng_part *extension, const rng_row *found) {
  if (found->ions != 1 || found->count[0] != 1)
    return;
  const rng_ion *ion = &extension->ion[found->column[0]];
  if (row->color[0] < 0)
    memcpy(row->color, ion->color, sizeof row->color);
  if (row->ions == 0)
    strcpy(row->name, ion->name);
}

static csro_status apply_extension(rng_parser *parser) {
  rng_part *main = &parser->main;
  const rng_part *extension = &parser->extension;
  rng_row **sorted = csro_allocate(parser->builder->context, extension->row_count, sizeof *sorted);
  if (!sorted)
    return CSRO_ERROR_MEMORY;
  bool *used = csro_allocate(parser->builder->context, extension->row_count, sizeof *used);
  if (!used) {
    free(sorted);
    return CSRO_ERROR_MEMORY;
  }
  for (int i = 0; i < extension->row_count; i++) {
    sorted[i] = &extension->row[i];
    used[i] = false;
  }
  qsort(sorted, (size_t)extension->row_count, sizeof *sorted, compare_rows);
  for (int i = 0; i < main->row_count; i++) {
    const rng_row *wanted = &main->row[i];
    rng_row **found =
        bsearch(&wanted, sorted, (size_t)extension->row_count, sizeof *sorted, compare_rows);
    if (found) {
      complete_row(&main->row[i], extension, *found);
      used[*found - extension->row] = true;
    }
  }
  csro_status status = CSRO_OK;
  for (int i = 0; i < extension->row_count && status == CSRO_OK; i++)
    if (!used[i])
      status = csro_ranges_report(parser->builder,
                                  "line %d: %g to %g of the polyatomic extension is no range above "
                                  "it, left out",
                                  extension->row[i].range.line, extension->row[i].range.lo,
                                  extension->row[i].range.hi);
  free(used);
  free(sorted);
  return status;
}

static csro_status add_row(csro_ranges_builder *builder, const rng_part *part, const rng_row *row) {
  csro_content content = {.color = {row->color[0], row->color[1], row->color[2]},
                          .parts = row->ions};
  strcpy(content.name, row->name);
  for (int k = 0; k < row->ions; k++) {
    strcpy(content.part[k].label, part->ion[row->column[k]].name);
    content.part[k].count = row->count[k];
  }
  return csro_ranges_add(builder, row->range, &content);
}

static csro_status add_all(rng_parser *parser) {
  csro_ranges_builder *builder = parser->builder;
  const rng_part *part = &parser->main;
  csro_status status = CSRO_OK;
  builder->check_elements = true;
  builder->ranges->declared = part->declared_ranges;
  for (int i = 0; i < part->ion_count && status == CSRO_OK; i++)
    status = csro_ranges_add_element(builder, part->ion[i].name);
  for (int i = 0; i < part->row_count && status == CSRO_OK; i++)
    status = add_row(builder, part, &part->row[i]);
  return status;
}

static csro_status parse_file(rng_parser *parser) {
  advance(parser);
  csro_status status = parse_part(parser, &parser->main);
  if (status == CSRO_OK && !parser->ended) {
    advance(parser);
    status = parse_part(parser, &parser->extension);
    if (status == CSRO_OK && !parser->ended)
      status = fail(parser, "one polyatomic extension only");
    if (status == CSRO_OK)
      status = apply_extension(parser);
  }
  return status == CSRO_OK ? add_all(parser) : status;
}

csro_status csro_rng_parse(csro_ranges_builder *builder, const char *text, const char *end) {
  rng_parser parser = {.builder = builder, .cursor = {.p = text, .end = end}};
  csro_status status = parse_file(&parser);
  free(parser.main.ion);
  free(parser.main.row);
  free(parser.extension.ion);
  free(parser.extension.row);
  return status;
}
