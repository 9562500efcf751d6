/* Limits of control groups: none, of the own group, of one above; damaged and absent files. */
#include "check.h"
#include "csro/cpu_limit.h"
#include "temporary.h"

#include <limits.h>
#include <sys/stat.h>

static temporary files;
static char self[800], own[800], above[800];

static void put(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static int cores(const char *groups, const char *of_above, const char *of_own) {
  put(self, groups);
  put(above, of_above);
  put(own, of_own);
  return csro_cgroup_cpu_limit(self, files.folder);
}

int main(void) {
  temporary_make(&files);
  char job[600], step[700];
  snprintf(job, sizeof job, "%s/job", files.folder);
  snprintf(step, sizeof step, "%s/step", job);
  CHECK(mkdir(job, 0700) == 0 && mkdir(step, 0700) == 0);
  snprintf(self, sizeof self, "%s/self", files.folder);
  snprintf(above, sizeof above, "%s/cpu.max", job);
  snprintf(own, sizeof own, "%s/cpu.max", step);

  CHECK_EQ(csro_cgroup_cpu_limit(self, files.folder), INT_MAX); /* absent */
  CHECK_EQ(cores("0::/job/step\n", "max 100000\n", "max 100000\n"), INT_MAX);
  CHECK_EQ(cores("0::/job/step\n", "max 100000\n", "150000 100000\n"), 2);
  CHECK_EQ(cores("4:memory:/\n0::/job/step\n", "300000 100000\n", "800000 100000\n"), 3);
  CHECK_EQ(cores("0::/job/step\n", "", "50000 100000\n"), 1);
  CHECK_EQ(cores("0::/job\n", "400000 100000\n", "50000 100000\n"), 4);
  CHECK_EQ(cores("0::/\n", "400000 100000\n", "50000 100000\n"), INT_MAX);
  CHECK_EQ(cores("0::/elsewhere/step\n", "400000 100000\n", "50000 100000\n"), INT_MAX);
  CHECK_EQ(cores("4:memory:/job\n", "400000 100000\n", "50000 100000\n"), INT_MAX);
  CHECK_EQ(cores("0::/job\n", "-1 0\n", ""), INT_MAX);
  CHECK_EQ(cores("0::/job\n", "99999999999999999 1\n", ""), INT_MAX);

  CHECK(remove(own) == 0 && remove(above) == 0 && remove(self) == 0);
  CHECK(rmdir(step) == 0 && rmdir(job) == 0 && rmdir(files.folder) == 0);
  return check_end();
}
