#include "vtkSimulateAPT.h"

#include "data/SpeciesLabels.h"
#include "data/TableColumns.h"
#include "parallel/Owned.h"

#include "csro/ranges.h"
#include "csro/specimen.h"

#include <vtkDataObject.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkIntArray.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkTable.h>
#include <vtkUnsignedShortArray.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <sstream>

vtkStandardNewMacro(vtkSimulateAPT);

namespace {
void PutDomains(const csro_true_domain *domains, const std::vector<int64_t> &ions,
                vtkTable *table) {
  csro::Columns columns(table);
  static const char *const centers[3] = {"CenterX_nm", "CenterY_nm", "CenterZ_nm"};
  columns.Counts("Domain", ions.size(), [](size_t i) { return static_cast<int64_t>(i); });
  for (int axis = 0; axis < 3; ++axis)
    columns.Numbers(centers[axis], ions.size(), [&](size_t i) { return domains[i].center[axis]; });
  columns.Numbers("Diameter_nm", ions.size(), [&](size_t i) { return domains[i].diameter; });
  columns.Counts("Ions", ions.size(), [&](size_t i) { return ions[i]; });
}
} // namespace

vtkSimulateAPT::vtkSimulateAPT() {
  this->SetNumberOfInputPorts(0);
  this->SetNumberOfOutputPorts(2);
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  this->Shape = specimen.shape == CSRO_SHAPE_BOX ? BOX : FRUSTUM;
  std::copy_n(specimen.width, 2, this->Width);
  std::copy_n(specimen.radius, 2, this->Radius);
  this->Height = specimen.height;
  this->LatticeConstant = specimen.lattice_constant;
  this->Pole = specimen.pole == CSRO_POLE_002 ? POLE_002 : POLE_111;
  this->SigmaXY = specimen.sigma_xy;
  this->SigmaZ = specimen.sigma_z;
  this->Efficiency = specimen.efficiency;
  this->DomainDensity = specimen.domain_density;
  std::copy_n(specimen.diameter, 2, this->Diameter);
  this->Order = specimen.order;
  this->Hydrogen = specimen.hydrogen;
  this->Background = specimen.background;
  this->Seed = static_cast<int>(specimen.seed);
  this->Expect("Shape", this->Shape, BOX, FRUSTUM);
  this->Expect("Width", this->Width, 1.0, 1000.0, "nm");
  this->Expect("Radius", this->Radius, 1.0, 1000.0, "nm");
  this->Expect("Height", this->Height, 1, 1000, "nm");
  this->Expect("LatticeConstant", this->LatticeConstant, 0.1, 2, "nm");
  this->Expect("Pole", this->Pole, POLE_002, POLE_111);
  this->Expect("SigmaXY", this->SigmaXY, 0, 2, "nm");
  this->Expect("SigmaZ", this->SigmaZ, 0, 2, "nm");
  this->Expect("Efficiency", this->Efficiency, 0, 1);
  this->Expect("DomainDensity", this->DomainDensity, 0, 1, "per nm^3");
  this->Expect("Diameter", this->Diameter, 0.0, 100.0, "nm");
  this->Expect("Order", this->Order, 0, 1);
  this->Expect("Hydrogen", this->Hydrogen, 0, 1);
  this->Expect("Background", this->Background, 0, 1);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX);
}

vtkSimulateAPT::~vtkSimulateAPT() = default;

void vtkSimulateAPT::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Shape: " << this->Shape << "\n"
     << indent << "Width: " << this->Width[0] << " " << this->Width[1] << "\n"
     << indent << "Radius: " << this->Radius[0] << " " << this->Radius[1] << "\n"
     << indent << "Height: " << this->Height << "\n"
     << indent << "LatticeConstant: " << this->LatticeConstant << "\n"
     << indent << "Pole: " << this->Pole << "\n"
     << indent << "SigmaXY: " << this->SigmaXY << "\n"
     << indent << "SigmaZ: " << this->SigmaZ << "\n"
     << indent << "Efficiency: " << this->Efficiency << "\n"
     << indent << "DomainDensity: " << this->DomainDensity << "\n"
     << indent << "Diameter: " << this->Diameter[0] << " " << this->Diameter[1] << "\n"
     << indent << "Order: " << this->Order << "\n"
     << indent << "Hydrogen: " << this->Hydrogen << "\n"
     << indent << "Background: " << this->Background << "\n"
     << indent << "Seed: " << this->Seed << "\n";
}

int vtkSimulateAPT::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 0 ? "vtkPolyData" : "vtkTable");
  return 1;
}

void vtkSimulateAPT::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkSimulateAPT::RequestData(csro::Call &call, vtkInformationVector **,
                                 vtkInformationVector *outputs) {
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  specimen.shape = this->Shape == BOX ? CSRO_SHAPE_BOX : CSRO_SHAPE_FRUSTUM;
  std::copy_n(this->Width, 2, specimen.width);
  std::copy_n(this->Radius, 2, specimen.radius);
  specimen.height = this->Height;
  specimen.lattice_constant = this->LatticeConstant;
  specimen.pole = this->Pole == POLE_002 ? CSRO_POLE_002 : CSRO_POLE_111;
  specimen.sigma_xy = this->SigmaXY;
  specimen.sigma_z = this->SigmaZ;
  specimen.efficiency = this->Efficiency;
  specimen.domain_density = this->DomainDensity;
  std::copy_n(this->Diameter, 2, specimen.diameter);
  specimen.order = this->Order;
  specimen.hydrogen = this->Hydrogen;
  specimen.background = this->Background;
  specimen.seed = static_cast<uint64_t>(this->Seed);

  double sites = 0, expected = 0;
  csro_specimen_expect(&specimen, &sites, &expected);
  constexpr double siteBytes = 6, ionBytes = 42;
  std::ostringstream what;
  what << "about " << expected << " ions";
  call.Reserve((sites * siteBytes + expected * ionBytes) / call.Ranks(), what.str(),
               "choose a smaller specimen");

  csro_specimen_ions made{};
  const csro::Owned<csro_specimen_ions_release> owner(&made);
  csro::OwnedArray<csro_true_domain> domains;
  std::vector<int64_t> domainIons;
  call.RunLocal([&] {
    csro_true_domain *rows = nullptr;
    int64_t count = 0;
    call.Check(csro_specimen_domains(call.Context(), &specimen, &count, &rows));
    domains.reset(rows);
    call.Stage(0.0, 0.9);
    call.Check(csro_specimen_simulate(call.Context(), &specimen, call.Rank(), call.Ranks(), &made));
    domainIons.resize(count);
    csro_specimen_domain_ions(&made, count, domainIons.data());
  });
  if (!domainIons.empty())
    call.Sum(domainIons.data(), static_cast<int>(domainIons.size()));
  const std::vector<int64_t> counts = call.Gather(made.ions.count);
  const int64_t first = std::accumulate(counts.begin(), counts.begin() + call.Rank(), int64_t{0});

  vtkPolyData *output = vtkPolyData::GetData(outputs, 0);
  csro::Ranges ranges;
  call.RunLocal([&] {
    csro::PutIons(call, &made.ions, first, output);
    char *made_text = nullptr;
    call.Stage(0.9, 1.0);
    call.Check(csro_specimen_ranges(call.Context(), &specimen, &made_text));
    const csro::OwnedArray<char> text(made_text);
    csro_ranges *parsed = nullptr;
    call.Check(csro_ranges_parse(call.Context(), "simulated ranges", text.get(),
                                 std::strlen(text.get()), &parsed));
    ranges.reset(parsed);
  });
  csro::PutLabels(call, csro::LabelByRanges(call, std::move(ranges), output), output);
  call.RunLocal([&] {
    const int64_t count = made.ions.count;
    vtkNew<vtkUnsignedShortArray> species;
    species->SetName("TrueSpecies");
    species->SetArray(made.label, count, 0, vtkAbstractArray::VTK_DATA_ARRAY_FREE);
    made.label = nullptr;
    output->GetPointData()->AddArray(species);
    vtkNew<vtkIntArray> domain;
    domain->SetName("TrueDomainId");
    domain->SetArray(made.true_domain, count, 0, vtkAbstractArray::VTK_DATA_ARRAY_FREE);
    made.true_domain = nullptr;
    output->GetPointData()->AddArray(domain);
    if (call.Rank() == 0)
      PutDomains(domains.get(), domainIons, vtkTable::GetData(outputs, 1));
  });
}
