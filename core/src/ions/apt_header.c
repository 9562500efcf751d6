#include "ions/apt_header.h"

#include "file/bytes.h"

#include <errno.h>
#include <string.h>

static char *put_utf8(uint32_t code, char *out) {
  if (code < 0x80) {
    *out++ = (char)code;
  } else if (code < 0x800) {
    *out++ = (char)(0xc0 | code >> 6);
    *out++ = (char)(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *out++ = (char)(0xe0 | code >> 12);
    *out++ = (char)(0x80 | (code >> 6 & 0x3f));
    *out++ = (char)(0x80 | (code & 0x3f));
  } else {
    *out++ = (char)(0xf0 | code >> 18);
    *out++ = (char)(0x80 | (code >> 12 & 0x3f));
    *out++ = (char)(0x80 | (code >> 6 & 0x3f));
    *out++ = (char)(0x80 | (code & 0x3f));
  }
  return out;
}

/* At most `units` UTF-16 units up to a zero; out has room for 3 bytes of each and a zero. */
static void read_text(const unsigned char *p, int units, char *out) {
  for (int i = 0; i < units; i++) {
    uint32_t code = (uint32_t)p[2 * i] | (uint32_t)p[2 * i + 1] << 8;
    uint32_t low = i + 1 < units ? (uint32_t)p[2 * i + 2] | (uint32_t)p[2 * i + 3] << 8 : 0;
    if (code == 0)
      break;
    if (code >= 0xd800 && code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      i++;
    }
    bool bad = code < 0x20 || code == 0x7f || (code >= 0xd800 && code < 0xe000);
    out = put_utf8(bad ? '?' : code, out);
  }
  *out = 0;
}

csro_status csro_apt_read_header(csro_context *context, const csro_file *file, csro_ions *ions,
                                 int64_t *first_section) {
  unsigned char bytes[csro_apt_header_size];
  if (file->size < csro_apt_header_size)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: %lld bytes, expected an .apt file with a header of %d", file->path,
                     (long long)file->size, csro_apt_header_size);
  if (!csro_file_read(file, 0, sizeof bytes, bytes))
    return csro_file_fail_read(context, file, errno);
  if (memcmp(bytes, "APT", 4) != 0)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte 0: not the letters APT and a zero, this is no .apt file",
                     file->path);
  int64_t header = (int32_t)csro_little32(bytes + 4);
  if (header < csro_apt_header_size || header > file->size)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte 4: a file header of %lld bytes, expected %d up to %lld (the size of "
                     "the file)",
                     file->path, (long long)header, csro_apt_header_size, (long long)file->size);
  int32_t version = (int32_t)csro_little32(bytes + 8);
  ions->total = csro_little64(bytes + 532);
  if (ions->total <= 0 || ions->total > file->size)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: byte 532: %lld ions in a file of %lld bytes",
                     file->path, (long long)ions->total, (long long)file->size);
  *first_section = header;
  if (version == 2)
    return CSRO_OK;
  return csro_ions_note(context, ions, "version %d of the .apt format, known is 2", (int)version);
}

csro_status csro_apt_read_section(csro_context *context, const csro_file *file, int64_t start,
                                  csro_apt_section *section) {
  unsigned char bytes[csro_apt_section_size];
  int64_t left = file->size - start;
  if (left < csro_apt_section_size)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte %lld: the file ends after %lld bytes, expected a section header of "
                     "%d",
                     file->path, (long long)start, (long long)left, csro_apt_section_size);
  if (!csro_file_read(file, start, sizeof bytes, bytes))
    return csro_file_fail_read(context, file, errno);
  if (memcmp(bytes, "SEC", 4) != 0)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte %lld: not the letters SEC and a zero, expected a section header",
                     file->path, (long long)start);
  int64_t header = (int32_t)csro_little32(bytes + 4);
  *section = (csro_apt_section){
      .start = start,
      .data = start + header,
      .data_size = csro_little64(bytes + 140),
      .records = csro_little64(bytes + 132),
      .relationship = csro_little32(bytes + 80),
      .record_type = csro_little32(bytes + 84),
      .data_type = csro_little32(bytes + 88),
      .value_bits = csro_little32(bytes + 92),
      .record_size = (int32_t)csro_little32(bytes + 96),
  };
  read_text(bytes + 12, 32, section->name);
  read_text(bytes + 100, 16, section->unit);
  if (header < csro_apt_section_size || header > left)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte %lld: section '%s' has a header of %lld bytes, expected %d up to "
                     "%lld (the rest of the file)",
                     file->path, (long long)start + 4, section->name, (long long)header,
                     csro_apt_section_size, (long long)left);
  if (section->data_size < 0 || section->data_size > left - header)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: byte %lld: section '%s' has %lld bytes of data, the file has %lld more: "
                     "it is cut off or damaged",
                     file->path, (long long)start + 140, section->name,
                     (long long)section->data_size, (long long)(left - header));
  return CSRO_OK;
}

bool csro_apt_column_type(const csro_apt_section *section, csro_column_type *type) {
  static const struct {
    uint32_t data_type, bits;
    csro_column_type type;
  } known[] = {
      {1, 8, CSRO_COLUMN_INT8},     {1, 16, CSRO_COLUMN_INT16},  {1, 32, CSRO_COLUMN_INT32},
      {1, 64, CSRO_COLUMN_INT64},   {2, 8, CSRO_COLUMN_UINT8},   {2, 16, CSRO_COLUMN_UINT16},
      {2, 32, CSRO_COLUMN_UINT32},  {2, 64, CSRO_COLUMN_UINT64}, {3, 32, CSRO_COLUMN_FLOAT32},
      {3, 64, CSRO_COLUMN_FLOAT64},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (known[i].data_type == section->data_type && known[i].bits == section->value_bits) {
      *type = known[i].type;
      return true;
    }
  return false;
}
