/* Text files of ions. The file is handled in chunks: a line belongs to the chunk in which it
 * starts. A part has its share of the chunks: a first pass counts their lines and ions, which gives
 * every ion its place in the part; a second one reads them. The chunks do not depend on threads or
 * parts. */
#include "base/progress.h"
#include "io/read_ions.h"
#include "io/text_line.h"

#include <errno.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { chunk_size = 1 << 20, longest_line = 1 << 16, buffer_size = 1 + chunk_size + longest_line };

typedef struct text_reader {
  csro_context *context;
  const csro_file *file;
  csro_text_format format;
  int64_t begin;                          /* byte where the first ion's line starts */
  int64_t lines_before;                   /* lines above it */
  int64_t chunks, first_chunk, end_chunk; /* of the file; the part's own */
  int64_t *lines;                         /* per chunk */
  int64_t *ions; /* chunks + 1: ions of the part before the chunk; only for own chunks */
  char *buffers; /* buffer_size per thread */
  int64_t bad;   /* the first chunk with a line that cannot be read, or chunks */
  int failure;   /* errno of a failed read, or -1 */
} text_reader;

typedef struct text_chunk {
  const char *p;    /* the next line */
  const char *stop; /* lines that start here belong to the next chunk */
  const char *end;  /* of what is in memory */
} text_chunk;

static bool load_chunk(const text_reader *reader, int64_t index, char *buffer, text_chunk *chunk) {
  int64_t size = reader->file->size, start = reader->begin + index * chunk_size;
  int64_t before = index > 0; /* one byte more tells whether a line starts right here */
  int64_t stop = size - start < chunk_size ? size : start + chunk_size;
  int64_t end = size - stop < longest_line ? size : stop + longest_line;
  if (!csro_file_read(reader->file, start - before, end - start + before, buffer))
    return false;
  chunk->p = buffer;
  chunk->stop = buffer + before + (stop - start);
  chunk->end = buffer + before + (end - start);
  if (before) {
    const char *feed = memchr(buffer, '\n', (size_t)(chunk->stop - buffer));
    chunk->p = feed ? feed + 1 : chunk->stop;
  }
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

static bool parse_chunk(text_reader *reader, int64_t index, char *buffer, csro_ions *ions) {
  text_chunk chunk;
  if (!load_chunk(reader, index, buffer, &chunk))
    return false;
  int64_t ion = reader->ions[index], last = reader->ions[index + 1];
  csro_line line;
  while (next_line(&chunk, &line)) {
    if (!csro_line_holds_ion(line))
      continue;
    if (ion == last) {
      errno = 0;
      return false;
    }
    int64_t i = ion++;
    double values[4];
    if (!csro_line_parse(&reader->format, line, values)) {
#pragma omp critical(csro_text_bad)
      reader->bad = index < reader->bad ? index : reader->bad;
      return true;
    }
    memcpy((double *)ions->xyz + 3 * i, values, 3 * sizeof(double));
    ((double *)ions->mass)[i] = values[3];
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

/* Goes through the first bad chunk again, for the line and its number: of the chunks of other parts
 * the lines are counted only now. */
static csro_status fail_bad_chunk(text_reader *reader, const csro_ions *ions) {
  int64_t bad = reader->bad, number = reader->lines_before;
  csro_status status = for_chunks(reader, 0, reader->first_chunk, NULL);
  if (status != CSRO_OK)
    return status;
  for (int64_t i = 0; i < bad; i++)
    number += reader->lines[i];
  text_chunk chunk;
  if (!load_chunk(reader, bad, reader->buffers, &chunk))
    return csro_file_fail_read(reader->context, reader->file, errno);
  csro_line line;
  double values[4];
  while (next_line(&chunk, &line)) {
    number++;
    if (is_too_long(line))
      return csro_fail(reader->context, CSRO_ERROR_FORMAT,
                       "%s: line %lld: %d bytes or more without a line feed", reader->file->path,
                       (long long)number, longest_line);
    if (!ions || !csro_line_holds_ion(line))
      continue;
    if (!csro_line_parse(&reader->format, line, values))
      return csro_line_fail(reader->context, &reader->format, line, reader->file->path, number);
  }
  return csro_file_fail_read(reader->context, reader->file, 0);
}

/* What makes the first lines no text of ours, for a message; NULL for nothing. */
static const char *examine_line(csro_line line) {
  size_t length = (size_t)(line.end - line.begin);
  if (memchr(line.begin, 0, length))
    return "zero bytes, expected text (UTF-16 must be saved as UTF-8)";
  if (memchr(line.begin, '\r', length))
    return "a carriage return without line feed, expected lines that end with LF or CRLF";
  return NULL;
}

static csro_status fail_head(const text_reader *reader, int64_t line, const char *problem) {
  return csro_fail(reader->context, CSRO_ERROR_FORMAT, "%s: line %lld: %s", reader->file->path,
                   (long long)line, problem);
}

static csro_status check_header(const text_reader *reader, csro_line header, int64_t number,
                                csro_line ion) {
  const char *problem = csro_line_examine_header(header, ion, reader->format.separator);
  char found[61], text[256];
  if (!problem)
    return CSRO_OK;
  csro_line_copy_printable(header, found, sizeof found);
  snprintf(text, sizeof text, "'%s': %s, expected x, y, z, m/q as the first four columns", found,
           problem);
  return fail_head(reader, number, text);
}

/* Skips a byte order mark, comments and the header, and takes the separator from the first ion. */
static csro_status read_head(text_reader *reader, csro_ions *ions) {
  csro_context *context = reader->context;
  int64_t size = reader->file->size < buffer_size ? reader->file->size : buffer_size;
  if (!csro_file_read(reader->file, 0, size, reader->buffers))
    return csro_file_fail_read(context, reader->file, errno);
  const char *end = reader->buffers + size, *next = reader->buffers;
  if (size >= 3 && memcmp(next, "\xEF\xBB\xBF", 3) == 0)
    next += 3;
  csro_line header = {NULL, NULL};
  int64_t header_number = 0;
  for (reader->lines_before = 0; next < end; reader->lines_before++) {
    const char *start = next;
    csro_line line = csro_line_at(start, end, &next);
    const char *problem = examine_line(line);
    if (problem)
      return fail_head(reader, reader->lines_before + 1, problem);
    if (!csro_line_holds_ion(line))
      continue;
    bool numbered = !header.begin && csro_line_numbers_columns(line);
    if (header.begin || (!numbered && !csro_line_is_header(line, reader->format.c_locale))) {
      reader->begin = start - reader->buffers;
      reader->format.separator = csro_line_separator(line, reader->format.c_locale);
      return header.begin ? check_header(reader, header, header_number, line) : CSRO_OK;
    }
    header = line;
    header_number = reader->lines_before + 1;
    if (numbered &&
        csro_ions_note(context, ions, "line %lld numbers the columns: it is taken as a header",
                       (long long)header_number) != CSRO_OK)
      return CSRO_ERROR_MEMORY;
  }
  return csro_fail(context, CSRO_ERROR_FORMAT,
                   "%s: no ion in %lld bytes, expected lines of x, y, z, m/q", reader->file->path,
                   (long long)size);
}

static csro_status count_ions(text_reader *reader, int part, int parts) {
  reader->chunks = (reader->file->size - reader->begin + chunk_size - 1) / chunk_size;
  reader->bad = reader->chunks;
  reader->lines = csro_allocate(reader->context, reader->chunks, sizeof *reader->lines);
  reader->ions = csro_allocate(reader->context, reader->chunks + 1, sizeof *reader->ions);
  if (!reader->lines || !reader->ions)
    return CSRO_ERROR_MEMORY;
  int64_t first, count;
  csro_file_share(reader->chunks, part, parts, &first, &count);
  reader->first_chunk = first;
  reader->end_chunk = first + count;
  csro_status status = for_chunks(reader, first, reader->end_chunk, NULL);
  if (status != CSRO_OK)
    return status;
  if (reader->bad < reader->chunks)
    return fail_bad_chunk(reader, NULL);
  reader->ions[first] = 0;
  for (int64_t i = first; i < reader->end_chunk; i++)
    reader->ions[i + 1] += reader->ions[i];
  return CSRO_OK;
}

static csro_status parse_ions(text_reader *reader, csro_ions *ions) {
  ions->is_double = true;
  ions->count = reader->ions[reader->end_chunk];
  ions->xyz = csro_allocate(reader->context, ions->count, 3 * sizeof(double));
  ions->mass = csro_allocate(reader->context, ions->count, sizeof(double));
  if (!ions->xyz || !ions->mass)
    return CSRO_ERROR_MEMORY;
  csro_status status = for_chunks(reader, reader->first_chunk, reader->end_chunk, ions);
  return status == CSRO_OK && reader->bad < reader->chunks ? fail_bad_chunk(reader, ions) : status;
}

static csro_status read_text(text_reader *reader, int part, int parts, csro_ions *ions) {
  csro_status status = read_head(reader, ions);
  if (status == CSRO_OK)
    status = count_ions(reader, part, parts);
  if (status == CSRO_OK)
    status = parse_ions(reader, ions);
  if (status == CSRO_OK && parts == 1)
    ions->total = ions->count;
  return status;
}

csro_status csro_text_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions) {
  text_reader reader = {.context = context, .file = file, .failure = -1};
  reader.buffers = csro_allocate(context, context->threads, buffer_size);
  if (!reader.buffers)
    return CSRO_ERROR_MEMORY;
  csro_status status;
  reader.format.c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (reader.format.c_locale == (locale_t)0) {
    status = csro_fail(context, CSRO_ERROR_MEMORY, "out of memory: C locale");
  } else {
    status = read_text(&reader, part, parts, ions);
    freelocale(reader.format.c_locale);
  }
  free(reader.lines);
  free(reader.ions);
  free(reader.buffers);
  return status;
}
