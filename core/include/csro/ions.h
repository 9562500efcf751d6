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

enum { csro_species_name_size = 64 };

/* What a reader returns. Binary files give float32, text gives double (is_double), for positions
 * and masses alike. The arrays come from malloc, those of the columns too: take them over (and set
 * the pointer to NULL) before all the rest is released with csro_ions_release. A file can be read
 * in parts (one per rank): part p of n holds the ions first .. first + count + left_out - 1 of the
 * `total` in the file, in file order, the parts together each ion once. A part of a text reads its
 * share of the bytes only, so that first and total are 0 there with more than one part: the caller
 * adds the counts of the parts up. */
typedef struct csro_ions {
  int64_t count, first, total;
  bool is_double;
  void *xyz;  /* count x 3, nm */
  void *mass; /* count, Da; NULL for text without m/q */
  int column_count;
  csro_column *columns; /* the same ones in every part */
  char *note;           /* what a user should know: lines, "" for nothing; NULL without a reader */
  bool has_ranges;      /* csro_ranges_read reads ranges from the same file (NXapm) */
  bool has_box;         /* the ions are in a periodic box ... */
  double box[9];        /* ... with these three edges from its corner at 0, nm */

  /* Species that the file gives by name: the label of each ion, 0 for none, else 1 + the place in
   * the names, which stand in the order in which the part has them; NULL without. In a part the
   * column may hold nothing but numbers, an index that means nothing without a range file: see
   * csro_ions_settle_species. */
  uint16_t *species;
  int species_count;
  char (*species_names)[csro_species_name_size]; /* UTF-8 */
  bool species_named, too_many_species;

  /* Ions of the part with a position or mass that is not finite, which were left out; then the
   * place of each ion that is there among all of the part, and where the first one left out stands:
   * "byte 92: mass-to-charge of ion 5 (from 0) is nan". */
  int64_t left_out;
  int64_t *number;      /* NULL where nothing was left out: ion i is the i-th */
  char *first_left_out; /* NULL where nothing was left out */
} csro_ions;

void csro_ions_release(csro_ions *ions); /* frees the arrays and zeroes the struct */

/* About how much memory the ions of a file take when it is read, in bytes, with what a reader makes
 * beside them; 0 for a file that cannot be examined. */
double csro_ions_expect(const char *path);

/* Bytes of one value. */
size_t csro_column_size(csro_column_type type);

/* Reads part `part` of `parts` (0 <= part < parts) of an ion file; the ending of the name chooses
 * the format (.csv, .txt and .tsv are text), in any case. On error *ions is zeroed. Ions whose
 * position or mass is not finite are an error with their count and the first of them.
 *  - .pos: records of 4 big-endian float32 (x, y, z, m). A size that is no multiple of 16 bytes, an
 *    empty file, a little-endian file and a file whose start is of another format are errors that
 *    name the byte.
 *  - .epos: records of 9 big-endian float32 and 2 int32; the same errors. The columns are TOF_ns,
 *    V_DC, V_pulse, X_det_mm, Y_det_mm, PulsesSinceLast and IonsPerPulse (the first ion of a
 *    multiple hit carries n). V_DC is V or kV as its size tells; its unit says which, the note
 *    when it is kV. The values stay as they are in the file.
 *  - .ato of version 3 (records of 14 float32 behind 8 bytes; x, y, z in angstrom) and 5 (records
 * of 40 bytes behind 5000; x and y int16 in 0.01 nm, z in angstrom), little- or big-endian as the
 *    version tells. The columns of version 3 are ClusterId, PulseNumber, V_DC, TOF, X_det, Y_det,
 *    V_pulse, Shank, FourierR and FourierI, without units. Other versions are errors.
 *  - .apt (AP Suite 6): sections in any order, with headers of any length. Mass and Position must
 * be there; each further section of one record per ion, of fixed size and a numeric type, becomes
 *    a column under its own name. Other sections are left out, and the note says so. A Position in
 *    another unit of length is converted, and the note says so; a unit that is unknown, or no unit
 *    of its kind, and numbers in the file that do not fit its size or each other are errors that
 *    name the byte.
 *  - .nxs, .h5, .hdf5: NeXus NXapm (the first data set reconstructed_positions and the
 * mass_to_charge of the same entry) and tables of pyccapt (of pandas, fixed format: x (nm), y (nm),
 * z (nm) and mc_c (Da) or mc (Da); further columns of numbers under their names). Only from the
 * thread that calls, for the HDF5 library is not made for threads; without it an error says so.
 *  - text: lines of columns separated by comma, semicolon, tab or blanks, that end with LF, CRLF or
 *    CR, with decimal points (or decimal commas where the separator is no comma). Blank lines,
 * lines that start with # or %, and a final 0x1A are ignored. The first line is a header unless it
 *    looks like an ion. Its names tell which columns are x, y, z, m/q and species, in which units
 *    (docs/formats.md has the table); units other than nm and Da are converted, and the note says
 *    so. Names that contradict each other, or that do not tell all four, and units that are unknown
 *    are errors that name the line. A comment above the ions that names all columns is a header
 * too. Without names (also with 0,1,2,3 ...) the first four columns are x, y, z and m/q. Further
 *    columns are ignored. Lists without m/q are x, y, z alone, or with a label (Ge, 13C, AlO)
 *    before or the rest of the line (Ge:1, Al:1 O:1) behind them, as the first ion shows, or a
 *    header that names x, y, z and at most species besides; a line with another number of columns
 *    and what is no label are errors. The species are the labels, AlO for Al:1 O:1; the note says
 * that there is no m/q. An index of the lines without a name in front of x, decimal commas among
 *    separating ones, a line that does not parse, zero bytes (UTF-16) and a file without ions are
 *    errors that name the line.
 *  - .dump, .lammpstrj (LAMMPS, text), .xyz and .extxyz: atoms of a simulation. Of several
 * snapshots the last one; the note says so. x, y, z (or scaled by the box) in angstrom, or as ITEM:
 * UNITS says, become nm with the corner of the box at 0; the box has edges of any direction (in
 * dumps as its tilt says) and is there when all three of them are periodic. Species are the
 * elements, or Type1, Type2 ... for numbers; X is none. mass_to_charge_Da of .extxyz are the
 * masses; other columns are ignored. Heads that contradict themselves, fewer atoms than they say
 * and lines that are no atoms are errors that name the line.
 */
csro_status csro_ions_read(csro_context *context, const char *path, int part, int parts,
                           csro_ions *ions);

/* The same, but ions whose position or mass is not finite are left out (left_out and what follows
 * it in the struct); all other ions keep their order. The caller says how many there were, in all
 * parts. Nothing is left of a part all of whose ions are such. */
csro_status csro_ions_read_finite(csro_context *context, const char *path, int part, int parts,
                                  csro_ions *ions);

/* The error that csro_ions_read gives for `count` ions that are not finite, the first of which
 * stands as first_left_out says. */
csro_status csro_ions_refuse(csro_context *context, const char *path, int64_t count,
                             const char *first);

/* Whether the column of species holds names is known when all parts are (`named`, `too_many`: of
 * any part; of a single one csro_ions_read has done it): drops species that are numbers only, and
 * fails when there are more names than species can be. */
csro_status csro_ions_settle_species(csro_context *context, const char *path, bool named,
                                     bool too_many, csro_ions *ions);

/* Writes all ions of the struct; the ending of the name chooses the format. The file is written
 * whole, or nothing is left behind and an older file stays as it was. Symbolic links are followed;
 * an older file hands on its mode, owner and group, and its other hard links keep the old content.
 * What is no regular file (a directory, device, pipe, socket), or is write-protected, is an error.
 *  - .pos, .epos: as above; double is rounded to float32. Of the columns .epos takes the seven
 * named above, and zeros for those that are not there.
 *  - .csv: a line of names, then x, y, z, m and all columns with as many digits as the same value
 *    needs when it is read back, and the species by name: unranged for label 0.
 *  - .xyz: the number of ions, a line of text, then the name of the species (X for label 0, _ for
 *    what a name of one word cannot have) and x, y, z in angstrom. .extxyz: the same with m and all
 *    columns, which the second line names
 * (Properties=species:S:1:pos:R:3:mass_to_charge_Da:R:1...), and the box as its Lattice.
 *  - .dump: a snapshot that LAMMPS reads (read_dump): id (place in the file + 1), type (label; one
 *    more than there are for label 0), element and x, y, z in angstrom, in the periodic box that
 * the ions must have.
 *  - .nxs: NeXus NXapm without ranges; csro/nexus.h writes them too.
 * .xyz, .extxyz and .dump can do without masses. No ions, a position or mass
 * that is not finite, no masses and a value that the format cannot hold are errors. */
csro_status csro_ions_write(csro_context *context, const csro_ions *ions, const char *path);

/* The same for ions that several processes hold, on a file system that all of them see. Each in its
 * turn calls csro_ions_write_part with its part (`first` is for the messages, `total` the number of
 * all ions) and hands *temporary, the name of the unfinished file, to the next; it is NULL before
 * the first part and belongs to malloc. The columns must be the same in every part. Then one
 * process calls csro_ions_write_end with the status of them all: the file takes its name, or is
 * removed with any other status than CSRO_OK. *temporary is freed and set to NULL. */
csro_status csro_ions_write_part(csro_context *context, const csro_ions *ions, const char *path,
                                 char **temporary);
/* See csro_ions_write_part. */
csro_status csro_ions_write_end(csro_context *context, const char *path, char **temporary,
                                csro_status status);

CSRO_API_END

#endif
