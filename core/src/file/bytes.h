/* Numbers in the byte order of a file, whatever that of the machine is. */
#ifndef CSRO_FILE_BYTES_H
#define CSRO_FILE_BYTES_H

#include <stdint.h>

static inline uint32_t csro_big32(const unsigned char *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t csro_little32(const unsigned char *p) {
  return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline int64_t csro_little64(const unsigned char *p) {
  return (int64_t)((uint64_t)csro_little32(p + 4) << 32 | csro_little32(p));
}

static inline void csro_put_big32(uint32_t bits, unsigned char *p) {
  p[0] = (unsigned char)(bits >> 24);
  p[1] = (unsigned char)(bits >> 16);
  p[2] = (unsigned char)(bits >> 8);
  p[3] = (unsigned char)bits;
}

#endif
