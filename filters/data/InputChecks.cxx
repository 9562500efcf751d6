#include "data/InputChecks.h"

#include "data/IonArrays.h"
#include "data/IonGroups.h"
#include "vtkAPTAlgorithm.h"

#include "csro/finite.h"

#include <vtkCellData.h>
#include <vtkCompositeDataSet.h>
#include <vtkDataSet.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkTable.h>

#include <cstring>

namespace csro {
namespace {
// Arrays of ions that filters know: numbers of one component.
const char *const KnownArrays[] = {"Species",  "MassToCharge", "IonId",   "AtomId",
                                   "DomainId", "TrueDomainId", "Ion Type"};

// Types that a port takes, as people know them.
std::string Expected(vtkInformation *port) {
  static const char *const names[][2] = {{"vtkPointSet", "ions (points)"},
                                         {"vtkImageData", "an image of voxels or pixels"},
                                         {"vtkTable", "a table"},
                                         {"vtkDataSet", "voxels"}};
  std::string text;
  for (int i = 0; i < port->Length(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE()); ++i)
    for (const auto &name : names)
      if (std::strcmp(port->Get(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), i), name[0]) == 0)
        text += (text.empty() ? "" : " or ") + std::string(name[1]);
  return text;
}

bool Takes(vtkInformation *port, const char *type) {
  for (int i = 0; i < port->Length(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE()); ++i)
    if (std::strcmp(port->Get(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), i), type) == 0)
      return true;
  return false;
}

// The last type is vtkDataObject, so that all data come here.
bool Fits(vtkInformation *port, vtkDataObject *data) {
  for (int i = 0; i + 1 < port->Length(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE()); ++i)
    if (data->IsA(port->Get(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), i)))
      return true;
  return false;
}

std::string Count(vtkIdType count, const char *what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

// As many tuples as there are points (cells, rows).
void CheckLengths(Call &call, vtkFieldData *arrays, vtkIdType expected, const char *kind,
                  const std::string &who) {
  for (int i = 0; i < arrays->GetNumberOfArrays(); ++i) {
    vtkAbstractArray *array = arrays->GetAbstractArray(i);
    if (array->GetNumberOfTuples() != expected || array->GetNumberOfComponents() < 1)
      call.Fail(CSRO_ERROR_DATA, who + kind + " array " +
                                     (array->GetName() ? array->GetName() : "(without a name)") +
                                     " has " + Count(array->GetNumberOfTuples(), "tuple") +
                                     ", expected " + std::to_string(expected) + ", one per " +
                                     kind);
  }
}

void CheckKnown(Call &call, vtkPointData *arrays, const std::string &who) {
  for (const char *name : KnownArrays) {
    vtkAbstractArray *array = arrays->GetAbstractArray(name);
    if (!array)
      continue;
    if (!vtkDataArray::SafeDownCast(array))
      call.Fail(CSRO_ERROR_DATA, who + "point array " + name + " holds " +
                                     array->GetDataTypeAsString() + ", expected numbers");
    if (array->GetNumberOfComponents() != 1)
      call.Fail(CSRO_ERROR_DATA, who + "point array " + name + " has " +
                                     Count(array->GetNumberOfComponents(), "component") +
                                     ", expected 1");
  }
  vtkAbstractArray *ghosts = arrays->GetAbstractArray("vtkGhostType");
  if (ghosts &&
      (ghosts->GetDataType() != VTK_UNSIGNED_CHAR || ghosts->GetNumberOfComponents() != 1))
    call.Fail(CSRO_ERROR_DATA, who + "point array vtkGhostType holds " +
                                   std::to_string(ghosts->GetNumberOfComponents()) + " " +
                                   ghosts->GetDataTypeAsString() +
                                   " per point, expected 1 unsigned char");
}

bool LiesApart(vtkAbstractArray *array) {
  auto *numbers = vtkDataArray::SafeDownCast(array);
  return numbers && numbers->GetDataType() != VTK_BIT && !numbers->HasStandardMemoryLayout();
}

vtkSmartPointer<vtkDataArray> PutTogether(Call &call, vtkDataArray *array) {
  auto copy = MakeArray(call, array->GetDataType(), array->GetName(),
                        array->GetNumberOfComponents(), array->GetNumberOfTuples());
  copy->InsertTuples(0, array->GetNumberOfTuples(), 0, array);
  return copy;
}

// Replaces arrays that do not lie tuple by tuple.
void PutTogether(Call &call, vtkDataSetAttributes *arrays) {
  for (int i = 0; i < arrays->GetNumberOfArrays(); ++i)
    if (LiesApart(arrays->GetAbstractArray(i))) {
      const bool active = arrays->GetScalars() == arrays->GetArray(i);
      const auto array = PutTogether(call, arrays->GetArray(i));
      arrays->AddArray(array);
      if (active)
        arrays->SetActiveScalars(array->GetName());
    }
}

bool AnyApart(vtkFieldData *arrays) {
  for (int i = 0; i < arrays->GetNumberOfArrays(); ++i)
    if (LiesApart(arrays->GetAbstractArray(i)))
      return true;
  return false;
}

// Refuses ions with NaN and infinite positions, those of all ranks counted. Collective.
void CheckPositions(Call &call, vtkPointSet *ions, const std::string &who) {
  IonView view;
  int64_t counts[2] = {0, 0}, first = -1;
  call.RunLocal([&] {
    view = ViewPoints(ions);
    csro_count_not_finite(call.Context(), view.Points.xyz, view.Points.is_double, view.Points.count,
                          3, &counts[0], &first);
    first = first < 0 ? -1 : view.Point(first);
    counts[1] = view.Points.count;
  });
  FailNotFinite(call, counts[0], counts[1], first, ions->GetNumberOfPoints(), who,
                "a position that is not finite",
                "LeaveOutNotFinite of APT Reader, or Calculator (1 + abs(coordsX) + abs(coordsY) + "
                "abs(coordsZ)) and Threshold (1 to 1e30)");
}

// One input, as the filter gets it. Collective.
vtkSmartPointer<vtkDataObject> Take(Call &call, vtkAPTAlgorithm *filter, int port,
                                    vtkDataObject *data, const std::string &who) {
  vtkInformation *const takes = filter->GetInputPortInformation(port);
  auto *group = vtkCompositeDataSet::SafeDownCast(data);
  call.RunLocal([&] {
    if (!data)
      call.Fail(CSRO_ERROR_DATA, who + "there are no data, expected " + Expected(takes));
    if (group && !filter->TakesGroups(port))
      call.Fail(CSRO_ERROR_DATA, who + "the input is a group of data sets (" +
                                     data->GetClassName() + "), expected " + Expected(takes) +
                                     ": take one out by Extract Block");
    if (!group && !Fits(takes, data))
      call.Fail(CSRO_ERROR_DATA,
                who + "the input is a " + data->GetClassName() + ", expected " + Expected(takes));
  });
  vtkSmartPointer<vtkDataObject> taken;
  if (group)
    taken = MergeGroup(call, group, who);
  else
    call.RunLocal([&] { taken = CheckArrays(call, data, who); });
  auto *points = vtkPointSet::SafeDownCast(taken);
  if (points && Takes(takes, "vtkPointSet"))
    CheckPositions(call, points, who);
  return taken;
}
} // namespace

vtkSmartPointer<vtkDataObject> CheckArrays(Call &call, vtkDataObject *data,
                                           const std::string &who) {
  vtkSmartPointer<vtkDataObject> checked = data;
  if (auto *table = vtkTable::SafeDownCast(data))
    CheckLengths(call, table->GetRowData(), table->GetNumberOfRows(), "row", who);
  auto *set = vtkDataSet::SafeDownCast(data);
  if (!set)
    return checked;
  CheckLengths(call, set->GetPointData(), set->GetNumberOfPoints(), "point", who);
  CheckLengths(call, set->GetCellData(), set->GetNumberOfCells(), "cell", who);
  auto *points = vtkPointSet::SafeDownCast(set);
  if (points)
    CheckKnown(call, set->GetPointData(), who);
  const bool apart = points && points->GetPoints() && LiesApart(points->GetPoints()->GetData());
  if (!apart && !AnyApart(set->GetPointData()) && !AnyApart(set->GetCellData()))
    return checked;
  checked.TakeReference(data->NewInstance());
  checked->ShallowCopy(data);
  set = vtkDataSet::SafeDownCast(checked);
  PutTogether(call, set->GetPointData());
  PutTogether(call, set->GetCellData());
  if (apart) {
    vtkNew<vtkPoints> together;
    together->SetData(PutTogether(call, points->GetPoints()->GetData()));
    vtkPointSet::SafeDownCast(checked)->SetPoints(together);
  }
  return checked;
}

Inputs::Inputs(Call &call, vtkAPTAlgorithm *filter, vtkInformationVector **inputs) {
  static const char *const ordinals[] = {"first", "second", "third", "fourth"};
  const int ports = filter->GetNumberOfInputPorts();
  for (int port = 0; port < ports; ++port) {
    const std::string who =
        ports > 1 ? std::string(ordinals[port < 4 ? port : 3]) + " input: " : std::string();
    const auto vector = vtkSmartPointer<vtkInformationVector>::New();
    for (int i = 0; i < inputs[port]->GetNumberOfInformationObjects(); ++i) {
      vtkInformation *input = inputs[port]->GetInformationObject(i);
      vtkDataObject *data = vtkDataObject::GetData(input);
      auto *group = vtkCompositeDataSet::SafeDownCast(data);
      const auto append = [&](vtkDataObject *taken) {
        vtkNew<vtkInformation> own;
        own->Copy(input);
        own->Set(vtkDataObject::DATA_OBJECT(), taken);
        vector->Append(own);
      };
      if (!group || !filter->SplitsGroups(port)) {
        append(Take(call, filter, port, data, who));
        continue;
      }
      for (const vtkSmartPointer<vtkPointSet> &set : SplitGroup(call, group, who)) {
        CheckPositions(call, set, who);
        append(set);
      }
    }
    this->Owned.push_back(vector);
    this->Plain.push_back(vector);
  }
}
} // namespace csro
