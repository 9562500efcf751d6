/* Ions: positions and mass-to-charge of an atom probe data set, in evaporation order. */
#ifndef CSRO_IONS_H
#define CSRO_IONS_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

/* A view of positions, as VTK stores them: x, y, z of each point together, float32 or double.
 * Nothing is owned. Units: nm. */
typedef struct csro_points {
  const void *xyz;
  bool is_double;
  int64_t count;
} csro_points;

static inline void csro_points_get(const csro_points *points, int64_t i, double out[3]) {
  if (points->is_double) {
    const double *p = (const double *)points->xyz + 3 * i;
    out[0] = p[0], out[1] = p[1], out[2] = p[2];
  } else {
    const float *p = (const float *)points->xyz + 3 * i;
    out[0] = p[0], out[1] = p[1], out[2] = p[2];
  }
}

/* What the values of a column are. */
typedef enum csro_column_type {
  CSRO_COLUMN_INT8,
  CSRO_COLUMN_UINT8,
  CSRO_COLUMN_INT16,
  CSRO_COLUMN_UINT16,
  CSRO_COLUMN_INT32,
  CSRO_COLUMN_UINT32,
  CSRO_COLUMN_INT64,
  CSRO_COLUMN_UINT64,
  CSRO_COLUMN_FLOAT32,
  CSRO_COLUMN_FLOAT64
} csro_column_type;

/* What a file says of each ion besides position and mass. */
typedef struct csro_column {
  char name[100]; /* "TOF_ns"; UTF-8, unique within a file */
  char unit[64];  /* "ns"; UTF-8, "" when the file has none */
  csro_column_type type;
  int components;
  void *data; /* count x components, values of one ion together */
} csro_column;

/* What a reader returns. Binary files give float32, text gives double (is_double), for positions
 * and masses alike. The arrays come from malloc, those of the columns too: take them over (and set
 * the pointer to NULL) before all the rest is released with csro_ions_free. A file can be read in
 * parts (one per rank): part p of n holds the ions first .. first + count - 1 of the `total` in the
 * file, in file order, the parts together each ion once. A part of a text reads its share of the
 * bytes only, so that first and total are 0 there with more than one part: the caller adds the
 * counts of the parts up. */
typedef struct csro_ions {
  int64_t count, first, total;
  bool is_double;
  void *xyz;  /* count x 3, nm */
  void *mass; /* count, Da */
  int column_count;
  csro_column *columns; /* the same ones in every part */
  char *note;           /* what a user should know: lines, "" for nothing; NULL without a reader */
} csro_ions;

void csro_ions_free(csro_ions *ions); /* frees the arrays and zeroes the struct */

/* Bytes of one value. */
size_t csro_column_size(csro_column_type type);

/* Reads part `part` of `parts` (0 <= part < parts) of an ion file; the ending of the name chooses
 * the format (.csv and .txt are text), in any case. On error *ions is zeroed.
 *  - .pos: records of 4 big-endian float32 (x, y, z, m). A size that is no multiple of 16 bytes, an
 *    empty file, a little-endian file, a file whose start is of another format and values that are
 *    not finite are errors that name the byte.
 *  - .epos: records of 9 big-endian float32 and 2 int32; the same errors. The columns are TOF_ns,
 *    V_DC, V_pulse, X_det_mm, Y_det_mm, PulsesSinceLast and IonsPerPulse (the first ion of a
 *    multiple hit carries n). V_DC is V or kV as its size tells; its unit says which, the note
 *    when it is kV. The values stay as they are in the file.
 *  - .apt (AP Suite 6): sections in any order, with headers of any length. Mass and Position must
 * be there; each further section of one record per ion, of fixed size and a numeric type, becomes
 *    a column under its own name. Other sections are left out, and the note says so. Numbers in the
 *    file that do not fit its size or each other are errors that name the byte.
 *  - text: x, y, z, m in the first four columns, separated by comma, semicolon, tab or blanks, with
 *    or without a header line, LF or CRLF, decimal points (or decimal commas where the separator is
 *    no comma). Further columns, blank lines and lines that start with '#' are ignored. The first
 *    line is a header unless it looks like an ion; 0,1,2,3 ... is one too, and a note says so. A
 *    header that has x elsewhere than first, an index of the lines in front of x, decimal commas
 *    among separating ones, a line that does not parse, a number that is not finite, zero bytes
 *    (UTF-16) and a file without ions are errors that name the line.
 */
csro_status csro_ions_read(csro_context *context, const char *path, int part, int parts,
                           csro_ions *ions);

/* Writes all ions of the struct; the ending of the name chooses the format. The file is written
 * whole, or nothing is left behind and an older file stays as it was. Symbolic links are followed;
 * an older file hands on its mode, owner and group, and its other hard links keep the old content.
 * What is no regular file (a directory, device, pipe, socket), or is write-protected, is an error.
 *  - .pos, .epos: as above; double is rounded to float32. Of the columns .epos takes the seven
 * named above, and zeros for those that are not there.
 *  - .csv: a line of names, then x, y, z, m and all columns with as many digits as the same value
 *    needs when it is read back.
 * No ions, a position or mass that is not finite, and a value that the format cannot hold are
 * errors. */
csro_status csro_ions_write(csro_context *context, const csro_ions *ions, const char *path);

/* The same for ions that several processes hold, on a file system that all of them see. Each in its
 * turn calls csro_ions_write_part with its part (`first` is for the messages) and hands *temporary,
 * the name of the unfinished file, to the next; it is NULL before the first part and belongs to
 * malloc. The columns must be the same in every part. Then one process calls csro_ions_write_end
 * with the status of them all: the file takes its name, or is removed with any other status than
 * CSRO_OK. *temporary is freed and set to NULL. */
csro_status csro_ions_write_part(csro_context *context, const csro_ions *ions, const char *path,
                                 char **temporary);
/* See csro_ions_write_part. */
csro_status csro_ions_write_end(csro_context *context, const char *path, char **temporary,
                                csro_status status);

CSRO_API_END

#endif
