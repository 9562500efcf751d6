#include "vtkFrequencyDistribution.h"

#include "data/FieldArrays.h"
#include "data/MemberRows.h"
#include "parallel/IonRows.h"
#include "parallel/Owned.h"
#include "parallel/PairGroups.h"

#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkTable.h>

#include <algorithm>
#include <string>

vtkStandardNewMacro(vtkFrequencyDistribution);

namespace {
enum { COMPACT, SEQUENCE };
constexpr double LeastShown = 0.05; // blocks that are expected, at the ends of the chart
} // namespace

// One execution, on rank 0.
struct vtkFrequencyDistribution::Measurement {
  const csro_block_counts &Counts;
  std::vector<std::string> Names;                       // of the groups, from 1
  std::vector<std::vector<csro_frequency>> Frequency{}; // [groups from 1][members]

  Measurement(const csro_block_counts &counts, const std::vector<csro::NamedLabels> &groups);
  void PutTable(vtkTable *table) const;
  void PutCurves(vtkTable *table) const;

private:
  double At(size_t species, int member, int n) const {
    return static_cast<double>(
        csro_block_counts_of(&this->Counts, member, static_cast<int>(species) + 1)[n]);
  }
  double Binomial(size_t species, int n) const {
    const csro_frequency &of = this->Frequency[species][0];
    return csro_binomial_blocks(of.blocks, of.share, this->Counts.block, n);
  }
  bool IsShown(int n) const;
};

vtkFrequencyDistribution::Measurement::Measurement(const csro_block_counts &counts,
                                                   const std::vector<csro::NamedLabels> &groups)
    : Counts(counts) {
  for (size_t species = 0; species < groups.size(); ++species) {
    this->Names.push_back(groups[species].Name);
    this->Frequency.emplace_back();
    for (int m = 0; m < counts.members; ++m)
      this->Frequency.back().push_back(csro_frequency_of(
          csro_block_counts_of(&counts, m, static_cast<int>(species) + 1), counts.block));
  }
}

void vtkFrequencyDistribution::Measurement::PutTable(vtkTable *table) const {
  const size_t rows = this->Names.size();
  const csro::MemberRows compared =
      csro::CompareRows(rows, this->Counts.members,
                        [&](size_t row, int member) { return this->Frequency[row][member].mu; });
  csro::Columns columns(table);
  const auto numbers = [&](const char *name, double csro_frequency::*of) {
    columns.Numbers(name, rows, [&](size_t row) { return this->Frequency[row][0].*of; });
  };
  columns.Texts("Species", rows, [&](size_t row) { return this->Names[row]; });
  columns.Counts("Blocks", rows, [&](size_t row) { return this->Frequency[row][0].blocks; });
  numbers("Share", &csro_frequency::share);
  columns.Counts("Classes", rows, [&](size_t row) { return this->Frequency[row][0].classes; });
  numbers("Chi2", &csro_frequency::chi2);
  numbers("BinomialP", &csro_frequency::p);
  numbers("Mu", &csro_frequency::mu);
  numbers("MuOfChance", &csro_frequency::mu_of_chance);
  csro::PutComparison(compared, "", columns);
  csro::PutVerdict(compared, "FrequencyDistribution",
                   csro::DescribeComparison(compared, this->Counts.members, "mu",
                                            this->Names[compared.At], "ions are not at random"),
                   table);
}

bool vtkFrequencyDistribution::Measurement::IsShown(int n) const {
  for (size_t species = 0; species < this->Names.size(); ++species) {
    if (this->Binomial(species, n) >= LeastShown)
      return true;
    for (int m = 0; m < this->Counts.members; ++m)
      if (this->At(species, m, n) > 0)
        return true;
  }
  return false;
}

void vtkFrequencyDistribution::Measurement::PutCurves(vtkTable *table) const {
  int first = 0, last = this->Counts.block;
  while (first < last && !this->IsShown(first))
    ++first;
  while (last > first && !this->IsShown(last))
    --last;
  const auto rows = static_cast<size_t>(last - first + 1);
  const auto number = [&](size_t row) { return first + static_cast<int>(row); };
  csro::Columns columns(table);
  columns.Counts("Ions", rows, number);
  for (size_t species = 0; species < this->Names.size(); ++species) {
    const auto column = [&](const std::string &name, auto &&value) {
      columns.Numbers(name + this->Names[species], rows,
                      [&](size_t row) { return value(number(row)); });
    };
    column("Observed_", [&](int n) { return this->At(species, 0, n); });
    column("Binomial_", [&](int n) { return this->Binomial(species, n); });
    const auto extreme = [&](int n, bool high) {
      double found = this->At(species, 1, n);
      for (int m = 2; m < this->Counts.members; ++m)
        found = high ? std::max(found, this->At(species, m, n))
                     : std::min(found, this->At(species, m, n));
      return found;
    };
    if (this->Counts.members < 2)
      continue;
    column("CopiesLow_", [&](int n) { return extreme(n, false); });
    column("CopiesHigh_", [&](int n) { return extreme(n, true); });
  }
}

vtkFrequencyDistribution::vtkFrequencyDistribution() {
  this->Expect("Blocks", this->Blocks, 0, 1);
  this->Expect("BlockIons", this->BlockIons, 2, CSRO_LARGEST_BLOCK);
}

vtkFrequencyDistribution::~vtkFrequencyDistribution() {
  this->SetSpecies(nullptr);
}

void vtkFrequencyDistribution::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Species: " << (this->Species ? this->Species : "(none)") << "\n"
     << indent << "Blocks: " << this->Blocks << "\n"
     << indent << "BlockIons: " << this->BlockIons << "\n";
}

void vtkFrequencyDistribution::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                           vtkInformationVector *outputs) {
  const csro::OrderedIons ions(call, vtkPointSet::GetData(inputs[0]));
  csro::MemberSettings settings = this->CopySettings();
  call.RunLocal([&] {
    settings.Groups =
        csro::ParseSpecies(call, this->Species ? this->Species : "", CSRO_GROUPS - 1, ions.Species);
  });
  const csro::MemberIons members(call, ions.View, ions.Species, settings);
  call.Stage(0.3, 0.95);
  const csro::IonRows rows = this->Blocks == COMPACT ? csro::RowsAlongCurve(call, members)
                                                     : csro::RowsInSequence(call, members);
  csro_block_counts counts{};
  const csro::Owned<csro_block_counts_release> owner(&counts);
  const auto groups = static_cast<int>(members.Groups().size()) + 1;
  call.Reserve(8.0 * groups * members.Members() * (this->BlockIons + 1.0),
               "the distributions of all copies", "take fewer Copies or BlockIons");
  call.RunLocal([&] {
    call.Check(csro_block_counts_init(call.Context(), this->BlockIons, groups, members.Members(),
                                      &counts));
  });
  csro::CountBlocks(call, rows, &counts);
  call.RunLocal([&] {
    const Measurement measurement(counts, members.Groups());
    if (measurement.Frequency[0][0].blocks == 0)
      call.Fail(CSRO_ERROR_DATA,
                "fewer ranged ions than one block of " + std::to_string(this->BlockIons));
    if (call.Rank() != 0)
      return;
    measurement.PutTable(vtkTable::GetData(outputs, 0));
    measurement.PutCurves(vtkTable::GetData(outputs, 1));
  });
}
