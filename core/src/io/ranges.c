#include "csro/ranges.h"

#include "io/read_ranges.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { largest_file = 64 << 20 };

static const struct {
  const char *ending;
  csro_ranges_parser parse;
} formats[] = {{".rrng", csro_rrng_parse}, {".rng", csro_rng_parse}, {".env", csro_env_parse}};

enum { format_count = sizeof formats / sizeof *formats };

/* The index of the format that belongs to the ending of a name, or format_count. */
static int find_format(const char *name) {
  int format = 0;
  while (format < format_count && strcasecmp(csro_file_ending(name), formats[format].ending) != 0)
    format++;
  return format;
}

void csro_ranges_free(csro_ranges **ranges) {
  if (!ranges || !*ranges)
    return;
  free((*ranges)->range);
  free((*ranges)->species);
  free((*ranges)->elements);
  free((*ranges)->report);
  free((*ranges)->concern);
  free(*ranges);
  *ranges = NULL;
}

csro_status csro_ranges_grow(csro_context *context, void *items, int64_t count, int64_t *room,
                             size_t size) {
  if (count < *room)
    return CSRO_OK;
  int64_t larger = *room < 16 ? 16 : 2 * *room;
  void *old, *memory = csro_allocate(context, larger, size);
  if (!memory)
    return CSRO_ERROR_MEMORY;
  memcpy(&old, items, sizeof old);
  if (count > 0)
    memcpy(memory, old, (size_t)count * size);
  free(old);
  memcpy(items, &memory, sizeof memory);
  *room = larger;
  return CSRO_OK;
}

csro_status csro_ranges_add_element(csro_ranges_builder *builder, const char *name) {
  csro_ranges *ranges = builder->ranges;
  if (ranges->element_count == csro_ranges_ion_limit)
    return csro_fail(builder->context, CSRO_ERROR_FORMAT, "%s: a list of more than %d ions",
                     builder->path, csro_ranges_ion_limit);
  csro_status status = csro_ranges_grow(builder->context, &ranges->elements, ranges->element_count,
                                        &builder->element_room, sizeof *ranges->elements);
  if (status == CSRO_OK)
    strcpy(ranges->elements[ranges->element_count++], name);
  return status;
}

csro_status csro_ranges_report(csro_ranges_builder *builder, const char *format, ...) {
  char line[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line - 1, format, arguments);
  va_end(arguments);
  strcat(line, "\n");
  int64_t length = (int64_t)strlen(line);
  while (builder->report_length + length >= builder->report_room) {
    csro_status status = csro_ranges_grow(builder->context, &builder->ranges->report,
                                          builder->report_room, &builder->report_room, 1);
    if (status != CSRO_OK)
      return status;
  }
  strcpy(builder->ranges->report + builder->report_length, line);
  builder->report_length += length;
  return CSRO_OK;
}

csro_status csro_ranges_add_concern(csro_ranges_builder *builder, double lo, double hi) {
  csro_ranges *ranges = builder->ranges;
  csro_status status = csro_ranges_grow(builder->context, &ranges->concern, ranges->concern_count,
                                        &builder->concern_room, sizeof *ranges->concern);
  if (status == CSRO_OK)
    ranges->concern[ranges->concern_count++] = (csro_concern){lo, hi, builder->report_length - 1};
  return status;
}

/* Swaps the ends of a range whose upper end is below the lower one. */
static csro_status turn_inverted(csro_ranges_builder *builder, csro_range *range) {
  const double hi = range->lo;
  range->lo = range->hi;
  range->hi = hi;
  const int number = ++builder->ranges->inverted;
  if (number > csro_ranges_reported + 1)
    return CSRO_OK;
  if (number == csro_ranges_reported + 1)
    return csro_ranges_report(builder, "more of these are not listed");
  csro_status status =
      csro_ranges_report(builder, "line %d: upper end %g below lower end %g, swapped", range->line,
                         range->lo, range->hi);
  return status == CSRO_OK ? csro_ranges_add_concern(builder, range->lo, range->hi) : status;
}

static uint32_t hash_text(const char *text) {
  uint32_t hash = 2166136261u; /* FNV-1a */
  for (; *text; text++)
    hash = (hash ^ (unsigned char)*text) * 16777619u;
  return hash ^ hash >> 15;
}

/* The same for every order of the elements. */
static uint32_t hash_formula(const csro_species *species) {
  uint32_t hash = 0;
  for (int k = 0; k < species->components; k++)
    hash +=
        hash_text(species->component[k].symbol) * (2 * (uint32_t)species->component[k].count + 1);
  return hash ^ hash >> 15;
}

static bool same_formula(const csro_species *a, const csro_species *b) {
  int same = 0;
  for (int i = 0; i < a->components; i++)
    for (int j = 0; j < b->components; j++)
      same += a->component[i].count == b->component[j].count &&
              strcmp(a->component[i].symbol, b->component[j].symbol) == 0;
  return a->components == b->components && same == a->components;
}

static int find_species(const csro_ranges_builder *builder, const csro_species *wanted) {
  uint32_t mask = builder->table_size - 1;
  int index;
  for (uint32_t h = hash_formula(wanted); wanted->components > 0; h++) {
    if ((index = builder->table[h & mask]) == 0)
      break;
    if (same_formula(&builder->ranges->species[index - 1], wanted))
      return index - 1;
  }
  for (uint32_t h = hash_text(wanted->name); (index = builder->table[h & mask]) != 0; h++)
    if (strcmp(builder->ranges->species[index - 1].name, wanted->name) == 0)
      return index - 1;
  return -1;
}

static void enter(csro_ranges_builder *builder, uint32_t hash, int index) {
  uint32_t mask = builder->table_size - 1;
  while (builder->table[hash & mask] != 0)
    hash++;
  builder->table[hash & mask] = index + 1;
}

/* False when it does not fit. */
static bool write_formula(csro_species *species) {
  size_t length = 0;
  for (int k = 0; k < species->components; k++) {
    const csro_component *c = &species->component[k];
    char count[16] = "";
    if (c->count > 1)
      snprintf(count, sizeof count, "%d", c->count);
    int n =
        snprintf(species->name + length, sizeof species->name - length, "%s%s", c->symbol, count);
    length += (size_t)n;
    if (length >= sizeof species->name)
      return false;
  }
  return true;
}

/* The index of the species, which is added when it is new. */
static csro_status enter_species(csro_ranges_builder *builder, csro_species species, int *index) {
  csro_ranges *ranges = builder->ranges;
  *index = find_species(builder, &species);
  if (*index < 0) {
    csro_status status = csro_ranges_grow(builder->context, &ranges->species, ranges->species_count,
                                          &builder->species_room, sizeof *ranges->species);
    if (status != CSRO_OK)
      return status;
    *index = ranges->species_count++;
    ranges->species[*index] = species;
    enter(builder, hash_text(species.name), *index);
    if (species.components > 0)
      enter(builder, hash_formula(&species), *index);
    return CSRO_OK;
  }
  csro_species *known = &ranges->species[*index];
  if (known->color[0] < 0)
    memcpy(known->color, species.color, sizeof known->color);
  if (known->components == 0 && species.components > 0) {
    known->components = species.components;
    memcpy(known->component, species.component, sizeof known->component);
    enter(builder, hash_formula(&species), *index);
  }
  return CSRO_OK;
}

bool csro_species_add(csro_species *species, const char *symbol, int count) {
  for (int k = 0; k < species->components; k++)
    if (strcmp(species->component[k].symbol, symbol) == 0) {
      species->component[k].count += count;
      return species->component[k].count <= 1000;
    }
  if (species->components == sizeof species->component / sizeof *species->component)
    return false;
  csro_component *component = &species->component[species->components++];
  strcpy(component->symbol, symbol);
  component->count = count;
  return true;
}

csro_status csro_ranges_add(csro_ranges_builder *builder, csro_range range,
                            const csro_species *species) {
  csro_ranges *ranges = builder->ranges;
  if (ranges->count == csro_ranges_limit)
    return csro_fail(builder->context, CSRO_ERROR_FORMAT, "%s: line %d: more than %d ranges",
                     builder->path, range.line, csro_ranges_limit);
  csro_species named = *species;
  if (!write_formula(&named))
    return csro_fail(builder->context, CSRO_ERROR_FORMAT,
                     "%s: line %d: formula '%s...', expected at most 63 characters", builder->path,
                     range.line, named.name);
  csro_status status = enter_species(builder, named, &range.species);
  if (status == CSRO_OK && range.hi < range.lo)
    status = turn_inverted(builder, &range);
  if (status == CSRO_OK)
    status = csro_ranges_grow(builder->context, &ranges->range, ranges->count, &builder->range_room,
                              sizeof *ranges->range);
  if (status == CSRO_OK)
    ranges->range[ranges->count++] = range;
  return status;
}

static csro_status read_file(csro_context *context, const csro_file *file, char **text) {
  if (file->size > largest_file)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: %lld bytes, expected a range file of at most %d", file->path,
                     (long long)file->size, largest_file);
  *text = csro_allocate(context, file->size, 1);
  if (!*text)
    return CSRO_ERROR_MEMORY;
  return csro_file_read(file, 0, file->size, *text) ? CSRO_OK
                                                    : csro_file_fail_read(context, file, errno);
}

static void fill_colors(csro_ranges *ranges) {
  for (int i = 0; i < ranges->species_count; i++)
    for (int k = 0; k < 3; k++)
      if (ranges->species[i].color[k] < 0)
        ranges->species[i].color[k] = 0.5f;
}

static csro_status build(csro_ranges_builder *builder, const char *text, size_t size) {
  csro_context *context = builder->context;
  if (size > 0 && memchr(text, 0, size))
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: zero bytes, expected text (UTF-16 must be saved as UTF-8)",
                     builder->path);
  builder->ranges = csro_allocate(context, 1, sizeof *builder->ranges);
  if (!builder->ranges)
    return CSRO_ERROR_MEMORY;
  *builder->ranges = (csro_ranges){.declared = -1};
  /* A species takes at least 8 bytes of text and 2 entries, so at most half of the table is full.
   */
  for (builder->table_size = 64;
       builder->table_size < csro_ranges_largest_table && builder->table_size < size / 2;)
    builder->table_size *= 2;
  builder->table = csro_allocate(context, builder->table_size, sizeof *builder->table);
  csro_status status =
      csro_ranges_grow(context, &builder->ranges->report, 0, &builder->report_room, 1);
  if (status != CSRO_OK || !builder->table)
    return CSRO_ERROR_MEMORY;
  memset(builder->table, 0, builder->table_size * sizeof *builder->table);
  builder->ranges->report[0] = 0;
  builder->c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (builder->c_locale == (locale_t)0)
    return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory: C locale");
  int format = find_format(builder->path);
  const char *begin = size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
  status = formats[format < format_count ? format : 0].parse(builder, begin, text + size);
  freelocale(builder->c_locale);
  if (status == CSRO_OK && builder->ranges->count == 0)
    status = csro_fail(context, CSRO_ERROR_FORMAT, "%s: the file holds no range", builder->path);
  if (status == CSRO_OK)
    status = csro_ranges_examine(builder);
  fill_colors(builder->ranges);
  return status;
}

csro_status csro_ranges_parse(csro_context *context, const char *name, const void *data,
                              size_t size, csro_ranges **ranges) {
  *ranges = NULL;
  csro_ranges_builder builder = {.context = context, .path = name};
  csro_status status = build(&builder, data, size);
  free(builder.table);
  if (status == CSRO_OK)
    *ranges = builder.ranges;
  else
    csro_ranges_free(&builder.ranges);
  return status;
}

csro_status csro_ranges_read(csro_context *context, const char *path, csro_ranges **ranges) {
  *ranges = NULL;
  if (find_format(path) == format_count)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: unknown ending '%s', expected a range file .rrng, .rng or .env", path,
                     csro_file_ending(path));
  csro_file file;
  char *text = NULL;
  csro_status status = csro_file_open(context, path, &file);
  if (status == CSRO_OK)
    status = read_file(context, &file, &text);
  if (status == CSRO_OK)
    status = csro_file_check_unchanged(context, &file);
  if (status == CSRO_OK)
    status = csro_ranges_parse(context, path, text, (size_t)file.size, ranges);
  csro_file_close(&file);
  free(text);
  return status;
}

int csro_ranges_element(const csro_ranges *ranges, const char *symbol) {
  for (int i = 0; i < ranges->species_count; i++) {
    const csro_species *species = &ranges->species[i];
    if (species->components == 1 && species->component[0].count == 1 &&
        strcmp(species->component[0].symbol, symbol) == 0)
      return i;
  }
  return -1;
}
