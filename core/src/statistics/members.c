#include "csro/members.h"

#include <math.h>
#include <stdlib.h>

static const double rounding = 1e-12; /* copies as far from the mean as the data */

csro_member_value csro_members_compare(const double *value, int members, int stride) {
  const int copies = members - 1;
  double sum = 0, squares = 0, farther = 0;
  csro_member_value out = {value[0], NAN, NAN, NAN, NAN};
  for (int m = 1; m <= copies; m++)
    sum += value[(long)m * stride];
  if (copies > 0)
    out.mean = sum / copies;
  const double mean_of_all = (sum + value[0]) / members;
  const double distance = fabs(value[0] - mean_of_all);
  for (int m = 1; m <= copies; m++) {
    const double of_copy = value[(long)m * stride];
    squares += (of_copy - out.mean) * (of_copy - out.mean);
    farther += fabs(of_copy - mean_of_all) >= distance - rounding;
  }
  if (copies > 1)
    out.deviation = sqrt(squares / (copies - 1));
  if (out.deviation > 0)
    out.z = (value[0] - out.mean) / out.deviation;
  if (!isnan(mean_of_all) && copies > 0)
    out.p = (1 + farther) / members;
  return out;
}

bool csro_members_keep_largest(const double *value, int members, int stride, double *largest) {
  double sum = 0, squares = 0;
  for (int m = 0; m < members; m++)
    sum += value[(long)m * stride];
  for (int m = 0; m < members; m++)
    squares += pow(value[(long)m * stride] - sum / members, 2);
  const double deviation = sqrt(squares / (members - 1)), before = largest[0];
  for (int m = 0; m < members && deviation > 0; m++)
    largest[m] = fmax(largest[m], fabs(value[(long)m * stride] - sum / members) / deviation);
  return largest[0] > before;
}

static int by_value(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

csro_members_test csro_members_test_all(double *largest, int members) {
  const int copies = members - 1;
  csro_members_test test = {largest[0], NAN, NAN};
  if (copies < 2)
    return test;
  int as_large = 0;
  for (int m = 1; m < members; m++)
    as_large += largest[m] >= largest[0] * (1 - rounding);
  qsort(largest + 1, (size_t)copies, sizeof *largest, by_value);
  test.median = (largest[members / 2] + largest[(members + 1) / 2]) / 2;
  test.p = (1.0 + as_large) / members;
  return test;
}

const char *csro_members_verdict(double p, int copies, const char *found, const char *nothing) {
  const double level = 0.05;
  if (p <= level)
    return found;
  const bool is_smallest = p * (copies + 1) < 1.5;
  return is_smallest ? "too few copies for a verdict" : nothing;
}
