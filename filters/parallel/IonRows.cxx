#include "parallel/IonRows.h"

#include "csro/share.h"

#include <algorithm>
#include <numeric>

namespace csro {
namespace {
constexpr int CoarseBits = 15; // of the curve, for shares of the ranks

// Ions with what orders them.
struct KeyedIons {
  std::vector<uint64_t> Key;
  std::vector<int64_t> Number;
  std::vector<uint8_t> Group;

  size_t Size() const {
    return this->Key.size();
  }
  void Append(const KeyedIons &from, size_t ion, size_t members) {
    const auto row = from.Group.begin() + static_cast<std::ptrdiff_t>(ion * members);
    this->Key.push_back(from.Key[ion]);
    this->Number.push_back(from.Number[ion]);
    this->Group.insert(this->Group.end(), row, row + static_cast<std::ptrdiff_t>(members));
  }
};

KeyedIons Sort(const KeyedIons &ions, size_t members) {
  std::vector<size_t> order(ions.Size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return ions.Key[a] != ions.Key[b] ? ions.Key[a] < ions.Key[b] : ions.Number[a] < ions.Number[b];
  });
  KeyedIons sorted;
  for (const size_t ion : order)
    sorted.Append(ions, ion, members);
  return sorted;
}

// The rank that each coarse part of the curve belongs to, with about as many ions as the others.
std::vector<int> Shares(Call &call, const KeyedIons &ions) {
  std::vector<int64_t> count(size_t{1} << CoarseBits);
  for (const uint64_t key : ions.Key)
    ++count[key >> (CSRO_CURVE_BITS - CoarseBits)];
  call.Sum(count.data(), static_cast<int64_t>(count.size()));
  const int64_t all = std::accumulate(count.begin(), count.end(), int64_t{0});
  std::vector<int> rank(count.size());
  int64_t before = 0;
  int now = 0;
  for (size_t part = 0; part < count.size(); ++part) {
    while (now < call.Ranks() - 1 && before >= csro_share_begin(all, now + 1, call.Ranks()))
      ++now;
    rank[part] = now;
    before += count[part];
  }
  return rank;
}

KeyedIons SendToShares(Call &call, const KeyedIons &ions, size_t members) {
  const std::vector<int> rank = Shares(call, ions);
  std::vector<KeyedIons> parcels(call.Ranks());
  call.RunLocal([&] {
    for (size_t ion = 0; ion < ions.Size(); ++ion)
      parcels[rank[ions.Key[ion] >> (CSRO_CURVE_BITS - CoarseBits)]].Append(ions, ion, members);
  });
  KeyedIons arrived;
  const auto exchange = [&](auto KeyedIons::*part) {
    using Values = typename std::decay<decltype(arrived.*part)>::type;
    std::vector<Values> outgoing(call.Ranks());
    for (int to = 0; to < call.Ranks(); ++to)
      outgoing[to].swap(parcels[to].*part);
    const std::vector<Values> incoming = Exchange(call, std::move(outgoing));
    call.RunLocal([&] {
      for (const Values &values : incoming)
        (arrived.*part).insert((arrived.*part).end(), values.begin(), values.end());
    });
  };
  exchange(&KeyedIons::Key);
  exchange(&KeyedIons::Number);
  exchange(&KeyedIons::Group);
  return arrived;
}

void SetPlace(Call &call, int64_t count, IonRows &rows) {
  const std::vector<int64_t> counts = call.Gather(count);
  rows.Count = count;
  rows.First = std::accumulate(counts.begin(), counts.begin() + call.Rank(), int64_t{0});
}
} // namespace

IonRows RowsInSequence(Call &call, const MemberIons &ions) {
  IonRows rows;
  call.RunLocal([&] { rows.Group = ions.GroupRows(); });
  SetPlace(call, ions.Points().count, rows);
  return rows;
}

IonRows RowsAlongCurve(Call &call, const MemberIons &ions) {
  const auto members = static_cast<size_t>(ions.Members());
  double bounds[6];
  BoundsOfAll(call, ions.Points(), bounds);
  KeyedIons keyed;
  call.RunLocal([&] {
    const csro_points points = ions.Points();
    keyed.Key.resize(points.count);
    keyed.Number = ions.Numbers();
    keyed.Group = ions.GroupRows();
    call.Check(csro_curve_keys(call.Context(), &points, bounds, keyed.Key.data()));
  });
  if (call.Ranks() > 1)
    keyed = SendToShares(call, keyed, members);
  IonRows rows;
  call.RunLocal([&] { rows.Group = Sort(keyed, members).Group; });
  SetPlace(call, static_cast<int64_t>(keyed.Size()), rows);
  return rows;
}

void CountBlocks(Call &call, const IonRows &rows, csro_block_counts *counts) {
  const int64_t members = counts->members, block = counts->block;
  const int64_t head = std::min(rows.Count, (block - rows.First % block) % block);
  const int64_t whole = (rows.Count - head) / block * block;
  std::vector<uint8_t> rest; // of blocks on several ranks: together, they follow each other
  call.RunLocal([&] {
    const auto at = [&](int64_t ion) { return rows.Group.begin() + ion * members; };
    rest.assign(at(0), at(head));
    rest.insert(rest.end(), at(head + whole), rows.Group.end());
    call.Check(
        csro_block_counts_add(call.Context(), counts, rows.Group.data() + head * members, whole));
  });
  rest = GatherOnFirst(call, std::move(rest));
  call.RunLocal([&] {
    call.Check(csro_block_counts_add(call.Context(), counts, rest.data(),
                                     static_cast<int64_t>(rest.size()) / members));
  });
  call.Sum(counts->sums, counts->size);
}
} // namespace csro
