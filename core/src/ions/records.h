/* Files of records of one size that start with x, y, z [nm] and m/q [Da]: .pos, .epos and .ato. */
#ifndef CSRO_IONS_RECORDS_H
#define CSRO_IONS_RECORDS_H

#include "ions/ion_readers.h"

typedef struct csro_record_format {
  const char *ending; /* ".pos" */
  int size;           /* bytes of a record */
  int columns;        /* numbers of 4 bytes behind m/q in each record, ions->columns[columns] */
  /* What the start of a file looks like when it is of another format, or NULL; may be NULL. */
  const char *(*foreign)(const unsigned char *start, int64_t size, int64_t file_size);
  int head; /* bytes in front of the records */
  bool little_endian;
  bool short_xy;  /* x and y are int16, in steps of 0.01 nm; else float32 as z and m/q */
  bool angstroms; /* the unit of float32 positions; else nm */
} csro_record_format;

/* Checks that size, byte order and values of the file are those of the format, finds the share of
 * the part and allocates positions and masses. */
csro_status csro_records_open(csro_context *context, const csro_file *file,
                              const csro_record_format *format, int part, int parts,
                              csro_ions *ions);

/* Fills the arrays and marks the ions that are not finite. */
csro_status csro_records_read(csro_context *context, const csro_file *file,
                              const csro_record_format *format, csro_ions *ions);

#endif
