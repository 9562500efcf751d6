#include "ions/write_ions.h"

#include "base/progress.h"
#include "csro/nexus.h"
#include "file/atomic_file.h"
#include "file/file.h"
#include "ions/epos.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { block_bytes = 1 << 20 };

/* The largest double that rounds to a finite float32. */
static const double largest_float = 0x1.fffffefffffffp127;

/* Readers refuse what is not finite, so it must not be written. */
static csro_status check_values(csro_context *context, const csro_ions *ions,
                                const csro_ion_encoder *encoder, const char *path) {
  static const char *const names[] = {"x", "y", "z", "mass-to-charge"};
  const bool float32 = encoder->float32;
  const double most = float32 ? largest_float : DBL_MAX;
  const int numbers = ions->mass ? 4 : 3;
  if (!ions->mass && !encoder->needs_no_mass)
    return csro_fail(context, CSRO_ERROR_DATA,
                     "%s: the ions have no mass-to-charge, expected one of each (.xyz, .extxyz and "
                     ".dump do without)",
                     path);
  int64_t bad = 4 * ions->count;
#pragma omp parallel for num_threads(context->threads) reduction(min : bad)
  for (int64_t i = 0; i < ions->count; i++)
    for (int k = 0; k < numbers; k++)
      if (!(fabs(csro_ion_value(ions, i, k)) <= most) && 4 * i + k < bad)
        bad = 4 * i + k;
  if (bad == 4 * ions->count)
    return CSRO_OK;
  return csro_fail(
      context, CSRO_ERROR_DATA, "%s: %s of ion %lld (from 0) is %g, expected a finite number%s",
      path, names[bad % 4], (long long)(ions->first + bad / 4),
      csro_ion_value(ions, bad / 4, (int)(bad % 4)), float32 ? " that float32 can hold" : "");
}

/* The columns that .epos stores must fit its types. */
static csro_status check_columns(csro_context *context, const csro_ions *ions, const char *path) {
  for (int c = 0; c < csro_epos_columns; c++) {
    const csro_column *column = csro_ions_find_column(ions, csro_epos_names[c]);
    const double low = c < csro_epos_floats ? -largest_float : INT32_MIN,
                 high = c < csro_epos_floats ? largest_float : INT32_MAX;
    for (int64_t i = 0; column && i < ions->count; i++) {
      double value = csro_column_value(column, i);
      bool fits = c < csro_epos_floats ? !isfinite(value) || (value >= low && value <= high)
                                       : value >= low && value <= high && value == floor(value);
      if (!fits)
        return csro_fail(context, CSRO_ERROR_DATA,
                         "%s: %s of ion %lld (from 0) is %g, expected a number that %s can hold",
                         path, column->name, (long long)(ions->first + i), value,
                         c < csro_epos_floats ? "float32" : "int32");
    }
  }
  return CSRO_OK;
}

static csro_status check_species(csro_context *context, const csro_ions *ions, const char *path) {
  for (int64_t i = 0; ions->species && i < ions->count; i++)
    if (ions->species[i] > ions->species_count)
      return csro_fail(context, CSRO_ERROR_DATA,
                       "%s: species of ion %lld (from 0) is %d, there are %d names", path,
                       (long long)(ions->first + i), ions->species[i], ions->species_count);
  return CSRO_OK;
}

/* LAMMPS takes a box whose first edge is along x, and the second in the plane of x and y. */
static csro_status check_box(csro_context *context, const csro_ions *ions, const char *path) {
  const double *box = ions->box;
  if (!ions->has_box)
    return csro_fail(
        context, CSRO_ERROR_DATA,
        "%s: the ions have no periodic box (CSRO_Box), which .dump needs (.extxyz does "
        "without)",
        path);
  if (box[1] == 0 && box[2] == 0 && box[5] == 0 && box[0] > 0 && box[4] > 0 && box[8] > 0)
    return CSRO_OK;
  return csro_fail(context, CSRO_ERROR_DATA,
                   "%s: the box has the edges (%g %g %g), (%g %g %g), (%g %g %g) nm, .dump needs "
                   "the first one along x and the second one across z (.extxyz takes any)",
                   path, box[0], box[1], box[2], box[3], box[4], box[5], box[6], box[7], box[8]);
}

static int64_t bytes_per_ion(const csro_ion_encoder *encoder, const csro_ions *ions) {
  int64_t bytes = encoder->fixed_bytes;
  for (int c = 0; c < ions->column_count; c++)
    bytes += (int64_t)encoder->bytes_per_value * ions->columns[c].components;
  return bytes;
}

/* In the C locale. */
static csro_status write_head(csro_context *context, const csro_ion_encoder *encoder,
                              const csro_ions *ions, const csro_replacement *file) {
  if (!encoder->head)
    return CSRO_OK;
  size_t size = encoder->head(ions, NULL);
  char *text = csro_allocate(context, (long long)size + 1, 1);
  if (!text)
    return CSRO_ERROR_MEMORY;
  encoder->head(ions, text);
  csro_status status = csro_replacement_write(context, file, text, size);
  free(text);
  return status;
}

/* The threads encode one block each, which are then written in their order. */
static csro_status write_blocks(csro_context *context, const csro_ion_encoder *encoder,
                                const csro_ions *ions, locale_t c_locale,
                                const csro_replacement *file) {
  const int64_t per_ion = bytes_per_ion(encoder, ions);
  const int64_t block = per_ion < block_bytes ? block_bytes / per_ion : 1;
  const int threads = context->threads;
  char *buffers = csro_allocate(context, threads, (size_t)(block * per_ion));
  size_t *sizes = csro_allocate(context, threads, sizeof *sizes);
  csro_status status = buffers && sizes ? CSRO_OK : CSRO_ERROR_MEMORY;
  csro_progress progress;
  csro_progress_start(&progress, context, ions->count, 0, 1);
  bool cancelled = false;
  for (int64_t first = 0; first < ions->count && status == CSRO_OK && !cancelled;
       first += block * threads) {
#pragma omp parallel for num_threads(threads)
    for (int t = 0; t < threads; t++) {
      int64_t begin = first + t * block, left = ions->count - begin;
      int64_t count = left < 0 ? 0 : left < block ? left : block;
      locale_t before = uselocale(c_locale);
      sizes[t] = encoder->encode(ions, begin, count, buffers + t * block * per_ion);
      uselocale(before);
    }
    for (int t = 0; t < threads && status == CSRO_OK; t++)
      status = csro_replacement_write(context, file, buffers + t * block * per_ion, sizes[t]);
    cancelled = csro_progress_add(&progress, block * threads);
  }
  free(buffers);
  free(sizes);
  return status == CSRO_OK ? csro_progress_end(&progress) : status;
}

static csro_status write_text(csro_context *context, const csro_ion_encoder *encoder,
                              const csro_ions *ions, bool with_head, const csro_replacement *file) {
  const locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (c_locale == (locale_t)0)
    return csro_fail(context, CSRO_ERROR_MEMORY, "out of memory: C locale");
  csro_status status = CSRO_OK;
  if (with_head) {
    const locale_t before = uselocale(c_locale);
    status = write_head(context, encoder, ions, file);
    uselocale(before);
  }
  if (status == CSRO_OK)
    status = write_blocks(context, encoder, ions, c_locale, file);
  freelocale(c_locale);
  return status;
}

csro_status csro_ions_check_written(csro_context *context, const csro_ion_encoder *encoder,
                                    const csro_ions *ions, const char *path) {
  if (ions->count == 0)
    return csro_fail(context, CSRO_ERROR_DATA, "%s: there are no ions to write", path);
  csro_status status = check_values(context, ions, encoder, path);
  if (status == CSRO_OK && encoder == &csro_epos_encoder)
    status = check_columns(context, ions, path);
  if (status == CSRO_OK && encoder == &csro_dump_encoder)
    status = check_box(context, ions, path);
  return status == CSRO_OK ? check_species(context, ions, path) : status;
}

const csro_ion_encoder csro_nexus_encoder = {.ending = ".nxs"};

static const csro_ion_encoder *find_encoder(const char *path) {
  static const csro_ion_encoder *const encoders[] = {
      &csro_pos_encoder,    &csro_epos_encoder, &csro_text_encoder, &csro_xyz_encoder,
      &csro_extxyz_encoder, &csro_dump_encoder, &csro_nexus_encoder};
  for (size_t i = 0; i < sizeof encoders / sizeof *encoders; i++)
    if (strcasecmp(csro_file_ending(path), encoders[i]->ending) == 0)
      return encoders[i];
  return NULL;
}

csro_status csro_ions_write_part(csro_context *context, const csro_ions *ions, const char *path,
                                 char **temporary) {
  const csro_ion_encoder *encoder = find_encoder(path);
  if (!encoder)
    return csro_fail(
        context, CSRO_ERROR_ARGUMENT,
        "%s: unknown ending '%s', ions are written as .pos, .epos, .csv, .xyz, .extxyz, "
        ".dump or .nxs",
        path, csro_file_ending(path));
  if (!encoder->encode)
    return csro_nexus_write_part(context, ions, NULL, path, temporary);
  csro_status status = csro_ions_check_written(context, encoder, ions, path);
  if (status != CSRO_OK)
    return status;
  csro_replacement file;
  if (*temporary) {
    status = csro_replacement_resume(context, path, *temporary, &file);
  } else {
    status = csro_replacement_open(context, path, &file);
  }
  if (status == CSRO_OK)
    status = write_text(context, encoder, ions, *temporary == NULL, &file);
  return csro_replacement_leave(context, &file, status, temporary);
}

csro_status csro_ions_write_end(csro_context *context, const char *path, char **temporary,
                                csro_status status) {
  status = csro_replacement_finish(context, path, *temporary, status);
  free(*temporary);
  *temporary = NULL;
  return status;
}

csro_status csro_ions_write(csro_context *context, const csro_ions *ions, const char *path) {
  char *temporary = NULL;
  csro_ions all = *ions;
  all.total = ions->count;
  csro_status status = csro_ions_write_part(context, &all, path, &temporary);
  return csro_ions_write_end(context, path, &temporary, status);
}
