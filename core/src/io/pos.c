/* .pos: records of four big-endian float32, x, y, z [nm] and m/q [Da]. */
#include "base/progress.h"
#include "io/read_ions.h"

#include <errno.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { record_size = 16, block_ions = 16384, sample_ions = 4096 };

static uint32_t big_endian(const unsigned char *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t little_endian(const unsigned char *p) {
  return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* No coordinate [nm] or mass [Da] of a specimen is outside of this. */
static bool is_plausible(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return fabsf(value) >= 1e-6f && fabsf(value) <= 1e6f;
}

/* A swapped float has an exponent of random bits: most values are then out of all bounds, and all
 * become plausible in the other order. */
static bool is_little_endian(const unsigned char *records, int64_t count) {
  int64_t values = 0, big = 0, little = 0;
  for (int64_t i = 0; i < 4 * count; i++) {
    uint32_t bits = big_endian(records + 4 * i);
    if ((bits & 0x7fffffffu) == 0 || bits == 0x80)
      continue; /* zeros tell nothing */
    values++;
    big += is_plausible(bits);
    little += is_plausible(little_endian(records + 4 * i));
  }
  return 2 * big < values && 20 * little >= 19 * values;
}

/* Every part looks at the start of the file, so that all parts say the same. */
static csro_status check_byte_order(csro_context *context, const csro_file *file) {
  int64_t ions = file->size / record_size, count = ions < sample_ions ? ions : sample_ions;
  unsigned char *sample = csro_allocate(context, count, record_size);
  if (!sample)
    return CSRO_ERROR_MEMORY;
  csro_status status = CSRO_OK;
  if (!csro_file_read(file, 0, count * record_size, sample))
    status = csro_file_fail_read(context, file, errno);
  else if (is_little_endian(sample, count))
    status = csro_fail(context, CSRO_ERROR_FORMAT,
                       "%s: byte 0: little-endian numbers, expected big-endian (the values make "
                       "sense only with their bytes swapped)",
                       file->path);
  free(sample);
  return status;
}

/* Returns the first ion with a value that is not finite, or count. */
static int64_t decode(const unsigned char *records, int64_t count, float *xyz, float *mass) {
  uint32_t highest = 0;
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits[4];
    for (int k = 0; k < 4; k++) {
      bits[k] = big_endian(records + record_size * i + 4 * k);
      uint32_t exponent = bits[k] & 0x7f800000u;
      highest = exponent > highest ? exponent : highest;
    }
    memcpy(xyz + 3 * i, bits, 12);
    memcpy(mass + i, bits + 3, 4);
  }
  if (highest < 0x7f800000u)
    return count;
  for (int64_t i = 0; i < count; i++)
    if (!isfinite(xyz[3 * i]) || !isfinite(xyz[3 * i + 1]) || !isfinite(xyz[3 * i + 2]) ||
        !isfinite(mass[i]))
      return i;
  return count;
}

static csro_status fail_value(csro_context *context, const csro_file *file, const csro_ions *ions,
                              int64_t i) {
  static const char *const names[] = {"x", "y", "z", "mass-to-charge"};
  const float *xyz = (const float *)ions->xyz + 3 * i;
  float values[] = {xyz[0], xyz[1], xyz[2], ((const float *)ions->mass)[i]};
  int k = 0;
  while (k < 3 && isfinite(values[k]))
    k++;
  return csro_fail(context, CSRO_ERROR_FORMAT,
                   "%s: byte %lld: %s of ion %lld (from 0) is %f, expected a finite number",
                   file->path, (long long)((ions->first + i) * record_size + 4 * k), names[k],
                   (long long)(ions->first + i), (double)values[k]);
}

static csro_status read_records(csro_context *context, const csro_file *file, csro_ions *ions,
                                unsigned char *buffers) {
  float *xyz = ions->xyz, *mass = ions->mass;
  int64_t count = ions->count, first = ions->first, bad = count;
  int failure = -1; /* errno of a failed read */
  csro_progress progress;
  csro_progress_start(&progress, context, count, 0, 1);
#pragma omp parallel for num_threads(context->threads)
  for (int64_t begin = 0; begin < count; begin += block_ions) {
    int64_t size = count - begin < block_ions ? count - begin : block_ions;
    unsigned char *buffer = buffers + (int64_t)omp_get_thread_num() * block_ions * record_size;
    if (csro_progress_add(&progress, size))
      continue;
    if (!csro_file_read(file, (first + begin) * record_size, size * record_size, buffer)) {
#pragma omp atomic write
      failure = errno;
      continue;
    }
    int64_t stop = decode(buffer, size, xyz + 3 * begin, mass + begin);
    if (stop < size) {
#pragma omp critical(csro_pos_bad)
      bad = begin + stop < bad ? begin + stop : bad;
    }
  }
  if (failure >= 0)
    return csro_file_fail_read(context, file, failure);
  csro_status status = csro_progress_end(&progress);
  return status == CSRO_OK && bad < count ? fail_value(context, file, ions, bad) : status;
}

csro_status csro_pos_read(csro_context *context, const csro_file *file, int part, int parts,
                          csro_ions *ions) {
  if (file->size == 0)
    return csro_fail(context, CSRO_ERROR_FORMAT, "%s: empty file, expected records of 16 bytes",
                     file->path);
  if (file->size % record_size != 0)
    return csro_fail(
        context, CSRO_ERROR_FORMAT,
        "%s: %lld bytes, expected a multiple of 16: the last record (byte %lld) is cut "
        "off, or this is no .pos file",
        file->path, (long long)file->size, (long long)(file->size - file->size % record_size));
  csro_status status = check_byte_order(context, file);
  if (status != CSRO_OK)
    return status;
  ions->total = file->size / record_size;
  csro_file_share(ions->total, part, parts, &ions->first, &ions->count);
  ions->xyz = csro_allocate(context, ions->count, 3 * sizeof(float));
  ions->mass = csro_allocate(context, ions->count, sizeof(float));
  unsigned char *buffers =
      csro_allocate(context, context->threads, (size_t)block_ions * record_size);
  status = ions->xyz && ions->mass && buffers ? read_records(context, file, ions, buffers)
                                              : CSRO_ERROR_MEMORY;
  free(buffers);
  return status;
}
