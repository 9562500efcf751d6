/* Weighted least squares of few unknowns. */
#ifndef CSRO_SPECTRUM_LEAST_SQUARES_H
#define CSRO_SPECTRUM_LEAST_SQUARES_H

#include <stdbool.h>

/* The inverse of a symmetric matrix [n][n] that is positive semidefinite (its lower triangle is
 * read and overwritten). Unknowns that depend on those before them are left out: their rows and
 * columns of the inverse are 0, and `mixed` says of them, and of all that they depend on, that
 * their values are arbitrary. */
void csro_invert_symmetric(int n, double *matrix, double *inverse, bool *mixed);

#endif
