// Ions distributed over ranks: every rank owns a compact block of space with about as many ions as
// the others, and sees a halo of its neighbours' ions.
#ifndef csroDistribution_h
#define csroDistribution_h

#include "data/IonArrays.h"
#include "parallel/Exchange.h"

#include "csro/bisection.h"
#include "csro/ions.h"
#include "csro/voxels.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace csro {
// Who owns an ion, and who must see it: [rank]. Without blocks ions belong to the rank they are on.
struct Plan {
  csro_mesh Mesh{};
  std::vector<csro_block> Owned; // blocks of the mesh: disjoint, together the whole
  std::vector<csro_region> Needed;
};

// Bounds (xmin, xmax, ...) of the ions of all ranks. Collective.
void BoundsOfAll(Call &call, const csro_points &points, double bounds[6]);

// From the bounds of each rank to those of all. Collective.
void JoinBounds(Call &call, double bounds[6]);

// The mesh cut into `parts` blocks with about the same number of ions (those of all ranks).
// Collective.
std::vector<csro_block> Partition(Call &call, const csro_mesh &mesh, const csro_points &points,
                                  int parts);

// All rounds of a bisection, by the points with label > 0 (all, when there are no labels) of all
// ranks. Collective.
void FinishBisection(Call &call, const csro_points &points, const uint16_t *label,
                     csro_bisection *parts);

// One block per rank, of the space that the ions take, each with a halo of that width (nm).
// Collective.
Plan PlanAround(Call &call, const csro_points &points, double halo);

// A block of every rank, from its own. Collective.
std::vector<csro_block> GatherBlocks(Call &call, const csro_block &mine);

// Ions of one rank: first its own, then the halo.
struct PartIons {
  csro_points Points{};
  const uint16_t *Label = nullptr;
  int64_t Own = 0;

  // Where they came from: ions of the view by the rank that owns them, and where the own ions from
  // each rank begin; own ions by the rank that sees them, and where the halo ions of each rank
  // begin. Empty with one rank.
  std::vector<std::vector<int64_t>> ToOwner, ToHalo;
  std::vector<int64_t> FromSource, FromOwner;

  std::vector<char> Bytes; // owner of the positions
  std::vector<uint16_t> Labels;
};

// Sends every ion to its owner, then copies to those who must see it. Ions come in the order of the
// ranks and then of their rank. With one rank nothing is copied and the view must outlive the
// result. Collective; fails when an ion is lost.
PartIons Distribute(Call &call, const IonView &ions, const Plan &plan);

// Values of the ions of the view go to the own ions of the ranks. Collective.
template <typename Value>
void SendToOwner(Call &call, const PartIons &part, const Value *view, Value *own) {
  if (call.Ranks() == 1) {
    std::copy_n(view, part.Own, own);
    return;
  }
  std::vector<std::vector<Value>> outgoing(call.Ranks());
  call.RunLocal([&] {
    for (int rank = 0; rank < call.Ranks(); ++rank)
      for (const int64_t ion : part.ToOwner[rank])
        outgoing[rank].push_back(view[ion]);
  });
  const auto incoming = Exchange(call, std::move(outgoing));
  for (int rank = 0; rank < call.Ranks(); ++rank)
    std::copy(incoming[rank].begin(), incoming[rank].end(), own + part.FromSource[rank]);
}

// Values of own ions go back to the ions of the view that they came from. Collective.
template <typename Value>
void ReturnToSource(Call &call, const PartIons &part, const Value *own, Value *view) {
  if (call.Ranks() == 1) {
    std::copy_n(own, part.Own, view);
    return;
  }
  std::vector<std::vector<Value>> outgoing(call.Ranks());
  call.RunLocal([&] {
    for (int rank = 0; rank < call.Ranks(); ++rank)
      outgoing[rank].assign(own + part.FromSource[rank], own + part.FromSource[rank + 1]);
  });
  const auto incoming = Exchange(call, std::move(outgoing));
  for (int rank = 0; rank < call.Ranks(); ++rank)
    for (size_t i = 0; i < incoming[rank].size(); ++i)
      view[part.ToOwner[rank][i]] = incoming[rank][i];
}

// Every halo ion gets the value that its owner has. Collective.
template <typename Value> void UpdateHalo(Call &call, const PartIons &part, Value *values) {
  if (call.Ranks() == 1)
    return;
  std::vector<std::vector<Value>> outgoing(call.Ranks());
  call.RunLocal([&] {
    for (int rank = 0; rank < call.Ranks(); ++rank)
      for (const int64_t ion : part.ToHalo[rank])
        outgoing[rank].push_back(values[ion]);
  });
  const auto incoming = Exchange(call, std::move(outgoing));
  for (int rank = 0; rank < call.Ranks(); ++rank)
    std::copy(incoming[rank].begin(), incoming[rank].end(), values + part.FromOwner[rank]);
}

// Calls take(own ion, value) with what every other rank has for its halo copy. Collective.
template <typename Value, typename Take>
void CollectFromHalo(Call &call, const PartIons &part, const Value *values, Take &&take) {
  if (call.Ranks() == 1)
    return;
  std::vector<std::vector<Value>> outgoing(call.Ranks());
  call.RunLocal([&] {
    for (int rank = 0; rank < call.Ranks(); ++rank)
      outgoing[rank].assign(values + part.FromOwner[rank], values + part.FromOwner[rank + 1]);
  });
  const auto incoming = Exchange(call, std::move(outgoing));
  for (int rank = 0; rank < call.Ranks(); ++rank)
    for (size_t i = 0; i < incoming[rank].size(); ++i)
      take(part.ToHalo[rank][i], incoming[rank][i]);
}
} // namespace csro

#endif
