#include "ions/ion_readers.h"

#include "file/file.h"
#include "ions/species_list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static const struct {
  const char *ending;
  csro_read_function read;
} formats[] = {
    {".pos", csro_pos_read},   {".epos", csro_epos_read},   {".ato", csro_ato_read},
    {".apt", csro_apt_read},   {".csv", csro_text_read},    {".txt", csro_text_read},
    {".tsv", csro_text_read},  {".nxs", csro_hdf5_read},    {".h5", csro_hdf5_read},
    {".hdf5", csro_hdf5_read}, {".dump", csro_atoms_read},  {".lammpstrj", csro_atoms_read},
    {".xyz", csro_atoms_read}, {".extxyz", csro_atoms_read}};

enum { format_count = sizeof formats / sizeof *formats };

void csro_ions_release(csro_ions *ions) {
  if (!ions)
    return;
  free(ions->xyz);
  free(ions->mass);
  for (int c = 0; c < ions->column_count; c++)
    free(ions->columns[c].data);
  free(ions->columns);
  free(ions->note);
  free(ions->species);
  free(ions->species_names);
  free(ions->number);
  free(ions->first_left_out);
  memset(ions, 0, sizeof *ions);
}

double csro_ions_expect(const char *path) {
  enum {
    PER_BYTE = 3
  }; /* of the file: a .pos record of 16 bytes becomes 16 and 18 of labels,
        numbers and vertices, a line of text some 50 */
  struct stat file;
  return stat(path, &file) == 0 && S_ISREG(file.st_mode) ? PER_BYTE * (double)file.st_size : 0;
}

static csro_status fail_ending(csro_context *context, const char *path) {
  return csro_fail(
      context, CSRO_ERROR_FORMAT,
      "%s: unknown ending '%s', expected .pos, .epos, .ato, .apt (binary), .csv, .txt, "
      ".tsv (text), .nxs, .h5, .hdf5 (HDF5), .dump, .lammpstrj, .xyz or .extxyz (simulations)",
      path, csro_file_ending(path));
}

static csro_status make_empty_note(csro_context *context, csro_ions *ions) {
  ions->note = csro_allocate(context, 1, 1);
  if (!ions->note)
    return CSRO_ERROR_MEMORY;
  ions->note[0] = 0;
  return CSRO_OK;
}

csro_status csro_ions_settle_species(csro_context *context, const char *path, bool named,
                                     bool too_many, csro_ions *ions) {
  if (named && too_many)
    return csro_fail(context, CSRO_ERROR_FORMAT,
                     "%s: more than %d different names in the column of species", path,
                     csro_most_species);
  if (named || !ions->species)
    return CSRO_OK;
  free(ions->species);
  free(ions->species_names);
  ions->species = NULL;
  ions->species_names = NULL;
  ions->species_count = 0;
  return CSRO_OK;
}

/* What is done alike for all formats. */
static csro_status finish(csro_context *context, const char *path, int parts, csro_ions *ions) {
  csro_status status = ions->note ? CSRO_OK : make_empty_note(context, ions);
  if (status == CSRO_OK && parts == 1)
    status =
        csro_ions_settle_species(context, path, ions->species_named, ions->too_many_species, ions);
  return status == CSRO_OK ? csro_ions_leave_out(context, ions) : status;
}

csro_status csro_ions_read_finite(csro_context *context, const char *path, int part, int parts,
                                  csro_ions *ions) {
  memset(ions, 0, sizeof *ions);
  if (part < 0 || part >= parts)
    return csro_fail(context, CSRO_ERROR_ARGUMENT, "%s: part %d of %d parts does not exist", path,
                     part, parts);
  int format = 0;
  while (format < format_count && strcasecmp(csro_file_ending(path), formats[format].ending) != 0)
    format++;
  if (format == format_count)
    return fail_ending(context, path);
  csro_file file;
  csro_status status = csro_file_open(context, path, &file);
  if (status == CSRO_OK)
    status = formats[format].read(context, &file, part, parts, ions);
  if (status == CSRO_OK)
    status = csro_file_check_unchanged(context, &file);
  if (status == CSRO_OK)
    status = finish(context, path, parts, ions);
  csro_file_close(&file);
  if (status != CSRO_OK)
    csro_ions_release(ions);
  return status;
}

csro_status csro_ions_read(csro_context *context, const char *path, int part, int parts,
                           csro_ions *ions) {
  csro_status status = csro_ions_read_finite(context, path, part, parts, ions);
  if (status != CSRO_OK || ions->left_out == 0)
    return status;
  status = csro_ions_refuse(context, path, ions->left_out, ions->first_left_out);
  csro_ions_release(ions);
  return status;
}
