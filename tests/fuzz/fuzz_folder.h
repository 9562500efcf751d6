/* A folder for files that are written and read back: in memory where there is such a file system,
 * made at the first use and removed when the program ends. */
#ifndef FUZZ_FOLDER_H
#define FUZZ_FOLDER_H

#include "fuzz_bytes.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static char fuzz_folder_path[256];

static inline void fuzz_folder_remove(void) {
  rmdir(fuzz_folder_path);
}

/* The path of a file in the folder, in room of 300 bytes. */
static inline const char *fuzz_folder_file(const char *name, char *room) {
  if (!fuzz_folder_path[0]) {
    const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR");
    snprintf(fuzz_folder_path, sizeof fuzz_folder_path, "%s/csro-fuzz-XXXXXX",
             memory ? memory : "/tmp");
    FUZZ_CHECK(mkdtemp(fuzz_folder_path) != NULL);
    atexit(fuzz_folder_remove);
  }
  snprintf(room, 300, "%s/%s", fuzz_folder_path, name);
  return room;
}

/* Nothing unfinished may be left behind. */
static inline void fuzz_folder_is_empty(void) {
  DIR *folder = opendir(fuzz_folder_path);
  int entries = 0;
  FUZZ_CHECK(folder != NULL);
  while (readdir(folder))
    entries++;
  closedir(folder);
  FUZZ_CHECK(entries == 2); /* . and .. */
}

/* The bytes of a file with a zero behind them; the caller frees them. */
static inline char *fuzz_folder_read(const char *path, size_t *size) {
  struct stat about;
  FILE *file = fopen(path, "rb");
  FUZZ_CHECK(file && fstat(fileno(file), &about) == 0);
  *size = (size_t)about.st_size;
  char *text = fuzz_allocate(*size + 1);
  FUZZ_CHECK(fread(text, 1, *size, file) == *size);
  fclose(file);
  return text;
}

#endif
