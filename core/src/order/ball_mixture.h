/* The balls that a domain may be, each with its weight. */
#ifndef CSRO_ORDER_BALL_MIXTURE_H
#define CSRO_ORDER_BALL_MIXTURE_H

#include "order/ball_profiles.h"

/* Arrays of `room` values in one piece of memory; room is a multiple of CSRO_MIXTURE_LANES, and the
 * balls beyond `count` have the weight 0. All 0 is an empty mixture. */
typedef struct csro_ball_mixture {
  int64_t count, room;
  float *center[3]; /* nm, from the position of the posterior */
  float *weight;    /* all together: 1 */
  int32_t *radius;  /* index into the profiles */
} csro_ball_mixture;

enum { CSRO_MIXTURE_LANES = 16 };

/* Room for `count` balls, all 0. False when memory is short; the mixture is then empty. */
bool csro_ball_mixture_init(int64_t count, csro_ball_mixture *mixture);
void csro_ball_mixture_release(csro_ball_mixture *mixture);

/* All arrays as bytes, to send and to copy. */
static inline size_t csro_ball_mixture_size(const csro_ball_mixture *mixture) {
  return (size_t)mixture->room * 5 * sizeof(float);
}
static inline void *csro_ball_mixture_bytes(const csro_ball_mixture *mixture) {
  return mixture->center[0];
}

/* Probability that an ion at r (from the position of the posterior) with this signal comes from the
 * inside, mean over the balls; with the signal 0 the share of domain ions. signal: as the domain
 * sees it (negative of the ion's for odd planes). */
float csro_ball_mixture_member(const csro_ball_mixture *mixture, const csro_ball_profiles *profiles,
                               const float r[3], float signal);

/* Adds the same for each ball, when the domain is that one, to inside[count]. */
void csro_ball_mixture_add(const csro_ball_mixture *mixture, const csro_ball_profiles *profiles,
                           const float r[3], float signal, double *inside);

/* Multiplies ratio[count][room] with how much more likely the ion is, for each ball, when its
 * signal is one of others[count]. */
void csro_ball_mixture_compare(const csro_ball_mixture *mixture, const csro_ball_profiles *profiles,
                               const float r[3], float signal, int count, const float *others,
                               float *ratio);

#endif
