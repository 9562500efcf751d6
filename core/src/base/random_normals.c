#include "base/random_normals.h"

#include "base/clones.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Natural logarithm of u in (0, 1): the power of two apart, m in [sqrt 1/2, sqrt 2) by the series
 * of 2 artanh((m - 1) / (m + 1)). */
static inline __attribute__((always_inline)) float logarithm(float u) {
  uint32_t bits;
  memcpy(&bits, &u, sizeof bits);
  bits += 0x3f800000u - 0x3f3504f3u; /* 1 and sqrt 1/2 */
  int32_t power = (int32_t)(bits >> 23) - 127;
  bits = (bits & 0x007fffffu) + 0x3f3504f3u;
  float m;
  memcpy(&m, &bits, sizeof m);
  float s = (m - 1) / (m + 1), q = s * s;
  float series = 2 * s * (1 + q * (1.0f / 3 + q * (1.0f / 5 + q * (1.0f / 7 + q * (1.0f / 9)))));
  return (float)power * 0.693147181f + series;
}

CSRO_CLONES void csro_random_normals(csro_random *random, int64_t n, uint32_t *bits, float *a,
                                     float *b) {
  csro_random_fill(random, 2 * n, bits);
  for (int64_t i = 0; i < n; i++) {
    float u = ((float)(bits[i] >> 8) + 0.5f) * 0x1p-24f;
    float radius = sqrtf(-2 * logarithm(u));
    /* An angle within 45 degrees of one of the four half axes. */
    uint32_t v = bits[n + i];
    float angle = ((float)(int32_t)(v >> 8 & 0x3fffff) - 0x1p21f) * (0x1p-22f * 1.57079633f);
    float q = angle * angle;
    float sine = angle * (1 - q / 6 * (1 - q / 20 * (1 - q / 42 * (1 - q / 72))));
    float cosine = 1 - q / 2 * (1 - q / 12 * (1 - q / 30 * (1 - q / 56)));
    float x = v >> 31 ? -cosine : cosine, y = v >> 31 ? -sine : sine;
    bool turned = (v >> 30 & 1) != 0;
    a[i] = radius * (turned ? -y : x);
    b[i] = radius * (turned ? x : y);
  }
}
