// Ions as VTK data: the arrays that readers and sources write, and the view that filters take.
#ifndef csroIonArrays_h
#define csroIonArrays_h

#include "parallel/FilterCall.h"

#include "csro/ions.h"

#include <vtkDataArray.h>
#include <vtkSmartPointer.h>

#include <string>
#include <utility>
#include <vector>

class vtkDataObject;
class vtkPointSet;
class vtkPolyData;

namespace csro {
// --- Writing ---

// Wraps memory of malloc (float32 or double) into an array that frees it.
vtkSmartPointer<vtkDataArray> Adopt(const char *name, void *memory, bool isDouble, int components,
                                    vtkIdType tuples);

// An array of any VTK type in memory of ours: VTK ends the program where there is none. Not filled.
// Inside a local section, as all below.
vtkSmartPointer<vtkDataArray> MakeArray(Call &call, int type, const std::string &name,
                                        int components, vtkIdType tuples);
// Gives an array its name, shape and such memory.
void GiveMemory(Call &call, vtkDataArray *array, const std::string &name, int components,
                vtkIdType tuples);
// The same of a known class.
template <typename Array>
vtkSmartPointer<Array> MakeArray(Call &call, const std::string &name, int components,
                                 vtkIdType tuples) {
  auto array = vtkSmartPointer<Array>::New();
  GiveMemory(call, array, name, components, tuples);
  return array;
}

// Puts positions, masses, numbers (first, first + 1, ...; ions that were left out have theirs, too)
// and the columns of the file into *output, one vertex per ion. Takes the arrays of *ions over.
void PutIons(Call &call, csro_ions *ions, int64_t first, vtkPolyData *output);

// Vertices for all points.
void PutVertices(Call &call, vtkPolyData *output);

// --- Reading ---

// Names of the field array SpeciesNames, empty without it. Collective: ranks whose own input is
// empty learn them from the others.
std::vector<std::string> SharedSpeciesNames(Call &call, vtkDataObject *data);

// Copies the project's own field arrays (names, colours, grid ...), not those of others.
void PassFieldData(vtkDataObject *from, vtkDataObject *to);

// The ions of a point set without copying where VTK's layout allows it. Points that another rank
// owns (vtkGhostType) are left out. Inputs (Inputs.h) have sound arrays and finite positions.
struct IonView {
  csro_points Points{};
  const uint16_t *Label = nullptr; // null when the input has no Species
  std::vector<vtkIdType> Index;    // point of each ion; empty when ion i is point i

  vtkIdType Point(int64_t ion) const {
    return this->Index.empty() ? ion : this->Index[ion];
  }

  // Owners of what the pointers show.
  vtkSmartPointer<vtkDataArray> Positions;
  vtkSmartPointer<vtkDataArray> Species;
  std::vector<double> CopiedPositions;
  std::vector<uint16_t> CopiedLabels;
};
IonView ViewIons(Call &call, vtkPointSet *input);
// The same of ions that need Species; fails without.
IonView ViewLabelledIons(Call &call, vtkPointSet *input);
// Without the labels.
IonView ViewPoints(vtkPointSet *input);

// Refuses ions of which some have a number that is none (`what`: "a position that is not finite").
// `bad` of `count` on this rank, the first of them is point `first` of `points`. `remedy`
// says what removes them. Collective.
void FailNotFinite(Call &call, int64_t bad, int64_t count, int64_t first, int64_t points,
                   const std::string &who, const std::string &what, const std::string &remedy);

// MassToCharge of `count` points: those of the index, or all where that is empty. Not copied where
// VTK's layout allows it.
struct MassView {
  const void *Values = nullptr;
  bool IsDouble = false;

  vtkSmartPointer<vtkDataArray> Array;
  std::vector<double> Copied;
};
MassView ViewMasses(Call &call, vtkPointSet *input, const std::vector<vtkIdType> &index,
                    int64_t count);
// Refuses ions whose mass is not finite. Collective.
void CheckMasses(Call &call, vtkPointSet *input, const IonView &ions);

// What a point takes, with its vertex.
double BytesPerPoint(vtkPointSet *input);

// The given points with all their arrays, one vertex each.
vtkSmartPointer<vtkPolyData> TakePoints(Call &call, vtkPointSet *input,
                                        const std::vector<vtkIdType> &ids);
} // namespace csro

#endif
