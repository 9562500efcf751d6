#include "parallel/DistributedDBSCAN.h"

#include "parallel/DistributedTable.h"
#include "parallel/Distribution.h"
#include "parallel/Owned.h"
#include "parallel/SortIons.h"

#include "csro/domains.h"
#include "csro/ions.h"

#include <vtkPointSet.h>

#include <algorithm>

namespace csro {
namespace {
// The domain of one ion.
struct Member {
  int64_t Label, Size;
};

// The clusters of one rank's part.
class PartClusters {
public:
  PartClusters(Call &call, const IonView &ions, double eps, int minSamples)
      : Processes(call), Part(Distribute(call, ions, PlanAround(call, ions.Points, 2 * eps))) {
    call.Stage(0.3, 0.8);
    call.RunLocal([&] {
      this->Label.resize(this->Part.Points.count);
      csro_clusters *made = nullptr;
      call.Check(csro_clusters_create(call.Context(), &this->Part.Points, eps, minSamples,
                                      this->Label.data(), &this->Count, &made));
      this->Clusters.reset(made);
    });
  }

  int64_t NumberDomains(const std::vector<csro_ion_number> &numbers);
  void LabelIons();
  DomainTable Measure(const std::vector<std::string> &species);
  void ReturnLabels(Domains &domains);

private:
  void FindFirstIons(const std::vector<csro_ion_number> &numbers);
  void AgreeOnFirstIons();

  Call &Processes;
  PartIons Part;
  Owned<csro_clusters_destroy> Clusters;
  int64_t Count = 0;
  std::vector<int64_t> Label;          // of own and halo ions: cluster, then place in Present
  std::vector<csro_ion_number> First;  // per cluster: its smallest core ion
  std::vector<int64_t> DomainOf;       // per cluster
  std::vector<int64_t> Present, Sizes; // domains that this part meets, in ascending order
};

// The smallest of the own core ions.
void PartClusters::FindFirstIons(const std::vector<csro_ion_number> &numbers) {
  std::vector<csro_ion_number> own;
  this->Processes.RunLocal([&] {
    own.resize(this->Part.Own);
    this->First.resize(this->Count);
  });
  SendToOwner(this->Processes, this->Part, numbers.data(), own.data());
  csro_clusters_first(this->Part.Own, own.data(), this->Label.data(), this->Count,
                      this->First.data());
}

// Clusters of different ranks that share a core ion learn the smaller first ion from each other.
void PartClusters::AgreeOnFirstIons() {
  Call &call = this->Processes;
  if (call.Ranks() == 1)
    return;
  std::vector<csro_ion_number> values;
  call.RunLocal([&] { values.resize(this->Part.Points.count); });
  int64_t changed = 1;
  const auto tell = [&] {
    csro_clusters_tell(this->Part.Points.count, this->Label.data(), this->First.data(),
                       values.data());
  };
  const auto learn = [&](int64_t ion, const csro_ion_number &told) {
    if (csro_clusters_learn(this->Label[ion], told, this->First.data()))
      changed = 1;
  };
  while (changed) {
    changed = 0;
    tell();
    CollectFromHalo(call, this->Part, values.data(), learn);
    tell();
    UpdateHalo(call, this->Part, values.data());
    for (int64_t i = this->Part.Own; i < this->Part.Points.count; ++i)
      learn(i, values[i]);
    call.Maximum(&changed, 1);
  }
}

// The domain of each cluster; rank 0 sorts the first ions of all. Returns how many domains there
// are.
int64_t PartClusters::NumberDomains(const std::vector<csro_ion_number> &numbers) {
  Call &call = this->Processes;
  this->FindFirstIons(numbers);
  this->AgreeOnFirstIons();
  std::vector<std::vector<csro_ion_number>> asked(call.Ranks());
  call.RunLocal([&] { asked[0] = this->First; });
  asked = Exchange(call, std::move(asked));
  std::vector<std::vector<int64_t>> answers(call.Ranks());
  int64_t count = 0;
  call.RunLocal([&] {
    std::vector<csro_ion_number> all;
    for (const auto &first : asked)
      all.insert(all.end(), first.begin(), first.end());
    count = csro_domains_number(static_cast<int64_t>(all.size()), all.data());
    for (int rank = 0; rank < call.Ranks(); ++rank)
      for (const csro_ion_number &first : asked[rank])
        answers[rank].push_back(csro_domain_number(count, all.data(), first));
  });
  this->DomainOf = std::move(Exchange(call, std::move(answers))[0]);
  call.Maximum(&count, 1);
  return count;
}

// Ions learn their domain as its place in the list of those that are present: the order of the list
// is that of the domains, so that border ions join the right one.
void PartClusters::LabelIons() {
  Call &call = this->Processes;
  call.Stage(0.8, 0.9);
  call.RunLocal([&] {
    this->Present = this->DomainOf;
    std::sort(this->Present.begin(), this->Present.end());
    this->Present.erase(std::unique(this->Present.begin(), this->Present.end()),
                        this->Present.end());
    std::vector<int64_t> place;
    for (const int64_t domain : this->DomainOf)
      place.push_back(std::lower_bound(this->Present.begin(), this->Present.end(), domain) -
                      this->Present.begin());
    call.Check(csro_clusters_label(call.Context(), this->Clusters.get(), place.data(),
                                   this->Label.data()));
    this->Clusters.reset();
  });
}

DomainTable PartClusters::Measure(const std::vector<std::string> &species) {
  Call &call = this->Processes;
  call.Stage(0.9, 1);
  csro_points own = this->Part.Points;
  own.count = this->Part.Own;
  return MeasureDomains(call, {own, this->Part.Label, this->Label.data(), this->Present}, species,
                        this->Sizes);
}

void PartClusters::ReturnLabels(Domains &domains) {
  std::vector<Member> own, view;
  this->Processes.RunLocal([&] {
    view.resize(domains.Label.size());
    for (int64_t i = 0; i < this->Part.Own; ++i) {
      const int64_t place = this->Label[i];
      own.push_back(place < 0 ? Member{-1, 0} : Member{this->Present[place], this->Sizes[place]});
    }
  });
  ReturnToSource(this->Processes, this->Part, own.data(), view.data());
  for (size_t i = 0; i < view.size(); ++i) {
    domains.Label[i] = view[i].Label;
    domains.Size[i] = view[i].Size;
  }
}
} // namespace

std::vector<csro_ion_number> NumberIons(Call &call, const IonView &view, vtkPointSet *ions) {
  const std::vector<int64_t> counts = call.Gather(view.Points.count);
  int64_t place = 0;
  for (int rank = 0; rank < call.Rank(); ++rank)
    place += counts[rank];
  vtkDataArray *ids = IonNumbers(ions);
  std::vector<csro_ion_number> numbers;
  call.RunLocal([&] {
    for (int64_t i = 0; i < view.Points.count; ++i)
      numbers.push_back({IonNumberOf(ids, view.Point(i)), place + i});
  });
  return numbers;
}

Domains FindDomains(Call &call, const IonView &ions, const std::vector<csro_ion_number> &numbers,
                    double eps, int minSamples, const std::vector<std::string> &species) {
  Domains domains;
  call.RunLocal([&] {
    call.Check(csro_dbscan_check(call.Context(), eps, minSamples));
    domains.Label.resize(ions.Points.count);
    domains.Size.resize(ions.Points.count);
  });
  PartClusters clusters(call, ions, eps, minSamples);
  domains.Count = clusters.NumberDomains(numbers);
  clusters.LabelIons();
  domains.Table = clusters.Measure(species);
  clusters.ReturnLabels(domains);
  return domains;
}
} // namespace csro
