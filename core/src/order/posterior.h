/* Where exactly a domain may be: the balls that explain the ions around a candidate centre, with
 * weights. */
#ifndef CSRO_ORDER_POSTERIOR_H
#define CSRO_ORDER_POSTERIOR_H

#include "csro/order.h"
#include "order/ball_mixture.h"
#include "order/evidence.h"

typedef struct csro_posterior {
  csro_ordered_domain domain;
  double position[3]; /* the one it was made for */
  double reach[2];    /* no ball reaches farther from it in xy ([0]) and along z ([1]), nm */
  csro_ball_mixture balls;
} csro_posterior;

/* The balls with centres on the grid of `step` within `reach` of the candidate centre `center`. The
 * domain's probability is left 0. False when memory is short. */
bool csro_posterior_init(const csro_signal_ions *ions, const csro_ball_profiles *profiles,
                         const double center[3], double step, double reach,
                         csro_evidence_column *column, csro_posterior *posterior);
void csro_posterior_release(csro_posterior *posterior);

/* Sets the reach, which follows from the balls. */
void csro_posterior_measure_reach(csro_posterior *posterior, const csro_ball_profiles *profiles);

/* Probability that an ion at r with this signal belongs to the domain, given that it exists; with
 * the signal 0 the share of domain ions at r. signal: as the domain sees it (negative of the ion's
 * for odd planes). */
double csro_posterior_member(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                             const double r[3], double signal);

/* Adds the same for each ball, when the domain is that one, to inside[balls.count]. */
void csro_posterior_add(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                        const double r[3], double signal, double *inside);

/* Probability that the point r lies in the domain, given that it exists. */
double csro_posterior_voxel(const csro_posterior *posterior, const csro_ball_profiles *profiles,
                            const double r[3]);

#endif
