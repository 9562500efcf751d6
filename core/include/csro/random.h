/* The one random generator of the project: Philox4x32-10 (Salmon et al., "Parallel random numbers:
 * as easy as 1, 2, 3", SC 2011). It is counter based: the numbers depend only on (seed, stream,
 * position), so every ion, pattern or weight can have its own stream and the result is the same for
 * any number of threads and ranks. */
#ifndef CSRO_RANDOM_H
#define CSRO_RANDOM_H

#include "csro/api.h"

#include <stdint.h>

CSRO_API_BEGIN

/* A place in one stream of numbers. Nothing to release. */
typedef struct csro_random {
  uint64_t seed, stream, counter;
  uint32_t block[4];
  int used; /* numbers of `block` that are spent */
} csro_random;

/* The start of a stream. */
void csro_random_init(csro_random *random, uint64_t seed, uint64_t stream);
/* The next number: 32 random bits. */
uint32_t csro_random_u32(csro_random *random);
/* The next n numbers of csro_random_u32, faster. */
void csro_random_fill(csro_random *random, int64_t n, uint32_t *out);
/* The next two numbers: 64 random bits. */
uint64_t csro_random_u64(csro_random *random);
/* Uniform in [0, 1), of 53 random bits. */
double csro_random_uniform(csro_random *random);
/* Normal: mean 0, standard deviation 1. */
double csro_random_normal(csro_random *random);
/* Uniform in 0 .. n-1 without bias; n > 0. */
uint64_t csro_random_below(csro_random *random, uint64_t n);

/* A pseudo-random permutation of 0 .. n-1 that needs no memory and can be evaluated anywhere
 * (a Feistel network on the next even power of two, walked until the result is below n). */
typedef struct csro_permutation {
  uint64_t n, key[8]; /* one key per round, from the seed */
  int half_bits;
} csro_permutation;

/* The permutation of 0 .. n-1 that belongs to the seed. */
void csro_permutation_init(csro_permutation *permutation, uint64_t seed, uint64_t n);
/* Where i, below n, goes to. */
uint64_t csro_permutation_at(const csro_permutation *permutation, uint64_t i);
/* Where first .. first + count - 1 go to, found by so many threads. */
void csro_permutation_range(const csro_permutation *permutation, uint64_t first, int64_t count,
                            int threads, uint64_t *out);

CSRO_API_END

#endif
