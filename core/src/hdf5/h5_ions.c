/* Ions from HDF5 files: of NeXus NXapm, and of pyccapt, which are tables of pandas in its fixed
 * format. docs/formats.md names what is taken. */
#include "hdf5/h5_file.h"

#include "base/progress.h"
#include "csro/share.h"
#include "ions/ion_readers.h"
#include "ions/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { block_rows = 1 << 16, most_blocks = 64, most_columns = 1024 };

/* Packed numbers take a thousandth of their size at best: more of them than this are not there. */
enum { most_per_byte = 1000 };

static csro_status start_ions(const csro_h5 *h5, const csro_file *file, int64_t total, int part,
                              int parts, bool is_double, csro_ions *ions) {
  if (total < 1)
    return csro_h5_fail(h5, "there is no ion in the file");
  if (total / most_per_byte > file->size)
    return csro_h5_fail(h5, "%lld ions in a file of %lld bytes", (long long)total,
                        (long long)file->size);
  ions->total = total;
  ions->is_double = is_double;
  csro_share(total, part, parts, &ions->first, &ions->count);
  ions->xyz = csro_allocate(h5->context, 3 * ions->count, is_double ? 8 : 4);
  return ions->xyz ? CSRO_OK : CSRO_ERROR_MEMORY;
}

/* All rows of the own part, block by block. */
static csro_status read_own(const csro_h5 *h5, const csro_h5_set *set, csro_column_type type,
                            const csro_ions *ions, csro_progress *progress, void *out) {
  csro_status status = CSRO_OK;
  bool cancelled = false;
  for (int64_t row = 0; row < ions->count && status == CSRO_OK && !cancelled; row += block_rows) {
    const int64_t rows = ions->count - row < block_rows ? ions->count - row : block_rows;
    const size_t offset = (size_t)(row * set->columns) * csro_column_size(type);
    status = csro_h5_read(h5, set, ions->first + row, rows, type, (char *)out + offset);
    cancelled = csro_progress_add(progress, rows * set->columns);
  }
  return status;
}

/* --- NeXus NXapm --- */

static csro_status convert(csro_h5 *h5, const csro_h5_set *set, csro_unit_kind kind,
                           csro_ions *ions, void *values, int64_t count) {
  const csro_unit *unit =
      set->unit[0] ? csro_unit_find(kind, set->unit, strlen(set->unit)) : csro_unit_default(kind);
  if (!unit)
    return csro_h5_fail(h5, "/%s has the unit '%s', expected %s", set->path, set->unit,
                        csro_unit_list(kind));
  if (unit == csro_unit_default(kind))
    return CSRO_OK;
  for (int64_t i = 0; i < count; i++)
    if (ions->is_double)
      ((double *)values)[i] = csro_unit_convert(unit, ((double *)values)[i]);
    else
      ((float *)values)[i] = (float)csro_unit_convert(unit, (double)((float *)values)[i]);
  return csro_ions_note(h5->context, ions, "/%s is in %s, converted to %s", set->path, unit->name,
                        csro_unit_default(kind)->name);
}

/* The masses of these positions: as many, in the same entry where there are several. */
static csro_status find_masses(csro_h5 *h5, const csro_h5_set *positions, csro_h5_set *masses,
                               bool *found) {
  const size_t entry = strcspn(positions->path, "/");
  *found = false;
  for (int i = csro_h5_find(h5, "mass_to_charge", 0); i >= 0;
       i = csro_h5_find(h5, "mass_to_charge", i + 1)) {
    if (strncmp(h5->set[i], positions->path, entry + 1) != 0)
      continue;
    csro_status status = csro_h5_open_set(h5, i, masses);
    *found = status == CSRO_OK && masses->is_number && masses->columns == 1 &&
             masses->rows == positions->rows;
    if (*found || status != CSRO_OK)
      return status;
    csro_h5_close_set(masses);
  }
  return CSRO_OK;
}

static csro_status read_both(csro_h5 *h5, const csro_h5_set *positions, const csro_h5_set *masses,
                             csro_ions *ions) {
  const csro_column_type type = ions->is_double ? CSRO_COLUMN_FLOAT64 : CSRO_COLUMN_FLOAT32;
  csro_progress progress;
  csro_progress_start(&progress, h5->context, 4 * ions->count, 0, 1);
  csro_status status = read_own(h5, positions, type, ions, &progress, ions->xyz);
  if (status == CSRO_OK && masses) {
    ions->mass = csro_allocate(h5->context, ions->count, csro_column_size(type));
    status =
        ions->mass ? read_own(h5, masses, type, ions, &progress, ions->mass) : CSRO_ERROR_MEMORY;
  }
  if (status == CSRO_OK)
    status = csro_progress_end(&progress);
  if (status == CSRO_OK)
    status = convert(h5, positions, CSRO_UNIT_LENGTH, ions, ions->xyz, 3 * ions->count);
  if (status == CSRO_OK && masses)
    return convert(h5, masses, CSRO_UNIT_MASS, ions, ions->mass, ions->count);
  return status == CSRO_OK ? csro_ions_note(h5->context, ions,
                                            "there is no mass_to_charge of these ions in the file")
                           : status;
}

static csro_status read_nxapm(csro_h5 *h5, const csro_file *file, int index, int part, int parts,
                              csro_ions *ions) {
  csro_h5_set positions, masses = {0};
  bool has_masses = false;
  csro_status status = csro_h5_open_set(h5, index, &positions);
  if (status == CSRO_OK && (!positions.is_number || positions.columns != 3))
    status = csro_h5_fail(h5, "/%s: %lld x %lld%s, expected three numbers for each ion",
                          positions.path, (long long)positions.rows, (long long)positions.columns,
                          positions.is_number ? "" : " of no numbers");
  if (status == CSRO_OK)
    status = find_masses(h5, &positions, &masses, &has_masses);
  if (status == CSRO_OK) {
    const bool is_double =
        positions.type != CSRO_COLUMN_FLOAT32 || (has_masses && masses.type != CSRO_COLUMN_FLOAT32);
    status = start_ions(h5, file, positions.rows, part, parts, is_double, ions);
  }
  if (status == CSRO_OK)
    status = read_both(h5, &positions, has_masses ? &masses : NULL, ions);
  if (status == CSRO_OK && csro_h5_find(h5, "reconstructed_positions", index + 1) >= 0)
    status =
        csro_ions_note(h5->context, ions, "of several reconstructions /%s is read", positions.path);
  ions->has_ranges = csro_h5_find(h5, "mass_to_charge_range", 0) >= 0;
  csro_h5_close_set(&masses);
  csro_h5_close_set(&positions);
  return status;
}

/* --- pyccapt --- */

typedef struct table_column {
  char name[100], unit[64]; /* "high_voltage", "V" */
  int axis;                 /* 0 to 3: x, y, z, m/q; else -1 */
  csro_column *column;      /* NULL: it becomes none */
} table_column;

typedef struct table_block {
  csro_h5_set values;
  int first, count; /* of the table's columns */
} table_block;

typedef struct table {
  int blocks, columns;
  table_block block[most_blocks];
  table_column column[most_columns];
  bool has_calibrated; /* there is mc_c, of which mc is not yet calibrated */
} table;

/* "high_voltage (V)" is a name and a unit. */
static void split_name(const char *text, size_t size, table_column *column) {
  const size_t length = strnlen(text, size);
  const char *open = memchr(text, '(', length);
  size_t name = open ? (size_t)(open - text) : length;
  while (name > 0 && text[name - 1] == ' ')
    name--;
  snprintf(column->name, sizeof column->name, "%.*s", (int)name, text);
  if (open && length > name && text[length - 1] == ')')
    snprintf(column->unit, sizeof column->unit, "%.*s", (int)(text + length - 2 - open), open + 1);
  column->axis = -1;
  for (int axis = 0; axis < 3; axis++)
    if (strcmp(column->unit, "nm") == 0 && column->name[0] == "xyz"[axis] && !column->name[1])
      column->axis = axis;
  if (strcmp(column->unit, "Da") == 0 &&
      (strcmp(column->name, "mc") == 0 || strcmp(column->name, "mc_c") == 0))
    column->axis = 3;
}

static csro_status read_items(csro_h5 *h5, int index, table *made, table_block *block) {
  csro_h5_set items;
  csro_status status = csro_h5_open_set(h5, index, &items);
  block->first = made->columns;
  block->count = (int)items.rows;
  if (status == CSRO_OK &&
      (items.rows != block->values.columns || items.rows + made->columns > most_columns))
    status = csro_h5_fail(h5, "/%s: %lld names of %lld columns, expected one for each, %d in all",
                          items.path, (long long)items.rows, (long long)block->values.columns,
                          most_columns);
  char *texts = NULL;
  if (status == CSRO_OK) {
    texts = csro_allocate(h5->context, items.rows + 1, items.text_size + 1);
    status = texts ? csro_h5_read_texts(h5, &items, texts) : CSRO_ERROR_MEMORY;
  }
  for (int i = 0; status == CSRO_OK && i < block->count; i++) {
    table_column *column = &made->column[made->columns++];
    split_name(texts + (size_t)i * items.text_size, items.text_size, column);
    made->has_calibrated = made->has_calibrated || strcmp(column->name, "mc_c") == 0;
  }
  free(texts);
  csro_h5_close_set(&items);
  return status;
}

/* A block of numbers; others hold Python objects, which are not read. */
static csro_status add_block(csro_h5 *h5, int values, int items, csro_ions *ions, table *made) {
  table_block *block = &made->block[made->blocks];
  csro_status status = csro_h5_open_set(h5, values, &block->values);
  if (status == CSRO_OK && !block->values.is_number) {
    csro_h5_close_set(&block->values);
    return csro_ions_note(h5->context, ions, "/%s holds no numbers and is left out",
                          h5->set[values]);
  }
  made->blocks++; /* to be closed */
  if (status == CSRO_OK && block->values.rows != made->block[0].values.rows)
    status =
        csro_h5_fail(h5, "/%s: %lld rows, expected %lld as in the block before", block->values.path,
                     (long long)block->values.rows, (long long)made->block[0].values.rows);
  return status == CSRO_OK ? read_items(h5, items, made, block) : status;
}

static csro_status find_blocks(csro_h5 *h5, const char *path, size_t folder, csro_ions *ions,
                               table *made) {
  csro_status status = CSRO_OK;
  for (int b = 0; b < most_blocks && status == CSRO_OK; b++) {
    char name[64];
    snprintf(name, sizeof name, "block%d_values", b);
    const int values = csro_h5_find_beside(h5, path, folder, name);
    snprintf(name, sizeof name, "block%d_items", b);
    const int items = csro_h5_find_beside(h5, path, folder, name);
    if (values < 0 || items < 0)
      break;
    status = add_block(h5, values, items, ions, made);
  }
  return status;
}

/* Which column is which of x, y, z and m/q; mc is another one where there is mc_c. */
static csro_status settle_columns(const csro_h5 *h5, table *made) {
  static const char *const names[4] = {"x (nm)", "y (nm)", "z (nm)", "mc (Da)"};
  int found[4] = {0};
  for (int i = 0; i < made->columns; i++) {
    table_column *column = &made->column[i];
    if (column->axis == 3 && made->has_calibrated && strcmp(column->name, "mc") == 0)
      column->axis = -1;
    if (column->axis >= 0)
      found[column->axis]++;
  }
  for (int axis = 0; axis < 4; axis++)
    if (found[axis] != 1)
      return csro_h5_fail(h5,
                          "%s column '%s' in the table, expected x (nm), y (nm), z (nm) and "
                          "mc (Da), as pyccapt writes reconstructed ions",
                          found[axis] ? "more than one" : "no", names[axis]);
  return CSRO_OK;
}

static bool is_taken(const char *name) {
  static const char *const taken[] = {"", "MassToCharge", "Species", "IonId", "vtkGhostType"};
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    if (strcmp(name, taken[i]) == 0)
      return true;
  return false;
}

static csro_status add_columns(csro_h5 *h5, table *made, csro_ions *ions) {
  for (int b = 0; b < made->blocks; b++)
    for (int i = 0; i < made->block[b].count; i++) {
      const table_column *column = &made->column[made->block[b].first + i];
      if (column->axis < 0 && !is_taken(column->name) &&
          !csro_ions_find_column(ions, column->name) &&
          !csro_ions_add_column(h5->context, ions, column->name, column->unit,
                                made->block[b].values.type, 1))
        return CSRO_ERROR_MEMORY;
    }
  for (int i = 0; i < made->columns; i++) /* where they are once all are there */
    if (made->column[i].axis < 0)
      for (int c = 0; c < ions->column_count; c++)
        if (strcmp(ions->columns[c].name, made->column[i].name) == 0)
          made->column[i].column = &ions->columns[c];
  return CSRO_OK;
}

/* Values of one column from rows of all columns of a block. */
static void scatter(const table_block *block, int place, const table_column *to, const void *rows,
                    int64_t begin, int64_t count, csro_ions *ions) {
  const csro_column from = {.type = block->values.type, .data = (void *)rows};
  const size_t size = csro_column_size(from.type);
  for (int64_t i = 0; i < count; i++) {
    const int64_t at = i * block->count + place;
    if (to->axis >= 0) {
      double *out = to->axis < 3 ? (double *)ions->xyz + 3 * (begin + i) + to->axis
                                 : (double *)ions->mass + begin + i;
      *out = csro_column_value(&from, at);
    } else if (to->column) {
      memcpy((char *)to->column->data + (size_t)(begin + i) * size,
             (const char *)rows + (size_t)at * size, size);
    }
  }
}

static csro_status read_block(const csro_h5 *h5, const table *made, const table_block *block,
                              csro_progress *progress, csro_ions *ions) {
  char *rows = csro_allocate(h5->context, block_rows * (int64_t)(block->count + 1), 8);
  csro_status status = rows ? CSRO_OK : CSRO_ERROR_MEMORY;
  bool cancelled = false;
  for (int64_t row = 0; row < ions->count && status == CSRO_OK && !cancelled; row += block_rows) {
    const int64_t count = ions->count - row < block_rows ? ions->count - row : block_rows;
    status = csro_h5_read(h5, &block->values, ions->first + row, count, block->values.type, rows);
    for (int i = 0; status == CSRO_OK && i < block->count; i++)
      scatter(block, i, &made->column[block->first + i], rows, row, count, ions);
    cancelled = csro_progress_add(progress, count);
  }
  free(rows);
  return status;
}

static csro_status check_reconstructed(const csro_h5 *h5, const csro_ions *ions) {
  const double *xyz = ions->xyz;
  int64_t i = 0;
  while (i < 3 * ions->count && xyz[i] == 0)
    i++;
  return ions->count == 0 || i < 3 * ions->count
             ? CSRO_OK
             : csro_h5_fail(h5,
                            "all of x, y and z are 0 (rows %lld to %lld): the ions are not "
                            "reconstructed",
                            (long long)ions->first, (long long)(ions->first + ions->count - 1));
}

static csro_status read_table(csro_h5 *h5, const csro_file *file, int part, int parts,
                              csro_ions *ions, table *made) {
  csro_status status = settle_columns(h5, made);
  if (status == CSRO_OK)
    status = start_ions(h5, file, made->block[0].values.rows, part, parts, true, ions);
  if (status != CSRO_OK)
    return status;
  ions->mass = csro_allocate(h5->context, ions->count, sizeof(double));
  status = ions->mass ? add_columns(h5, made, ions) : CSRO_ERROR_MEMORY;
  csro_progress progress;
  csro_progress_start(&progress, h5->context, ions->count * made->blocks, 0, 1);
  for (int b = 0; b < made->blocks && status == CSRO_OK; b++)
    status = read_block(h5, made, &made->block[b], &progress, ions);
  if (status == CSRO_OK)
    status = csro_progress_end(&progress);
  if (status == CSRO_OK && made->has_calibrated)
    status = csro_ions_note(h5->context, ions, "the mass-to-charge is that of 'mc_c (Da)'");
  return status == CSRO_OK ? check_reconstructed(h5, ions) : status;
}

static csro_status read_pyccapt(csro_h5 *h5, const csro_file *file, int index, int part, int parts,
                                csro_ions *ions) {
  const char *path = h5->set[index];
  table *made = csro_allocate(h5->context, 1, sizeof *made);
  if (!made)
    return CSRO_ERROR_MEMORY;
  memset(made, 0, sizeof *made);
  csro_status status = find_blocks(h5, path, csro_h5_folder(path), ions, made);
  if (status == CSRO_OK)
    status = read_table(h5, file, part, parts, ions, made);
  for (int b = 0; b < made->blocks; b++)
    csro_h5_close_set(&made->block[b].values);
  free(made);
  return status;
}

/* --- Either --- */

static csro_status mark_odd(csro_context *context, csro_ions *ions) {
  static const char *const names[] = {"x", "y", "z", "mass-to-charge"};
  const csro_odd_ions odd = csro_ions_examine(context, ions);
  char where[128];
  snprintf(where, sizeof where, "%s of ion %lld (from 0) is %g", names[odd.axis],
           (long long)(ions->first + odd.first), odd.value);
  return csro_ions_mark(context, ions, odd, where);
}

csro_status csro_hdf5_read(csro_context *context, const csro_file *file, int part, int parts,
                           csro_ions *ions) {
  csro_h5 h5;
  csro_status status = csro_h5_open(context, file->path, &h5);
  if (status == CSRO_OK) {
    const int positions = csro_h5_find(&h5, "reconstructed_positions", 0),
              axis = csro_h5_find(&h5, "axis0", 0);
    if (positions >= 0)
      status = read_nxapm(&h5, file, positions, part, parts, ions);
    else if (axis >= 0)
      status = read_pyccapt(&h5, file, axis, part, parts, ions);
    else
      status = csro_h5_fail(&h5,
                            "%d data sets, expected reconstructed_positions of NeXus NXapm, or "
                            "a table of pyccapt (of pandas in its fixed format: axis0, "
                            "block0_items, block0_values)",
                            h5.count);
  }
  csro_h5_close(&h5);
  return status == CSRO_OK ? mark_odd(context, ions) : status;
}
