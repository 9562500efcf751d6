#include "vtkSimulateAPT.h"

#include "data/SpeciesLabels.h"
#include "data/TableColumns.h"
#include "parallel/Owned.h"

#include "csro/configuration.h"
#include "csro/ranges.h"
#include "csro/recipe.h"
#include "csro/specimen.h"

#include <vtkDataObject.h>
#include <vtkFloatArray.h>
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
constexpr int FealRecipe = 2; // of csro_recipe_names

void PutDomains(const csro_true_domain *domains, const std::vector<int64_t> &ions,
                vtkTable *table) {
  csro::Columns columns(table);
  static const char *const centers[3] = {"CenterX_nm", "CenterY_nm", "CenterZ_nm"};
  columns.Counts("Domain", ions.size(), [](size_t i) { return static_cast<int64_t>(i); });
  for (int axis = 0; axis < 3; ++axis)
    columns.Numbers(centers[axis], ions.size(), [&](size_t i) { return domains[i].center[axis]; });
  columns.Numbers("Diameter_nm", ions.size(), [&](size_t i) { return domains[i].diameter; });
  columns.Counts("Ions", ions.size(), [&](size_t i) { return ions[i]; });
  columns.Counts("OrderType", ions.size(), [&](size_t i) { return int64_t{domains[i].type}; });
  columns.Numbers("Flattening", ions.size(), [&](size_t i) { return domains[i].flattening; });
  static const char *const normals[3] = {"NormalX", "NormalY", "NormalZ"};
  for (int axis = 0; axis < 3; ++axis)
    columns.Numbers(normals[axis], ions.size(), [&](size_t i) { return domains[i].normal[axis]; });
}
template <typename Array, typename Value>
void GiveArray(const char *name, Value *&values, int64_t count, vtkPolyData *output) {
  vtkNew<Array> array;
  array->SetName(name);
  array->SetArray(values, count, 0, vtkAbstractArray::VTK_DATA_ARRAY_FREE);
  values = nullptr;
  output->GetPointData()->AddArray(array);
}

// What each ion is; takes the arrays over.
void PutTruth(csro_specimen_ions *made, int64_t count, vtkPolyData *output) {
  GiveArray<vtkUnsignedShortArray>("TrueSpecies", made->label, count, output);
  if (made->true_order)
    GiveArray<vtkFloatArray>("TrueOrder", made->true_order, count, output);
  else
    GiveArray<vtkIntArray>("TrueDomainId", made->true_domain, count, output);
}
} // namespace

vtkSimulateAPT::vtkSimulateAPT() {
  this->SetNumberOfInputPorts(0);
  this->SetNumberOfOutputPorts(2);
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  this->TakeNumbers(specimen);
  this->SetGradientSpecies("Ni");
  this->Expect("Shape", this->Shape, BOX, FRUSTUM);
  this->Expect("Width", this->Width, 1.0, 1000.0, "nm");
  this->Expect("Radius", this->Radius, 1.0, 1000.0, "nm");
  this->Expect("Height", this->Height, 1, 1000, "nm");
  this->Expect("Crystal", this->Crystal, FCC, RECIPE);
  this->Expect("LatticeConstant", this->LatticeConstant, 0.1, 2, "nm");
  this->Expect("Pole", this->Pole, POLE_002, POLE_111);
  this->Expect("GradientAxis", this->GradientAxis, NONE, AXIS_Z);
  this->Expect("Gradient", this->Gradient, 0.0, 1.0);
  this->Expect("DomainDensity", this->DomainDensity, 0, 1, "per nm^3");
  this->Expect("Diameter", this->Diameter, 0.0, 100.0, "nm");
  this->Expect("Sizes", this->Sizes, UNIFORM, FALLING);
  this->Expect("Order", this->Order, 0, 1);
  this->Expect("OrderKind", this->OrderKind, PLANES, SUBLATTICE);
  this->Expect("Flattening", this->Flattening, 0, 0.95);
  this->Expect("Magnification", this->Magnification, 0.1, 10);
  this->Expect("SigmaXY", this->SigmaXY, 0, 2, "nm");
  this->Expect("SigmaZ", this->SigmaZ, 0, 2, "nm");
  this->Expect("Tilt", this->Tilt, 0, 45, "degrees");
  this->Expect("TiltAzimuth", this->TiltAzimuth, -360, 360, "degrees");
  this->Expect("CurvatureRadius", this->CurvatureRadius, -1000000, 1000000, "nm");
  this->Expect("SpacingDrift", this->SpacingDrift, -50, 50, "%");
  this->Expect("Misorientation", this->Misorientation, 0, 90, "degrees");
  this->Expect("MisorientationAzimuth", this->MisorientationAzimuth, -360, 360, "degrees");
  this->Expect("BoundaryNormal", this->BoundaryNormal, -1000.0, 1000.0);
  this->Expect("BoundaryDistance", this->BoundaryDistance, -1000, 1000, "nm");
  this->Expect("Efficiency", this->Efficiency, 0, 1);
  this->Expect("EfficiencyAxis", this->EfficiencyAxis, NONE, AXIS_Z);
  this->Expect("EfficiencyTo", this->EfficiencyTo, 0, 1);
  this->Expect("PoleLoss", this->PoleLoss, 0, 1);
  this->Expect("PolePosition", this->PolePosition, -1000.0, 1000.0, "nm");
  this->Expect("PoleRadius", this->PoleRadius, 0.01, 1000, "nm");
  this->Expect("Hydrogen", this->Hydrogen, 0, 1);
  this->Expect("Background", this->Background, 0, 1);
  this->Expect("BackgroundAxis", this->BackgroundAxis, NONE, AXIS_Z);
  this->Expect("BackgroundTo", this->BackgroundTo, 0, 1);
  this->Expect("PileUp", this->PileUp, 0, 1);
  this->Expect("PileUpDistance", this->PileUpDistance, 0, 1000, "nm");
  this->Expect("PileUpReach", this->PileUpReach, 1, 64);
  this->Expect("PileUpPlanes", this->PileUpPlanes, 1, 8);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX);
}

vtkSimulateAPT::~vtkSimulateAPT() {
  this->SetRecipeFile(nullptr);
  this->SetComposition(nullptr);
  this->SetGradientSpecies(nullptr);
  this->SetOrderTypes(nullptr);
  this->SetSpeciesSigmaZ(nullptr);
  this->SetSpeciesEfficiency(nullptr);
}

void vtkSimulateAPT::TakeNumbers(const csro_specimen &specimen) {
  this->Shape = static_cast<int>(specimen.shape);
  std::copy_n(specimen.width, 2, this->Width);
  std::copy_n(specimen.radius, 2, this->Radius);
  this->Height = specimen.height;
  this->LatticeConstant = specimen.lattice_constant;
  this->Pole = static_cast<int>(specimen.pole);
  this->DomainDensity = specimen.domain_density;
  std::copy_n(specimen.diameter, 2, this->Diameter);
  this->Sizes = static_cast<int>(specimen.sizes);
  this->Order = specimen.order;
  this->Flattening = specimen.flattening;
  this->Magnification = specimen.magnification;
  this->SigmaXY = specimen.sigma_xy;
  this->SigmaZ = specimen.sigma_z;
  this->Tilt = specimen.tilt;
  this->TiltAzimuth = specimen.tilt_azimuth;
  this->CurvatureRadius = specimen.curvature_radius;
  this->SpacingDrift = specimen.spacing_drift;
  this->SecondGrain = specimen.grain.present;
  this->Misorientation = specimen.grain.misorientation;
  this->MisorientationAzimuth = specimen.grain.azimuth;
  std::copy_n(specimen.grain.normal, 3, this->BoundaryNormal);
  this->BoundaryDistance = specimen.grain.distance;
  this->Efficiency = specimen.efficiency;
  this->EfficiencyAxis = static_cast<int>(specimen.efficiency_ramp.axis);
  this->EfficiencyTo = specimen.efficiency_ramp.to;
  this->PoleLoss = specimen.sparse_pole.loss;
  std::copy_n(specimen.sparse_pole.position, 2, this->PolePosition);
  this->PoleRadius = specimen.sparse_pole.radius;
  this->Hydrogen = specimen.hydrogen;
  this->Background = specimen.background;
  this->BackgroundAxis = static_cast<int>(specimen.background_ramp.axis);
  this->BackgroundTo = specimen.background_ramp.to;
  this->PileUp = specimen.pile_up.probability;
  this->PileUpDistance = specimen.pile_up.distance;
  this->PileUpReach = specimen.pile_up.reach;
  this->PileUpPlanes = specimen.pile_up.planes;
  this->Seed = static_cast<int>(specimen.seed);
}

void vtkSimulateAPT::Describe(csro::Call &call, const csro_recipe *recipe,
                              const csro_configuration *configuration,
                              csro_specimen &specimen) const {
  csro_specimen_default(&specimen);
  specimen.shape = static_cast<csro_shape>(this->Shape);
  std::copy_n(this->Width, 2, specimen.width);
  std::copy_n(this->Radius, 2, specimen.radius);
  specimen.height = this->Height;
  specimen.lattice_constant = this->LatticeConstant;
  specimen.pole = static_cast<csro_pole>(this->Pole);
  specimen.domain_density = this->DomainDensity;
  std::copy_n(this->Diameter, 2, specimen.diameter);
  specimen.sizes = static_cast<csro_size_distribution>(this->Sizes);
  specimen.order = this->Order;
  specimen.flattening = this->Flattening;
  specimen.magnification = this->Magnification;
  specimen.sigma_xy = this->SigmaXY;
  specimen.sigma_z = this->SigmaZ;
  specimen.tilt = this->Tilt;
  specimen.tilt_azimuth = this->TiltAzimuth;
  specimen.curvature_radius = this->CurvatureRadius;
  specimen.spacing_drift = this->SpacingDrift;
  specimen.grain.present = this->SecondGrain;
  specimen.grain.misorientation = this->Misorientation;
  specimen.grain.azimuth = this->MisorientationAzimuth;
  std::copy_n(this->BoundaryNormal, 3, specimen.grain.normal);
  specimen.grain.distance = this->BoundaryDistance;
  specimen.efficiency = this->Efficiency;
  specimen.efficiency_ramp.axis = static_cast<csro_axis>(this->EfficiencyAxis);
  specimen.efficiency_ramp.to = this->EfficiencyTo;
  specimen.sparse_pole.loss = this->PoleLoss;
  std::copy_n(this->PolePosition, 2, specimen.sparse_pole.position);
  specimen.sparse_pole.radius = this->PoleRadius;
  specimen.hydrogen = this->Hydrogen;
  specimen.background = this->Background;
  specimen.background_ramp.axis = static_cast<csro_axis>(this->BackgroundAxis);
  specimen.background_ramp.to = this->BackgroundTo;
  specimen.pile_up.probability = this->PileUp;
  specimen.pile_up.distance = this->PileUpDistance;
  specimen.pile_up.reach = this->PileUpReach;
  specimen.pile_up.planes = this->PileUpPlanes;
  specimen.seed = static_cast<uint64_t>(this->Seed);
  const auto text = [](const char *value) { return value ? value : ""; };
  csro_context *const context = call.Context();
  if (recipe)
    call.Check(csro_specimen_use_recipe(context, &specimen, recipe));
  if (configuration) {
    call.Check(csro_specimen_use_configuration(context, &specimen, configuration));
  } else {
    call.Check(csro_specimen_set_composition(context, &specimen, text(this->Composition)));
    call.Check(csro_specimen_set_gradient(context, &specimen, text(this->GradientSpecies),
                                          static_cast<csro_axis>(this->GradientAxis),
                                          this->Gradient[0], this->Gradient[1]));
    call.Check(csro_specimen_set_order(
        context, &specimen, static_cast<csro_order_kind>(this->OrderKind), text(this->OrderTypes)));
  }
  call.Check(csro_specimen_set_sigma_z(context, &specimen, text(this->SpeciesSigmaZ)));
  call.Check(csro_specimen_set_efficiency(context, &specimen, text(this->SpeciesEfficiency)));
}

void vtkSimulateAPT::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Shape: " << this->Shape << "\n"
     << indent << "Width: " << this->Width[0] << " " << this->Width[1] << "\n"
     << indent << "Radius: " << this->Radius[0] << " " << this->Radius[1] << "\n"
     << indent << "Height: " << this->Height << "\n"
     << indent << "Crystal: " << this->Crystal << "\n"
     << indent << "RecipeFile: " << (this->RecipeFile ? this->RecipeFile : "") << "\n"
     << indent << "LatticeConstant: " << this->LatticeConstant << "\n"
     << indent << "Pole: " << this->Pole << "\n"
     << indent << "Composition: " << (this->Composition ? this->Composition : "") << "\n"
     << indent << "GradientAxis: " << this->GradientAxis << "\n"
     << indent << "GradientSpecies: " << (this->GradientSpecies ? this->GradientSpecies : "")
     << "\n"
     << indent << "Gradient: " << this->Gradient[0] << " " << this->Gradient[1] << "\n"
     << indent << "DomainDensity: " << this->DomainDensity << "\n"
     << indent << "Diameter: " << this->Diameter[0] << " " << this->Diameter[1] << "\n"
     << indent << "Sizes: " << this->Sizes << "\n"
     << indent << "Order: " << this->Order << "\n"
     << indent << "OrderKind: " << this->OrderKind << "\n"
     << indent << "OrderTypes: " << (this->OrderTypes ? this->OrderTypes : "") << "\n"
     << indent << "Flattening: " << this->Flattening << "\n"
     << indent << "Magnification: " << this->Magnification << "\n"
     << indent << "SigmaXY: " << this->SigmaXY << "\n"
     << indent << "SigmaZ: " << this->SigmaZ << "\n"
     << indent << "SpeciesSigmaZ: " << (this->SpeciesSigmaZ ? this->SpeciesSigmaZ : "") << "\n"
     << indent << "Tilt: " << this->Tilt << "\n"
     << indent << "TiltAzimuth: " << this->TiltAzimuth << "\n"
     << indent << "CurvatureRadius: " << this->CurvatureRadius << "\n"
     << indent << "SpacingDrift: " << this->SpacingDrift << "\n"
     << indent << "SecondGrain: " << this->SecondGrain << "\n"
     << indent << "Misorientation: " << this->Misorientation << "\n"
     << indent << "MisorientationAzimuth: " << this->MisorientationAzimuth << "\n"
     << indent << "BoundaryNormal: " << this->BoundaryNormal[0] << " " << this->BoundaryNormal[1]
     << " " << this->BoundaryNormal[2] << "\n"
     << indent << "BoundaryDistance: " << this->BoundaryDistance << "\n"
     << indent << "Efficiency: " << this->Efficiency << "\n"
     << indent << "EfficiencyAxis: " << this->EfficiencyAxis << "\n"
     << indent << "EfficiencyTo: " << this->EfficiencyTo << "\n"
     << indent << "SpeciesEfficiency: " << (this->SpeciesEfficiency ? this->SpeciesEfficiency : "")
     << "\n"
     << indent << "PoleLoss: " << this->PoleLoss << "\n"
     << indent << "PolePosition: " << this->PolePosition[0] << " " << this->PolePosition[1] << "\n"
     << indent << "PoleRadius: " << this->PoleRadius << "\n"
     << indent << "Hydrogen: " << this->Hydrogen << "\n"
     << indent << "Background: " << this->Background << "\n"
     << indent << "BackgroundAxis: " << this->BackgroundAxis << "\n"
     << indent << "BackgroundTo: " << this->BackgroundTo << "\n"
     << indent << "PileUp: " << this->PileUp << "\n"
     << indent << "PileUpDistance: " << this->PileUpDistance << "\n"
     << indent << "PileUpReach: " << this->PileUpReach << "\n"
     << indent << "PileUpPlanes: " << this->PileUpPlanes << "\n"
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
  // The recipe is read by every rank: a small file, or one that is built in.
  csro::Owned<csro_recipe_destroy> recipe;
  csro_specimen specimen;
  call.RunLocal([&] {
    csro_recipe *read = nullptr;
    if (this->Crystal == RECIPE && (!this->RecipeFile || !*this->RecipeFile))
      call.Fail(CSRO_ERROR_ARGUMENT, "no recipe file is chosen");
    if (this->Crystal != FCC)
      call.Check(this->Crystal == RECIPE ? csro_recipe_read(call.Context(), this->RecipeFile, &read)
                                         : csro_recipe_shipped(call.Context(), FealRecipe, &read));
    recipe.reset(read);
    this->Describe(call, recipe.get(), nullptr, specimen);
  });
  this->Simulate(call, specimen, vtkPolyData::GetData(outputs, 0), vtkTable::GetData(outputs, 1));
}

void vtkSimulateAPT::Simulate(csro::Call &call, const csro_specimen &specimen, vtkPolyData *output,
                              vtkTable *table) const {
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
    PutTruth(&made, made.ions.count, output);
    if (call.Rank() == 0 && table)
      PutDomains(domains.get(), domainIons, table);
  });
}
