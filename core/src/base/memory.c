#include "csro/memory.h"

#include "base/groups.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LONGEST_NAME = 8192 };

/* The number behind a key at the beginning of a line, `none` without. An empty key: the first
 * number of the file. */
static int64_t read_number(const char *name, const char *key, int64_t none) {
  FILE *file = fopen(name, "r");
  if (!file)
    return none;
  int64_t number = none;
  char line[512];
  while (number == none && fgets(line, sizeof line, file)) {
    long long value = 0;
    if (strncmp(line, key, strlen(key)) == 0 && sscanf(line + strlen(key), "%lld", &value) == 1 &&
        value >= 0)
      number = value;
  }
  fclose(file);
  return number;
}

static int64_t read_group(const char *root, const char *group, const char *file, const char *key,
                          int64_t none) {
  char name[LONGEST_NAME];
  if (snprintf(name, sizeof name, "%s%s/%s", root, group, file) >= (int)sizeof name)
    return none;
  return read_number(name, key, none);
}

/* What a group leaves. */
static int64_t free_of_group(const char *root, const char *group) {
  const int64_t limit = read_group(root, group, "memory.max", "", INT64_MAX);
  if (limit == INT64_MAX)
    return INT64_MAX;
  const int64_t used = read_group(root, group, "memory.current", "", 0);
  const int64_t cache = read_group(root, group, "memory.stat", "inactive_file ", 0);
  const int64_t taken = used > cache ? used - cache : 0;
  return limit > taken ? limit - taken : 0;
}

static int64_t free_of_host(const char *proc, const char *root) {
  enum { KIB = 1024 };
  char name[LONGEST_NAME], group[4096];
  int64_t least = INT64_MAX;
  if (snprintf(name, sizeof name, "%s/meminfo", proc) < (int)sizeof name)
    least = read_number(name, "MemAvailable:", INT64_MAX);
  least = least > INT64_MAX / KIB ? INT64_MAX : least * KIB;
  if (snprintf(name, sizeof name, "%s/self/cgroup", proc) >= (int)sizeof name ||
      !csro_group_find(name, group, sizeof group))
    return least;
  for (char *end = group + strlen(group); end; end = strrchr(group, '/')) {
    *end = 0;
    const int64_t left = free_of_group(root, group);
    least = left < least ? left : least;
  }
  return least;
}

static int64_t free_of_process(const char *proc) {
  struct rlimit limit;
  char name[LONGEST_NAME];
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
      limit.rlim_cur > INT64_MAX ||
      snprintf(name, sizeof name, "%s/self/statm", proc) >= (int)sizeof name)
    return INT64_MAX;
  const int64_t used = read_number(name, "", 0) * sysconf(_SC_PAGESIZE);
  const int64_t most = (int64_t)limit.rlim_cur;
  return most > used ? most - used : 0;
}

csro_memory csro_memory_free(const char *proc, const char *root) {
  return (csro_memory){free_of_host(proc, root), free_of_process(proc)};
}
