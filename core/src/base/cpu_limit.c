#include "csro/cpu_limit.h"

#include "base/groups.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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

int csro_cgroup_cpu_limit(const char *self, const char *root) {
  char group[4096];
  if (!csro_group_find(self, group, sizeof group))
    return INT_MAX;
  int cores = INT_MAX;
  for (char *end = group + strlen(group); end; end = strrchr(group, '/')) {
    *end = 0;
    const int limit = limit_of(root, group);
    cores = limit < cores ? limit : cores;
  }
  return cores;
}
