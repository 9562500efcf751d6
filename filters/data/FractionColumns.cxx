#include "data/FractionColumns.h"

#include <cmath>

namespace csro {
namespace {
constexpr int64_t FewestIons = 10; // a share of fewer says nothing, nor does its counting error
} // namespace

LabelledIons::LabelledIons(Call &call, vtkPointSet *ions) : Known(LabelAsBefore(call, ions)) {
  call.RunLocal([&] {
    const csro_ranges none{};
    csro_atom_kinds *kinds = nullptr;
    call.Check(csro_atom_kinds_create(call.Context(),
                                      this->Known.Known ? this->Known.Known.get() : &none,
                                      CSRO_ISOTOPES_MERGED, &kinds));
    this->Kinds.reset(kinds);
    this->View = ViewIons(call, ions);
    if (!this->Known.Known)
      this->View.Label = nullptr;
  });
}

void PutFractions(const csro_atom_kinds &kinds, const std::vector<int64_t> &counts,
                  Columns &columns) {
  const size_t labels = kinds.species_count + 1, n = counts.size() / labels;
  std::vector<csro_fraction> rows(n * kinds.count);
  std::vector<int64_t> all(n);
  for (size_t i = 0; i < n; ++i) {
    csro_atom_fractions(&kinds, &counts[i * labels], rows.data() + i * kinds.count);
    for (size_t label = 0; label < labels; ++label)
      all[i] += counts[i * labels + label];
  }
  columns.Counts("Ions", n, [&](size_t i) { return all[i]; });
  const auto ranged = [&](size_t i) { return all[i] - counts[i * labels]; };
  columns.Counts("Ranged", n, ranged);
  for (int kind = 0; kind < kinds.count; ++kind) {
    const std::string name = kinds.kind[kind].name;
    const auto row = [&](size_t i) { return rows[i * kinds.count + kind]; };
    columns.Counts("Count_" + name, n, [&](size_t i) { return row(i).count; });
    const auto put = [&](const char *column, double csro_fraction::*member) {
      columns.Numbers(column + name, n,
                      [&](size_t i) { return ranged(i) < FewestIons ? NAN : row(i).*member; });
    };
    put("Fraction_", &csro_fraction::value);
    put("StandardError_", &csro_fraction::standard_error);
  }
}
} // namespace csro
