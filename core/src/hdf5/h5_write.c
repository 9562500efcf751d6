#include "hdf5/h5_write.h"

#include "hdf5/h5_file.h"

#include <stdlib.h>
#include <string.h>

void csro_h5_out_open(csro_h5_out *out, const char *path, bool is_new) {
  *out = (csro_h5_out){.file = H5I_INVALID_HID};
  H5Eget_auto2(H5E_DEFAULT, &out->print, &out->print_data);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  out->file = is_new ? H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access)
                     : H5Fopen(path, H5F_ACC_RDWR, access);
  H5Pclose(access);
  out->good = out->file >= 0;
}

bool csro_h5_out_close(csro_h5_out *out) {
  if (out->file >= 0 && H5Fclose(out->file) < 0)
    out->good = false;
  out->file = H5I_INVALID_HID;
  H5Eset_auto2(H5E_DEFAULT, out->print, out->print_data);
  return out->good;
}

/* Texts of one length, zeros at the end of shorter ones. */
static hid_t make_text_type(size_t length) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, length > 0 ? length : 1);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

static hid_t make_space(int rank, int64_t rows, int64_t columns) {
  const hsize_t size[2] = {(hsize_t)rows, (hsize_t)columns};
  return rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, size, NULL);
}

static hid_t make_folders(void) {
  const hid_t links = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  return links;
}

void csro_h5_put_attribute(csro_h5_out *out, const char *path, const char *name, const char *text) {
  if (!out->good)
    return;
  const hid_t object = H5Oopen(out->file, path, H5P_DEFAULT), type = make_text_type(strlen(text)),
              space = H5Screate(H5S_SCALAR),
              attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  out->good = attribute >= 0 && H5Awrite(attribute, type, text) >= 0;
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
  H5Oclose(object);
}

void csro_h5_put_group(csro_h5_out *out, const char *path, const char *class_name) {
  if (!out->good)
    return;
  const hid_t links = make_folders(),
              group = H5Gcreate2(out->file, path, links, H5P_DEFAULT, H5P_DEFAULT);
  out->good = group >= 0;
  H5Gclose(group);
  H5Pclose(links);
  csro_h5_put_attribute(out, path, "NX_class", class_name);
}

/* Without times in it the same ions make the same bytes. */
static void put_set(csro_h5_out *out, const char *path, hid_t type, hid_t space, const void *data) {
  const hid_t links = make_folders(), how = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_obj_track_times(how, 0);
  const hid_t set = H5Dcreate2(out->file, path, type, space, links, how, H5P_DEFAULT);
  H5Pclose(how);
  out->good = set >= 0 && (!data || H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
  H5Dclose(set);
  H5Pclose(links);
}

void csro_h5_put_numbers(csro_h5_out *out, const char *path, csro_column_type type, int rank,
                         int64_t rows, int64_t columns, const void *data) {
  if (!out->good)
    return;
  const hid_t space = make_space(rank, rows, columns);
  put_set(out, path, csro_h5_type(type), space, data);
  H5Sclose(space);
}

void csro_h5_put_texts(csro_h5_out *out, const char *path, int rank, int64_t count,
                       const char *const *texts) {
  size_t longest = 1;
  for (int64_t i = 0; i < count; i++)
    longest = strlen(texts[i]) > longest ? strlen(texts[i]) : longest;
  char *all = out->good ? calloc((size_t)count + 1, longest) : NULL;
  if (!all) {
    out->good = false;
    return;
  }
  for (int64_t i = 0; i < count; i++)
    memcpy(all + (size_t)i * longest, texts[i], strlen(texts[i]));
  const hid_t type = make_text_type(longest), space = make_space(rank, count, 1);
  put_set(out, path, type, space, all);
  H5Sclose(space);
  H5Tclose(type);
  free(all);
}

void csro_h5_put_rows(csro_h5_out *out, const char *path, csro_column_type type, int64_t first,
                      int64_t rows, int64_t columns, const void *data) {
  if (!out->good || rows == 0)
    return;
  const hsize_t start[2] = {(hsize_t)first, 0}, count[2] = {(hsize_t)rows, (hsize_t)columns};
  const hid_t set = H5Dopen2(out->file, path, H5P_DEFAULT), file = H5Dget_space(set);
  const int rank = H5Sget_simple_extent_ndims(file);
  out->good = rank == 1 || rank == 2;
  if (out->good) {
    const hid_t memory = H5Screate_simple(rank, count, NULL);
    out->good = H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                H5Dwrite(set, csro_h5_type(type), memory, file, H5P_DEFAULT, data) >= 0;
    H5Sclose(memory);
  }
  H5Sclose(file);
  H5Dclose(set);
}
