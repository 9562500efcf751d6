/* Division of n items among parts: processes, or threads. Consecutive items each, as even as can
 * be, larger shares first. */
#ifndef CSRO_BASE_SHARE_H
#define CSRO_BASE_SHARE_H

#include <stdint.h>

/* The first item of part 0 .. parts; that of `parts` is the total. */
static inline int64_t csro_share_begin(int64_t total, int part, int parts) {
  int64_t quotient = total / parts, rest = total % parts;
  return quotient * part + (part < rest ? part : rest);
}

/* The part gets the items first .. first + count - 1. */
static inline void csro_share(int64_t total, int part, int parts, int64_t *first, int64_t *count) {
  *first = csro_share_begin(total, part, parts);
  *count = csro_share_begin(total, part + 1, parts) - *first;
}

#endif
