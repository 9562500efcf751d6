#include "parallel/DistributedKinds.h"

#include "data/TableColumns.h"
#include "parallel/Owned.h"

#include "csro/structure.h"

#include <algorithm>

namespace csro {
namespace {
// Ions of each species on all ranks. Collective.
std::vector<int64_t> CountIons(Call &call, const IonView &ions,
                               const std::vector<NamedLabels> &species) {
  std::vector<int64_t> of;
  for (const NamedLabels &one : species)
    for (const uint16_t label : one.Labels)
      of.resize(std::max<size_t>(of.size(), label + 1));
  std::vector<int64_t> counts;
  call.RunLocal([&] {
    for (int64_t i = 0; ions.Label && i < ions.Points.count; ++i)
      if (ions.Label[i] < of.size())
        of[ions.Label[i]]++;
    for (const NamedLabels &one : species) {
      int64_t count = 0;
      for (const uint16_t label : one.Labels)
        count += of[label];
      counts.push_back(count);
    }
  });
  call.Sum(counts.data(), static_cast<int>(counts.size()));
  return counts;
}

// The first species and those with the most ions, in the order that they had.
void KeepMostFrequent(std::vector<NamedLabels> &species, std::vector<int64_t> &counts) {
  while (species.size() > CSRO_KINDS_SPECIES) {
    const auto least = std::min_element(counts.begin() + 1, counts.end()) - counts.begin();
    species.erase(species.begin() + least);
    counts.erase(counts.begin() + least);
  }
}

const char *PeriodWords(int period) {
  return period == 2 ? "second" : period == 3 ? "third" : "fourth";
}
} // namespace

void OrderKinds::Find(Call &call, const csro_planes &planes, double sigma, const IonView &ions,
                      const Plan &where, std::vector<NamedLabels> species) {
  std::vector<int64_t> counts = CountIons(call, ions, species);
  KeepMostFrequent(species, counts);
  this->Spacing = planes.spacing;
  const PartIons part = Distribute(call, ions, where);
  Owned<csro_kinds_destroy> kinds;
  std::vector<int64_t> sums;
  call.RunLocal([&] {
    std::vector<int> of;
    for (size_t s = 0; s < species.size(); ++s)
      for (const uint16_t label : species[s].Labels) {
        of.resize(std::max<size_t>(of.size(), label + 1), -1);
        of[label] = static_cast<int>(s);
      }
    const std::vector<double> ionsOf(counts.begin(), counts.end());
    const csro_order_part box = BoxOf(where.Mesh, where.Owned[call.Rank()], planes.bounds);
    const csro_kinds_task task = {
        &planes,   sigma,        static_cast<int>(species.size()), static_cast<int>(of.size()) - 1,
        of.data(), ionsOf.data()};
    csro_kinds *made = nullptr;
    const csro_status status =
        csro_kinds_create(call.Context(), &task, &part.Points, part.Label, &box, &made);
    kinds.reset(made);
    call.Check(status);
  });
  for (bool again = true; again;) {
    call.RunLocal([&] {
      sums.resize(csro_kinds_sums(kinds.get()));
      csro_kinds_sum(kinds.get(), sums.data());
    });
    call.Sum(sums.data(), static_cast<int>(sums.size()));
    csro_kinds_decide(kinds.get(), sums.data(), &again);
  }
  this->Rows.resize(CSRO_KINDS);
  this->Rows.resize(csro_kinds_list(kinds.get(), this->Rows.data()));
  this->Species = std::move(species);
}

bool OrderKinds::IsFound(const std::string &species) const {
  return std::any_of(this->Rows.begin(), this->Rows.end(), [&](const csro_order_kind_row &row) {
    return row.verdict == CSRO_KIND_FOUND && this->Species[row.species].Name == species;
  });
}

std::string OrderKinds::Words(const csro_order_kind_row &row) const {
  char structures[CSRO_STRUCTURES_TEXT];
  csro_structures_of_period(this->Spacing, row.period, structures);
  const std::string of = structures;
  return std::string("every ") + PeriodWords(row.period) + " plane rich in " +
         this->Species[row.species].Name + (of.empty() ? "" : ": " + of);
}

std::string OrderKinds::Words() const {
  std::string words;
  for (const csro_order_kind_row &row : this->Rows)
    if (row.verdict == CSRO_KIND_FOUND)
      words += (words.empty() ? "" : "; beside it ") + this->Words(row);
  return words.empty() ? "no order beyond chance, of any kind" : words;
}

void OrderKinds::PutRows(vtkTable *table, const std::vector<bool> &searched) const {
  Columns columns(table);
  const size_t rows = this->Rows.size();
  columns.Texts("Species", rows,
                [&](size_t i) { return this->Species[this->Rows[i].species].Name; });
  columns.Counts("Period_planes", rows, [&](size_t i) { return this->Rows[i].period; });
  columns.Texts("Verdict", rows, [&](size_t i) {
    const csro_kind_verdict verdict = this->Rows[i].verdict;
    return verdict == CSRO_KIND_FOUND       ? "ordered"
           : verdict == CSRO_KIND_EXPLAINED ? "follows from the above"
           : verdict == CSRO_KIND_IN_DECOYS ? "no more than decoys"
                                            : "none";
  });
  columns.Numbers("Evidence", rows, [&](size_t i) { return this->Rows[i].evidence; });
  columns.Numbers("Further", rows, [&](size_t i) { return this->Rows[i].further; });
  columns.Numbers("Decoys", rows, [&](size_t i) { return this->Rows[i].decoy; });
  columns.Numbers("Share", rows, [&](size_t i) { return this->Rows[i].share; });
  columns.Texts("Structures", rows, [&](size_t i) {
    char structures[CSRO_STRUCTURES_TEXT];
    csro_structures_of_period(this->Spacing, this->Rows[i].period, structures);
    return std::string(structures);
  });
  columns.Counts("Searched", rows, [&](size_t i) { return searched[i]; });
}
} // namespace csro
