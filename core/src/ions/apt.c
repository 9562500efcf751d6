/* .apt (AP Suite 6): a file header, then sections; those of one record per ion become arrays. */
#include "base/progress.h"
#include "csro/share.h"
#include "ions/apt_header.h"
#include "ions/unit.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { most_sections = 1024, block_bytes = 1 << 18, one_per_ion = 1, fixed_size = 1 };

typedef struct apt_reader {
  csro_context *context;
  const csro_file *file;
  csro_ions *ions;
  int sections;
  csro_apt_section section[most_sections];
  int mass, position;               /* indices of sections */
  const csro_unit *length, *dalton; /* their units */
  int of_column[most_sections];     /* the section of each column */
} apt_reader;

static csro_status read_headers(apt_reader *reader) {
  int64_t start;
  csro_status status = csro_apt_read_header(reader->context, reader->file, reader->ions, &start);
  while (status == CSRO_OK && start < reader->file->size) {
    if (reader->sections == most_sections)
      return csro_fail(reader->context, CSRO_ERROR_FORMAT, "%s: byte %lld: more than %d sections",
                       reader->file->path, (long long)start, most_sections);
    csro_apt_section *section = &reader->section[reader->sections++];
    status = csro_apt_read_section(reader->context, reader->file, start, section);
    if (status == CSRO_OK)
      start = section->data + section->data_size;
  }
  return status;
}

/* Whether the declared records lie in the section. */
static bool holds_records(const csro_apt_section *section) {
  return section->record_size > 0 && section->records >= 0 &&
         section->records <= section->data_size / section->record_size;
}

static csro_status find_required(apt_reader *reader, const char *name, int components, int *found) {
  csro_context *context = reader->context;
  const char *path = reader->file->path;
  int i = 0;
  while (i < reader->sections && strcmp(reader->section[i].name, name) != 0)
    i++;
  if (i == reader->sections)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: no section '%s' among %d sections, expected Mass and Position", path,
                     name, reader->sections);
  const csro_apt_section *section = &reader->section[i];
  csro_column_type type;
  if (!csro_apt_column_type(section, &type) || type != CSRO_COLUMN_FLOAT32 ||
      section->record_size != 4 * components)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte %lld: section '%s' has records of %d bytes, data type %u of %u "
                     "bits, expected %d float32",
                     path, (long long)section->start, name, (int)section->record_size,
                     (unsigned)section->data_type, (unsigned)section->value_bits, components);
  if (section->records != reader->ions->total)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte %lld: section '%s' has %lld records, the file header says %lld ions",
                     path, (long long)section->start + 132, name, (long long)section->records,
                     (long long)reader->ions->total);
  if (!holds_records(section))
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte %lld: section '%s' has %lld bytes of data, too few for %lld records "
                     "of %d",
                     path, (long long)section->start + 140, name, (long long)section->data_size,
                     (long long)section->records, (int)section->record_size);
  *found = i;
  return CSRO_OK;
}

/* Why a section cannot be a column, or NULL. */
/* Names of arrays that the program makes itself, or that mean something else to its host. */
static bool is_taken(const char *name) {
  static const char *const taken[] = {"MassToCharge", "Species", "IonId", "vtkGhostType"};
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    if (strcmp(name, taken[i]) == 0)
      return true;
  return false;
}

static const char *reason_against(const apt_reader *reader, int index) {
  const csro_apt_section *section = &reader->section[index];
  csro_column_type type;
  if (section->name[0] == 0)
    return "it has no name";
  if (is_taken(section->name))
    return "its name is one of this program's own";
  for (int i = 0; i < index; i++)
    if (strcmp(reader->section[i].name, section->name) == 0)
      return "there is one of this name before it";
  if (section->relationship != one_per_ion)
    return "it does not have one record per ion";
  if (section->record_type != fixed_size)
    return "its records have no fixed size";
  if (!csro_apt_column_type(section, &type))
    return "its data type is unknown";
  if (section->record_size <= 0 || section->record_size % (int)csro_column_size(type) != 0)
    return "its records are no whole number of values";
  if (section->records != reader->ions->total)
    return "its number of records is not that of the ions";
  return holds_records(section) ? NULL : "it has too few bytes for its records";
}

static csro_status add_columns(apt_reader *reader) {
  csro_context *context = reader->context;
  csro_status status = CSRO_OK;
  for (int i = 0; i < reader->sections && status == CSRO_OK; i++) {
    const csro_apt_section *section = &reader->section[i];
    if (i == reader->mass || i == reader->position)
      continue;
    const char *reason = reason_against(reader, i);
    if (reason) {
      status = csro_ions_note(context, reader->ions, "section '%s' (byte %lld) is left out: %s",
                              section->name, (long long)section->start, reason);
      continue;
    }
    csro_column_type type = CSRO_COLUMN_FLOAT32;
    csro_apt_column_type(section, &type);
    reader->of_column[reader->ions->column_count] = i;
    if (!csro_ions_add_column(context, reader->ions, section->name, section->unit, type,
                              section->record_size / (int)csro_column_size(type)))
      status = CSRO_ERROR_MEMORY;
  }
  return status;
}

static void swap_bytes(char *values, int64_t count, size_t size) {
  for (char *p = values; count-- > 0; p += size)
    for (size_t k = 0; k < size / 2; k++) {
      char c = p[k];
      p[k] = p[size - 1 - k];
      p[size - 1 - k] = c;
    }
}

static bool machine_is_big_endian(void) {
  const uint16_t one = 1;
  unsigned char first;
  memcpy(&first, &one, 1);
  return first == 0;
}

/* Reads the records of the own part straight into their array. */
static csro_status read_section(apt_reader *reader, csro_progress *progress, int index,
                                size_t value_size, char *out) {
  const csro_apt_section *section = &reader->section[index];
  const int64_t size = reader->ions->count * section->record_size,
                offset = section->data + reader->ions->first * section->record_size;
  const bool swap = machine_is_big_endian();
  int failure = -1;
#pragma omp parallel for num_threads(reader->context->threads)
  for (int64_t begin = 0; begin < size; begin += block_bytes) {
    int64_t n = size - begin < block_bytes ? size - begin : block_bytes;
    if (csro_progress_add(progress, n))
      continue;
    if (!csro_file_read(reader->file, offset + begin, n, out + begin)) {
#pragma omp atomic write
      failure = errno;
    } else if (swap) {
      swap_bytes(out + begin, n / (int64_t)value_size, value_size);
    }
  }
  return failure < 0 ? CSRO_OK : csro_file_fail_read(reader->context, reader->file, failure);
}

/* Marks ions that are not finite; the byte is that of the value in its section. */
static csro_status mark_odd(apt_reader *reader) {
  csro_ions *ions = reader->ions;
  csro_odd_ions odd = csro_ions_examine(reader->context, ions);
  const bool is_mass = odd.axis == 3;
  const csro_apt_section *section = &reader->section[is_mass ? reader->mass : reader->position];
  const int64_t value = ions->first + odd.first;
  return csro_ions_mark_byte(reader->context, ions, odd,
                             section->data + 4 * (is_mass ? value : 3 * value + odd.axis));
}

/* The unit of Position or Mass; none counts as nm or Da. */
static csro_status find_unit(apt_reader *reader, int index, csro_unit_kind kind,
                             const csro_unit **unit) {
  const csro_apt_section *section = &reader->section[index];
  *unit = section->unit[0] ? csro_unit_find(kind, section->unit, strlen(section->unit))
                           : csro_unit_default(kind);
  if (!*unit)
    return csro_fail(reader->context, CSRO_ERROR_FORMAT,
                     "%s: byte %lld: section '%s' has the unit '%s', expected %s",
                     reader->file->path, (long long)section->start + 100, section->name,
                     section->unit, csro_unit_list(kind));
  if (*unit == csro_unit_default(kind))
    return CSRO_OK;
  return csro_ions_note(reader->context, reader->ions, "section '%s' is in %s, converted to %s",
                        section->name, (*unit)->name, csro_unit_default(kind)->name);
}

static void convert(const csro_context *context, const csro_unit *unit, float *values,
                    int64_t count) {
  if (unit->times == 1 && unit->over == 1)
    return;
#pragma omp parallel for num_threads(context->threads)
  for (int64_t i = 0; i < count; i++)
    values[i] = (float)csro_unit_convert(unit, (double)values[i]);
}

static csro_status read_data(apt_reader *reader) {
  csro_ions *ions = reader->ions;
  int64_t bytes = 16 * ions->count;
  for (int c = 0; c < ions->column_count; c++)
    bytes += ions->count * reader->section[reader->of_column[c]].record_size;
  csro_progress progress;
  csro_progress_start(&progress, reader->context, bytes, 0, 1);
  csro_status status = read_section(reader, &progress, reader->position, 4, ions->xyz);
  if (status == CSRO_OK)
    status = read_section(reader, &progress, reader->mass, 4, ions->mass);
  for (int c = 0; c < ions->column_count && status == CSRO_OK; c++)
    status = read_section(reader, &progress, reader->of_column[c],
                          csro_column_size(ions->columns[c].type), ions->columns[c].data);
  if (status == CSRO_OK)
    status = csro_progress_end(&progress);
  if (status != CSRO_OK)
    return status;
  convert(reader->context, reader->length, ions->xyz, 3 * ions->count);
  convert(reader->context, reader->dalton, ions->mass, ions->count);
  return mark_odd(reader);
}

static csro_status read_ions(apt_reader *reader, int part, int parts) {
  csro_ions *ions = reader->ions;
  csro_status status = read_headers(reader);
  if (status == CSRO_OK)
    status = find_required(reader, "Mass", 1, &reader->mass);
  if (status == CSRO_OK)
    status = find_required(reader, "Position", 3, &reader->position);
  if (status == CSRO_OK)
    status = find_unit(reader, reader->position, CSRO_UNIT_LENGTH, &reader->length);
  if (status == CSRO_OK)
    status = find_unit(reader, reader->mass, CSRO_UNIT_MASS, &reader->dalton);
  if (status != CSRO_OK)
    return status;
  csro_share(ions->total, part, parts, &ions->first, &ions->count);
  ions->xyz = csro_allocate(reader->context, ions->count, 3 * sizeof(float));
  ions->mass = csro_allocate(reader->context, ions->count, sizeof(float));
  if (!ions->xyz || !ions->mass)
    return CSRO_ERROR_MEMORY;
  status = add_columns(reader);
  return status == CSRO_OK ? read_data(reader) : status;
}

csro_status csro_apt_read(csro_context *context, const csro_file *file, int part, int parts,
                          csro_ions *ions) {
  apt_reader *reader = csro_allocate(context, 1, sizeof *reader);
  if (!reader)
    return CSRO_ERROR_MEMORY;
  memset(reader, 0, sizeof *reader);
  reader->context = context;
  reader->file = file;
  reader->ions = ions;
  csro_status status = read_ions(reader, part, parts);
  free(reader);
  return status;
}
