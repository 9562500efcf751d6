#include "vtkLatticeMonteCarlo.h"

#include "data/FieldArrays.h"
#include "data/IonArrays.h"
#include "data/SpeciesLabels.h"
#include "data/SpeciesPairs.h"
#include "data/TableColumns.h"
#include "data/ValueList.h"
#include "parallel/Exchange.h"
#include "parallel/Owned.h"

#include "csro/monte_carlo.h"
#include "csro/parse.h"

#include <vtkCompositeDataSet.h>
#include <vtkDataObject.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkMultiBlockDataSet.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkSmartPointer.h>
#include <vtkTable.h>
#include <vtkUnsignedShortArray.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

vtkStandardNewMacro(vtkLatticeMonteCarlo);

namespace {
using OwnedInteractions = csro::Owned<csro_interactions_destroy>;
using Points = std::vector<csro_state_point>;

// Frees what the points own, also when an error leaves them.
struct PointsOwner {
  Points All;
  ~PointsOwner() {
    for (csro_state_point &point : this->All)
      csro_state_point_release(&point);
  }
};

// Every estimate of a temperature, for the exchange between ranks.
std::vector<csro_estimate *> EstimatesOf(csro_state_point &point, int species) {
  std::vector<csro_estimate *> all{&point.energy, &point.heat_capacity};
  for (auto &structure : point.order)
    for (int s = 0; s < species; ++s)
      all.push_back(&structure[s]);
  for (int k = 0; k < point.shells * species * species; ++k)
    all.push_back(&point.alpha[k]);
  return all;
}

std::vector<double> Pack(csro_state_point &point, int species) {
  std::vector<double> values{point.near_accepted, point.far_accepted};
  for (const csro_estimate *estimate : EstimatesOf(point, species))
    values.insert(values.end(), {estimate->mean, estimate->error, estimate->tau});
  return values;
}

void Unpack(const double *values, csro_state_point &point, int species) {
  point.near_accepted = *values++;
  point.far_accepted = *values++;
  for (csro_estimate *estimate : EstimatesOf(point, species)) {
    *estimate = {values[0], values[1], values[2]};
    values += 3;
  }
}

void PutEstimate(csro::Columns &columns, const std::string &name, const std::string &unit,
                 const Points &points,
                 const std::function<const csro_estimate &(const csro_state_point &)> &pick) {
  columns.Numbers(name + unit, points.size(), [&](size_t i) { return pick(points[i]).mean; });
  columns.Numbers("StandardError_" + name + unit, points.size(),
                  [&](size_t i) { return pick(points[i]).error; });
}

// What it ran with, as a file that the property InteractionsFile takes.
void PutInteractions(csro::Call &call, const csro_interactions &interactions, vtkDataObject *data) {
  char *text = nullptr;
  call.Check(csro_interactions_text(call.Context(), &interactions, &text));
  const std::unique_ptr<char, decltype(&std::free)> owner(text, std::free);
  csro::PutTexts(data, "CSRO_Interactions", {text});
}

// One row per temperature.
void PutTemperatures(const Points &points, const csro_interactions &interactions, vtkTable *table) {
  csro::Columns columns(table);
  columns.Numbers("Temperature_K", points.size(), [&](size_t i) { return points[i].kelvin; });
  PutEstimate(columns, "Energy", "_eV", points,
              [](const csro_state_point &p) -> const csro_estimate & { return p.energy; });
  PutEstimate(columns, "HeatCapacity", "_k", points,
              [](const csro_state_point &p) -> const csro_estimate & { return p.heat_capacity; });
  columns.Numbers("AutocorrelationTime_sweeps", points.size(),
                  [&](size_t i) { return points[i].energy.tau; });
  columns.Numbers("NearAccepted", points.size(), [&](size_t i) { return points[i].near_accepted; });
  columns.Numbers("FarAccepted", points.size(), [&](size_t i) { return points[i].far_accepted; });
  for (int k = 0; k < CSRO_ORDERS; ++k)
    for (int s = 0; s < interactions.species_count; ++s) {
      const auto pick = [k, s](const csro_state_point &p) -> const csro_estimate & {
        return p.order[k][s];
      };
      if (!std::isnan(points[0].order[k][s].mean))
        PutEstimate(columns,
                    std::string("Order_") + csro_prototype_names[CSRO_ORDER_FIRST + k] + "_" +
                        interactions.names[s],
                    "", points, pick);
    }
}

// One row per temperature and shell.
void PutShells(const Points &points, const csro_interactions &interactions, vtkTable *table) {
  csro::Columns columns(table);
  const int species = interactions.species_count;
  const size_t shells = points[0].shells, rows = points.size() * shells;
  columns.Numbers("Temperature_K", rows, [&](size_t i) { return points[i / shells].kelvin; });
  columns.Counts("Shell", rows, [&](size_t i) { return static_cast<int64_t>(i % shells + 1); });
  columns.Numbers("Distance_nm", rows, [&](size_t i) { return points[0].radius[i % shells]; });
  for (int a = 0; a < species; ++a)
    for (int b = 0; b < species; ++b) {
      const auto pick = [&](size_t i) -> const csro_estimate & {
        return points[i / shells].alpha[(i % shells * species + a) * species + b];
      };
      const std::string pair =
          csro::PairKey(std::string(interactions.names[a]) + "-" + interactions.names[b]);
      columns.Numbers("Alpha_" + pair, rows, [&](size_t i) { return pick(i).mean; });
      columns.Numbers("StandardError_Alpha_" + pair, rows, [&](size_t i) { return pick(i).error; });
    }
}

vtkSmartPointer<vtkUnsignedShortArray> LabelsOf(csro::Call &call, const uint8_t *species,
                                                int64_t count) {
  auto labels = csro::MakeArray<vtkUnsignedShortArray>(call, "Species", 1, count);
  for (int64_t i = 0; i < count; ++i)
    labels->SetValue(i, species[i] + 1);
  return labels;
}

// The atoms, in the order of the sites.
void PutConfiguration(csro::Call &call, const csro_lattice &lattice, vtkPolyData *output) {
  const int64_t count = csro_lattice_site_count(&lattice);
  csro_ions ions{};
  ions.count = ions.total = count;
  ions.xyz = csro::Allocate(call, 3 * count, sizeof(float));
  auto *xyz = static_cast<float *>(ions.xyz);
  for (int64_t i = 0; i < count; ++i) {
    double r[3];
    csro_lattice_position(&lattice, i, r);
    std::copy_n(r, 3, xyz + 3 * i);
  }
  csro::PutIons(call, &ions, 0, output);
  const auto labels = LabelsOf(call, lattice.species, count);
  std::vector<const char *> names;
  for (int s = 0; s < lattice.species_count; ++s)
    names.push_back(lattice.names[s]);
  csro_ranges *made = nullptr;
  call.Check(csro_ranges_of_names(call.Context(), lattice.species_count, names.data(), nullptr,
                                  nullptr, &made));
  const csro::Ranges known(made);
  csro::PutSpecies(labels, known->species, known->species_count, output);
  std::vector<double> box(9), cell(lattice.edge, lattice.edge + 3),
      basis(lattice.basis[0], lattice.basis[0] + 3 * lattice.basis_count);
  for (int axis = 0; axis < 3; ++axis)
    box[4 * axis] = lattice.edge[axis] * lattice.cells[axis];
  csro::PutNumbers(output, "CSRO_Box", box);
  csro::PutNumbers(output, "CSRO_LatticeCell", cell);
  csro::PutNumbers(output, "CSRO_LatticeBasis", basis);
}

// A block for each run: the first configuration with the species of the run. Those of the runs come
// from one rank after the other, each of which has every call.Ranks()-th run.
void PutRuns(csro::Call &call, vtkPolyData *first, const std::vector<uint8_t> &species, int runs,
             vtkMultiBlockDataSet *output) {
  const vtkIdType sites = first->GetNumberOfPoints();
  output->SetNumberOfBlocks(runs);
  size_t at = 0;
  for (int rank = 0; rank < call.Ranks(); ++rank)
    for (int run = rank; run < runs; run += call.Ranks()) {
      vtkNew<vtkPolyData> block;
      block->ShallowCopy(first);
      if (call.Rank() == 0 && run > 0)
        block->GetPointData()->AddArray(LabelsOf(call, &species[at], sites));
      at += sites;
      output->SetBlock(run, block);
      output->GetMetaData(run)->Set(vtkCompositeDataSet::NAME(),
                                    ("Run " + std::to_string(run + 1)).c_str());
    }
}

// The shares that the composition asks for.
std::vector<double> SharesOf(csro::Call &call, const csro_interactions &interactions,
                             const char *composition) {
  std::vector<double> shares(interactions.shares, interactions.shares + interactions.species_count);
  std::vector<csro_named_value> typed(CSRO_LATTICE_SPECIES);
  int count = 0;
  call.Check(csro_named_values_parse(call.Context(), "the composition",
                                     composition ? composition : "", NAN, CSRO_LATTICE_SPECIES,
                                     typed.data(), &count));
  if (count == 0)
    return shares;
  std::fill(shares.begin(), shares.end(), 0.0);
  double sum = 0;
  for (int k = 0; k < count; ++k) {
    int at = 0;
    while (at < interactions.species_count && strcmp(interactions.names[at], typed[k].name) != 0)
      ++at;
    if (at == interactions.species_count)
      call.Fail(CSRO_ERROR_ARGUMENT,
                std::string("the composition has ") + typed[k].name + ", the interactions do not");
    call.Check(
        csro_check_number(call.Context(), "a share of the composition", typed[k].value, 0, 1e6));
    sum += shares[at] = typed[k].value;
  }
  if (!(sum > 0))
    call.Fail(CSRO_ERROR_ARGUMENT, "the shares of the composition are all 0");
  for (double &share : shares)
    share /= sum;
  return shares;
}
} // namespace

vtkLatticeMonteCarlo::vtkLatticeMonteCarlo() {
  this->SetNumberOfInputPorts(0);
  this->SetNumberOfOutputPorts(4);
  this->Expect("Interactions", this->Interactions, NICOCR, FROM_FILE);
  this->Expect("Cells", this->Cells, 1, 4096);
  this->Expect("Temperatures", this->Temperatures, 1, 1e6, "K");
  this->Expect("Equilibration", this->Equilibration, 0, 1e7);
  this->Expect("Sweeps", this->Sweeps, 1, 1e7);
  this->Expect("MeasureEvery", this->MeasureEvery, 1, 1e7);
  this->Expect("FarShare", this->FarShare, 0, 1);
  this->Expect("Shells", this->Shells, 0, 16);
  this->Expect("Runs", this->Runs, 1, 1000);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX);
}

vtkLatticeMonteCarlo::~vtkLatticeMonteCarlo() {
  this->SetInteractionsFile(nullptr);
  this->SetComposition(nullptr);
}

void vtkLatticeMonteCarlo::SetTemperatureCount(int count) {
  csro::SetValueCount(this->Temperatures, count);
  this->Modified();
}

void vtkLatticeMonteCarlo::SetTemperature(int index, double kelvin) {
  csro::SetValueAt(this->Temperatures, index, kelvin);
  this->Modified();
}

void vtkLatticeMonteCarlo::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Interactions: " << this->Interactions << "\n"
     << indent << "InteractionsFile: " << (this->InteractionsFile ? this->InteractionsFile : "")
     << "\n"
     << indent << "Cells: " << this->Cells[0] << " " << this->Cells[1] << " " << this->Cells[2]
     << "\n"
     << indent << "Composition: " << (this->Composition ? this->Composition : "") << "\n"
     << indent << "Temperatures: " << this->Temperatures.size() << "\n"
     << indent << "Equilibration: " << this->Equilibration << "\n"
     << indent << "Sweeps: " << this->Sweeps << "\n"
     << indent << "MeasureEvery: " << this->MeasureEvery << "\n"
     << indent << "FarShare: " << this->FarShare << "\n"
     << indent << "Shells: " << this->Shells << "\n"
     << indent << "Runs: " << this->Runs << "\n"
     << indent << "Seed: " << this->Seed << "\n";
}

int vtkLatticeMonteCarlo::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 0   ? "vtkPolyData"
                                             : port == 3 ? "vtkMultiBlockDataSet"
                                                         : "vtkTable");
  return 1;
}

void vtkLatticeMonteCarlo::RequestInformation(vtkInformationVector **,
                                              vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkLatticeMonteCarlo::RequestData(csro::Call &call, vtkInformationVector **,
                                       vtkInformationVector *outputs) {
  OwnedInteractions interactions;
  std::vector<double> shares;
  call.RunLocal([&] {
    const bool file = this->Interactions == FROM_FILE;
    if (file && (!this->InteractionsFile || !*this->InteractionsFile))
      call.Fail(CSRO_ERROR_ARGUMENT, "no interaction file is chosen");
    if (this->Temperatures.empty())
      call.Fail(CSRO_ERROR_ARGUMENT, "no temperature is given");
    csro_interactions *read = nullptr;
    call.Check(file ? csro_interactions_read(call.Context(), this->InteractionsFile, &read)
                    : csro_interactions_shipped(call.Context(), this->Interactions, &read));
    interactions.reset(read);
    shares = SharesOf(call, *interactions, this->Composition);
  });
  const int species = interactions->species_count, temperatures = this->Temperatures.size();
  double sites = interactions->basis_count;
  for (const int cells : this->Cells)
    sites *= cells;
  const double runs = this->Runs, ranks = call.Ranks(),
               siteBytes =
                   4 + std::ceil(runs / ranks) + (call.Rank() == 0 ? 40 + 3 * (runs - 1) : 0),
               measured = this->Sweeps, orders = (this->Shells + CSRO_ORDERS) * species * species;
  call.Reserve(sites * siteBytes + 8 * measured * (1 + orders / this->MeasureEvery),
               "the lattice and its measurements", "choose fewer cells, runs or sweeps");

  csro_lattice lattice{};
  const csro::Owned<csro_lattice_release> latticeOwner(&lattice);
  PointsOwner mean;
  std::vector<double> found;       // of all runs: [run][temperature][value]
  std::vector<uint8_t> allSpecies; // of the runs of this rank: [run][site]
  const int share = (this->Runs + call.Ranks() - 1) / call.Ranks();
  call.RunLocal([&] {
    for (int run = call.Rank(); run < this->Runs; run += call.Ranks()) {
      csro_lattice start{};
      const csro::Owned<csro_lattice_release> startOwner(&start);
      const uint64_t seed = (static_cast<uint64_t>(this->Seed) << 32) + run;
      call.Check(csro_interactions_lattice(call.Context(), interactions.get(), shares.data(),
                                           this->Cells, seed, &start));
      csro_monte_carlo *made = nullptr;
      call.Check(csro_monte_carlo_create(call.Context(), interactions.get(), &start, seed, &made));
      const csro::Owned<csro_monte_carlo_destroy> owner(made);
      for (int t = 0; t < temperatures; ++t) {
        const double done = run / call.Ranks() + double(t) / temperatures;
        call.Stage(done / share, (done + 1.0 / temperatures) / share);
        const csro_measurement how{this->Temperatures[t], this->FarShare,     this->Equilibration,
                                   this->Sweeps,          this->MeasureEvery, this->Shells};
        PointsOwner one;
        one.All.resize(1);
        call.Check(csro_monte_carlo_measure(call.Context(), made, &how, &one.All[0]));
        const std::vector<double> values = Pack(one.All[0], species);
        const size_t row = values.size();
        found.resize(row * this->Runs * temperatures);
        std::copy(values.begin(), values.end(),
                  found.begin() + static_cast<ptrdiff_t>(row * (run * temperatures + t)));
        if (run == 0) {
          mean.All.push_back(one.All[0]);
          one.All.clear();
        }
      }
      csro_monte_carlo_species(made, start.species);
      allSpecies.insert(allSpecies.end(), start.species,
                        start.species + csro_lattice_site_count(&start));
      if (run == 0)
        std::swap(lattice, start);
    }
  });
  allSpecies = csro::GatherOnFirst(call, std::move(allSpecies));
  int64_t size = static_cast<int64_t>(found.size());
  call.Maximum(&size, 1);
  found.resize(size);
  call.Sum(found.data(), static_cast<int>(size));
  vtkPolyData *first = vtkPolyData::GetData(outputs, 0);
  call.RunLocal([&] {
    if (call.Rank() == 0) {
      PutConfiguration(call, lattice, first);
      PutInteractions(call, *interactions, first);
    }
    PutRuns(call, first, allSpecies, this->Runs, vtkMultiBlockDataSet::GetData(outputs, 3));
    if (call.Rank() != 0)
      return;
    const size_t row = size / (this->Runs * temperatures);
    for (int t = 0; t < temperatures; ++t)
      for (int run = 1; run < this->Runs; ++run) {
        csro_state_point one = mean.All[t];
        std::vector<csro_estimate> alpha(one.shells * species * species);
        one.alpha = alpha.data();
        Unpack(&found[row * (run * temperatures + t)], one, species);
        csro_state_point_add(&mean.All[t], run, &one, species);
      }
    PutTemperatures(mean.All, *interactions, vtkTable::GetData(outputs, 1));
    PutInteractions(call, *interactions, vtkTable::GetData(outputs, 1));
    PutShells(mean.All, *interactions, vtkTable::GetData(outputs, 2));
  });
}
