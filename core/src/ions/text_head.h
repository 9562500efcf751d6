/* The start of a text file of ions, up to the line of the first ion. */
#ifndef CSRO_IONS_TEXT_HEAD_H
#define CSRO_IONS_TEXT_HEAD_H

#include "ions/ion_readers.h"
#include "ions/text_line.h"

typedef struct csro_text_head {
  csro_text_format format; /* in: c_locale */
  int64_t begin;           /* byte where the first ion's line starts */
  int64_t lines_before;    /* lines above it */
} csro_text_head;

/* Skips a byte order mark and comments of any length, and finds the separator and the columns from
 * the header (or the last comment that names columns) and the first ion. `buffer` has room for
 * `room` bytes, the longest line. */
csro_status csro_text_read_head(csro_context *context, const csro_file *file, char *buffer,
                                int64_t room, csro_text_head *head, csro_ions *ions);

#endif
