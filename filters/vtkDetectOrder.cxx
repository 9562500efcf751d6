#include "vtkDetectOrder.h"

#include "data/FieldArrays.h"
#include "data/LatticePlanes.h"
#include "data/SpeciesPairs.h"
#include "data/StrayIons.h"
#include "data/VoxelImage.h"
#include "parallel/DistributedOrderSearch.h"
#include "parallel/DistributedPole.h"
#include "parallel/Owned.h"
#include "parallel/RandomizedCopy.h"
#include "parallel/SortIons.h"

#include "csro/chance.h"
#include "csro/detectable.h"
#include "csro/distributed_order.h"
#include "csro/order.h"
#include "csro/planes.h"
#include "csro/voxels.h"

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
#include <vector>

vtkStandardNewMacro(vtkDetectOrder);

namespace {
// Of domains per nm^3: the smallest detectable domain is told for data without any, too.
constexpr double LeastDensity = 1e-3;
constexpr double LeastSpacing = 0.05; // nm

const char *const DefaultSpecies = "Ni";

// The rich species.
struct RichSpecies {
  std::string Name;
  std::vector<uint16_t> Labels;
  std::string Warning;
};

// What is wanted; where that is nothing, or the default in an alloy without it, the element that
// the data suggest. Collective.
RichSpecies FindSpecies(csro::Call &call, const char *wanted, const csro::IonView &ions,
                        const csro::SpeciesList &species) {
  RichSpecies found{wanted ? wanted : "", {}, {}};
  found.Labels = csro::FindLabels(found.Name, species);
  const bool choose = found.Labels.empty() && (found.Name.empty() || found.Name == DefaultSpecies);
  if (choose) {
    if (const csro::Element *element = csro::DefaultElement(call, ions, species)) {
      found.Warning = "the ions have no species " + std::string(DefaultSpecies) +
                      ": looking for planes rich in " + element->Symbol +
                      ", the most frequent element that can be (set Species for another)";
      return {element->Symbol, element->Labels, found.Warning};
    }
  }
  call.RunLocal([&] {
    if (!found.Labels.empty())
      return;
    std::string known;
    for (size_t i = 1; i < species.Names.size(); ++i)
      known += (i > 1 ? ", " : "") + species.Names[i];
    call.Fail(CSRO_ERROR_ARGUMENT, "no species '" + found.Name + "', expected one of: " +
                                       (known.empty() ? "(the ions have no species)" : known));
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

// One execution.
struct vtkDetectOrder::Detector {
  csro::Call &Call;
  const vtkDetectOrder &Filter;
  vtkSmartPointer<vtkPointSet> Points{}; // in the order of their IonId over the ranks
  csro::IonView Ions{};
  csro::OrderTask What{};
  csro::Plan Where{};
  double Spacing = 0;               // of the planes
  csro_pole_map Map{};              // where they are; is owned by the caller
  std::vector<float> Probability{}; // of each voxel of the part
  csro::DomainTable Table{};
  std::vector<csro_ordered_domain> Domains{}; // on rank 0: those reported
  std::vector<double> InCopies{}, InDecoys{}; // there, too: evidence of all, the highest first
  csro_chance Chance{};                       // of these
  csro_chance_test Test{};
  char Verdict[CSRO_CHANCE_TEXT] = ""; // the same in words
  int64_t ByModel = 0;                 // domains that the model alone would report, there
  double Density = 0;
  double Smallest = 0; // diameter that is found with a probability of one half

  // Collective.
  void Run(const csro_block &stored, const std::vector<std::string> &names);
  // Inside a local section.
  void PutIons(vtkPolyData *output) const;
  void PutTable(vtkTable *table) const;

  // The spacing of the planes along z, as given or measured; warns. Collective.
  double FindSpacing(std::string &warning);

private:
  // Progress after so many searches.
  double StageOf(int searches) const {
    return searches / (1.0 + this->Filter.Decoys + this->Filter.Copies);
  }
  // Whether planes of this spacing (0: any) are followed as they were measured.
  bool Follows(double spacing) const {
    const csro_pole_summary &measured = this->Map.summary;
    return measured.found &&
           (spacing == 0 || std::abs(spacing / measured.spacing - 1) <= CSRO_GUARD_OTHER_PLANES);
  }
  void RunCopies();
  void RunDecoys(csro::OrderSearch &search);
  // What is left of the domains where there is order beyond chance.
  void CompareWithChance(csro::OrderSearch &search);
  void FindSmallest(const csro::OrderSearch &search);
};

double vtkDetectOrder::Detector::FindSpacing(std::string &warning) {
  const double given = this->Filter.PlaneSpacing;
  double bounds[6];
  csro::BoundsOfAll(this->Call, this->Ions.Points, bounds);
  csro_pole_options options;
  csro_pole_options_init(&options);
  csro_pole_map &map = this->Map;
  csro::FindPole(this->Call, this->Ions.Points, this->Ions.Label, bounds, options, map);
  this->Call.RunLocal([&] {
    if (given > 0 && given < LeastSpacing)
      this->Call.Fail(CSRO_ERROR_ARGUMENT, "PlaneSpacing is " + std::to_string(given) +
                                               " nm, expected 0 (measured) or " + "0.05 to 2 nm");
    if (given == 0 && !map.summary.found)
      this->Call.Fail(CSRO_ERROR_DATA,
                      "the ions show no lattice planes across z from which PlaneSpacing could be "
                      "measured: the order along this pole cannot be told");
    csro_lattice_planes planes = csro::PlanesOf(map.summary);
    if (this->Follows(given))
      planes.tilt = 0; // however they lean
    warning = csro::GuardPlanes(this->Call, planes, given, "PlaneSpacing",
                                "set PlaneSpacing to 0 (measured)", this->Filter.Force);
  });
  return given > 0 ? given : map.summary.spacing;
}

void vtkDetectOrder::Detector::Run(const csro_block &stored,
                                   const std::vector<std::string> &names) {
  csro::FitPlanes(this->Call, this->Ions, this->Spacing,
                  this->Follows(this->Spacing) ? &this->Map : nullptr, this->What.Planes);
  this->What.SigmaZ = this->Filter.SigmaZ;
  this->What.SameSpeciesOnly = this->Filter.SameSpeciesOnly;
  this->What.Options = {{this->Filter.Diameter[0], this->Filter.Diameter[1]},
                        this->Filter.SigmaXY,
                        this->Filter.SigmaZ > 0 ? this->Filter.SigmaZ : this->What.Planes.sigma_z};
  this->Call.RunLocal(
      [&] { this->Call.Check(csro_order_check(this->Call.Context(), &this->What.Options)); });
  this->Where =
      csro::PlanAround(this->Call, this->Ions.Points, csro_order_halo(&this->What.Options));
  this->Call.Stage(0, this->StageOf(1));
  csro::OrderSearch search(this->Call, this->What, this->Ions, this->Where);
  search.Run();
  search.Report();
  const csro::OrderSearch::VoxelOdds odds = search.FindVoxelOdds(stored);
  this->RunDecoys(search);
  this->RunCopies();
  this->CompareWithChance(search);
  const int64_t count = this->Test.order
                            ? csro_order_select_fdr(static_cast<int64_t>(search.Domains.size()),
                                                    search.Domains.data(), this->Filter.FDR)
                            : 0;
  const std::vector<int64_t> domain = search.Keep(count);
  this->Table = search.Measure(names);
  this->Table.Labels = domain;
  this->Domains.assign(search.Domains.begin(), search.Domains.begin() + count);
  this->Call.RunLocal([&] {
    this->FindSmallest(search);
    for (size_t v = 0; v < odds.Inside.size(); ++v)
      this->Probability.push_back(
          csro_order_probability(this->Density, odds.Inside[v], odds.Outside[v]));
  });
}

void vtkDetectOrder::Detector::CompareWithChance(csro::OrderSearch &search) {
  std::sort(this->InCopies.begin(), this->InCopies.end(), std::greater<double>());
  std::sort(this->InDecoys.begin(), this->InDecoys.end(), std::greater<double>());
  const auto list = [](const std::vector<double> &evidence, double searches) {
    return csro_chance_list{static_cast<int64_t>(evidence.size()), evidence.data(), searches};
  };
  this->Chance = {list(this->InCopies, this->Filter.Copies),
                  list(this->InDecoys, this->Filter.Decoys * search.Unclaimed), search.Volume};
  this->Call.RunLocal([&] {
    if (this->Call.Rank() > 0)
      return;
    const auto count = static_cast<int64_t>(search.Evidence.size());
    this->ByModel = csro_order_select_fdr(static_cast<int64_t>(search.Domains.size()),
                                          search.Domains.data(), this->Filter.FDR);
    this->Test = csro_chance_try(&this->Chance, count, search.Evidence.data());
    this->Call.Check(csro_chance_lower(
        this->Call.Context(), &this->Chance, count, search.Evidence.data(),
        static_cast<int64_t>(search.Domains.size()), search.Domains.data(), &search.Density));
  });
  csro_chance_text(&this->Chance, &this->Test, this->Verdict);
  std::array<double, 3> shared = {search.Density, this->Test.p, this->Test.order ? 1.0 : 0.0};
  if (this->Call.Ranks() > 1) {
    this->Call.Controller()->Broadcast(shared.data(), static_cast<vtkIdType>(shared.size()), 0);
    this->Call.Controller()->Broadcast(this->Verdict, CSRO_CHANCE_TEXT, 0);
  }
  this->Density = shared[0];
  this->Test.p = shared[1];
  this->Test.order = shared[2] > 0;
}

void vtkDetectOrder::Detector::FindSmallest(const csro::OrderSearch &search) {
  const csro_order_species &all = search.Ranged;
  csro_detectable data{};
  data.ions = static_cast<double>(all.ranged) / search.Volume;
  data.fraction = static_cast<double>(all.rich) / static_cast<double>(all.ranged);
  data.same_species = this->Filter.SameSpeciesOnly;
  data.plane_spacing = this->What.Planes.spacing;
  data.sigma_xy = this->What.Options.sigma_xy;
  data.sigma_z = this->What.Options.sigma_z;
  data.density = std::max(this->Density, LeastDensity);
  this->Call.Check(csro_order_detectable(this->Call.Context(), &data, 0.5, &this->Smallest));
}

// The same search where labels have changed places.
void vtkDetectOrder::Detector::RunCopies() {
  const csro::CopyRules rules = csro::MakeCopyRules(this->Filter.Exchange, this->Filter.Within,
                                                    this->Filter.NeighbourhoodIons);
  const int before = 1 + this->Filter.Decoys;
  for (int copy = 0; copy < this->Filter.Copies; ++copy) {
    this->Call.Stage(this->StageOf(before + copy), this->StageOf(before + copy + 1));
    const std::vector<uint16_t> label = csro::RandomizeSpecies(
        this->Call, this->Ions, rules, static_cast<uint64_t>(this->Filter.Seed) + copy);
    csro::IonView ions;
    ions.Points = this->Ions.Points;
    ions.Label = label.data();
    csro::OrderSearch search(this->Call, this->What, ions, this->Where);
    search.Run();
    const std::vector<double> evidence = search.GatherEvidence();
    this->InCopies.insert(this->InCopies.end(), evidence.begin(), evidence.end());
  }
}

// The same search for patterns of planes that no structure has.
void vtkDetectOrder::Detector::RunDecoys(csro::OrderSearch &search) {
  for (int decoy = 1; decoy <= this->Filter.Decoys; ++decoy) {
    this->Call.Stage(this->StageOf(decoy), this->StageOf(decoy + 1));
    const std::vector<double> evidence = search.TryDecoy(decoy);
    this->InDecoys.insert(this->InDecoys.end(), evidence.begin(), evidence.end());
  }
}

void vtkDetectOrder::Detector::PutIons(vtkPolyData *output) const {
  csro::DomainTable kept = this->Table;
  std::vector<vtkIdType> ids;
  kept.Labels.clear();
  for (int64_t i = 0; i < this->Ions.Points.count; ++i)
    if (this->Table.Labels[i] >= 0) {
      ids.push_back(this->Ions.Point(i));
      kept.Labels.push_back(this->Table.Labels[i]);
    }
  output->ShallowCopy(csro::TakePoints(this->Call, this->Points, ids));
  kept.PutLabels(this->Call, output);
  csro::PutNumbers(output, "DomainDensity_nm3", {this->Density});
  csro::PutNumbers(output, "SmallestDetectable_nm", {this->Smallest});
  csro::PutNumbers(output, "SigmaZ_nm", {this->What.Options.sigma_z});
  csro::PutNumbers(output, "PlaneCoherence", {this->What.Planes.coherence});
  csro::PutNumbers(output, "PlaneShare", {this->Map.summary.share});
  csro::PutNumbers(output, "OrderP", {this->Test.p});
  csro::PutTexts(output, "OrderVerdict", {this->Verdict});
}

void vtkDetectOrder::Detector::PutTable(vtkTable *table) const {
  const auto count = static_cast<int64_t>(this->Domains.size());
  csro::Columns columns(table);
  this->Table.PutRows(columns);
  const auto number = [&](const char *name, auto value) {
    columns.Numbers(name, count, [&](size_t i) { return value(this->Domains[i]); });
  };
  number("Probability", [](const csro_ordered_domain &d) { return d.probability; });
  number("IonShare", [](const csro_ordered_domain &d) { return d.ion_share; });
  std::vector<double> fdr(count);
  csro_order_fdr(count, this->Domains.data(), fdr.data());
  columns.Numbers("FDR", count, [&](size_t i) { return fdr[i]; });
  number("Evidence", [](const csro_ordered_domain &d) { return d.evidence; });
  if (this->Filter.Copies + this->Filter.Decoys > 0)
    number("ChanceCount", [this](const csro_ordered_domain &d) {
      return csro_chance_expected(&this->Chance, d.evidence);
    });
  number("Diameter_nm", [](const csro_ordered_domain &d) { return d.diameter; });
  columns.Counts("OddPlanes", count, [&](size_t i) { return this->Domains[i].odd; });
}

vtkDetectOrder::vtkDetectOrder() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(3);
  this->SetSpecies(DefaultSpecies);
  this->Need(1, "no voxels: choose the output of Voxelize APT on these ions as Voxels");
  this->Expect("PlaneSpacing", this->PlaneSpacing, 0, 2, "nm");
  this->Expect("FDR", this->FDR, 0, 1);
  this->Expect("Diameter", this->Diameter, 0.1, 20.0, "nm");
  this->Expect("SigmaXY", this->SigmaXY, 0.01, 2, "nm");
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
  static const char *const types[] = {"vtkImageData", "vtkPolyData", "vtkTable"};
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
  Detector detector{call, *this};
  const csro::Owned<csro_planes_release> planes(&detector.What.Planes);
  const csro::Owned<csro_pole_map_release> map(&detector.Map);
  csro::Blocks blocks{};
  detector.Points = csro::SortIons(call, ions);
  call.RunLocal([&] {
    detector.What.Grid = csro::GetGrid(call, voxels);
    blocks = csro::BlocksOfImage(call, detector.What.Grid, voxels);
    detector.Ions = csro::ViewIons(call, detector.Points);
    if (!detector.Ions.Label && detector.Ions.Points.count > 0)
      call.Fail(CSRO_ERROR_DATA, "the ions have no point array Species");
  });
  const RichSpecies rich = FindSpecies(call, this->Species, detector.Ions, species);
  detector.What.Species = rich.Labels[0];
  call.RunLocal([&] { detector.What.Merge = csro::MergeMap({rich.Labels}, species.Names.size()); });
  CheckSpread(call, detector.Ions, detector.Points);
  std::string planesWarning;
  detector.Spacing = detector.FindSpacing(planesWarning);
  for (const std::string &warning : {rich.Warning, planesWarning})
    if (!warning.empty() && call.Rank() == 0)
      vtkWarningMacro(<< warning);
  constexpr double voxelBytes = 40, ionBytes = 64;
  call.Reserve(voxelBytes * static_cast<double>(csro_block_size(&blocks.Stored)) +
                   ionBytes * static_cast<double>(detector.Ions.Points.count),
               "the probabilities of the voxels",
               "choose voxels of a larger Stride or a smaller box, or fewer ions");
  detector.Run(blocks.Stored, species.Names);
  if (!detector.Test.order && detector.ByModel > 0)
    vtkWarningMacro(<< detector.Verdict << " The model alone would report " << detector.ByModel
                    << " domains.");
  call.RunLocal([&] {
    vtkPolyData *domains = vtkPolyData::GetData(outputs, 1);
    detector.PutIons(domains);
    csro::PassFieldData(ions, domains);
    csro::PassFieldData(voxels, domains);
    if (call.Rank() == 0)
      detector.PutTable(vtkTable::GetData(outputs, 2));
    output->ShallowCopy(voxels);
    const auto probability = csro::MakeArray<vtkFloatArray>(
        call, "P_order_" + rich.Name, 1, static_cast<vtkIdType>(detector.Probability.size()));
    std::copy(detector.Probability.begin(), detector.Probability.end(), probability->GetPointer(0));
    vtkDataArray *ionCount = voxels->GetPointData()->GetArray("IonCount");
    for (vtkIdType i = 0; ionCount && i < probability->GetNumberOfValues(); ++i)
      if (ionCount->GetComponent(i, 0) == 0)
        probability->SetValue(i, std::numeric_limits<float>::quiet_NaN());
    output->GetPointData()->AddArray(probability);
    output->GetPointData()->SetActiveScalars(probability->GetName());
  });
}
