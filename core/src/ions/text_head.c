#include "ions/text_head.h"

#include "ions/text_label.h"
#include "ions/text_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { kept = 1 << 16 };

/* A line that may name the columns: the header, or a comment. */
typedef struct name_line {
  char text[kept];
  size_t length;
  int64_t number; /* 0: there is none */
} name_line;

typedef struct head_reader {
  csro_context *context;
  const csro_file *file;
  char *buffer;
  int64_t room, base, size; /* the buffer holds `size` bytes of the file from byte `base` on */
  const char *next;         /* in the buffer */
  bool in_comment;          /* inside of a comment longer than the buffer */
  csro_text_head *head;
  csro_ions *ions;
  name_line header, comment;
} head_reader;

static csro_status fail_line(const head_reader *reader, int64_t line, const char *problem) {
  return csro_fail(reader->context, CSRO_ERROR_FORMAT, "%s: line %lld: %s", reader->file->path,
                   (long long)line, problem);
}

static csro_status load(head_reader *reader, int64_t base) {
  int64_t left = reader->file->size - base;
  reader->base = base;
  reader->size = left < reader->room ? left : reader->room;
  reader->next = reader->buffer;
  return csro_file_read(reader->file, base, reader->size, reader->buffer)
             ? CSRO_OK
             : csro_file_fail_read(reader->context, reader->file, errno);
}

/* Whether the line at `next` ends in the buffer, beyond doubt (CR may be half a CRLF). */
static bool is_whole(const head_reader *reader, csro_line line) {
  const char *end = reader->buffer + reader->size;
  return line.end + 1 < end || reader->base + reader->size == reader->file->size;
}

/* The next line, from the rest of the file when the buffer holds only its start. Of a comment that
 * does not fit either *line is its start. line->begin is NULL at the end of the file. */
static csro_status next_line(head_reader *reader, csro_line *line) {
  for (;;) {
    const char *end = reader->buffer + reader->size, *next;
    *line = csro_line_at(reader->next, end, &next);
    if (reader->next == end && reader->base + reader->size == reader->file->size)
      line->begin = NULL;
    if (!line->begin || is_whole(reader, *line)) {
      reader->next = next;
      if (!reader->in_comment || !line->begin)
        return CSRO_OK;
      reader->in_comment = false; /* this was the end of it */
      continue;
    }
    if (reader->next == reader->buffer) { /* more than the buffer holds */
      bool starts_comment = !reader->in_comment && csro_line_is_comment(*line);
      if (!starts_comment && !reader->in_comment) {
        reader->next = end;
        return CSRO_OK;
      }
      reader->in_comment = true;
      reader->next = end - 1; /* a CR may end it */
      if (starts_comment)
        return CSRO_OK;
    }
    csro_status status = load(reader, reader->base + (reader->next - reader->buffer));
    if (status != CSRO_OK)
      return status;
  }
}

static void keep_line(name_line *kept_line, csro_line line, int64_t number) {
  size_t length = (size_t)(line.end - line.begin);
  kept_line->length = length < kept ? length : kept;
  memcpy(kept_line->text, line.begin, kept_line->length);
  kept_line->number = number;
}

static csro_line text_of(const name_line *line) {
  return (csro_line){line->text, line->text + line->length};
}

/* Keeps a comment that names at least three of x, y, z and m/q. */
static void consider_comment(head_reader *reader, csro_line line, int64_t number) {
  while (line.begin < line.end && strchr("#% \t", *line.begin))
    line.begin++;
  if (line.end - line.begin >= kept)
    return;
  for (size_t s = 0; s < sizeof csro_text_separators; s++) {
    csro_text_header found;
    csro_text_header_read(line, csro_text_separators[s], &found);
    if (found.found >= 3) {
      keep_line(&reader->comment, line, number);
      return;
    }
  }
}

static csro_status use_names(head_reader *reader, const name_line *names, csro_line ion) {
  csro_text_header header;
  if (!csro_text_header_match(text_of(names), ion, &reader->head->format, &header))
    return fail_line(reader, names->number, header.problem);
  return header.note[0] == 0 ? CSRO_OK
                             : csro_ions_note(reader->context, reader->ions, "line %lld: %s",
                                              (long long)names->number, header.note);
}

/* A comment counts as the header when it has a name for each column. */
static bool names_all_columns(const head_reader *reader, csro_line ion) {
  const char separator = csro_line_separator(ion, reader->head->format.c_locale);
  const int columns = csro_line_count_columns(separator, ion);
  for (size_t s = 0; s < sizeof csro_text_separators && reader->comment.number > 0; s++) {
    csro_text_header found;
    csro_text_header_read(text_of(&reader->comment), csro_text_separators[s], &found);
    if (found.found >= 3 && found.columns.names == columns)
      return true;
  }
  return false;
}

/* The line of the first ion. */
static csro_status take_ion(head_reader *reader, csro_line line, bool numbered) {
  csro_text_format *format = &reader->head->format;
  reader->head->begin = reader->base + (line.begin - reader->buffer);
  format->columns = csro_text_first_columns();
  if (reader->header.number > 0 && !numbered)
    return use_names(reader, &reader->header, line);
  if (reader->header.number == 0 && names_all_columns(reader, line)) {
    csro_status status = csro_ions_note(reader->context, reader->ions,
                                        "line %lld is a comment that names the columns: it is "
                                        "taken as their header",
                                        (long long)reader->comment.number);
    return status == CSRO_OK ? use_names(reader, &reader->comment, line) : status;
  }
  if (!csro_text_match_label(line, format))
    format->separator = csro_line_separator(line, format->c_locale);
  return CSRO_OK;
}

/* The ions of a file without m/q are good for less, so that it must be said. */
static csro_status note_missing_mass(const head_reader *reader) {
  if (!csro_text_lacks_mass(&reader->head->format.columns))
    return CSRO_OK;
  return csro_ions_note(
      reader->context, reader->ions, "no column of m/q: the ions have %s, no MassToCharge",
      reader->head->format.columns.at[csro_role_species] < 0 ? "positions only"
                                                             : "positions and labels");
}

static csro_status read_lines(head_reader *reader) {
  csro_text_head *head = reader->head;
  bool numbered = false;
  for (head->lines_before = 0;; head->lines_before++) {
    csro_line line;
    const int64_t number = head->lines_before + 1;
    csro_status status = next_line(reader, &line);
    if (status != CSRO_OK)
      return status;
    if (!line.begin)
      break;
    if (memchr(line.begin, 0, (size_t)(line.end - line.begin)))
      return fail_line(reader, number, "zero bytes, expected text (UTF-16 must be saved as UTF-8)");
    if (csro_line_is_comment(line))
      consider_comment(reader, line, number);
    if (!csro_line_holds_ion(line))
      continue;
    if (reader->header.number > 0)
      return take_ion(reader, line, numbered);
    numbered = csro_line_numbers_columns(line);
    if (!numbered && !csro_line_is_header(line, head->format.c_locale))
      return take_ion(reader, line, false);
    if (line.end - line.begin >= kept)
      return fail_line(reader, number, "65536 bytes or more, expected a header or an ion");
    keep_line(&reader->header, line, number);
    if (numbered)
      status = csro_ions_note(reader->context, reader->ions,
                              "line %lld numbers the columns: it is taken as a header",
                              (long long)number);
    if (status != CSRO_OK)
      return status;
  }
  return csro_fail(reader->context, CSRO_ERROR_FORMAT,
                   "%s: no ion in %lld bytes, expected lines of x, y, z, m/q", reader->file->path,
                   (long long)reader->file->size);
}

csro_status csro_text_read_head(csro_context *context, const csro_file *file, char *buffer,
                                int64_t room, csro_text_head *head, csro_ions *ions) {
  head_reader *reader = csro_allocate(context, 1, sizeof *reader);
  if (!reader)
    return CSRO_ERROR_MEMORY;
  *reader = (head_reader){
      .context = context, .file = file, .buffer = buffer, .room = room, .head = head, .ions = ions};
  csro_status status = load(reader, 0);
  if (status == CSRO_OK && reader->size >= 3 && memcmp(buffer, "\xEF\xBB\xBF", 3) == 0)
    reader->next += 3;
  if (status == CSRO_OK)
    status = read_lines(reader);
  if (status == CSRO_OK)
    status = note_missing_mass(reader);
  free(reader);
  return status;
}
