/* Quantiles of the normal distribution. */
#ifndef CSRO_STATISTICS_NORMAL_QUANTILE_H
#define CSRO_STATISTICS_NORMAL_QUANTILE_H

/* How many standard deviations on either side hold this share (0 .. 1). */
double csro_normal_quantile(double level);

#endif
