#include "vtkNearestNeighbours.h"

#include "data/MemberRows.h"
#include "parallel/Owned.h"
#include "parallel/PairGroups.h"

#include "csro/nearest_distances.h"

#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointSet.h>
#include <vtkTable.h>

#include <algorithm>
#include <string>

vtkStandardNewMacro(vtkNearestNeighbours);

// One execution.
struct vtkNearestNeighbours::Measurement {
  csro::Call &Call;
  const vtkNearestNeighbours &Filter;
  const csro::PairGroups &Pairs;
  csro_nearest_distances Found{};

  // Collective.
  void Measure(csro::MemberIons &ions);
  // On rank 0.
  void PutMeans(vtkTable *table) const;
  void PutDistances(vtkTable *table) const;
};

void vtkNearestNeighbours::Measurement::Measure(csro::MemberIons &ions) {
  ions.Distribute(this->Filter.Reach);
  this->Call.Stage(0.25, 0.98);
  this->Call.RunLocal([&] {
    const csro_labelled_ions view = ions.View();
    const csro_nearest_options options = {this->Pairs.Count(), this->Pairs.Of.data(),
                                          this->Filter.NearestNeighbours, this->Filter.Reach,
                                          this->Filter.Bins};
    this->Call.Check(
        csro_nearest_distances_make(this->Call.Context(), &view, &options, &this->Found));
  });
  this->Call.Sum(this->Found.sums, this->Found.size);
}

void vtkNearestNeighbours::Measurement::PutMeans(vtkTable *table) const {
  const int members = this->Found.members, neighbours = this->Found.neighbours;
  const size_t rows = this->Pairs.Pairs.size() * static_cast<size_t>(neighbours);
  const auto pair = [&](size_t row) { return static_cast<int>(row) / neighbours; };
  const auto neighbour = [&](size_t row) { return static_cast<int>(row) % neighbours + 1; };
  const csro::MemberRows compared = csro::CompareRows(rows, members, [&](size_t row, int member) {
    return csro_nearest_mean(&this->Found, pair(row), member, neighbour(row));
  });
  csro::Columns columns(table);
  columns.Texts("Pair", rows, [&](size_t row) { return this->Pairs.Pairs[pair(row)].Typed; });
  columns.Counts("Neighbour", rows, [&](size_t row) { return neighbour(row); });
  columns.Counts("Ions", rows, [&](size_t row) {
    return this->Found
        .count[static_cast<int64_t>(pair(row)) * members * neighbours + neighbour(row) - 1];
  });
  columns.Numbers("MeanDistance_nm", rows, [&](size_t row) { return compared.Values[row].data; });
  csro::PutComparison(compared, "_nm", columns);
  columns.Numbers("RandomMean_nm", rows, [&](size_t row) {
    return csro_nearest_random_mean(
        csro_nearest_density(&this->Found, this->Filter.Reach, pair(row), neighbours),
        neighbour(row));
  });
  const std::string where = this->Pairs.Pairs[pair(compared.At)].Typed + ", neighbour " +
                            std::to_string(neighbour(compared.At));
  csro::PutVerdict(compared, "NearestNeighbours",
                   csro::DescribeComparison(compared, members, "mean distances", where,
                                            "ions are not at random"),
                   table);
}

void vtkNearestNeighbours::Measurement::PutDistances(vtkTable *table) const {
  const int members = this->Found.members, neighbours = this->Found.neighbours;
  const auto rows = static_cast<size_t>(this->Found.bins);
  const int k = std::min(this->Filter.ShownNeighbour, neighbours);
  const double width = this->Filter.Reach / this->Found.bins;
  csro::Columns columns(table);
  columns.Numbers("Distance_nm", rows,
                  [&](size_t bin) { return (static_cast<double>(bin) + 0.5) * width; });
  for (size_t pair = 0; pair < this->Pairs.Pairs.size(); ++pair) {
    const std::string key = this->Pairs.Key(pair);
    const auto at = [&](size_t bin, int member) {
      const int64_t of = (static_cast<int64_t>(pair) * members + member) * neighbours + k - 1;
      const auto count = static_cast<double>(this->Found.count[of]);
      const int64_t here = this->Found.histogram[of * this->Found.bins + static_cast<int64_t>(bin)];
      return count > 0 ? static_cast<double>(here) / count / width : 0;
    };
    const double density =
        csro_nearest_density(&this->Found, this->Filter.Reach, static_cast<int>(pair), neighbours);
    columns.Numbers("Density_" + key, rows, [&](size_t bin) { return at(bin, 0); });
    if (members > 1) {
      const auto extreme = [&](size_t bin, bool high) {
        double found = at(bin, 1);
        for (int m = 2; m < members; ++m)
          found = high ? std::max(found, at(bin, m)) : std::min(found, at(bin, m));
        return found;
      };
      columns.Numbers("CopiesMean_" + key, rows, [&](size_t bin) {
        double sum = 0;
        for (int m = 1; m < members; ++m)
          sum += at(bin, m);
        return sum / (members - 1);
      });
      columns.Numbers("CopiesLow_" + key, rows, [&](size_t bin) { return extreme(bin, false); });
      columns.Numbers("CopiesHigh_" + key, rows, [&](size_t bin) { return extreme(bin, true); });
    }
    columns.Numbers("Random_" + key, rows, [&](size_t bin) {
      return csro_nearest_random(density, k, (static_cast<double>(bin) + 0.5) * width);
    });
  }
}

vtkNearestNeighbours::vtkNearestNeighbours() {
  this->Expect("NearestNeighbours", this->NearestNeighbours, 1, CSRO_NEAREST_DISTANCES);
  this->Expect("ShownNeighbour", this->ShownNeighbour, 1, CSRO_NEAREST_DISTANCES);
  this->Expect("Reach", this->Reach, 0.1, 20, "nm");
  this->Expect("Bins", this->Bins, 1, 10000);
  this->Expect("Period", this->Period, 0, 1000, "nm");
}

vtkNearestNeighbours::~vtkNearestNeighbours() {
  this->SetPairs(nullptr);
}

void vtkNearestNeighbours::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Pairs: " << (this->Pairs ? this->Pairs : "(none)") << "\n"
     << indent << "NearestNeighbours: " << this->NearestNeighbours << "\n"
     << indent << "ShownNeighbour: " << this->ShownNeighbour << "\n"
     << indent << "Reach: " << this->Reach << "\n"
     << indent << "Bins: " << this->Bins << "\n"
     << indent << "Period: " << this->Period[0] << " " << this->Period[1] << " " << this->Period[2]
     << "\n";
}

void vtkNearestNeighbours::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                       vtkInformationVector *outputs) {
  const csro::OrderedIons ions(call, vtkPointSet::GetData(inputs[0]));
  const csro::PairGroups pairs(call, ions, this->Pairs);
  Measurement measurement{call, *this, pairs};
  const csro::Owned<csro_nearest_distances_release> owner(&measurement.Found);
  csro::MemberSettings settings = this->CopySettings();
  settings.Groups = pairs.Groups;
  std::copy_n(this->Period, 3, settings.Period.begin());
  csro::MemberIons members(call, ions.View, ions.Species, settings);
  measurement.Measure(members);
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    measurement.PutMeans(vtkTable::GetData(outputs, 0));
    measurement.PutDistances(vtkTable::GetData(outputs, 1));
  });
}
