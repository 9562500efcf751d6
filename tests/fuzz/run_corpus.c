/* Runs a fuzz target once over every file of a folder, without libFuzzer. usage: fuzz_X FOLDER */
#include "fuzz.h"

#include <dirent.h>

static void run_file(const char *path) {
  FILE *file = fopen(path, "rb");
  FUZZ_CHECK(file && fseek(file, 0, SEEK_END) == 0);
  long size = ftell(file);
  FUZZ_CHECK(size >= 0);
  rewind(file);
  uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
  FUZZ_CHECK(data && fread(data, 1, (size_t)size, file) == (size_t)size);
  fclose(file);
  LLVMFuzzerTestOneInput(data, (size_t)size);
  free(data);
}

int main(int argc, char **argv) {
  DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
  if (!folder) {
    fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  int files = 0;
  for (struct dirent *entry; (entry = readdir(folder));) {
    char path[4096];
    if (entry->d_name[0] == '.')
      continue;
    snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
    run_file(path);
    files++;
  }
  closedir(folder);
  FUZZ_CHECK(files > 0);
  return 0;
}
