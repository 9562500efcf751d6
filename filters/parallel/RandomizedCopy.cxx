#include "parallel/RandomizedCopy.h"

#include "parallel/Distribution.h"
#include "parallel/Owned.h"
#include "parallel/Permute.h"

#include "csro/bisection.h"
#include "csro/random.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace csro {
namespace {
// The ions that take part, cell by cell. Without a list it is all ions, in one cell.
struct Participants {
  bool IsList = false;
  std::vector<int64_t> Ions; // sorted by cell, ascending in each
  std::vector<int64_t> Counts;
  std::vector<uint64_t> Seeds;

  int64_t Ion(int64_t item) const {
    return this->IsList ? this->Ions[item] : item;
  }
};

// Cells of at least `smallest` ions, of those of all ranks that are ranged or of all. Collective.
Owned<csro_bisection_destroy> CutNeighbourhoods(Call &call, const IonView &ions,
                                                const uint16_t *label, int64_t smallest,
                                                uint64_t seed, csro_mesh &mesh) {
  constexpr double finest = 0.05; // nm
  double bounds[6];
  BoundsOfAll(call, ions.Points, bounds);
  mesh = csro_mesh_over(bounds, finest);
  int64_t count = ions.Points.count;
  if (label)
    count -= std::count(label, label + count, 0);
  call.Sum(&count, 1);
  Owned<csro_bisection_destroy> cells;
  call.RunLocal([&] {
    csro_bisection *made = nullptr;
    call.Check(
        csro_bisection_create_neighbourhoods(call.Context(), &mesh, count, smallest, seed, &made));
    cells.reset(made);
  });
  FinishBisection(call, ions.Points, label, cells.get());
  return cells;
}

// The ions in the order of their cells. Inside a local section.
void SortByCell(const IonView &ions, const uint16_t *label, const csro_mesh &mesh,
                const csro_bisection *cells, Participants &all) {
  std::vector<int32_t> cellOf(ions.Points.count, -1);
  std::vector<int64_t> next(all.Counts.size() + 1);
  for (int64_t ion = 0; ion < ions.Points.count; ++ion) {
    if (label && label[ion] == 0)
      continue;
    double r[3];
    int64_t cell[3];
    csro_points_get(&ions.Points, ion, r);
    csro_mesh_cell(&mesh, r, cell);
    cellOf[ion] = cells ? csro_bisection_part_at(cells, cell) : 0;
    ++all.Counts[cellOf[ion]];
  }
  std::partial_sum(all.Counts.begin(), all.Counts.end(), next.begin() + 1);
  all.Ions.resize(next.back());
  for (int64_t ion = 0; ion < ions.Points.count; ++ion)
    if (cellOf[ion] >= 0)
      all.Ions[next[cellOf[ion]]++] = ion;
}

// Collective.
Participants Find(Call &call, const IonView &ions, const CopyRules &rules, uint64_t seed) {
  Participants all;
  const bool rangedOnly = rules.RangedOnly && AreRanged(call, ions);
  const uint16_t *label = rangedOnly ? ions.Label : nullptr;
  csro_mesh mesh{{0, 0, 0}, 1, {1, 1, 1}};
  Owned<csro_bisection_destroy> cells;
  if (rules.Neighbourhood > 0)
    cells = CutNeighbourhoods(call, ions, label, rules.Neighbourhood, seed, mesh);
  call.RunLocal([&] {
    const int count = cells ? csro_bisection_parts(cells.get()) : 1;
    all.Seeds.assign(1, seed);
    for (int cell = 1; cell < count; ++cell) {
      constexpr uint64_t seedsOfCells = uint64_t{1} << 62; // streams
      csro_random random;
      csro_random_init(&random, seed, seedsOfCells + static_cast<uint64_t>(cell));
      all.Seeds.push_back(csro_random_u64(&random));
    }
    all.IsList = rangedOnly || count > 1;
    all.Counts.assign(count, all.IsList ? 0 : ions.Points.count);
    if (all.IsList && ions.Points.count > 0)
      SortByCell(ions, label, mesh, cells.get(), all);
  });
  return all;
}
} // namespace

bool AreRanged(Call &call, const IonView &ions) {
  int64_t ranged = ions.Label && std::any_of(ions.Label, ions.Label + ions.Points.count,
                                             [](uint16_t label) { return label > 0; });
  call.Maximum(&ranged, 1);
  return ranged > 0;
}

void ExchangeLabels(Call &call, const IonView &ions, const CopyRules &rules, uint64_t seed,
                    size_t size, const std::function<void(int64_t ion, char *to)> &read,
                    const std::function<void(int64_t ion, const char *from)> &write) {
  const Participants all = Find(call, ions, rules, seed);
  Permute(
      call, all.Counts, all.Seeds, size, [&](int64_t item, char *to) { read(all.Ion(item), to); },
      [&](int64_t item, const char *from) { write(all.Ion(item), from); });
}

std::vector<uint16_t> RandomizeSpecies(Call &call, const IonView &ions, const CopyRules &rules,
                                       uint64_t seed) {
  std::vector<uint16_t> species;
  call.RunLocal([&] { species.assign(ions.Label, ions.Label + ions.Points.count); });
  ExchangeLabels(
      call, ions, rules, seed, sizeof(uint16_t),
      [&](int64_t ion, char *to) { std::memcpy(to, &ions.Label[ion], sizeof(uint16_t)); },
      [&](int64_t ion, const char *from) { std::memcpy(&species[ion], from, sizeof(uint16_t)); });
  return species;
}
} // namespace csro
