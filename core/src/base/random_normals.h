/* Many normal random numbers at once. */
#ifndef CSRO_BASE_RANDOM_NORMALS_H
#define CSRO_BASE_RANDOM_NORMALS_H

#include "csro/random.h"

/* 2 n normal numbers (mean 0, standard deviation 1) in single precision, by the method of Box and
 * Muller: independent pairs a[i], b[i]. bits is room for 2 n. Same bits on every processor. */
void csro_random_normals(csro_random *random, int64_t n, uint32_t *bits, float *a, float *b);

#endif
