#include "parallel/DistributedOrderSearch.h"

#include "parallel/Owned.h"

#include "csro/bisection.h"
#include "csro/chance.h"
#include "csro/composition.h"
#include "csro/distributed_order.h"
#include "csro/domains.h"
#include "csro/ions.h"
#include "csro/order.h"
#include "csro/planes.h"
#include "csro/voxels.h"

#include <vtkMultiProcessController.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <limits>
#include <tuple>

namespace csro {
namespace {
constexpr double Infinite = std::numeric_limits<double>::infinity();

bool Concerns(const csro_order_part &box, const double position[3], double reach) {
  for (int axis = 0; axis < 3; ++axis)
    if (!(position[axis] >= box.lo[axis] - reach && position[axis] <= box.hi[axis] + reach))
      return false;
  return true;
}
} // namespace

// The boxes of all ranks fill space: those at the border of the mesh are open.
csro_order_part BoxOf(const csro_mesh &mesh, const csro_block &block, const double bounds[6]) {
  csro_order_part part;
  std::copy_n(bounds, 6, part.bounds);
  for (int axis = 0; axis < 3; ++axis) {
    const auto edge = [&](int64_t cell) {
      return mesh.origin[axis] + mesh.step * static_cast<double>(cell);
    };
    const bool empty = csro_block_size(&block) == 0;
    part.lo[axis] = empty ? Infinite : block.lo[axis] == 0 ? -Infinite : edge(block.lo[axis]);
    part.hi[axis] = empty                            ? -Infinite
                    : block.hi[axis] == mesh.n[axis] ? Infinite
                                                     : edge(block.hi[axis]);
  }
  return part;
}

namespace {
// How sharp the planes are from place to place, and for each species. Collective.
void MeasureBlur(Call &call, const IonView &ions, csro_planes &planes) {
  int64_t labels = 0;
  for (int64_t i = 0; ions.Label && i < ions.Points.count; ++i)
    labels = std::max<int64_t>(labels, ions.Label[i]);
  call.Maximum(&labels, 1);
  std::vector<int64_t> sums;
  const auto rows = [&] { return reinterpret_cast<int64_t(*)[3]>(sums.data()); };
  call.RunLocal([&] {
    sums.resize(3 * (csro_planes_blocks(&planes) + labels + 1));
    call.Check(csro_planes_sum_blur(call.Context(), &planes, &ions.Points, ions.Label,
                                    static_cast<int>(labels), rows()));
  });
  call.Sum(sums.data(), static_cast<int>(sums.size()));
  call.RunLocal([&] {
    call.Check(csro_planes_set_blur(call.Context(), static_cast<int>(labels), rows(), &planes));
  });
}
} // namespace

void FitPlanes(Call &call, const IonView &ions, double spacing, const csro_pole_map *map,
               csro_planes &planes) {
  double bounds[6];
  BoundsOfAll(call, ions.Points, bounds);
  call.RunLocal(
      [&] { call.Check(csro_planes_begin(call.Context(), bounds, spacing, map, &planes)); });
  std::vector<int64_t> sums;
  const auto blocks = [&] { return reinterpret_cast<int64_t(*)[3]>(sums.data()); };
  for (bool again = true; again;) {
    call.RunLocal([&] {
      sums.resize(3 * csro_planes_sums(&planes));
      csro_planes_sum(call.Context(), &planes, &ions.Points, ions.Label, blocks());
    });
    call.Sum(sums.data(), static_cast<int>(sums.size()));
    call.RunLocal(
        [&] { call.Check(csro_planes_coarsen(call.Context(), &planes, blocks(), &again)); });
  }
  call.RunLocal([&] { call.Check(csro_planes_end(call.Context(), blocks(), &planes)); });
  MeasureBlur(call, ions, planes);
}

void OrderSearch::Prepare() {
  Call &call = this->Processes;
  const OrderTask &task = this->Task;
  this->Part = Distribute(call, this->Ions, this->Where);
  call.RunLocal([&] {
    for (const csro_block &block : this->Where.Owned)
      this->Boxes.push_back(BoxOf(this->Where.Mesh, block, task.Planes.bounds));
  });
  call.RunLocal([&] {
    this->Views.resize(1 + task.Rivals.size());
    for (size_t k = 0; k < this->Views.size(); ++k) {
      View &view = this->Views[k];
      view.Kind = k == 0 ? task.Kind : task.Rivals[k - 1];
      view.Labels = this->Part.Label;
      if (view.Kind.Merge.empty() || !view.Labels)
        continue;
      view.Merged.resize(this->Part.Points.count);
      call.Check(csro_labels_map(call.Context(), view.Labels, this->Part.Points.count,
                                 static_cast<int>(view.Kind.Merge.size()) - 1,
                                 view.Kind.Merge.data(), view.Merged.data()));
      view.Labels = view.Merged.data();
    }
  });
  this->CountIons();
  call.RunLocal([&] {
    for (View &view : this->Views)
      this->PutPattern(view, 0);
  });
}

void OrderSearch::CountIons() {
  std::vector<int64_t> counts;
  for (const View &view : this->Views) {
    const csro_order_species here =
        csro_order_count(view.Labels, view.Kind.Species, this->Part.Own);
    counts.insert(counts.end(), {here.ranged, here.rich});
  }
  this->Processes.Sum(counts.data(), static_cast<int>(counts.size()));
  for (size_t k = 0; k < this->Views.size(); ++k)
    this->Views[k].Ranged = {counts[2 * k], counts[2 * k + 1]};
  this->Found.Ranged = this->Views[0].Ranged;
}

void OrderSearch::PutPattern(View &view, int decoy) {
  Call &call = this->Processes;
  const OrderTask &task = this->Task;
  const OrderKind &first = this->Views[0].Kind, &kind = view.Kind;
  const csro_points &points = this->Part.Points;
  view.Signal.resize(points.count);
  float *pattern = view.Signal.data();
  if (&view != this->Views.data() && kind.Period == first.Period &&
      (decoy > 0 || kind.Phase == first.Phase)) {
    view.Signal = this->Views[0].Signal;
    return;
  }
  if (decoy > 0)
    call.Check(csro_planes_decoy(call.Context(), &task.Planes, task.SigmaZ, kind.Period, decoy,
                                 &points, this->Part.Label, this->Own.claimed, pattern));
  else if (kind.Period == 2)
    call.Check(csro_planes_parity(call.Context(), &task.Planes, task.SigmaZ, &points,
                                  this->Part.Label, pattern));
  else
    call.Check(csro_planes_phase(call.Context(), &task.Planes, task.SigmaZ, kind.Period, kind.Phase,
                                 &points, this->Part.Label, pattern));
}

void OrderSearch::Run() {
  this->Prepare();
  this->SearchPatterns();
}

csro_lateral OrderSearch::FindNoise() {
  Call &call = this->Processes;
  const OrderTask &task = this->Task;
  const csro_points &points = this->Part.Points;
  std::vector<int64_t> sums(sizeof(csro_lateral_sums) / sizeof(int64_t));
  const auto parts = [&] { return *reinterpret_cast<csro_lateral_sums *>(sums.data()); };
  this->Prepare();
  call.RunLocal([&] {
    const View &view = this->Views[0];
    std::vector<float> signal(points.count);
    call.Check(csro_order_signal(call.Context(), view.Labels, view.Kind.Species, &view.Ranged,
                                 points.count, view.Signal.data(), task.SameSpeciesOnly,
                                 signal.data()));
    call.Check(csro_lateral_sum(call.Context(), &points, view.Signal.data(), signal.data(),
                                &this->Boxes[call.Rank()], view.Ranged.ranged, parts()));
  });
  call.Sum(sums.data(), static_cast<int>(sums.size()));
  csro_lateral lateral{};
  call.RunLocal([&] {
    call.Check(csro_lateral_fit(call.Context(), parts(), task.Options.sigma_z, &lateral));
  });
  return lateral;
}

void OrderSearch::SearchPatterns() {
  Call &call = this->Processes;
  const OrderTask &task = this->Task;
  call.RunLocal([&] {
    const csro_points &points = this->Part.Points;
    this->Rivals.clear();
    for (View &view : this->Views) {
      float *signal = view.Signal.data();
      const bool own = &view == this->Views.data();
      if (!own && (view.Ranged.rich == 0 || view.Ranged.rich == view.Ranged.ranged))
        continue;
      call.Check(csro_order_phase_signal(call.Context(), view.Labels, view.Kind.Species,
                                         &view.Ranged, points.count, signal, view.Kind.Period,
                                         task.SameSpeciesOnly, signal));
      if (!own)
        this->Rivals.push_back({signal, view.Kind.Period > 2});
    }
    this->Options = task.Options;
    this->Options.rivals = static_cast<int>(this->Rivals.size());
    this->Options.rival = this->Rivals.data();
    const csro_order_species &ranged = this->Views[0].Ranged;
    this->Options.fraction = static_cast<double>(ranged.rich) / static_cast<double>(ranged.ranged);
    call.Check(csro_order_search_create(call.Context(), &points, this->Views[0].Signal.data(),
                                        &this->Options, &task.Grid, &this->Boxes[call.Rank()],
                                        &this->Search));
  });
  this->SearchAll();
}

std::vector<double> OrderSearch::TryDecoy(int decoy) {
  Call &call = this->Processes;
  csro_order_search_destroy(&this->Search);
  call.RunLocal([&] {
    // The decoy of a kind is one, for all its phases.
    for (size_t k = this->Views.size(); k-- > 1;)
      if (this->Views[k].Kind.Phase > 0)
        this->Views.erase(this->Views.begin() + static_cast<std::ptrdiff_t>(k));
    for (View &view : this->Views)
      this->PutPattern(view, decoy);
  });
  this->SearchPatterns();
  return this->GatherEvidence();
}

OrderSearch::~OrderSearch() {
  csro_order_search_destroy(&this->Search);
  csro_message_buffer_release(&this->Messages);
  csro_order_release(&this->Own);
}

void OrderSearch::SearchAll() {
  Call &call = this->Processes;
  int64_t strength[CSRO_STRENGTHS];
  bool again = false;
  this->RunRounds();
  if (this->Task.Options.strength > 0)
    return;
  call.RunLocal([&] { csro_order_search_strength(this->Search, strength); });
  call.Sum(strength, CSRO_STRENGTHS);
  call.RunLocal([&] {
    again = csro_order_search_again(this->Search, strength);
    this->Found.Expected = csro_order_search_expected(this->Search);
  });
  if (again)
    this->RunRounds();
}

void OrderSearch::RunRounds() {
  Call &call = this->Processes;
  for (int64_t fitted = 1; fitted > 0;) {
    call.RunLocal([&] { call.Check(csro_order_search_scan(this->Search, &this->Messages)); });
    std::vector<char> messages = this->Deliver();
    call.RunLocal([&] {
      call.Check(csro_order_search_fit(this->Search, messages.data(),
                                       static_cast<int64_t>(messages.size()), &this->Messages,
                                       &fitted));
    });
    messages = this->Deliver();
    call.RunLocal([&] {
      call.Check(csro_order_search_apply(this->Search, messages.data(),
                                         static_cast<int64_t>(messages.size())));
    });
    call.Sum(&fitted, 1);
  }
}

std::vector<char> OrderSearch::Deliver() const {
  Call &call = this->Processes;
  std::vector<std::vector<char>> parcels(call.Ranks());
  call.RunLocal([&] {
    const double reach = csro_halo_widened(this->Messages.reach);
    csro_message message;
    for (int64_t at = 0; at < this->Messages.size; at += message.size) {
      const char *bytes = this->Messages.bytes + at;
      std::memcpy(&message, bytes, sizeof message);
      for (int rank = 0; rank < call.Ranks(); ++rank)
        if (rank != call.Rank() && Concerns(this->Boxes[rank], message.position, reach))
          parcels[rank].insert(parcels[rank].end(), bytes, bytes + message.size);
    }
  });
  parcels = Exchange(call, std::move(parcels));
  std::vector<char> messages;
  call.RunLocal([&] {
    for (const auto &parcel : parcels)
      messages.insert(messages.end(), parcel.begin(), parcel.end());
  });
  return messages;
}

std::vector<csro_order_peak> OrderSearch::GatherPeaks() {
  Call &call = this->Processes;
  std::vector<csro_order_peak> mine;
  int64_t room = 0;
  call.RunLocal([&] {
    int64_t count = 0;
    csro_order_peak *peaks = nullptr;
    call.Check(csro_order_search_peaks(this->Search, &count, &peaks, &room));
    const OwnedArray<csro_order_peak> owner(peaks);
    mine.assign(peaks, peaks + count);
  });
  call.Sum(&room, 1);
  this->Room = room;
  return GatherOnFirst(call, std::move(mine));
}

std::vector<double> OrderSearch::GatherEvidence() {
  std::vector<double> all;
  for (const csro_order_peak &peak : this->GatherPeaks())
    all.push_back(peak.evidence);
  std::sort(all.begin(), all.end(), std::greater<double>());
  return all;
}

void OrderSearch::Report(const std::vector<std::string> &species) {
  Call &call = this->Processes;
  csro_occupancy occupancy{};
  call.RunLocal([&] { call.Check(csro_order_search_tally(this->Search, &occupancy)); });
  int64_t tally[3] = {occupancy.interior_pixels, occupancy.interior_ions, occupancy.other_ions};
  call.Sum(tally, 3);
  occupancy = {tally[0], tally[1], tally[2]};
  this->Found.Volume = csro_order_volume(&this->Boxes[0], &occupancy);
  std::vector<csro_order_peak> peaks = this->GatherPeaks();
  csro_order_densities density{};
  if (call.Rank() == 0)
    density = csro_order_density(static_cast<int64_t>(peaks.size()), peaks.data(),
                                 csro_order_room(&this->Task.Grid, this->Found.Volume, this->Room));
  for (const csro_order_peak &peak : peaks) // sorted now
    this->Found.Evidence.push_back(peak.evidence);
  std::array<double, 2> shared = {density.sought, density.larger};
  if (call.Ranks() > 1)
    call.Controller()->Broadcast(shared.data(), static_cast<vtkIdType>(shared.size()), 0);
  density = {shared[0], shared[1]};
  this->Found.Density = density.sought + density.larger;
  this->Found.Sought = density.sought;
  call.RunLocal(
      [&] { call.Check(csro_order_search_rate(this->Search, density, &this->Messages)); });
  const std::vector<char> messages = this->Deliver();
  call.RunLocal([&] {
    call.Check(csro_order_search_report(this->Search, messages.data(),
                                        static_cast<int64_t>(messages.size()), &this->Own));
    csro_order_search_strength(this->Search, this->Found.Strength);
  });
  call.Sum(this->Found.Strength, CSRO_STRENGTHS);
  int64_t unclaimed = csro_chance_unclaimed(this->Part.Label, this->Own.claimed, this->Part.Own);
  call.Sum(&unclaimed, 1);
  this->Found.Unclaimed = static_cast<double>(unclaimed) / CSRO_CHANCE_ION /
                          static_cast<double>(std::max<int64_t>(this->Found.Ranged.ranged, 1));
  this->Found.Domains = GatherOnFirst<csro_ordered_domain>(
      call, {this->Own.domains, this->Own.domains + this->Own.count});
  this->Join();
  this->Found.Species = species;
  this->ListBalls();
  this->MeasureBalls();
}

// Balls of all ranks that are parts of one domain become that. Collective.
void OrderSearch::Join() {
  Call &call = this->Processes;
  std::vector<csro_order_link> links;
  call.RunLocal([&] {
    int64_t count = 0;
    csro_order_link *own = nullptr;
    call.Check(csro_order_search_links(this->Search, &count, &own));
    const OwnedArray<csro_order_link> owner(own);
    links.assign(own, own + count);
  });
  links = GatherOnFirst(call, std::move(links));
  call.RunLocal([&] {
    auto count = static_cast<int64_t>(this->Found.Domains.size());
    this->Found.Balls.resize(count);
    this->Found.Roots.resize(count);
    call.Check(csro_order_join(call.Context(), static_cast<int64_t>(links.size()), links.data(),
                               &count, this->Found.Domains.data(), this->Found.Balls.data(),
                               this->Found.Roots.data(), &this->Found.Fewer));
    this->Found.Domains.resize(count);
  });
  if (call.Ranks() > 1)
    call.Controller()->Broadcast(&this->Found.Fewer, 1, 0);
}

// The ions of this rank that are in balls.
void OrderSearch::ListBalls() {
  std::vector<int64_t> ball;
  this->Processes.RunLocal([&] { ball.resize(this->Ions.Points.count); });
  ReturnToSource(this->Processes, this->Part, this->Own.domain, ball.data());
  this->Processes.RunLocal([&] {
    for (size_t i = 0; i < ball.size(); ++i)
      if (ball[i] >= 0) {
        this->Found.Ions.push_back(static_cast<int64_t>(i));
        this->Found.BallOfIon.push_back(ball[i]);
      }
  });
}

// The own balls, by their ions in an order that no number of ranks changes.
void OrderSearch::MeasureBalls() {
  Call &call = this->Processes;
  const size_t width = this->Found.Species.size();
  const int64_t count = this->Own.count;
  std::vector<int64_t> candidates, composition;
  std::vector<csro_domain_sums> sums;
  call.RunLocal([&] {
    sums.resize(count);
    composition.resize(count * width);
    for (int64_t d = 0; d < count; ++d)
      candidates.push_back(this->Own.domains[d].candidate);
    std::vector<int64_t> own(this->Own.domain, this->Own.domain + this->Part.Points.count);
    call.Check(csro_order_number(call.Context(), count, candidates.data(),
                                 static_cast<int64_t>(own.size()), own.data()));
    std::vector<std::tuple<int64_t, std::array<double, 3>, uint16_t>> ions;
    for (size_t i = 0; i < own.size(); ++i) {
      std::array<double, 3> r;
      if (own[i] < 0)
        continue;
      csro_points_get(&this->Part.Points, static_cast<int64_t>(i), r.data());
      ions.emplace_back(own[i], r, this->Part.Label[i]);
    }
    std::sort(ions.begin(), ions.end());
    IonView members;
    std::vector<int64_t> ball;
    for (const auto &[number, r, label] : ions) {
      ball.push_back(number);
      members.CopiedPositions.insert(members.CopiedPositions.end(), r.begin(), r.end());
      members.CopiedLabels.push_back(label);
    }
    members.Points = {members.CopiedPositions.data(), true, static_cast<int64_t>(ball.size())};
    call.Check(csro_domains_sum(call.Context(), &members.Points, ball.data(), count,
                                width > 0 ? members.CopiedLabels.data() : nullptr,
                                static_cast<int>(width), sums.data(), composition.data()));
  });
  this->Found.Measured = GatherOnFirst(call, std::move(candidates));
  this->Found.Sums = GatherOnFirst(call, std::move(sums));
  this->Found.Composition = GatherOnFirst(call, std::move(composition));
}

OrderSearch::VoxelOdds OrderSearch::FindVoxelOdds(const csro_block &stored) {
  Call &call = this->Processes;
  std::vector<std::vector<csro_block>> blocks(call.Ranks());
  std::vector<std::vector<double>> values(call.Ranks()); // inside and outside of each voxel
  const std::vector<csro_block> wanted = GatherBlocks(call, stored);
  call.RunLocal([&] {
    for (int rank = 0; rank < call.Ranks(); ++rank) {
      const csro_block here = csro_order_search_reach(this->Search, &wanted[rank]);
      const int64_t voxels = csro_block_size(&here);
      blocks[rank].push_back(here);
      values[rank].resize(2 * voxels);
      if (voxels > 0)
        call.Check(csro_order_search_voxel_odds(this->Search, &here, values[rank].data(),
                                                values[rank].data() + voxels));
    }
  });
  blocks = Exchange(call, std::move(blocks));
  values = Exchange(call, std::move(values));
  VoxelOdds odds;
  call.RunLocal([&] {
    const int64_t voxels = csro_block_size(&stored);
    odds = {std::vector<double>(voxels, 0), std::vector<double>(voxels, 1)};
    for (int rank = 0; rank < call.Ranks(); ++rank) {
      const csro_block &from = blocks[rank][0];
      const int64_t size = csro_block_size(&from);
      if (size == 0)
        continue;
      for (int64_t k = from.lo[2]; k < from.hi[2]; ++k)
        for (int64_t j = from.lo[1]; j < from.hi[1]; ++j)
          for (int64_t i = from.lo[0]; i < from.hi[0]; ++i) {
            const int64_t to = csro_block_at(&stored, i, j, k), at = csro_block_at(&from, i, j, k);
            odds.Inside[to] += values[rank][at];
            odds.Outside[to] *= values[rank][size + at];
          }
    }
  });
  return odds;
}
} // namespace csro
