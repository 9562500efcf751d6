#include "csro/ranges.h"

#include "ranges/range_tokens.h"

#include <errno.h>
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

static bool is_hdf5(const char *name) {
  static const char *const endings[] = {".nxs", ".h5", ".hdf5"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (strcasecmp(csro_file_ending(name), endings[i]) == 0)
      return true;
  return false;
}

void csro_ranges_destroy(csro_ranges **ranges) {
  if (!ranges || !*ranges)
    return;
  free((*ranges)->range);
  free((*ranges)->species);
  free((*ranges)->elements);
  free((*ranges)->report);
  free((*ranges)->issue);
  free(*ranges);
  *ranges = NULL;
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

/* Without the mark in front and the Ctrl-Z, zeros and blanks behind that some programs write. */
static csro_line text_of(const char *text, size_t size) {
  csro_line all = {text, text + size};
  if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
    all.begin += 3;
  const char *end = all.end;
  while (end > all.begin && strchr("\x1a \t\r\n", end[-1]))
    if (*--end == 0x1a)
      all.end = end;
  return all;
}

static csro_status parse(csro_ranges_builder *builder, csro_line text) {
  int format = find_format(builder->path);
  char *converted = NULL;
  csro_status status = CSRO_OK;
  if (!csro_text_is_utf8(text)) {
    size_t size;
    converted = csro_text_from_latin1(builder->context, text, &size);
    status = converted ? csro_ranges_report(builder, "the text is no UTF-8, read as Latin-1")
                       : CSRO_ERROR_MEMORY;
    text = (csro_line){converted, converted ? converted + size : NULL};
  }
  if (status == CSRO_OK)
    status = formats[format < format_count ? format : 0].parse(builder, text.begin, text.end);
  free(converted);
  return status;
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
  status = parse(builder, text_of(text, size));
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
    csro_ranges_destroy(&builder.ranges);
  return status;
}

csro_status csro_ranges_read(csro_context *context, const char *path, csro_ranges **ranges) {
  *ranges = NULL;
  if (is_hdf5(path))
    return csro_hdf5_read_ranges(context, path, ranges);
  if (find_format(path) == format_count)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: unknown ending '%s', expected a range file .rrng, .rng or .env, or .nxs",
                     path, csro_file_ending(path));
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
