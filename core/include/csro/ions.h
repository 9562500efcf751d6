/* Ions: positions and mass-to-charge of an atom probe data set, in evaporation order. */
#ifndef CSRO_IONS_H
#define CSRO_IONS_H

#include "csro/context.h"

#include <stdint.h>

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

/* What a reader returns. Binary files give float32, text gives double (is_double), for positions
 * and masses alike. The arrays come from malloc: take them over, or release all with
 * csro_ions_free. A file can be read in parts (one per rank): part p of n holds the ions
 * first .. first + count - 1 of the `total` in the file, in file order, the parts together each ion
 * once. */
typedef struct csro_ions {
  int64_t count, first, total;
  bool is_double;
  void *xyz;  /* count x 3, nm */
  void *mass; /* count, Da */
} csro_ions;

void csro_ions_free(csro_ions *ions); /* frees the arrays and zeroes the struct */

/* Reads part `part` of `parts` (0 <= part < parts) of an ion file; the ending of the name chooses
 * the format (.pos; .csv and .txt are text, see below), in any case. On error *ions is zeroed.
 *  - .pos: records of 4 big-endian float32 (x, y, z, m). A size that is no multiple of 16 bytes, an
 *    empty file, a little-endian file and values that are not finite are errors that name the byte.
 *  - text: x, y, z, m in the first four columns, separated by comma, semicolon, tab or blanks, with
 *    or without a header line, LF or CRLF, decimal points (or decimal commas where the separator is
 *    no comma). Further columns, blank lines and lines that start with '#' are ignored. The first
 * line is a header unless it looks like an ion. A line that does not parse, a number that is not
 * finite and a file without ions are errors that name the line.
 */
csro_status csro_ions_read(csro_context *context, const char *path, int part, int parts,
                           csro_ions *ions);

#endif
