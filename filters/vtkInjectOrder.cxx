#include "vtkInjectOrder.h"

#include "data/FieldArrays.h"
#include "data/SpeciesPairs.h"
#include "data/TableColumns.h"
#include "parallel/DistributedOrderSearch.h"
#include "parallel/DistributedPole.h"
#include "parallel/Owned.h"
#include "parallel/SortIons.h"

#include "csro/inject.h"
#include "csro/pole.h"

#include <vtkDataArray.h>
#include <vtkDataObject.h>
#include <vtkFieldData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkIntArray.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkTable.h>

#include <algorithm>
#include <numeric>
#include <vector>

vtkStandardNewMacro(vtkInjectOrder);

namespace {
// An ion of a planted domain on its way to the rank that exchanges the labels of the domain, with
// what changes places, and back.
struct Traveller {
  csro_inject_member Member;
  int64_t Ion; // of the rank that it comes from
  double Mass;
  uint16_t Label;
};

bool Earlier(const Traveller &a, const Traveller &b) {
  return a.Member.domain != b.Member.domain ? a.Member.domain < b.Member.domain
                                            : a.Member.number < b.Member.number;
}
} // namespace

// One execution.
namespace {
struct Injector {
  csro::Call &Call;
  vtkSmartPointer<vtkPointSet> Points{}; // in the order of their IonId over the ranks
  csro::IonView Ions{};
  std::vector<uint16_t> Kind{};
  csro_pole_map Map{};
  csro_planes Planes{};
  csro_injection Injection{};
  std::vector<int32_t> Domain{};
  std::vector<int64_t> DomainIons{}; // of all ranks

  // Collective, in this order.
  void SetKinds(const char *species, const csro::SpeciesList &list);
  void FindPlanes();
  void Place(const csro_inject_options &options);
  void Exchange(vtkDataArray *label, vtkDataArray *mass);
  // Inside a local section.
  void PutTable(vtkTable *table) const;

private:
  std::vector<std::vector<Traveller>> SendMembers(int64_t first, vtkDataArray *mass);
};

void Injector::SetKinds(const char *species, const csro::SpeciesList &list) {
  std::vector<uint16_t> rich = csro::FindLabels(species ? species : "", list);
  if (rich.empty() && (!species || !*species))
    if (const csro::Element *element = csro::DefaultElement(this->Call, this->Ions, list))
      rich = element->Labels;
  int64_t counts[2] = {0, 0};
  this->Call.RunLocal([&] {
    if (rich.empty())
      this->Call.Fail(CSRO_ERROR_ARGUMENT,
                      "the ions have no species '" + std::string(species ? species : "") + "'");
    std::vector<uint16_t> kinds(std::max<size_t>(list.Names.size(), 1), CSRO_INJECT_OTHER);
    kinds[0] = CSRO_INJECT_STAYS;
    for (const csro::Element &element : list.Elements)
      for (const uint16_t label : element.Labels)
        if (element.Symbol == "H")
          kinds[label] = CSRO_INJECT_STAYS;
    for (const uint16_t label : rich)
      kinds[label] = CSRO_INJECT_RICH;
    const int64_t count = this->Ions.Points.count;
    this->Kind.resize(count);
    if (count > 0)
      this->Call.Check(csro_labels_map(this->Call.Context(), this->Ions.Label, count,
                                       static_cast<int>(kinds.size()) - 1, kinds.data(),
                                       this->Kind.data()));
    counts[0] = std::count(this->Kind.begin(), this->Kind.end(), CSRO_INJECT_RICH);
    counts[1] = std::count(this->Kind.begin(), this->Kind.end(), CSRO_INJECT_OTHER);
  });
  this->Call.Sum(counts, 2);
  this->Call.RunLocal([&] {
    if (counts[0] == 0 || counts[1] == 0)
      this->Call.Fail(CSRO_ERROR_DATA, std::to_string(counts[0]) +
                                           " ions of the ordering species and " +
                                           std::to_string(counts[1]) + " others: order needs both");
  });
}

void Injector::FindPlanes() {
  csro::IonView view;
  view.Points = this->Ions.Points;
  view.Label = this->Kind.data();
  double bounds[6];
  csro::BoundsOfAll(this->Call, view.Points, bounds);
  csro_pole_options options;
  csro_pole_options_init(&options);
  csro::FindPole(this->Call, view.Points, view.Label, bounds, options, this->Map);
  this->Call.RunLocal([&] {
    if (!this->Map.summary.found)
      this->Call.Fail(CSRO_ERROR_DATA, "the ions show no lattice planes across z: order along this "
                                       "pole cannot be planted, or found");
  });
  csro::FitPlanes(this->Call, view, this->Map.summary.spacing, &this->Map, this->Planes);
}

void Injector::Place(const csro_inject_options &options) {
  double bounds[6];
  csro::BoundsOfAll(this->Call, this->Ions.Points, bounds);
  std::vector<int64_t> near;
  this->Call.RunLocal([&] {
    this->Call.Check(
        csro_injection_begin(this->Call.Context(), &options, bounds, &this->Injection));
    near.resize(this->Injection.candidates);
    this->Call.Check(csro_injection_count(this->Call.Context(), &this->Injection,
                                          &this->Ions.Points, this->Kind.data(), near.data()));
  });
  this->Call.Sum(near.data(), static_cast<int>(near.size()));
  this->Call.RunLocal([&] {
    this->Call.Check(csro_injection_place(this->Call.Context(), near.data(), &this->Injection));
  });
}

std::vector<std::vector<Traveller>> Injector::SendMembers(int64_t first, vtkDataArray *mass) {
  std::vector<std::vector<Traveller>> outgoing(this->Call.Ranks());
  this->Call.RunLocal([&] {
    const int64_t count = this->Ions.Points.count;
    this->Domain.resize(count);
    this->Call.Check(csro_injection_join(this->Call.Context(), &this->Injection, &this->Planes,
                                         &this->Ions.Points, this->Kind.data(), first,
                                         this->Domain.data()));
    this->DomainIons.assign(this->Injection.count, 0);
    for (int64_t i = 0; i < count; ++i) {
      const int32_t domain = this->Domain[i];
      if (domain < 0)
        continue;
      Traveller t{
          {}, i, mass ? mass->GetComponent(this->Ions.Point(i), 0) : 0, this->Ions.Label[i]};
      csro_injection_describe(&this->Injection, &this->Planes, &this->Ions.Points,
                              this->Kind.data(), first, this->Domain.data(), i, &t.Member);
      outgoing[domain % this->Call.Ranks()].push_back(t);
      ++this->DomainIons[domain];
    }
  });
  this->Call.Sum(this->DomainIons.data(), static_cast<int>(this->DomainIons.size()));
  return csro::Exchange(this->Call, std::move(outgoing));
}

void Injector::Exchange(vtkDataArray *label, vtkDataArray *mass) {
  const std::vector<int64_t> counts = this->Call.Gather(this->Ions.Points.count);
  const int64_t first =
      std::accumulate(counts.begin(), counts.begin() + this->Call.Rank(), int64_t{0});
  const std::vector<std::vector<Traveller>> incoming = this->SendMembers(first, mass);
  std::vector<std::vector<Traveller>> back(this->Call.Ranks());
  this->Call.RunLocal([&] {
    struct Guest {
      Traveller Who;
      int From;
    };
    std::vector<Guest> guests;
    for (int rank = 0; rank < this->Call.Ranks(); ++rank)
      for (const Traveller &t : incoming[rank])
        guests.push_back({t, rank});
    std::sort(guests.begin(), guests.end(),
              [](const Guest &a, const Guest &b) { return Earlier(a.Who, b.Who); });
    std::vector<csro_inject_member> members;
    for (const Guest &guest : guests)
      members.push_back(guest.Who.Member);
    std::vector<int64_t> from(members.size());
    this->Call.Check(csro_injection_exchange(this->Call.Context(), &this->Injection,
                                             static_cast<int64_t>(members.size()), members.data(),
                                             from.data()));
    for (size_t m = 0; m < guests.size(); ++m) {
      Traveller home = guests[m].Who;
      home.Label = guests[from[m]].Who.Label;
      home.Mass = guests[from[m]].Who.Mass;
      back[guests[m].From].push_back(home);
    }
  });
  const std::vector<std::vector<Traveller>> changed = csro::Exchange(this->Call, std::move(back));
  for (const std::vector<Traveller> &travellers : changed)
    for (const Traveller &t : travellers) {
      label->SetComponent(this->Ions.Point(t.Ion), 0, t.Label);
      if (mass)
        mass->SetComponent(this->Ions.Point(t.Ion), 0, t.Mass);
    }
}

void Injector::PutTable(vtkTable *table) const {
  const csro_injection &in = this->Injection;
  const auto count = static_cast<size_t>(in.count);
  csro::Columns columns(table);
  static const char *const centers[3] = {"CenterX_nm", "CenterY_nm", "CenterZ_nm"};
  columns.Counts("Domain", count, [](size_t i) { return static_cast<int64_t>(i); });
  for (int axis = 0; axis < 3; ++axis)
    columns.Numbers(centers[axis], count, [&](size_t i) { return in.domains[i].center[axis]; });
  columns.Numbers("Diameter_nm", count, [&](size_t i) { return in.domains[i].diameter; });
  columns.Counts("Ions", count, [&](size_t i) { return this->DomainIons[i]; });
  columns.Counts("OrderType", count, [](size_t) { return int64_t{0}; });
  columns.Numbers("Order", count, [&](size_t i) { return in.order[i]; });
  columns.Counts("Period_planes", count, [&](size_t) { return int64_t{in.options.period}; });
  columns.Counts("Phase", count, [&](size_t i) { return int64_t{in.phase[i]}; });
  csro::PutNumbers(table, "PlantedVolume_nm3", {in.volume});
}

// A copy of an array, or nullptr of nothing that can be copied. Inside a local section.
vtkSmartPointer<vtkDataArray> CopyArray(csro::Call &call, vtkDataArray *own) {
  if (!own || own->GetNumberOfComponents() != 1 || own->GetDataType() == VTK_BIT)
    return nullptr;
  const auto copy =
      csro::MakeArray(call, own->GetDataType(), own->GetName(), 1, own->GetNumberOfTuples());
  copy->InsertTuples(0, own->GetNumberOfTuples(), 0, own);
  return copy;
}
} // namespace

vtkInjectOrder::vtkInjectOrder() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(2);
  this->SetSpecies("");
  this->Expect("Density", this->Density, 0, 1, "per nm^3");
  this->Expect("Diameter", this->Diameter, 0.1, 100.0, "nm");
  this->Expect("Order", this->Order, 0.0, 1.0);
  this->Expect("SigmaXY", this->SigmaXY, 0, 2, "nm");
  this->Expect("Period", this->Period, 2, 4, "planes");
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX);
}

vtkInjectOrder::~vtkInjectOrder() {
  this->SetSpecies(nullptr);
}

void vtkInjectOrder::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Species: " << (this->Species ? this->Species : "(none)") << "\n"
     << indent << "Density: " << this->Density << "\n"
     << indent << "Diameter: " << this->Diameter[0] << " " << this->Diameter[1] << "\n"
     << indent << "Order: " << this->Order[0] << " " << this->Order[1] << "\n"
     << indent << "SigmaXY: " << this->SigmaXY << "\n"
     << indent << "Period: " << this->Period << "\n"
     << indent << "Seed: " << this->Seed << "\n";
}

void vtkInjectOrder::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkInjectOrder::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 0 ? "vtkPolyData" : "vtkTable");
  return 1;
}

void vtkInjectOrder::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  const csro::SpeciesList species = csro::SharedSpecies(call, input);
  constexpr double ionBytes = 60; // labels, masses, domain, vertex, and the order of the ions
  call.Reserve(ionBytes * static_cast<double>(input->GetNumberOfPoints()),
               "the labels of the planted domains", "take fewer ions, as by Clip");
  Injector injector{call};
  const csro::Owned<csro_pole_map_release> map(&injector.Map);
  const csro::Owned<csro_planes_release> planes(&injector.Planes);
  const csro::Owned<csro_injection_release> injection(&injector.Injection);
  injector.Points = csro::SortIons(call, input);
  call.RunLocal([&] { injector.Ions = csro::ViewLabelledIons(call, injector.Points); });
  injector.SetKinds(this->Species, species);
  call.Stage(0, 0.6);
  injector.FindPlanes();
  call.Stage(0.6, 1);
  csro_inject_options options{};
  options.density = this->Density;
  std::copy_n(this->Diameter, 2, options.diameter);
  std::copy_n(this->Order, 2, options.order);
  options.sigma_xy = this->SigmaXY;
  options.period = this->Period;
  options.seed = static_cast<uint64_t>(this->Seed);
  injector.Place(options);

  vtkPolyData *output = vtkPolyData::GetData(outputs, 0);
  vtkSmartPointer<vtkDataArray> label, mass;
  call.RunLocal([&] {
    vtkPointData *arrays = injector.Points->GetPointData();
    output->SetPoints(injector.Points->GetPoints());
    output->GetPointData()->ShallowCopy(arrays);
    output->GetFieldData()->ShallowCopy(input->GetFieldData());
    csro::PutVertices(call, output);
    label = CopyArray(call, arrays->GetArray("Species"));
    mass = CopyArray(call, arrays->GetArray("MassToCharge"));
  });
  injector.Exchange(label, mass);
  call.RunLocal([&] {
    const auto domain =
        csro::MakeArray<vtkIntArray>(call, "TrueDomainId", 1, injector.Points->GetNumberOfPoints());
    domain->FillValue(-1);
    for (int64_t i = 0; i < injector.Ions.Points.count; ++i)
      domain->SetValue(injector.Ions.Point(i), injector.Domain[i]);
    for (vtkDataArray *array : {label.Get(), mass.Get(), static_cast<vtkDataArray *>(domain)})
      if (array)
        output->GetPointData()->AddArray(array);
    output->GetPointData()->SetActiveScalars("Species");
    if (call.Rank() == 0)
      injector.PutTable(vtkTable::GetData(outputs, 1));
  });
}
