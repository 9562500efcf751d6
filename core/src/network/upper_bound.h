/* Upper bounds of the probability that a network gives a class, at a fraction of its cost: for
 * loops that only need to know that it is small. */
#ifndef CSRO_NETWORK_UPPER_BOUND_H
#define CSRO_NETWORK_UPPER_BOUND_H

#include "csro/network.h"

/* Units of the layer that stands for the first dense layer. */
enum { CSRO_BOUND_UNITS = 32 };

/* Networks of convolutions with ReLU, flatten, one dense layer with ReLU and the softmax layer.
 * There the probability of class c is at most exp(d), where d, the difference of the sums of c and
 * of class 0, is a constant and a sum over the hidden units h of v_h ReLU(w_h x + b_h). Units with
 * v_h < 0 add at most v_h (w_h x + b_h). Those with v_h > 0 add at most v_h (w+_h x + b+_h), w+ and
 * b+ being the positive parts, as x >= 0 after ReLU. Both are linear in x, so that all of them
 * together are a single unit; the others of the layer are the hidden units whose v_h w+_h is
 * largest, as they are. */
typedef struct csro_upper_bound {
  csro_layer layer; /* unit 0: what is linear; it owns its weights */
  float *packed;
  float factor[CSRO_BOUND_UNITS]; /* v_h of the other units */
} csro_upper_bound;

/* The bounds of `count` networks of the same shape for a class >= 1. *bounds is NULL where the
 * networks are of another kind. */
csro_status csro_upper_bounds_create(csro_context *context, int count, const csro_network *networks,
                                     int class, csro_upper_bound **bounds);
void csro_upper_bounds_destroy(int count, csro_upper_bound **bounds);

/* largest[rows]: no less than what csro_network_run says of the class, its rounding included; 1
 * where it may be more than a hundredth. Arguments and scratch as those of csro_network_run; the
 * network must not overflow (csro_networks_can_overflow). */
void csro_upper_bound_run(const csro_upper_bound *bound, const csro_network *network,
                          const float *packed, int rows, const float *in, float *scratch,
                          double *largest);

#endif
