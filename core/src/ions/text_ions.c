/* Text files of ions and of simulated atoms. The file is handled in chunks: a line belongs to the
 * chunk in which it starts. A part has its share of the chunks: a first pass counts their lines and
 * ions, which gives every ion its place in the part; a second one reads them. The chunks do not
 * depend on threads or parts. */
#include "base/progress.h"
#include "csro/share.h"
#include "ions/atom_frame.h"
#include "ions/species_list.h"
#include "ions/text_head.h"
#include "ions/text_label.h"

#include <errno.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { chunk_size = 1 << 20, longest_line = 1 << 16, buffer_size = 1 + chunk_size + longest_line };

typedef struct text_reader {
  csro_context *context;
  const csro_file *file;
  csro_text_head head;
  const csro_atom_frame *frame;           /* NULL: ions */
  int64_t chunks, first_chunk, end_chunk; /* of the file; the part's own */
  int64_t *lines;                         /* per chunk */
  int64_t *ions; /* chunks + 1: ions of the part before the chunk; only for own chunks */
  csro_species_list *species; /* per chunk; NULL: the file has no column of species */
  char *buffers;              /* buffer_size per thread */
  int64_t bad;                /* the first chunk with a line that cannot be read, or chunks */
  int64_t odd;                /* the first chunk with numbers that are not finite, or chunks */
  bool no_memory;             /* for the names of species */
  bool too_large;             /* a position in nm */
  int failure;                /* errno of a failed read, or -1 */
} text_reader;

typedef struct text_chunk {
  const char *p;    /* the next line */
  const char *stop; /* lines that start here belong to the next chunk */
  const char *end;  /* of what is in memory */
} text_chunk;

static bool load_chunk(const text_reader *reader, int64_t index, char *buffer, text_chunk *chunk) {
  int64_t size = reader->file->size, start = reader->head.begin + index * chunk_size;
  int64_t before = index > 0; /* one byte more tells whether a line starts right here */
  int64_t stop = size - start < chunk_size ? size : start + chunk_size;
  int64_t end = size - stop < longest_line ? size : stop + longest_line;
  if (!csro_file_read(reader->file, start - before, end - start + before, buffer))
    return false;
  chunk->p = buffer;
  chunk->stop = buffer + before + (stop - start);
  chunk->end = buffer + before + (end - start);
  if (before)
    csro_line_at(buffer, chunk->end, &chunk->p);
  return true;
}

static bool next_line(text_chunk *chunk, csro_line *line) {
  if (chunk->p >= chunk->stop)
    return false;
  *line = csro_line_at(chunk->p, chunk->end, &chunk->p);
  return true;
}

static bool is_too_long(csro_line line) {
  return line.end - line.begin >= longest_line;
}

static bool count_chunk(text_reader *reader, int64_t index, char *buffer) {
  text_chunk chunk;
  if (!load_chunk(reader, index, buffer, &chunk))
    return false;
  csro_line line;
  int64_t lines = 0, ions = 0;
  bool bad = false;
  while (next_line(&chunk, &line)) {
    lines++;
    ions += csro_line_holds_ion(line);
    bad = bad || is_too_long(line);
  }
  reader->lines[index] = lines;
  reader->ions[index + 1] = ions;
  if (bad) {
#pragma omp critical(csro_text_bad)
    reader->bad = index < reader->bad ? index : reader->bad;
  }
  return true;
}

/* What an atom is: types that are numbers are no names, and X is no species. */
static csro_line atom_name(csro_line text, char room[csro_label_room]) {
  const int length = (int)(text.end - text.begin);
  const char *p = text.begin;
  while (p < text.end && *p >= '0' && *p <= '9')
    p++;
  if (length == 1 && *text.begin == 'X')
    return (csro_line){text.begin, text.begin};
  if (p < text.end || length == 0 || length > csro_label_room - 5)
    return text;
  return (csro_line){room, room + snprintf(room, csro_label_room, "Type%.*s", length, text.begin)};
}

static bool is_finite(const double r[3]) {
  return isfinite(r[0]) && isfinite(r[1]) && isfinite(r[2]);
}

/* Reads one line as ion i. */
static csro_line_result parse_ion(text_reader *reader, int64_t index, csro_line line, int64_t i,
                                  csro_ions *ions) {
  double values[csro_role_numbers];
  csro_line name;
  bool quoted;
  csro_line_result result =
      csro_line_parse(&reader->head.format, line, values, reader->species ? &name : NULL, &quoted);
  if (result == CSRO_LINE_BAD)
    return result;
  if (reader->frame && is_finite(values)) {
    csro_atom_frame_place(reader->frame, values);
    if (!is_finite(values))
#pragma omp atomic write
      reader->too_large = true;
  }
  memcpy((double *)ions->xyz + 3 * i, values, 3 * sizeof(double));
  if (ions->mass)
    ((double *)ions->mass)[i] = values[csro_role_mass];
  char room[csro_label_room];
  if (reader->species && reader->frame)
    name = atom_name(name, room);
  else if (reader->species && !ions->mass)
    name = csro_text_label_name(name, room);
  if (reader->species && !csro_species_list_label(&reader->species[index - reader->first_chunk],
                                                  name, quoted, &ions->species[i]))
    reader->no_memory = true;
  return result;
}

static bool parse_chunk(text_reader *reader, int64_t index, char *buffer, csro_ions *ions) {
  text_chunk chunk;
  if (!load_chunk(reader, index, buffer, &chunk))
    return false;
  int64_t ion = reader->ions[index], last = reader->ions[index + 1];
  bool not_finite = false;
  csro_line line;
  while (next_line(&chunk, &line)) {
    if (!csro_line_holds_ion(line))
      continue;
    if (ion == last) {
      errno = 0;
      return false;
    }
    csro_line_result result = parse_ion(reader, index, line, ion++, ions);
    not_finite = not_finite || result == CSRO_LINE_NOT_FINITE;
    if (result == CSRO_LINE_BAD) {
#pragma omp critical(csro_text_bad)
      reader->bad = index < reader->bad ? index : reader->bad;
      return true;
    }
  }
  if (not_finite) {
#pragma omp critical(csro_text_bad)
    reader->odd = index < reader->odd ? index : reader->odd;
  }
  errno = 0;
  return ion == last;
}

/* Runs over the chunks begin .. end - 1: counts when there are no ions to fill, else reads. */
static csro_status for_chunks(text_reader *reader, int64_t begin, int64_t end, csro_ions *ions) {
  csro_progress progress;
  csro_progress_start(&progress, reader->context, end - begin, ions ? 0.2 : 0, ions ? 1 : 0.2);
#pragma omp parallel for num_threads(reader->context->threads) schedule(dynamic)
  for (int64_t i = begin; i < end; i++) {
    if (csro_progress_add(&progress, 1))
      continue;
    char *buffer = reader->buffers + (int64_t)omp_get_thread_num() * buffer_size;
    if (ions ? parse_chunk(reader, i, buffer, ions) : count_chunk(reader, i, buffer))
      continue;
#pragma omp critical(csro_text_failure)
    reader->failure = errno;
  }
  if (reader->failure >= 0)
    return csro_file_fail_read(reader->context, reader->file, reader->failure);
  return csro_progress_end(&progress);
}

/* Goes through a chunk again for its first line that gives `result` (or is too long) and says what
 * it is: of the chunks of other parts the lines are counted only now. */
static csro_status describe_line(text_reader *reader, int64_t index, csro_line_result result,
                                 char *out, size_t size) {
  int64_t number = reader->head.lines_before;
  csro_status status = for_chunks(reader, 0, reader->first_chunk, NULL);
  if (status != CSRO_OK)
    return status;
  for (int64_t i = 0; i < index; i++)
    number += reader->lines[i];
  text_chunk chunk;
  if (!load_chunk(reader, index, reader->buffers, &chunk))
    return csro_file_fail_read(reader->context, reader->file, errno);
  csro_line line;
  double values[csro_role_numbers];
  while (next_line(&chunk, &line)) {
    number++;
    if (is_too_long(line)) {
      snprintf(out, size, "line %lld: %d bytes or more without an end", (long long)number,
               longest_line);
      return CSRO_OK;
    }
    if (csro_line_holds_ion(line) &&
        csro_line_parse(&reader->head.format, line, values, NULL, NULL) == result) {
      csro_line_describe(&reader->head.format, line, number, out, size);
      return CSRO_OK;
    }
  }
  return csro_file_fail_read(reader->context, reader->file, 0);
}

static const char *expected_columns(const csro_text_columns *columns) {
  static const char *const lists[] = {"4 as in the first ion (label, x, y, z)",
                                      "4 as in the first ion (x, y, z, label)",
                                      "3 as in the first ion (x, y, z without m/q)"};
  if (!csro_text_lacks_mass(columns))
    return "at least 4 (x, y, z, m/q)";
  return lists[columns->at[csro_role_species] < 0 ? 2 : columns->at[csro_role_species] > 0];
}

static csro_status fail_bad_chunk(text_reader *reader) {
  char found[256];
  csro_status status = describe_line(reader, reader->bad, CSRO_LINE_BAD, found, sizeof found);
  if (status != CSRO_OK)
    return status;
  const csro_text_columns *columns = &reader->head.format.columns;
  if (strstr(found, " columns in ") && columns->names > 0)
    return csro_fail(reader->context, CSRO_ERROR_FORMAT, "%s: %s, the header names %d",
                     reader->file->path, found, columns->names);
  return csro_fail(reader->context, CSRO_ERROR_FORMAT, "%s: %s, expected %s", reader->file->path,
                   found,
                   strstr(found, " columns in ") ? expected_columns(columns)
                   : strstr(found, " bytes or ") ? "lines of x, y, z, m/q"
                   : strstr(found, "(label) is") ? "a label as in Ge, 13C or Al:1 O:1"
                                                 : "a finite number");
}

static csro_status count_ions(text_reader *reader, int part, int parts) {
  reader->chunks = (reader->file->size - reader->head.begin + chunk_size - 1) / chunk_size;
  reader->bad = reader->odd = reader->chunks;
  reader->lines = csro_allocate(reader->context, reader->chunks, sizeof *reader->lines);
  reader->ions = csro_allocate(reader->context, reader->chunks + 1, sizeof *reader->ions);
  if (!reader->lines || !reader->ions)
    return CSRO_ERROR_MEMORY;
  int64_t first, count;
  csro_share(reader->chunks, part, parts, &first, &count);
  reader->first_chunk = first;
  reader->end_chunk = first + count;
  csro_status status = for_chunks(reader, first, reader->end_chunk, NULL);
  if (status != CSRO_OK)
    return status;
  if (reader->bad < reader->chunks)
    return fail_bad_chunk(reader);
  reader->ions[first] = 0;
  for (int64_t i = first; i < reader->end_chunk; i++)
    reader->ions[i + 1] += reader->ions[i];
  return CSRO_OK;
}

/* The names of all chunks in the order of the file, and the labels that follow from it. */
static csro_status join_species(text_reader *reader, csro_ions *ions) {
  csro_species_list all = {.count = 0};
  csro_status status = CSRO_OK;
  for (int64_t c = reader->first_chunk; c < reader->end_chunk && status == CSRO_OK; c++) {
    const csro_species_list *own = &reader->species[c - reader->first_chunk];
    uint16_t label[csro_most_species + 1] = {0};
    for (int i = 0; i < own->count && status == CSRO_OK; i++) {
      const char *name = own->name[i];
      if (!csro_species_list_label(&all, (csro_line){name, name + strlen(name)}, true,
                                   &label[i + 1]))
        status = csro_fail(reader->context, CSRO_ERROR_MEMORY, "out of memory: names of species");
    }
    all.too_many = all.too_many || own->too_many;
    ions->species_named = ions->species_named || own->named;
    for (int64_t i = reader->ions[c]; i < reader->ions[c + 1]; i++)
      ions->species[i] = label[ions->species[i]];
  }
  ions->species_count = all.count;
  ions->species_names = all.name;
  ions->too_many_species = all.too_many;
  all.name = NULL;
  csro_species_list_release(&all);
  return status;
}

static csro_status parse_ions(text_reader *reader, csro_ions *ions) {
  csro_context *context = reader->context;
  const int64_t chunks = reader->end_chunk - reader->first_chunk;
  ions->is_double = true;
  ions->count = reader->ions[reader->end_chunk];
  ions->xyz = csro_allocate(context, ions->count, 3 * sizeof(double));
  const bool has_mass = !csro_text_lacks_mass(&reader->head.format.columns);
  if (has_mass)
    ions->mass = csro_allocate(context, ions->count, sizeof(double));
  if (!ions->xyz || (has_mass && !ions->mass))
    return CSRO_ERROR_MEMORY;
  if (reader->head.format.columns.at[csro_role_species] >= 0) {
    ions->species = csro_allocate(context, ions->count, sizeof *ions->species);
    reader->species = csro_allocate(context, chunks, sizeof *reader->species);
    if (!ions->species || !reader->species)
      return CSRO_ERROR_MEMORY;
    memset(reader->species, 0, (size_t)chunks * sizeof *reader->species);
  }
  csro_status status = for_chunks(reader, reader->first_chunk, reader->end_chunk, ions);
  if (status == CSRO_OK && reader->bad < reader->chunks)
    return fail_bad_chunk(reader);
  if (status == CSRO_OK && reader->no_memory)
    return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory: names of species");
  if (status == CSRO_OK && reader->too_large)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: the position of an atom is too large for a number in nm",
                     reader->file->path);
  return status == CSRO_OK && reader->species ? join_species(reader, ions) : status;
}

/* Where the first ion that is not finite stands. */
static csro_status describe_odd(text_reader *reader, csro_ions *ions) {
  char found[256];
  if (reader->odd == reader->chunks)
    return CSRO_OK;
  csro_status status =
      describe_line(reader, reader->odd, CSRO_LINE_NOT_FINITE, found, sizeof found);
  return status == CSRO_OK ? csro_ions_mark(reader->context, ions,
                                            csro_ions_examine(reader->context, ions), found)
                           : status;
}

/* The ions behind the head. */
static csro_status read_body(text_reader *reader, int part, int parts, csro_ions *ions) {
  csro_status status = count_ions(reader, part, parts);
  if (status == CSRO_OK)
    status = parse_ions(reader, ions);
  if (status == CSRO_OK)
    status = describe_odd(reader, ions);
  if (status == CSRO_OK && parts == 1)
    ions->total = ions->count;
  return status;
}

/* Without the mark that ends texts of old programs. */
static csro_status drop_final_mark(csro_context *context, csro_file *file) {
  char last = 0x1a;
  while (file->size > 0 && last == 0x1a) {
    if (!csro_file_read(file, file->size - 1, 1, &last))
      return csro_file_fail_read(context, file, errno);
    file->size -= last == 0x1a;
  }
  return CSRO_OK;
}

static csro_status read_text(text_reader *reader, csro_file *text, int part, int parts,
                             csro_ions *ions) {
  csro_status status = drop_final_mark(reader->context, text);
  if (status == CSRO_OK)
    status = csro_text_read_head(reader->context, reader->file, reader->buffers, buffer_size,
                                 &reader->head, ions);
  return status == CSRO_OK ? read_body(reader, part, parts, ions) : status;
}

/* The last snapshot; it is as if the file had no other. */
static csro_status read_atoms(text_reader *reader, csro_file *text, int part, int parts,
                              csro_ions *ions) {
  csro_atom_frame frame = {.format.c_locale = reader->head.format.c_locale};
  int64_t frames;
  csro_status status = csro_atom_frame_find(reader->context, reader->file, reader->buffers,
                                            longest_line, &frame, &frames);
  if (status == CSRO_OK && frames > 1)
    status = csro_ions_note(reader->context, ions,
                            "%lld snapshots in the file, the last one is read", (long long)frames);
  if (status != CSRO_OK)
    return status;
  text->size = frame.end;
  reader->frame = &frame;
  reader->head = (csro_text_head){frame.format, frame.begin, frame.lines_before};
  ions->has_box = frame.periodic;
  memcpy(ions->box, frame.box, sizeof ions->box);
  status = read_body(reader, part, parts, ions);
  reader->frame = NULL;
  return status;
}

static csro_status read_lines(csro_context *context, const csro_file *file, bool atoms, int part,
                              int parts, csro_ions *ions) {
  csro_file text = *file;
  text_reader reader = {.context = context, .file = &text, .failure = -1};
  reader.buffers = csro_allocate(context, context->threads, buffer_size);
  if (!reader.buffers)
    return CSRO_ERROR_MEMORY;
  csro_status status = CSRO_OK;
  reader.head.format.c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (reader.head.format.c_locale == (locale_t)0) {
    status = csro_fail(context, CSRO_ERROR_MEMORY, "out of memory: C locale");
  } else {
    status = (atoms ? read_atoms : read_text)(&reader, &text, part, parts, ions);
    freelocale(reader.head.format.c_locale);
  }
  for (int64_t i = 0; reader.species && i < reader.end_chunk - reader.first_chunk; i++)
    csro_species_list_release(&reader.species[i]);
  free(reader.species);
  free(reader.lines);
  free(reader.ions);
  free(reader.buffers);
  return status;
}

csro_status csro_text_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions) {
  return read_lines(context, file, false, part, parts, ions);
}

csro_status csro_atoms_read(csro_context *context, const csro_file *file, int part, int parts,
                            csro_ions *ions) {
  return read_lines(context, file, true, part, parts, ions);
}
