/* Reads the positions of a .pos file (records of four big-endian float32) of the reference cases,
 * independent of the core's reader. */
#ifndef POS_H
#define POS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline float *pos_read(const char *path, int64_t *count) {
  FILE *file = fopen(path, "rb");
  fseek(file, 0, SEEK_END);
  *count = ftell(file) / 16;
  rewind(file);
  float *xyz = malloc((size_t)*count * 3 * sizeof *xyz);
  for (int64_t i = 0; i < *count; i++) {
    unsigned char record[16];
    if (fread(record, 1, 16, file) != 16)
      exit(1);
    for (int axis = 0; axis < 3; axis++) {
      const unsigned char *b = record + 4 * axis;
      uint32_t bits = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
      memcpy(&xyz[3 * i + axis], &bits, sizeof bits);
    }
  }
  fclose(file);
  return xyz;
}

#endif
