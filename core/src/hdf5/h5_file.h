/* HDF5 files that are read. The library is not made for threads, so all of this is for the thread
 * that called the core. Errors of the library become messages of ours, and what it prints is
 * switched off while a file is open. */
#ifndef CSRO_HDF5_H5_FILE_H
#define CSRO_HDF5_H5_FILE_H

#include "csro/ions.h"

#define H5_USE_110_API
#include <hdf5.h>

typedef struct csro_h5 {
  csro_context *context;
  const char *path; /* borrowed */
  hid_t file;
  int count;
  int64_t room;
  char **set; /* paths of all data sets in the order of their names: "entry1/atom_probe/..." */
  H5E_auto2_t print;
  void *print_data;
} csro_h5;

csro_status csro_h5_open(csro_context *context, const char *path, csro_h5 *h5);
void csro_h5_close(csro_h5 *h5); /* also of one that failed to open */

hid_t csro_h5_type(csro_column_type type); /* of numbers in memory */

/* The index of the first data set from `from` on whose last name this is, -1 without one. */
int csro_h5_find(const csro_h5 *h5, const char *name, int from);

/* The index of PREFIX NAME, where the prefix are the first `length` characters of `path`; or -1. */
int csro_h5_find_beside(const csro_h5 *h5, const char *path, size_t length, const char *name);

/* The characters of a path up to its last slash, that included. */
size_t csro_h5_folder(const char *path);

/* A data set of numbers with one or two dimensions, or of texts of fixed length (text_size > 0). */
typedef struct csro_h5_set {
  hid_t id;
  const char *path;
  int rank; /* 0 for a single value, which has one row and column */
  int64_t rows, columns;
  bool is_number;
  csro_column_type type; /* as which numbers are read */
  size_t text_size;
  char unit[64]; /* its attribute "units", "" without one */
} csro_h5_set;

csro_status csro_h5_open_set(csro_h5 *h5, int index, csro_h5_set *set);
void csro_h5_close_set(csro_h5_set *set);

/* All columns of some rows, one row behind the other, as numbers of a type. */
csro_status csro_h5_read(const csro_h5 *h5, const csro_h5_set *set, int64_t first, int64_t rows,
                         csro_column_type type, void *out);
/* The same of texts; each takes text_size bytes, with zeros at its end when it is shorter. */
csro_status csro_h5_read_texts(const csro_h5 *h5, const csro_h5_set *set, char *out);

/* The message that something is not as the format has it. */
csro_status csro_h5_fail(const csro_h5 *h5, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
