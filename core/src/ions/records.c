#include "ions/records.h"

#include "base/progress.h"
#include "csro/share.h"
#include "file/bytes.h"

#include <errno.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { block_bytes = 1 << 18, sample_ions = 4096 };

/* No coordinate [nm] or mass [Da] of a specimen is outside of this. */
static bool is_plausible(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return fabsf(value) >= 1e-6f && fabsf(value) <= 1e6f;
}

/* The NaN and the infinity that programs write. */
static bool is_usual_undefined(uint32_t bits) {
  return (bits & 0x7fffffffu) == 0x7fc00000u || (bits & 0x7fffffffu) == 0x7f800000u;
}

static uint32_t get32(const csro_record_format *format, const unsigned char *p) {
  return format->little_endian ? csro_little32(p) : csro_big32(p);
}

/* Where x, y, z and m/q stand in a record. */
static int offset_of(const csro_record_format *format, int axis) {
  static const int behind_shorts[4] = {0, 2, 4, 8};
  return format->short_xy ? behind_shorts[axis] : 4 * axis;
}

/* x, y, z or m/q of a record, as the bits of a float32 in nm or Da. */
static uint32_t get_value(const csro_record_format *format, const unsigned char *record, int axis) {
  const unsigned char *p = record + offset_of(format, axis);
  uint32_t bits;
  float value;
  if (format->short_xy && axis < 2) {
    uint32_t both = get32(format, record);
    bool is_low = (axis == 0) == format->little_endian;
    value = (float)(0.01 * (int16_t)(is_low ? both & 0xffffu : both >> 16));
  } else {
    bits = get32(format, p);
    if (!format->angstroms || axis == 3)
      return bits;
    memcpy(&value, &bits, sizeof value);
    value = (float)(0.1 * (double)value);
  }
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/* What is wrong with the first positions and masses, or NULL. A swapped float has an exponent of
 * random bits: most values are then out of all bounds, and all become plausible in the other order.
 */
static const char *examine_values(const csro_record_format *format, const unsigned char *records,
                                  int64_t count) {
  csro_record_format swapped = *format;
  swapped.little_endian = !format->little_endian;
  int64_t values = 0, plausible = 0, otherwise = 0;
  for (int64_t i = 0; i < count; i++)
    for (int axis = format->short_xy ? 2 : 0; axis < 4; axis++) { /* every int16 is plausible */
      uint32_t bits = get_value(format, records + i * format->size, axis);
      if ((bits & 0x7fffffffu) == 0 || bits == 0x80 || is_usual_undefined(bits))
        continue; /* these tell nothing */
      values++;
      plausible += is_plausible(bits);
      otherwise += is_plausible(get_value(&swapped, records + i * format->size, axis));
    }
  if (2 * plausible >= values)
    return NULL;
  if (20 * otherwise < 19 * values)
    return "most numbers are no positions and masses, whose magnitudes are 1e-6 to 1e6";
  return format->little_endian ? "big-endian numbers, expected little-endian as in the header (the "
                                 "values make sense only with their bytes swapped)"
                               : "little-endian numbers, expected big-endian (the values make "
                                 "sense only with their bytes swapped)";
}

/* Every part looks at the start of the file, so that all parts say the same. */
static csro_status check_start(csro_context *context, const csro_file *file,
                               const csro_record_format *format) {
  int64_t ions = (file->size - format->head) / format->size,
          count = ions < sample_ions ? ions : sample_ions;
  unsigned char *start = csro_allocate(context, count, (size_t)format->size);
  if (!start)
    return CSRO_ERROR_MEMORY;
  csro_status status = CSRO_OK;
  const char *problem = NULL;
  if (!csro_file_read(file, format->head, count * format->size, start))
    status = csro_file_fail_read(context, file, errno);
  else if (memcmp(start, "APT", 4) == 0)
    problem = "the start of an .apt file";
  else if (!(problem = examine_values(format, start, count)) && format->foreign)
    problem = format->foreign(start, count * format->size, file->size);
  free(start);
  if (problem)
    status = csro_fail(context, CSRO_ERROR_FORMAT, "%s: byte %d: %s; this is no %s file",
                       file->path, format->head, problem, format->ending);
  return status;
}

csro_status csro_records_open(csro_context *context, const csro_file *file,
                              const csro_record_format *format, int part, int parts,
                              csro_ions *ions) {
  const int64_t size = file->size - format->head, rest = size % format->size;
  if (file->size == 0)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: empty file, expected records of %d bytes",
                     file->path, format->size);
  if (size <= 0)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: %lld bytes, expected records of %d bytes behind a header of %d",
                     file->path, (long long)file->size, format->size, format->head);
  if (rest != 0)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: %lld bytes%s, expected a multiple of %d: the last record (byte %lld) is "
                     "cut off, or this is no %s file",
                     file->path, (long long)size, format->head > 0 ? " behind the header" : "",
                     format->size, (long long)(file->size - rest), format->ending);
  csro_status status = check_start(context, file, format);
  if (status != CSRO_OK)
    return status;
  ions->total = size / format->size;
  csro_share(ions->total, part, parts, &ions->first, &ions->count);
  ions->xyz = csro_allocate(context, ions->count, 3 * sizeof(float));
  ions->mass = csro_allocate(context, ions->count, sizeof(float));
  return ions->xyz && ions->mass ? CSRO_OK : CSRO_ERROR_MEMORY;
}

/* Puts `count` records into the arrays from ion `begin` on. */
static void decode(const csro_record_format *format, const unsigned char *records, int64_t begin,
                   int64_t count, const csro_ions *ions) {
  float *xyz = (float *)ions->xyz + 3 * begin, *mass = (float *)ions->mass + begin;
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits[4];
    for (int k = 0; k < 4; k++)
      bits[k] = get_value(format, records + format->size * i, k);
    memcpy(xyz + 3 * i, bits, 12);
    memcpy(mass + i, bits + 3, 4);
  }
  for (int c = 0; c < format->columns; c++) { /* float32 and int32 are 4 bytes alike */
    const unsigned char *p = records + 16 + 4 * c;
    char *out = (char *)ions->columns[c].data + 4 * begin;
    for (int64_t i = 0; i < count; i++) {
      uint32_t bits = get32(format, p + format->size * i);
      memcpy(out + 4 * i, &bits, 4);
    }
  }
}

static csro_status read_blocks(csro_context *context, const csro_file *file,
                               const csro_record_format *format, const csro_ions *ions,
                               unsigned char *buffers) {
  const int64_t count = ions->count, block = block_bytes / format->size;
  int failure = -1; /* errno of a failed read */
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t begin = 0; begin < count; begin += block) {
    int64_t n = count - begin < block ? count - begin : block;
    unsigned char *buffer = buffers + (int64_t)omp_get_thread_num() * block_bytes;
    if (csro_progress_add(&progress, n))
      continue;
    int64_t byte = format->head + (ions->first + begin) * format->size;
    if (!csro_file_read(file, byte, n * format->size, buffer)) {
#pragma omp atomic write
      failure = errno;
      continue;
    }
    decode(format, buffer, begin, n, ions);
  }
  if (failure >= 0)
    return csro_file_fail_read(context, file, failure);
  return csro_progress_end(&progress);
}

csro_status csro_records_read(csro_context *context, const csro_file *file,
                              const csro_record_format *format, csro_ions *ions) {
  unsigned char *buffers = csro_allocate(context, context->threads, block_bytes);
  if (!buffers)
    return CSRO_ERROR_MEMORY;
  csro_status status = read_blocks(context, file, format, ions, buffers);
  free(buffers);
  if (status != CSRO_OK)
    return status;
  csro_odd_ions odd = csro_ions_examine(context, ions);
  return csro_ions_mark_byte(context, ions, odd,
                             format->head + (ions->first + odd.first) * format->size +
                                 offset_of(format, odd.axis));
}
