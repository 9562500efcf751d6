/* Fractions of atoms from numbers of ions, with their covariance. */
#ifndef CSRO_SPECTRUM_FRACTIONS_H
#define CSRO_SPECTRUM_FRACTIONS_H

#include "csro/spectrum_fit.h"

/* Atoms of a kind in an ion of a species, of all kinds for kind -1. */
int csro_atoms_in(const csro_atom_kinds *atoms, int species, int kind);

/* f = a x / t x of x[n] ions, each of a species, with a atoms of the kind among t; the error from
 * covariance[n][n] by the gradient (a - f t) / t x. Sets atoms, value and standard_error. */
void csro_fraction_propagate(const csro_atom_kinds *atoms, int kind, int n, const int *species,
                             const double *x, const double *covariance,
                             csro_corrected_fraction *row);

#endif
