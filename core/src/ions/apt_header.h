/* The headers in .apt files, all numbers little-endian. */
#ifndef CSRO_IONS_APT_HEADER_H
#define CSRO_IONS_APT_HEADER_H

#include "ions/ion_readers.h"

enum { csro_apt_header_size = 540, csro_apt_section_size = 148 };

typedef struct csro_apt_section {
  char name[100], unit[64]; /* UTF-8 */
  int64_t start;            /* byte of the section header */
  int64_t data, data_size;  /* byte where the records start, and how many bytes there are */
  int64_t records;
  uint32_t relationship, record_type, data_type, value_bits;
  int32_t record_size; /* bytes */
} csro_apt_section;

/* Reads the file header: how many ions, and the byte of the first section. */
csro_status csro_apt_read_header(csro_context *context, const csro_file *file, csro_ions *ions,
                                 int64_t *first_section);

/* Reads the section header at a byte, and checks that all of the section lies in the file. The next
 * one starts at section->data + section->data_size. */
csro_status csro_apt_read_section(csro_context *context, const csro_file *file, int64_t start,
                                  csro_apt_section *section);

/* The type of the numbers in a section, false when they are no numbers that a column can hold. */
bool csro_apt_column_type(const csro_apt_section *section, csro_column_type *type);

#endif
