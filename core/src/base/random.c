#include "csro/random.h"

#include "base/clones.h"

#include <math.h>

enum { philox_rounds = 10, feistel_rounds = sizeof(((csro_permutation *)0)->key) / 8 };

/* The position is the counter's low half, the stream its high half, the seed the key. */
static void philox(uint64_t seed, uint64_t stream, uint64_t counter, uint32_t out[4]) {
  uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32);
  uint32_t c2 = (uint32_t)stream, c3 = (uint32_t)(stream >> 32);
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < philox_rounds; round++) {
    uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
    c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)b;
    c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)a;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

void csro_random_init(csro_random *random, uint64_t seed, uint64_t stream) {
  *random = (csro_random){.seed = seed, .stream = stream, .used = 4};
}

uint32_t csro_random_u32(csro_random *random) {
  if (random->used == 4) {
    philox(random->seed, random->stream, random->counter++, random->block);
    random->used = 0;
  }
  return random->block[random->used++];
}

/* LANES blocks side by side, one per lane of the widest vector. */
enum { LANES = 16 };

CSRO_CLONES
static void philox_lanes(uint64_t seed, uint64_t stream, uint64_t counter,
                         uint32_t out[restrict 4 * LANES]) {
  for (int lane = 0; lane < LANES; lane++)
    philox(seed, stream, counter + (uint64_t)lane, out + 4 * lane);
}

void csro_random_fill(csro_random *random, int64_t n, uint32_t *out) {
  int64_t k = 0;
  while (k < n && random->used < 4)
    out[k++] = csro_random_u32(random);
  for (; k + 4 * LANES <= n; k += 4 * LANES, random->counter += LANES)
    philox_lanes(random->seed, random->stream, random->counter, out + k);
  while (k < n)
    out[k++] = csro_random_u32(random);
}

uint64_t csro_random_u64(csro_random *random) {
  uint64_t low = csro_random_u32(random);
  return low | (uint64_t)csro_random_u32(random) << 32;
}

double csro_random_uniform(csro_random *random) {
  return (double)(csro_random_u64(random) >> 11) * 0x1p-53;
}

double csro_random_normal(csro_random *random) {
  double radius = sqrt(-2 * log(1 - csro_random_uniform(random)));
  return radius * cos(6.283185307179586477 * csro_random_uniform(random));
}

uint64_t csro_random_below(csro_random *random, uint64_t n) {
  uint64_t excess = (0 - n) % n; /* 2^64 mod n: as many values are turned down */
  uint64_t value;
  do
    value = csro_random_u64(random);
  while (value < excess);
  return value % n;
}

void csro_permutation_init(csro_permutation *permutation, uint64_t seed, uint64_t n) {
  *permutation = (csro_permutation){.n = n};
  while (permutation->half_bits < 32 && (n - 1) >> 2 * permutation->half_bits != 0 && n > 0)
    permutation->half_bits++;
  csro_random random;
  csro_random_init(&random, seed, n);
  for (int round = 0; round < feistel_rounds; round++)
    permutation->key[round] = csro_random_u64(&random);
}

/* Multiply and shift until every bit of the result depends on every bit of the input. */
static uint64_t mix(uint64_t x) {
  x = (x ^ x >> 32) * 0xD6E8FEB86659FD93u;
  x = (x ^ x >> 32) * 0xD6E8FEB86659FD93u;
  return x ^ x >> 32;
}

static uint64_t feistel(const csro_permutation *permutation, uint64_t i) {
  int bits = permutation->half_bits;
  uint64_t mask = ((uint64_t)1 << bits) - 1, left = i >> bits, right = i & mask;
  for (int round = 0; round < feistel_rounds; round++) {
    uint64_t next = left ^ (mix(right ^ permutation->key[round]) & mask);
    left = right;
    right = next;
  }
  return left << bits | right;
}

uint64_t csro_permutation_at(const csro_permutation *permutation, uint64_t i) {
  do
    i = feistel(permutation, i);
  while (i >= permutation->n);
  return i;
}

void csro_permutation_range(const csro_permutation *permutation, uint64_t first, int64_t count,
                            int threads, uint64_t *out) {
#pragma omp parallel for num_threads(threads)
  for (int64_t i = 0; i < count; i++)
    out[i] = csro_permutation_at(permutation, first + (uint64_t)i);
}
