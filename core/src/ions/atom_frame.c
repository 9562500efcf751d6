#include "ions/atom_frame.h"

#include "base/number.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

static csro_status load(csro_frame_lines *lines) {
  const int64_t from = lines->base + lines->at, left = lines->file->size - from;
  if (csro_progress_add(&lines->progress, lines->at))
    return csro_progress_end(&lines->progress);
  lines->base = from;
  lines->at = 0;
  lines->size = left < lines->room ? left : lines->room;
  return csro_file_read(lines->file, from, lines->size, lines->buffer)
             ? CSRO_OK
             : csro_file_fail_read(lines->context, lines->file, errno);
}

csro_status csro_frame_next_line(csro_frame_lines *lines, csro_line *line) {
  for (;;) {
    char *begin = lines->buffer + lines->at;
    char *end = memchr(begin, '\n', (size_t)(lines->size - lines->at));
    const bool last = lines->base + lines->size == lines->file->size;
    if (!end && !last && lines->at > 0) {
      const csro_status status = load(lines);
      if (status != CSRO_OK)
        return status;
      continue;
    }
    *line = (csro_line){begin, end ? end : lines->buffer + lines->size};
    if (last && begin == line->end && !end) {
      line->begin = NULL;
      return CSRO_OK;
    }
    lines->number++;
    if (line->end - begin >= lines->room - 1)
      return csro_fail(lines->context, CSRO_ERROR_FORMAT,
                       "%s: line %lld: %lld bytes or more without an end", lines->file->path,
                       (long long)lines->number, (long long)lines->room - 1);
    lines->at = (end ? end + 1 : line->end) - lines->buffer;
    if (line->end > begin && line->end[-1] == '\r')
      line->end--;
    if (memchr(begin, '\r', (size_t)(line->end - begin)) ||
        memchr(begin, 0, (size_t)(line->end - begin)))
      return csro_fail(lines->context, CSRO_ERROR_FORMAT,
                       "%s: line %lld: a zero byte or a CR within the line, expected text",
                       lines->file->path, (long long)lines->number);
    return CSRO_OK;
  }
}

csro_status csro_frame_fail(const csro_frame_lines *lines, csro_line found, const char *expected) {
  char text[61];
  if (!found.begin)
    return csro_fail(lines->context, CSRO_ERROR_FORMAT, "%s: line %lld: the file ends, expected %s",
                     lines->file->path, (long long)lines->number, expected);
  csro_line_copy_printable(found, text, sizeof text);
  return csro_fail(lines->context, CSRO_ERROR_FORMAT, "%s: line %lld: '%s', expected %s",
                   lines->file->path, (long long)lines->number, text, expected);
}

bool csro_frame_is_word(csro_line text, const char *word) {
  return (size_t)(text.end - text.begin) == strlen(word) &&
         strncasecmp(text.begin, word, strlen(word)) == 0;
}

int csro_frame_numbers(const csro_frame_lines *lines, csro_line text, int most, double *numbers) {
  int count = 0;
  const char *p = text.begin;
  csro_line column;
  bool quoted;
  while (csro_line_next_column(' ', &p, text.end, &column, &quoted)) {
    if (count == most || quoted ||
        csro_number_parse(column.begin, column.end, false, lines->c_locale, &numbers[count]) !=
            column.end ||
        !isfinite(numbers[count]))
      return -1;
    count++;
  }
  return count;
}

csro_status csro_frame_count(csro_frame_lines *lines, csro_line line, int64_t *count) {
  double number = 0;
  if (!line.begin || csro_frame_numbers(lines, line, 1, &number) != 1 || number != floor(number) ||
      !(number >= 1 && number <= (double)lines->file->size))
    return csro_frame_fail(lines, line, "the number of atoms, no more than fit into the file");
  *count = (int64_t)number;
  return CSRO_OK;
}

csro_status csro_frame_check_box(const csro_frame_lines *lines, const csro_atom_frame *frame) {
  const double(*box)[3] = (const double(*)[3])frame->box;
  const double volume = box[0][0] * (box[1][1] * box[2][2] - box[1][2] * box[2][1]) +
                        box[0][1] * (box[1][2] * box[2][0] - box[1][0] * box[2][2]) +
                        box[0][2] * (box[1][0] * box[2][1] - box[1][1] * box[2][0]);
  double product = 1;
  bool fits = true;
  for (int k = 0; k < 3; k++) {
    const double length =
        sqrt(box[k][0] * box[k][0] + box[k][1] * box[k][1] + box[k][2] * box[k][2]);
    fits = fits && length >= 1e-3 && length <= 1e6;
    product *= length;
  }
  if (fits && fabs(volume) > 1e-6 * product)
    return CSRO_OK;
  return csro_fail(lines->context, CSRO_ERROR_FORMAT,
                   "%s: line %lld: a box of edges (%g %g %g), (%g %g %g), (%g %g %g) nm, expected "
                   "three edges of 0.001 to 1e6 nm that span a volume",
                   lines->file->path, (long long)lines->number, box[0][0], box[0][1], box[0][2],
                   box[1][0], box[1][1], box[1][2], box[2][0], box[2][1], box[2][2]);
}

/* Goes through the lines of the atoms. */
static csro_status skip_atoms(csro_frame_lines *lines, csro_atom_frame *frame) {
  frame->begin = lines->base + lines->at;
  frame->lines_before = lines->number;
  for (int64_t i = 0; i < frame->count; i++) {
    csro_line line;
    csro_status status = csro_frame_next_line(lines, &line);
    if (status != CSRO_OK)
      return status;
    if (!line.begin)
      return csro_fail(lines->context, CSRO_ERROR_FORMAT,
                       "%s: the file ends behind %lld of %lld atoms", lines->file->path,
                       (long long)i, (long long)frame->count);
    if (!csro_line_holds_ion(line))
      return csro_frame_fail(lines, line, "an atom");
  }
  frame->end = lines->base + lines->at;
  return CSRO_OK;
}

static csro_status find_frames(csro_frame_lines *lines, csro_frame_head read_head,
                               csro_atom_frame *frame, int64_t *frames) {
  for (*frames = 0;; ++*frames) {
    csro_line line;
    csro_status status;
    do /* blank lines in front of a snapshot */
      status = csro_frame_next_line(lines, &line);
    while (status == CSRO_OK && line.begin && csro_line_count_columns(' ', line) == 0);
    if (status != CSRO_OK)
      return status;
    if (!line.begin && *frames > 0)
      return CSRO_OK;
    const locale_t c_locale = frame->format.c_locale;
    *frame = (csro_atom_frame){.format = {.separator = ' ',
                                          .c_locale = c_locale,
                                          .atoms = true,
                                          .columns = csro_text_first_columns()}};
    frame->format.columns.at[csro_role_mass] = -1;
    for (int k = 0; k < 3; k++)
      frame->format.columns.unit[k] = csro_unit_find(CSRO_UNIT_LENGTH, "angstrom", 8);
    status = read_head(lines, line, frame);
    if (status == CSRO_OK)
      status = skip_atoms(lines, frame);
    if (status != CSRO_OK)
      return status;
  }
}

csro_status csro_atom_frame_find(csro_context *context, const csro_file *file, char *buffer,
                                 int64_t room, csro_atom_frame *frame, int64_t *frames) {
  const char *ending = csro_file_ending(file->path);
  const bool is_xyz = strcasecmp(ending, ".xyz") == 0 || strcasecmp(ending, ".extxyz") == 0;
  csro_frame_lines lines = {.context = context,
                            .file = file,
                            .c_locale = frame->format.c_locale,
                            .buffer = buffer,
                            .room = room};
  csro_progress_start(&lines.progress, context, file->size, 0, 0.1);
  csro_status status = load(&lines);
  if (status == CSRO_OK)
    status = find_frames(&lines, is_xyz ? csro_xyz_read_head : csro_dump_read_head, frame, frames);
  return status == CSRO_OK ? csro_progress_end(&lines.progress) : status;
}

void csro_atom_frame_place(const csro_atom_frame *frame, double r[3]) {
  if (!frame->scaled) {
    for (int k = 0; k < 3; k++)
      r[k] -= frame->origin[k];
    return;
  }
  const double s[3] = {r[0], r[1], r[2]};
  for (int k = 0; k < 3; k++)
    r[k] = s[0] * frame->box[0][k] + s[1] * frame->box[1][k] + s[2] * frame->box[2][k];
}
