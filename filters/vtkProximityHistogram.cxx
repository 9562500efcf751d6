#include "vtkProximityHistogram.h"

#include "data/FractionColumns.h"
#include "data/VoxelImage.h"
#include "parallel/Distribution.h"
#include "parallel/MatchIons.h"

#include "csro/profile.h"
#include "csro/proximity.h"

#include <vtkCellArray.h>
#include <vtkIdList.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkTable.h>

#include <vector>

vtkStandardNewMacro(vtkProximityHistogram);

namespace {
using csro::Call;

// Labels of ions and their distances; ions of the ranks in any order.
struct Measured {
  std::vector<uint16_t> Labels;
  std::vector<double> Distances;
};

// From the domains: every rank measures the ions of a compact block of space. Collective.
Measured FromDomains(Call &call, const csro::LabelledIons &ions, vtkPointSet *points,
                     vtkPointSet *domains, double reach) {
  const std::vector<int64_t> domain = csro::MatchDomains(call, ions.View, points, domains);
  csro::IonView view;
  call.RunLocal([&] {
    if (ions.Kinds->species_count > 32766)
      call.Fail(CSRO_ERROR_DATA, "more than 32766 species");
    view.Points = ions.View.Points;
    view.CopiedLabels.resize(view.Points.count);
    for (int64_t i = 0; i < view.Points.count; ++i) // the side beside the label
      view.CopiedLabels[i] = static_cast<uint16_t>(2 * (ions.View.Label ? ions.View.Label[i] : 0) +
                                                   (domain[i] >= 0 ? 1 : 0));
    view.Label = view.CopiedLabels.data();
  });
  const csro::PartIons part =
      csro::Distribute(call, view, csro::PlanAround(call, view.Points, reach));
  Measured measured;
  call.RunLocal([&] {
    std::vector<uint8_t> inside(part.Points.count);
    for (int64_t i = 0; i < part.Points.count; ++i)
      inside[i] = part.Label[i] & 1;
    measured.Distances.resize(part.Own);
    call.Check(csro_proximity_to_ions(call.Context(), &part.Points, inside.data(), part.Own, reach,
                                      measured.Distances.data()));
    for (int64_t i = 0; i < part.Own; ++i)
      measured.Labels.push_back(part.Label[i] / 2);
  });
  return measured;
}

// The triangles of all ranks, on every rank. Collective.
std::vector<double> GatherTriangles(Call &call, vtkPolyData *surface) {
  std::vector<double> mine;
  call.RunLocal([&] {
    vtkNew<vtkIdList> corners;
    const auto take = [&](vtkIdType point) {
      double r[3];
      surface->GetPoint(corners->GetId(point), r);
      mine.insert(mine.end(), r, r + 3);
    };
    vtkCellArray *polygons = surface->GetPolys();
    for (vtkIdType cell = 0; polygons && cell < polygons->GetNumberOfCells(); ++cell) {
      polygons->GetCellAtId(cell, corners);
      for (vtkIdType k = 2; k < corners->GetNumberOfIds(); ++k) {
        take(0);
        take(k - 1);
        take(k);
      }
    }
    if (surface->GetNumberOfStrips() > 0)
      call.Fail(CSRO_ERROR_DATA, "the surface has triangle strips: put Triangulate before it");
  });
  std::vector<std::vector<double>> all(call.Ranks(), mine);
  all = csro::Exchange(call, std::move(all));
  std::vector<double> corners;
  call.RunLocal([&] {
    for (const std::vector<double> &part : all)
      corners.insert(corners.end(), part.begin(), part.end());
  });
  return corners;
}

Measured FromSurface(Call &call, const csro::LabelledIons &ions, vtkPolyData *surface, double reach,
                     bool flip) {
  const std::vector<double> corners = GatherTriangles(call, surface);
  Measured measured;
  call.RunLocal([&] {
    const csro_points &points = ions.View.Points;
    const csro_triangles triangles{static_cast<int64_t>(corners.size() / 9), corners.data()};
    measured.Distances.resize(points.count);
    call.Check(csro_proximity_to_triangles(call.Context(), &points, &triangles, reach,
                                           measured.Distances.data()));
    for (int64_t i = 0; i < points.count; ++i) {
      measured.Labels.push_back(ions.View.Label ? ions.View.Label[i] : 0);
      if (flip)
        measured.Distances[i] = -measured.Distances[i];
    }
  });
  return measured;
}
} // namespace

vtkProximityHistogram::vtkProximityHistogram() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(1);
  this->Need(1, "set Surface to domain ions, or to the triangles of an isosurface");
  this->Expect("Reach", this->Reach, 0.1, 100, "nm");
  this->Expect("Width", this->Width, 0.01, 100, "nm");
}

void vtkProximityHistogram::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Reach: " << this->Reach << "\n"
     << indent << "Width: " << this->Width << "\n"
     << indent << "Flip: " << this->Flip << "\n";
}

void vtkProximityHistogram::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkProximityHistogram::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkProximityHistogram::RequestInformation(vtkInformationVector **,
                                               vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkProximityHistogram::RequestUpdateExtent(vtkInformationVector **inputs,
                                                vtkInformationVector *) {
  for (int port = 0; port < 2; ++port)
    if (vtkInformation *input = inputs[port]->GetInformationObject(0))
      csro::DemandIons(input);
}

void vtkProximityHistogram::RequestData(Call &call, vtkInformationVector **inputs,
                                        vtkInformationVector *outputs) {
  vtkPointSet *points = vtkPointSet::GetData(inputs[0]);
  vtkPointSet *surface = vtkPointSet::GetData(inputs[1]);
  const csro::LabelledIons ions(call, points);
  auto *polygons = vtkPolyData::SafeDownCast(surface);
  int64_t found[2] = {surface->GetPointData()->GetArray("DomainId") ? 1 : 0,
                      polygons && polygons->GetNumberOfPolys() > 0 ? 1 : 0};
  call.Maximum(found, 2);
  csro_profile profile{};
  call.RunLocal([&] {
    if (!found[0] && !found[1])
      call.Fail(CSRO_ERROR_DATA, "Surface has neither the point array DomainId nor triangles: "
                                 "expected domain ions, or an isosurface as Contour makes it");
    // NaN and what lies at the last edge are in no bin
    call.Check(csro_profile_init(call.Context(), -this->Reach, this->Reach, this->Width, &profile));
  });
  call.Stage(0.1, 0.9);
  const vtkNew<vtkPolyData> none;
  const Measured measured =
      found[0] ? FromDomains(call, ions, points, surface, this->Reach)
               : FromSurface(call, ions, polygons ? polygons : none.Get(), this->Reach, this->Flip);
  call.Stage(0.9, 1);
  const int species = ions.Kinds->species_count;
  std::vector<int64_t> counts;
  call.RunLocal([&] {
    counts.resize(int64_t{profile.bins} * (species + 1));
    call.Check(csro_profile_count(
        call.Context(), &profile, measured.Distances.data(), measured.Labels.data(),
        static_cast<int64_t>(measured.Labels.size()), species, counts.data()));
  });
  call.Sum(counts.data(), static_cast<int>(counts.size()));
  if (call.Rank() != 0)
    return;
  csro::Columns columns(vtkTable::GetData(outputs));
  columns.Numbers("Distance_nm", profile.bins,
                  [&](size_t i) { return csro_profile_center(&profile, static_cast<int>(i)); });
  csro::PutFractions(*ions.Kinds, counts, columns);
}
