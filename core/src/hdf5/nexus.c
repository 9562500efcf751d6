#include "csro/nexus.h"

#include "base/progress.h"
#include "csro/version.h"
#include "file/atomic_file.h"
#include "hdf5/h5_write.h"
#include "ions/write_ions.h"
#include "ranges/elements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { block_rows = 1 << 18, hash_length = 32, longest_path = 300 };

#define ATOM_PROBE "entry1/atom_probe1"
#define POSITIONS ATOM_PROBE "/reconstruction/reconstructed_positions"
#define MASSES ATOM_PROBE "/mass_to_charge_conversion/mass_to_charge"
#define PEAKS ATOM_PROBE "/ranging/peak_identification"
#define LABELS PEAKS "/iontypes"
#define COLUMNS ATOM_PROBE "/ion_data"
#define PROVENANCE ATOM_PROBE "/provenance"

/* A name in a folder, without what parts paths. */
static const char *name_in(const char *folder, const char *name, char out[longest_path]) {
  snprintf(out, longest_path, "%s/%s", folder, name[0] && name[0] != '.' ? name : "unnamed");
  for (char *c = out + strlen(folder) + 1; *c; c++)
    if (*c == '/')
      *c = '_';
  return out;
}

static void put_text(csro_h5_out *out, const char *path, const char *text) {
  csro_h5_put_texts(out, path, 0, 1, &text);
}

static void put_whole(csro_h5_out *out, const char *path, csro_column_type type, uint32_t value) {
  const int8_t small = (int8_t)value;
  csro_h5_put_numbers(out, path, type, 0, 1, 1,
                      type == CSRO_COLUMN_INT8 ? (const void *)&small : &value);
}

static void put_process(csro_h5_out *out, const char *path, const char *class_name) {
  char program[longest_path];
  csro_h5_put_group(out, path, class_name);
  csro_h5_put_group(out, name_in(path, "program1", program), "NXprogram");
  strcat(program, "/program");
  put_text(out, program, "APT-CSRO");
  csro_h5_put_attribute(out, program, "version", csro_version());
}

/* Z + 256 N of each atom, the heaviest first, with N = 255 where the isotope is not known. Returns
 * the number of atoms, 0 where not all are elements. */
static int list_nuclides(const csro_species *species, uint16_t hash[hash_length],
                         uint16_t list[hash_length][2]) {
  int atoms = 0;
  memset(hash, 0, hash_length * sizeof *hash);
  memset(list, 0, hash_length * sizeof *list);
  for (int c = 0; c < species->components; c++) {
    const csro_component *part = &species->component[c];
    const int protons = csro_element_find(part->symbol, strlen(part->symbol));
    const int neutrons = part->isotope > 0 ? part->isotope - protons : 255;
    if (protons <= 0 || neutrons < 0 || neutrons > 255 || atoms + part->count > hash_length)
      return 0;
    for (int k = 0; k < part->count; k++) {
      int place = atoms++;
      const uint16_t value = (uint16_t)(protons + 256 * neutrons);
      for (; place > 0 && hash[place - 1] % 256 < protons; place--)
        hash[place] = hash[place - 1];
      hash[place] = value;
    }
  }
  for (int k = 0; k < atoms; k++) {
    const bool is_known = hash[k] / 256 != 255;
    list[k][0] = (uint16_t)(is_known ? hash[k] / 256 + hash[k] % 256 : 0); /* mass number */
    list[k][1] = hash[k] % 256;
  }
  return atoms;
}

static void put_ion(csro_h5_out *out, const csro_ranges *ranges, int index, double *ends,
                    int *most_atoms) {
  const csro_species *species = &ranges->species[index];
  uint16_t hash[hash_length], list[hash_length][2];
  char folder[64], path[longest_path];
  const int atoms = list_nuclides(species, hash, list);
  int64_t rows = 0;
  if (atoms == 0)
    memset(hash, 0, sizeof hash), memset(list, 0, sizeof list);
  *most_atoms = atoms > *most_atoms ? atoms : *most_atoms;
  for (int r = 0; r < ranges->count; r++)
    if (ranges->range[r].species == index) {
      ends[2 * rows] = ranges->range[r].lo;
      ends[2 * rows++ + 1] = ranges->range[r].hi;
    }
  snprintf(folder, sizeof folder, "%s/ion%d", PEAKS, index + 1);
  csro_h5_put_group(out, folder, "NXatom");
  put_text(out, name_in(folder, "name", path), species->name);
  csro_h5_put_numbers(out, name_in(folder, "nuclide_hash", path), CSRO_COLUMN_UINT16, 1,
                      hash_length, 1, hash);
  csro_h5_put_numbers(out, name_in(folder, "nuclide_list", path), CSRO_COLUMN_UINT16, 2,
                      hash_length, 2, list);
  put_whole(out, name_in(folder, "charge_state", path), CSRO_COLUMN_INT8,
            (uint32_t)species->charge);
  if (rows == 0)
    return;
  csro_h5_put_numbers(out, name_in(folder, "mass_to_charge_range", path), CSRO_COLUMN_FLOAT64, 2,
                      rows, 2, ends);
  csro_h5_put_attribute(out, path, "units", "Da");
}

static csro_status put_ranges(csro_context *context, csro_h5_out *out, const csro_ranges *ranges,
                              int64_t total) {
  double *ends = csro_allocate(context, 2 * (int64_t)ranges->count, sizeof *ends);
  int most_atoms = 0;
  if (!ends)
    return CSRO_ERROR_MEMORY;
  put_process(out, ATOM_PROBE "/ranging", "NXapm_ranging");
  put_process(out, PEAKS, "NXprocess");
  for (int s = 0; s < ranges->species_count; s++)
    put_ion(out, ranges, s, ends, &most_atoms);
  put_whole(out, PEAKS "/number_of_ion_types", CSRO_COLUMN_UINT32, (uint32_t)ranges->species_count);
  put_whole(out, PEAKS "/maximum_number_of_atoms_per_molecular_ion", CSRO_COLUMN_UINT32,
            (uint32_t)most_atoms);
  csro_h5_put_numbers(out, LABELS, CSRO_COLUMN_UINT16, 1, total, 1, NULL);
  free(ends);
  return CSRO_OK;
}

static void put_lists(csro_h5_out *out, const csro_nexus *about) {
  char path[longest_path];
  csro_h5_put_group(out, PROVENANCE, "NXcollection");
  for (int i = 0; i < about->list_count; i++) {
    const csro_nexus_list *list = &about->list[i];
    if (list->count == 0)
      continue;
    name_in(PROVENANCE, list->name, path);
    if (list->numbers)
      csro_h5_put_numbers(out, path, CSRO_COLUMN_FLOAT64, 1, list->count, 1, list->numbers);
    else
      csro_h5_put_texts(out, path, 1, list->count, list->texts);
  }
}

/* All groups, and data sets for the ions of all parts. */
static csro_status put_frame(csro_context *context, csro_h5_out *out, const csro_ions *ions,
                             const csro_nexus *about) {
  const csro_column_type real = ions->is_double ? CSRO_COLUMN_FLOAT64 : CSRO_COLUMN_FLOAT32;
  char path[longest_path];
  csro_h5_put_attribute(out, "/", "NX_class", "NXroot");
  csro_h5_put_attribute(out, "/", "creator", "APT-CSRO");
  csro_h5_put_attribute(out, "/", "creator_version", csro_version());
  csro_h5_put_group(out, "entry1", "NXentry");
  put_text(out, "entry1/definition", "NXapm");
  csro_h5_put_group(out, ATOM_PROBE, "NXroi_process");
  put_process(out, ATOM_PROBE "/reconstruction", "NXapm_reconstruction");
  csro_h5_put_numbers(out, POSITIONS, real, 2, ions->total, 3, NULL);
  csro_h5_put_attribute(out, POSITIONS, "units", "nm");
  put_process(out, ATOM_PROBE "/mass_to_charge_conversion", "NXprocess");
  csro_h5_put_numbers(out, MASSES, real, 1, ions->total, 1, NULL);
  csro_h5_put_attribute(out, MASSES, "units", "Da");
  csro_h5_put_group(out, COLUMNS, "NXcollection");
  for (int c = 0; c < ions->column_count; c++) {
    const csro_column *column = &ions->columns[c];
    csro_h5_put_numbers(out, name_in(COLUMNS, column->name, path), column->type,
                        column->components > 1 ? 2 : 1, ions->total, column->components, NULL);
    if (column->unit[0])
      csro_h5_put_attribute(out, path, "units", column->unit);
  }
  if (about)
    put_lists(out, about);
  return about && about->ranges ? put_ranges(context, out, about->ranges, ions->total) : CSRO_OK;
}

static void put_block(csro_h5_out *out, const csro_ions *ions, int64_t begin, int64_t rows) {
  const csro_column_type real = ions->is_double ? CSRO_COLUMN_FLOAT64 : CSRO_COLUMN_FLOAT32;
  const size_t size = csro_column_size(real);
  const int64_t first = ions->first + begin;
  char path[longest_path];
  csro_h5_put_rows(out, POSITIONS, real, first, rows, 3,
                   (const char *)ions->xyz + (size_t)(3 * begin) * size);
  csro_h5_put_rows(out, MASSES, real, first, rows, 1,
                   (const char *)ions->mass + (size_t)begin * size);
  if (ions->species && H5Lexists(out->file, ATOM_PROBE "/ranging", H5P_DEFAULT) > 0)
    csro_h5_put_rows(out, LABELS, CSRO_COLUMN_UINT16, first, rows, 1, ions->species + begin);
  for (int c = 0; c < ions->column_count; c++) {
    const csro_column *column = &ions->columns[c];
    const size_t step = csro_column_size(column->type) * (size_t)column->components;
    csro_h5_put_rows(out, name_in(COLUMNS, column->name, path), column->type, first, rows,
                     column->components, (const char *)column->data + (size_t)begin * step);
  }
}

static csro_status put_all(csro_context *context, csro_h5_out *out, const csro_ions *ions) {
  csro_progress progress;
  bool cancelled = false;
  csro_progress_start(&progress, context, ions->count, 0, 1);
  for (int64_t begin = 0; begin < ions->count && out->good && !cancelled; begin += block_rows) {
    const int64_t rows = ions->count - begin < block_rows ? ions->count - begin : block_rows;
    put_block(out, ions, begin, rows);
    cancelled = csro_progress_add(&progress, rows);
  }
  return csro_progress_end(&progress);
}

/* An empty temporary file with a name. */
static csro_status make_temporary(csro_context *context, const char *path, char **temporary) {
  csro_replacement file;
  csro_status status = csro_replacement_open(context, path, &file);
  return csro_replacement_leave(context, &file, status, temporary);
}

csro_status csro_nexus_write_part(csro_context *context, const csro_ions *ions,
                                  const csro_nexus *about, const char *path, char **temporary) {
  const bool is_new = !*temporary;
  csro_h5_out out;
  csro_status status = csro_ions_check_written(context, &csro_nexus_encoder, ions, path);
  if (status == CSRO_OK && is_new)
    status = make_temporary(context, path, temporary);
  if (status != CSRO_OK)
    return status;
  csro_h5_out_open(&out, *temporary, is_new);
  if (is_new)
    status = put_frame(context, &out, ions, about);
  if (status == CSRO_OK)
    status = put_all(context, &out, ions);
  if (!csro_h5_out_close(&out) && status == CSRO_OK)
    status = csro_fail(context, CSRO_ERROR_FILE, "%s: cannot be written", path);
  csro_replacement file;
  csro_status end = csro_replacement_resume(context, path, *temporary, &file);
  return csro_replacement_leave(context, &file, status == CSRO_OK ? end : status, temporary);
}
