#define _GNU_SOURCE /* O_TMPFILE */

#include "file/atomic_file.h"

#include "file/target.h"

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

static int folder_length(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? (int)(slash + 1 - path) : 0;
}

/* A name in the folder of the target that is no longer than names may be, whatever the target is
 * called. Files of the same name are left from processes that were killed, or from other hosts. */
static void name_temporary(csro_replacement *to, int n) {
  snprintf(to->temporary, to->room, "%.*s.csro-%ld-%d.part", folder_length(to->target), to->target,
           (long)getpid(), n);
}

static bool create_named(csro_replacement *to, mode_t mode) {
  for (int n = 0; n < most_tries && to->descriptor < 0 && (n == 0 || errno == EEXIST); n++) {
    name_temporary(to, n);
    to->descriptor = open(to->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  }
  to->has_name = to->descriptor >= 0;
  return to->has_name;
}

/* A file without a name is gone when its process is, however it ends. Not every file system makes
 * them, and without /proc they could not be named later. */
static bool create_unnamed(csro_replacement *to, mode_t mode) {
  char link[64];
  snprintf(to->temporary, to->room, "%.*s.", folder_length(to->target), to->target);
  to->descriptor = open(to->temporary, O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);
  if (to->descriptor < 0)
    return false;
  snprintf(link, sizeof link, "/proc/self/fd/%d", to->descriptor);
  if (access(link, F_OK) == 0)
    return true;
  close(to->descriptor);
  to->descriptor = -1;
  return false;
}

static bool give_name(csro_replacement *to) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", to->descriptor);
  for (int n = 0; n < most_tries && !to->has_name && (n == 0 || errno == EEXIST); n++) {
    name_temporary(to, n);
    to->has_name = linkat(AT_FDCWD, link, AT_FDCWD, to->temporary, AT_SYMLINK_FOLLOW) == 0;
  }
  return to->has_name;
}

/* Owner, group and mode of the file that is replaced. */
static csro_status keep_owner(csro_context *context, const csro_replacement *to,
                              const struct stat *old) {
  struct stat new;
  if (fstat(to->descriptor, &new) != 0)
    return fail(context, to->path);
  bool same = new.st_uid == old->st_uid &&new.st_gid == old->st_gid;
  if (!same && fchown(to->descriptor, old->st_uid, old->st_gid) != 0)
    return csro_fail(context, CSRO_ERROR_FILE,
                     "%s: cannot be written: its owner (%ld) and group (%ld) cannot be kept: %s",
                     to->path, (long)old->st_uid, (long)old->st_gid, strerror(errno));
  return fchmod(to->descriptor, old->st_mode & 07777) == 0 ? CSRO_OK : fail(context, to->path);
}

csro_status csro_replacement_open(csro_context *context, const char *path,
                                  csro_replacement *replacement) {
  csro_target target;
  *replacement = (csro_replacement){.path = path, .descriptor = -1};
  csro_status status = csro_target_find(context, path, &target);
  if (status != CSRO_OK) {
    csro_target_release(&target);
    return status;
  }
  replacement->target = target.path;
  replacement->room = strlen(target.path) + 64;
  replacement->temporary = csro_allocate(context, (long long)replacement->room, 1);
  if (!replacement->temporary)
    return CSRO_ERROR_MEMORY;
  mode_t mode = target.exists ? 0600 : 0666; /* nobody reads what nobody could read */
  if (!create_unnamed(replacement, mode) && !create_named(replacement, mode))
    return fail(context, path);
  return target.exists ? keep_owner(context, replacement, &target.about) : CSRO_OK;
}

csro_status csro_replacement_resume(csro_context *context, const char *path, char *temporary,
                                    csro_replacement *replacement) {
  *replacement = (csro_replacement){.path = path, .temporary = temporary, .has_name = true};
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
    if (status == CSRO_OK && !replacement->has_name && !give_name(replacement))
      status = fail(context, replacement->path);
    if (close(replacement->descriptor) != 0 && status == CSRO_OK)
      status = fail(context, replacement->path);
  }
  *temporary = replacement->has_name ? replacement->temporary : NULL;
  if (!replacement->has_name)
    free(replacement->temporary);
  free(replacement->target);
  *replacement = (csro_replacement){.descriptor = -1};
  return status;
}

/* What stands at the target is looked at again: a training may have taken hours. */
static csro_status take_name(csro_context *context, const char *path, const char *temporary) {
  csro_target target;
  csro_status status = csro_target_find(context, path, &target);
  if (status == CSRO_OK && rename(temporary, target.path) != 0)
    status = fail(context, path);
  csro_target_release(&target);
  return status;
}

csro_status csro_replacement_finish(csro_context *context, const char *path, const char *temporary,
                                    csro_status status) {
  if (!temporary)
    return status;
  if (status == CSRO_OK)
    status = take_name(context, path, temporary);
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

csro_status csro_replacement_check(csro_context *context, const char *path) {
  csro_replacement replacement;
  csro_status status = csro_replacement_open(context, path, &replacement);
  csro_status end = status == CSRO_OK ? CSRO_CANCELLED : status; /* nothing takes the name */
  csro_replacement_close(context, &replacement, end);
  return status;
}
