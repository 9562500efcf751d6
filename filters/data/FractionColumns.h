// Compositions of bins as columns of a table.
#ifndef csroFractionColumns_h
#define csroFractionColumns_h

#include "data/SpeciesLabels.h"
#include "data/TableColumns.h"

#include <cstdint>
#include <vector>

namespace csro {
// Ions with their species, and the kinds of atoms that these are made of. Ions without species are
// all unranged. Collective.
struct LabelledIons {
  LabelledIons(Call &call, vtkPointSet *ions);
  Labels Known;
  AtomKinds Kinds;
  IonView View;
};

// counts[row][label] of ions, label 0 unranged. Appends Ions, Ranged, and for each kind of atom
// Count_, Fraction_ and StandardError_ (of counting; NaN of fewer than ten ranged ions). On one
// rank.
void PutFractions(const csro_atom_kinds &kinds, const std::vector<int64_t> &counts,
                  Columns &columns);
} // namespace csro

#endif
