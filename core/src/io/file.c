#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

csro_status csro_file_open(csro_context *context, const char *path, csro_file *file) {
  *file = (csro_file){.path = path, .descriptor = -1};
  struct stat status;
  if (stat(path, &status) != 0)
    return csro_fail(context, CSRO_ERROR_FILE, "%s: %s", path, strerror(errno));
  if (S_ISDIR(status.st_mode))
    return csro_fail(context, CSRO_ERROR_FILE, "%s: is a directory, expected a file", path);
  if (!S_ISREG(status.st_mode))
    return csro_fail(context, CSRO_ERROR_FILE, "%s: is not a regular file", path);
  file->descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (file->descriptor < 0)
    return csro_fail(context, CSRO_ERROR_FILE, "%s: %s", path, strerror(errno));
  file->size = status.st_size;
  return CSRO_OK;
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
                   error ? strerror(error) : "the file changed meanwhile");
}

const char *csro_file_ending(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *dot = strrchr(slash ? slash : path, '.');
  return dot ? dot : path + strlen(path);
}
