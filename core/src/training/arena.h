/* Gives out pieces of one block of memory; only counts while memory is NULL. */
#ifndef CSRO_TRAINING_ARENA_H
#define CSRO_TRAINING_ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef struct csro_arena {
  float *memory;
  int64_t used;
} csro_arena;

static inline float *csro_arena_take(csro_arena *from, int64_t count) {
  float *piece = from->memory ? from->memory + from->used : NULL;
  from->used += count;
  return piece;
}

#endif
