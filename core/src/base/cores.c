#include "csro/cores.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The group of version 2 is the line "0::/path". */
static bool find_group(const char *self, char *path, size_t size) {
  FILE *file = fopen(self, "r");
  if (!file)
    return false;
  bool found = false;
  char line[4096];
  while (!found && fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    found = strncmp(line, "0::/", 4) == 0 && strlen(line + 3) < size;
    if (found)
      strcpy(path, line + 3);
  }
  fclose(file);
  return found;
}

/* cpu.max is "quota period", both in microseconds, or "max period". */
static int limit_of(const char *root, const char *group) {
  char name[8192];
  if (snprintf(name, sizeof name, "%s%s/cpu.max", root, group) >= (int)sizeof name)
    return INT_MAX;
  FILE *file = fopen(name, "r");
  if (!file)
    return INT_MAX;
  long long quota = 0, period = 0;
  const bool limited = fscanf(file, "%lld %lld", &quota, &period) == 2 && quota > 0 && period > 0;
  fclose(file);
  if (!limited || quota / period >= INT_MAX)
    return INT_MAX;
  return (int)(quota / period + (quota % period > 0));
}

int csro_cores_of_group(const char *self, const char *root) {
  char group[4096];
  if (!find_group(self, group, sizeof group))
    return INT_MAX;
  int cores = INT_MAX;
  for (char *end = group + strlen(group); end; end = strrchr(group, '/')) {
    *end = 0;
    const int limit = limit_of(root, group);
    cores = limit < cores ? limit : cores;
  }
  return cores;
}
