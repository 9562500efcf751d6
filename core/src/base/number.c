#include "base/number.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static double parse_slowly(const char *p, const char *mark, const char *end, locale_t c_locale) {
  char text[256];
  size_t length = (size_t)(end - p);
  memcpy(text, p, length);
  text[length] = 0;
  if (mark)
    text[mark - p] = '.';
  locale_t before = uselocale(c_locale);
  double value = strtod(text, NULL);
  uselocale(before);
  return value;
}

/* Where the exponent ends; p itself when there is none. */
static const char *parse_exponent(const char *p, const char *end, int *exponent) {
  const char *start = p;
  *exponent = 0;
  if (p == end || (*p != 'e' && *p != 'E'))
    return start;
  p++;
  bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  if (p == end || !is_digit(*p))
    return start;
  int value = 0;
  for (; p < end && is_digit(*p); p++)
    if (value < 100000)
      value = 10 * value + (*p - '0');
  *exponent = negative ? -value : value;
  return p;
}

const char *csro_number_parse(const char *p, const char *end, bool comma, locale_t c_locale,
                              double *value) {
  /* Powers of ten that a double holds exactly. */
  static const double ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const char *start = p, *mark = NULL;
  bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+'))
    p++;
  const char *first = p;
  uint64_t digits = 0; /* wraps beyond 19 digits; the slow way follows then */
  for (; p < end && is_digit(*p); p++)
    digits = 10 * digits + (uint64_t)(*p - '0');
  int64_t length = p - first, decimals = 0;
  if (p < end && (*p == '.' || (comma && *p == ','))) {
    mark = p++;
    for (; p < end && is_digit(*p); p++)
      digits = 10 * digits + (uint64_t)(*p - '0');
    decimals = p - mark - 1;
  }
  if (length + decimals == 0 || (mark && *mark == ',' && decimals == 0))
    return NULL;
  int exponent;
  p = parse_exponent(p, end, &exponent);
  int64_t power = exponent - decimals;
  if (length + decimals <= 19 && digits <= UINT64_C(1) << 53 && power >= -22 && power <= 22) {
    double whole = (double)digits; /* exact, so the one operation below rounds correctly */
    double magnitude = power < 0 ? whole / ten[-power] : whole * ten[power];
    *value = negative ? -magnitude : magnitude;
    return p;
  }
  if (p - start > 255)
    return NULL;
  *value = parse_slowly(start, mark, p, c_locale);
  return p;
}
