#include "parallel/Distribution.h"

#include "data/StrayIons.h"
#include "parallel/Owned.h"

#include "csro/bisection.h"
#include "csro/ions.h"
#include "csro/voxels.h"

#include <cstring>
#include <numeric>

namespace csro {
namespace {
bool Holds(const csro_block &block, const int64_t cell[3]) {
  for (int axis = 0; axis < 3; ++axis)
    if (cell[axis] < block.lo[axis] || cell[axis] >= block.hi[axis])
      return false;
  return true;
}

using Lists = std::vector<std::vector<int64_t>>; // [rank] ions

// Calls visit(ion, position, cell, rank) for ions and the ranks whose block may hold them, until it
// returns true.
template <typename Visit>
void ForEachCandidate(Call &call, const csro_points &points, const csro_mesh &mesh,
                      const std::vector<csro_block> &blocks, Visit &&visit) {
  csro_block_index index{};
  const Owned<csro_block_index_release> owner(&index);
  call.Check(csro_block_index_init(call.Context(), mesh.n, static_cast<int>(blocks.size()),
                                   blocks.data(), &index));
  for (int64_t ion = 0; ion < points.count; ++ion) {
    double r[3];
    int64_t cell[3];
    csro_points_get(&points, ion, r);
    csro_mesh_cell(&mesh, r, cell);
    int64_t count = 0;
    const int32_t *rank = csro_block_index_at(&index, cell, &count);
    for (int64_t i = 0; i < count && !visit(ion, r, cell, rank[i]); ++i) {
    }
  }
}

// The ions by the rank that owns them.
Lists ListOwners(Call &call, const csro_points &points, const Plan &plan) {
  Lists lists(call.Ranks());
  if (plan.Owned.empty()) {
    lists[call.Rank()].resize(points.count);
    std::iota(lists[call.Rank()].begin(), lists[call.Rank()].end(), int64_t{0});
    return lists;
  }
  ForEachCandidate(call, points, plan.Mesh, plan.Owned,
                   [&](int64_t ion, const double *, const int64_t *cell, int rank) {
                     const bool owns = Holds(plan.Owned[rank], cell);
                     if (owns)
                       lists[rank].push_back(ion);
                     return owns;
                   });
  return lists;
}

// The own ions by the other ranks that must see them.
Lists ListViewers(Call &call, const csro_points &points, const Plan &plan) {
  std::vector<csro_block> blocks;
  for (const csro_region &region : plan.Needed)
    blocks.push_back(csro_region_cells(&plan.Mesh, &region));
  Lists lists(call.Ranks());
  ForEachCandidate(call, points, plan.Mesh, blocks,
                   [&](int64_t ion, const double *r, const int64_t *, int rank) {
                     if (rank != call.Rank() && csro_region_holds(&plan.Needed[rank], r))
                       lists[rank].push_back(ion);
                     return false;
                   });
  return lists;
}

size_t PositionSize(const csro_points &points) {
  return 3 * (points.is_double ? sizeof(double) : sizeof(float));
}

// Positions of the listed ions in the wanted precision.
std::vector<char> PackPositions(const csro_points &points, const std::vector<int64_t> &list,
                                bool isDouble) {
  const size_t size = 3 * (isDouble ? sizeof(double) : sizeof(float));
  std::vector<char> bytes(list.size() * size);
  char *to = bytes.data();
  if (isDouble == points.is_double) {
    const char *from = static_cast<const char *>(points.xyz);
    for (const int64_t ion : list) {
      std::memcpy(to, from + static_cast<size_t>(ion) * size, size);
      to += size;
    }
    return bytes;
  }
  for (const int64_t ion : list) {
    double r[3];
    csro_points_get(&points, ion, r);
    if (isDouble) {
      std::memcpy(to, r, size);
    } else {
      const float rounded[3] = {static_cast<float>(r[0]), static_cast<float>(r[1]),
                                static_cast<float>(r[2])};
      std::memcpy(to, rounded, size);
    }
    to += size;
  }
  return bytes;
}

// Sends the listed ions and appends what arrives to the part. Returns where the ions of each rank
// begin.
std::vector<int64_t> Move(Call &call, const csro_points &points, const uint16_t *label,
                          const Lists &lists, PartIons &part) {
  std::vector<std::vector<char>> positions(lists.size());
  std::vector<std::vector<uint16_t>> labels(lists.size());
  call.RunLocal([&] {
    for (size_t rank = 0; rank < lists.size(); ++rank) {
      positions[rank] = PackPositions(points, lists[rank], part.Points.is_double);
      labels[rank].reserve(lists[rank].size());
      for (const int64_t ion : lists[rank])
        labels[rank].push_back(label ? label[ion] : 0);
    }
  });
  positions = Exchange(call, std::move(positions));
  labels = Exchange(call, std::move(labels));
  std::vector<int64_t> begin;
  call.RunLocal([&] {
    size_t size = part.Labels.size();
    for (const auto &values : labels)
      size += values.size();
    part.Labels.reserve(size + 1); // never null
    part.Bytes.reserve(size * PositionSize(part.Points));
    for (size_t rank = 0; rank < labels.size(); ++rank) {
      begin.push_back(static_cast<int64_t>(part.Labels.size()));
      part.Labels.insert(part.Labels.end(), labels[rank].begin(), labels[rank].end());
      part.Bytes.insert(part.Bytes.end(), positions[rank].begin(), positions[rank].end());
      std::vector<char>().swap(positions[rank]);
    }
    begin.push_back(static_cast<int64_t>(part.Labels.size()));
  });
  part.Points.xyz = part.Bytes.data();
  part.Points.count = begin.back();
  return begin;
}
} // namespace

std::vector<csro_block> Partition(Call &call, const csro_mesh &mesh, const csro_points &points,
                                  int parts) {
  Owned<csro_bisection_destroy> owner;
  call.RunLocal([&] {
    csro_bisection *made = nullptr;
    call.Check(csro_bisection_create(call.Context(), &mesh, parts, &made));
    owner.reset(made);
  });
  csro_bisection *const made = owner.get();
  FinishBisection(call, points, nullptr, made);
  return {csro_bisection_blocks(made), csro_bisection_blocks(made) + parts};
}

void FinishBisection(Call &call, const csro_points &points, const uint16_t *label,
                     csro_bisection *parts) {
  while (const int64_t counters = csro_bisection_counters(parts)) {
    std::vector<int64_t> counts(counters);
    call.RunLocal([&] {
      call.Check(csro_bisection_count(call.Context(), parts, &points, label, counts.data()));
    });
    call.Sum(counts.data(), static_cast<int>(counters));
    csro_bisection_cut(parts, counts.data());
  }
}

void BoundsOfAll(Call &call, const csro_points &points, double bounds[6]) {
  call.RunLocal([&] { call.Check(csro_points_bounds(call.Context(), &points, bounds)); });
  JoinBounds(call, bounds);
}

void JoinBounds(Call &call, double bounds[6]) {
  double lo[3] = {bounds[0], bounds[2], bounds[4]}, hi[3] = {bounds[1], bounds[3], bounds[5]};
  call.Minimum(lo, 3);
  call.Maximum(hi, 3);
  for (int axis = 0; axis < 3; ++axis) {
    bounds[2 * axis] = lo[axis];
    bounds[2 * axis + 1] = hi[axis];
  }
}

Plan PlanAround(Call &call, const csro_points &points, double halo) {
  double bounds[6];
  BoundsOfAll(call, points, bounds);
  // Where stray ions make cells of the mesh wider than the halo, it is laid over the others, so
  // that these are still shared out. Parts at the border of the mesh have what lies beyond it.
  Plan plan;
  plan.Mesh = csro_mesh_over(bounds, halo);
  if (call.Ranks() > 1 && plan.Mesh.step > halo) {
    double fences[6];
    FindFences(call, points, fences);
    for (int axis = 0; axis < 3; ++axis) {
      bounds[2 * axis] = std::max(bounds[2 * axis], fences[2 * axis]);
      bounds[2 * axis + 1] = std::min(bounds[2 * axis + 1], fences[2 * axis + 1]);
    }
    plan.Mesh = csro_mesh_over(bounds, halo);
  }
  plan.Owned = Partition(call, plan.Mesh, points, call.Ranks());
  for (const csro_block &block : plan.Owned)
    plan.Needed.push_back(csro_mesh_region(&plan.Mesh, &block, halo, true));
  return plan;
}

std::vector<csro_block> GatherBlocks(Call &call, const csro_block &mine) {
  std::vector<csro_block> all(call.Ranks());
  for (int axis = 0; axis < 3; ++axis) {
    const std::vector<int64_t> lo = call.Gather(mine.lo[axis]), hi = call.Gather(mine.hi[axis]);
    for (int rank = 0; rank < call.Ranks(); ++rank) {
      all[rank].lo[axis] = lo[rank];
      all[rank].hi[axis] = hi[rank];
    }
  }
  return all;
}

PartIons Distribute(Call &call, const IonView &view, const Plan &plan) {
  PartIons part;
  if (call.Ranks() == 1) {
    part.Points = view.Points;
    part.Label = view.Label;
    part.Own = view.Points.count;
    return part;
  }
  // The same on all ranks, also on those without ions.
  int64_t kind[2] = {view.Points.count > 0 && view.Points.is_double ? 1 : 0, view.Label ? 1 : 0};
  call.Maximum(kind, 2);
  part.Points.is_double = kind[0] != 0;

  call.RunLocal([&] { part.ToOwner = ListOwners(call, view.Points, plan); });
  part.FromSource = Move(call, view.Points, view.Label, part.ToOwner, part);
  part.Own = part.Points.count;
  int64_t totals[2] = {view.Points.count, part.Own};
  call.Sum(totals, 2);
  call.RunLocal([&] {
    if (totals[0] != totals[1])
      call.Fail(CSRO_ERROR_DATA, "distribution over ranks: " + std::to_string(totals[1]) +
                                     " ions arrived of " + std::to_string(totals[0]));
  });

  call.RunLocal([&] { part.ToHalo = ListViewers(call, part.Points, plan); });
  part.FromOwner = Move(call, part.Points, part.Labels.data(), part.ToHalo, part);
  if (kind[1])
    part.Label = part.Labels.data();
  return part;
}
} // namespace csro
