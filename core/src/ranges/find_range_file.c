/* The range file that belongs to an ion file by its name. */
#include "csro/ranges.h"
#include "file/file.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static const char *name_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* The folder of a path with its slash at the end ("" for none), followed by a name. */
static char *join(csro_context *context, const char *path, const char *name) {
  size_t folder = (size_t)(name_of(path) - path), length = strlen(name) + 1;
  char *joined = csro_allocate(context, (long long)(folder + length), 1);
  if (!joined)
    return NULL;
  memcpy(joined, path, folder);
  memcpy(joined + folder, name, length);
  return joined;
}

static bool is_file(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* 0 when `name` is no range file of this base, else the smaller the better: formats in the order of
 * what they can say, for each the name in the same case first. */
static int rank_name(const char *name, const char *base, size_t length) {
  static const char *const endings[] = {".rrng", ".rng", ".env"};
  const char *ending = csro_file_ending(name);
  if ((size_t)(ending - name) != length || strncasecmp(name, base, length) != 0)
    return 0;
  for (int i = 0; i < 3; i++)
    if (strcasecmp(ending, endings[i]) == 0)
      return 1 + 2 * i + (strncmp(name, base, length) != 0);
  return 0;
}

static csro_status look(csro_context *context, DIR *folder, const char *path, char **found) {
  const char *base = name_of(path);
  size_t length = (size_t)(csro_file_ending(base) - base);
  int best = 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    int rank = rank_name(entry->d_name, base, length);
    if (rank == 0 || (best > 0 && rank > best) ||
        (rank == best && strcmp(entry->d_name, name_of(*found)) > 0))
      continue;
    char *candidate = join(context, path, entry->d_name);
    if (!candidate)
      return CSRO_ERROR_MEMORY;
    if (!is_file(candidate)) {
      free(candidate);
      continue;
    }
    free(*found);
    *found = candidate;
    best = rank;
  }
  return CSRO_OK;
}

csro_status csro_ranges_beside(csro_context *context, const char *ions, char **ranges) {
  *ranges = NULL;
  char *name = join(context, ions, ".");
  if (!name)
    return CSRO_ERROR_MEMORY;
  DIR *folder = opendir(name);
  free(name);
  if (!folder)
    return CSRO_OK;
  csro_status status = look(context, folder, ions, ranges);
  closedir(folder);
  if (status != CSRO_OK) {
    free(*ranges);
    *ranges = NULL;
  }
  return status;
}
