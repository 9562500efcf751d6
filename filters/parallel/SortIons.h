// Ions of all ranks in the order of their file.
#ifndef csroSortIons_h
#define csroSortIons_h

#include "data/IonArrays.h"

#include <vector>

class vtkPointSet;

namespace csro {
// Positions and all point arrays of numbers, in their order: what belongs to each ion. Without
// vtkGhostType.
std::vector<vtkDataArray *> NumberArrays(vtkPointSet *ions);

// The name of an array, "" without one.
inline std::string NameOf(vtkAbstractArray *array) {
  return array->GetName() ? array->GetName() : "";
}

// IonId as far as it orders ions (whole numbers), null without; and that of a point, 0 without.
vtkDataArray *IonNumbers(vtkPointSet *ions);
int64_t IonNumberOf(vtkDataArray *numbers, vtkIdType point);

// The ions in the order of their IonId over all ranks: each rank holds a part, the parts follow
// each other. Ions of equal IonId keep their order, as do all without an IonId (of whole numbers).
// Ions travel only when the ranks' parts overlap, and then by equal shares of the IonIds; points
// that another rank owns (vtkGhostType) are left out. Where nothing is to be done this is the
// input. Collective; fails when the arrays of ranks with ions differ.
vtkSmartPointer<vtkPointSet> SortIons(Call &call, vtkPointSet *ions);
} // namespace csro

#endif
