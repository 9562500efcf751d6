/* Several data sets of each state (a heat treatment, a pole): means with their uncertainty, tests
 * between states, and correlation with a measured property. Values that are NaN are left out. */
#ifndef CSRO_STATES_H
#define CSRO_STATES_H

#include "csro/context.h"

#include <stdint.h>

CSRO_API_BEGIN

/* A quantity in the data sets of one state. */
typedef struct csro_state {
  int64_t count; /* values */
  double mean;   /* NaN without any */
  double
      deviation; /* standard deviation of the values (n - 1); NaN with fewer than two, as below */
  double error;  /* standard error of the mean */
  double low, high; /* 95 % interval of the mean, by Student's t: the values are taken as normal */
} csro_state;

csro_state csro_state_of(const double *values, int64_t count);

/* Two states, the second less the first. */
typedef struct csro_state_difference {
  double difference;
  double low, high; /* 95 % interval, as the next (NaN with fewer than two values in a state, and
                      where none scatter) */
  double p_t;       /* two-sided, Welch, Biometrika 34 (1947) 28 */
  double p_exact;   /* share of the ways to divide the same values between the states that have a
                       difference at least as large; NaN without values in a state. 3 + 3 data sets
                       give 0.1 at the least */
} csro_state_difference;

/* Divisions are counted one by one up to 100 000 of them; beyond that so many are drawn, by seed,
 * and p is (1 + draws) / (1 + 100 000). */
csro_status csro_states_compare(csro_context *context, const double *a, int64_t a_count,
                                const double *b, int64_t b_count, uint64_t seed,
                                csro_state_difference *out);

/* A quantity y against a property x, over pairs in which both are known. */
typedef struct csro_correlation {
  int64_t count;
  double r;                           /* Pearson; NaN with fewer than three pairs or a constant, as
                                         all below */
  double low, high;                   /* 95 % interval of r, Fisher's z; NaN with fewer than four */
  double slope, slope_error, at_zero; /* least squares, y = at_zero + slope x */
  double p_exact; /* share of the permutations of y with |r| at least as large */
} csro_correlation;

/* Permutations as divisions in csro_states_compare. */
csro_status csro_correlate(csro_context *context, const double *x, const double *y, int64_t count,
                           uint64_t seed, csro_correlation *out);

CSRO_API_END

#endif
