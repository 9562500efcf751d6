#include "vtkDetectOrder.h"

#include "data/FieldArrays.h"
#include "data/LatticePlanes.h"
#include "data/SpeciesPairs.h"
#include "data/StrayIons.h"
#include "data/VoxelImage.h"
#include "parallel/DistributedKinds.h"
#include "parallel/DistributedOrderSearch.h"
#include "parallel/DistributedPole.h"
#include "parallel/OrderFindings.h"
#include "parallel/RandomizedCopy.h"
#include "parallel/SortIons.h"

#include "csro/chance.h"
#include "csro/detectable.h"
#include "csro/distributed_order.h"
#include "csro/lateral.h"
#include "csro/order.h"
#include "csro/planes.h"
#include "csro/voxels.h"

#include <vtkDataObject.h>
#include <vtkDoubleArray.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkMultiProcessController.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkTable.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <set>
#include <vector>

vtkStandardNewMacro(vtkDetectOrder);

namespace {
// Of domains per nm^3: the smallest detectable domain is told for data without any, too.
constexpr double LeastDensity = 1e-3;
constexpr double LeastSpacing = 0.05; // nm
constexpr double NoNumber = std::numeric_limits<double>::quiet_NaN();

// The species whose order is looked for: the one that is wanted; where that is nothing, all
// elements that may be rich. Collective.
std::vector<csro::NamedLabels> FindSpecies(csro::Call &call, const char *wanted,
                                           const csro::IonView &ions,
                                           const csro::SpeciesList &species) {
  std::vector<csro::NamedLabels> found = csro::MajorElements(call, ions, species);
  call.RunLocal([&] {
    const std::string name = wanted ? wanted : "";
    const std::vector<uint16_t> labels = csro::FindLabels(name, species);
    std::string known;
    for (size_t i = 1; i < species.Names.size(); ++i)
      known += (i > 1 ? ", " : "") + species.Names[i];
    if (known.empty())
      known = "(the ions have no species)";
    if (name.empty() && found.empty())
      call.Fail(CSRO_ERROR_ARGUMENT, "no element but hydrogen has 1 % of the ranged ions: set "
                                     "Species to one of: " +
                                         known);
    if (name.empty())
      return;
    if (labels.empty())
      call.Fail(CSRO_ERROR_ARGUMENT, "no species '" + name + "', expected one of: " + known);
    // The one that is wanted, in any case, and those that do not overlap with it.
    found.erase(std::remove_if(found.begin(), found.end(),
                               [&](const csro::NamedLabels &other) {
                                 return std::find_first_of(other.Labels.begin(), other.Labels.end(),
                                                           labels.begin(),
                                                           labels.end()) != other.Labels.end();
                               }),
                found.end());
    found.insert(found.begin(), {name, labels});
  });
  return found;
}

// The search looks at all places between the ions: a few ions far away would take all memory.
void CheckSpread(csro::Call &call, const csro::IonView &ions, vtkPointSet *points) {
  constexpr double volumeAlways = 2e5, ionsPerVolume = 3; // nm^3; specimens have 10 and more
  double bounds[6];
  csro::BoundsOfAll(call, ions.Points, bounds);
  int64_t count = ions.Points.count;
  call.Sum(&count, 1);
  if (csro::VolumeOf(bounds) > std::max(volumeAlways, static_cast<double>(count) / ionsPerVolume))
    csro::RefuseStrays(call, ions, points,
                       "the bounds of the ions hold less than 3 ions per nm^3, and all places in "
                       "them would be searched");
}
} // namespace

// The domains of one rich species; of a period of three or more planes those of one phase.
struct vtkDetectOrder::Ordered {
  csro::NamedLabels Rich{};
  int Period = 2, Phase = 0;
  int Phases() const {
    return this->Period == 2 ? 1 : this->Period;
  } // searched one by one
  bool IsSearched = false;
  csro::OrderFindings Findings{};             // its ions are places in all
  std::vector<float> Probability{};           // of each voxel of the part
  std::vector<csro_ordered_domain> ByModel{}; // on rank 0: the domains before chance lowers them
  std::vector<double> InCopies{}, InDecoys{}; // there, too: evidence of all, the highest first
  csro_chance Chance{};                       // of these
  csro_chance_test Test{};
  char Verdict[CSRO_CHANCE_TEXT] = ""; // the same in words
  double Density = 0;                  // of the balls that domains are made of, per nm^3
  double Sought = 0;                   // those of them that are of the sizes looked for
  double Fewer = 0;                    // domains less than that, for some are made of several
  std::array<int64_t, CSRO_STRENGTHS> Strength{}; // csro_order_search_strength of all; 0 for none
  double Smallest = 0; // diameter that is found with a probability of one half

  // What FDR selects.
  csro::DomainTable Table{};                  // without labels
  std::vector<csro_ordered_domain> Domains{}; // on rank 0
  int64_t CountByModel = 0;                   // that the model alone would report, there
};

// All that the search depends on.
struct vtkDetectOrder::Key {
  std::string Species;
  std::vector<double> Numbers;
  std::vector<vtkMTimeType> Inputs; // when they were made or changed
  bool operator==(const Key &other) const {
    return this->Species == other.Species && this->Numbers == other.Numbers &&
           this->Inputs == other.Inputs;
  }
};

// What outlives an execution: a change of FDR alone selects again from what was found.
struct vtkDetectOrder::Detector {
  Detector(csro::Call &call, const vtkDetectOrder &filter) : Call(&call), Filter(filter) {}
  Detector(const Detector &) = delete;
  void operator=(const Detector &) = delete;
  ~Detector() {
    csro_planes_release(&this->What.Planes);
    csro_pole_map_release(&this->Map);
  }

  csro::Call *Call; // of the execution
  const vtkDetectOrder &Filter;
  Key Made{};
  std::string PlanesWarning{};
  csro::OrderTask What{}; // with the planes, which are owned
  csro::Plan Where{};
  double Spacing = 0;  // of the planes
  csro_pole_map Map{}; // where they are
  csro::OrderKinds Kinds{};
  csro_lateral Noise{CSRO_LATERAL_USUAL, NoNumber, NoNumber, false}; // across z
  std::vector<Ordered> Found{};   // of each species and phase that was searched
  std::vector<bool> IsSearched{}; // of the rows of Kinds

  // Of one execution.
  vtkSmartPointer<vtkPointSet> Points{}; // in the order of their IonId over the ranks
  csro::IonView Ions{};
  size_t Labels = 0;                   // of species
  std::vector<int64_t> Domain{};       // of each ion, -1 outside
  std::vector<int64_t> Sizes{};        // of all domains
  std::vector<double> Probabilities{}; // of these

  // Takes the ions. Collective.
  void Begin(csro::Call &call, vtkPointSet *ions);
  // Forgets them.
  void End();
  // Fits the planes and finds which kinds of order they show. Collective.
  void Look(std::vector<csro::NamedLabels> species);
  // Looks for the domains of each species, where that has not been done, and selects. Collective.
  void Search(const csro_block &stored, const std::vector<std::string> &names);
  // Inside a local section.
  void PutIons(vtkPolyData *output) const;
  void PutTable(vtkTable *table) const;

  void PutProbability(const std::string &species, vtkImageData *voxels, vtkImageData *output) const;
  std::vector<std::string> Searched() const;
  std::vector<const Ordered *> PhasesOf(const std::string &species) const;
  // Where the noise across z comes from, in words.
  std::string NoiseWords() const;
  // Whether there is order, and the noise is not known well.
  bool IsNoiseVague() const;
  // That the order is another than the one that is wanted; empty where it is not.
  std::string Warning() const;

  // The spacing of the planes along z, as given or measured. Collective.
  double FindSpacing();

private:
  // Progress after so many searches for one species.
  double StageOf(int searches) const {
    return searches / (1.0 + this->Filter.Decoys + this->Filter.Copies);
  }
  // Whether planes of this spacing (0: any) are followed as they were measured.
  bool Follows(double spacing) const {
    const csro_pole_summary &measured = this->Map.summary;
    return measured.found &&
           (spacing == 0 || std::abs(spacing / measured.spacing - 1) <= CSRO_GUARD_OTHER_PLANES);
  }
  void ChooseSpecies();
  csro::IonView IonsLeft(std::vector<int64_t> &places);
  void FindNoise();
  void LookFor(const Ordered &found);
  void SearchFor(Ordered &found, const csro_block &stored, const std::vector<std::string> &names);
  void Select(Ordered &found);
  // Share of the ions around which planes are resolved: domains are found there only.
  double Resolved() const {
    const csro_pole_summary &measured = this->Map.summary;
    return this->Follows(this->Spacing) ? measured.share : 1;
  }
  void RunCopies(const csro::IonView &ions, Ordered &found);
  void RunDecoys(csro::OrderSearch &search, Ordered &found);
  // What is left of the domains where there is order beyond chance.
  void CompareWithChance(Ordered &found);
  void FindSmallest(Ordered &found);
  static csro_order_strength StrengthOf(const std::vector<const Ordered *> &phases);
};

double vtkDetectOrder::Detector::FindSpacing() {
  const double given = this->Filter.PlaneSpacing;
  double bounds[6];
  csro::BoundsOfAll(*this->Call, this->Ions.Points, bounds);
  csro_pole_options options;
  csro_pole_options_init(&options);
  csro_pole_map &map = this->Map;
  csro::FindPole(*this->Call, this->Ions.Points, this->Ions.Label, bounds, options, map);
  this->Call->RunLocal([&] {
    if (given > 0 && given < LeastSpacing)
      this->Call->Fail(CSRO_ERROR_ARGUMENT, "PlaneSpacing is " + std::to_string(given) +
                                                " nm, expected 0 (measured) or " + "0.05 to 2 nm");
    if (given == 0 && !map.summary.found)
      this->Call->Fail(CSRO_ERROR_DATA,
                       "the ions show no lattice planes across z from which PlaneSpacing could be "
                       "measured: the order along this pole cannot be told");
    csro_lattice_planes planes = csro::PlanesOf(map.summary);
    if (this->Follows(given))
      planes.tilt = 0; // however they lean
    this->PlanesWarning = csro::GuardPlanes(*this->Call, planes, given, "PlaneSpacing",
                                            "set PlaneSpacing to 0 (measured)", this->Filter.Force);
  });
  return given > 0 ? given : map.summary.spacing;
}

void vtkDetectOrder::Detector::Begin(csro::Call &call, vtkPointSet *ions) {
  this->Call = &call;
  this->Points = csro::SortIons(call, ions);
  call.RunLocal([&] {
    this->Ions = csro::ViewLabelledIons(call, this->Points);
    this->Domain.assign(this->Ions.Points.count, -1);
  });
}

void vtkDetectOrder::Detector::End() {
  this->Call = nullptr;
  this->Points = nullptr;
  this->Ions = {};
  this->Domain = {};
  this->Sizes.clear();
  this->Probabilities.clear();
}

void vtkDetectOrder::Detector::Look(std::vector<csro::NamedLabels> species) {
  csro::FitPlanes(*this->Call, this->Ions, this->Spacing,
                  this->Follows(this->Spacing) ? &this->Map : nullptr, this->What.Planes);
  this->What.SigmaZ = this->Filter.SigmaZ;
  this->What.SameSpeciesOnly = this->Filter.SameSpeciesOnly;
  csro_order_options &options = this->What.Options;
  std::copy_n(this->Filter.Diameter, 2, options.diameter);
  options.sigma_xy = this->Filter.SigmaXY > 0 ? this->Filter.SigmaXY : CSRO_LATERAL_USUAL;
  options.sigma_z = this->Filter.SigmaZ > 0 ? this->Filter.SigmaZ : this->What.Planes.sigma_z;
  this->Call->RunLocal(
      [&] { this->Call->Check(csro_order_check(this->Call->Context(), &this->What.Options)); });
  this->Where =
      csro::PlanAround(*this->Call, this->Ions.Points, csro_order_halo(&this->What.Options));
  this->Kinds.Find(*this->Call, this->What.Planes, this->What.SigmaZ, this->Ions, this->Where,
                   std::move(species));
  this->ChooseSpecies();
  if (this->Filter.SigmaXY == 0)
    this->FindNoise();
}

// From the order of the most evidence, with a period of two planes; the searches look that far.
void vtkDetectOrder::Detector::FindNoise() {
  const auto first = std::find_if(this->Found.begin(), this->Found.end(),
                                  [](const Ordered &found) { return found.Period == 2; });
  if (first == this->Found.end())
    return;
  this->LookFor(*first);
  this->Noise = csro::OrderSearch(*this->Call, this->What, this->Ions, this->Where).FindNoise();
  this->What.Options.sigma_xy = this->Noise.sigma;
  this->Where =
      csro::PlanAround(*this->Call, this->Ions.Points, csro_order_halo(&this->What.Options));
}

std::string vtkDetectOrder::Detector::NoiseWords() const {
  if (this->Filter.SigmaXY > 0)
    return "The position noise along x and y is as given: if it is larger, more domains are false "
           "than "
           "FDR says.";
  char text[CSRO_LATERAL_TEXT];
  csro_lateral_text(&this->Noise, text);
  return text;
}

bool vtkDetectOrder::Detector::IsNoiseVague() const {
  return this->Filter.SigmaXY == 0 && csro_lateral_vague(&this->Noise) &&
         std::any_of(this->Found.begin(), this->Found.end(),
                     [](const Ordered &found) { return found.Test.order; });
}

// Every second plane of the species that is wanted, and what else was found of it; else all that
// was found, else the species that comes nearest to every second plane.
void vtkDetectOrder::Detector::ChooseSpecies() {
  const bool given = this->Filter.Species && *this->Filter.Species;
  this->IsSearched.assign(this->Kinds.Rows.size(), false);
  for (size_t k = 0; k < this->Kinds.Rows.size(); ++k) {
    const csro_order_kind_row &row = this->Kinds.Rows[k];
    const csro::NamedLabels &species = this->Kinds.Species[row.species];
    const bool none = row.period == 2 && (given || this->Found.empty());
    if ((given && species.Name != this->Filter.Species) ||
        !(row.verdict == CSRO_KIND_FOUND || none))
      continue;
    this->IsSearched[k] = true;
    Ordered found{species, row.period};
    for (; found.Phase < found.Phases(); ++found.Phase)
      this->Found.push_back(found);
  }
}

void vtkDetectOrder::Detector::LookFor(const Ordered &found) {
  const auto kindOf = [&](const csro::NamedLabels &species, int period, int phase) {
    return csro::OrderKind{species.Labels[0], csro::MergeMap({species.Labels}, this->Labels),
                           period, phase};
  };
  this->What.Options.strength = 0;
  this->What.Options.one_phase = found.Period > 2;
  this->Call->RunLocal([&] {
    this->What.Kind = kindOf(found.Rich, found.Period, found.Phase);
    this->What.Rivals.clear();
    for (const csro_order_kind_row &row : this->Kinds.Rows) {
      const csro::NamedLabels &species = this->Kinds.Species[row.species];
      const bool same = species.Name == found.Rich.Name && row.period == found.Period;
      for (int phase = 0; phase < (row.period == 2 ? 1 : row.period); ++phase)
        if (row.verdict == CSRO_KIND_FOUND && !same)
          this->What.Rivals.push_back(kindOf(species, row.period, phase));
    }
  });
}

// Ions of a domain of one species are none of another's: what is selected of one decides among
// which ions the next is looked for.
void vtkDetectOrder::Detector::Search(const csro_block &stored,
                                      const std::vector<std::string> &names) {
  const auto searches = static_cast<double>(this->Found.size());
  bool same = true;
  for (size_t k = 0; k < this->Found.size(); ++k) {
    Ordered &found = this->Found[k];
    this->Call->Frame(static_cast<double>(k) / searches, static_cast<double>(k + 1) / searches);
    const size_t before = found.Table.Rows.size();
    const bool again = found.IsSearched && same;
    if (!again)
      this->SearchFor(found, stored, names);
    this->Select(found);
    same = again && found.Table.Rows.size() == before;
  }
}

void vtkDetectOrder::Detector::SearchFor(Ordered &found, const csro_block &stored,
                                         const std::vector<std::string> &names) {
  std::vector<int64_t> places;
  const csro::IonView left = this->IonsLeft(places);
  found = {found.Rich, found.Period, found.Phase};
  this->LookFor(found);
  this->Call->Stage(0, this->StageOf(1));
  csro::OrderSearch search(*this->Call, this->What, left, this->Where);
  search.Run();
  this->What.Options.strength = search.Found.Expected; // of decoys and copies
  search.Report(names);
  const csro::OrderSearch::VoxelOdds odds = search.FindVoxelOdds(stored);
  this->RunDecoys(search, found);
  this->RunCopies(left, found);
  found.Findings = std::move(search.Found);
  this->CompareWithChance(found);
  this->Call->RunLocal([&] {
    this->FindSmallest(found);
    for (size_t v = 0; v < odds.Inside.size(); ++v)
      found.Probability.push_back(
          csro_order_probability(found.Sought, odds.Inside[v], odds.Outside[v]));
    for (int64_t &i : found.Findings.Ions)
      i = places.empty() ? i : places[i];
  });
  found.IsSearched = true;
}

// Those of the domains that are reported.
void vtkDetectOrder::Detector::Select(Ordered &found) {
  const auto select = [&](const std::vector<csro_ordered_domain> &domains) {
    return csro_order_select_fdr(static_cast<int64_t>(domains.size()), domains.data(),
                                 this->Filter.FDR);
  };
  const std::vector<csro_ordered_domain> &domains = found.Findings.Domains;
  const int64_t count = found.Test.order ? select(domains) : 0;
  found.CountByModel = select(found.ByModel);
  csro::OrderFindings::Selection selection =
      found.Findings.Select(*this->Call, this->Ions.Points, count);
  found.Table = std::move(selection.Table);
  found.Domains.assign(domains.begin(), domains.begin() + count);
  std::vector<double> probability(found.Table.Rows.size());
  for (size_t d = 0; d < found.Domains.size(); ++d)
    probability[d] = found.Domains[d].probability;
  if (!probability.empty())
    this->Call->Sum(probability.data(), static_cast<int>(probability.size()));
  this->Call->RunLocal([&] {
    const auto first = static_cast<int64_t>(this->Sizes.size());
    for (const csro_domain &row : found.Table.Rows)
      this->Sizes.push_back(row.size);
    this->Probabilities.insert(this->Probabilities.end(), probability.begin(), probability.end());
    for (size_t k = 0; k < selection.Domain.size(); ++k)
      if (selection.Domain[k] >= 0)
        this->Domain[found.Findings.Ions[k]] = first + selection.Domain[k];
  });
}

void vtkDetectOrder::Detector::CompareWithChance(Ordered &found) {
  csro::OrderFindings &search = found.Findings;
  found.ByModel = search.Domains;
  std::sort(found.InCopies.begin(), found.InCopies.end(), std::greater<double>());
  std::sort(found.InDecoys.begin(), found.InDecoys.end(), std::greater<double>());
  const auto list = [](const std::vector<double> &evidence, double searches) {
    return csro_chance_list{static_cast<int64_t>(evidence.size()), evidence.data(), searches};
  };
  found.Chance = {list(found.InCopies, this->Filter.Copies),
                  list(found.InDecoys, this->Filter.Decoys * search.Unclaimed), search.Volume};
  this->Call->RunLocal([&] {
    if (this->Call->Rank() > 0)
      return;
    const auto count = static_cast<int64_t>(search.Evidence.size());
    found.Test = csro_chance_try(&found.Chance, found.Phases(), count, search.Evidence.data());
    this->Call->Check(
        csro_chance_lower(this->Call->Context(), &found.Chance, count, search.Evidence.data(),
                          static_cast<int64_t>(search.Domains.size()), search.Domains.data()));
  });
  csro_chance_text(&found.Chance, &found.Test, found.Verdict);
  std::array<double, 2> shared = {found.Test.p, found.Test.order ? 1.0 : 0.0};
  if (this->Call->Ranks() > 1) {
    this->Call->Controller()->Broadcast(shared.data(), static_cast<vtkIdType>(shared.size()), 0);
    this->Call->Controller()->Broadcast(found.Verdict, CSRO_CHANCE_TEXT, 0);
  }
  found.Test.p = shared[0];
  found.Test.order = shared[1] > 0;
  found.Density = found.Test.order ? search.Density : 0;
  found.Sought = found.Test.order ? search.Sought : 0;
  found.Fewer = search.Fewer / search.Volume;
  if (found.Test.order)
    std::copy_n(search.Strength, CSRO_STRENGTHS, found.Strength.begin());
}

// Those that are in no domain yet, and their places where these are not all.
csro::IonView vtkDetectOrder::Detector::IonsLeft(std::vector<int64_t> &places) {
  csro::IonView left;
  this->Call->RunLocal([&] {
    if (this->Sizes.empty()) {
      left.Points = this->Ions.Points;
      left.Label = this->Ions.Label;
      return;
    }
    for (int64_t i = 0; i < this->Ions.Points.count; ++i) {
      double r[3];
      if (this->Domain[i] >= 0)
        continue;
      csro_points_get(&this->Ions.Points, i, r);
      left.CopiedPositions.insert(left.CopiedPositions.end(), r, r + 3);
      left.CopiedLabels.push_back(this->Ions.Label[i]);
      places.push_back(i);
    }
    left.Points = {left.CopiedPositions.data(), true,
                   static_cast<int64_t>(left.CopiedLabels.size())};
    left.Label = left.CopiedLabels.data();
  });
  return left;
}

void vtkDetectOrder::Detector::FindSmallest(Ordered &found) {
  const csro_order_species &all = found.Findings.Ranged;
  csro_detectable data{};
  data.ions = static_cast<double>(all.ranged) / found.Findings.Volume;
  data.fraction = static_cast<double>(all.rich) / static_cast<double>(all.ranged);
  data.same_species = this->Filter.SameSpeciesOnly;
  data.plane_spacing = this->What.Planes.spacing;
  data.sigma_xy = this->What.Options.sigma_xy;
  data.sigma_z = this->What.Options.sigma_z;
  data.density = std::max(found.Density, LeastDensity);
  found.Smallest = std::numeric_limits<double>::quiet_NaN();
  if (found.Period == 2)
    this->Call->Check(csro_order_detectable(this->Call->Context(), &data, 0.5, &found.Smallest));
}

// The same search where labels have changed places.
void vtkDetectOrder::Detector::RunCopies(const csro::IonView &ions, Ordered &found) {
  const csro::CopyRules rules = csro::MakeCopyRules(this->Filter.Exchange, this->Filter.Within,
                                                    this->Filter.NeighbourhoodIons);
  const int before = 1 + this->Filter.Decoys;
  for (int copy = 0; copy < this->Filter.Copies; ++copy) {
    this->Call->Stage(this->StageOf(before + copy), this->StageOf(before + copy + 1));
    const std::vector<uint16_t> label = csro::RandomizeSpecies(
        *this->Call, ions, rules, static_cast<uint64_t>(this->Filter.Seed) + copy);
    csro::IonView randomized;
    randomized.Points = ions.Points;
    randomized.Label = label.data();
    csro::OrderSearch search(*this->Call, this->What, randomized, this->Where);
    search.Run();
    const std::vector<double> evidence = search.GatherEvidence();
    found.InCopies.insert(found.InCopies.end(), evidence.begin(), evidence.end());
  }
}

// The same search for patterns of planes that no structure has.
void vtkDetectOrder::Detector::RunDecoys(csro::OrderSearch &search, Ordered &found) {
  for (int decoy = 1; decoy <= this->Filter.Decoys; ++decoy) {
    this->Call->Stage(this->StageOf(decoy), this->StageOf(decoy + 1));
    const std::vector<double> evidence = search.TryDecoy(decoy);
    found.InDecoys.insert(found.InDecoys.end(), evidence.begin(), evidence.end());
  }
}

csro_order_strength
vtkDetectOrder::Detector::StrengthOf(const std::vector<const Ordered *> &phases) {
  std::array<int64_t, CSRO_STRENGTHS> sums{};
  for (const Ordered *phase : phases)
    for (size_t k = 0; k < sums.size(); ++k)
      sums[k] += phase->Strength[k];
  return csro_order_strength_of(sums.data());
}

void vtkDetectOrder::Detector::PutIons(vtkPolyData *output) const {
  std::vector<vtkIdType> ids;
  std::vector<int64_t> domain, size;
  for (int64_t i = 0; i < this->Ions.Points.count; ++i)
    if (this->Domain[i] >= 0) {
      ids.push_back(this->Ions.Point(i));
      domain.push_back(this->Domain[i]);
      size.push_back(this->Sizes[this->Domain[i]]);
    }
  output->ShallowCopy(csro::TakePoints(*this->Call, this->Points, ids));
  csro::PutDomains(*this->Call, domain, size, output);
  const auto probability = csro::MakeArray<vtkDoubleArray>(*this->Call, "Probability", 1,
                                                           static_cast<vtkIdType>(domain.size()));
  for (size_t i = 0; i < domain.size(); ++i)
    probability->SetValue(static_cast<vtkIdType>(i), this->Probabilities[domain[i]]);
  output->GetPointData()->AddArray(probability);
  std::vector<double> density, strength, weakest, strongest, smallest, p;
  std::vector<std::string> verdict;
  for (const std::string &name : this->Searched()) {
    const std::vector<const Ordered *> phases = this->PhasesOf(name);
    const auto first =
        std::min_element(phases.begin(), phases.end(),
                         [](const Ordered *a, const Ordered *b) { return a->Test.p < b->Test.p; });
    std::set<int> periods;
    for (const Ordered *phase : phases)
      periods.insert(phase->Period);
    p.push_back(std::min(1.0, (*first)->Test.p * static_cast<double>(periods.size())));
    verdict.emplace_back((*first)->Verdict);
    smallest.push_back(phases[0]->Smallest);
    density.push_back(0);
    for (const Ordered *phase : phases)
      density.back() += std::max(phase->Density - phase->Fewer, 0.0) / this->Resolved();
    const csro_order_strength order = StrengthOf(phases);
    strength.push_back(order.value);
    weakest.push_back(order.low);
    strongest.push_back(order.high);
  }
  csro::PutTexts(output, "OrderSpecies", this->Searched());
  csro::PutTexts(output, "OrderFound", {this->Kinds.Words()});
  csro::PutTexts(output, "OrderVerdict", verdict);
  csro::PutNumbers(output, "OrderP", p);
  csro::PutNumbers(output, "DomainDensity_nm3", density);
  csro::PutNumbers(output, "OrderStrength", strength);
  csro::PutNumbers(output, "OrderStrengthLow", weakest);
  csro::PutNumbers(output, "OrderStrengthHigh", strongest);
  csro::PutNumbers(output, "SmallestDetectable_nm", smallest);
  csro::PutNumbers(output, "SigmaXY_nm", {this->What.Options.sigma_xy});
  csro::PutNumbers(output, "SigmaXYLow_nm", {this->Noise.low});
  csro::PutNumbers(output, "SigmaXYHigh_nm", {this->Noise.high});
  csro::PutTexts(output, "SigmaXYSource", {this->NoiseWords()});
  csro::PutNumbers(output, "SigmaZ_nm", {this->What.Options.sigma_z});
  csro::PutNumbers(output, "PlaneCoherence", {this->What.Planes.coherence});
  csro::PutNumbers(output, "PlaneShare", {this->Map.summary.share});
}

// The names of the species that were searched.
std::vector<std::string> vtkDetectOrder::Detector::Searched() const {
  std::vector<std::string> names;
  for (const Ordered &found : this->Found)
    if (std::find(names.begin(), names.end(), found.Rich.Name) == names.end())
      names.push_back(found.Rich.Name);
  return names;
}

std::vector<const vtkDetectOrder::Ordered *>
vtkDetectOrder::Detector::PhasesOf(const std::string &species) const {
  std::vector<const Ordered *> phases;
  for (const Ordered &found : this->Found)
    if (found.Rich.Name == species)
      phases.push_back(&found);
  return phases;
}

void vtkDetectOrder::Detector::PutTable(vtkTable *table) const {
  csro::DomainTable all;
  std::vector<csro_ordered_domain> domains;
  std::vector<double> fdr, chance;
  std::vector<std::string> rich;
  std::vector<int> period, phase;
  for (const Ordered &found : this->Found) {
    const auto count = static_cast<int64_t>(found.Domains.size());
    all.Species = found.Table.Species;
    all.Rows.insert(all.Rows.end(), found.Table.Rows.begin(), found.Table.Rows.end());
    all.Composition.insert(all.Composition.end(), found.Table.Composition.begin(),
                           found.Table.Composition.end());
    domains.insert(domains.end(), found.Domains.begin(), found.Domains.end());
    fdr.resize(domains.size());
    csro_order_fdr(count, found.Domains.data(), fdr.data() + fdr.size() - count);
    for (const csro_ordered_domain &domain : found.Domains) {
      rich.push_back(found.Rich.Name);
      period.push_back(found.Period);
      phase.push_back(found.Phase);
      chance.push_back(csro_chance_expected(&found.Chance, domain.evidence));
    }
  }
  csro::Columns columns(table);
  const auto number = [&](const char *name, auto value) {
    columns.Numbers(name, domains.size(), [&](size_t i) { return value(domains[i]); });
  };
  all.PutFirst(columns);
  number("Probability", [](const csro_ordered_domain &d) { return d.probability; });
  columns.Numbers("FDR", domains.size(), [&](size_t i) { return fdr[i]; });
  columns.Texts("RichSpecies", domains.size(), [&](size_t i) { return rich[i]; });
  number("IonShare", [](const csro_ordered_domain &d) { return d.ion_share; });
  number("Evidence", [](const csro_ordered_domain &d) { return d.evidence; });
  if (this->Filter.Copies + this->Filter.Decoys > 0)
    columns.Numbers("ChanceCount", domains.size(), [&](size_t i) { return chance[i]; });
  number("OrderStrength", [](const csro_ordered_domain &d) { return d.strength; });
  number("Diameter_nm", [](const csro_ordered_domain &d) { return d.diameter; });
  columns.Counts("Period_planes", domains.size(), [&](size_t i) { return period[i]; });
  columns.Counts("Phase", domains.size(), [&](size_t i) { return domains[i].odd ? 1 : phase[i]; });
  all.PutRest(columns);
}

void vtkDetectOrder::Detector::PutProbability(const std::string &species, vtkImageData *voxels,
                                              vtkImageData *output) const {
  const std::vector<const Ordered *> phases = this->PhasesOf(species);
  const auto count = static_cast<vtkIdType>(phases[0]->Probability.size());
  const auto probability =
      csro::MakeArray<vtkFloatArray>(*this->Call, "P_order_" + species, 1, count);
  for (vtkIdType i = 0; i < count; ++i) {
    float outside = 1 - phases[0]->Probability[i];
    for (size_t k = 1; k < phases.size(); ++k)
      outside *= 1 - phases[k]->Probability[i];
    probability->SetValue(i, phases.size() > 1 ? 1 - outside : phases[0]->Probability[i]);
  }
  vtkDataArray *ionCount = voxels->GetPointData()->GetArray("IonCount");
  for (vtkIdType i = 0; ionCount && i < probability->GetNumberOfValues(); ++i)
    if (ionCount->GetComponent(i, 0) == 0)
      probability->SetValue(i, std::numeric_limits<float>::quiet_NaN());
  output->GetPointData()->AddArray(probability);
  output->GetPointData()->SetActiveScalars(probability->GetName());
}

std::string vtkDetectOrder::Detector::Warning() const {
  const bool given = this->Filter.Species && *this->Filter.Species;
  const csro_order_kind_row &first = this->Kinds.Rows[0];
  if (!given || first.verdict != CSRO_KIND_FOUND || this->Kinds.IsFound(this->Filter.Species))
    return "";
  const std::string searched = this->Filter.Species;
  const std::string named = this->Kinds.Species[first.species].Name;
  return "Species is " + searched + ", but what the planes show is " + this->Kinds.Words() +
         ". Domains that order of " + named + " explains better are not reported: leave Species " +
         "empty, or set it to " + named;
}

vtkDetectOrder::vtkDetectOrder() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(4);
  this->Need(1, "no voxels: choose the output of Voxelize APT on these ions as Voxels");
  this->Expect("PlaneSpacing", this->PlaneSpacing, 0, 2, "nm");
  this->Expect("FDR", this->FDR, 0, 1);
  this->Expect("Diameter", this->Diameter, 0.1, 20.0, "nm");
  this->Expect("SigmaXY", this->SigmaXY, 0, 2, "nm");
  this->Expect("SigmaZ", this->SigmaZ, 0, 2, "nm");
  this->Expect("Copies", this->Copies, 0, 1000);
  this->Expect("Decoys", this->Decoys, 0, static_cast<int>(CSRO_DECOYS));
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX);
  this->Expect("Exchange", this->Exchange, 0, 1);
  this->Expect("Within", this->Within, 0, 1);
  this->Expect("NeighbourhoodIons", this->NeighbourhoodIons, 100, VTK_INT_MAX);
}

vtkDetectOrder::~vtkDetectOrder() {
  this->SetSpecies(nullptr);
}

void vtkDetectOrder::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Species: " << (this->Species ? this->Species : "(none)") << "\n"
     << indent << "PlaneSpacing: " << this->PlaneSpacing << "\n"
     << indent << "Diameter: " << this->Diameter[0] << " " << this->Diameter[1] << "\n"
     << indent << "SigmaXY: " << this->SigmaXY << "\n"
     << indent << "SigmaZ: " << this->SigmaZ << "\n"
     << indent << "SameSpeciesOnly: " << this->SameSpeciesOnly << "\n"
     << indent << "FDR: " << this->FDR << "\n"
     << indent << "Force: " << this->Force << "\n"
     << indent << "Copies: " << this->Copies << "\n"
     << indent << "Decoys: " << this->Decoys << "\n"
     << indent << "Seed: " << this->Seed << "\n"
     << indent << "Exchange: " << this->Exchange << "\n"
     << indent << "Within: " << this->Within << "\n"
     << indent << "NeighbourhoodIons: " << this->NeighbourhoodIons << "\n";
}

void vtkDetectOrder::DescribeInput(int port, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), port == 0 ? "vtkPointSet" : "vtkImageData");
}

int vtkDetectOrder::FillOutputPortInformation(int port, vtkInformation *info) {
  static const char *const types[] = {"vtkImageData", "vtkPolyData", "vtkTable", "vtkTable"};
  info->Set(vtkDataObject::DATA_TYPE_NAME(), types[port]);
  return 1;
}

void vtkDetectOrder::RequestInformation(vtkInformationVector **inputs,
                                        vtkInformationVector *outputs) {
  csro::PassExtent(inputs[1]->GetInformationObject(0), outputs->GetInformationObject(0));
  AnnouncePieces(outputs);
}

void vtkDetectOrder::RequestUpdateExtent(vtkInformationVector **inputs,
                                         vtkInformationVector *outputs) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
  csro::DemandVoxels(outputs->GetInformationObject(0), inputs[1]->GetInformationObject(0));
}

void vtkDetectOrder::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  vtkPointSet *ions = vtkPointSet::GetData(inputs[0]);
  vtkImageData *voxels = vtkImageData::GetData(inputs[1]);
  vtkImageData *output = vtkImageData::GetData(outputs, 0);
  const csro::SpeciesList species = csro::SharedSpecies(call, ions);
  std::unique_ptr<Detector> kept = this->TakeKept(call);
  Detector &detector = *kept;
  detector.Begin(call, ions);
  csro::Blocks blocks{};
  call.RunLocal([&] {
    detector.What.Grid = csro::GetGrid(call, voxels);
    blocks = csro::BlocksOfImage(call, detector.What.Grid, voxels);
  });
  const auto warn = [&](const std::string &text) {
    if (!text.empty() && call.Rank() == 0)
      vtkWarningMacro(<< text);
  };
  const bool isNew = detector.Made.Inputs.empty();
  std::vector<csro::NamedLabels> rich;
  if (isNew) {
    rich = FindSpecies(call, this->Species, detector.Ions, species);
    CheckSpread(call, detector.Ions, detector.Points);
    detector.Spacing = detector.FindSpacing();
    detector.Labels = species.Names.size();
  }
  warn(detector.PlanesWarning);
  if (isNew)
    detector.Look(std::move(rich));
  warn(detector.Warning());
  constexpr double voxelBytes = 40, ionBytes = 64;
  call.Reserve(voxelBytes * static_cast<double>(detector.Found.size()) *
                       static_cast<double>(csro_block_size(&blocks.Stored)) +
                   ionBytes * static_cast<double>(detector.Ions.Points.count),
               "the probabilities of the voxels",
               "choose voxels of a larger Stride or a smaller box, or fewer ions");
  detector.Search(blocks.Stored, species.Names);
  for (const Ordered &found : detector.Found)
    if (!found.Test.order && found.CountByModel > 0)
      vtkWarningMacro(<< found.Verdict << " The model alone would report " << found.CountByModel
                      << " domains.");
  if (detector.IsNoiseVague())
    warn(detector.NoiseWords());
  call.RunLocal([&] {
    vtkPolyData *domains = vtkPolyData::GetData(outputs, 1);
    detector.PutIons(domains);
    csro::PassFieldData(ions, domains);
    csro::PassFieldData(voxels, domains);
    if (call.Rank() == 0) {
      detector.PutTable(vtkTable::GetData(outputs, 2));
      detector.Kinds.PutRows(vtkTable::GetData(outputs, 3), detector.IsSearched);
    }
    output->ShallowCopy(voxels);
    const std::vector<std::string> searched = detector.Searched();
    for (size_t k = searched.size(); k-- > 0;) // the first is active
      detector.PutProbability(searched[k], voxels, output);
  });
  detector.Made = this->MakeKey();
  detector.End();
  this->Kept = std::move(kept);
}

vtkDetectOrder::Key vtkDetectOrder::MakeKey() {
  Key key{this->Species ? this->Species : "",
          {this->PlaneSpacing, this->Diameter[0], this->Diameter[1], this->SigmaXY, this->SigmaZ,
           this->SameSpeciesOnly ? 1.0 : 0.0, this->Force ? 1.0 : 0.0,
           static_cast<double>(this->Copies), static_cast<double>(this->Decoys),
           static_cast<double>(this->Seed), static_cast<double>(this->Exchange),
           static_cast<double>(this->Within), static_cast<double>(this->NeighbourhoodIons)},
          {}};
  for (int port = 0; port < this->GetNumberOfInputPorts(); ++port)
    if (vtkDataObject *input = this->GetInputDataObject(port, 0))
      key.Inputs.push_back(std::max(input->GetMTime(), input->GetUpdateTime()));
  return key;
}

// What was found by the last search, where it is the same that would be made now on all ranks, else
// a new one; that one is forgotten when this succeeds. Collective.
std::unique_ptr<vtkDetectOrder::Detector> vtkDetectOrder::TakeKept(csro::Call &call) {
  int64_t differ = this->Kept && this->Kept->Made == this->MakeKey() ? 0 : 1;
  call.Sum(&differ, 1);
  return differ == 0 ? std::move(this->Kept) : std::make_unique<Detector>(call, *this);
}
