/* Memory that is left. */
#ifndef CSRO_MEMORY_H
#define CSRO_MEMORY_H

#include "csro/api.h"

#include <stdint.h>

CSRO_API_BEGIN

/* Bytes; INT64_MAX where nothing limits. */
typedef struct csro_memory {
  int64_t host; /* shared by all processes on the host, or in its container: the least of what the
                   system has available and what the limits of control groups (version 2,
                   memory.max) leave, page cache that can be dropped counted as free */
  int64_t process; /* of this process alone: its address space (RLIMIT_AS, "ulimit -v") */
} csro_memory;

/* `proc` is the folder of processes ("/proc"), `root` that of all control groups
 * ("/sys/fs/cgroup"). What cannot be read limits nothing. */
csro_memory csro_memory_free(const char *proc, const char *root);

CSRO_API_END

#endif
