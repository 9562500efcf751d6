/* Which random stream belongs to what: every candidate, domain and ion has its own, and none of a
 * simulated specimen (simulate/specimen_streams.h) is used again for the same seed. */
#ifndef CSRO_INJECT_STREAMS_H
#define CSRO_INJECT_STREAMS_H

#include "csro/random.h"

typedef enum csro_inject_stream {
  CSRO_STREAM_CANDIDATE = 0x10,
  CSRO_STREAM_DOMAIN,
  CSRO_STREAM_EXCHANGE,
  CSRO_STREAM_ION
} csro_inject_stream;

static inline void csro_inject_start(csro_random *random, uint64_t seed, csro_inject_stream stream,
                                     int64_t number) {
  csro_random_init(random, seed, ((uint64_t)stream << 56) + (uint64_t)number);
}

#endif
