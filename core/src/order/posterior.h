/* Where exactly a domain may be: the balls that explain the ions around a candidate centre, with
 * weights. */
#ifndef CSRO_ORDER_POSTERIOR_H
#define CSRO_ORDER_POSTERIOR_H

#include "csro/order.h"
#include "order/evidence.h"

typedef struct csro_ball_weight {
  double center[3];
  int radius;    /* index into the profiles */
  double weight; /* all of a domain together: 1 */
} csro_ball_weight;

typedef struct csro_posterior {
  csro_ordered_domain domain;
  double position[3]; /* the one it was made for: no ball is farther from it than the reach */
  int64_t count;
  csro_ball_weight *balls;
} csro_posterior;

/* The balls with centres on the grid of `step` within `reach` of the candidate centre `center`. The
 * domain's probability is left 0. False when memory is short. */
bool csro_posterior_init(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                         const double center[3], double step, double reach,
                         csro_evidence_scratch *scratch, csro_posterior *posterior);
void csro_posterior_release(csro_posterior *posterior);

/* Mean over the balls of the share of domain ions at r. */
double csro_posterior_share(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                            const double r[3]);

/* Probability that an ion at r with this signal belongs to the domain, given that it exists.
 * signal: as the domain sees it (negative of the ion's for odd planes). */
double csro_posterior_member(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                             const double r[3], double signal);

/* The same when the domain is this one of its balls. */
double csro_ball_member(const csro_ball_profiles *profiles, const csro_ball_weight *ball,
                        const double r[3], double signal);

/* Probability that the point r lies in the domain, given that it exists. */
double csro_posterior_voxel(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                            const double r[3]);

#endif
