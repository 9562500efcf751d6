/* What the readers of range files share: growing lists of ranges and species, and the report. */
#ifndef CSRO_RANGES_RANGES_BUILDER_H
#define CSRO_RANGES_RANGES_BUILDER_H

#include "csro/ranges.h"
#include "file/file.h"

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
  int64_t range_room, species_room, element_room, report_room, report_length, issue_room;
  int *table;          /* finds species: hashed by name and by formula, 1 + index, 0 is free */
  uint32_t table_size; /* a power of two */
  bool check_elements; /* the list of ions must have every element */
  int notes;           /* lines of the report about what only decorates, or is left out */
} csro_ranges_builder;

/* What a file says that the ions of a range are. */
enum { csro_most_parts = 16 };
typedef struct csro_content {
  char name[64];  /* "" for none */
  float color[3]; /* color[0] < 0 for none */
  int parts;      /* of the composition */
  struct csro_content_part {
    char label[64]; /* "Al", "13C", "AlO": as the file writes it */
    int count;
  } part[csro_most_parts];
} csro_content;

/* Reads the text of a range file into builder->ranges. */
typedef csro_status (*csro_ranges_parser)(csro_ranges_builder *builder, const char *text,
                                          const char *end);
csro_status csro_rrng_parse(csro_ranges_builder *builder, const char *text, const char *end);
csro_status csro_rng_parse(csro_ranges_builder *builder, const char *text, const char *end);
csro_status csro_env_parse(csro_ranges_builder *builder, const char *text, const char *end);

/* The ranges of a NeXus file. */
csro_status csro_hdf5_read_ranges(csro_context *context, const char *path, csro_ranges **ranges);

/* Makes room for one more than the given items; *items (a pointer of any type) may move. */
csro_status csro_ranges_grow(csro_context *context, void *items, int64_t count, int64_t *room,
                             size_t size);

csro_status csro_ranges_add_element(csro_ranges_builder *builder, const char *name);

/* Adds a range of these ions; one without a name and without atoms is left out. */
csro_status csro_ranges_add(csro_ranges_builder *builder, csro_range range,
                            const csro_content *content);

/* The index of the species, which is added when it is new. A species is known by its name;
 * is_formula: by its composition too. Makes the name unique. line: for the report. */
csro_status csro_ranges_enter_species(csro_ranges_builder *builder, csro_species species,
                                      bool is_formula, const csro_range *range, int *index);

/* One line of the report. */
csro_status csro_ranges_report(csro_ranges_builder *builder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for lines that may be as many as those of the file: from some number on they are left
 * out. False in *said when that happens; it may be NULL. */
csro_status csro_ranges_note(csro_ranges_builder *builder, bool *said, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says of the last line of the report that it is about the ions from lo to hi. */
csro_status csro_ranges_add_issue(csro_ranges_builder *builder, double lo, double hi);

/* Counts and reports what is doubtful in the complete list of ranges. */
csro_status csro_ranges_examine(csro_ranges_builder *builder);

#endif
