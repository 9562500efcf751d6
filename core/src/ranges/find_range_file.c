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

/* Of range files, in the order of what they can say. */
static const char *const range_endings[] = {".rrng", ".rng", ".env"};
/* Of ion files; text may be anything. */
static const char *const ion_endings[] = {".pos", ".epos", ".ato", ".apt", ".nxs"};
static const char *const text_endings[] = {".csv", ".txt", ".tsv"};

/* The place of the ending in a list, or -1. */
static int find_ending(const char *name, const char *const *endings, int count) {
  const char *ending = csro_file_ending(name);
  for (int i = 0; i < count; i++)
    if (strcasecmp(ending, endings[i]) == 0)
      return i;
  return -1;
}

static size_t base_length(const char *name) {
  return (size_t)(csro_file_ending(name) - name);
}

static bool same_base(const char *a, const char *b) {
  const size_t length = base_length(a);
  return base_length(b) == length && strncasecmp(a, b, length) == 0;
}

/* 0 when `name` is no range file of this base, else the smaller the better: formats in their order,
 * for each the name in the same case first. */
static int rank_name(const char *name, const char *base) {
  const int format = find_ending(name, range_endings, 3);
  return format < 0 || !same_base(name, base)
             ? 0
             : 1 + 2 * format + (strncmp(name, base, base_length(base)) != 0);
}

/* Makes `name` the candidate that *found is when it is a file and ranks before that one. */
static csro_status improve(csro_context *context, const char *path, const char *name, int rank,
                           int *best, char **found) {
  if (rank == 0 || (*best > 0 && rank > *best) ||
      (rank == *best && strcmp(name, name_of(*found)) > 0))
    return CSRO_OK;
  char *candidate = join(context, path, name);
  if (!candidate)
    return CSRO_ERROR_MEMORY;
  if (!is_file(candidate)) {
    free(candidate);
    return CSRO_OK;
  }
  free(*found);
  *found = candidate;
  *best = rank;
  return CSRO_OK;
}

static csro_status look(csro_context *context, DIR *folder, const char *path, char **found) {
  int best = 0;
  csro_status status = CSRO_OK;
  for (struct dirent *entry; status == CSRO_OK && (entry = readdir(folder)) != NULL;)
    status = improve(context, path, entry->d_name, rank_name(entry->d_name, name_of(path)), &best,
                     found);
  return status;
}

/* Whether a file may be ions other than those of `own`; text counts beside text only. */
static bool is_other_ions(const char *name, const char *own) {
  const bool own_is_text = find_ending(own, text_endings, 3) >= 0;
  return !same_base(name, own) && (find_ending(name, ion_endings, 5) >= 0 ||
                                   (own_is_text && find_ending(name, text_endings, 3) >= 0));
}

/* The only range file of a folder whose only ions these are: whatever its name is, it is theirs. */
static csro_status look_for_only_one(csro_context *context, DIR *folder, const char *path,
                                     char **found) {
  int best = 0;
  csro_status status = CSRO_OK;
  bool single = true;
  for (struct dirent *entry; status == CSRO_OK && single && (entry = readdir(folder)) != NULL;) {
    const char *name = entry->d_name;
    const bool has_ranges = find_ending(name, range_endings, 3) >= 0 && base_length(name) > 0;
    if (is_other_ions(name, name_of(path)) ||
        (has_ranges && *found && !same_base(name, name_of(*found))))
      single = false;
    else if (has_ranges)
      status = improve(context, path, name, rank_name(name, name), &best, found);
  }
  if (!single) {
    free(*found);
    *found = NULL;
  }
  return status;
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
  if (status == CSRO_OK && !*ranges) {
    rewinddir(folder);
    status = look_for_only_one(context, folder, ions, ranges);
  }
  closedir(folder);
  if (status != CSRO_OK) {
    free(*ranges);
    *ranges = NULL;
  }
  return status;
}
