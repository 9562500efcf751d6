/* Random numbers for tests, independent of the core's generator. */
#ifndef CLOUD_H
#define CLOUD_H

#include <stdint.h>

/* splitmix64; uniform in [0, 1) */
static inline double cloud_uniform(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static inline double cloud_between(uint64_t *state, double lo, double hi) {
  return lo + (hi - lo) * cloud_uniform(state);
}

#endif
