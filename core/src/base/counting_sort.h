/* Sorting by counting, around loops of the caller's: count the items of each key, turn the counts
 * into beginnings, put each item at begin[key]++, and restore the beginnings. Stable. */
#ifndef CSRO_BASE_COUNTING_SORT_H
#define CSRO_BASE_COUNTING_SORT_H

#include <stdint.h>
#include <string.h>

/* Several parts of the items, one after the other, sorted at the same time: counts[part * stride +
 * key] becomes where the items of the part with that key begin, the first of all at `first`.
 * Returns where the last of all ends. */
static inline int64_t csro_parts_begin(int64_t *counts, int parts, int64_t stride, int64_t keys,
                                       int64_t first) {
  for (int64_t key = 0; key < keys; key++)
    for (int part = 0; part < parts; part++) {
      int64_t *begin = &counts[part * stride + key], count = *begin;
      *begin = first;
      first += count;
    }
  return first;
}

/* The same for all items in one part: counts[keys]. */
static inline int64_t csro_keys_begin(int64_t *counts, int64_t keys, int64_t first) {
  return csro_parts_begin(counts, 1, keys, keys, first);
}

/* begin[keys], each moved to its end by the items put there, which is where the next key begins. */
static inline void csro_keys_restore(int64_t *begin, int64_t keys, int64_t first) {
  if (keys < 1)
    return;
  memmove(begin + 1, begin, (size_t)(keys - 1) * sizeof *begin);
  begin[0] = first;
}

#endif
