#include "order/ball_mixture.h"

#include "base/clones.h"

#include <math.h>
#include <stdlib.h>

enum { LANES = CSRO_MIXTURE_LANES, GROUP = 4 * LANES }; /* balls at a time */

static const float smallest = 1e-3f; /* likelihood of an ion that a ball rules out */

bool csro_ball_mixture_init(int64_t count, csro_ball_mixture *mixture) {
  *mixture = (csro_ball_mixture){.count = count, .room = (count + LANES - 1) / LANES * LANES};
  float *memory = calloc((size_t)mixture->room * 5 + 1, sizeof *memory);
  if (!memory) {
    *mixture = (csro_ball_mixture){0};
    return false;
  }
  for (int a = 0; a < 3; a++)
    mixture->center[a] = memory + a * mixture->room;
  mixture->weight = memory + 3 * mixture->room;
  mixture->radius = (int32_t *)(void *)(memory + 4 * mixture->room);
  return true;
}

void csro_ball_mixture_release(csro_ball_mixture *mixture) {
  if (!mixture)
    return;
  free(csro_ball_mixture_bytes(mixture));
  *mixture = (csro_ball_mixture){0};
}

/* share[0 .. n-1] of the balls from `first` on; n is a multiple of LANES. Whether any ball reaches
 * the ion: shares are 0 where none does. */
static inline bool find_shares(const csro_ball_mixture *mixture, const csro_ball_profiles *profiles,
                               const float r[3], int64_t first, int64_t n, float *restrict share) {
  const float scale = (float)(1 / CSRO_PROFILE_STEP);
  const float *restrict x = mixture->center[0] + first, *restrict y = mixture->center[1] + first;
  const float *restrict z = mixture->center[2] + first, *restrict table = profiles->share;
  const int32_t *restrict radius = mixture->radius + first;
  const int32_t distances = profiles->distances, depths = profiles->depths;
  const int32_t beyond = depths * distances;
  const float rx = r[0], ry = r[1], rz = r[2];
  int32_t inside = 0;
  for (int64_t b = 0; b < n; b++) {
    float dx = rx - x[b], dy = ry - y[b], dz = fabsf(rz - z[b]);
    int32_t column = (int32_t)(sqrtf(dx * dx + dy * dy) * scale), row = (int32_t)(dz * scale);
    int32_t at = row * distances + column;
    at = column < distances ? at : beyond;
    at = row < depths ? at : beyond;
    inside |= at < beyond;
    share[b] = table[at * CSRO_BALL_LANES + radius[b]];
  }
  return inside;
}

/* Memberships, likewise. */
CSRO_CLONES static void find_members(const csro_ball_mixture *mixture,
                                     const csro_ball_profiles *profiles, const float r[3],
                                     float signal, int64_t first, int64_t n,
                                     float *restrict member) {
  const float gain = 1 + signal;
  find_shares(mixture, profiles, r, first, n, member);
  for (int64_t b = 0; b < n; b++) {
    float p = member[b], ratio = 1 + p * signal;
    member[b] = p * gain / (ratio > 1e-6f ? ratio : 1e-6f);
  }
}

/* Multiplies ratio[n] of balls whose shares of an ion are known. */
CSRO_CLONES static void find_ratios(const csro_ball_mixture *mixture,
                                    const csro_ball_profiles *profiles, const float r[3],
                                    float signal, int64_t first, int64_t n, int count,
                                    const float *others, float *restrict ratio) {
  const int64_t room = mixture->room;
  float share[GROUP], without[GROUP];
  if (!find_shares(mixture, profiles, r, first, n, share))
    return; /* all ratios are 1 */
  for (int64_t b = 0; b < n; b++) {
    float one = 1 + share[b] * signal;
    without[b] = 1 / (one > smallest ? one : smallest);
  }
  for (int k = 0; k < count; k++) {
    float *restrict out = ratio + k * room + first;
    const float e = others[k];
    for (int64_t b = 0; b < n; b++) {
      float one = 1 + share[b] * e;
      out[b] *= (one > smallest ? one : smallest) * without[b];
    }
  }
}

/* Balls of the group that begins at `first`. */
static int64_t group_of(const csro_ball_mixture *mixture, int64_t first) {
  return mixture->room - first < GROUP ? mixture->room - first : GROUP;
}

float csro_ball_mixture_member(const csro_ball_mixture *mixture, const csro_ball_profiles *profiles,
                               const float r[3], float signal) {
  float member[GROUP], lane[LANES] = {0}, sum = 0;
  for (int64_t first = 0; first < mixture->room; first += GROUP) {
    int64_t n = group_of(mixture, first);
    find_members(mixture, profiles, r, signal, first, n, member);
    for (int64_t b = 0; b < n; b += LANES)
      for (int l = 0; l < LANES; l++)
        lane[l] += mixture->weight[first + b + l] * member[b + l];
  }
  for (int l = 0; l < LANES; l++)
    sum += lane[l];
  return sum;
}

void csro_ball_mixture_add(const csro_ball_mixture *mixture, const csro_ball_profiles *profiles,
                           const float r[3], float signal, double *inside) {
  float member[GROUP];
  for (int64_t first = 0; first < mixture->room; first += GROUP) {
    int64_t n = group_of(mixture, first);
    find_members(mixture, profiles, r, signal, first, n, member);
    for (int64_t b = 0; b < n && first + b < mixture->count; b++)
      inside[first + b] += (double)member[b];
  }
}

void csro_ball_mixture_compare(const csro_ball_mixture *mixture, const csro_ball_profiles *profiles,
                               const float r[3], float signal, int count, const float *others,
                               float *ratio) {
  for (int64_t first = 0; first < mixture->room; first += GROUP)
    find_ratios(mixture, profiles, r, signal, first, group_of(mixture, first), count, others,
                ratio);
}
