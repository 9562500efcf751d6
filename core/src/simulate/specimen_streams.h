/* Which random stream belongs to what: every site and every domain has its own, so that a specimen
 * is the same for any number of parts and threads. */
#ifndef CSRO_SIMULATE_SPECIMEN_STREAMS_H
#define CSRO_SIMULATE_SPECIMEN_STREAMS_H

#include "csro/random.h"

/* Place, size and kind of a domain. */
static inline void csro_domain_place_start(csro_random *random, uint64_t seed, int32_t domain) {
  csro_random_init(random, seed, (UINT64_C(1) << 56) + (uint64_t)domain);
}

/* Order inside a domain. */
static inline void csro_domain_order_start(csro_random *random, uint64_t seed, int32_t domain) {
  csro_random_init(random, seed, (UINT64_C(2) << 56) + (uint64_t)domain);
}

/* Pile-up of the atom of a site, by its number. */
static inline void csro_pile_up_start(csro_random *random, uint64_t seed, int64_t number) {
  csro_random_init(random, seed, (UINT64_C(3) << 56) + (uint64_t)number);
}

#endif
