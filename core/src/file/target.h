/* What stands where a file is to be written. */
#ifndef CSRO_FILE_TARGET_H
#define CSRO_FILE_TARGET_H

#include "csro/context.h"

#include <sys/stat.h>

typedef struct csro_target {
  char *path;        /* behind all symbolic links; from malloc */
  bool exists;       /* as a regular file that may be written */
  struct stat about; /* when it exists */
} csro_target;

/* Follows symbolic links, also to what is not there yet. Fails for links that form a loop, for what
 * is no regular file, and for files that are write-protected (nobody, or not this user, may write
 * them). Release with csro_target_release in any case. */
csro_status csro_target_find(csro_context *context, const char *path, csro_target *target);
void csro_target_release(csro_target *target);

#endif
