/* How small a domain csro_order_find can be expected to see, from the noise and the efficiency of a
 * data set alone, without a search.
 *
 * The sum of ln(1 + p e) over the ions around a ball at a known place (csro/order.h) is taken as
 * normal; its mean and variance where the ball is ordered come from integrals over the shares p of
 * the blurred ball, over the heights within the lattice planes and over the species, the ions being
 * scattered independently. The search finds the ball when the odds are even or better: sum +
 * ln(density v) >= 0. v is the volume of the places that share the evidence of the true one, less
 * what the choice among sizes and variants costs: 0.04 nm^3. In simulated specimens (sigma_z 0.03
 * to 0.08, efficiency 0.3 and 0.52) exp(evidence - sum) of the true domains at the edge of being
 * found has the median 0.034 nm^3 (two thirds: 0.013 to 0.16); with 0.04, 45 % of 1829 domains are
 * expected and 46 % have evidence enough. The ball is taken to be alone, whole and fully ordered.
 * Lengths in nm. */
#ifndef CSRO_DETECTABLE_H
#define CSRO_DETECTABLE_H

#include "csro/context.h"

#include <stdbool.h>
#include <stdint.h>

CSRO_API_BEGIN

/* A data set, and what is looked for. */
typedef struct csro_detectable {
  double ions;       /* ranged ions per nm^3 */
  double fraction;   /* of the ordering species among them, above 0 and below 1 */
  bool same_species; /* only its ions speak (csro_order_signal) */
  double plane_spacing;
  double sigma_xy, sigma_z; /* position noise */
  double density;           /* prior: domains per nm^3 */
} csro_detectable;

/* probability[k]: that a domain of diameter[k] (above 0, at most 20) is found.
 * CSRO_ERROR_ARGUMENT names the value that is out of its range. */
csro_status csro_order_chances(csro_context *context, const csro_detectable *data, int64_t count,
                               const double *diameter, double *probability);

/* The smallest diameter, to 0.005 nm, of the domains that are found with this probability (above 0
 * and below 1) or a higher one: 0.3 to 10 nm, NaN when there is none. */
csro_status csro_order_detectable(csro_context *context, const csro_detectable *data,
                                  double probability, double *diameter);

CSRO_API_END

#endif
