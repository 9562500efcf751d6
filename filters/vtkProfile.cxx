#include "vtkProfile.h"

#include "data/FieldArrays.h"
#include "data/FractionColumns.h"
#include "data/VoxelImage.h"
#include "parallel/CellCounts.h"

#include "csro/domains.h"
#include "csro/maps.h"

#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

vtkStandardNewMacro(vtkProfile);

namespace {
using csro::Call;

constexpr double CellSide = 1; // nm, of the cells that density is measured in
constexpr int64_t MostCounts = 100000000;

// Ions in cells inside of the specimen, and these cells, by bin.
struct Inside {
  std::vector<int64_t> Ions, Cells;

  double Density(size_t bin) const {
    return this->Cells[bin] > 0
               ? static_cast<double>(this->Ions[bin]) /
                     (static_cast<double>(this->Cells[bin]) * CellSide * CellSide * CellSide)
               : NAN;
  }
  double Error(size_t bin) const {
    return this->Density(bin) / std::sqrt(static_cast<double>(this->Ions[bin]));
  }
};

// Collective.
Inside MeasureDensity(Call &call, const csro_points &points, const double unit[3],
                      const csro_profile &profile) {
  const csro::CellCounts cells = csro::CountInCells(call, points, CellSide);
  Inside inside{std::vector<int64_t>(profile.bins), std::vector<int64_t>(profile.bins)};
  if (call.Rank() == 0)
    csro_map_profile(&cells.Map, cells.Counts.data(), unit, &profile, inside.Ions.data(),
                     inside.Cells.data());
  return inside;
}

// The domains whose centre is in each bin. Collective: the ions of a domain may be on several
// ranks; their places are added as multiples of 2^-20 nm, in whole numbers, so that the sum does
// not depend on the ranks.
std::vector<int64_t> CountDomains(Call &call, vtkPointSet *ions, const double unit[3],
                                  const csro_profile &profile) {
  constexpr double grain = 1 << 20;
  csro::IonView view;
  std::vector<int64_t> domain, size, sum;
  int64_t limits[2] = {-1, 0};
  call.RunLocal([&] {
    view = csro::ViewPoints(ions);
    vtkDataArray *ids = ions->GetPointData()->GetArray("DomainId");
    if (view.Points.count > 0 && (!ids || ids->GetNumberOfComponents() != 1))
      call.Fail(CSRO_ERROR_DATA, "the domain ions have no point array DomainId");
    for (int64_t i = 0; i < view.Points.count; ++i) {
      domain.push_back(static_cast<int64_t>(ids->GetComponent(view.Point(i), 0)));
      limits[0] = std::max(limits[0], domain.back());
    }
    limits[1] = view.Points.count;
  });
  call.Maximum(&limits[0], 1);
  call.Sum(&limits[1], 1);
  call.RunLocal([&] {
    if (limits[0] >= limits[1])
      call.Fail(CSRO_ERROR_DATA, "DomainId goes up to " + std::to_string(limits[0]) +
                                     ", expected fewer domains than ions");
    size.resize(limits[0] + 1);
    sum.resize(limits[0] + 1);
    std::vector<double> value(view.Points.count);
    call.Check(csro_profile_project(call.Context(), &view.Points, unit, value.data()));
    call.Check(csro_domain_sizes(call.Context(), domain.data(), view.Points.count, limits[0] + 1,
                                 size.data()));
    for (int64_t i = 0; i < view.Points.count; ++i)
      if (domain[i] >= 0)
        sum[domain[i]] += std::llround(value[i] * grain);
  });
  call.Sum(size.data(), static_cast<int64_t>(size.size()));
  call.Sum(sum.data(), static_cast<int64_t>(sum.size()));
  std::vector<int64_t> counts(profile.bins);
  for (size_t d = 0; d < size.size(); ++d) {
    const int bin = size[d] > 0
                        ? csro_profile_bin(&profile, static_cast<double>(sum[d]) /
                                                         static_cast<double>(size[d]) / grain)
                        : -1;
    if (bin >= 0)
      ++counts[bin];
  }
  return counts;
}
} // namespace

vtkProfile::vtkProfile() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(1);
  this->Expect("Direction", this->Direction, -1e6, 1e6);
  this->Expect("Width", this->Width, 0.01, 1000, "nm");
}

void vtkProfile::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Direction: " << this->Direction[0] << " " << this->Direction[1] << " "
     << this->Direction[2] << "\n"
     << indent << "Width: " << this->Width << "\n";
}

void vtkProfile::DescribeInput(int port, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
  if (port == 1)
    info->Set(vtkAlgorithm::INPUT_IS_OPTIONAL(), 1);
}

int vtkProfile::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkProfile::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkProfile::RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
  if (vtkInformation *domains = inputs[1]->GetInformationObject(0))
    csro::DemandIons(domains);
}

void vtkProfile::RequestData(Call &call, vtkInformationVector **inputs,
                             vtkInformationVector *outputs) {
  vtkPointSet *ions = vtkPointSet::GetData(inputs[0]);
  vtkPointSet *domainIons = vtkPointSet::GetData(inputs[1]);
  const csro::LabelledIons labelled(call, ions);
  const csro_points &points = labelled.View.Points;
  double unit[3];
  std::vector<double> value;
  double limits[2] = {std::numeric_limits<double>::infinity(),
                      -std::numeric_limits<double>::infinity()};
  call.Stage(0, 0.3);
  call.RunLocal([&] {
    call.Check(csro_direction_init(call.Context(), this->Direction, unit));
    value.resize(points.count);
    call.Check(csro_profile_project(call.Context(), &points, unit, value.data()));
    for (const double v : value) {
      limits[0] = std::min(limits[0], v);
      limits[1] = std::max(limits[1], v);
    }
  });
  call.Minimum(&limits[0], 1);
  call.Maximum(&limits[1], 1);
  csro_profile profile{};
  std::vector<int64_t> counts;
  call.Stage(0.3, 0.6);
  call.RunLocal([&] {
    if (!(limits[0] <= limits[1]))
      call.Fail(CSRO_ERROR_DATA, "the input has no ions");
    call.Check(csro_profile_init(call.Context(), limits[0], limits[1], this->Width, &profile));
    const int64_t size = int64_t{profile.bins} * (labelled.Kinds->species_count + 1);
    if (size > MostCounts)
      call.Fail(CSRO_ERROR_ARGUMENT,
                std::to_string(profile.bins) +
                    " bins of all species are too many: choose a larger Width");
    counts.resize(size);
    call.Check(csro_profile_count(call.Context(), &profile, value.data(), labelled.View.Label,
                                  points.count, labelled.Kinds->species_count, counts.data()));
  });
  call.Sum(counts.data(), static_cast<int64_t>(counts.size()));
  call.Stage(0.6, 1);
  const Inside inside = MeasureDensity(call, points, unit, profile);
  std::vector<int64_t> domains;
  if (domainIons)
    domains = CountDomains(call, domainIons, unit, profile);
  if (call.Rank() != 0)
    return;
  csro::Columns columns(vtkTable::GetData(outputs));
  const auto bins = static_cast<size_t>(profile.bins);
  columns.Numbers("Position_nm", bins,
                  [&](size_t i) { return csro_profile_center(&profile, static_cast<int>(i)); });
  csro::PutFractions(*labelled.Kinds, counts, columns);
  columns.Numbers("Density_nm3", bins, [&](size_t i) { return inside.Density(i); });
  columns.Numbers("DensityError_nm3", bins, [&](size_t i) { return inside.Error(i); });
  if (!domainIons)
    return;
  // The volume of a bin: its ions by their density.
  const size_t labels = labelled.Kinds->species_count + 1;
  const auto volume = [&](size_t i) {
    int64_t all = 0;
    for (size_t label = 0; label < labels; ++label)
      all += counts[i * labels + label];
    return static_cast<double>(all) / inside.Density(i) * 1e-27; // m^3
  };
  columns.Counts("Domains", bins, [&](size_t i) { return domains[i]; });
  columns.Numbers("DomainDensity_m3", bins,
                  [&](size_t i) { return static_cast<double>(domains[i]) / volume(i); });
  columns.Numbers("DomainDensityError_m3", bins,
                  [&](size_t i) { return std::sqrt(static_cast<double>(domains[i])) / volume(i); });
}
