/* .pos: records of four big-endian float32, x, y, z [nm] and m/q [Da]. */
#include "file/bytes.h"
#include "ions/epos.h"
#include "ions/records.h"

/* In .epos records every 10th and 11th number is a small integer, as a float32 denormal or zero. */
static const char *looks_like_epos(const unsigned char *start, int64_t size, int64_t file_size) {
  int64_t records = size / csro_epos_record, integers = 0;
  for (int64_t i = 0; i < records; i++) {
    uint32_t pulses = csro_big32(start + csro_epos_record * i + 36),
             ions = csro_big32(start + csro_epos_record * i + 40);
    if (pulses >= 1u << 23 || ions >= 1u << 23)
      return NULL;
    integers += ions > 0;
  }
  return file_size % csro_epos_record == 0 && integers > 0 ? "records of 44 bytes as in .epos files"
                                                           : NULL;
}

csro_status csro_pos_read(csro_context *context, const csro_file *file, int part, int parts,
                          csro_ions *ions) {
  static const csro_record_format format = {
      .ending = ".pos", .size = 16, .foreign = looks_like_epos};
  csro_status status = csro_records_open(context, file, &format, part, parts, ions);
  return status == CSRO_OK ? csro_records_read(context, file, &format, ions) : status;
}
