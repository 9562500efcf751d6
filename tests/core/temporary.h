/* Files that a test makes and that are gone when it ends. */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct temporary {
  char folder[512];
  char path[640]; /* of the file written last */
} temporary;

static inline void temporary_make(temporary *files) {
  const char *where = getenv("TMPDIR");
  snprintf(files->folder, sizeof files->folder, "%s/csro-test-XXXXXX", where ? where : "/tmp");
  files->path[0] = 0;
  if (!mkdtemp(files->folder)) {
    perror(files->folder);
    exit(1);
  }
}

/* Replaces the file of before and returns the path of the new one. */
static inline const char *temporary_write(temporary *files, const char *name, const void *data,
                                          size_t size) {
  if (files->path[0])
    unlink(files->path);
  snprintf(files->path, sizeof files->path, "%s/%s", files->folder, name);
  FILE *file = fopen(files->path, "wb");
  if (!file || (size > 0 && fwrite(data, 1, size, file) != size) || fclose(file) != 0) {
    perror(files->path);
    exit(1);
  }
  return files->path;
}

static inline const char *temporary_text(temporary *files, const char *name, const char *text) {
  return temporary_write(files, name, text, strlen(text));
}

static inline void temporary_remove(temporary *files) {
  if (files->path[0])
    unlink(files->path);
  rmdir(files->folder);
}

#endif
