/* A number that the data and each of their randomised copies have. Under the null all are
 * exchangeable members: member 0 is the data, the others are the copies. */
#ifndef CSRO_MEMBERS_H
#define CSRO_MEMBERS_H

#include "csro/api.h"

#include <stdbool.h>

CSRO_API_BEGIN

/* NaN where there are too few copies, or a member has no value. */
typedef struct csro_member_value {
  double data;
  double mean, deviation; /* of the copies: mean, standard deviation (two copies or more) */
  double z;               /* (data - mean) / deviation */
  double p; /* (1 + copies as far from the mean of all members or farther) / (1 + copies): two-sided
             */
} csro_member_value;

/* value[member * stride], `members` of them. */
csro_member_value csro_members_compare(const double *value, int members, int stride);

/* Many such numbers: largest[members], from zeros, keeps the largest |z| of each member (z by mean
 * and deviation of all members). Returns whether that of the data has grown. */
bool csro_members_keep_largest(const double *value, int members, int stride, double *largest);

/* The largest |z| of the data against the largest of each copy, so that many values are no reason
 * to find something. */
typedef struct csro_members_test {
  double largest; /* |z| of the data */
  double median;  /* of the copies' largest; NaN with fewer than two copies, as the next */
  double p;       /* (1 + copies with as much or more) / (1 + copies) */
} csro_members_test;

/* Sorts largest[members]. */
csro_members_test csro_members_test_all(double *largest, int members);

/* What p says in words: found (p at most 0.05), nothing, or "too few copies for a verdict" where no
 * copy comes near the data and p is above 0.05 all the same. */
const char *csro_members_verdict(double p, int copies, const char *found, const char *nothing);

CSRO_API_END

#endif
