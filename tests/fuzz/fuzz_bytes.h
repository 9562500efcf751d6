/* The input as a stream of decisions, for targets that make valid data from it. Behind its end
 * everything is 0. */
#ifndef FUZZ_BYTES_H
#define FUZZ_BYTES_H

#include "fuzz.h"

#include <string.h>

typedef struct fuzz_bytes {
  const uint8_t *data;
  size_t left;
} fuzz_bytes;

static inline uint8_t fuzz_byte(fuzz_bytes *from) {
  if (from->left == 0)
    return 0;
  from->left--;
  return *from->data++;
}

/* 0 .. n - 1, n <= 256. */
static inline int fuzz_below(fuzz_bytes *from, int n) {
  return fuzz_byte(from) % n;
}

static inline void fuzz_fill(fuzz_bytes *from, void *out, size_t size) {
  for (size_t i = 0; i < size; i++)
    ((uint8_t *)out)[i] = fuzz_byte(from);
}

static inline void *fuzz_allocate(size_t size) {
  void *memory = calloc(size > 0 ? size : 1, 1);
  FUZZ_CHECK(memory != NULL);
  return memory;
}

#endif
