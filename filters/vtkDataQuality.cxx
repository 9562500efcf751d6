#include "vtkDataQuality.h"

#include "data/FieldArrays.h"
#include "data/SpeciesLabels.h"
#include "data/SpeciesPairs.h"
#include "data/TableColumns.h"
#include "parallel/DistributedPole.h"
#include "parallel/Distribution.h"
#include "parallel/HitPairs.h"
#include "parallel/Owned.h"
#include "parallel/SortIons.h"

#include "csro/parse.h"
#include "csro/quality.h"

#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <limits>

vtkStandardNewMacro(vtkDataQuality);

namespace {
using csro::Call;

// The ions of this rank behind the last ones of the ranks before it.
struct Sequence {
  std::vector<double> Positions;
  std::vector<uint16_t> Labels;
  int64_t Before = 0;
};

// Collective.
Sequence Follow(Call &call, const csro::IonView &ions) {
  constexpr int64_t reach = CSRO_QUALITY_REACH, values = 4;
  const int64_t count = ions.Points.count, mine = std::min(count, reach);
  const std::vector<int64_t> counts = call.Gather(count);
  std::vector<double> tails;
  Sequence all;
  call.RunLocal([&] {
    tails.assign(static_cast<size_t>(call.Ranks() * reach * values), 0.0);
    for (int64_t i = 0; i < mine; ++i) {
      double *to = &tails[(call.Rank() * reach + i) * values];
      csro_points_get(&ions.Points, count - mine + i, to);
      to[3] = ions.Label ? ions.Label[count - mine + i] : 1;
    }
  });
  call.Sum(tails.data(), static_cast<int>(tails.size()));
  call.RunLocal([&] {
    std::vector<const double *> before;
    for (int rank = 0; rank < call.Rank(); ++rank)
      for (int64_t i = 0; i < std::min(counts[rank], reach); ++i)
        before.push_back(&tails[(rank * reach + i) * values]);
    before.erase(before.begin(),
                 before.end() - std::min<int64_t>(static_cast<int64_t>(before.size()), reach));
    all.Before = static_cast<int64_t>(before.size());
    all.Positions.resize(3 * (all.Before + count));
    all.Labels.resize(all.Before + count);
    for (int64_t i = 0; i < all.Before; ++i) {
      std::copy_n(before[i], 3, &all.Positions[3 * i]);
      all.Labels[i] = static_cast<uint16_t>(before[i][3]);
    }
    for (int64_t i = 0; i < count; ++i) {
      csro_points_get(&ions.Points, i, &all.Positions[3 * (all.Before + i)]);
      all.Labels[all.Before + i] = ions.Label ? ions.Label[i] : 1;
    }
  });
  return all;
}

// Nominal shares by label; the share of an element is that of its first label.
std::vector<double> ReadNominal(Call &call, const char *text, const csro::SpeciesList &species) {
  constexpr int most = 64;
  csro_named_value values[most];
  int count = 0;
  call.Check(csro_named_values_parse(call.Context(), "NominalComposition", text ? text : "",
                                     std::numeric_limits<double>::quiet_NaN(), most, values,
                                     &count));
  std::vector<double> nominal(std::max<size_t>(2, species.Names.size()), 0.0);
  for (int i = 0; i < count; ++i) {
    const std::vector<uint16_t> labels = csro::FindLabels(values[i].name, species);
    if (labels.size() != 1 || !(values[i].value >= 0))
      call.Fail(CSRO_ERROR_ARGUMENT,
                std::string("NominalComposition: '") + values[i].name +
                    "' is no single species of the ions with a share of 0 or more");
    nominal[labels[0]] = values[i].value;
  }
  return nominal;
}

// With how many others each ion came: as .epos has it, or .apt. Empty where it is not known.
std::vector<double> HitsOf(vtkPointSet *ions) {
  vtkDataArray *array = csro::IonsPerPulse(ions);
  std::vector<double> counts;
  for (vtkIdType i = 0; array && i < array->GetNumberOfTuples(); ++i)
    counts.push_back(array->GetTuple1(i));
  return counts;
}

void PutReport(const csro_quality_report &report, vtkTable *table) {
  static const char *const verdicts[] = {"ok", "warning", "bad"};
  csro::Columns columns(table);
  const auto rows = static_cast<size_t>(report.count);
  columns.Texts("Quantity", rows, [&](size_t i) { return report.rows[i].quantity; });
  columns.Numbers("Value", rows, [&](size_t i) { return report.rows[i].value; });
  columns.Numbers("Low", rows, [&](size_t i) { return report.rows[i].low; });
  columns.Numbers("High", rows, [&](size_t i) { return report.rows[i].high; });
  columns.Texts("Unit", rows, [&](size_t i) { return report.rows[i].unit; });
  columns.Texts("Verdict", rows, [&](size_t i) { return verdicts[report.rows[i].verdict]; });
  columns.Texts("Words", rows, [&](size_t i) { return report.rows[i].words; });
  csro::PutTexts(table, "DataQuality", {report.words});
}
} // namespace

vtkDataQuality::vtkDataQuality() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(1);
  this->Expect("PlaneSpacing", this->PlaneSpacing, 0, 2, "nm");
}

vtkDataQuality::~vtkDataQuality() {
  this->SetNominalComposition(nullptr);
}

void vtkDataQuality::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "PlaneSpacing: " << this->PlaneSpacing << "\n"
     << indent
     << "NominalComposition: " << (this->NominalComposition ? this->NominalComposition : "(none)")
     << "\n";
}

void vtkDataQuality::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkDataQuality::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkDataQuality::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkDataQuality::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  const csro::SpeciesList species = csro::SharedSpecies(call, input);
  const vtkSmartPointer<vtkPointSet> sorted = csro::SortIons(call, input);
  constexpr double bytes = 56; // positions, labels, hits, cells
  call.Reserve(bytes * static_cast<double>(sorted->GetNumberOfPoints()), "the waves of the ions",
               "take fewer ions, as by Clip");
  csro::IonView ions;
  std::vector<double> nominal;
  call.RunLocal([&] {
    ions = csro::ViewIons(call, sorted);
    nominal = ReadNominal(call, this->NominalComposition, species);
  });
  csro_pole_options options;
  csro_pole_options_init(&options);
  csro_pole_map map{};
  double bounds[6];
  csro::BoundsOfAll(call, ions.Points, bounds);
  csro::FindPole(call, ions.Points, ions.Label, bounds, options, map);
  const csro::Owned<csro_pole_map_release> owner(&map);
  const Sequence sequence = Follow(call, ions);
  csro::Owned<csro_quality_destroy> quality;
  int64_t *sums = nullptr, size = 0;
  call.RunLocal([&] {
    csro_quality *made = nullptr;
    call.Check(
        csro_quality_create(call.Context(), bounds, &map, static_cast<int>(nominal.size()), &made));
    quality.reset(made);
    const csro_points points = {sequence.Positions.data(), true,
                                static_cast<int64_t>(sequence.Labels.size())};
    call.Check(
        csro_quality_add(call.Context(), made, &points, sequence.Labels.data(), sequence.Before));
    const std::vector<double> hits = HitsOf(sorted);
    csro_quality_add_hits(made, hits.data(), static_cast<int64_t>(hits.size()));
    size = csro_quality_sums(made, &sums);
  });
  constexpr int64_t most = 1 << 20;
  for (int64_t first = 0; first < size; first += most)
    call.Sum(sums + first, static_cast<int>(std::min(most, size - first)));
  call.RunLocal([&] {
    std::vector<const char *> names;
    for (const std::string &name : species.Names)
      names.push_back(name.c_str());
    const csro_quality_options known = {this->PlaneSpacing, nominal.data(),
                                        names.size() == nominal.size() ? names.data() : nullptr};
    csro_quality_report report{};
    call.Check(csro_quality_report_make(call.Context(), quality.get(), &known, &report));
    const csro::Owned<csro_quality_report_release> reported(&report);
    if (call.Rank() == 0)
      PutReport(report, vtkTable::GetData(outputs));
  });
}
