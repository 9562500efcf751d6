#include "vtkRadialDistribution.h"

#include "data/FieldArrays.h"
#include "data/MemberRows.h"
#include "parallel/CellCounts.h"
#include "parallel/Owned.h"
#include "parallel/PairGroups.h"

#include "csro/pair_window.h"
#include "csro/radial_distribution.h"

#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

vtkStandardNewMacro(vtkRadialDistribution);

namespace {
constexpr double CellSide = 1; // nm, of the cells that the inside is made of
} // namespace

// One execution.
struct vtkRadialDistribution::Measurement {
  csro::Call &Call;
  const vtkRadialDistribution &Filter;
  const csro::PairGroups &Pairs;
  csro_neighbour_counts Counts{};
  csro_pair_window Window{};
  double Volume = 0;           // nm^3, of the inside or of the box
  std::vector<double> All{};   // g of all ions, by bin
  std::vector<double> Ratio{}; // [pairs][bins][members]
  csro::MemberRows Rows{};

  csro_neighbour_bins Bins() const {
    return {CSRO_NEIGHBOURS_SHELLS, this->Filter.Bins, 0, this->Filter.Reach, 0, 0, nullptr};
  }
  bool IsPeriodic() const {
    return this->Filter.Period[0] > 0;
  }
  double Edge(int bin) const {
    return this->Filter.Reach * bin / this->Filter.Bins;
  }
  // Collective.
  void FindInside(const csro::IonView &ions);
  void Measure(csro::MemberIons &ions);
  // On rank 0.
  void PutTable(vtkTable *table) const;
  void PutCurves(vtkTable *table) const;

private:
  void CountInside(const csro_labelled_ions &ions, std::vector<int64_t> &sums);
  void FindAll(const std::vector<int64_t> &sums);
  void FindRatios();
  const double *RatioAt(size_t row) const {
    return this->Ratio.data() + row * this->Counts.members;
  }
  double Value(size_t row, double ratio) const { // of g
    const double all = this->All[row % this->Filter.Bins];
    return all == 0 ? 0 : ratio * all;
  }
};

void vtkRadialDistribution::Measurement::FindInside(const csro::IonView &ions) {
  const csro::CellCounts cells = csro::CountInCells(this->Call, ions.Points, CellSide);
  this->Call.RunLocal([&] {
    this->Call.Check(csro_pair_window_make(this->Call.Context(), &cells.Map, cells.Counts.data(),
                                           &this->Window));
    this->Volume = csro_pair_window_volume(&this->Window);
  });
}

void vtkRadialDistribution::Measurement::Measure(csro::MemberIons &ions) {
  ions.Distribute(this->Filter.Reach);
  std::vector<int64_t> sums(1 + this->Filter.Bins); // ions of the inside, their pairs
  this->Call.Stage(0.25, 0.3);
  this->Call.RunLocal([&] {
    const csro_labelled_ions view = ions.View();
    const csro_neighbour_bins bins = this->Bins();
    if (!this->IsPeriodic())
      this->Call.Check(
          csro_pair_window_count(this->Call.Context(), &this->Window, &view, &bins, sums.data()));
  });
  this->Call.Sum(sums.data(), static_cast<int64_t>(sums.size()));
  this->Call.Stage(0.3, 0.98);
  this->Call.RunLocal([&] {
    const csro_labelled_ions view = ions.View();
    const csro_neighbour_bins bins = this->Bins();
    this->Call.Check(csro_neighbour_counts_make(this->Call.Context(), &view, &bins, &this->Counts));
  });
  this->Call.Sum(this->Counts.sums, this->Counts.size);
  this->Call.RunLocal([&] {
    if (this->Call.Rank() != 0)
      return;
    this->FindAll(sums);
    this->FindRatios();
  });
}

void vtkRadialDistribution::Measurement::FindAll(const std::vector<int64_t> &sums) {
  const int bins = this->Filter.Bins, groups = this->Counts.groups;
  std::vector<double> room(bins);
  std::vector<int64_t> pairs(sums.begin() + 1, sums.end());
  int64_t ions = sums[0];
  if (!this->IsPeriodic()) {
    this->Call.Check(csro_pair_window_room(this->Call.Context(), &this->Window, this->Filter.Reach,
                                           bins, room.data()));
  } else {
    this->Volume = this->Filter.Period[0] * this->Filter.Period[1] * this->Filter.Period[2];
    for (int k = 0; k < this->Counts.parts * groups; ++k)
      ions += this->Counts.ions[k];
    for (int bin = 0; bin < bins; ++bin) {
      room[bin] = this->Volume * csro_shell_volume(this->Edge(bin), this->Edge(bin + 1));
      for (int a = 0; a < groups; ++a)
        for (int b = 0; b < groups; ++b)
          pairs[bin] += this->Counts.of[(static_cast<int64_t>(a) * bins + bin) * groups + b];
    }
  }
  for (int bin = 0; bin < bins; ++bin)
    this->All.push_back(csro_radial_all(pairs[bin], ions, this->Volume, room[bin]));
}

void vtkRadialDistribution::Measurement::FindRatios() {
  for (const csro_group_pair &pair : this->Pairs.Of)
    for (int bin = 0; bin < this->Filter.Bins; ++bin)
      for (int m = 0; m < this->Counts.members; ++m)
        this->Ratio.push_back(csro_radial_ratio(&this->Counts, m, pair.from, pair.to, bin));
  this->Rows = csro::CompareRows(this->Pairs.Pairs.size() * this->Filter.Bins, this->Counts.members,
                                 [&](size_t row, int m) { return this->RatioAt(row)[m]; });
}

void vtkRadialDistribution::Measurement::PutTable(vtkTable *table) const {
  const int bins = this->Filter.Bins, groups = this->Counts.groups;
  const size_t rows = this->Rows.Values.size();
  const auto bin = [&](size_t row) { return static_cast<int>(row % bins); };
  const auto pair = [&](size_t row) { return row / bins; };
  csro::Columns columns(table);
  columns.Texts("Pair", rows, [&](size_t row) { return this->Pairs.Pairs[pair(row)].Typed; });
  columns.Numbers("From_nm", rows, [&](size_t row) { return this->Edge(bin(row)); });
  columns.Numbers("To_nm", rows, [&](size_t row) { return this->Edge(bin(row) + 1); });
  columns.Counts("Pairs", rows, [&](size_t row) {
    const csro_group_pair &of = this->Pairs.Of[pair(row)];
    return this->Counts.of[(static_cast<int64_t>(of.from) * bins + bin(row)) * groups + of.to];
  });
  columns.Numbers("G", rows, [&](size_t row) { return this->Value(row, this->RatioAt(row)[0]); });
  columns.Numbers("Ratio", rows, [&](size_t row) { return this->Rows.Values[row].data; });
  csro::PutComparison(this->Rows, "", columns);
  char where[200];
  std::snprintf(where, sizeof where, "%s, %.3g to %.3g nm",
                this->Pairs.Pairs[pair(this->Rows.At)].Typed.c_str(),
                this->Edge(bin(this->Rows.At)), this->Edge(bin(this->Rows.At) + 1));
  csro::PutVerdict(this->Rows, "RadialDistribution",
                   csro::DescribeComparison(this->Rows, this->Counts.members, "ratios", where,
                                            "ions are not at random"),
                   table);
  csro::PutNumbers(table, "InsideVolume_nm3", {this->Volume});
}

void vtkRadialDistribution::Measurement::PutCurves(vtkTable *table) const {
  const auto bins = static_cast<size_t>(this->Filter.Bins);
  csro::Columns columns(table);
  columns.Numbers("Distance_nm", bins, [&](size_t bin) {
    return (this->Edge(static_cast<int>(bin)) + this->Edge(static_cast<int>(bin) + 1)) / 2;
  });
  columns.Numbers("All_ions", bins, [&](size_t bin) { return this->All[bin]; });
  for (size_t pair = 0; pair < this->Pairs.Pairs.size(); ++pair) {
    const auto column = [&](const std::string &name, auto &&value) {
      columns.Numbers(name + this->Pairs.Key(pair), bins, [&](size_t bin) {
        const size_t row = pair * bins + bin;
        return this->Value(row, value(this->RatioAt(row)));
      });
    };
    const int members = this->Counts.members;
    column("G_", [](const double *ratio) { return ratio[0]; });
    if (members < 2)
      continue;
    column("CopiesLow_",
           [&](const double *ratio) { return *std::min_element(ratio + 1, ratio + members); });
    column("CopiesHigh_",
           [&](const double *ratio) { return *std::max_element(ratio + 1, ratio + members); });
  }
}

vtkRadialDistribution::vtkRadialDistribution() {
  this->Expect("Reach", this->Reach, 0.1, 20, "nm");
  this->Expect("Bins", this->Bins, 1, 10000);
  this->Expect("Period", this->Period, 0, 1000, "nm");
}

vtkRadialDistribution::~vtkRadialDistribution() {
  this->SetPairs(nullptr);
}

void vtkRadialDistribution::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Pairs: " << (this->Pairs ? this->Pairs : "(none)") << "\n"
     << indent << "Reach: " << this->Reach << "\n"
     << indent << "Bins: " << this->Bins << "\n"
     << indent << "Period: " << this->Period[0] << " " << this->Period[1] << " " << this->Period[2]
     << "\n";
}

void vtkRadialDistribution::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                        vtkInformationVector *outputs) {
  call.RunLocal([&] {
    const auto none = std::count(this->Period, this->Period + 3, 0.0);
    if (none != 0 && none != 3)
      call.Fail(CSRO_ERROR_ARGUMENT,
                "Period: a box that is not periodic along all three axes, expected three lengths "
                "or 0, 0, 0");
  });
  const csro::OrderedIons ions(call, vtkPointSet::GetData(inputs[0]));
  const csro::PairGroups pairs(call, ions, this->Pairs);
  Measurement measurement{call, *this, pairs};
  const csro::Owned<csro_neighbour_counts_release> counts(&measurement.Counts);
  const csro::Owned<csro_pair_window_release> window(&measurement.Window);
  csro::MemberSettings settings = this->CopySettings();
  settings.Groups = pairs.Groups;
  std::copy_n(this->Period, 3, settings.Period.begin());
  csro::MemberIons members(call, ions.View, ions.Species, settings);
  if (!measurement.IsPeriodic())
    measurement.FindInside(ions.View);
  measurement.Measure(members);
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    measurement.PutTable(vtkTable::GetData(outputs, 0));
    measurement.PutCurves(vtkTable::GetData(outputs, 1));
  });
}
