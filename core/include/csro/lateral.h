/* The position noise across the pole, from the ions themselves: order reaches farther across than
 * along z by what the noise blurs it. Lengths in nm.
 *
 * Inside a domain, the signals e (csro_order_signal) of two ions have a mean product of the mean
 * squares' product, times the square of the order; elsewhere labels are independent and it is 0. So
 * the sum of e_i e_j over that of e_i^2 e_j^2, of pairs at one distance, is the share of pairs with
 * both ions in one domain, whatever the domains are, weak ones included. For balls of diameter d it
 * is proportional to 1 - 1.5 u + 0.5 u^3, u = r / d, blurred by the noise of two ions. Balls of
 * twelve diameters, with weights of 0 or more, are fitted to the sums for each noise across the
 * pole (least squares, weighted as without order): the noise is the one that leaves the least.
 * Pairs nearer than 0.4 nm across are left out: there pile-up on the detector loses ions. Where
 * planes hold on average more of the species than others do, as where its noise along z is another,
 * the products follow those of the parities: these are fitted, too. How sure it is follows from
 * leaving out each of ten parts of the specimen (jackknife); before looking, 0.3 give or take 0.3
 * nm are thought probable: where the parts say little, the estimate is near 0.3. No less than 0.2
 * nm is taken. Domains are taken to be as long along z as across, on average. */
#ifndef CSRO_LATERAL_H
#define CSRO_LATERAL_H

#include "csro/distributed_order.h"

CSRO_API_BEGIN

/* Pairs by distance across and along z (up to CSRO_LATERAL_REACH), and by where they are. */
enum { CSRO_LATERAL_ACROSS = 15, CSRO_LATERAL_ALONG = 30, CSRO_LATERAL_PARTS = 10 };
#define CSRO_LATERAL_REACH 1.5

/* Sums over pairs, whole numbers: those of several processes add up to the same in any order. */
typedef int64_t csro_lateral_sums[CSRO_LATERAL_PARTS][CSRO_LATERAL_ALONG * CSRO_LATERAL_ACROSS][3];

#define CSRO_LATERAL_USUAL 0.3

/* The noise found, with its 90 % interval. Not measured where there is too little order to tell, or
 * domains are too large: sigma is then CSRO_LATERAL_USUAL, the interval NAN. */
typedef struct csro_lateral {
  double sigma, low, high;
  bool measured;
} csro_lateral;

/* Adds up the pairs whose first ion is in the part's own box; the part sees the ions
 * CSRO_LATERAL_REACH around it, too. even[points->count] as of csro_planes_parity, signal as
 * csro_order_signal makes it of them. all: ions of all parts; of many, some are taken as first
 * ones.
 */
csro_status csro_lateral_sum(csro_context *context, const csro_points *points, const float *even,
                             const float *signal, const csro_order_part *part, int64_t all,
                             csro_lateral_sums sums);

/* The noise from the sums of all parts; sigma_z is the noise along z. */
csro_status csro_lateral_fit(csro_context *context, const csro_lateral_sums sums, double sigma_z,
                             csro_lateral *lateral);

/* Both, for ions of one process. */
csro_status csro_lateral_find(csro_context *context, const csro_points *points, const float *even,
                              const float *signal, double sigma_z, csro_lateral *lateral);

/* Whether it was not measured, or its interval is longer than 0.4 nm: what is found may be wrong.
 */
bool csro_lateral_vague(const csro_lateral *lateral);

/* The noise in words; where it is vague, what is wrong if it is another. */
#define CSRO_LATERAL_TEXT 512
void csro_lateral_text(const csro_lateral *lateral, char text[CSRO_LATERAL_TEXT]);

CSRO_API_END

#endif
