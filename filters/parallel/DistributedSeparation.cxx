#include "parallel/DistributedSeparation.h"

#include "data/Solute.h"
#include "data/StrayIons.h"
#include "parallel/CellCounts.h"
#include "parallel/DistributedDBSCAN.h"
#include "parallel/DistributedTable.h"
#include "parallel/Distribution.h"

#include <vtkPointSet.h>

#include <algorithm>
#include <cmath>

namespace csro {
namespace {
// Some of the ions of a view.
struct Subset {
  std::vector<int64_t> From; // their places in the view
  IonView Ions;

  Subset(Call &call, const IonView &view, const std::vector<uint8_t> &keep) {
    call.RunLocal([&] {
      for (int64_t i = 0; i < view.Points.count; ++i)
        if (keep[i])
          this->From.push_back(i);
      std::vector<double> &positions = this->Ions.CopiedPositions;
      positions.resize(3 * this->From.size());
      for (size_t i = 0; i < this->From.size(); ++i) {
        csro_points_get(&view.Points, this->From[i], &positions[3 * i]);
        this->Ions.Index.push_back(view.Point(this->From[i]));
      }
      this->Ions.Points = {positions.data(), true, static_cast<int64_t>(this->From.size())};
    });
  }
  Subset(const Subset &) = delete;
  void operator=(const Subset &) = delete;
};

// Ions with their halo.
template <typename Value> class Neighbourhood {
public:
  Neighbourhood(Call &call, const IonView &view, double distance)
      : Processes(call), Part(Distribute(call, view, PlanAround(call, view.Points, distance))) {}

  std::vector<Value> Spread(const std::vector<Value> &ofView) {
    std::vector<Value> values;
    this->Processes.RunLocal([&] { values.resize(this->Part.Points.count); });
    SendToOwner(this->Processes, this->Part, ofView.data(), values.data());
    UpdateHalo(this->Processes, this->Part, values.data());
    return values;
  }
  template <typename Result>
  void Return(const std::vector<Result> &own, std::vector<Result> &view) {
    ReturnToSource(this->Processes, this->Part, own.data(), view.data());
  }

  Call &Processes;
  PartIons Part;
};

std::vector<uint8_t> FindCores(Call &call, const IonView &solutes,
                               const csro_separation &settings) {
  std::vector<uint8_t> cores;
  call.RunLocal([&] { cores.assign(solutes.Points.count, 1); });
  if (settings.order == 0)
    return cores;
  Neighbourhood<uint8_t> near(call, solutes, settings.core_distance);
  const std::vector<uint8_t> all = near.Spread(cores);
  std::vector<uint8_t> found;
  call.RunLocal([&] {
    found.resize(near.Part.Own);
    call.Check(csro_separation_cores(call.Context(), &near.Part.Points, near.Part.Own, all.data(),
                                     &settings, found.data()));
  });
  near.Return(found, cores);
  return cores;
}

void Join(Call &call, const IonView &ions, double distance, std::vector<int64_t> &cluster) {
  Neighbourhood<int64_t> near(call, ions, distance);
  const std::vector<int64_t> all = near.Spread(cluster);
  std::vector<int64_t> joined;
  call.RunLocal([&] {
    joined.resize(near.Part.Own);
    call.Check(csro_separation_join(call.Context(), &near.Part.Points, near.Part.Own, all.data(),
                                    distance, joined.data()));
  });
  near.Return(joined, cluster);
}

void Erode(Call &call, const IonView &ions, const std::vector<uint8_t> &isEnvelope, double distance,
           std::vector<int64_t> &cluster) {
  Neighbourhood<int64_t> near(call, ions, distance);
  const std::vector<int64_t> all = near.Spread(cluster);
  std::vector<uint8_t> envelope, eroded, ofView;
  call.RunLocal([&] {
    envelope.resize(near.Part.Own);
    eroded.resize(near.Part.Own);
    ofView.resize(cluster.size());
  });
  SendToOwner(call, near.Part, isEnvelope.data(), envelope.data());
  call.RunLocal([&] {
    call.Check(csro_separation_erode(call.Context(), &near.Part.Points, near.Part.Own, all.data(),
                                     envelope.data(), distance, eroded.data()));
  });
  near.Return(eroded, ofView);
  for (size_t i = 0; i < cluster.size(); ++i)
    if (ofView[i])
      cluster[i] = CSRO_SEPARATION_OUTSIDE;
}

// Step 4. cluster[solute] is numbered anew.
std::vector<int64_t> DropSmall(Call &call, int64_t count, int64_t least,
                               std::vector<int64_t> &cluster) {
  std::vector<int64_t> solutes, number;
  call.RunLocal([&] {
    solutes.resize(count);
    number.resize(count);
    for (const int64_t c : cluster)
      if (c >= 0)
        ++solutes[c];
  });
  if (count > 0)
    call.Sum(solutes.data(), static_cast<int>(count));
  csro_separation_drop(solutes.data(), count, least, number.data());
  for (int64_t &c : cluster)
    if (c >= 0)
      c = number[c];
  solutes.erase(
      std::remove_if(solutes.begin(), solutes.end(), [&](int64_t size) { return size < least; }),
      solutes.end());
  return solutes;
}
} // namespace

double SuggestDistance(Call &call, const IonView &view, const std::vector<uint8_t> &isSolute) {
  int64_t solutes = 0;
  call.RunLocal([&] {
    for (const uint8_t flag : FlagSolute(isSolute, view.Label, view.Points.count))
      solutes += flag;
  });
  call.Sum(&solutes, 1);
  const double distance = csro_separation_suggest(solutes, MeasureVolume(call, view.Points));
  call.RunLocal([&] {
    if (std::isnan(distance))
      call.Fail(CSRO_ERROR_DATA,
                "so few ions suggest no distance of solute ions: choose one above 0 nm");
  });
  return distance;
}

Clusters FindSoluteClusters(Call &call, const IonView &view, vtkPointSet *ions,
                            const std::vector<uint8_t> &isSolute, const csro_separation &settings) {
  call.RunLocal([&] { call.Check(csro_separation_check(call.Context(), &settings)); });
  const double shortest =
      settings.order > 0 ? std::min(settings.core_distance, settings.distance) : settings.distance;
  RefuseEndless(call, view, ions, shortest);
  const Subset solutes(call, view, isSolute);
  call.Stage(0, 0.2);
  const Subset cores(call, solutes.Ions, FindCores(call, solutes.Ions, settings));
  const Domains linked =
      FindDomains(call, cores.Ions, NumberIons(call, cores.Ions, ions), settings.distance, 1, {});
  call.Stage(0.8, 1);
  Clusters clusters;
  std::vector<int64_t> ofSolutes;
  call.RunLocal([&] {
    clusters.Cluster.assign(view.Points.count, CSRO_SEPARATION_OUTSIDE);
    ofSolutes.assign(solutes.From.size(), CSRO_SEPARATION_OUTSIDE);
    for (size_t i = 0; i < cores.From.size(); ++i)
      ofSolutes[cores.From[i]] = linked.Label[i];
  });
  if (settings.order > 0)
    Join(call, solutes.Ions, settings.distance, ofSolutes);
  clusters.Solutes = DropSmall(call, linked.Count, settings.min_size, ofSolutes);
  for (size_t i = 0; i < ofSolutes.size(); ++i)
    clusters.Cluster[solutes.From[i]] = ofSolutes[i];
  return clusters;
}

void AddEnvelope(Call &call, const IonView &view, const std::vector<uint8_t> &isSolute,
                 const csro_separation &settings, Clusters &clusters) {
  if (settings.envelope <= 0)
    return;
  std::vector<int64_t> &cluster = clusters.Cluster;
  std::vector<uint8_t> isEnvelope;
  call.RunLocal([&] {
    for (size_t i = 0; i < cluster.size(); ++i) {
      isEnvelope.push_back(!isSolute[i]);
      if (isSolute[i] && cluster[i] < 0)
        cluster[i] = CSRO_SEPARATION_IGNORED;
    }
  });
  Join(call, view, settings.envelope, cluster);
  std::replace(cluster.begin(), cluster.end(), int64_t{CSRO_SEPARATION_IGNORED},
               int64_t{CSRO_SEPARATION_OUTSIDE});
  if (settings.erosion > 0)
    Erode(call, view, isEnvelope, settings.erosion, cluster);
}

DomainTable MeasureClusters(Call &call, const IonView &view, const std::vector<int64_t> &cluster,
                            const std::vector<std::string> &species, std::vector<int64_t> &sizes) {
  DomainMembers members{view.Points, view.Label, nullptr, {}};
  std::vector<int64_t> place, present;
  call.RunLocal([&] {
    for (const int64_t c : cluster)
      if (c >= 0)
        members.Present.push_back(c);
    std::sort(members.Present.begin(), members.Present.end());
    members.Present.erase(std::unique(members.Present.begin(), members.Present.end()),
                          members.Present.end());
    for (const int64_t c : cluster)
      place.push_back(c < 0 ? -1
                            : std::lower_bound(members.Present.begin(), members.Present.end(), c) -
                                  members.Present.begin());
  });
  members.Place = place.data();
  DomainTable table = MeasureDomains(call, members, species, present);
  call.RunLocal([&] {
    for (const int64_t p : place)
      sizes.push_back(p < 0 ? 0 : present[p]);
  });
  return table;
}
} // namespace csro
