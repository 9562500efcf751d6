// The periodic box of simulated ions: field array CSRO_Box, the three edges from its corner at 0,
// nm.
#ifndef csroPeriodicBox_h
#define csroPeriodicBox_h

#include "parallel/FilterCall.h"

#include <array>
#include <string>

class vtkDataObject;

namespace csro {
void PutBox(vtkDataObject *data, const double box[9]);

// Box and lattice of ions that are elsewhere now: VTK hands field arrays on from input to output.
void RemoveBox(vtkDataObject *data);

// What ranks whose own input is empty learn from the others; zeros where the ions have no box.
// Collective.
std::array<double, 9> SharedBox(Call &call, vtkDataObject *data);

// As in "(3, 0, 0), (0.5, 3, 0), (0, 0, 3) nm".
std::string EdgesInWords(const std::array<double, 9> &box);

// The lengths of a box whose edges are along x, y and z; zeros for another one, or none.
std::array<double, 3> PeriodsOfBox(const std::array<double, 9> &box);
} // namespace csro

#endif
