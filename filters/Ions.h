// Ions as VTK data: the arrays that readers and sources write, and the view that filters take.
#ifndef csroIons_h
#define csroIons_h

#include "Adaptor.h"

#include <vtkDataArray.h>
#include <vtkSmartPointer.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

class vtkDataObject;
class vtkPointSet;
class vtkPolyData;

namespace csro {
// Releases what the core has allocated.
template <typename T, void (*Release)(T **)> struct CoreDeleter {
  void operator()(T *object) const {
    Release(&object);
  }
};
using Ranges = std::unique_ptr<csro_ranges, CoreDeleter<csro_ranges, csro_ranges_free>>;

// --- Writing ---

// Wraps memory of malloc (float32 or double) into an array that frees it.
vtkSmartPointer<vtkDataArray> Adopt(const char *name, void *memory, bool isDouble, int components,
                                    vtkIdType tuples);

// Puts positions, masses, numbers (first, first + 1, ...) and the columns of the file into *output,
// one vertex per ion. Takes the arrays of *ions over.
void PutIons(csro_ions *ions, int64_t first, vtkPolyData *output);

// Vertices for all points.
void PutVertices(vtkPolyData *output);

// Labels ions by their masses and writes Species, SpeciesNames and SpeciesColors; without ranges
// every ion is unranged.
void PutSpecies(Call &call, const csro_ranges *ranges, vtkPolyData *output);

// --- Reading ---

// Names of the field array SpeciesNames, empty without it. Collective: ranks whose own input is
// empty learn them from the others.
std::vector<std::string> SharedSpeciesNames(Call &call, vtkDataObject *data);

// Copies the project's own field arrays (names, colours, grid ...), not those of others.
void PassFieldData(vtkDataObject *from, vtkDataObject *to);

// The ions of a point set without copying where VTK's layout allows it. Points that another rank
// owns (vtkGhostType) are left out.
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

// Elements: the species of exactly one atom, as (label, symbol).
std::vector<std::pair<uint16_t, std::string>> Elements(const std::vector<std::string> &names);

// The given points with all their arrays, one vertex each.
vtkSmartPointer<vtkPolyData> TakePoints(vtkPointSet *input, const std::vector<vtkIdType> &ids);
} // namespace csro

#endif
