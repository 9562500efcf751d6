/* Parts of HDF5 files as they are written. The first failure stays; nothing is done after it. */
#ifndef CSRO_HDF5_H5_WRITE_H
#define CSRO_HDF5_H5_WRITE_H

#include "csro/ions.h"

#define H5_USE_110_API
#include <hdf5.h>

typedef struct csro_h5_out {
  hid_t file;
  bool good;
  H5E_auto2_t print;
  void *print_data;
} csro_h5_out;

/* Opens a file that is there: emptied, or to go on with it. What the library prints is off. */
void csro_h5_out_open(csro_h5_out *out, const char *path, bool is_new);
/* Returns whether all that was written is in the file. */
bool csro_h5_out_close(csro_h5_out *out);

/* Folders on the way to a group or data set are made. */
void csro_h5_put_group(csro_h5_out *out, const char *path, const char *class_name);
/* A text attribute of what is there. */
void csro_h5_put_attribute(csro_h5_out *out, const char *path, const char *name, const char *text);
/* rank 0: a single value. data NULL: rows that csro_h5_put_rows fills. */
void csro_h5_put_numbers(csro_h5_out *out, const char *path, csro_column_type type, int rank,
                         int64_t rows, int64_t columns, const void *data);
/* rank 0: a single text. */
void csro_h5_put_texts(csro_h5_out *out, const char *path, int rank, int64_t count,
                       const char *const *texts);
/* Rows of a data set, from `first` on. */
void csro_h5_put_rows(csro_h5_out *out, const char *path, csro_column_type type, int64_t first,
                      int64_t rows, int64_t columns, const void *data);

#endif
