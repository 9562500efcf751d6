/* .ato: a header that starts with 0 and the version as 32-bit integers, then records. Nobody has
 * published the format; this is what public readers of it agree on (docs/formats.md):
 *  - version 3: a header of 8 bytes, records of 14 float32; the first are x, y, z [angstrom] and
 *    m/q [Da].
 *  - version 5: a header of 5000 bytes, records of 40: x, y as int16 [0.01 nm], z [angstrom] and
 *    m/q [Da] as float32; they disagree about the rest.
 * The numbers are little-endian in all known files, big-endian in descriptions: the version tells.
 */
#include "ions/records.h"

#include "file/bytes.h"

#include <errno.h>

enum { start_bytes = 8, columns_of_version_3 = 10 };

static const csro_record_format format_3 = {.ending = ".ato",
                                            .size = 56,
                                            .columns = columns_of_version_3,
                                            .head = start_bytes,
                                            .angstroms = true};
static const csro_record_format format_5 = {
    .ending = ".ato", .size = 40, .head = 5000, .short_xy = true, .angstroms = true};

static csro_status find_format(csro_context *context, const csro_file *file,
                               csro_record_format *format) {
  unsigned char start[start_bytes];
  if (file->size < start_bytes)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: %lld bytes, expected an .ato file with a header of 8 at least",
                     file->path, (long long)file->size);
  if (!csro_file_read(file, 0, start_bytes, start))
    return csro_file_fail_read(context, file, errno);
  const uint32_t little = csro_little32(start + 4), big = csro_big32(start + 4);
  const bool is_little = little < big; /* a version is a small number */
  const uint32_t version = is_little ? little : big;
  if (csro_little32(start) != 0 || version > 100)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte 0: the integers %lu and %lu, expected 0 and a version of .ato (3 or "
                     "5)",
                     file->path, (unsigned long)csro_little32(start), (unsigned long)little);
  if (version != 3 && version != 5)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte 4: version %lu of .ato, whose layout is not public, expected 3 or 5 "
                     "(save the ions as .epos or .pos)",
                     file->path, (unsigned long)version);
  *format = version == 3 ? format_3 : format_5;
  format->little_endian = is_little;
  return CSRO_OK;
}

static csro_status add_columns(csro_context *context, csro_ions *ions) {
  static const char *const names[columns_of_version_3] = {
      "ClusterId", "PulseNumber", "V_DC",  "TOF",      "X_det",
      "Y_det",     "V_pulse",     "Shank", "FourierR", "FourierI"};
  for (int c = 0; c < columns_of_version_3; c++)
    if (!csro_ions_add_column(context, ions, names[c], "", CSRO_COLUMN_FLOAT32, 1))
      return CSRO_ERROR_MEMORY;
  return csro_ions_note(
      context, ions,
      ".ato of version 3: x, y and z are taken as angstrom; no file says in which "
      "units V_DC, TOF, X_det, Y_det and V_pulse are");
}

csro_status csro_ato_read(csro_context *context, const csro_file *file, int part, int parts,
                          csro_ions *ions) {
  csro_record_format format;
  csro_status status = find_format(context, file, &format);
  if (status == CSRO_OK)
    status = csro_records_open(context, file, &format, part, parts, ions);
  if (status != CSRO_OK)
    return status;
  status = format.columns > 0
               ? add_columns(context, ions)
               : csro_ions_note(context, ions,
                                ".ato of version 5: x and y are taken as steps of 0.01 nm, z as "
                                "angstrom; what else is in the records is left out");
  return status == CSRO_OK ? csro_records_read(context, file, &format, ions) : status;
}
