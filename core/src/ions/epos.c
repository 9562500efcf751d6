/* .epos: records of nine big-endian float32 and two int32. */
#include "ions/epos.h"

#include "file/bytes.h"
#include "ions/records.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { column_v_dc = 1, byte_v_dc = 20, samples = 1024 };

const char *const csro_epos_names[csro_epos_columns] = {
    "TOF_ns", "V_DC", "V_pulse", "X_det_mm", "Y_det_mm", "PulsesSinceLast", "IonsPerPulse"};

/* Integers that are far too large, as floats of another format are when they are read as such. */
static const char *looks_like_floats(const unsigned char *start, int64_t size, int64_t file_size) {
  int64_t records = size / csro_epos_record, large = 0;
  for (int64_t i = 0; i < records; i++) {
    uint32_t pulses = csro_big32(start + csro_epos_record * i + 36),
             ions = csro_big32(start + csro_epos_record * i + 40);
    large += pulses >= 1u << 24 && ions >= 1u << 24;
  }
  (void)file_size;
  return 2 * large > records ? "no integers at the end of records of 44 bytes" : NULL;
}

static int compare_floats(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/* The median of V_DC without zeros, of ions from all over the file so that every part finds the
 * same; 0 when there is none. */
static csro_status median_voltage(csro_context *context, const csro_file *file, int64_t total,
                                  float *median) {
  float values[samples];
  size_t found = 0;
  int64_t count = total < samples ? total : samples;
  *median = 0;
  for (int64_t s = 0; s < count; s++) {
    unsigned char bytes[4];
    int64_t ion = total / count * s + total % count * s / count;
    if (!csro_file_read(file, ion * csro_epos_record + byte_v_dc, 4, bytes))
      return csro_file_fail_read(context, file, errno);
    uint32_t bits = csro_big32(bytes);
    memcpy(&values[found], &bits, 4);
    found += isfinite(values[found]) && values[found] != 0;
  }
  qsort(values, found, sizeof *values, compare_floats);
  if (found > 0)
    *median = values[found / 2];
  return CSRO_OK;
}

/* Specimens evaporate between some 0.5 and 15 kV. */
static csro_status tell_unit(csro_context *context, const csro_file *file, csro_ions *ions) {
  float median;
  csro_status status = median_voltage(context, file, ions->total, &median);
  if (status != CSRO_OK || median == 0)
    return status;
  bool volts = fabsf(median) > 100;
  strcpy(ions->columns[column_v_dc].unit, volts ? "V" : "kV");
  if (volts)
    return CSRO_OK;
  return csro_ions_note(context, ions, "V_DC is in kV (its median is %g), not in V as usual",
                        (double)median);
}

csro_status csro_epos_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions) {
  static const csro_record_format format = {.ending = ".epos",
                                            .size = csro_epos_record,
                                            .columns = csro_epos_columns,
                                            .foreign = looks_like_floats};
  static const char *const units[csro_epos_columns] = {"ns", "", "", "mm", "mm", "", ""};
  csro_status status = csro_records_open(context, file, &format, part, parts, ions);
  for (int c = 0; c < csro_epos_columns && status == CSRO_OK; c++)
    if (!csro_ions_add_column(context, ions, csro_epos_names[c], units[c],
                              c < csro_epos_floats ? CSRO_COLUMN_FLOAT32 : CSRO_COLUMN_INT32, 1))
      status = CSRO_ERROR_MEMORY;
  if (status == CSRO_OK)
    status = tell_unit(context, file, ions);
  return status == CSRO_OK ? csro_records_read(context, file, &format, ions) : status;
}
