#include "parallel/CopyRun.h"

#include "data/StrayIons.h"
#include "parallel/DistributedDBSCAN.h"
#include "parallel/SortIons.h"

#include "csro/candidates.h"
#include "csro/domains.h"

#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkPolyData.h>

#include <algorithm>
#include <numeric>
#include <string>

namespace csro {
CopyRun::CopyRun(Call &call, const ChainSettings &chain, const IonView &view,
                 const SpeciesList &species, vtkPointSet *ions)
    : Processes(call), Chain(chain), View(view), Species(species),
      Points(vtkSmartPointer<vtkPolyData>::New()) {
  this->Points->SetPoints(ions->GetPoints());
  if (vtkDataArray *numbers = IonNumbers(ions))
    this->Points->GetPointData()->AddArray(numbers);
  const csro_grid &grid = chain.Grid;
  this->Owned = PartitionVoxels(call, grid, view.Points, call.Ranks());
  const csro_block &own = this->Owned[call.Rank()];
  this->Mine = {own, own};
  this->Pixels = csro_grid_pixels(&grid, &own);
  constexpr double voxelBytes = 48, ionBytes = 16;
  call.Reserve(voxelBytes * static_cast<double>(csro_block_size(&own)) +
                   ionBytes * static_cast<double>(view.Points.count),
               "the randomised copies", "take Copies 0, or voxels of a larger Stride");
  const double halo = csro_zsdm_reach(&grid, &chain.Bins, chain.Partners);
  this->OfVoxels = Distribute(call, view, PlanVoxels(call, grid, this->Mine, halo));
  this->OfPixels =
      Distribute(call, view, PlanPixels(call, grid, this->Pixels, chain.Cluster.Extraction));
}

void CopyRun::Classify(const uint16_t *label, double *probability, CopyCounts &counts) {
  std::vector<Pair> typed;
  std::vector<std::array<uint16_t, 2>> pairs;
  for (const std::string &text : this->Chain.Pairs) {
    typed.push_back(ParsePairs(this->Processes, text, this->Species)[0]);
    pairs.push_back({typed.back().A[0], typed.back().B[0]});
  }
  const PairLabels labels(this->Processes, typed, label, this->OfVoxels.Points.count,
                          this->Species);
  const csro_ion_curves curves{&this->Chain.Grid,
                               &this->Mine.Stored,
                               &this->OfVoxels.Points,
                               labels.Get(),
                               reinterpret_cast<const uint16_t(*)[2]>(pairs.data()),
                               this->Chain.Partners};
  const csro_selection_rule rule{this->Chain.OrderedClass, this->Chain.Classify.Rule,
                                 this->Chain.Cluster.Threshold};
  csro_candidate_counts found{};
  this->Processes.Check(csro_classify_candidates(
      this->Processes.Context(), this->Chain.Network.get(), this->Chain.Classify.Preprocessing,
      this->Chain.Classify.MinimumCounts, &curves, &rule, probability, &found));
  counts.VoxelsDefined = found.defined;
  counts.VoxelsOverflowed = found.overflowed;
  counts.CountSum = found.count_sum;
}

std::vector<uint8_t> CopyRun::Select(const std::vector<uint16_t> &label, CopyCounts &counts) {
  Call &call = this->Processes;
  std::vector<uint16_t> own;
  std::vector<double> probability;
  call.RunLocal([&] {
    own.resize(call.Ranks() > 1 ? this->OfVoxels.Points.count : 0);
    probability.resize(csro_block_size(&this->Mine.Stored));
  });
  if (call.Ranks() > 1) {
    SendToOwner(call, this->OfVoxels, label.data(), own.data());
    UpdateHalo(call, this->OfVoxels, own.data());
  }
  call.Stage(0, 0.96);
  call.RunLocal([&] {
    this->Classify(call.Ranks() > 1 ? own.data() : label.data(), probability.data(), counts);
  });
  call.Stage(0.96, 0.98);
  const std::vector<double> scores = ScorePixels(call, this->Chain.Grid, this->Mine, this->Owned,
                                                 probability.data(), this->Chain.Classify.Rule);
  Selection selection{this->Chain.Grid, this->Pixels, {}, {}};
  call.RunLocal([&] {
    for (const double score : scores)
      selection.Selected.push_back(score > this->Chain.Cluster.Threshold);
    counts.PixelsSelected =
        std::count(selection.Selected.begin(), selection.Selected.end(), uint8_t{1});
  });
  call.Stage(0.98, 1);
  return SelectIons(call, this->OfPixels, this->View.Points.count, selection,
                    this->Chain.Cluster.Extraction);
}

void CopyRun::FindDomains(const std::vector<uint8_t> &keep, CopyCounts &counts,
                          const std::vector<uint16_t> &label, std::vector<int64_t> *inDomains) {
  Call &call = this->Processes;
  vtkSmartPointer<vtkPolyData> extracted;
  IonView view;
  call.RunLocal([&] {
    std::vector<vtkIdType> ids;
    for (int64_t i = 0; i < this->View.Points.count; ++i)
      if (keep[i])
        ids.push_back(this->View.Point(i));
    extracted = TakePoints(call, this->Points, ids);
    view = ViewPoints(extracted);
    counts.IonsExtracted = view.Points.count;
  });
  RefuseEndless(call, view, extracted, this->Chain.Cluster.Eps);
  const Domains domains =
      csro::FindDomains(call, view, NumberIons(call, view, extracted), this->Chain.Cluster.Eps,
                        this->Chain.Cluster.MinSamples, {});
  call.RunLocal([&] {
    std::vector<int64_t> sizes; // on rank 0
    for (const csro_domain &row : domains.Table.Rows)
      sizes.push_back(row.size);
    counts.Domains = static_cast<int64_t>(sizes.size());
    counts.Noise = -std::accumulate(sizes.begin(), sizes.end(), int64_t{0}); // of the extracted
    counts.Largest = sizes.empty() ? 0 : *std::max_element(sizes.begin(), sizes.end());
    csro_size_histogram(sizes.data(), counts.Domains, counts.Histogram.data());
    int64_t at = 0;
    for (int64_t i = 0; inDomains && i < this->View.Points.count; ++i)
      if (keep[i] && domains.Label[at++] >= 0)
        ++inDomains->at(label[i]);
  });
}

CopyCounts CopyRun::Run(const std::vector<uint16_t> &label, double begin, double end,
                        std::vector<int64_t> *inDomains) {
  CopyCounts counts{};
  const double selected = begin + 0.95 * (end - begin);
  this->Processes.Frame(begin, selected);
  const std::vector<uint8_t> keep = this->Select(label, counts);
  this->Processes.Frame(selected, end);
  this->FindDomains(keep, counts, label, inDomains);
  if (inDomains)
    this->Processes.Sum(inDomains->data(), static_cast<int>(inDomains->size()));
  for (int64_t *count :
       {&counts.VoxelsDefined, &counts.VoxelsOverflowed, &counts.CountSum, &counts.PixelsSelected,
        &counts.IonsExtracted, &counts.Domains, &counts.Noise, &counts.Largest})
    this->Processes.Sum(count, 1);
  this->Processes.Sum(counts.Histogram.data(), CSRO_SIZE_BINS);
  counts.Noise += counts.IonsExtracted;
  this->Processes.RunLocal([&] {
    if (counts.VoxelsDefined == 0 && counts.VoxelsOverflowed > 0)
      this->Processes.Fail(CSRO_ERROR_DATA,
                           "no voxel has a defined probability, for the output of the "
                           "model is not finite: its weights are too large");
  });
  return counts;
}
} // namespace csro
