/* .pos and .epos: big-endian records. */
#include "file/bytes.h"
#include "ions/epos.h"
#include "ions/write_ions.h"

#include <string.h>

static void put_float(double value, unsigned char *out) {
  float narrow = (float)value;
  uint32_t bits;
  memcpy(&bits, &narrow, 4);
  csro_put_big32(bits, out);
}

static void put_ion(const csro_ions *ions, int64_t i, unsigned char *out) {
  for (int k = 0; k < 4; k++)
    put_float(csro_ion_value(ions, i, k), out + 4 * k);
}

static size_t encode_pos(const csro_ions *ions, int64_t begin, int64_t count, char *out) {
  for (int64_t i = 0; i < count; i++)
    put_ion(ions, begin + i, (unsigned char *)out + 16 * i);
  return 16 * (size_t)count;
}

static void put_column(const csro_column *column, bool is_float, int64_t i, unsigned char *out) {
  uint32_t bits;
  if (column->type == CSRO_COLUMN_FLOAT32 && is_float) { /* every bit of a NaN too */
    memcpy(&bits, (const float *)column->data + i, 4);
    csro_put_big32(bits, out);
  } else if (is_float) {
    put_float(csro_column_value(column, i), out);
  } else {
    csro_put_big32((uint32_t)(int32_t)csro_column_value(column, i), out);
  }
}

static size_t encode_epos(const csro_ions *ions, int64_t begin, int64_t count, char *out) {
  unsigned char *records = (unsigned char *)out;
  memset(out, 0, csro_epos_record * (size_t)count);
  for (int64_t i = 0; i < count; i++)
    put_ion(ions, begin + i, records + csro_epos_record * i);
  for (int c = 0; c < csro_epos_columns; c++) {
    const csro_column *column = csro_ions_find_column(ions, csro_epos_names[c]);
    for (int64_t i = 0; column && i < count; i++)
      put_column(column, c < csro_epos_floats, begin + i,
                 records + csro_epos_record * i + 16 + 4 * c);
  }
  return csro_epos_record * (size_t)count;
}

const csro_ion_encoder csro_pos_encoder = {
    .ending = ".pos", .float32 = true, .fixed_bytes = 16, .encode = encode_pos};

const csro_ion_encoder csro_epos_encoder = {
    .ending = ".epos", .float32 = true, .fixed_bytes = csro_epos_record, .encode = encode_epos};
