#include "vtkMassSpectrum.h"

#include "data/FieldArrays.h"
#include "data/SpeciesLabels.h"
#include "data/TableColumns.h"
#include "parallel/HitPairs.h"

#include "csro/spectrum.h"

#include <vtkDataObject.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkStreamingDemandDrivenPipeline.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <string>

vtkStandardNewMacro(vtkMassSpectrum);

namespace {
constexpr int64_t MostCounts = 100000000;
constexpr double FarthestEnd = 1000; // Da, of a spectrum that ends with its ions

// The whole Da above the heaviest ion of all ranks. Collective.
double EndOfIons(csro::Call &call, vtkPointSet *ions) {
  csro::CheckMasses(call, ions, csro::ViewPoints(ions));
  double heaviest = 0;
  call.RunLocal([&] {
    const csro::IonView view = csro::ViewIons(call, ions);
    const csro::MassView mass = csro::ViewMasses(call, ions, view.Index, view.Points.count);
    heaviest = csro_heaviest_mass(mass.Values, mass.IsDouble, view.Points.count);
  });
  call.Maximum(&heaviest, 1);
  return std::min(std::floor(heaviest) + 1, FarthestEnd);
}

// Counts of all ranks: a row for all ions, then one per species. Collective.
std::vector<int64_t> Count(csro::Call &call, const csro_spectrum &spectrum, int species,
                           vtkPointSet *ions) {
  std::vector<int64_t> counts;
  csro::CheckMasses(call, ions, csro::ViewPoints(ions));
  const int64_t size = int64_t{species + 1} * spectrum.bins;
  call.Reserve(2 * sizeof(int64_t) * static_cast<double>(size), "the counts of all species",
               "choose a larger BinWidth or a smaller UpperLimit");
  call.RunLocal([&] {
    if (size > MostCounts)
      call.Fail(CSRO_ERROR_ARGUMENT, std::to_string(spectrum.bins) + " bins of " +
                                         std::to_string(species) + " species, expected at most " +
                                         std::to_string(MostCounts) + " counts");
    counts.resize(size);
    const csro::IonView view = csro::ViewIons(call, ions);
    const csro::MassView mass = csro::ViewMasses(call, ions, view.Index, view.Points.count);
    call.Check(csro_spectrum_count(call.Context(), &spectrum, mass.Values, mass.IsDouble,
                                   species > 0 ? view.Label : nullptr, view.Points.count, species,
                                   counts.data()));
  });
  call.Sum(counts.data(), static_cast<int>(counts.size()));
  return counts;
}
void PutPairs(csro::Call &call, const csro::HitPairs &pairs, vtkImageData *image) {
  const int bins = pairs.Bins.bins;
  const double width = pairs.Bins.width;
  image->SetExtent(0, bins - 1, 0, bins - 1, 0, 0);
  image->SetOrigin(width / 2, width / 2, 0);
  image->SetSpacing(width, width, width);
  const auto size = static_cast<vtkIdType>(pairs.Counts.size());
  const auto put = [&](const char *name, auto &&value) {
    const auto array = csro::MakeArray<vtkDoubleArray>(call, name, 1, size);
    for (vtkIdType i = 0; i < size; ++i)
      array->SetValue(i, value(i));
    image->GetPointData()->AddArray(array);
  };
  const auto count = [&](vtkIdType i) { return static_cast<double>(pairs.Counts[i]); };
  put("Pairs", count);
  put("LogPairs", [&](vtkIdType i) { return std::log10(1 + count(i)); });
  const auto expected = csro::MakeArray<vtkDoubleArray>(call, "Expected", 1, size);
  call.Check(csro_multiple_hits_expect(call.Context(), pairs.Counts.data(), bins,
                                       expected->GetPointer(0)));
  image->GetPointData()->AddArray(expected);
  image->GetPointData()->SetActiveScalars("LogPairs");
  csro::PutTexts(image, "MultipleHits", {pairs.Words()});
  csro::PutCounts(image, "Pulses", {pairs.Pulses});
}
} // namespace

vtkMassSpectrum::vtkMassSpectrum() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(2);
  this->Expect("BinWidth", this->BinWidth, 0.0001, 10, "Da");
  this->Expect("UpperLimit", this->UpperLimit, 0, 10000, "Da");
  this->Expect("PairWidth", this->PairWidth, 0.01, 10, "Da");
  this->Expect("PairLimit", this->PairLimit, 1, 1000, "Da");
}

void vtkMassSpectrum::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "BinWidth: " << this->BinWidth << "\n"
     << indent << "UpperLimit: " << this->UpperLimit << "\n"
     << indent << "PairWidth: " << this->PairWidth << "\n"
     << indent << "PairLimit: " << this->PairLimit << "\n";
}

void vtkMassSpectrum::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkMassSpectrum::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 1 ? "vtkImageData" : "vtkTable");
  return 1;
}

void vtkMassSpectrum::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  // bins as csro_spectrum_init has them; one where that fails, as RequestData then says
  csro_context context;
  csro_context_init(&context);
  csro_spectrum bins{};
  const bool sound =
      csro_spectrum_init(&context, this->PairWidth, this->PairLimit, &bins) == CSRO_OK &&
      bins.bins <= CSRO_HIT_BINS;
  const int last = sound ? bins.bins - 1 : 0;
  const double half = this->PairWidth / 2;
  const int extent[6] = {0, last, 0, last, 0, 0};
  const double origin[3] = {half, half, 0};
  const double spacing[3] = {this->PairWidth, this->PairWidth, this->PairWidth};
  vtkInformation *image = outputs->GetInformationObject(1);
  image->Set(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT(), extent, 6);
  image->Set(vtkDataObject::ORIGIN(), origin, 3);
  image->Set(vtkDataObject::SPACING(), spacing, 3);
  AnnouncePieces(outputs);
}

void vtkMassSpectrum::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                  vtkInformationVector *outputs) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  csro_spectrum spectrum{};
  const double end = this->UpperLimit > 0 ? this->UpperLimit : EndOfIons(call, input);
  call.RunLocal(
      [&] { call.Check(csro_spectrum_init(call.Context(), this->BinWidth, end, &spectrum)); });
  const csro::Labels labels = csro::LabelAsBefore(call, input);
  const int species = labels.Known ? labels.Known->species_count : 0;
  const std::vector<int64_t> counts = Count(call, spectrum, species, input);
  const csro::HitPairs pairs = csro::CountHitPairs(call, input, this->PairWidth, this->PairLimit);
  call.RunLocal([&] {
    if (call.Rank() == 0)
      PutPairs(call, pairs, vtkImageData::GetData(outputs, 1));
  });
  int64_t atoms = input->GetPointData()->GetArray("AtomId") ? 1 : 0;
  call.Maximum(&atoms, 1);
  if (call.Rank() != 0)
    return;
  if (atoms)
    vtkWarningMacro("the input are atoms of decomposed ions; each of them is counted at the mass "
                    "of its ion");
  vtkTable *table = vtkTable::GetData(outputs);
  csro::Columns columns(table);
  const size_t bins = spectrum.bins;
  columns.Numbers("MassToCharge_Da", bins,
                  [&](size_t i) { return csro_spectrum_center(&spectrum, static_cast<int>(i)); });
  columns.Counts("All ions", bins, [&](size_t i) { return counts[i]; });
  for (int s = 0; s < species; ++s)
    columns.Counts(labels.Known->species[s].name, bins,
                   [&](size_t i) { return counts[(s + 1) * bins + i]; });
  csro::PassFieldData(input, table);
}
