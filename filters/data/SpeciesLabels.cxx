#include "data/SpeciesLabels.h"

#include "data/FieldArrays.h"

#include "csro/ranges.h"

#include <vtkAOSDataArrayTemplate.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkFloatArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkUnsignedShortArray.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <sstream>
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
// Compositions of all labels but the first, which is unranged; empty when they are not known.
std::vector<std::string> SharedCompositions(Call &call, vtkDataObject *ions, size_t labels) {
  std::vector<std::string> list = call.Share(GetTexts(ions, "SpeciesCompositions"));
  if (labels == 0 || list.size() != labels)
    return {};
  list.erase(list.begin());
  return list;
}

std::vector<const char *> Texts(const std::vector<std::string> &strings) {
  std::vector<const char *> texts;
  for (const std::string &text : strings)
    texts.push_back(text.c_str());
  return texts;
}

// The species that names stand for. Inside of a local section.
Ranges SpeciesOfNames(Call &call, const std::vector<std::string> &names,
                      const std::vector<std::string> &compositions, const float (*colors)[3]) {
  std::vector<const char *> name = Texts(names);
  name.erase(name.begin()); // unranged
  const std::vector<const char *> composition = Texts(compositions);
  csro_ranges *known = nullptr;
  call.Check(csro_ranges_of_names(call.Context(), static_cast<int>(name.size()), name.data(),
                                  composition.empty() ? nullptr : composition.data(), colors,
                                  &known));
  return Ranges(known);
}

// One row for each range: its ends, its label and its volume, 0 where that is not known.
constexpr int RangeColumns = 4;
const char *const RangeColumnNames[RangeColumns] = {"From_Da", "To_Da", "Species", "Volume_nm3"};

void PutRanges(const csro_ranges &ranges, vtkDataObject *output) {
  vtkNew<vtkDoubleArray> array;
  array->SetName("MassRanges");
  array->SetNumberOfComponents(RangeColumns);
  for (int k = 0; k < RangeColumns; ++k)
    array->SetComponentName(k, RangeColumnNames[k]);
  for (int i = 0; i < ranges.count; ++i) {
    const csro_range &range = ranges.range[i];
    const double row[RangeColumns] = {range.lo, range.hi, range.species + 1.0, range.volume};
    array->InsertNextTuple(row);
  }
  output->GetFieldData()->AddArray(array);
}

// The rows of all ranks, which have the same ones or none. Collective.
std::vector<double> SharedRanges(Call &call, vtkDataObject *ions) {
  vtkDataArray *own = ions->GetFieldData()->GetArray("MassRanges");
  const bool usable = own && own->GetNumberOfComponents() == RangeColumns;
  int64_t count = usable ? own->GetNumberOfTuples() : 0;
  call.Maximum(&count, 1);
  std::vector<double> values(RangeColumns * count, -std::numeric_limits<double>::infinity());
  const vtkIdType present = usable ? own->GetNumberOfTuples() : 0;
  for (vtkIdType i = 0; i < RangeColumns * present; ++i)
    values[i] = own->GetComponent(i / RangeColumns, static_cast<int>(i % RangeColumns));
  if (count > 0)
    call.Maximum(values.data(), static_cast<int>(values.size()));
  return values;
}

// Inside of a local section.
void SetRanges(Call &call, const std::vector<double> &rows, csro_ranges *known) {
  std::vector<csro_range> ranges;
  for (size_t i = 0; i < rows.size(); i += RangeColumns) {
    const double label = std::max(0.0, std::min(rows[i + 2], 65536.0)); // 0 for no number, too
    ranges.push_back({rows[i], rows[i + 1], rows[i + 3], static_cast<int>(label) - 1, 0});
  }
  call.Check(
      csro_ranges_set(call.Context(), known, static_cast<int>(ranges.size()), ranges.data()));
}

// A hint where no ion lies in a range, else nothing. Collective.
std::string FindUnrelated(Call &call, const csro_ranges &ranges, vtkDataArray *labels,
                          vtkPointSet *ions) {
  constexpr double none = std::numeric_limits<double>::infinity();
  auto *species = vtkUnsignedShortArray::SafeDownCast(labels);
  int64_t counts[2] = {0, species->GetNumberOfValues()};
  for (vtkIdType i = 0; i < counts[1]; ++i)
    counts[0] += species->GetValue(i) > 0;
  call.Sum(counts, 2);
  if (counts[0] > 0 || counts[1] == 0)
    return {};
  vtkDataArray *mass = ions->GetPointData()->GetArray("MassToCharge");
  double ends[2] = {none, -none};
  if (mass && mass->GetNumberOfTuples() > 0)
    mass->GetRange(ends);
  call.Minimum(&ends[0], 1);
  call.Maximum(&ends[1], 1);
  double lowest = none, highest = -none;
  for (int i = 0; i < ranges.count; ++i) {
    lowest = std::min(lowest, ranges.range[i].lo);
    highest = std::max(highest, ranges.range[i].hi);
  }
  std::ostringstream text;
  text << "none of the " << counts[1]
       << " ions lies in a range, all are unranged: the ranges are between " << lowest << " and "
       << highest << " Da, the ions between " << ends[0] << " and " << ends[1]
       << " Da; is it the range file of these ions?\n";
  return text.str();
}

} // namespace

SpeciesList SharedSpecies(Call &call, vtkDataObject *data) {
  SpeciesList list;
  list.Names = SharedSpeciesNames(call, data);
  const std::vector<std::string> compositions = SharedCompositions(call, data, list.Names.size());
  call.RunLocal([&] {
    if (list.Names.empty())
      return;
    const Ranges known = SpeciesOfNames(call, list.Names, compositions, nullptr);
    for (int i = 0; i < known->species_count; ++i) {
      const char *symbol = csro_species_element(&known->species[i]);
      if (!symbol)
        continue;
      const auto found = std::find_if(list.Elements.begin(), list.Elements.end(),
                                      [&](const Element &one) { return one.Symbol == symbol; });
      if (found == list.Elements.end())
        list.Elements.push_back({symbol, {static_cast<uint16_t>(i + 1)}});
      else
        found->Labels.push_back(static_cast<uint16_t>(i + 1));
    }
  });
  return list;
}

std::vector<std::string> CompositionsOf(Call &call, vtkDataObject *data,
                                        const std::vector<std::string> &names) {
  const std::vector<std::string> given = SharedCompositions(call, data, names.size());
  std::vector<std::string> list;
  call.RunLocal([&] {
    if (names.empty())
      return;
    const Ranges known = SpeciesOfNames(call, names, given, nullptr);
    list.emplace_back(); // unranged
    for (int i = 0; i < known->species_count; ++i) {
      char composition[csro_composition_room];
      csro_composition_write(&known->species[i], composition);
      list.emplace_back(composition);
    }
  });
  return list;
}

Ranges ReadRanges(Call &call, const char *path) {
  csro_ranges *read = nullptr;
  if (path && *path)
    call.Check(csro_ranges_read(call.Context(), path, &read));
  return Ranges(read);
}

Labels LabelByRanges(Call &call, Ranges ranges, vtkPointSet *ions) {
  Labels labels;
  std::vector<int64_t> concerned(ranges->issue_count + 1);
  const IonView own = ViewPoints(ions);
  CheckMasses(call, ions, own);
  call.RunLocal([&] {
    const vtkIdType count = ions->GetNumberOfPoints();
    const MassView mass = ViewMasses(call, ions, {}, count);
    auto species = MakeLabels(call, count);
    call.Check(csro_ranges_apply(call.Context(), ranges.get(), mass.Values, mass.IsDouble, count,
                                 species->GetPointer(0)));
    labels.Species = species;
  });
  call.RunLocal([&] {
    if (ranges->issue_count == 0)
      return;
    const MassView mass = ViewMasses(call, ions, own.Index, own.Points.count);
    call.Check(csro_ranges_count_issues(call.Context(), ranges.get(), mass.Values, mass.IsDouble,
                                        own.Points.count, concerned.data()));
  });
  call.Sum(concerned.data(), static_cast<int>(concerned.size()));
  call.RunLocal([&] {
    char *report = nullptr;
    call.Check(csro_ranges_write_report(call.Context(), ranges.get(), concerned.data(), &report));
    labels.Report = report;
    labels.Doubtful = csro_ranges_need_warning(ranges.get(), concerned.data());
    std::free(report);
  });
  const std::string unrelated = FindUnrelated(call, *ranges, labels.Species, ions);
  labels.Report = unrelated + labels.Report;
  labels.Doubtful = labels.Doubtful || !unrelated.empty();
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
  call.RunLocal([&] {
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
  call.RunLocal([&] {
    csro_ranges *known = nullptr;
    call.Check(csro_ranges_of_types(call.Context(), static_cast<int>(found), &known));
    labels.Known.reset(known);
  });
  return labels;
}

Ranges RangesOf(Call &call, vtkDataObject *ions) {
  const std::vector<std::string> names = SharedSpeciesNames(call, ions);
  if (names.size() < 2) // unranged alone
    return nullptr;
  const std::vector<std::array<float, 3>> colors = SharedColors(call, ions, names.size());
  const std::vector<std::string> compositions = SharedCompositions(call, ions, names.size());
  const std::vector<double> ranges = SharedRanges(call, ions);
  Ranges known;
  call.RunLocal([&] {
    known = SpeciesOfNames(call, names, compositions,
                           reinterpret_cast<const float(*)[3]>(colors.data() + 1));
    SetRanges(call, ranges, known.get());
  });
  return known;
}

Labels LabelAsBefore(Call &call, vtkPointSet *ions) {
  Labels labels;
  labels.Known = RangesOf(call, ions);
  if (!labels.Known)
    return labels;
  call.RunLocal([&] {
    labels.Species = ions->GetPointData()->GetArray("Species");
    if (!labels.Species && ions->GetNumberOfPoints() > 0)
      call.Fail(CSRO_ERROR_DATA, "the ions have no point array Species");
    if (!labels.Species)
      labels.Species = MakeLabels(call, 0);
  });
  return labels;
}

void PutSpecies(vtkDataArray *labels, const csro_species *species, int count, vtkPointSet *output) {
  output->GetPointData()->AddArray(labels);
  output->GetPointData()->SetActiveScalars("Species");
  std::vector<std::string> names{"unranged"}, compositions{""};
  vtkNew<vtkFloatArray> colors;
  colors->SetName("SpeciesColors");
  colors->SetNumberOfComponents(3);
  colors->InsertNextTuple(UnrangedColor);
  for (int i = 0; i < count; ++i) {
    names.push_back(species[i].name);
    char composition[csro_composition_room];
    csro_composition_write(&species[i], composition);
    compositions.push_back(composition);
    colors->InsertNextTuple(species[i].color);
  }
  PutTexts(output, "SpeciesNames", names);
  PutTexts(output, "SpeciesCompositions", compositions);
  output->GetFieldData()->AddArray(colors);
  output->GetFieldData()->RemoveArray("MassRanges");
}

void PutLabels(Call &call, const Labels &labels, vtkPointSet *output) {
  if (labels.Known) {
    PutSpecies(labels.Species, labels.Known->species, labels.Known->species_count, output);
    if (labels.Known->count > 0)
      PutRanges(*labels.Known, output);
  } else {
    call.RunLocal([&] {
      const auto unranged = MakeLabels(call, output->GetNumberOfPoints());
      unranged->Fill(0);
      PutSpecies(unranged, nullptr, 0, output);
    });
  }
  output->GetFieldData()->RemoveArray("RangesReport");
  if (!labels.Report.empty())
    PutTexts(output, "RangesReport", {labels.Report});
}
} // namespace csro
