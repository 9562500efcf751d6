/* What the readers of range files share: growing lists of ranges and species, and the report. */
#ifndef CSRO_IO_READ_RANGES_H
#define CSRO_IO_READ_RANGES_H

#include "csro/ranges.h"
#include "io/file.h"

#include <locale.h>

enum {
  csro_ranges_limit = 65000,
  csro_ranges_ion_limit = 4096,
  csro_ranges_largest_table = 1 << 18,
  csro_ranges_reported = 20 /* lines of each kind in the report */
};

typedef struct csro_ranges_builder {
  csro_context *context;
  const char *path;
  locale_t c_locale;
  csro_ranges *ranges;
  int64_t range_room, species_room, element_room, report_room, report_length, concern_room;
  int *table;          /* finds species: hashed by name and by formula, 1 + index, 0 is free */
  uint32_t table_size; /* a power of two */
  bool check_elements; /* the list of ions must have every element */
} csro_ranges_builder;

/* Reads the text of a range file into builder->ranges. */
typedef csro_status (*csro_ranges_parser)(csro_ranges_builder *builder, const char *text,
                                          const char *end);
csro_status csro_rrng_parse(csro_ranges_builder *builder, const char *text, const char *end);
csro_status csro_rng_parse(csro_ranges_builder *builder, const char *text, const char *end);
csro_status csro_env_parse(csro_ranges_builder *builder, const char *text, const char *end);

/* Makes room for one more than the given items; *items (a pointer of any type) may move. */
csro_status csro_ranges_grow(csro_context *context, void *items, int64_t count, int64_t *room,
                             size_t size);

/* Adds at most 1000 atoms to a formula; false when they become more, or the elements more than 8.
 * The symbol has at most 31 characters. */
bool csro_species_add(csro_species *species, const char *symbol, int count);

csro_status csro_ranges_add_element(csro_ranges_builder *builder, const char *name);

/* Adds a range of a species, of which name or components are set; no colour is color[0] < 0. */
csro_status csro_ranges_add(csro_ranges_builder *builder, csro_range range,
                            const csro_species *species);

/* One line of the report. */
csro_status csro_ranges_report(csro_ranges_builder *builder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says of the last line of the report that it is about the ions from lo to hi. */
csro_status csro_ranges_add_concern(csro_ranges_builder *builder, double lo, double hi);

/* Counts and reports what is doubtful in the complete list of ranges. */
csro_status csro_ranges_examine(csro_ranges_builder *builder);

#endif
