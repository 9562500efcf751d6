/* HDF5 files that tests make. */
#ifndef H5_MADE_H
#define H5_MADE_H

#define H5_USE_110_API
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline hid_t h5_create(const char *path) {
  const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  if (file < 0)
    exit(1);
  return file;
}

/* A data set under a path whose groups are made. packed: in gzipped chunks of 100 rows. */
static inline void h5_put(hid_t file, const char *name, hid_t type, int rank, long long rows,
                          long long columns, const void *data, int packed) {
  const hsize_t size[2] = {(hsize_t)rows, (hsize_t)columns};
  const hsize_t chunk[2] = {100, (hsize_t)columns};
  const hid_t space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, size, NULL),
              links = H5Pcreate(H5P_LINK_CREATE), how = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  if (packed) {
    H5Pset_chunk(how, rank, chunk);
    H5Pset_deflate(how, 4);
  }
  const hid_t set = H5Dcreate2(file, name, type, space, links, how, H5P_DEFAULT);
  if (set < 0 || (data && H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0))
    exit(1);
  H5Dclose(set), H5Pclose(how), H5Pclose(links), H5Sclose(space);
}

static inline void h5_put_unit(hid_t file, const char *name, const char *unit) {
  const hid_t set = H5Dopen2(file, name, H5P_DEFAULT), space = H5Screate(H5S_SCALAR),
              type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  const hid_t attribute = H5Acreate2(set, "units", type, space, H5P_DEFAULT, H5P_DEFAULT);
  if (H5Awrite(attribute, type, &unit) < 0)
    exit(1);
  H5Aclose(attribute), H5Tclose(type), H5Sclose(space), H5Dclose(set);
}

/* Names of the same length, as pandas writes them. */
static inline void h5_put_names(hid_t file, const char *name, int count, const char *const *names) {
  char *texts = calloc((size_t)count + 1, 20);
  for (int i = 0; i < count; i++)
    strncpy(texts + 20 * i, names[i], 20);
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, 20);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  h5_put(file, name, type, 1, count, 1, texts, 0);
  H5Tclose(type);
  free(texts);
}

/* An ion of peak_identification: nuclides Z + 256 N, two ends for each range. */
static inline void h5_put_ion(hid_t file, int number, int nuclides, const unsigned short *hash,
                              int charge, int ranges, const float *ends) {
  unsigned short all[32] = {0};
  char name[200];
  const signed char state = (signed char)charge;
  memcpy(all, hash, (size_t)nuclides * sizeof *hash);
  const char *folder = "entry1/atom_probe/ranging/peak_identification";
  snprintf(name, sizeof name, "%s/ion%d/nuclide_hash", folder, number);
  h5_put(file, name, H5T_NATIVE_UINT16, 1, 32, 1, all, 0);
  snprintf(name, sizeof name, "%s/ion%d/charge_state", folder, number);
  h5_put(file, name, H5T_NATIVE_INT8, 0, 1, 1, &state, 0);
  snprintf(name, sizeof name, "%s/ion%d/mass_to_charge_range", folder, number);
  h5_put(file, name, H5T_NATIVE_FLOAT, 2, ranges, 2, ends, 0);
}

#endif
