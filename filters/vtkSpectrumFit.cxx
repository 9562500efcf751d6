#include "vtkSpectrumFit.h"

#include "data/FieldArrays.h"
#include "data/MassBackground.h"
#include "data/TableColumns.h"

#include "csro/peaks.h"
#include "csro/spectrum_fit.h"

#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointSet.h>
#include <vtkTable.h>

#include <string>
#include <vector>

vtkStandardNewMacro(vtkSpectrumFit);

namespace {
using csro::Call;

constexpr double Normal95 = 1.959964;

enum OutputPort { SPECTRUM, RANGES, IONS, COMPOSITION, PEAKS, OUTPUTS };

// The counts of all ions of all ranks. Collective.
std::vector<int64_t> CountSpectrum(Call &call, const csro_spectrum &spectrum, vtkPointSet *ions) {
  std::vector<int64_t> counts;
  call.RunLocal([&] {
    counts.resize(spectrum.bins);
    const csro::IonView view = csro::ViewPoints(ions);
    const csro::MassView mass = csro::ViewMasses(call, ions, view.Index, view.Points.count);
    call.Check(csro_spectrum_count(call.Context(), &spectrum, mass.Values, mass.IsDouble, nullptr,
                                   view.Points.count, 0, counts.data()));
  });
  call.Sum(counts.data(), static_cast<int>(counts.size()));
  return counts;
}

// It ends with the heaviest ion.
void PutSpectrum(const csro_spectrum &spectrum, const std::vector<int64_t> &counts,
                 const csro::MassBackground &background, vtkTable *table) {
  csro::Columns columns(table);
  size_t bins = counts.size();
  while (bins > 0 && counts[bins - 1] == 0)
    --bins;
  const auto center = [&](size_t i) {
    return csro_spectrum_center(&spectrum, static_cast<int>(i));
  };
  columns.Numbers("MassToCharge_Da", bins, center);
  columns.Counts("All ions", bins, [&](size_t i) { return counts[i]; });
  columns.Numbers("Background", bins, [&](size_t i) {
    return spectrum.width *
           csro_background_density(background.Get(), background.Counts().data(), center(i));
  });
  const csro_background_report &report = background.Report();
  csro::PutNumbers(table, "BackgroundLevel", {report.level});
  csro::PutNumbers(table, "BackgroundP", {report.p_value});
}

void PutRanges(const csro_ranges &ranges, const csro_spectrum_fit &fit, vtkTable *table) {
  csro::Columns columns(table);
  const auto n = static_cast<size_t>(fit.ranges);
  const csro_range_row *row = fit.range;
  columns.Texts("Ion", n, [&](size_t i) { return ranges.species[ranges.range[i].species].name; });
  columns.Counts("Charge", n, [&](size_t i) { return fit.ion[row[i].kind].charge; });
  columns.Numbers("Lowest_Da", n, [&](size_t i) { return ranges.range[i].lo; });
  columns.Numbers("Highest_Da", n, [&](size_t i) { return ranges.range[i].hi; });
  columns.Counts("Count", n, [&](size_t i) { return row[i].counts; });
  columns.Numbers("Background", n, [&](size_t i) { return row[i].background; });
  columns.Numbers("BackgroundError", n, [&](size_t i) { return row[i].background_error; });
  columns.Numbers("Corrected", n, [&](size_t i) { return row[i].corrected; });
  columns.Numbers("StandardError", n, [&](size_t i) { return row[i].standard_error; });
  columns.Numbers("Fitted", n, [&](size_t i) { return row[i].fitted; });
  columns.Numbers("OtherIons", n, [&](size_t i) { return row[i].foreign; });
}

void PutIons(const csro_ranges &ranges, const csro_spectrum_fit &fit, vtkTable *table) {
  csro::Columns columns(table);
  const auto n = static_cast<size_t>(fit.ions);
  const csro_ion_kind *ion = fit.ion;
  columns.Texts("Ion", n, [&](size_t i) { return ranges.species[ion[i].species].name; });
  columns.Counts("Charge", n, [&](size_t i) { return ion[i].charge; });
  columns.Numbers("Count", n, [&](size_t i) { return ion[i].count; });
  columns.Numbers("StandardError", n, [&](size_t i) { return ion[i].standard_error; });
  columns.Numbers("ShareOfCharges", n, [&](size_t i) { return ion[i].share; });
  columns.Numbers("RatioToLowerCharge", n, [&](size_t i) { return ion[i].ratio; });
  columns.Numbers("RatioError", n, [&](size_t i) { return ion[i].ratio_error; });
}

void PutComposition(const csro_spectrum_fit &fit, vtkTable *table) {
  csro::Columns columns(table);
  const auto n = static_cast<size_t>(fit.atoms->count);
  const csro_corrected_fraction *row = fit.fraction;
  columns.Texts("Name", n, [&](size_t i) { return fit.atoms->kind[i].name; });
  columns.Counts("Count", n, [&](size_t i) { return row[i].raw.count; });
  columns.Numbers("RawFraction", n, [&](size_t i) { return row[i].raw.value; });
  columns.Numbers("RawError", n, [&](size_t i) { return row[i].raw.standard_error; });
  columns.Numbers("Atoms", n, [&](size_t i) { return row[i].atoms; });
  columns.Numbers("Fraction", n, [&](size_t i) { return row[i].value; });
  columns.Numbers("StandardError", n, [&](size_t i) { return row[i].standard_error; });
  columns.Numbers("Low", n,
                  [&](size_t i) { return row[i].value - Normal95 * row[i].standard_error; });
  columns.Numbers("High", n,
                  [&](size_t i) { return row[i].value + Normal95 * row[i].standard_error; });
  csro::PutNumbers(table, "FitChi2", {fit.chi2});
  csro::PutCounts(table, "FitDegreesOfFreedom", {fit.dof});
  csro::PutNumbers(table, "FitP", {fit.p_value});
}

void PutPeaks(const csro_ranges &ranges, const csro_peak *peak, int count, vtkTable *table) {
  csro::Columns columns(table);
  const auto n = static_cast<size_t>(count);
  columns.Numbers("MassToCharge_Da", n, [&](size_t i) { return peak[i].mass; });
  columns.Numbers("Width_Da", n, [&](size_t i) { return peak[i].width; });
  columns.Numbers("ResolvingPower", n, [&](size_t i) { return peak[i].mass / peak[i].width; });
  columns.Numbers("Count", n, [&](size_t i) { return peak[i].counts; });
  columns.Numbers("Background", n, [&](size_t i) { return peak[i].background; });
  columns.Numbers("Deviations", n, [&](size_t i) { return peak[i].deviations; });
  columns.Texts("Ion", n, [&](size_t i) {
    return peak[i].range < 0 ? "" : ranges.species[ranges.range[peak[i].range].species].name;
  });
  columns.Texts("Candidates", n, [&](size_t i) { return peak[i].candidates; });
}
} // namespace

vtkSpectrumFit::vtkSpectrumFit() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(OUTPUTS);
  this->Expect("Background", this->Background, 0, 2);
  this->Expect("BinWidth", this->BinWidth, 0.0001, 1, "Da");
  this->Expect("UpperLimit", this->UpperLimit, 1, 10000, "Da");
  this->Expect("PeakDeviations", this->PeakDeviations, 3, 1000);
}

void vtkSpectrumFit::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Background: " << this->Background << "\n"
     << indent << "BinWidth: " << this->BinWidth << "\n"
     << indent << "UpperLimit: " << this->UpperLimit << "\n"
     << indent << "PeakDeviations: " << this->PeakDeviations << "\n";
}

void vtkSpectrumFit::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkSpectrumFit::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkSpectrumFit::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkSpectrumFit::RequestData(Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  vtkPointSet *ions = vtkPointSet::GetData(inputs[0]);
  csro_spectrum spectrum{};
  call.RunLocal([&] {
    call.Check(csro_spectrum_init(call.Context(), this->BinWidth, this->UpperLimit, &spectrum));
  });
  call.Stage(0, 0.5);
  const csro::Labels labels = csro::LabelAsBefore(call, ions);
  const csro::MassBackground background(call, static_cast<csro_background_model>(this->Background),
                                        labels, ions);
  call.RunLocal([&] {
    if (!background.Get())
      call.Fail(CSRO_ERROR_DATA, "the ions do not carry the ranges that gave them their species "
                                 "(MassRanges), or no MassToCharge: read or range them by a "
                                 "range file");
  });
  call.Stage(0.5, 1);
  const std::vector<int64_t> counts = CountSpectrum(call, spectrum, ions);
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    const csro_ranges &ranges = *labels.Known;
    csro_spectrum_fit fit{};
    call.Check(csro_spectrum_fit_make(call.Context(), &ranges, background.Get(),
                                      background.Counts().data(), &fit));
    const csro::Owned<csro_spectrum_fit_release> fitted(&fit);
    csro_peak *peak = nullptr;
    int peaks = 0;
    call.Check(csro_peaks_find(call.Context(), &spectrum, counts.data(), &ranges, background.Get(),
                               background.Counts().data(), this->PeakDeviations, &peak, &peaks));
    const csro::OwnedArray<csro_peak> found(peak);
    PutSpectrum(spectrum, counts, background, vtkTable::GetData(outputs, SPECTRUM));
    csro::PassFieldData(ions, vtkTable::GetData(outputs, SPECTRUM)); // for the legend
    PutRanges(ranges, fit, vtkTable::GetData(outputs, RANGES));
    PutIons(ranges, fit, vtkTable::GetData(outputs, IONS));
    PutComposition(fit, vtkTable::GetData(outputs, COMPOSITION));
    PutPeaks(ranges, peak, peaks, vtkTable::GetData(outputs, PEAKS));
    std::vector<std::string> words;
    for (const std::string &text : {background.Words(), std::string(fit.words)})
      if (!text.empty())
        words.push_back(text);
    if (words.empty())
      return;
    for (int port = SPECTRUM; port < OUTPUTS; ++port)
      csro::PutTexts(vtkTable::GetData(outputs, port), "SpectrumReport", words);
    vtkWarningMacro(<< words[0] << (words.size() > 1 ? "; " + words[1] : ""));
  });
}
