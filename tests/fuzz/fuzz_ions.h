/* The readers of ion files. */
#ifndef FUZZ_IONS_H
#define FUZZ_IONS_H

#include "fuzz.h"
#include "ions/ion_readers.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* A file without a name that holds the input; the same one every time. */
static inline csro_file fuzz_file(const uint8_t *data, size_t size) {
  static FILE *stream;
  if (!stream)
    stream = tmpfile();
  FUZZ_CHECK(stream != NULL);
  csro_file file = {.path = "input", .descriptor = fileno(stream), .size = (int64_t)size};
  FUZZ_CHECK(ftruncate(file.descriptor, 0) == 0);
  FUZZ_CHECK(pwrite(file.descriptor, data, size, 0) == (ssize_t)size);
  return file;
}

static inline double fuzz_value(const csro_ions *ions, const void *values, int64_t i) {
  return ions->is_double ? ((const double *)values)[i] : (double)((const float *)values)[i];
}

static inline void fuzz_check_ions(const csro_ions *ions) {
  uint64_t sum = 0;
  FUZZ_CHECK(ions->count >= 0 && ions->first >= 0);
  FUZZ_CHECK(ions->total == 0 || ions->first + ions->count <= ions->total);
  for (int64_t i = 0; i < 3 * ions->count; i++)
    FUZZ_CHECK(isfinite(fuzz_value(ions, ions->xyz, i)));
  for (int64_t i = 0; i < ions->count; i++)
    FUZZ_CHECK(!ions->mass || isfinite(fuzz_value(ions, ions->mass, i)));
  for (int c = 0; c < ions->column_count; c++) {
    const csro_column *column = &ions->columns[c];
    FUZZ_CHECK(column->components > 0 && column->name[0] && memchr(column->name, 0, 100));
    size_t bytes =
        (size_t)ions->count * (size_t)column->components * csro_column_size(column->type);
    for (size_t b = 0; b < bytes; b++) /* every byte is there */
      sum += ((const unsigned char *)column->data)[b];
  }
  FUZZ_CHECK(sum < UINT64_MAX);
}

/* What every reader leaves to csro_ions_read_finite: marked ions, and no others, are taken out. */
static inline csro_status fuzz_read_part(csro_read_function read, csro_context *context,
                                         const csro_file *file, int part, int parts,
                                         csro_ions *ions) {
  csro_status status = read(context, file, part, parts, ions);
  if (status != CSRO_OK)
    return status;
  const int64_t count = ions->count, odd = csro_ions_examine(context, ions).count;
  FUZZ_CHECK(ions->left_out == odd && (odd > 0) == (ions->first_left_out != NULL));
  FUZZ_CHECK(csro_ions_leave_out(context, ions) == CSRO_OK);
  FUZZ_CHECK(ions->count + odd == count);
  for (int64_t i = 0; ions->number && i < ions->count; i++)
    FUZZ_CHECK(ions->number[i] >= i && ions->number[i] <= i + odd);
  for (int64_t i = 0; ions->species && i < ions->count; i++)
    FUZZ_CHECK(ions->species[i] <= ions->species_count);
  return CSRO_OK;
}

/* The whole file, and the same in two parts. */
static inline void fuzz_read_named(const char *name, csro_read_function read, const uint8_t *data,
                                   size_t size) {
  csro_context context = fuzz_context();
  csro_file file = fuzz_file(data, size);
  file.path = name; /* of some formats the ending counts */
  csro_ions all = {0};
  csro_status status = fuzz_read_part(read, &context, &file, 0, 1, &all);
  fuzz_check_status(&context, status);
  int64_t next = 0;
  for (int part = 0; status == CSRO_OK && part < 2; part++) {
    csro_ions ions = {0};
    FUZZ_CHECK(fuzz_read_part(read, &context, &file, part, 2, &ions) == CSRO_OK);
    FUZZ_CHECK(ions.total == 0 || (ions.first == next && ions.total == all.count + all.left_out));
    FUZZ_CHECK(ions.column_count == all.column_count);
    fuzz_check_ions(&ions);
    next += ions.count + ions.left_out;
    csro_ions_release(&ions);
  }
  if (status == CSRO_OK) {
    FUZZ_CHECK(next == all.count + all.left_out && next > 0);
    fuzz_check_ions(&all);
  }
  csro_ions_release(&all);
}

static inline void fuzz_read(csro_read_function read, const uint8_t *data, size_t size) {
  fuzz_read_named("input", read, data, size);
}

#endif
