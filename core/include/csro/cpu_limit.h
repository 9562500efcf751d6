/* Cores that a container leaves to a process. */
#ifndef CSRO_CPU_LIMIT_H
#define CSRO_CPU_LIMIT_H

#include "csro/api.h"

CSRO_API_BEGIN

/* Cores that the limits of control groups (version 2, cpu.max: time per period) leave to this
 * process, rounded up: the least of its own group and those above; INT_MAX where nothing limits.
 * Containers have such limits, and a process's affinity does not show them.
 * `self` names the process's groups ("/proc/self/cgroup"), `root` is the folder of all groups
 * ("/sys/fs/cgroup"). */
int csro_cgroup_cpu_limit(const char *self, const char *root);

CSRO_API_END

#endif
