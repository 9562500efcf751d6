#include "Grid.h"

#include <vtkAlgorithm.h>
#include <vtkDataObject.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkMultiProcessController.h>
#include <vtkNew.h>
#include <vtkStreamingDemandDrivenPipeline.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace csro {
namespace {
constexpr double Infinity = std::numeric_limits<double>::infinity();

// The cells between layers are shared out, as VTK does for images.
csro_slab StoredLayers(int64_t layers, int part, int parts) {
  const Share cells = ShareOf(layers - 1, part, parts);
  if (layers == 1 && part == 0)
    return {0, 1};
  return {cells.First, cells.Count > 0 ? cells.Count + 1 : 0};
}

void FindRank(int &part, int &parts) {
  if (vtkMultiProcessController *controller = vtkMultiProcessController::GetGlobalController()) {
    parts = controller->GetNumberOfProcesses();
    part = controller->GetLocalProcessId();
  }
}

void DemandPiece(vtkInformation *input, int part, int parts) {
  input->Set(vtkStreamingDemandDrivenPipeline::UPDATE_PIECE_NUMBER(), part);
  input->Set(vtkStreamingDemandDrivenPipeline::UPDATE_NUMBER_OF_PIECES(), parts);
  input->Set(vtkStreamingDemandDrivenPipeline::UPDATE_NUMBER_OF_GHOST_LEVELS(), 0);
}

// Layers of points of an image. Filters of ours know what layers a piece stands for; readers and
// others split an extent along any axis when they are asked for a piece, so they are asked for the
// extent alone.
void DemandPart(vtkInformation *input, int part, int parts) {
  if (input->Has(vtkAlgorithm::CAN_HANDLE_PIECE_REQUEST())) {
    DemandPiece(input, part, parts);
    return;
  }
  int extent[6];
  input->Get(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT(), extent);
  const csro_slab slab = StoredLayers(extent[5] - extent[4] + 1, part, parts);
  extent[4] += static_cast<int>(slab.first);
  extent[5] = extent[4] + static_cast<int>(slab.layers) - 1;
  input->Set(vtkStreamingDemandDrivenPipeline::UPDATE_EXTENT(), extent, 6);
  DemandPiece(input, 0, 1);
}

csro_slab OwnedLayers(const csro_grid &grid, csro_slab stored) {
  const bool top = stored.layers > 0 && stored.first + stored.layers == grid.n[2];
  return {stored.first, stored.layers - (stored.layers > 0 && !top ? 1 : 0)};
}
} // namespace

void PutGrid(const GridNumbers &numbers, vtkDataObject *data) {
  vtkNew<vtkDoubleArray> array;
  array->SetName("CSRO_Grid");
  for (const double value : numbers.Box) {
    array->InsertNextValue(value);
  }
  array->InsertNextValue(numbers.Edge);
  array->InsertNextValue(numbers.Stride);
  array->InsertNextValue(numbers.Radius);
  data->GetFieldData()->AddArray(array);
}

csro_grid GetGrid(Call &call, vtkDataObject *data) {
  vtkDataArray *array = data->GetFieldData()->GetArray("CSRO_Grid");
  if (!array || array->GetNumberOfValues() != 9) {
    call.Fail(
        CSRO_ERROR_DATA,
        "the image is no result of Voxelize APT: field array CSRO_Grid with 9 numbers expected");
  }
  double box[6];
  for (int i = 0; i < 6; ++i) {
    box[i] = array->GetVariantValue(i).ToDouble();
  }
  csro_grid grid{};
  call.Check(csro_grid_make(call.Context(), box, array->GetVariantValue(6).ToDouble(),
                            array->GetVariantValue(7).ToDouble(),
                            array->GetVariantValue(8).ToDouble(), &grid));
  return grid;
}

int64_t VoxelAt(const csro_grid &grid, const double center[3]) {
  constexpr double tolerance = 0.01; // of a stride
  int64_t number = 0;
  for (int axis = 2; axis >= 0; --axis) {
    const double place = (center[axis] - grid.origin[axis] - grid.edge / 2) / grid.stride;
    const double whole = std::round(place);
    if (!(std::abs(place - whole) < tolerance) || whole < 0 || whole >= grid.n[axis])
      return -1;
    number = number * grid.n[axis] + static_cast<int64_t>(whole);
  }
  return number;
}

Layers LayersOfPart(const csro_grid &grid, int part, int parts) {
  const csro_slab stored = StoredLayers(grid.n[2], part, parts);
  return {stored, OwnedLayers(grid, stored)};
}

Layers LayersOfImage(Call &call, const csro_grid &grid, vtkImageData *image) {
  int extent[6];
  image->GetExtent(extent);
  if (image->GetNumberOfPoints() == 0) {
    return {};
  }
  if (extent[0] != 0 || extent[1] != grid.n[0] - 1 || extent[2] != 0 ||
      extent[3] != grid.n[1] - 1 || extent[4] < 0 || extent[5] >= grid.n[2]) {
    call.Fail(CSRO_ERROR_DATA, "the image has been cut: whole layers of " +
                                   std::to_string(grid.n[0]) + " x " + std::to_string(grid.n[1]) +
                                   " voxels expected, found " +
                                   std::to_string(extent[1] - extent[0] + 1) + " x " +
                                   std::to_string(extent[3] - extent[2] + 1));
  }
  Layers layers{{extent[4], extent[5] - extent[4] + 1}, {}};
  layers.Owned = OwnedLayers(grid, layers.Stored);
  return layers;
}

csro_slab PixelLayers(const csro_grid &grid, csro_slab owned) {
  const bool top = owned.layers > 0 && owned.first + owned.layers == grid.n[2];
  return {owned.first, owned.layers + (top ? grid.ratio - 1 : 0)};
}

SlabPlan PlanSlabs(Call &call, const csro_grid &grid, const Layers &mine, double halo) {
  const std::vector<int64_t> first = call.Gather(mine.Stored.first);
  const std::vector<int64_t> layers = call.Gather(mine.Stored.layers);
  // Distances are compared in double: a hair more than the halo loses no ion to rounding.
  const double reach = halo * (1 + 1e-9) + 1e-9;
  const double z0 = grid.origin[2] + grid.edge / 2;
  SlabPlan plan;
  plan.Cut.assign(call.Ranks() + 1, Infinity);
  for (int rank = 0; rank < call.Ranks(); ++rank) {
    const bool empty = layers[rank] == 0;
    plan.Lo.push_back(empty ? Infinity : z0 + grid.stride * first[rank] - reach);
    plan.Hi.push_back(empty ? -Infinity
                            : z0 + grid.stride * (first[rank] + layers[rank] - 1) + reach);
  }
  for (int rank = call.Ranks() - 1; rank > 0; --rank) {
    plan.Cut[rank] =
        layers[rank] == 0 ? plan.Cut[rank + 1] : z0 + grid.stride * (first[rank] - 0.5);
  }
  plan.Cut[0] = -Infinity;
  return plan;
}

void AnnounceGrid(const csro_grid *grid, vtkInformation *output) {
  int extent[6] = {0, -1, 0, -1, 0, -1};
  double origin[3] = {0, 0, 0}, spacing[3] = {1, 1, 1};
  for (int axis = 0; grid && axis < 3; ++axis) {
    extent[2 * axis + 1] = static_cast<int>(grid->n[axis] - 1);
    origin[axis] = grid->origin[axis] + grid->edge / 2;
    spacing[axis] = grid->stride;
  }
  output->Set(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT(), extent, 6);
  output->Set(vtkDataObject::ORIGIN(), origin, 3);
  output->Set(vtkDataObject::SPACING(), spacing, 3);
}

int RequestedPart(const Call &call, vtkInformation *output, int &parts) {
  if (call.Ranks() > 1) {
    parts = call.Ranks();
    return call.Rank();
  }
  parts = std::max(1, output->Get(vtkStreamingDemandDrivenPipeline::UPDATE_NUMBER_OF_PIECES()));
  return std::min(
      parts - 1, std::max(0, output->Get(vtkStreamingDemandDrivenPipeline::UPDATE_PIECE_NUMBER())));
}

void ShapeImage(const csro_grid &grid, csro_slab stored, vtkImageData *image) {
  const double half = grid.edge / 2;
  image->SetOrigin(grid.origin[0] + half, grid.origin[1] + half, grid.origin[2] + half);
  image->SetSpacing(grid.stride, grid.stride, grid.stride);
  if (stored.layers == 0) {
    image->SetExtent(0, -1, 0, -1, 0, -1);
    return;
  }
  image->SetExtent(0, static_cast<int>(grid.n[0] - 1), 0, static_cast<int>(grid.n[1] - 1),
                   static_cast<int>(stored.first),
                   static_cast<int>(stored.first + stored.layers - 1));
}

void AnnouncePixels(const csro_grid *grid, vtkInformation *output) {
  AnnounceGrid(nullptr, output);
  if (!grid)
    return;
  int extent[6] = {0, 0, 0, 0, 0, 0};
  for (int axis = 0; axis < 3; ++axis)
    extent[2 * axis + 1] = static_cast<int>(grid->pixels[axis]);
  const double spacing[3] = {grid->stride, grid->stride, grid->stride};
  output->Set(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT(), extent, 6);
  output->Set(vtkDataObject::ORIGIN(), grid->origin, 3);
  output->Set(vtkDataObject::SPACING(), spacing, 3);
}

void ShapePixels(const csro_grid &grid, csro_slab pixels, vtkImageData *image) {
  image->SetOrigin(grid.origin[0], grid.origin[1], grid.origin[2]);
  image->SetSpacing(grid.stride, grid.stride, grid.stride);
  if (pixels.layers == 0) {
    image->SetExtent(0, -1, 0, -1, 0, -1);
    return;
  }
  image->SetExtent(0, static_cast<int>(grid.pixels[0]), 0, static_cast<int>(grid.pixels[1]),
                   static_cast<int>(pixels.first), static_cast<int>(pixels.first + pixels.layers));
}

void PassExtent(vtkInformation *input, vtkInformation *output) {
  if (!input) {
    AnnounceGrid(nullptr, output);
    return;
  }
  output->CopyEntry(input, vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT());
  output->CopyEntry(input, vtkDataObject::ORIGIN());
  output->CopyEntry(input, vtkDataObject::SPACING());
}

void DemandIons(vtkInformation *input) {
  int parts = 1, part = 0;
  FindRank(part, parts);
  DemandPiece(input, part, parts);
}

void DemandLayers(vtkInformation *output, vtkInformation *input) {
  if (!input || !input->Has(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT()))
    return;
  int parts = 1, part = 0;
  FindRank(part, parts);
  if (parts == 1) {
    parts = std::max(1, output->Get(vtkStreamingDemandDrivenPipeline::UPDATE_NUMBER_OF_PIECES()));
    part = output->Get(vtkStreamingDemandDrivenPipeline::UPDATE_PIECE_NUMBER());
  }
  DemandPart(input, part, parts);
}

void DemandPixels(vtkInformation *input) {
  if (!input || !input->Has(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT()))
    return;
  int parts = 1, part = 0;
  FindRank(part, parts);
  DemandPart(input, part, parts);
}

void PutBinNumbers(const csro_bins &bins, vtkDataObject *data) {
  vtkNew<vtkDoubleArray> array;
  array->SetName("zSDM_Bins");
  array->InsertNextValue(bins.half_range);
  for (const int value : {bins.total, bins.first, bins.kept})
    array->InsertNextValue(value);
  data->GetFieldData()->AddArray(array);
}

csro_bins GetBinNumbers(Call &call, vtkDataObject *data) {
  vtkDataArray *array = data->GetFieldData()->GetArray("zSDM_Bins");
  if (!array || array->GetNumberOfValues() != 4)
    call.Fail(CSRO_ERROR_DATA,
              "the image has no curves of Compute ZSDM: field array zSDM_Bins with 4 numbers "
              "expected");
  return {array->GetVariantValue(0).ToDouble(), array->GetVariantValue(1).ToInt(),
          array->GetVariantValue(2).ToInt(), array->GetVariantValue(3).ToInt()};
}
} // namespace csro
