#include "vtkDensityMaps.h"

#include "data/CellImage.h"
#include "data/DetectorHits.h"
#include "data/FieldArrays.h"
#include "data/FractionColumns.h"
#include "data/InputChecks.h"
#include "data/VoxelImage.h"
#include "parallel/Distribution.h"

#include "csro/maps.h"

#include <vtkDoubleArray.h>
#include <vtkIdTypeArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

vtkStandardNewMacro(vtkDensityMaps);

namespace {
using csro::Call;

constexpr int DETECTOR = 4; // of Projection

// Counts of all ranks. Collective.
std::vector<int64_t> CountCells(Call &call, const csro_map &map, const csro_points &points,
                                const uint16_t *label, const std::vector<int32_t> &weights) {
  std::vector<int64_t> counts;
  call.RunLocal([&] {
    counts.resize(map.cells);
    call.Check(csro_map_count(call.Context(), &map, &points, label, weights.data(), counts.data()));
  });
  call.Sum(counts.data(), map.cells);
  return counts;
}

struct Spread {
  std::vector<double> Sums, Variances;

  Spread(Call &call, const csro_map &map, const std::vector<int64_t> &counts, double sigma)
      : Sums(map.cells), Variances(map.cells) {
    call.Check(csro_map_delocalise(call.Context(), &map, counts.data(), sigma, this->Sums.data(),
                                   this->Variances.data()));
  }
};

template <typename Value>
void PutArray(Call &call, const std::string &name, int64_t cells, Value &&value,
              vtkImageData *image) {
  const auto array = csro::MakeArray<vtkDoubleArray>(call, name, 1, cells);
  for (int64_t i = 0; i < cells; ++i)
    array->SetValue(i, value(i));
  image->GetPointData()->AddArray(array);
}
} // namespace

struct vtkDensityMaps::Grid {
  csro_map Map;
  csro::Failure Failure;
};

vtkDensityMaps::vtkDensityMaps() : Found(new Grid{}) {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(1);
  this->Expect("Projection", this->Projection, 0, DETECTOR);
  this->Expect("Spacing", this->Spacing, 0.01, 100, "nm");
  this->Expect("Delocalisation", this->Delocalisation, 0, 100, "nm");
}

vtkDensityMaps::~vtkDensityMaps() = default;

void vtkDensityMaps::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Projection: " << this->Projection << "\n"
     << indent << "Spacing: " << this->Spacing << "\n"
     << indent << "Delocalisation: " << this->Delocalisation << "\n";
}

void vtkDensityMaps::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkDensityMaps::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkImageData");
  return 1;
}

void vtkDensityMaps::FindGrid(Call &call, vtkInformationVector **inputs) {
  double bounds[6];
  const csro::Inputs checked(call, this, inputs);
  vtkPointSet *ions = vtkPointSet::GetData(checked.Get()[0]);
  const csro::IonView view = csro::ViewPoints(ions);
  csro::DetectorHits hits;
  if (this->Projection == DETECTOR)
    hits = csro::FindHits(call, ions, view);
  csro::BoundsOfAll(call, hits.Points(view), bounds);
  call.RunLocal([&] {
    if (!(bounds[0] <= bounds[1]))
      call.Fail(CSRO_ERROR_DATA, "the input has no ions");
    const int across = this->Projection == DETECTOR ? 2 : this->Projection - 1;
    call.Check(csro_map_init(call.Context(), bounds, this->Spacing, across, &this->Found->Map));
  });
}

// The extent of the output is known only with the ions, as in vtkVoxelizeAPT.
void vtkDensityMaps::RequestInformation(vtkInformationVector **inputs,
                                        vtkInformationVector *outputs) {
  Call call(this);
  *this->Found = Grid{};
  try {
    csro::DemandIons(inputs[0]->GetInformationObject(0));
    this->UpdateInput();
    this->FindGrid(call, inputs);
  } catch (const csro::Failure &failure) {
    this->Found->Failure = failure;
  }
  if (this->Found->Failure.Status != CSRO_OK)
    this->Found->Map = csro_map{};
  csro::AnnounceCells(this->Found->Map, outputs->GetInformationObject(0));
  AnnouncePieces(outputs);
}

void vtkDensityMaps::SayHits(const std::string &columns, vtkImageData *output) {
  const std::string words = columns.empty() ? "The ions have no detector columns: hits are their "
                                              "positions across z, in nm."
                                            : "Hits on the detector, in mm, from " + columns + ".";
  csro::PutTexts(output, "HitMap", {words});
  if (columns.empty())
    vtkWarningMacro(<< words);
}

void vtkDensityMaps::RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
}

void vtkDensityMaps::RequestData(Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  call.RunLocal([&] {
    if (this->Found->Failure.Status != CSRO_OK)
      throw this->Found->Failure;
  });
  const csro_map map = this->Found->Map;
  const csro::LabelledIons ions(call, vtkPointSet::GetData(inputs[0]));
  const csro_atom_kinds &kinds = *ions.Kinds;
  csro::DetectorHits hits;
  if (this->Projection == DETECTOR)
    hits = csro::FindHits(call, vtkPointSet::GetData(inputs[0]), ions.View);
  const csro_points points = hits.Points(ions.View);
  vtkImageData *output = vtkImageData::GetData(outputs);
  call.Reserve(static_cast<double>(map.cells) * sizeof(double) * (12 + 2.0 * kinds.count),
               "maps of " + std::to_string(map.cells) + " cells",
               "choose a larger Spacing or fewer ions");
  const std::vector<int32_t> one(kinds.species_count + 1, 1);
  std::vector<int32_t> atoms(kinds.species_count + 1, 0); // in each ion
  for (int s = 0; s < kinds.species_count; ++s)
    for (int p = kinds.first[s]; p < kinds.first[s + 1]; ++p)
      atoms[s + 1] += kinds.part[p].atoms;
  const std::vector<int64_t> all = CountCells(call, map, points, ions.View.Label, one);
  const std::string unit = map.across < 0 ? "_nm3" : hits.Known() ? "_mm2" : "_nm2";
  const double size = csro_map_cell_size(&map);
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    csro::ShapeCells(map, output);
    if (this->Projection == DETECTOR)
      this->SayHits(hits.Columns, output);
    const Spread spread(call, map, all, this->Delocalisation);
    PutArray(
        call, "Density" + unit, map.cells, [&](int64_t i) { return spread.Sums[i] / size; },
        output);
    PutArray(
        call, "DensityError" + unit, map.cells,
        [&](int64_t i) { return std::sqrt(spread.Variances[i]) / size; }, output);
    const auto counts = csro::MakeArray<vtkIdTypeArray>(call, "Ions", 1, map.cells);
    std::copy(all.begin(), all.end(), counts->GetPointer(0));
    output->GetPointData()->AddArray(counts);
    output->GetPointData()->SetActiveScalars(("Density" + unit).c_str());
  });
  const std::vector<int64_t> ranged = CountCells(call, map, points, ions.View.Label, atoms);
  std::unique_ptr<Spread> whole;
  call.RunLocal([&] {
    if (call.Rank() == 0)
      whole = std::make_unique<Spread>(call, map, ranged, this->Delocalisation);
  });
  for (int kind = 0; kind < kinds.count; ++kind) {
    std::vector<int32_t> weights(kinds.species_count + 1, 0);
    for (int s = 0; s < kinds.species_count; ++s)
      for (int p = kinds.first[s]; p < kinds.first[s + 1]; ++p)
        if (kinds.part[p].kind == kind)
          weights[s + 1] += kinds.part[p].atoms;
    const std::vector<int64_t> counts = CountCells(call, map, points, ions.View.Label, weights);
    call.RunLocal([&] {
      if (call.Rank() != 0)
        return;
      const Spread own(call, map, counts, this->Delocalisation);
      const auto share = [&](int64_t i, bool wantsError) {
        double value, error;
        csro_map_share(own.Sums[i], whole->Sums[i], whole->Variances[i], &value, &error);
        return wantsError ? error : value;
      };
      const std::string name = kinds.kind[kind].name;
      PutArray(
          call, "Fraction_" + name, map.cells, [&](int64_t i) { return share(i, false); }, output);
      PutArray(
          call, "FractionError_" + name, map.cells, [&](int64_t i) { return share(i, true); },
          output);
    });
  }
}
