#include "Species.h"

#include "csro/ranges.h"

#include <vtkAOSDataArrayTemplate.h>
#include <vtkFieldData.h>
#include <vtkFloatArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkStringArray.h>
#include <vtkUnsignedShortArray.h>

#include <array>
#include <cstdlib>
#include <vector>

namespace csro {
namespace {
const float UnrangedColor[3] = {0.6f, 0.6f, 0.6f};

vtkSmartPointer<vtkUnsignedShortArray> MakeLabels(Call &call, vtkIdType count) {
  return MakeArray<vtkUnsignedShortArray>(call, "Species", 1, count);
}

// Colours of all labels; ranks without ions learn them from the others.
std::vector<std::array<float, 3>> SharedColors(Call &call, vtkDataObject *ions, size_t labels) {
  vtkDataArray *own = ions->GetFieldData()->GetArray("SpeciesColors");
  const bool usable = own && own->GetNumberOfComponents() == 3 &&
                      own->GetNumberOfTuples() == static_cast<vtkIdType>(labels);
  std::vector<double> values(3 * labels, -1);
  for (size_t i = 0; usable && i < values.size(); ++i)
    values[i] = own->GetComponent(static_cast<vtkIdType>(i / 3), static_cast<int>(i % 3));
  call.Maximum(values.data(), static_cast<int>(values.size()));
  std::vector<std::array<float, 3>> colors(labels);
  for (size_t i = 0; i < values.size(); ++i)
    colors[i / 3][i % 3] = values[i] < 0 ? UnrangedColor[i % 3] : static_cast<float>(values[i]);
  return colors;
}
} // namespace

Ranges ReadRanges(Call &call, const char *path) {
  csro_ranges *read = nullptr;
  if (path && *path)
    call.Check(csro_ranges_read(call.Context(), path, &read));
  return Ranges(read);
}

Labels LabelByRanges(Call &call, Ranges ranges, vtkPointSet *ions) {
  Labels labels;
  std::vector<int64_t> concerned(ranges->concern_count + 1);
  const IonView own = ViewPoints(ions);
  CheckMasses(call, ions, own);
  call.Together([&] {
    const vtkIdType count = ions->GetNumberOfPoints();
    const MassView mass = ViewMasses(call, ions, {}, count);
    auto species = MakeLabels(call, count);
    call.Check(csro_ranges_apply(call.Context(), ranges.get(), mass.Values, mass.IsDouble, count,
                                 species->GetPointer(0)));
    labels.Species = species;
  });
  call.Together([&] {
    if (ranges->concern_count == 0)
      return;
    const MassView mass = ViewMasses(call, ions, own.Index, own.Points.count);
    call.Check(csro_ranges_concern(call.Context(), ranges.get(), mass.Values, mass.IsDouble,
                                   own.Points.count, concerned.data()));
  });
  call.Sum(concerned.data(), static_cast<int>(concerned.size()));
  call.Together([&] {
    char *report = nullptr;
    call.Check(csro_ranges_write_report(call.Context(), ranges.get(), concerned.data(), &report));
    labels.Report = report;
    labels.Doubtful = csro_ranges_are_doubtful(ranges.get(), concerned.data());
    std::free(report);
  });
  labels.Known = std::move(ranges);
  return labels;
}

Labels LabelByTypes(Call &call, vtkPointSet *ions) {
  Labels labels;
  auto *types = vtkAOSDataArrayTemplate<unsigned char>::SafeDownCast(
      ions->GetPointData()->GetArray("Ion Type"));
  if (types && types->GetNumberOfComponents() != 1)
    types = nullptr;
  int64_t found = types ? 1 : 0;
  call.Maximum(&found, 1);
  if (!found)
    return labels;
  call.Together([&] {
    const vtkIdType count = ions->GetNumberOfPoints();
    if (count > 0 && !types)
      call.Fail(CSRO_ERROR_DATA, "point array Ion Type is not the same on all ranks");
    auto species = MakeLabels(call, count);
    int largest = 0;
    call.Check(csro_types_apply(call.Context(), count > 0 ? types->GetPointer(0) : nullptr, count,
                                species->GetPointer(0), &largest));
    labels.Species = species;
    found = largest;
  });
  call.Maximum(&found, 1);
  call.Together([&] {
    csro_ranges *known = nullptr;
    call.Check(csro_ranges_of_types(call.Context(), static_cast<int>(found), &known));
    labels.Known.reset(known);
  });
  return labels;
}

Labels LabelAsBefore(Call &call, vtkPointSet *ions) {
  Labels labels;
  const std::vector<std::string> names = SharedSpeciesNames(call, ions);
  if (names.size() < 2) // unranged alone
    return labels;
  const std::vector<std::array<float, 3>> colors = SharedColors(call, ions, names.size());
  call.Together([&] {
    labels.Species = ions->GetPointData()->GetArray("Species");
    if (!labels.Species && ions->GetNumberOfPoints() > 0)
      call.Fail(CSRO_ERROR_DATA, "the ions have no point array Species");
    if (!labels.Species)
      labels.Species = MakeLabels(call, 0);
    std::vector<const char *> texts;
    for (size_t i = 1; i < names.size(); ++i)
      texts.push_back(names[i].c_str());
    csro_ranges *known = nullptr;
    call.Check(csro_ranges_of_names(call.Context(), static_cast<int>(texts.size()), texts.data(),
                                    reinterpret_cast<const float(*)[3]>(colors.data() + 1),
                                    &known));
    labels.Known.reset(known);
  });
  return labels;
}

void PutSpecies(vtkDataArray *labels, const csro_species *species, int count, vtkPointSet *output) {
  output->GetPointData()->AddArray(labels);
  output->GetPointData()->SetActiveScalars("Species");
  vtkNew<vtkStringArray> names;
  names->SetName("SpeciesNames");
  names->InsertNextValue("unranged");
  vtkNew<vtkFloatArray> colors;
  colors->SetName("SpeciesColors");
  colors->SetNumberOfComponents(3);
  colors->InsertNextTuple(UnrangedColor);
  for (int i = 0; i < count; ++i) {
    names->InsertNextValue(species[i].name);
    colors->InsertNextTuple(species[i].color);
  }
  output->GetFieldData()->AddArray(names);
  output->GetFieldData()->AddArray(colors);
}

void PutLabels(Call &call, const Labels &labels, vtkPointSet *output) {
  if (labels.Known) {
    PutSpecies(labels.Species, labels.Known->species, labels.Known->species_count, output);
  } else {
    call.Together([&] {
      const auto unranged = MakeLabels(call, output->GetNumberOfPoints());
      unranged->Fill(0);
      PutSpecies(unranged, nullptr, 0, output);
    });
  }
  output->GetFieldData()->RemoveArray("RangesReport");
  if (labels.Report.empty())
    return;
  vtkNew<vtkStringArray> report;
  report->SetName("RangesReport");
  report->InsertNextValue(labels.Report);
  output->GetFieldData()->AddArray(report);
}
} // namespace csro
