/* Logarithm and exponential without a call: loops around them become vector code, with the same
 * results for every instruction set. */
#ifndef CSRO_ORDER_FAST_LOG_H
#define CSRO_ORDER_FAST_LOG_H

#include <stdint.h>

typedef union csro_float_bits {
  float f;
  int32_t i;
} csro_float_bits;

/* Natural logarithm to 2e-7 for positive normal numbers. */
static inline float csro_fast_log(float x) {
  csro_float_bits bits = {.f = x};
  int32_t exponent = (bits.i >> 23) - 127;
  bits.i = (bits.i & 0x7fffff) | 0x3f800000;
  float m = bits.f;
  int32_t above = m > 1.41421356f;
  m = above ? m * 0.5f : m;
  float t = (m - 1) / (m + 1), t2 = t * t;
  float series = 2 * t * (1 + t2 * (0.333333333f + t2 * (0.2f + t2 * (0.142857143f + t2 / 9))));
  return (float)(exponent + above) * 0.693147181f + series;
}

/* exp(x) to a relative 2e-7 between -87 and 88; beyond, the value at that end. */
static inline float csro_fast_exp(float x) {
  x = x > -87.0f ? x : -87.0f;
  x = x < 88.0f ? x : 88.0f;
  float whole = x * 1.44269504f + 127.5f; /* positive */
  int32_t n = (int32_t)whole - 127;
  float r = (x - (float)n * 0.693359375f) + (float)n * 2.12194440e-4f;
  float series = 0.00833333333f + r * (0.00138888889f + r * 1.98412698e-4f);
  series = 0.5f + r * (0.166666667f + r * (0.0416666667f + r * series));
  series = 1 + r * (1 + r * series);
  csro_float_bits power = {.i = (n + 127) << 23};
  return series * power.f;
}

#endif
