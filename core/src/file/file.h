/* Reading of regular files at given positions, from any thread. */
#ifndef CSRO_FILE_FILE_H
#define CSRO_FILE_FILE_H

#include "csro/context.h"

#include <stdint.h>
#include <sys/stat.h>

typedef struct csro_file {
  const char *path; /* borrowed, for messages */
  int descriptor;
  int64_t size;             /* when it was opened: what is appended later is not read */
  struct timespec modified; /* likewise */
} csro_file;

/* What stands at a path that is no regular file, as in "is a named pipe". */
const char *csro_file_kind(mode_t mode);

/* Fails for what is absent or no regular file, without opening it: a pipe would wait for its writer
 * and a device may do things. Close with csro_file_close. */
csro_status csro_file_open(csro_context *context, const char *path, csro_file *file);
void csro_file_close(csro_file *file);

/* Fails when the file has grown, shrunk or been written to since it was opened. */
csro_status csro_file_check_unchanged(csro_context *context, const csro_file *file);

/* Reads exactly `count` bytes; false leaves the reason in errno (0: the file ended early). */
bool csro_file_read(const csro_file *file, int64_t offset, int64_t count, void *out);

/* The message of a failed csro_file_read, from its errno. */
csro_status csro_file_fail_read(csro_context *context, const csro_file *file, int error);

/* The ending of a path as in ".pos", its empty end when it has none. */
const char *csro_file_ending(const char *path);

#endif
