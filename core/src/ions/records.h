/* Files of big-endian records that start with x, y, z [nm] and m/q [Da] as float32, without a
 * header: .pos and .epos. */
#ifndef CSRO_IONS_RECORDS_H
#define CSRO_IONS_RECORDS_H

#include "ions/ion_readers.h"

typedef struct csro_record_format {
  const char *ending; /* ".pos" */
  int size;           /* bytes of a record */
  int columns;        /* further numbers of 4 bytes in each record, ions->columns[columns] */
  /* What the start of a file looks like when it is of another format, or NULL. */
  const char *(*foreign)(const unsigned char *start, int64_t size, int64_t file_size);
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
