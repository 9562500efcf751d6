#include "vtkVoxelizeAPT.h"

#include "data/FieldArrays.h"
#include "data/InputChecks.h"
#include "data/LatticePlanes.h"
#include "data/SpeciesLabels.h"
#include "data/StrayIons.h"
#include "data/VoxelImage.h"
#include "parallel/DistributedPole.h"
#include "parallel/Owned.h"

#include "csro/bisection.h"
#include "csro/composition.h"
#include "csro/ions.h"
#include "csro/parse.h"
#include "csro/voxels.h"

#include <vtkDataObject.h>
#include <vtkExecutive.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkIntArray.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>

#include <algorithm>
#include <cmath>

vtkStandardNewMacro(vtkVoxelizeAPT);

namespace {
// Ions of each species in the whole input, as a field array.
void PutSpeciesCounts(csro::Call &call, const csro::IonView &ions, int species,
                      vtkImageData *output) {
  if (species == 0)
    return;
  std::vector<int64_t> counts(species);
  call.RunLocal([&] {
    if (ions.Label)
      call.Check(csro_label_counts(call.Context(), ions.Label, ions.Points.count, species - 1,
                                   counts.data()));
  });
  call.Sum(counts.data(), species);
  csro::PutCounts(output, "SpeciesCounts", counts);
}

// The lattice planes of the ranged ions in the box; of all ions in it, where none is ranged.
// Collective.
csro_lattice_planes MeasurePlanes(csro::Call &call, const csro::IonView &ions,
                                  const double box[6]) {
  std::vector<uint16_t> mark;
  double bounds[6];
  int64_t ranged = 0;
  call.RunLocal([&] {
    mark.resize(ions.Points.count);
    ranged = csro_guard_mark(&ions.Points, ions.Label, box, mark.data(), bounds);
  });
  call.Sum(&ranged, 1);
  csro::JoinBounds(call, bounds);
  if (bounds[0] > bounds[1])
    return {};
  csro_guard_choose(ions.Points.count, ranged, mark.data());
  csro_pole_options options;
  csro_pole_options_init(&options);
  csro_pole_map map{};
  const csro::Owned<csro_pole_map_release> owner(&map);
  csro::FindPole(call, ions.Points, mark.data(), bounds, options, map);
  return csro::PlanesOf(map.summary);
}
} // namespace

// What the pass for information has found: the grid, or why there is none.
struct vtkVoxelizeAPT::GridResult {
  csro::GridNumbers Numbers;
  csro_grid Grid;
  csro::Failure Failure;
};

vtkVoxelizeAPT::vtkVoxelizeAPT() : Found(new GridResult{}) {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(1);
  this->Expect("BoxMode", this->BoxMode, BOX_OF_IONS, BOX_GIVEN);
  this->Expect("Box", this->Box, -1e6, 1e6, "nm");
  this->Expect("Edge", this->Edge, 0.01, 100, "nm");
  this->Expect("Stride", this->Stride, 0.01, 100, "nm");
  this->Expect("BallRadius", this->BallRadius, 0.01, 100, "nm");
}

vtkVoxelizeAPT::~vtkVoxelizeAPT() {
  this->SetBoxText(nullptr);
}

void vtkVoxelizeAPT::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "BoxMode: " << this->BoxMode << "\n" << indent << "Box:";
  for (const double value : this->Box) {
    os << " " << value;
  }
  os << "\n"
     << indent << "BoxText: " << (this->BoxText ? this->BoxText : "") << "\n"
     << indent << "Edge: " << this->Edge << "\n"
     << indent << "Stride: " << this->Stride << "\n"
     << indent << "BallRadius: " << this->BallRadius << "\n";
}

void vtkVoxelizeAPT::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkVoxelizeAPT::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkImageData");
  return 1;
}

void vtkVoxelizeAPT::FindGrid(csro::Call &call, vtkInformationVector **inputs) {
  csro::GridNumbers &numbers = this->Found->Numbers;
  numbers.Edge = this->Edge;
  numbers.Stride = this->Stride;
  numbers.Radius = this->BallRadius;
  std::copy_n(this->Box, 6, numbers.Box);
  if (this->BoxMode == BOX_GIVEN && this->BoxText && *this->BoxText) {
    call.RunLocal([&] { call.Check(csro_box_parse(call.Context(), this->BoxText, numbers.Box)); });
  }
  if (this->BoxMode == BOX_OF_IONS) {
    double bounds[6];
    const csro::Inputs checked(call, this, inputs);
    const csro::IonView ions = csro::ViewPoints(vtkPointSet::GetData(checked.Get()[0]));
    csro::BoundsOfAll(call, ions.Points, bounds);
    // Dense specimens have a sixth of a voxel per ion; up to 10 million voxels cost little.
    constexpr double voxelsAlways = 1e7, voxelsPerIon = 50;
    int64_t count = ions.Points.count;
    call.Sum(&count, 1);
    const double voxels = csro::VolumeOf(bounds) / std::pow(this->Stride, 3);
    if (voxels > std::max(voxelsAlways, voxelsPerIon * static_cast<double>(count)))
      csro::RefuseStrays(call, ions, vtkPointSet::GetData(checked.Get()[0]),
                         "the box of the ions would have more than 50 voxels for each ion; or give "
                         "the property Box");
    call.RunLocal([&] {
      if (bounds[0] > bounds[1])
        call.Fail(CSRO_ERROR_DATA, "the input has no ions");
      if (this->Stride > 0) {
        csro_box_snap(bounds, this->Stride, numbers.Box);
        for (int axis = 0; axis < 3; ++axis)
          if (numbers.Box[2 * axis] >= numbers.Box[2 * axis + 1])
            call.Fail(CSRO_ERROR_DATA,
                      "the ions are less than two strides wide along an axis: too few for voxels");
      }
    });
  }
  call.RunLocal([&] {
    call.Check(csro_grid_init(call.Context(), numbers.Box, numbers.Edge, numbers.Stride,
                              numbers.Radius, &this->Found->Grid));
  });
}

void vtkVoxelizeAPT::RequestInformation(vtkInformationVector **inputs,
                                        vtkInformationVector *outputs) {
  // The box of the ions, and with it the extent of the output, is known only with the ions: they
  // are brought up to date already now, each rank's own part.
  csro::Call call(this);
  this->Found->Failure = {CSRO_OK, {}};
  try {
    if (this->BoxMode == BOX_OF_IONS) {
      csro::DemandIons(inputs[0]->GetInformationObject(0));
      this->UpdateInput();
    }
    this->FindGrid(call, inputs);
  } catch (const csro::Failure &failure) {
    this->Found->Failure = failure;
  }
  vtkInformation *output = outputs->GetInformationObject(0);
  const bool found = this->Found->Failure.Status == CSRO_OK;
  csro::AnnounceGrid(found ? &this->Found->Grid : nullptr, output);
  vtkDataObject::SetPointDataActiveScalarInfo(output, VTK_INT, 1);
  AnnouncePieces(outputs);
}

void vtkVoxelizeAPT::RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
}

void vtkVoxelizeAPT::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  call.RunLocal([&] {
    if (this->Found->Failure.Status != CSRO_OK) {
      throw this->Found->Failure;
    }
  });
  const csro_grid &grid = this->Found->Grid;
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  vtkImageData *output = vtkImageData::GetData(outputs);
  int parts = 1;
  const int part = csro::RequestedPart(call, outputs->GetInformationObject(0), parts);
  csro::IonView view;
  call.RunLocal([&] { view = csro::ViewIons(call, input); });
  const csro_block owned = csro::PartitionVoxels(call, grid, view.Points, parts)[part];
  const csro::Blocks blocks{csro_grid_stored(&grid, &owned), owned};
  const csro::SpeciesList species = csro::SharedSpecies(call, input);
  const csro::PartIons ions =
      csro::Distribute(call, view, csro::PlanVoxels(call, grid, blocks, csro_grid_halo(&grid)));

  const size_t kinds = species.Elements.size();
  call.Reserve(static_cast<double>(csro_block_size(&blocks.Stored)) * sizeof(int32_t) *
                   static_cast<double>(kinds + 1),
               "the counts of " + std::to_string(grid.n[0] * grid.n[1] * grid.n[2]) + " voxels",
               "choose a larger Stride or a smaller box");
  csro_occupancy occupancy{};
  call.RunLocal([&] {
    csro::ShapeImage(grid, blocks.Stored, output);
    const size_t elements = ions.Label ? species.Elements.size() : 0;
    const auto count = [&](const std::string &name, const uint16_t *labels,
                           const std::vector<uint16_t> &wanted) {
      const auto array =
          csro::MakeArray<vtkIntArray>(call, name, 1, csro_block_size(&blocks.Stored));
      call.Check(csro_voxel_counts(call.Context(), &grid, &blocks.Stored, &ions.Points, labels,
                                   static_cast<int>(wanted.size()), wanted.data(),
                                   array->GetPointer(0)));
      output->GetPointData()->AddArray(array);
    };
    const double step = 0.5 / static_cast<double>(elements + 1);
    call.Stage(0.0, step);
    count("IonCount", nullptr, {});
    for (size_t i = 0; i < elements; ++i) {
      call.Stage(step * static_cast<double>(i + 1), step * static_cast<double>(i + 2));
      count("Count_" + species.Elements[i].Symbol, ions.Label, species.Elements[i].Labels);
    }
    call.Stage(0.5, 0.6);
    const csro_block pixels =
        call.Ranks() == 1 ? csro_block_whole(grid.pixels) : csro_grid_pixels(&grid, &blocks.Owned);
    call.Check(csro_occupancy_count(call.Context(), &grid, &pixels, &ions.Points, &occupancy));
  });
  int64_t tallies[3] = {occupancy.interior_pixels, occupancy.interior_ions, occupancy.other_ions};
  call.Sum(tallies, 3);
  occupancy = {tallies[0], tallies[1], tallies[2]};
  call.RunLocal([&] {
    if (tallies[1] + tallies[2] == 0)
      call.Fail(CSRO_ERROR_DATA, "no ion lies in the box: the box is outside of the data");
  });

  call.Stage(0.6, 1.0);
  csro::PutLatticePlanes(MeasurePlanes(call, view, this->Found->Numbers.Box), output);
  output->GetPointData()->SetActiveScalars("IonCount");
  csro::PassFieldData(input, output);
  PutSpeciesCounts(call, view, static_cast<int>(species.Names.size()), output);
  csro::PutGrid(this->Found->Numbers, output);
  csro::PutNumbers(output, "AnalysedVolume_nm3", {csro_occupancy_volume(&grid, &occupancy)});
}
