#include "vtkRangeIons.h"

#include "data/FieldArrays.h"
#include "data/SpeciesLabels.h"
#include "data/TableColumns.h"
#include "parallel/Owned.h"

#include "csro/composition.h"
#include "csro/ranges.h"

#include <vtkFieldData.h>
#include <vtkIdTypeArray.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkTable.h>
#include <vtkUnsignedShortArray.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <utility>

vtkStandardNewMacro(vtkRangeIons);

namespace {
csro::Labels MakeLabels(csro::Call &call, const char *rangesFile, vtkPointSet *ions) {
  csro::Ranges ranges;
  call.RunLocal([&] { ranges = csro::ReadRanges(call, rangesFile); });
  if (ranges)
    return csro::LabelByRanges(call, std::move(ranges), ions);
  csro::Labels labels = csro::LabelAsBefore(call, ions);
  if (!labels.Known)
    labels = csro::LabelByTypes(call, ions);
  call.RunLocal([&] {
    if (!labels.Known)
      call.Fail(CSRO_ERROR_ARGUMENT,
                "no range file is given (RangesFileName), and the ions have no species");
  });
  return labels;
}

// The same points with one vertex each; nothing is copied.
void PassIons(csro::Call &call, vtkPointSet *input, vtkPolyData *output) {
  call.RunLocal([&] {
    auto *polygons = vtkPolyData::SafeDownCast(input);
    if (polygons && polygons->GetNumberOfVerts() == polygons->GetNumberOfPoints() &&
        polygons->GetNumberOfCells() == polygons->GetNumberOfVerts()) {
      output->ShallowCopy(polygons);
      return;
    }
    output->SetPoints(input->GetPoints());
    output->GetPointData()->ShallowCopy(input->GetPointData());
    output->GetFieldData()->ShallowCopy(input->GetFieldData());
    csro::PutVertices(call, output);
  });
}

csro::AtomKinds FindKinds(csro::Call &call, const csro_ranges *ranges, csro_isotopes isotopes) {
  csro_atom_kinds *kinds = nullptr;
  call.Check(csro_atom_kinds_create(call.Context(), ranges, isotopes, &kinds));
  return csro::AtomKinds(kinds);
}

// One point per atom, at the place of its ion. Collective.
void TakeApart(csro::Call &call, const csro_atom_kinds &kinds, vtkPolyData *ions) {
  csro_atoms atoms{};
  const csro::Owned<csro_atoms_release> owner(&atoms);
  call.RunLocal([&] {
    const csro::IonView view = csro::ViewIons(call, ions);
    call.Check(csro_ions_decompose(call.Context(), &kinds, view.Label, view.Points.count, &atoms));
    for (int64_t i = 0; i < atoms.count; ++i)
      atoms.ion[i] = view.Point(atoms.ion[i]);
  });
  call.Reserve(static_cast<double>(atoms.count) * csro::BytesPerPoint(ions),
               "the atoms of the ions", "take fewer ions, as by Clip");
  const std::vector<int64_t> counts = call.Gather(atoms.count);
  const int64_t first = std::accumulate(counts.begin(), counts.begin() + call.Rank(), int64_t{0});
  call.RunLocal([&] {
    const std::vector<vtkIdType> points(atoms.ion, atoms.ion + atoms.count);
    const vtkSmartPointer<vtkPolyData> taken = csro::TakePoints(call, ions, points);
    taken->GetFieldData()->ShallowCopy(ions->GetFieldData());
    vtkNew<vtkUnsignedShortArray> species;
    species->SetName("Species");
    species->SetArray(atoms.label, atoms.count, 0, vtkAbstractArray::VTK_DATA_ARRAY_FREE);
    atoms.label = nullptr;
    csro::PutSpecies(species, kinds.kind, kinds.count, taken);
    const auto numbers = csro::MakeArray<vtkIdTypeArray>(call, "AtomId", 1, atoms.count);
    std::iota(numbers->GetPointer(0), numbers->GetPointer(0) + atoms.count, first);
    taken->GetPointData()->AddArray(numbers);
    ions->ShallowCopy(taken);
  });
}

// Labels of all ranks: unranged ones, then those of each species. Collective.
std::vector<int64_t> CountLabels(csro::Call &call, int species, vtkPointSet *ions) {
  std::vector<int64_t> counts(species + 1);
  call.RunLocal([&] {
    const csro::IonView view = csro::ViewIons(call, ions);
    call.Check(
        csro_label_counts(call.Context(), view.Label, view.Points.count, species, counts.data()));
  });
  call.Sum(counts.data(), static_cast<int>(counts.size()));
  return counts;
}

// As range files write it: RRGGBB.
std::string HexColor(const float color[3]) {
  char text[16];
  const auto byte = [](float part) {
    return static_cast<unsigned>(std::lround(255 * std::min(std::max(part, 0.0f), 1.0f)));
  };
  std::snprintf(text, sizeof text, "#%02X%02X%02X", byte(color[0]), byte(color[1]), byte(color[2]));
  return text;
}

void PutRows(const csro_species *species, const std::vector<csro_fraction> &rows, int64_t unranged,
             vtkTable *table) {
  csro::Columns columns(table);
  const size_t count = rows.size();
  columns.Texts("Name", count, [&](size_t i) { return species[i].name; });
  columns.Texts("Formula", count, [&](size_t i) {
    char formula[csro_composition_room];
    csro_species_write_formula(&species[i], formula);
    return std::string(formula);
  });
  columns.Counts("Count", count, [&](size_t i) { return rows[i].count; });
  columns.Numbers("Fraction", count, [&](size_t i) { return rows[i].value; });
  columns.Numbers("StandardError", count, [&](size_t i) { return rows[i].standard_error; });
  columns.Texts("Color", count, [&](size_t i) { return HexColor(species[i].color); });
  csro::PutCounts(table, "Unranged", {unranged});
}
} // namespace

vtkRangeIons::vtkRangeIons() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(2);
}

vtkRangeIons::~vtkRangeIons() {
  this->SetRangesFileName(nullptr);
}

void vtkRangeIons::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "RangesFileName: " << (this->RangesFileName ? this->RangesFileName : "(none)")
     << "\n"
     << indent << "Decompose: " << this->Decompose << "\n"
     << indent << "CountByElement: " << this->CountByElement << "\n";
}

void vtkRangeIons::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkRangeIons::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 0 ? "vtkPolyData" : "vtkTable");
  return 1;
}

void vtkRangeIons::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkRangeIons::RequestData(csro::Call &call, vtkInformationVector **inputs,
                               vtkInformationVector *outputs) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  vtkPolyData *output = vtkPolyData::GetData(outputs, 0);
  call.Stage(0.0, 0.4);
  const csro::Labels labels = MakeLabels(call, this->RangesFileName, input);
  const csro_ranges &known = *labels.Known;
  PassIons(call, input, output);
  csro::PutLabels(call, labels, output);
  if (labels.Doubtful && call.Rank() == 0)
    vtkWarningMacro(<< this->RangesFileName << ": " << labels.Report);

  call.Stage(0.4, 0.5);
  const std::vector<int64_t> counts = CountLabels(call, known.species_count, output);
  csro::AtomKinds kinds, atoms; // in the table, and after decomposition
  call.RunLocal([&] {
    kinds = FindKinds(call, &known, CSRO_ISOTOPES_MERGED);
    atoms = FindKinds(call, &known, CSRO_ISOTOPES_APART);
  });
  call.Stage(0.5, 1.0);
  if (this->Decompose)
    TakeApart(call, *atoms, output);
  if (call.Rank() != 0)
    return;
  std::vector<csro_fraction> rows(this->CountByElement ? kinds->count : known.species_count);
  if (this->CountByElement)
    csro_atom_fractions(kinds.get(), counts.data(), rows.data());
  else
    csro_ion_fractions(counts.data(), known.species_count, rows.data());
  PutRows(this->CountByElement ? kinds->kind : known.species, rows, counts[0],
          vtkTable::GetData(outputs, 1));
}
