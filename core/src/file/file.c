#include "file/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

const char *csro_file_kind(mode_t mode) {
  return S_ISDIR(mode)    ? "a directory"
         : S_ISFIFO(mode) ? "a named pipe"
         : S_ISSOCK(mode) ? "a socket"
         : S_ISCHR(mode)  ? "a character device"
         : S_ISBLK(mode)  ? "a block device"
                          : "no regular file";
}

static csro_status check_regular(csro_context *context, const char *path,
                                 const struct stat *about) {
  return S_ISREG(about->st_mode)
             ? CSRO_OK
             : csro_fail(context, CSRO_ERROR_FILE, "%s: is %s, expected a regular file", path,
                         csro_file_kind(about->st_mode));
}

/* Looked at twice: before opening, and whether it is what was looked at. */
csro_status csro_file_open(csro_context *context, const char *path, csro_file *file) {
  *file = (csro_file){.path = path, .descriptor = -1};
  struct stat about;
  if (stat(path, &about) != 0)
    return csro_fail(context, CSRO_ERROR_FILE, "%s: %s", path, strerror(errno));
  csro_status status = check_regular(context, path, &about);
  if (status != CSRO_OK)
    return status;
  file->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file->descriptor < 0 || fstat(file->descriptor, &about) != 0)
    return csro_fail(context, CSRO_ERROR_FILE, "%s: %s", path, strerror(errno));
  file->size = about.st_size;
  file->modified = about.st_mtim;
  return check_regular(context, path, &about);
}

csro_status csro_file_check_unchanged(csro_context *context, const csro_file *file) {
  struct stat about;
  if (fstat(file->descriptor, &about) != 0)
    return csro_file_fail_read(context, file, errno);
  bool same = about.st_size == file->size && about.st_mtim.tv_sec == file->modified.tv_sec &&
              about.st_mtim.tv_nsec == file->modified.tv_nsec;
  return same ? CSRO_OK : csro_file_fail_read(context, file, 0);
}

void csro_file_close(csro_file *file) {
  if (file->descriptor >= 0)
    close(file->descriptor);
  file->descriptor = -1;
}

bool csro_file_read(const csro_file *file, int64_t offset, int64_t count, void *out) {
  char *target = out;
  while (count > 0) {
    ssize_t got = pread(file->descriptor, target, (size_t)count, offset);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0) {
      errno = got == 0 ? 0 : errno;
      return false;
    }
    target += got;
    offset += got;
    count -= got;
  }
  return true;
}

csro_status csro_file_fail_read(csro_context *context, const csro_file *file, int error) {
  return csro_fail(context, CSRO_ERROR_FILE, "%s: cannot be read: %s", file->path,
                   error ? strerror(error) : "the file was changed meanwhile");
}

const char *csro_file_ending(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *dot = strrchr(slash ? slash : path, '.');
  return dot ? dot : path + strlen(path);
}
