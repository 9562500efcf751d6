#include "vtkNearestNeighbours.h"

#include "data/FieldArrays.h"
#include "data/TableColumns.h"
#include "parallel/MemberIons.h"
#include "parallel/Owned.h"
#include "parallel/SortIons.h"

#include "csro/nearest_distances.h"

#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointSet.h>
#include <vtkTable.h>

#include <algorithm>
#include <cstdio>
#include <string>

vtkStandardNewMacro(vtkNearestNeighbours);

// One execution.
struct vtkNearestNeighbours::Measurement {
  csro::Call &Call;
  const vtkNearestNeighbours &Filter;
  std::vector<csro::Pair> Pairs{};
  std::vector<csro_nearest_pair> Groups{}; // of the pairs
  csro_nearest_distances Found{};

  // The groups that the pairs are of. Inside a local section.
  std::vector<csro::NamedLabels> FindGroups(const csro::SpeciesList &species);
  // Collective.
  void Measure(csro::MemberIons &ions);
  // On rank 0.
  void PutMeans(vtkTable *table) const;
  void PutDistances(vtkTable *table) const;
};

std::vector<csro::NamedLabels>
vtkNearestNeighbours::Measurement::FindGroups(const csro::SpeciesList &species) {
  std::vector<csro::NamedLabels> groups;
  const auto group = [&](const std::vector<uint16_t> &labels) {
    const auto same = [&](const csro::NamedLabels &one) { return one.Labels == labels; };
    const auto at = std::find_if(groups.begin(), groups.end(), same) - groups.begin();
    if (at == static_cast<std::ptrdiff_t>(groups.size()))
      groups.push_back({"", labels});
    return static_cast<int>(at) + 1; // 0 are the others
  };
  for (const csro::Pair &pair : this->Pairs) {
    const int from = group(pair.A);
    this->Groups.push_back({from, group(pair.B)});
  }
  if (groups.size() >= CSRO_GROUPS)
    this->Call.Fail(CSRO_ERROR_ARGUMENT, "Pairs: more than 63 species");
  csro::CheckGroups(this->Call, groups, species);
  return groups;
}

void vtkNearestNeighbours::Measurement::Measure(csro::MemberIons &ions) {
  ions.Distribute(this->Filter.Reach);
  this->Call.Stage(0.25, 0.98);
  this->Call.RunLocal([&] {
    const csro_labelled_ions view = ions.View();
    const csro_nearest_options options = {static_cast<int>(this->Groups.size()),
                                          this->Groups.data(), this->Filter.NearestNeighbours,
                                          this->Filter.Reach, this->Filter.Bins};
    this->Call.Check(
        csro_nearest_distances_make(this->Call.Context(), &view, &options, &this->Found));
  });
  constexpr int64_t most = 1 << 20;
  for (int64_t first = 0; first < this->Found.size; first += most)
    this->Call.Sum(this->Found.sums + first,
                   static_cast<int>(std::min(most, this->Found.size - first)));
}

void vtkNearestNeighbours::Measurement::PutMeans(vtkTable *table) const {
  const int members = this->Found.members, neighbours = this->Found.neighbours;
  const size_t rows = this->Pairs.size() * static_cast<size_t>(neighbours);
  std::vector<csro_member_value> values;
  std::vector<double> mean(members), largest(members, 0.0);
  size_t at = 0;
  for (size_t row = 0; row < rows; ++row) {
    for (int m = 0; m < members; ++m)
      mean[m] = csro_nearest_mean(&this->Found, static_cast<int>(row) / neighbours, m,
                                  static_cast<int>(row) % neighbours + 1);
    values.push_back(csro_members_compare(mean.data(), members, 1));
    if (csro_members_keep_largest(mean.data(), members, 1, largest.data()))
      at = row;
  }
  const csro_members_test test = csro_members_test_all(largest.data(), members);
  const auto pair = [&](size_t row) { return static_cast<int>(row) / neighbours; };
  const auto neighbour = [&](size_t row) { return static_cast<int>(row) % neighbours + 1; };
  csro::Columns columns(table);
  columns.Texts("Pair", rows, [&](size_t row) { return this->Pairs[pair(row)].Typed; });
  columns.Counts("Neighbour", rows, [&](size_t row) { return neighbour(row); });
  columns.Counts("Ions", rows, [&](size_t row) {
    return this->Found
        .count[static_cast<int64_t>(pair(row)) * members * neighbours + neighbour(row) - 1];
  });
  columns.Numbers("MeanDistance_nm", rows, [&](size_t row) { return values[row].data; });
  columns.Numbers("CopiesMean_nm", rows, [&](size_t row) { return values[row].mean; });
  columns.Numbers("CopiesStdDev_nm", rows, [&](size_t row) { return values[row].deviation; });
  columns.Numbers("Z", rows, [&](size_t row) { return values[row].z; });
  columns.Numbers("P", rows, [&](size_t row) { return values[row].p; });
  columns.Numbers("RandomMean_nm", rows, [&](size_t row) {
    return csro_nearest_random_mean(
        csro_nearest_density(&this->Found, this->Filter.Reach, pair(row), neighbours),
        neighbour(row));
  });
  char text[300] = "Without two randomised copies nothing says what chance gives.";
  if (members > 2)
    std::snprintf(text, sizeof text,
                  "Largest difference of %zu mean distances: %s, neighbour %d, |z| = %.3g from the "
                  "mean of data and copies; in %d "
                  "randomised copies the largest is %.3g (median), p = %.3g: %s.",
                  rows, this->Pairs[pair(at)].Typed.c_str(), neighbour(at), test.largest,
                  members - 1, test.median, test.p,
                  csro_members_verdict(test.p, members - 1, "ions are not at random",
                                       "no difference beyond chance"));
  csro::PutTexts(table, "NearestNeighbours", {text});
  csro::PutNumbers(table, "LargestZ", {test.largest});
  csro::PutNumbers(table, "PValue", {test.p});
}

void vtkNearestNeighbours::Measurement::PutDistances(vtkTable *table) const {
  const int members = this->Found.members, neighbours = this->Found.neighbours;
  const auto rows = static_cast<size_t>(this->Found.bins);
  const int k = std::min(this->Filter.ShownNeighbour, neighbours);
  const double width = this->Filter.Reach / this->Found.bins;
  csro::Columns columns(table);
  columns.Numbers("Distance_nm", rows,
                  [&](size_t bin) { return (static_cast<double>(bin) + 0.5) * width; });
  for (size_t pair = 0; pair < this->Pairs.size(); ++pair) {
    const std::string key = csro::PairKey(this->Pairs[pair].Typed);
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
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(2);
  this->Expect("NearestNeighbours", this->NearestNeighbours, 1, CSRO_NEAREST_DISTANCES);
  this->Expect("ShownNeighbour", this->ShownNeighbour, 1, CSRO_NEAREST_DISTANCES);
  this->Expect("Reach", this->Reach, 0.1, 20, "nm");
  this->Expect("Bins", this->Bins, 1, 10000);
  this->Expect("Period", this->Period, 0, 1000, "nm");
  this->Expect("Copies", this->Copies, 0, 10000);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX - 10000);
  this->Expect("Within", this->Within, 0, 1);
  this->Expect("NeighbourhoodIons", this->NeighbourhoodIons, 100, VTK_INT_MAX);
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
     << "\n"
     << indent << "Copies: " << this->Copies << "\n"
     << indent << "Seed: " << this->Seed << "\n"
     << indent << "Within: " << this->Within << "\n"
     << indent << "NeighbourhoodIons: " << this->NeighbourhoodIons << "\n";
}

void vtkNearestNeighbours::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkNearestNeighbours::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkNearestNeighbours::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                       vtkInformationVector *outputs) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  const csro::SpeciesList species = csro::SharedSpecies(call, input);
  const vtkSmartPointer<vtkPointSet> sorted = csro::SortIons(call, input);
  csro::IonView ions;
  call.RunLocal([&] { ions = csro::ViewIons(call, sorted); });
  Measurement measurement{call, *this};
  const csro::Owned<csro_nearest_distances_release> owner(&measurement.Found);
  const std::string typed = this->Pairs ? this->Pairs : "";
  if (typed.find_first_not_of(' ') == std::string::npos)
    measurement.Pairs = csro::DefaultPairs(call, ions, species);
  csro::MemberSettings settings;
  settings.Copies = this->Copies;
  settings.Seed = static_cast<uint64_t>(this->Seed);
  settings.Rules =
      csro::MakeCopyRules(csro::EXCHANGE_RANGED, this->Within, this->NeighbourhoodIons);
  std::copy_n(this->Period, 3, settings.Period.begin());
  call.RunLocal([&] {
    if (measurement.Pairs.empty())
      measurement.Pairs = csro::ParsePairs(call, typed, species);
    if (measurement.Pairs.empty())
      call.Fail(CSRO_ERROR_DATA, csro::WhyNoPairs(species));
    settings.Groups = measurement.FindGroups(species);
  });
  csro::MemberIons members(call, ions, species, settings);
  measurement.Measure(members);
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    measurement.PutMeans(vtkTable::GetData(outputs, 0));
    measurement.PutDistances(vtkTable::GetData(outputs, 1));
  });
}
