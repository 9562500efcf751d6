#include "file/target.h"

#include "file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { most_links = 40, longest_link = 4096 };

static csro_status fail(csro_context *context, const char *path, const char *why) {
  return csro_fail(context, CSRO_ERROR_FILE, "%s: cannot be written: %s", path, why);
}

/* Where a link at `path` leads, from malloc: relative to the folder that the link is in. */
static char *join_link(csro_context *context, const char *path, const char *link) {
  const char *slash = strrchr(path, '/');
  size_t folder = slash && link[0] != '/' ? (size_t)(slash + 1 - path) : 0;
  char *joined = csro_allocate(context, (long long)(folder + strlen(link) + 1), 1);
  if (joined) {
    memcpy(joined, path, folder);
    strcpy(joined + folder, link);
  }
  return joined;
}

/* Goes one link on. false: target->path is no link. */
static csro_status follow(csro_context *context, const char *path, csro_target *target,
                          bool *was_link) {
  char link[longest_link + 1];
  struct stat about;
  *was_link = lstat(target->path, &about) == 0 && S_ISLNK(about.st_mode);
  if (!*was_link)
    return CSRO_OK;
  ssize_t length = readlink(target->path, link, longest_link);
  if (length < 0)
    return fail(context, path, strerror(errno));
  link[length] = 0;
  char *next = join_link(context, target->path, link);
  if (!next)
    return CSRO_ERROR_MEMORY;
  free(target->path);
  target->path = next;
  return CSRO_OK;
}

static csro_status follow_all(csro_context *context, const char *path, csro_target *target) {
  target->path = join_link(context, "", path);
  if (!target->path)
    return CSRO_ERROR_MEMORY;
  bool was_link = true;
  csro_status status = CSRO_OK;
  for (int k = 0; k < most_links && was_link && status == CSRO_OK; k++)
    status = follow(context, path, target, &was_link);
  return status == CSRO_OK && was_link ? fail(context, path, strerror(ELOOP)) : status;
}

csro_status csro_target_find(csro_context *context, const char *path, csro_target *target) {
  *target = (csro_target){0};
  target->exists = stat(path, &target->about) == 0;
  if (!target->exists && errno != ENOENT)
    return fail(context, path, strerror(errno));
  if (target->exists && !S_ISREG(target->about.st_mode))
    return csro_fail(context, CSRO_ERROR_FILE,
                     "%s: cannot be written: is %s, expected a regular file or a new name", path,
                     csro_file_kind(target->about.st_mode));
  if (target->exists && (target->about.st_mode & 0222) == 0)
    return fail(context, path, "is write-protected");
  if (target->exists && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0)
    return fail(context, path, strerror(errno));
  return follow_all(context, path, target);
}

void csro_target_release(csro_target *target) {
  if (!target)
    return;
  free(target->path);
  target->path = NULL;
}
