#include "hdf5/h5_file.h"

#include "file/file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most_sets = 100000, most_texts = 4096, longest_text = 4096 };

csro_status csro_h5_fail(const csro_h5 *h5, const char *format, ...) {
  char text[900];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return csro_fail(h5->context, CSRO_ERROR_FORMAT, "%s: %s", h5->path, text);
}

static csro_status add_set(csro_h5 *h5, const char *name) {
  if (h5->count == h5->room) {
    const int64_t room = h5->room < 64 ? 64 : 2 * h5->room;
    char **larger = csro_allocate(h5->context, room, sizeof *larger);
    if (!larger)
      return CSRO_ERROR_MEMORY;
    if (h5->count > 0)
      memcpy(larger, h5->set, (size_t)h5->count * sizeof *larger);
    free(h5->set);
    h5->set = larger;
    h5->room = room;
  }
  char *copy = csro_allocate(h5->context, (long long)strlen(name) + 1, 1);
  if (!copy)
    return CSRO_ERROR_MEMORY;
  strcpy(copy, name);
  h5->set[h5->count++] = copy;
  return CSRO_OK;
}

typedef struct visit {
  csro_h5 *h5;
  csro_status status;
  int visited;
} visit;

static herr_t visit_object(hid_t object, const char *name, const H5O_info_t *info, void *user) {
  visit *state = user;
  (void)object;
  if (++state->visited > most_sets)
    state->status = csro_h5_fail(state->h5, "more than %d objects in the file", most_sets);
  else if (info->type == H5O_TYPE_DATASET)
    state->status = add_set(state->h5, name);
  return state->status == CSRO_OK ? 0 : 1;
}

csro_status csro_h5_open(csro_context *context, const char *path, csro_h5 *h5) {
  csro_file file;
  *h5 = (csro_h5){.context = context, .path = path, .file = H5I_INVALID_HID};
  csro_status status = csro_file_open(context, path, &file);
  if (status != CSRO_OK)
    return status;
  csro_file_close(&file);
  H5Eget_auto2(H5E_DEFAULT, &h5->print, &h5->print_data);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  h5->file = H5Fopen(path, H5F_ACC_RDONLY, access);
  H5Pclose(access);
  if (h5->file < 0)
    return csro_h5_fail(h5, "no HDF5 file, or a damaged one");
  visit state = {.h5 = h5};
  if (H5Ovisit(h5->file, H5_INDEX_NAME, H5_ITER_INC, visit_object, &state) < 0)
    return csro_h5_fail(h5, "damaged: the objects in the file cannot be listed");
  return state.status;
}

void csro_h5_close(csro_h5 *h5) {
  if (h5->file >= 0)
    H5Fclose(h5->file);
  h5->file = H5I_INVALID_HID;
  for (int i = 0; i < h5->count; i++)
    free(h5->set[i]);
  free(h5->set);
  h5->set = NULL;
  h5->count = 0;
  if (h5->print)
    H5Eset_auto2(H5E_DEFAULT, h5->print, h5->print_data);
  h5->print = NULL;
}

size_t csro_h5_folder(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? (size_t)(slash - path) + 1 : 0;
}

int csro_h5_find(const csro_h5 *h5, const char *name, int from) {
  for (int i = from; i < h5->count; i++)
    if (strcmp(h5->set[i] + csro_h5_folder(h5->set[i]), name) == 0)
      return i;
  return -1;
}

int csro_h5_find_beside(const csro_h5 *h5, const char *path, size_t length, const char *name) {
  for (int i = 0; i < h5->count; i++)
    if (strncmp(h5->set[i], path, length) == 0 && strcmp(h5->set[i] + length, name) == 0)
      return i;
  return -1;
}

hid_t csro_h5_type(csro_column_type type) {
  switch (type) {
  case CSRO_COLUMN_INT8:
    return H5T_NATIVE_INT8;
  case CSRO_COLUMN_UINT8:
    return H5T_NATIVE_UINT8;
  case CSRO_COLUMN_INT16:
    return H5T_NATIVE_INT16;
  case CSRO_COLUMN_UINT16:
    return H5T_NATIVE_UINT16;
  case CSRO_COLUMN_INT32:
    return H5T_NATIVE_INT32;
  case CSRO_COLUMN_UINT32:
    return H5T_NATIVE_UINT32;
  case CSRO_COLUMN_INT64:
    return H5T_NATIVE_INT64;
  case CSRO_COLUMN_UINT64:
    return H5T_NATIVE_UINT64;
  case CSRO_COLUMN_FLOAT32:
    return H5T_NATIVE_FLOAT;
  default:
    return H5T_NATIVE_DOUBLE;
  }
}

/* The numbers or texts that are in a data set. */
static void find_type(hid_t type, csro_h5_set *set) {
  static const csro_column_type whole[4][2] = {{CSRO_COLUMN_UINT8, CSRO_COLUMN_INT8},
                                               {CSRO_COLUMN_UINT16, CSRO_COLUMN_INT16},
                                               {CSRO_COLUMN_UINT32, CSRO_COLUMN_INT32},
                                               {CSRO_COLUMN_UINT64, CSRO_COLUMN_INT64}};
  const size_t size = H5Tget_size(type);
  const H5T_class_t kind = H5Tget_class(type);
  set->is_number = (kind == H5T_INTEGER || kind == H5T_FLOAT) && size >= 1 && size <= 8;
  if (kind == H5T_FLOAT) {
    set->type = size <= 4 ? CSRO_COLUMN_FLOAT32 : CSRO_COLUMN_FLOAT64;
  } else if (set->is_number) {
    int power = 0;
    while ((size_t)1 << power < size)
      power++;
    set->type = whole[power][H5Tget_sign(type) == H5T_SGN_2];
  } else if (kind == H5T_STRING && H5Tis_variable_str(type) == 0 && size <= longest_text) {
    set->text_size = size;
  }
}

/* A text attribute, of fixed or variable length. */
static void read_unit(hid_t set, char *out, size_t room) {
  out[0] = 0;
  const hid_t attribute = H5Aopen(set, "units", H5P_DEFAULT);
  if (attribute < 0)
    return;
  const hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
  if (H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1) {
    if (H5Tis_variable_str(type) > 0) {
      char *text = NULL;
      if (H5Aread(attribute, type, &text) >= 0 && text)
        snprintf(out, room, "%s", text);
      H5free_memory(text);
    } else if (H5Tget_size(type) < 256) {
      char text[257] = "";
      if (H5Aread(attribute, type, text) >= 0)
        snprintf(out, room, "%s", text);
    }
  }
  H5Sclose(space);
  H5Tclose(type);
  H5Aclose(attribute);
}

csro_status csro_h5_open_set(csro_h5 *h5, int index, csro_h5_set *set) {
  *set = (csro_h5_set){.path = h5->set[index], .rows = 1, .columns = 1};
  set->id = H5Dopen2(h5->file, set->path, H5P_DEFAULT);
  if (set->id < 0)
    return csro_h5_fail(h5, "/%s: damaged, the data set cannot be opened", set->path);
  hsize_t size[2] = {1, 1};
  const hid_t space = H5Dget_space(set->id), type = H5Dget_type(set->id);
  set->rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
  if (set->rank >= 0 && set->rank <= 2)
    H5Sget_simple_extent_dims(space, size, NULL);
  if (type >= 0)
    find_type(type, set);
  H5Tclose(type);
  H5Sclose(space);
  if (set->rank < 0 || set->rank > 2 || size[0] > (hsize_t)1 << 40 || size[1] > 1 << 20)
    return csro_h5_fail(h5,
                        "/%s: %d dimensions (%llu x %llu), expected at most two, of at most "
                        "2^40 and 2^20",
                        set->path, set->rank, (unsigned long long)size[0],
                        (unsigned long long)size[1]);
  set->rows = (int64_t)size[0];
  set->columns = (int64_t)size[1];
  read_unit(set->id, set->unit, sizeof set->unit);
  return CSRO_OK;
}

void csro_h5_close_set(csro_h5_set *set) {
  if (set->id > 0)
    H5Dclose(set->id);
  set->id = 0;
}

static bool read_rows(const csro_h5_set *set, hid_t type, int64_t first, int64_t rows, void *out) {
  const hsize_t start[2] = {(hsize_t)first, 0}, count[2] = {(hsize_t)rows, (hsize_t)set->columns};
  const hid_t file = H5Dget_space(set->id);
  const hid_t memory =
      set->rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(set->rank, count, NULL);
  bool good = file >= 0 && memory >= 0;
  if (good && set->rank > 0)
    good = H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL) >= 0;
  good = good && H5Dread(set->id, type, memory, file, H5P_DEFAULT, out) >= 0;
  H5Sclose(memory);
  H5Sclose(file);
  return good;
}

csro_status csro_h5_read(const csro_h5 *h5, const csro_h5_set *set, int64_t first, int64_t rows,
                         csro_column_type type, void *out) {
  if (!set->is_number)
    return csro_h5_fail(h5, "/%s: no numbers, expected numbers", set->path);
  return rows == 0 || read_rows(set, csro_h5_type(type), first, rows, out)
             ? CSRO_OK
             : csro_h5_fail(h5,
                            "/%s: rows %lld to %lld cannot be read: damaged, or packed in a way "
                            "that this HDF5 library does not know",
                            set->path, (long long)first, (long long)(first + rows - 1));
}

csro_status csro_h5_read_texts(const csro_h5 *h5, const csro_h5_set *set, char *out) {
  if (set->text_size == 0 || set->columns != 1 || set->rows > most_texts)
    return csro_h5_fail(h5, "/%s: expected a list of at most %d texts of fixed length", set->path,
                        most_texts);
  const hid_t type = H5Dget_type(set->id);
  const bool good = set->rows == 0 || read_rows(set, type, 0, set->rows, out);
  H5Tclose(type);
  return good ? CSRO_OK : csro_h5_fail(h5, "/%s: damaged, its texts cannot be read", set->path);
}
