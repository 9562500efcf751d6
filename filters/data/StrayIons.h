// Stray ions: a few that lie so far from all others that the bounds of the ions say nothing of the
// specimen.
#ifndef csroStrayIons_h
#define csroStrayIons_h

#include "data/IonArrays.h"

#include <string>

namespace csro {
// Six numbers, xmin, xmax and so on: ions beyond them are strays. They stand five times the
// distance of the quartiles, and 10 nm, beyond the quartiles (Tukey's fences, set wide). The same
// for any number of ranks, to the choice of the ions that they are worked out from. Collective.
void FindFences(Call &call, const csro_points &points, double fences[6]);

// Fails when there are stray ions: says how many, names the first ones of the lowest rank that has
// any, and how to cut them off. Goes on otherwise. `why` says what they cost. Collective.
void RefuseStrays(Call &call, const IonView &ions, vtkPointSet *input, const std::string &why);

// The same where the ions span more lengths of a search than sparse cells can number. Collective.
void RefuseEndless(Call &call, const IonView &ions, vtkPointSet *input, double length);

// Volume of bounds in nm^3.
double VolumeOf(const double bounds[6]);
} // namespace csro

#endif
