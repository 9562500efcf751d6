/* Writing of files that are whole or not there: into a temporary file in the same folder, which
 * takes the name of the target at the end.
 *
 * Symbolic links are followed, also to a file that is not there yet. A file that is replaced hands
 * on its mode, owner and group; a new one gets the permissions of the umask. Other hard links of a
 * replaced file keep the old content. Refused: what is no regular file, a file that is
 * write-protected, one whose owner or group cannot be kept. */
#ifndef CSRO_FILE_ATOMIC_FILE_H
#define CSRO_FILE_ATOMIC_FILE_H

#include "csro/context.h"

typedef struct csro_replacement {
  const char *path; /* borrowed */
  char *target;     /* where the links lead; NULL in a part that was resumed */
  char *temporary;  /* path of the temporary file once it has a name */
  size_t room;      /* bytes of temporary */
  bool has_name;
  int descriptor;
} csro_replacement;

/* Creates the temporary file. */
csro_status csro_replacement_open(csro_context *context, const char *path,
                                  csro_replacement *replacement);

/* Goes on behind the end of a temporary file that another process has left. Takes the name over. */
csro_status csro_replacement_resume(csro_context *context, const char *path, char *temporary,
                                    csro_replacement *replacement);
csro_status csro_replacement_write(csro_context *context, const csro_replacement *replacement,
                                   const void *data, size_t size);

/* Ends the part of this process, also of one that failed to open: everything is on the disk then.
 * *temporary (from malloc) is the name of the file for csro_replacement_resume and _finish; NULL
 * when there is none. */
csro_status csro_replacement_leave(csro_context *context, csro_replacement *replacement,
                                   csro_status status, char **temporary);

/* Ends what was left: as csro_replacement_close. temporary may be NULL. */
csro_status csro_replacement_finish(csro_context *context, const char *path, const char *temporary,
                                    csro_status status);

/* Ends every replacement in one process, also one that failed to open. With the status CSRO_OK of
 * the work so far the file takes its name; with any other it is removed and that status is
 * returned. */
csro_status csro_replacement_close(csro_context *context, csro_replacement *replacement,
                                   csro_status status);

/* Whether a file could be written there now, for work that takes long: makes a temporary file and
 * removes it. */
csro_status csro_replacement_check(csro_context *context, const char *path);

#endif
