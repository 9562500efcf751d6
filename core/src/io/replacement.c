#include "io/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { most_tries = 1000 };

static csro_status fail(csro_context *context, const char *path) {
  return csro_fail(context, CSRO_ERROR_FILE, "%s: cannot be written: %s", path, strerror(errno));
}

/* A name in the folder of the target that is no longer than names may be, whatever the target is
 * called. Files of the same name are left from processes that were killed, or from other hosts. */
static int create(const char *path, char *temporary, size_t room) {
  const char *slash = strrchr(path, '/');
  int folder = slash ? (int)(slash + 1 - path) : 0, descriptor = -1;
  for (int n = 0; n < most_tries && descriptor < 0 && (n == 0 || errno == EEXIST); n++) {
    snprintf(temporary, room, "%.*s.csro-%ld-%d.part", folder, path, (long)getpid(), n);
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  }
  return descriptor;
}

csro_status csro_replacement_open(csro_context *context, const char *path,
                                  csro_replacement *replacement) {
  size_t room = strlen(path) + 64;
  *replacement = (csro_replacement){.path = path, .descriptor = -1};
  char *temporary = csro_allocate(context, (long long)room, 1);
  if (!temporary)
    return CSRO_ERROR_MEMORY;
  replacement->descriptor = create(path, temporary, room);
  if (replacement->descriptor < 0) {
    csro_status status = fail(context, path);
    free(temporary);
    return status;
  }
  replacement->temporary = temporary;
  return CSRO_OK;
}

csro_status csro_replacement_resume(csro_context *context, const char *path, char *temporary,
                                    csro_replacement *replacement) {
  *replacement = (csro_replacement){.path = path, .temporary = temporary};
  replacement->descriptor = open(temporary, O_WRONLY | O_APPEND | O_CLOEXEC);
  return replacement->descriptor < 0 ? fail(context, path) : CSRO_OK;
}

csro_status csro_replacement_write(csro_context *context, const csro_replacement *replacement,
                                   const void *data, size_t size) {
  const char *p = data;
  while (size > 0) {
    ssize_t done = write(replacement->descriptor, p, size);
    if (done < 0 && errno != EINTR)
      return fail(context, replacement->path);
    if (done > 0) {
      p += done;
      size -= (size_t)done;
    }
  }
  return CSRO_OK;
}

csro_status csro_replacement_leave(csro_context *context, csro_replacement *replacement,
                                   csro_status status, char **temporary) {
  if (replacement->descriptor >= 0) {
    if (status == CSRO_OK && fsync(replacement->descriptor) != 0)
      status = fail(context, replacement->path);
    if (close(replacement->descriptor) != 0 && status == CSRO_OK)
      status = fail(context, replacement->path);
  }
  *temporary = replacement->temporary;
  *replacement = (csro_replacement){.descriptor = -1};
  return status;
}

csro_status csro_replacement_finish(csro_context *context, const char *path, const char *temporary,
                                    csro_status status) {
  if (!temporary)
    return status;
  if (status == CSRO_OK && rename(temporary, path) != 0)
    status = fail(context, path);
  if (status != CSRO_OK)
    unlink(temporary);
  return status;
}

csro_status csro_replacement_close(csro_context *context, csro_replacement *replacement,
                                   csro_status status) {
  const char *path = replacement->path;
  char *temporary;
  status = csro_replacement_leave(context, replacement, status, &temporary);
  status = csro_replacement_finish(context, path, temporary, status);
  free(temporary);
  return status;
}
