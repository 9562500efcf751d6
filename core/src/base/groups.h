/* Control groups (version 2) of a process. */
#ifndef CSRO_BASE_GROUPS_H
#define CSRO_BASE_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

/* The group ("/path") from a file as /proc/self/cgroup; false when it names none or one that is too
 * long. */
bool csro_group_find(const char *self, char *path, size_t size);

#endif
