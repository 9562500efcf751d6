/* Base64 (RFC 4648) of float32 arrays, little-endian. */
#ifndef CSRO_FILE_BASE64_H
#define CSRO_FILE_BASE64_H

#include <stdint.h>

/* Characters of csro_base64_encode for count floats, without the final zero. */
int64_t csro_base64_length(int64_t count);

/* Writes text of lines of 128 characters, each ended by a newline, and a final zero. */
void csro_base64_encode(const float *values, int64_t count, char *text);

/* Reads exactly count floats; white space does not matter. Returns the number of bytes found (4 x
 * count when all is well; nothing is written beyond), or -1 for text that is no base64. */
int64_t csro_base64_decode(const char *text, int64_t count, float *values);

#endif
