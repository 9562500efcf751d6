#include "order/evidence.h"

#include "base/clones.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 16, FACTORS = 8 };

void csro_evidence_scratch_release(csro_evidence_scratch *scratch) {
  if (!scratch)
    return;
  free(scratch->entry);
  free(scratch->signal);
  *scratch = (csro_evidence_scratch){0};
}

/* Room for `wanted` entries. */
static bool reserve(csro_evidence_scratch *scratch, int64_t wanted) {
  if (wanted <= scratch->capacity)
    return true;
  const int64_t capacity = 2 * wanted + 1024;
  int32_t *entry = realloc(scratch->entry, (size_t)capacity * sizeof *entry);
  if (entry)
    scratch->entry = entry;
  float *signal = realloc(scratch->signal, (size_t)capacity * sizeof *signal);
  if (signal)
    scratch->signal = signal;
  if (!entry || !signal)
    return false;
  scratch->capacity = capacity;
  return true;
}

/* Natural logarithm to 2e-7 for positive normal numbers, without a call: loops around it become
 * vector code. */
static inline float fast_log(float x) {
  union {
    float f;
    uint32_t u;
  } bits = {.f = x};
  int32_t exponent = (int32_t)(bits.u >> 23) - 127;
  bits.u = (bits.u & 0x7fffffu) | 0x3f800000u;
  float m = bits.f;
  int32_t above = m > 1.41421356f;
  m = above ? m * 0.5f : m;
  float t = (m - 1) / (m + 1), t2 = t * t;
  float series = 2 * t * (1 + t2 * (0.333333333f + t2 * (0.2f + t2 * (0.142857143f + t2 / 9))));
  return (float)(exponent + above) * 0.693147181f + series;
}

/* Sums log(1 + share signal) and log(1 - share signal) over blocks of LANES x FACTORS ions:
 * products first, for a logarithm costs as much as ten factors. */
CSRO_CLONES static void sum_logs(const float *share, const int32_t *entry, const float *signal,
                                 int64_t blocks, float out[2]) {
  float even[LANES] = {0}, odd[LANES] = {0};
  for (int64_t block = 0; block < blocks; block++) {
    for (int l = 0; l < LANES; l++) {
      float p = 1, q = 1;
      for (int f = 0; f < FACTORS; f++) {
        float s = share[entry[f * LANES + l]] * signal[f * LANES + l];
        p *= 1 + s;
        q *= 1 - s;
      }
      even[l] += fast_log(p);
      odd[l] += fast_log(q);
    }
    entry += LANES * FACTORS;
    signal += LANES * FACTORS;
  }
  out[0] = out[1] = 0;
  for (int l = 0; l < LANES; l++) {
    out[0] += even[l];
    out[1] += odd[l];
  }
}

/* Places of the ions of one run in the table of shares; those beyond it take its last entry, 0. */
CSRO_CLONES static void look_up(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                                const float c[3], int64_t begin, int64_t end,
                                int32_t *restrict entry, float *restrict signal) {
  const float scale = (float)(1 / CSRO_PROFILE_STEP);
  const float *x = ions->x + begin, *y = ions->y + begin, *z = ions->z + begin;
  const int32_t distances = profiles->distances, depths = profiles->depths;
  for (int64_t i = 0; i < end - begin; i++) {
    float dx = x[i] - c[0], dy = y[i] - c[1], dz = fabsf(z[i] - c[2]);
    int32_t column = (int32_t)(sqrtf(dx * dx + dy * dy) * scale), row = (int32_t)(dz * scale);
    int32_t at = row * distances + column, beyond = depths * distances;
    at = column < distances ? at : beyond;
    entry[i] = row < depths ? at : beyond;
    signal[i] = ions->signal[begin + i];
  }
}

/* The run of cells of a row that the circle of reach_xy touches; false when none. */
static bool row_run(const csro_signal_ions *ions, double reach, const double center[3], int64_t j,
                    int64_t lo, int64_t hi, int64_t run[2]) {
  double near = ions->origin[1] + (double)j * CSRO_ORDER_CELL - center[1];
  double distance = fmax(fmax(near, -near - CSRO_ORDER_CELL), 0);
  if (distance >= reach)
    return false;
  double half = sqrt(reach * reach - distance * distance) + 1e-6;
  double first = (center[0] - half - ions->origin[0]) / CSRO_ORDER_CELL;
  double last = (center[0] + half - ions->origin[0]) / CSRO_ORDER_CELL;
  run[0] = first > (double)lo ? (int64_t)first : lo;
  run[1] = last < (double)hi ? (int64_t)last : hi;
  return run[0] <= run[1];
}

bool csro_evidence(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                   const double center[3], csro_evidence_scratch *scratch,
                   float out[CSRO_ORDER_RADII][2]) {
  memset(out, 0, CSRO_ORDER_RADII * sizeof *out);
  int64_t lo[3], hi[3], run[2], count = 0;
  if (!csro_signal_block(ions, center, profiles->reach_xy, profiles->reach_z, lo, hi))
    return true;
  const float c[3] = {(float)center[0], (float)center[1], (float)center[2]};
  for (int64_t k = lo[2]; k <= hi[2]; k++)
    for (int64_t j = lo[1]; j <= hi[1]; j++) {
      if (!row_run(ions, profiles->reach_xy, center, j, lo[0], hi[0], run))
        continue;
      int64_t begin = ions->start[csro_signal_cell(ions, run[0], j, k)];
      int64_t end = ions->start[csro_signal_cell(ions, run[1], j, k) + 1];
      if (!reserve(scratch, count + end - begin + LANES * FACTORS))
        return false;
      look_up(ions, profiles, c, begin, end, scratch->entry + count, scratch->signal + count);
      count += end - begin;
    }
  for (; count % (LANES * FACTORS) != 0; count++) {
    scratch->entry[count] = 0;
    scratch->signal[count] = 0;
  }
  for (int k = 0; k < CSRO_ORDER_RADII; k++)
    sum_logs(profiles->share + k * csro_profile_entries(profiles), scratch->entry, scratch->signal,
             count / (LANES * FACTORS), out[k]);
  return true;
}
