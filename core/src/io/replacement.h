/* Writing of files that are whole or not there: into a temporary file in the same folder, which
 * takes the name of the target at the end. */
#ifndef CSRO_IO_REPLACEMENT_H
#define CSRO_IO_REPLACEMENT_H

#include "csro/context.h"

typedef struct csro_replacement {
  const char *path; /* borrowed */
  char *temporary;  /* its path, NULL when nothing is open */
  int descriptor;
} csro_replacement;

csro_status csro_replacement_open(csro_context *context, const char *path,
                                  csro_replacement *replacement);
csro_status csro_replacement_write(csro_context *context, const csro_replacement *replacement,
                                   const void *data, size_t size);

/* Ends every replacement, also one that failed to open. With the status CSRO_OK of the work so far
 * the file takes its name; with any other it is removed and that status is returned. */
csro_status csro_replacement_close(csro_context *context, csro_replacement *replacement,
                                   csro_status status);

#endif
