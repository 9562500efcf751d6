#include "io/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static csro_status fail(csro_context *context, const csro_replacement *replacement) {
  return csro_fail(context, CSRO_ERROR_FILE, "%s: cannot be written: %s", replacement->path,
                   strerror(errno));
}

csro_status csro_replacement_open(csro_context *context, const char *path,
                                  csro_replacement *replacement) {
  size_t room = strlen(path) + 32;
  *replacement = (csro_replacement){.path = path, .descriptor = -1};
  char *temporary = csro_allocate(context, (long long)room, 1);
  if (!temporary)
    return CSRO_ERROR_MEMORY;
  snprintf(temporary, room, "%s.%ld.part", path, (long)getpid());
  replacement->descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (replacement->descriptor < 0) {
    free(temporary);
    return fail(context, replacement);
  }
  replacement->temporary = temporary;
  return CSRO_OK;
}

csro_status csro_replacement_write(csro_context *context, const csro_replacement *replacement,
                                   const void *data, size_t size) {
  const char *p = data;
  while (size > 0) {
    ssize_t done = write(replacement->descriptor, p, size);
    if (done < 0 && errno != EINTR)
      return fail(context, replacement);
    if (done > 0) {
      p += done;
      size -= (size_t)done;
    }
  }
  return CSRO_OK;
}

csro_status csro_replacement_close(csro_context *context, csro_replacement *replacement,
                                   csro_status status) {
  if (!replacement->temporary)
    return status;
  if (status == CSRO_OK && fsync(replacement->descriptor) != 0)
    status = fail(context, replacement);
  if (close(replacement->descriptor) != 0 && status == CSRO_OK)
    status = fail(context, replacement);
  if (status == CSRO_OK && rename(replacement->temporary, replacement->path) != 0)
    status = fail(context, replacement);
  if (status != CSRO_OK)
    unlink(replacement->temporary);
  free(replacement->temporary);
  replacement->temporary = NULL;
  return status;
}
