#include "file/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { LINE = 128 };

int64_t csro_base64_length(int64_t count) {
  int64_t characters = (4 * count + 2) / 3 * 4;
  return characters + (characters + LINE - 1) / LINE;
}

static uint32_t byte_at(const float *values, int64_t count, int64_t i) {
  if (i >= 4 * count)
    return 0;
  uint32_t bits;
  memcpy(&bits, &values[i / 4], sizeof bits);
  return bits >> (8 * (i % 4)) & 255;
}

void csro_base64_encode(const float *values, int64_t count, char *text) {
  int64_t bytes = 4 * count, column = 0;
  for (int64_t i = 0; i < bytes; i += 3) {
    uint32_t three = byte_at(values, count, i) << 16 | byte_at(values, count, i + 1) << 8 |
                     byte_at(values, count, i + 2);
    *text++ = digits[three >> 18];
    *text++ = digits[three >> 12 & 63];
    *text++ = i + 1 < bytes ? digits[three >> 6 & 63] : '=';
    *text++ = i + 2 < bytes ? digits[three & 63] : '=';
    column += 4;
    if (column == LINE || i + 3 >= bytes) {
      *text++ = '\n';
      column = 0;
    }
  }
  *text = 0;
}

static int digit_value(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static int is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* The bytes become the values in place, whatever the order of bytes of the machine is. */
static void from_little_endian(float *values, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    unsigned char b[4];
    memcpy(b, &values[i], 4);
    uint32_t bits =
        (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    memcpy(&values[i], &bits, 4);
  }
}

int64_t csro_base64_decode(const char *text, int64_t count, float *values) {
  unsigned char *out = (unsigned char *)values;
  int64_t bytes = 0, characters = 0, padding = 0;
  uint32_t bits = 0;
  for (; *text; text++) {
    if (is_space(*text))
      continue;
    characters++;
    if (*text == '=') {
      padding++;
      continue;
    }
    int digit = digit_value(*text);
    if (digit < 0 || padding)
      return -1;
    bits = bits << 6 | (uint32_t)digit;
    if (characters % 4 == 1)
      continue;
    unsigned char byte = (unsigned char)(bits >> (6 - 2 * ((characters + 3) % 4)));
    if (bytes < 4 * count)
      out[bytes] = byte;
    bytes++;
  }
  if (characters % 4 != 0 || padding > 2)
    return -1;
  if (bytes == 4 * count)
    from_little_endian(values, count);
  return bytes;
}
