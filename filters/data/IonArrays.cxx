#include "data/IonArrays.h"

#include "data/ChainSettings.h"
#include "data/FieldArrays.h"

#include "csro/finite.h"
#include "csro/ions.h"

#include <vtkAOSDataArrayTemplate.h>
#include <vtkCellArray.h>
#include <vtkDataSetAttributes.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkFloatArray.h>
#include <vtkIdList.h>
#include <vtkIdTypeArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkTypeInt32Array.h>
#include <vtkTypeInt64Array.h>
#include <vtkUnsignedCharArray.h>
#include <vtkUnsignedShortArray.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <sstream>

namespace csro {
namespace {
template <typename Array, typename Value>
vtkSmartPointer<vtkDataArray> AdoptAs(const char *name, void *memory, int components,
                                      vtkIdType tuples) {
  auto array = vtkSmartPointer<Array>::New();
  array->SetName(name);
  array->SetNumberOfComponents(components);
  array->SetArray(static_cast<Value *>(memory), tuples * components, 0,
                  vtkAbstractArray::VTK_DATA_ARRAY_FREE);
  return array;
}

template <typename Array> void PutVerticesAs(Call &call, vtkIdType count, vtkPolyData *output) {
  const auto offsets = MakeArray<Array>(call, "", 1, count + 1);
  const auto points = MakeArray<Array>(call, "", 1, count);
  auto *offset = offsets->GetPointer(0);
  auto *point = points->GetPointer(0);
  std::iota(offset, offset + count + 1, 0);
  std::iota(point, point + count, 0);
  vtkNew<vtkCellArray> cells;
  cells->SetData(offsets.Get(), points.Get());
  output->SetVerts(cells);
}

template <typename Value>
vtkSmartPointer<vtkDataArray> AdoptColumn(csro_column *column, vtkIdType tuples) {
  return AdoptAs<vtkAOSDataArrayTemplate<Value>, Value>(column->name, column->data,
                                                        column->components, tuples);
}

vtkSmartPointer<vtkDataArray> AdoptColumn(csro_column *column, vtkIdType tuples) {
  switch (column->type) {
  case CSRO_COLUMN_INT8:
    return AdoptColumn<signed char>(column, tuples);
  case CSRO_COLUMN_UINT8:
    return AdoptColumn<unsigned char>(column, tuples);
  case CSRO_COLUMN_INT16:
    return AdoptColumn<short>(column, tuples);
  case CSRO_COLUMN_UINT16:
    return AdoptColumn<unsigned short>(column, tuples);
  case CSRO_COLUMN_INT32:
    return AdoptColumn<int>(column, tuples);
  case CSRO_COLUMN_UINT32:
    return AdoptColumn<unsigned int>(column, tuples);
  case CSRO_COLUMN_INT64:
    return AdoptColumn<long long>(column, tuples);
  case CSRO_COLUMN_UINT64:
    return AdoptColumn<unsigned long long>(column, tuples);
  case CSRO_COLUMN_FLOAT32:
    return AdoptColumn<float>(column, tuples);
  case CSRO_COLUMN_FLOAT64:
    return AdoptColumn<double>(column, tuples);
  }
  return nullptr;
}

// Points that this rank owns, when some belong to others; else empty.
std::vector<vtkIdType> OwnedPoints(vtkPointSet *input) {
  std::vector<vtkIdType> owned;
  vtkUnsignedCharArray *ghosts = input->GetPointGhostArray();
  if (!ghosts) {
    return owned;
  }
  constexpr int foreign = vtkDataSetAttributes::DUPLICATEPOINT | vtkDataSetAttributes::HIDDENPOINT;
  const vtkIdType count = input->GetNumberOfPoints();
  owned.reserve(count);
  for (vtkIdType i = 0; i < count; ++i) {
    if (!(ghosts->GetValue(i) & foreign)) {
      owned.push_back(i);
    }
  }
  return owned;
}

void ViewPositions(IonView &view, vtkDataArray *positions) {
  if (view.Index.empty()) {
    view.Positions = positions;
    if (auto *floats = vtkAOSDataArrayTemplate<float>::SafeDownCast(positions)) {
      view.Points.xyz = floats->GetPointer(0);
      return;
    }
    if (auto *doubles = vtkAOSDataArrayTemplate<double>::SafeDownCast(positions)) {
      view.Points.xyz = doubles->GetPointer(0);
      view.Points.is_double = true;
      return;
    }
  }
  view.CopiedPositions.resize(3 * static_cast<size_t>(view.Points.count));
  for (int64_t i = 0; i < view.Points.count; ++i) {
    positions->GetTuple(view.Point(i), &view.CopiedPositions[3 * i]);
  }
  view.Points.xyz = view.CopiedPositions.data();
  view.Points.is_double = true;
}

void ViewSpecies(Call &call, IonView &view, vtkDataArray *species) {
  if (species->GetNumberOfComponents() != 1) {
    call.Fail(CSRO_ERROR_DATA, "point array Species has " +
                                   std::to_string(species->GetNumberOfComponents()) +
                                   " components, expected 1");
  }
  if (auto *labels = vtkAOSDataArrayTemplate<unsigned short>::SafeDownCast(species)) {
    if (view.Index.empty()) {
      view.Species = species;
      view.Label = labels->GetPointer(0);
      return;
    }
  }
  view.CopiedLabels.resize(view.Points.count);
  for (int64_t i = 0; i < view.Points.count; ++i) {
    const double value = species->GetTuple1(view.Point(i));
    if (!(value >= 0 && value <= std::numeric_limits<uint16_t>::max() &&
          value == static_cast<uint16_t>(value))) {
      std::ostringstream message;
      message << "point array Species holds " << value << " at point " << view.Point(i)
              << ", expected whole numbers of 0 to 65535";
      call.Fail(CSRO_ERROR_DATA, message.str());
    }
    view.CopiedLabels[i] = static_cast<uint16_t>(value);
  }
  view.Label = view.CopiedLabels.data();
}
} // namespace

vtkSmartPointer<vtkDataArray> Adopt(const char *name, void *memory, bool isDouble, int components,
                                    vtkIdType tuples) {
  return isDouble ? AdoptAs<vtkDoubleArray, double>(name, memory, components, tuples)
                  : AdoptAs<vtkFloatArray, float>(name, memory, components, tuples);
}

void GiveMemory(Call &call, vtkDataArray *array, const std::string &name, int components,
                vtkIdType tuples) {
  if (!name.empty())
    array->SetName(name.c_str());
  array->SetNumberOfComponents(components);
  void *memory = Allocate(call, tuples * components, array->GetDataTypeSize());
  array->SetVoidArray(memory, tuples * components, 0, vtkAbstractArray::VTK_DATA_ARRAY_FREE);
}

vtkSmartPointer<vtkDataArray> MakeArray(Call &call, int type, const std::string &name,
                                        int components, vtkIdType tuples) {
  const auto array = vtk::TakeSmartPointer(vtkDataArray::CreateDataArray(type));
  GiveMemory(call, array, name, components, tuples);
  return array;
}

void PutVertices(Call &call, vtkPolyData *output) {
  const vtkIdType count = output->GetNumberOfPoints();
  if (count < std::numeric_limits<int32_t>::max()) {
    PutVerticesAs<vtkTypeInt32Array>(call, count, output);
  } else {
    PutVerticesAs<vtkTypeInt64Array>(call, count, output);
  }
}

void PutIons(Call &call, csro_ions *ions, int64_t first, vtkPolyData *output) {
  vtkNew<vtkPoints> points;
  points->SetData(Adopt("Points", ions->xyz, ions->is_double, 3, ions->count));
  ions->xyz = nullptr;
  output->SetPoints(points);
  if (ions->mass)
    output->GetPointData()->AddArray(
        Adopt("MassToCharge", ions->mass, ions->is_double, 1, ions->count));
  ions->mass = nullptr;

  for (int i = 0; i < ions->column_count; ++i) {
    output->GetPointData()->AddArray(AdoptColumn(&ions->columns[i], ions->count));
    ions->columns[i].data = nullptr;
  }

  const auto numbers = MakeArray<vtkIdTypeArray>(call, "IonId", 1, ions->count);
  vtkIdType *number = numbers->GetPointer(0);
  for (int64_t i = 0; i < ions->count; ++i)
    number[i] = first + (ions->number ? ions->number[i] : i);
  output->GetPointData()->AddArray(numbers);
  PutVertices(call, output);
}

std::vector<std::string> SharedSpeciesNames(Call &call, vtkDataObject *data) {
  return call.Share(GetTexts(data, "SpeciesNames"));
}

void PassFieldData(vtkDataObject *from, vtkDataObject *to) {
  std::vector<std::string> names = {"SpeciesNames",     "SpeciesCompositions", "SpeciesColors",
                                    "MassRanges",       "SpeciesCounts",       "AnalysedVolume_nm3",
                                    "zSDM_BinCenters",  "zSDM_Pairs",          "LatticeSpacing_nm",
                                    "LatticeTilt_deg",  "LatticeCoherence",    "CSRO_Box",
                                    "CSRO_LatticeCell", "CSRO_LatticeBasis"};
  names.insert(names.end(), SettingNames().begin(), SettingNames().end());
  for (const std::string &name : names)
    if (vtkAbstractArray *array = from->GetFieldData()->GetAbstractArray(name.c_str()))
      to->GetFieldData()->AddArray(array);
}

IonView ViewLabelledIons(Call &call, vtkPointSet *input) {
  IonView view = ViewIons(call, input);
  if (view.Points.count > 0 && !view.Label)
    call.Fail(CSRO_ERROR_DATA, "the ions have no point array Species");
  return view;
}

IonView ViewPoints(vtkPointSet *input) {
  IonView view;
  view.Index = OwnedPoints(input);
  const bool all = static_cast<vtkIdType>(view.Index.size()) == input->GetNumberOfPoints();
  if (all) {
    view.Index.clear();
  }
  view.Points.count =
      input->GetPointGhostArray() && !all ? view.Index.size() : input->GetNumberOfPoints();
  if (view.Points.count > 0) {
    ViewPositions(view, input->GetPoints()->GetData());
  }
  return view;
}

IonView ViewIons(Call &call, vtkPointSet *input) {
  IonView view = ViewPoints(input);
  vtkDataArray *species = input->GetPointData()->GetArray("Species");
  if (species && view.Points.count > 0) {
    ViewSpecies(call, view, species);
  }
  return view;
}

void FailNotFinite(Call &call, int64_t bad, int64_t count, int64_t first, int64_t points,
                   const std::string &who, const std::string &what, const std::string &remedy) {
  int64_t totals[2] = {bad, count};
  call.Sum(totals, 2);
  if (totals[0] == 0)
    return;
  const std::vector<int64_t> firsts = call.Gather(bad > 0 ? first : -1);
  const std::vector<int64_t> sizes = call.Gather(points);
  int64_t place = 0;
  int rank = 0;
  for (; firsts[rank] < 0; ++rank)
    place += sizes[rank];
  call.RunLocal([&] {
    call.Fail(CSRO_ERROR_DATA,
              who + std::to_string(totals[0]) + " of " + std::to_string(totals[1]) + " ions have " +
                  what + " (NaN or infinite), the first is point " +
                  std::to_string(place + firsts[rank]) + ": remove them by " + remedy);
  });
}

MassView ViewMasses(Call &call, vtkPointSet *input, const std::vector<vtkIdType> &index,
                    int64_t count) {
  MassView view;
  if (count == 0) {
    return view;
  }
  view.Array = input->GetPointData()->GetArray("MassToCharge");
  if (!view.Array || view.Array->GetNumberOfComponents() != 1) {
    call.Fail(CSRO_ERROR_DATA, "the ions have no point array MassToCharge of one component: they "
                               "were read from a file without masses, or are no ions");
  }
  auto *floats = vtkAOSDataArrayTemplate<float>::SafeDownCast(view.Array);
  auto *doubles = vtkAOSDataArrayTemplate<double>::SafeDownCast(view.Array);
  view.IsDouble = !floats || !index.empty();
  if (index.empty() && floats) {
    view.Values = floats->GetPointer(0);
  } else if (index.empty() && doubles) {
    view.Values = doubles->GetPointer(0);
  } else {
    view.Copied.resize(count);
    for (int64_t i = 0; i < count; ++i) {
      view.Copied[i] = view.Array->GetComponent(index.empty() ? i : index[i], 0);
    }
    view.Values = view.Copied.data();
  }
  return view;
}

void CheckMasses(Call &call, vtkPointSet *input, const IonView &ions) {
  int64_t bad = 0, first = -1;
  call.RunLocal([&] {
    const MassView mass = ViewMasses(call, input, ions.Index, ions.Points.count);
    csro_count_not_finite(call.Context(), mass.Values, mass.IsDouble, ions.Points.count, 1, &bad,
                          &first);
  });
  FailNotFinite(call, bad, ions.Points.count, first < 0 ? -1 : ions.Point(first),
                input->GetNumberOfPoints(), "", "a mass-to-charge that is not finite",
                "LeaveOutNotFinite of APT Reader, or Threshold of MassToCharge (0 to 1e30)");
}

double BytesPerPoint(vtkPointSet *input) {
  double bytes = 8 + 3 * sizeof(double);
  for (int i = 0; i < input->GetPointData()->GetNumberOfArrays(); ++i) {
    vtkAbstractArray *array = input->GetPointData()->GetAbstractArray(i);
    bytes += array->GetNumberOfComponents() * array->GetDataTypeSize();
  }
  return bytes;
}

vtkSmartPointer<vtkPolyData> TakePoints(Call &call, vtkPointSet *input,
                                        const std::vector<vtkIdType> &ids) {
  const vtkIdType count = static_cast<vtkIdType>(ids.size());
  vtkNew<vtkIdList> list;
  list->SetNumberOfIds(count);
  std::copy(ids.begin(), ids.end(), list->GetPointer(0));
  const auto take = [&](vtkAbstractArray *from) {
    const char *name = from->GetName() ? from->GetName() : "";
    vtkSmartPointer<vtkAbstractArray> to;
    if (vtkDataArray::SafeDownCast(from) && from->GetDataType() != VTK_BIT) {
      to = MakeArray(call, from->GetDataType(), name, from->GetNumberOfComponents(), count);
    } else {
      to.TakeReference(from->NewInstance());
      to->SetName(name);
      to->SetNumberOfComponents(from->GetNumberOfComponents());
      to->SetNumberOfTuples(count);
    }
    from->GetTuples(list, to);
    return to;
  };
  auto output = vtkSmartPointer<vtkPolyData>::New();
  vtkNew<vtkPoints> points;
  if (input->GetPoints())
    points->SetData(vtkDataArray::SafeDownCast(take(input->GetPoints()->GetData())));
  output->SetPoints(points);
  for (int i = 0; i < input->GetPointData()->GetNumberOfArrays(); ++i) {
    vtkAbstractArray *array = input->GetPointData()->GetAbstractArray(i);
    if (std::strcmp(array->GetName() ? array->GetName() : "", "vtkGhostType") != 0)
      output->GetPointData()->AddArray(take(array));
  }
  PutVertices(call, output);
  return output;
}
} // namespace csro
