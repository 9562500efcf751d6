/* Memory that is left: of the system, of control groups, of the address space; damaged and absent
 * files. */
#include "check.h"
#include "csro/memory.h"
#include "temporary.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

static temporary files;

static void put(const char *name, const char *text) {
  char path[900];
  snprintf(path, sizeof path, "%s/%s", files.folder, name);
  FILE *file = fopen(path, "w");
  CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void make_folder(const char *name) {
  char path[900];
  snprintf(path, sizeof path, "%s/%s", files.folder, name);
  CHECK(mkdir(path, 0700) == 0);
}

static int64_t host(void) {
  return csro_memory_free(files.folder, files.folder).host;
}

int main(void) {
  temporary_make(&files);
  CHECK(host() == INT64_MAX);
  make_folder("self");
  make_folder("job");
  make_folder("job/step");
  put("meminfo", "MemTotal: 99 kB\nMemAvailable:      7 kB\nCached: 1 kB\n");
  CHECK(host() == 7168);
  put("self/cgroup", "12:cpu:/x\n0::/job/step\n");
  put("job/step/memory.max", "max\n");
  put("job/memory.max", "6000\n");
  put("job/memory.current", "2000\n");
  CHECK(host() == 4000);
  put("job/memory.stat", "anon 1\ninactive_file 500\nactive_file 9\n");
  CHECK(host() == 4500);
  put("job/step/memory.max", "100\n");
  put("job/step/memory.current", "200\n");
  CHECK(host() == 0);
  put("job/step/memory.max", "9223372036854775807\n");
  put("job/memory.max", "rubbish\n");
  CHECK(host() == 7168);
  put("meminfo", "MemAvailable: 9223372036854775807 kB\n");
  CHECK(host() == INT64_MAX);

  CHECK(csro_memory_free(files.folder, files.folder).process == INT64_MAX);
  const int64_t most = INT64_C(1) << 47; /* all addresses: ThreadSanitizer takes most of them */
  const struct rlimit limit = {most, RLIM_INFINITY};
  if (setrlimit(RLIMIT_AS, &limit) == 0) {
    put("self/statm", "1000 2 3\n");
    CHECK(csro_memory_free(files.folder, files.folder).process < most);
    put("self/statm", "99999999999 2 3\n");
    CHECK(csro_memory_free(files.folder, files.folder).process == 0);
  }
  static const char *const made[] = {"meminfo",
                                     "self/cgroup",
                                     "self/statm",
                                     "self",
                                     "job/step/memory.max",
                                     "job/step/memory.current",
                                     "job/step",
                                     "job/memory.max",
                                     "job/memory.current",
                                     "job/memory.stat",
                                     "job"};
  for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
    char path[900];
    snprintf(path, sizeof path, "%s/%s", files.folder, made[i]);
    remove(path);
  }
  temporary_remove(&files);
  return 0;
}
