#include "vtkDetectOrder.h"

#include "DomainTable.h"
#include "Grid.h"

#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkMultiProcessController.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

vtkStandardNewMacro(vtkDetectOrder);

namespace {
// Of domains per nm^3: the smallest detectable domain is told for data without any, too.
constexpr double LeastDensity = 1e-3;

// Releases on leaving, also by an error.
struct Planes : csro_planes {
  Planes() : csro_planes{} {}
  Planes(const Planes &) = delete;
  void operator=(const Planes &) = delete;
  ~Planes() {
    csro_planes_free(this);
  }
};

struct Order : csro_order {
  Order() : csro_order{} {}
  Order(const Order &) = delete;
  void operator=(const Order &) = delete;
  ~Order() {
    csro_order_free(this);
  }
};

uint16_t FindSpecies(csro::Call &call, const char *wanted, const std::vector<std::string> &names) {
  std::string known;
  for (size_t i = 1; i < names.size(); ++i) {
    if (wanted && names[i] == wanted)
      return static_cast<uint16_t>(i);
    known += (i > 1 ? ", " : "") + names[i];
  }
  call.Fail(CSRO_ERROR_ARGUMENT,
            std::string("no species '") + (wanted ? wanted : "") +
                "', expected one of: " + (known.empty() ? "(the ions have no species)" : known));
}

void PutNumber(const char *name, double value, vtkDataObject *data) {
  vtkNew<vtkDoubleArray> array;
  array->SetName(name);
  array->InsertNextValue(value);
  data->GetFieldData()->AddArray(array);
}
} // namespace

// One execution, on the rank that has all ions.
struct vtkDetectOrder::Detector {
  csro::Call &Call;
  const vtkDetectOrder &Filter;
  csro::IonView Ions{};
  Planes Lattice{};
  Order Found{};
  std::vector<float> Even{}, Signal{};
  std::vector<float> Probability{}; // of each voxel
  std::vector<double> ByChance{};   // evidence in all twins, the highest first
  csro_order_options Options{};
  double Smallest = 0; // diameter that is found with a probability of one half

  void Run(const csro_grid &grid, uint16_t species);
  void PutDomains(const std::vector<std::string> &names, vtkPolyData *all, vtkPolyData *output,
                  vtkTable *table) const;

private:
  void RunTwins(const csro_grid &grid, uint16_t species);
  void PutCertainty(int64_t count, csro::Columns &columns) const;
  double FindSmallest(const csro_grid &grid, uint16_t species) const;
};

void vtkDetectOrder::Detector::Run(const csro_grid &grid, uint16_t species) {
  csro_context *context = this->Call.Context();
  const int64_t count = this->Ions.Points.count;
  if (!this->Ions.Label && count > 0)
    this->Call.Fail(CSRO_ERROR_DATA, "the ions have no point array Species");
  this->Call.Check(csro_planes_fit(context, &this->Ions.Points, this->Ions.Label,
                                   this->Filter.PlaneSpacing, &this->Lattice));
  const double sigma = this->Filter.SigmaZ > 0 ? this->Filter.SigmaZ : this->Lattice.sigma_z;
  this->Options = {
      {this->Filter.Diameter[0], this->Filter.Diameter[1]}, this->Filter.SigmaXY, sigma};
  this->Even.resize(count);
  this->Signal.resize(count);
  this->Probability.resize(grid.n[0] * grid.n[1] * grid.n[2]);
  this->Call.Check(
      csro_planes_parity(context, &this->Lattice, sigma, &this->Ions.Points, this->Even.data()));
  this->Call.Check(csro_order_signal(context, this->Ions.Label, species, count, this->Even.data(),
                                     this->Filter.SameSpeciesOnly, this->Signal.data()));
  this->Call.Stage(0.0, 1.0 / (1 + this->Filter.Twins));
  this->Call.Check(csro_order_find(context, &this->Ions.Points, this->Signal.data(), &this->Options,
                                   &grid, this->Probability.data(), &this->Found));
  this->Smallest = this->FindSmallest(grid, species);
  this->RunTwins(grid, species);
}

// NaN without voxels inside the specimen to tell its ion density from.
double vtkDetectOrder::Detector::FindSmallest(const csro_grid &grid, uint16_t species) const {
  const uint16_t *label = this->Ions.Label;
  const int64_t count = this->Ions.Points.count;
  const auto ranged = static_cast<double>(count - std::count(label, label + count, 0));
  csro_occupancy occupancy{};
  const csro_block whole = csro_block_whole(grid.pixels);
  this->Call.Check(
      csro_occupancy_count(this->Call.Context(), &grid, &whole, &this->Ions.Points, &occupancy));
  if (occupancy.interior_ions == 0)
    return std::numeric_limits<double>::quiet_NaN();
  const double pixels = static_cast<double>(occupancy.interior_pixels) * std::pow(grid.stride, 3);
  csro_detectable data{};
  data.ions = static_cast<double>(occupancy.interior_ions) / pixels * ranged / count;
  data.fraction = static_cast<double>(std::count(label, label + count, species)) / ranged;
  data.same_species = this->Filter.SameSpeciesOnly;
  data.plane_spacing = this->Lattice.spacing;
  data.sigma_xy = this->Options.sigma_xy;
  data.sigma_z = this->Options.sigma_z;
  data.density = std::max(this->Found.density, LeastDensity);
  double diameter = 0;
  this->Call.Check(csro_order_detectable(this->Call.Context(), &data, 0.5, &diameter));
  return diameter;
}

// The same search where labels have changed places among the ranged ions.
void vtkDetectOrder::Detector::RunTwins(const csro_grid &grid, uint16_t species) {
  std::vector<uint16_t> label(this->Ions.Label, this->Ions.Label + this->Ions.Points.count);
  std::vector<int64_t> ranged;
  for (size_t i = 0; i < label.size(); ++i)
    if (label[i] > 0)
      ranged.push_back(static_cast<int64_t>(i));
  for (int twin = 0; twin < this->Filter.Twins; ++twin) {
    this->Call.Stage((twin + 1.0) / (1 + this->Filter.Twins),
                     (twin + 2.0) / (1 + this->Filter.Twins));
    csro_permutation permutation;
    csro_permutation_init(&permutation, static_cast<uint64_t>(this->Filter.Seed) + twin,
                          ranged.size());
    for (size_t i = 0; i < ranged.size(); ++i)
      label[ranged[i]] = this->Ions.Label[ranged[csro_permutation_at(&permutation, i)]];
    Order order;
    this->Call.Check(csro_order_signal(this->Call.Context(), label.data(), species,
                                       this->Ions.Points.count, this->Even.data(),
                                       this->Filter.SameSpeciesOnly, this->Signal.data()));
    this->Call.Check(csro_order_find(this->Call.Context(), &this->Ions.Points, this->Signal.data(),
                                     &this->Options, &grid, nullptr, &order));
    this->ByChance.insert(this->ByChance.end(), order.evidence, order.evidence + order.judged);
  }
  std::sort(this->ByChance.begin(), this->ByChance.end(), std::greater<double>());
}

void vtkDetectOrder::Detector::PutCertainty(int64_t count, csro::Columns &columns) const {
  const auto number = [&](const char *name, auto value) {
    columns.Numbers(name, count, [&](size_t i) { return value(this->Found.domains[i]); });
  };
  number("Probability", [](const csro_ordered_domain &d) { return d.probability; });
  double wrong = 0;
  columns.Numbers("FalseShare", count, [&](size_t i) {
    wrong += 1 - this->Found.domains[i].probability;
    return wrong / static_cast<double>(i + 1);
  });
  number("Evidence", [](const csro_ordered_domain &d) { return d.evidence; });
  if (this->Filter.Twins > 0)
    columns.Numbers("PerTwin", count, [&](size_t i) {
      const double evidence = this->Found.domains[i].evidence;
      const auto stronger = std::find_if(this->ByChance.begin(), this->ByChance.end(),
                                         [&](double chance) { return chance < evidence; });
      return static_cast<double>(stronger - this->ByChance.begin()) / this->Filter.Twins;
    });
  number("Diameter_nm", [](const csro_ordered_domain &d) { return d.diameter; });
  columns.Counts("OddPlanes", count, [&](size_t i) { return this->Found.domains[i].odd; });
}

void vtkDetectOrder::Detector::PutDomains(const std::vector<std::string> &names, vtkPolyData *all,
                                          vtkPolyData *output, vtkTable *table) const {
  const int64_t count = csro_order_declare(&this->Found, this->Filter.FalseShare);
  csro::DomainTable domains;
  std::vector<vtkIdType> ids;
  for (int64_t i = 0; i < this->Ions.Points.count; ++i) {
    const int64_t domain = this->Found.domain[i];
    if (domain < 0 || domain >= count)
      continue;
    ids.push_back(this->Ions.Point(i));
    domains.Labels.push_back(domain);
  }
  output->ShallowCopy(csro::TakePoints(all, ids));
  domains.Species = names;
  domains.Measure(this->Call, csro::ViewIons(this->Call, output), count);
  domains.PutLabels(output);
  csro::Columns columns(table);
  domains.PutRows(columns);
  this->PutCertainty(count, columns);
  PutNumber("DomainDensity_nm3", this->Found.density, output);
  PutNumber("SmallestDetectable_nm", this->Smallest, output);
  PutNumber("SigmaZ_nm", this->Options.sigma_z, output);
  PutNumber("PlaneCoherence", this->Lattice.coherence, output);
}

vtkDetectOrder::vtkDetectOrder() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(3);
  this->SetSpecies("Ni");
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
     << indent << "FalseShare: " << this->FalseShare << "\n"
     << indent << "Twins: " << this->Twins << "\n"
     << indent << "Seed: " << this->Seed << "\n";
}

int vtkDetectOrder::FillInputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), port == 0 ? "vtkPointSet" : "vtkImageData");
  return 1;
}

int vtkDetectOrder::FillOutputPortInformation(int port, vtkInformation *info) {
  static const char *const types[] = {"vtkImageData", "vtkPolyData", "vtkTable"};
  info->Set(vtkDataObject::DATA_TYPE_NAME(), types[port]);
  return 1;
}

void vtkDetectOrder::Inform(vtkInformationVector **inputs, vtkInformationVector *outputs) {
  csro::PassExtent(inputs[1]->GetInformationObject(0), outputs->GetInformationObject(0));
  AnnouncePieces(outputs);
}

void vtkDetectOrder::Demand(vtkInformationVector **inputs, vtkInformationVector *outputs) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
  csro::DemandVoxels(outputs->GetInformationObject(0), inputs[1]->GetInformationObject(0));
}

void vtkDetectOrder::Execute(csro::Call &call, vtkInformationVector **inputs,
                             vtkInformationVector *outputs) {
  vtkPointSet *ions = vtkPointSet::GetData(inputs[0]);
  vtkImageData *voxels = vtkImageData::GetData(inputs[1]);
  vtkImageData *output = vtkImageData::GetData(outputs, 0);
  const std::vector<std::string> names = csro::SharedSpeciesNames(call, ions);
  csro_grid grid{};
  csro::Blocks blocks{};
  uint16_t species = 0;
  vtkSmartPointer<vtkPolyData> mine;
  call.Together([&] {
    grid = csro::GetGrid(call, voxels);
    blocks = csro::BlocksOfImage(call, grid, voxels);
    species = FindSpecies(call, this->Species, names);
    std::vector<vtkIdType> ids = csro::ViewIons(call, ions).Index;
    if (ids.empty()) {
      ids.resize(ions->GetNumberOfPoints());
      std::iota(ids.begin(), ids.end(), 0);
    }
    mine = csro::TakePoints(ions, ids);
  });
  const vtkSmartPointer<vtkPolyData> all = csro::GatherIons(call, mine);
  Detector detector{call, *this};
  call.Together([&] {
    detector.Probability.resize(grid.n[0] * grid.n[1] * grid.n[2]);
    if (call.Rank() != 0)
      return;
    detector.Ions = csro::ViewIons(call, all);
    detector.Run(grid, species);
    vtkPolyData *domains = vtkPolyData::GetData(outputs, 1);
    detector.PutDomains(names, all, domains, vtkTable::GetData(outputs, 2));
    csro::PassFieldData(ions, domains);
    csro::PassFieldData(voxels, domains);
  });
  const int64_t layer = grid.n[0] * grid.n[1];
  for (int64_t k = 0; call.Ranks() > 1 && k < grid.n[2]; ++k)
    call.Controller()->Broadcast(&detector.Probability[k * layer], layer, 0);
  call.Together([&] {
    output->ShallowCopy(voxels);
    vtkNew<vtkFloatArray> probability;
    probability->SetName((std::string("P_order_") + this->Species).c_str());
    probability->SetNumberOfValues(csro_block_size(&blocks.Stored));
    const csro_block whole = csro_block_whole(grid.n), &own = blocks.Stored;
    for (vtkIdType i = 0; i < probability->GetNumberOfValues(); ++i) {
      const int64_t nx = own.hi[0] - own.lo[0], ny = own.hi[1] - own.lo[1];
      probability->SetValue(
          i, detector.Probability[csro_block_at(&whole, own.lo[0] + i % nx, own.lo[1] + i / nx % ny,
                                                own.lo[2] + i / nx / ny)]);
    }
    vtkDataArray *ionCount = voxels->GetPointData()->GetArray("IonCount");
    for (vtkIdType i = 0; ionCount && i < probability->GetNumberOfValues(); ++i)
      if (ionCount->GetComponent(i, 0) == 0)
        probability->SetValue(i, std::numeric_limits<float>::quiet_NaN());
    output->GetPointData()->AddArray(probability);
    output->GetPointData()->SetActiveScalars(probability->GetName());
  });
}
