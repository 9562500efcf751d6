#include "data/VoxelImage.h"

#include "data/FieldArrays.h"

#include "csro/bisection.h"
#include "csro/share.h"
#include "csro/voxels.h"
#include "csro/zsdm.h"

#include <vtkAlgorithm.h>
#include <vtkDataObject.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkMultiProcessController.h>
#include <vtkStreamingDemandDrivenPipeline.h>

#include <algorithm>
#include <cmath>

namespace csro {
namespace {
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

// A part of an image. Filters of ours know what voxels a piece stands for; readers and others are
// asked for an extent: the cells between the layers along z are shared out.
void DemandPart(vtkInformation *input, int part, int parts) {
  if (input->Has(vtkAlgorithm::CAN_HANDLE_PIECE_REQUEST())) {
    DemandPiece(input, part, parts);
    return;
  }
  int extent[6];
  input->Get(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT(), extent);
  int64_t first, last;
  csro_share_layers(extent[5] - extent[4], part, parts, &first, &last);
  extent[5] = static_cast<int>(extent[4] + last);
  extent[4] += static_cast<int>(first);
  input->Set(vtkStreamingDemandDrivenPipeline::UPDATE_EXTENT(), extent, 6);
  DemandPiece(input, 0, 1);
}

// Gives an image the extent lo .. hi, inclusive; of nothing when the block is empty.
void SetExtent(const csro_block &block, int64_t beyond, vtkImageData *image) {
  int extent[6] = {0, -1, 0, -1, 0, -1};
  for (int axis = 0; axis < 3 && csro_block_size(&block) > 0; ++axis) {
    extent[2 * axis] = static_cast<int>(block.lo[axis]);
    extent[2 * axis + 1] = static_cast<int>(block.hi[axis] + beyond);
  }
  image->SetExtent(extent);
}

} // namespace

void PutGrid(const GridNumbers &numbers, vtkDataObject *data) {
  std::vector<double> values(numbers.Box, numbers.Box + 6);
  values.insert(values.end(), {numbers.Edge, numbers.Stride, numbers.Radius});
  PutNumbers(data, "CSRO_Grid", values);
}

csro_grid GetGrid(Call &call, vtkDataObject *data) {
  const std::vector<double> values = GetNumbers(data, "CSRO_Grid");
  if (values.size() != 9)
    call.Fail(
        CSRO_ERROR_DATA,
        "the image is no result of Voxelize APT: field array CSRO_Grid with 9 numbers expected");
  csro_grid grid{};
  call.Check(csro_grid_init(call.Context(), values.data(), values[6], values[7], values[8], &grid));
  return grid;
}

Blocks BlocksOfImage(Call &call, const csro_grid &grid, vtkImageData *image) {
  Blocks blocks{};
  if (image->GetNumberOfPoints() == 0)
    return blocks;
  int extent[6];
  image->GetExtent(extent);
  for (int axis = 0; axis < 3; ++axis) {
    const int64_t lo = extent[2 * axis], hi = extent[2 * axis + 1] + int64_t{1};
    if (lo < 0 || hi > grid.n[axis])
      call.Fail(CSRO_ERROR_DATA, "the image does not fit its grid (field array CSRO_Grid)");
    blocks.Stored.lo[axis] = lo;
    blocks.Stored.hi[axis] = hi;
  }
  blocks.Owned = csro_grid_owned(&grid, &blocks.Stored);
  return blocks;
}

void CheckWhole(Call &call, const csro_grid &grid, const Blocks &mine, vtkInformation *output) {
  int parts = 1;
  RequestedPart(call, output, parts);
  if (parts > call.Ranks()) // one rank goes through the parts in turn
    return;
  int64_t owned = csro_block_size(&mine.Owned);
  call.Sum(&owned, 1);
  call.RunLocal([&] {
    const int64_t whole = grid.n[0] * grid.n[1] * grid.n[2];
    if (owned != whole)
      call.Fail(CSRO_ERROR_DATA, "the image has been cut or repeated: it holds " +
                                     std::to_string(owned) + " of the " + std::to_string(whole) +
                                     " voxels of its grid");
  });
}

Plan PlanVoxels(Call &call, const csro_grid &grid, const Blocks &mine, double halo) {
  Plan plan;
  plan.Mesh = csro_mesh_of_grid(&grid);
  plan.Owned = GatherBlocks(call, mine.Owned);
  for (const csro_block &stored : GatherBlocks(call, mine.Stored))
    plan.Needed.push_back(csro_grid_region(&grid, &stored, halo));
  return plan;
}

std::vector<double> FetchVoxels(Call &call, const Blocks &mine, const double *values,
                                const std::vector<csro_block> &owned,
                                const std::vector<csro_block> &wanted) {
  std::vector<std::vector<double>> parcels(call.Ranks());
  std::vector<double> fetched;
  call.RunLocal([&] {
    fetched.resize(csro_block_size(&wanted[call.Rank()]));
    for (int rank = 0; rank < call.Ranks(); ++rank) {
      const csro_block give = csro_block_common(&mine.Owned, &wanted[rank]);
      parcels[rank].resize(csro_block_size(&give));
      csro_block_copy(&mine.Stored, values, &give, parcels[rank].data(), sizeof *values);
    }
  });
  parcels = Exchange(call, std::move(parcels));
  for (int rank = 0; rank < call.Ranks(); ++rank) {
    const csro_block &here = wanted[call.Rank()];
    const csro_block taken = csro_block_common(&owned[rank], &here);
    csro_block_copy(&taken, parcels[rank].data(), &here, fetched.data(), sizeof *values);
  }
  return fetched;
}

std::vector<csro_block> PartitionVoxels(Call &call, const csro_grid &grid, const csro_points &ions,
                                        int parts) {
  std::vector<csro_block> blocks = Partition(call, csro_mesh_of_neighbours(&grid), ions, parts);
  for (csro_block &block : blocks)
    block = csro_grid_block(&grid, &block);
  return blocks;
}

std::vector<double> ScorePixels(Call &call, const csro_grid &grid, const Blocks &mine,
                                const std::vector<csro_block> &owned, const double *probability,
                                csro_score_rule rule) {
  std::vector<csro_block> pixels, wanted;
  for (const csro_block &block : owned) {
    pixels.push_back(csro_grid_pixels(&grid, &block));
    wanted.push_back(csro_score_voxels(&grid, &pixels.back()));
  }
  const int me = call.Rank();
  const std::vector<double> values = FetchVoxels(call, mine, probability, owned, wanted);
  std::vector<double> scores;
  call.RunLocal([&] {
    scores.resize(csro_block_size(&pixels[me]));
    call.Check(csro_scores(call.Context(), &grid, &wanted[me], values.data(), &pixels[me], rule,
                           scores.data()));
  });
  return scores;
}

Plan PlanPixels(Call &call, const csro_grid &grid, const csro_block &pixels, csro_extraction rule) {
  const double reach = rule == CSRO_EXTRACT_BALL ? grid.stride : 0; // more than any ball's
  Plan plan;
  plan.Mesh = csro_mesh_of_pixels(&grid);
  for (const csro_block &block : GatherBlocks(call, pixels))
    plan.Needed.push_back(csro_mesh_region(&plan.Mesh, &block, reach, false));
  return plan;
}

std::vector<uint8_t> SelectIons(Call &call, const PartIons &part, int64_t count,
                                const Selection &mine, csro_extraction rule) {
  std::vector<uint8_t> seen, keep;
  call.RunLocal([&] {
    seen.resize(part.Points.count);
    keep.resize(count);
    call.Check(csro_extract(call.Context(), &mine.Grid, &mine.Block, mine.Selected.data(), rule,
                            &part.Points, seen.data()));
  });
  CollectFromHalo(call, part, seen.data(),
                  [&](int64_t ion, uint8_t selected) { seen[ion] |= selected; });
  ReturnToSource(call, part, seen.data(), keep.data());
  return keep;
}

std::vector<double> ScoreIons(Call &call, const PartIons &part, int64_t count,
                              const Selection &mine) {
  std::vector<double> seen, score;
  call.RunLocal([&] {
    seen.resize(part.Points.count);
    score.resize(count);
    csro_pixel_scores(&mine.Grid, &mine.Block, mine.Score.data(), &part.Points, seen.data());
  });
  CollectFromHalo(call, part, seen.data(), [&](int64_t ion, double value) {
    if (!std::isnan(value))
      seen[ion] = value;
  });
  ReturnToSource(call, part, seen.data(), score.data());
  return score;
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

void ShapeImage(const csro_grid &grid, const csro_block &stored, vtkImageData *image) {
  const double half = grid.edge / 2;
  image->SetOrigin(grid.origin[0] + half, grid.origin[1] + half, grid.origin[2] + half);
  image->SetSpacing(grid.stride, grid.stride, grid.stride);
  SetExtent(stored, -1, image);
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

void ShapePixels(const csro_grid &grid, const csro_block &pixels, vtkImageData *image) {
  image->SetOrigin(grid.origin[0], grid.origin[1], grid.origin[2]);
  image->SetSpacing(grid.stride, grid.stride, grid.stride);
  SetExtent(pixels, 0, image);
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
  // Images are no ions; without this they would be asked for the extent of the output first.
  if (vtkImageData::SafeDownCast(vtkDataObject::GetData(input)) &&
      input->Has(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT()))
    input->Set(vtkStreamingDemandDrivenPipeline::UPDATE_EXTENT(),
               input->Get(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT()), 6);
}

void DemandVoxels(vtkInformation *output, vtkInformation *input) {
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
  PutNumbers(data, "zSDM_Bins",
             {bins.half_range, static_cast<double>(bins.total), static_cast<double>(bins.first),
              static_cast<double>(bins.kept)});
}

csro_bins GetBinNumbers(Call &call, vtkDataObject *data) {
  const std::vector<double> bins = GetNumbers(data, "zSDM_Bins");
  if (bins.size() != 4)
    call.Fail(CSRO_ERROR_DATA,
              "the image has no curves of Compute ZSDM: field array zSDM_Bins with 4 numbers "
              "expected");
  return {bins[0], static_cast<int>(bins[1]), static_cast<int>(bins[2]), static_cast<int>(bins[3])};
}

void PutPartners(csro_partners partners, vtkDataObject *data) {
  PutCounts(data, "zSDM_Partners", {partners == CSRO_PARTNERS_IN_DATA});
}

csro_partners GetPartners(Call &call, vtkDataObject *data) {
  const std::vector<double> partners = GetNumbers(data, "zSDM_Partners");
  if (partners.size() != 1)
    call.Fail(CSRO_ERROR_DATA,
              "the image does not say how Compute ZSDM makes its curves: field array zSDM_Partners "
              "with one number expected");
  return partners[0] == 1 ? CSRO_PARTNERS_IN_DATA : CSRO_PARTNERS_IN_VOXEL;
}
} // namespace csro
