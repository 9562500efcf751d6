/* Names of columns in text files of ions: which of them are x, y, z, m/q and species, and in which
 * units. docs/formats.md has the table of the names that are understood. */
#ifndef CSRO_IONS_TEXT_NAMES_H
#define CSRO_IONS_TEXT_NAMES_H

#include "ions/text_line.h"

typedef struct csro_text_header {
  csro_text_columns columns; /* -1 where nothing was found, or nothing that is unambiguous */
  int found;                 /* how many of x, y, z and m/q */
  /* "" when all four are there, or all but m/q and no column that could be it; else what was found
   * and expected */
  char problem[400];
  char note[400]; /* what a user should know: units, other columns of these names */
} csro_text_header;

/* Finds the columns of a header whose names are separated by `separator`. */
void csro_text_header_read(csro_line line, char separator, csro_text_header *header);

/* The format of a file from the line that names its columns and the first line below it that holds
 * an ion: the separators of both may differ. False when they do not fit each other or the names do
 * not tell the columns; header->problem says why. */
bool csro_text_header_match(csro_line names, csro_line ion, csro_text_format *format,
                            csro_text_header *header);

#endif
