// The periodic configuration that ions of a simulation are: sites of a lattice and their species.
#ifndef csroSharedLattice_h
#define csroSharedLattice_h

#include "parallel/FilterCall.h"
#include "parallel/Owned.h"

#include "csro/lattice.h"

#include <string>

class vtkPointSet;

namespace csro {
class SharedLattice {
public:
  // From ions with a box (CSRO_Box) and, where they have it, their lattice (CSRO_LatticeCell,
  // CSRO_LatticeBasis; else it is found) on every rank. Collective; fails where there is none.
  SharedLattice(Call &call, vtkPointSet *ions);
  SharedLattice(const SharedLattice &) = delete;
  void operator=(const SharedLattice &) = delete;

  const csro_lattice &Get() const {
    return this->Lattice;
  }
  // Largest distance of an ion from its site, nm.
  double Deviation() const {
    return this->Largest;
  }

private:
  void Send(Call &call);

  csro_lattice Lattice{};
  Owned<csro_lattice_release> Owner{&Lattice};
  double Largest = 0;
};
} // namespace csro

#endif
