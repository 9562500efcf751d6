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

/* What is wrong with the first positions and masses, or NULL. A swapped float has an exponent of
 * random bits: most values are then out of all bounds, and all become plausible in the other order.
 */
static const char *examine_values(const unsigned char *records, int64_t count, int record_size) {
  int64_t values = 0, big = 0, little = 0;
  for (int64_t i = 0; i < 4 * count; i++) {
    const unsigned char *p = records + i / 4 * record_size + 4 * (i % 4);
    uint32_t bits = csro_big32(p);
    if ((bits & 0x7fffffffu) == 0 || bits == 0x80 || is_usual_undefined(bits))
      continue; /* these tell nothing */
    values++;
    big += is_plausible(bits);
    little += is_plausible(csro_little32(p));
  }
  if (2 * big >= values)
    return NULL;
  return 20 * little >= 19 * values
             ? "little-endian numbers, expected big-endian (the values make sense only with their "
               "bytes swapped)"
             : "most numbers are no positions and masses, whose magnitudes are 1e-6 to 1e6";
}

/* Every part looks at the start of the file, so that all parts say the same. */
static csro_status check_start(csro_context *context, const csro_file *file,
                               const csro_record_format *format) {
  int64_t ions = file->size / format->size, count = ions < sample_ions ? ions : sample_ions;
  unsigned char *start = csro_allocate(context, count, (size_t)format->size);
  if (!start)
    return CSRO_ERROR_MEMORY;
  csro_status status = CSRO_OK;
  const char *problem = NULL;
  if (!csro_file_read(file, 0, count * format->size, start))
    status = csro_file_fail_read(context, file, errno);
  else if (memcmp(start, "APT", 4) == 0)
    problem = "the start of an .apt file";
  else if (!(problem = examine_values(start, count, format->size)))
    problem = format->foreign(start, count * format->size, file->size);
  free(start);
  if (problem)
    status = csro_fail(context, CSRO_ERROR_FORMAT, "%s: byte 0: %s; this is no %s file", file->path,
                       problem, format->ending);
  return status;
}

csro_status csro_records_open(csro_context *context, const csro_file *file,
                              const csro_record_format *format, int part, int parts,
                              csro_ions *ions) {
  int64_t rest = file->size % format->size;
  if (file->size == 0)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: empty file, expected records of %d bytes",
                     file->path, format->size);
  if (rest != 0)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: %lld bytes, expected a multiple of %d: the last record (byte %lld) is "
                     "cut off, or this is no %s file",
                     file->path, (long long)file->size, format->size,
                     (long long)(file->size - rest), format->ending);
  csro_status status = check_start(context, file, format);
  if (status != CSRO_OK)
    return status;
  ions->total = file->size / format->size;
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
      bits[k] = csro_big32(records + format->size * i + 4 * k);
    memcpy(xyz + 3 * i, bits, 12);
    memcpy(mass + i, bits + 3, 4);
  }
  for (int c = 0; c < format->columns; c++) { /* float32 and int32 are 4 bytes alike */
    const unsigned char *p = records + 16 + 4 * c;
    char *out = (char *)ions->columns[c].data + 4 * begin;
    for (int64_t i = 0; i < count; i++) {
      uint32_t bits = csro_big32(p + format->size * i);
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
    if (!csro_file_read(file, (ions->first + begin) * format->size, n * format->size, buffer)) {
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
                             (ions->first + odd.first) * format->size + 4 * odd.axis);
}
