#include "vtkComputeZSDM.h"

#include "data/FieldArrays.h"
#include "data/LatticePlanes.h"
#include "data/SpeciesPairs.h"
#include "data/StrayIons.h"
#include "data/TableColumns.h"
#include "data/VoxelImage.h"

#include "csro/voxels.h"
#include "csro/zsdm.h"

#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkTable.h>
#include <vtkUnsignedCharArray.h>
#include <vtkUnsignedIntArray.h>
#include <vtkUnsignedShortArray.h>

#include <map>

vtkStandardNewMacro(vtkComputeZSDM);

namespace {
// Counts of one pair: sums over all ranks.
struct Total {
  csro::Pair Pair;
  std::vector<int64_t> Counts; // per bin
};

struct CountArray {
  vtkSmartPointer<vtkDataArray> Array;
  void *Values;
};

template <typename Array>
CountArray MakeCountsAs(csro::Call &call, const std::string &name, int bins, vtkIdType voxels) {
  const auto array = csro::MakeArray<Array>(call, name, bins, voxels);
  return {array, array->GetPointer(0)};
}

CountArray MakeCounts(csro::Call &call, const std::string &name, csro_count_type type, int bins,
                      vtkIdType voxels) {
  switch (type) {
  case CSRO_U8:
    return MakeCountsAs<vtkUnsignedCharArray>(call, name, bins, voxels);
  case CSRO_U16:
    return MakeCountsAs<vtkUnsignedShortArray>(call, name, bins, voxels);
  default:
    return MakeCountsAs<vtkUnsignedIntArray>(call, name, bins, voxels);
  }
}

// Ions of each voxel with some labels, counted once for each of them.
class VoxelCounts {
public:
  VoxelCounts(csro::Call &call, const csro_grid &grid, const csro_block &block,
              const csro::PartIons &ions)
      : Call(call), Grid(grid), Block(block), Ions(ions) {}

  std::vector<int32_t> OfAll() {
    std::vector<int32_t> counts(csro_block_size(&this->Block));
    this->Count(nullptr, {}, counts);
    return counts;
  }

  // The largest count that any curve of the pair may hold.
  int64_t Bound(const csro::Pair &pair, csro_partners partners) {
    if (partners == CSRO_PARTNERS_IN_DATA) // nothing has to be counted
      return csro_zsdm_bound(partners, 0, nullptr, nullptr);
    const std::vector<int32_t> &a = this->Of(pair.A);
    const std::vector<int32_t> &b = this->Of(pair.B);
    return csro_zsdm_bound(partners, static_cast<int64_t>(a.size()), a.data(), b.data());
  }

private:
  void Count(const uint16_t *labels, const std::vector<uint16_t> &wanted,
             std::vector<int32_t> &counts) {
    this->Call.Check(csro_voxel_counts(this->Call.Context(), &this->Grid, &this->Block,
                                       &this->Ions.Points, labels, static_cast<int>(wanted.size()),
                                       wanted.data(), counts.data()));
  }

  const std::vector<int32_t> &Of(const std::vector<uint16_t> &wanted) {
    auto found = this->Known.find(wanted);
    if (found == this->Known.end()) {
      std::vector<int32_t> counts(csro_block_size(&this->Block), 0);
      if (this->Ions.Label)
        this->Count(this->Ions.Label, wanted, counts);
      found = this->Known.emplace(wanted, std::move(counts)).first;
    }
    return found->second;
  }

  csro::Call &Call;
  const csro_grid &Grid;
  csro_block Block;
  const csro::PartIons &Ions;
  std::map<std::vector<uint16_t>, std::vector<int32_t>> Known;
};

std::vector<double> BinCenters(const csro_bins &bins) {
  std::vector<double> centers;
  for (int bin = 0; bin < bins.kept; ++bin)
    centers.push_back(csro_bins_center(&bins, bin));
  return centers;
}

void PutBins(const csro_bins &bins, vtkDataObject *data) {
  csro::PutNumbers(data, "zSDM_BinCenters", BinCenters(bins));
  csro::PutBinNumbers(bins, data);
}

// Mean curves: counts per unit (a voxel with ions, or 1 for the whole region).
void PutTable(const csro_bins &bins, const std::vector<Total> &totals, int64_t units,
              vtkTable *table) {
  csro::Columns columns(table);
  columns.Numbers("dz_nm", bins.kept,
                  [&](size_t bin) { return csro_bins_center(&bins, static_cast<int>(bin)); });
  std::vector<double> mean(bins.kept);
  for (const Total &total : totals) {
    const int64_t sum = csro_zsdm_mean(bins.kept, total.Counts.data(), units, mean.data());
    columns.Numbers(total.Pair.Typed, mean.size(), [&](size_t bin) { return mean[bin]; });
    csro::PutCounts(table, "CountSum_" + csro::PairKey(total.Pair.Typed), {sum});
  }
  csro::PutCounts(table, "VoxelsWithIons", {units});
}
} // namespace

// One execution.
struct vtkComputeZSDM::Curves {
  csro::Call &Call;
  csro_bins Bins{};
  csro_partners Partners{};
  bool Keep = true;
  csro::SpeciesList Species{};
  std::vector<csro::Pair> Pairs{};

  // Per voxel; returns the voxels with ions.
  int64_t OfVoxels(const csro::IonView &view, vtkImageData *voxels, vtkInformation *output,
                   std::vector<Total> &totals);
  void OfRegion(const csro::IonView &view, std::vector<Total> &totals);

private:
  // Makes sure that there is memory for curves of so many bytes per bin. Collective.
  void ReserveCurves(double bytes, const csro::Blocks &blocks) {
    this->Call.Reserve(bytes * this->Bins.kept *
                           static_cast<double>(csro_block_size(&blocks.Stored)),
                       "the curves of " + std::to_string(this->Pairs.size()) + " pairs",
                       "turn KeepCurves off, choose fewer Bins or a smaller Window, or voxels of a "
                       "larger Stride or a smaller box");
  }
  // The curves of every voxel as arrays of the output, and their sums.
  void Store(const csro_grid &grid, const csro::Blocks &blocks, const csro::PartIons &ions,
             VoxelCounts &counts, vtkImageData *output, std::vector<Total> &totals);
  // The sums alone.
  void Add(const csro_grid &grid, const csro_block &owned, const csro::PartIons &ions,
           std::vector<Total> &totals);

  csro::PairLabels LabelsOf(const csro::Pair &pair, const csro::PartIons &ions) {
    return {this->Call, {pair}, ions.Label, ions.Points.count, this->Species};
  }

  void StagePair(size_t pair) {
    const double step = 1.0 / static_cast<double>(this->Pairs.size());
    this->Call.Stage(step * static_cast<double>(pair), step * static_cast<double>(pair + 1));
  }
};

void vtkComputeZSDM::Curves::Store(const csro_grid &grid, const csro::Blocks &blocks,
                                   const csro::PartIons &ions, VoxelCounts &counts,
                                   vtkImageData *output, std::vector<Total> &totals) {
  // All ranks use the same type of counts, so that their arrays fit together.
  std::vector<int64_t> largest(this->Pairs.size());
  this->Call.RunLocal([&] {
    for (size_t i = 0; i < this->Pairs.size(); ++i)
      largest[i] = counts.Bound(this->Pairs[i], this->Partners);
  });
  this->Call.Maximum(largest.data(), static_cast<int>(largest.size()));
  double bytes = 0;
  for (const int64_t count : largest)
    bytes += csro_count_type_for(count);
  this->ReserveCurves(bytes, blocks);

  this->Call.RunLocal([&] {
    for (size_t i = 0; i < this->Pairs.size(); ++i) {
      this->StagePair(i);
      const csro::Pair &pair = this->Pairs[i];
      const csro_count_type type = csro_count_type_for(largest[i]);
      const CountArray made = MakeCounts(this->Call, "zSDM_" + csro::PairKey(pair.Typed), type,
                                         this->Bins.kept, csro_block_size(&blocks.Stored));
      const csro::PairLabels labels = this->LabelsOf(pair, ions);
      this->Call.Check(csro_zsdm_voxels(this->Call.Context(), &grid, &blocks.Stored, &ions.Points,
                                        labels.Get(), pair.A[0], pair.B[0], &this->Bins,
                                        this->Partners, type, made.Values));
      output->GetPointData()->AddArray(made.Array);
      csro_zsdm_add(&blocks.Stored, &blocks.Owned, this->Bins.kept, type, made.Values,
                    totals[i].Counts.data());
    }
  });
}

void vtkComputeZSDM::Curves::Add(const csro_grid &grid, const csro_block &owned,
                                 const csro::PartIons &ions, std::vector<Total> &totals) {
  this->Call.RunLocal([&] {
    for (size_t i = 0; i < this->Pairs.size(); ++i) {
      this->StagePair(i);
      const csro::Pair &pair = this->Pairs[i];
      const csro::PairLabels labels = this->LabelsOf(pair, ions);
      this->Call.Check(csro_zsdm_sum(this->Call.Context(), &grid, &owned, &ions.Points,
                                     labels.Get(), pair.A[0], pair.B[0], &this->Bins,
                                     this->Partners, totals[i].Counts.data()));
    }
  });
}

int64_t vtkComputeZSDM::Curves::OfVoxels(const csro::IonView &view, vtkImageData *voxels,
                                         vtkInformation *information, std::vector<Total> &totals) {
  vtkImageData *output = vtkImageData::GetData(information);
  csro_grid grid{};
  csro::Blocks blocks{};
  this->Call.RunLocal([&] {
    grid = csro::GetGrid(this->Call, voxels);
    blocks = csro::BlocksOfImage(this->Call, grid, voxels);
  });
  csro::CheckWhole(this->Call, grid, blocks, information);
  if (this->Keep) // at least; before anything is counted
    this->ReserveCurves(static_cast<double>(this->Pairs.size()), blocks);
  const double halo = csro_zsdm_reach(&grid, &this->Bins, this->Partners);
  const csro::PartIons ions =
      csro::Distribute(this->Call, view, csro::PlanVoxels(this->Call, grid, blocks, halo));
  int64_t filled = 0;
  {
    VoxelCounts counts(this->Call, grid, blocks.Stored, ions);
    this->Call.RunLocal([&] {
      this->Call.Stage(0, 0);
      output->ShallowCopy(voxels);
      filled = csro_voxels_with_ions(&blocks.Stored, &blocks.Owned, counts.OfAll().data());
    });
    if (this->Keep)
      this->Store(grid, blocks, ions, counts, output, totals);
  }
  if (!this->Keep)
    this->Add(grid, blocks.Owned, ions, totals);
  this->Call.Sum(&filled, 1);
  PutBins(this->Bins, output);
  csro::PutPartners(this->Partners, output);
  csro::AddPairsOfCurves(this->Pairs, output);
  return filled;
}

void vtkComputeZSDM::Curves::OfRegion(const csro::IonView &view, std::vector<Total> &totals) {
  const csro::PartIons ions = csro::Distribute(
      this->Call, view, csro::PlanAround(this->Call, view.Points, this->Bins.half_range));
  this->Call.RunLocal([&] {
    for (size_t i = 0; i < this->Pairs.size(); ++i) {
      this->StagePair(i);
      const csro::Pair &pair = this->Pairs[i];
      const csro::PairLabels labels = this->LabelsOf(pair, ions);
      this->Call.Check(csro_zsdm_region(this->Call.Context(), &ions.Points, ions.Own, labels.Get(),
                                        pair.A[0], pair.B[0], &this->Bins,
                                        totals[i].Counts.data()));
    }
  });
}

vtkComputeZSDM::vtkComputeZSDM() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(2);
  this->Expect("HalfRange", this->HalfRange, 0.1, 10, "nm");
  this->Expect("Bins", this->Bins, 2, 2000);
  this->Expect("Window", this->Window, 0.05, 10, "nm");
  this->Expect("Partners", this->Partners, PARTNERS_IN_VOXEL, PARTNERS_IN_DATA);
}

vtkComputeZSDM::~vtkComputeZSDM() {
  this->SetPairs(nullptr);
}

void vtkComputeZSDM::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Pairs: " << (this->Pairs ? this->Pairs : "") << "\n"
     << indent << "HalfRange: " << this->HalfRange << "\n"
     << indent << "Bins: " << this->Bins << "\n"
     << indent << "Window: " << this->Window << "\n"
     << indent << "Partners: " << this->Partners << "\n"
     << indent << "KeepCurves: " << this->KeepCurves << "\n";
}

void vtkComputeZSDM::DescribeInput(int port, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), port == 0 ? "vtkPointSet" : "vtkImageData");
  if (port == 1)
    info->Set(vtkAlgorithm::INPUT_IS_OPTIONAL(), 1);
}

int vtkComputeZSDM::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 0 ? "vtkImageData" : "vtkTable");
  return 1;
}

void vtkComputeZSDM::RequestInformation(vtkInformationVector **inputs,
                                        vtkInformationVector *outputs) {
  csro::PassExtent(inputs[1]->GetInformationObject(0), outputs->GetInformationObject(0));
  AnnouncePieces(outputs);
}

void vtkComputeZSDM::RequestUpdateExtent(vtkInformationVector **inputs,
                                         vtkInformationVector *outputs) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
  csro::DemandVoxels(outputs->GetInformationObject(0), inputs[1]->GetInformationObject(0));
}

void vtkComputeZSDM::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  vtkImageData *voxels = vtkImageData::GetData(inputs[1]);
  Curves curves{call};
  curves.Partners =
      this->Partners == PARTNERS_IN_DATA ? CSRO_PARTNERS_IN_DATA : CSRO_PARTNERS_IN_VOXEL;
  curves.Keep = this->KeepCurves;
  csro::IonView view;
  call.RunLocal([&] {
    call.Check(
        csro_bins_init(call.Context(), this->HalfRange, this->Bins, this->Window, &curves.Bins));
    view = csro::ViewLabelledIons(call, input);
  });
  curves.Species = csro::SharedSpecies(call, input);
  const bool automatic = !this->Pairs || !*this->Pairs;
  if (automatic)
    curves.Pairs = csro::DefaultPairs(call, view, curves.Species);
  call.RunLocal([&] {
    if (!automatic)
      curves.Pairs = csro::ParsePairs(call, this->Pairs, curves.Species);
    if (curves.Pairs.empty())
      call.Fail(CSRO_ERROR_DATA, csro::WhyNoPairs(curves.Species));
  });

  std::vector<Total> totals;
  for (const csro::Pair &pair : curves.Pairs)
    totals.push_back({pair, std::vector<int64_t>(curves.Bins.kept, 0)});
  int64_t units = 1;
  if (voxels)
    units = curves.OfVoxels(view, voxels, outputs->GetInformationObject(0), totals);
  else {
    csro::RefuseEndless(call, view, input, curves.Bins.half_range);
    curves.OfRegion(view, totals);
  }
  for (Total &total : totals)
    call.Sum(total.Counts.data(), static_cast<int>(total.Counts.size()));
  if (call.Rank() == 0)
    PutTable(curves.Bins, totals, units, vtkTable::GetData(outputs, 1));
  if (call.Rank() == 0 && voxels)
    csro::PutLatticePlanes(csro::GetLatticePlanes(voxels), vtkTable::GetData(outputs, 1));
}
