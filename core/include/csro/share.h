/* Division of n items among parts: processes, or threads. */
#ifndef CSRO_SHARE_H
#define CSRO_SHARE_H

#include "csro/api.h"

#include <stdint.h>

CSRO_API_BEGIN

/* The first item of part 0 .. parts; that of `parts` is the total. Consecutive items each, as even
 * as can be, larger shares first. */
static inline int64_t csro_share_begin(int64_t total, int part, int parts) {
  int64_t quotient = total / parts, rest = total % parts;
  return quotient * part + (part < rest ? part : rest);
}

/* The part gets the items first .. first + count - 1. */
static inline void csro_share(int64_t total, int part, int parts, int64_t *first, int64_t *count) {
  *first = csro_share_begin(total, part, parts);
  *count = csro_share_begin(total, part + 1, parts) - *first;
}

/* The layers of cells between the planes of points of an image: the part gets the points from
 * first to last, with the plane that it shares with the next part. Without cells the first part has
 * the one plane; a part without layers has last = first - 1. Where there are fewer layers than
 * parts, the first ones have them. */
static inline void csro_share_layers(int64_t layers, int part, int parts, int64_t *first,
                                     int64_t *last) {
  const int64_t end = (layers * (part + 1) + parts - 1) / parts;
  *first = (layers * part + parts - 1) / parts;
  *last = *first == end && !(layers == 0 && part == 0) ? *first - 1 : end;
}

CSRO_API_END

#endif
