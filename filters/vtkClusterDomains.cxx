#include "vtkClusterDomains.h"

#include "data/ChainSettings.h"
#include "data/FieldArrays.h"
#include "data/StrayIons.h"
#include "data/VoxelImage.h"
#include "parallel/DistributedDBSCAN.h"

#include "csro/compare.h"
#include "csro/domains.h"
#include "csro/score.h"
#include "csro/voxels.h"

#include <vtkCellData.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkTable.h>
#include <vtkTimerLog.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

vtkStandardNewMacro(vtkClusterDomains);

namespace {
using Histogram = std::array<int64_t, CSRO_SIZE_BINS>;

constexpr double PixelCorners = 8; // a score is the sum of the probabilities there

// The bins of a size histogram: lower edge and label.
void PutSizeBins(csro::Columns &columns) {
  const auto lower = [](size_t bin) { return static_cast<int>(bin) * CSRO_SIZE_BIN_WIDTH; };
  columns.Counts("Size", CSRO_SIZE_BINS, lower);
  columns.Texts("Bin", CSRO_SIZE_BINS, [&](size_t bin) {
    const std::string from = std::to_string(lower(bin));
    return bin + 1 < CSRO_SIZE_BINS ? from + "-" + std::to_string(lower(bin + 1) - 1)
                                    : from + " and more";
  });
}

vtkDataArray *FindScore(csro::Call &call, const char *wanted, vtkImageData *pixels) {
  vtkCellData *cells = pixels->GetCellData();
  const auto isScore = [](vtkDataArray *array) {
    return array && array->GetName() && std::string(array->GetName()).compare(0, 6, "Score_") == 0;
  };
  const bool any = !wanted || !*wanted;
  vtkDataArray *found = any ? cells->GetScalars() : cells->GetArray(wanted);
  if (any && !isScore(found))
    found = nullptr;
  for (int i = 0; any && !found && i < cells->GetNumberOfArrays(); ++i)
    if (isScore(cells->GetArray(i)))
      found = cells->GetArray(i);
  if (!found)
    call.Fail(CSRO_ERROR_ARGUMENT, "the pixels have no cell array " +
                                       (any ? std::string("Score_...") : std::string(wanted)));
  return found;
}

csro::Selection SelectPixels(csro::Call &call, vtkImageData *pixels, const char *scoreArray,
                             double threshold) {
  csro::Selection selection;
  selection.Grid = csro::GetGrid(call, pixels);
  if (pixels->GetNumberOfCells() == 0)
    return selection;
  int extent[6];
  pixels->GetExtent(extent);
  for (int axis = 0; axis < 3; ++axis) {
    selection.Block.lo[axis] = extent[2 * axis];
    selection.Block.hi[axis] = extent[2 * axis + 1];
  }
  const csro_block whole = csro_block_whole(selection.Grid.pixels);
  if (!csro_block_holds(&whole, &selection.Block))
    call.Fail(CSRO_ERROR_DATA, "the pixels do not fit their grid (field array CSRO_Grid)");
  vtkDataArray *score = FindScore(call, scoreArray, pixels);
  selection.Selected.resize(csro_block_size(&selection.Block));
  selection.Score.resize(selection.Selected.size());
  for (size_t i = 0; i < selection.Selected.size(); ++i) {
    selection.Score[i] = score->GetComponent(static_cast<vtkIdType>(i), 0);
    selection.Selected[i] = selection.Score[i] > threshold;
  }
  return selection;
}

// What is missing in the score because networks overflowed; empty: nothing.
std::string Missing(csro::Call &call, const char *scoreArray, vtkImageData *pixels) {
  if (pixels->GetNumberOfCells() == 0)
    return {};
  const std::string name = std::string(FindScore(call, scoreArray, pixels)->GetName());
  const auto count = [&](const std::string &kind) {
    const std::vector<double> found =
        csro::GetNumbers(pixels, kind + name.substr(std::min<size_t>(6, name.size())));
    return found.size() == 1 ? static_cast<int64_t>(found[0]) : 0;
  };
  const int64_t overflowed = count("VoxelsOverflowed_"), defined = count("VoxelsDefined_");
  if (overflowed <= 0)
    return {};
  return name + ": " + std::to_string(overflowed) + " of " + std::to_string(defined + overflowed) +
         " voxels with usable curves have no defined probability, for the output of the model is "
         "not "
         "finite there: domains in them are not found";
}

// Of each domain the mean over its ions, which then have it; 0 in none. Collective.
std::vector<double> MeanOverDomains(csro::Call &call, const csro::Domains &domains,
                                    vtkPolyData *ions) {
  constexpr double unit = 1LL << 32; // whole numbers: the same sums for any number of ranks
  auto *value = vtkFloatArray::SafeDownCast(ions->GetPointData()->GetArray("Probability"));
  std::vector<int64_t> sums, counts;
  call.RunLocal([&] {
    sums.resize(domains.Count);
    counts.resize(domains.Count);
    for (size_t i = 0; value && i < domains.Label.size(); ++i) {
      const float mine = value->GetValue(static_cast<vtkIdType>(i));
      if (domains.Label[i] < 0 || std::isnan(mine))
        continue;
      sums[domains.Label[i]] += std::llround(mine * unit);
      ++counts[domains.Label[i]];
    }
  });
  if (domains.Count > 0) {
    call.Sum(sums.data(), static_cast<int>(sums.size()));
    call.Sum(counts.data(), static_cast<int>(counts.size()));
  }
  std::vector<double> mean(sums.size());
  for (size_t d = 0; d < mean.size(); ++d)
    mean[d] = static_cast<double>(sums[d]) / unit / static_cast<double>(counts[d]);
  for (size_t i = 0; value && i < domains.Label.size(); ++i)
    value->SetValue(static_cast<vtkIdType>(i),
                    domains.Label[i] < 0 ? 0 : static_cast<float>(mean[domains.Label[i]]));
  return mean;
}

void PutHistogram(const std::vector<csro_domain> &rows, vtkTable *table) {
  std::vector<int64_t> sizes;
  for (const csro_domain &row : rows)
    sizes.push_back(row.size);
  Histogram histogram{};
  csro_size_histogram(sizes.data(), static_cast<int64_t>(sizes.size()), histogram.data());
  csro::Columns columns(table);
  PutSizeBins(columns);
  columns.Counts("Domains", histogram.size(), [&](size_t i) { return histogram[i]; });
}
} // namespace

vtkClusterDomains::vtkClusterDomains() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(3);
  this->Expect("Threshold", this->Threshold, 0, 8);
  this->Expect("Eps", this->Eps, 0.01, 10, "nm");
  this->Expect("MinSamples", this->MinSamples, 1, 1000);
}

vtkClusterDomains::~vtkClusterDomains() {
  this->SetScoreArray(nullptr);
}

void vtkClusterDomains::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "ScoreArray: " << (this->ScoreArray ? this->ScoreArray : "(active)") << "\n"
     << indent << "Threshold: " << this->Threshold << "\n"
     << indent << "Eps: " << this->Eps << "\n"
     << indent << "MinSamples: " << this->MinSamples << "\n"
     << indent << "ReferenceMode: " << this->ReferenceMode << "\n";
}

void vtkClusterDomains::DescribeInput(int port, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), port == 0 ? "vtkPointSet" : "vtkImageData");
  if (port == 1)
    info->Set(vtkAlgorithm::INPUT_IS_OPTIONAL(), 1);
}

int vtkClusterDomains::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 0 ? "vtkPolyData" : "vtkTable");
  return 1;
}

void vtkClusterDomains::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkClusterDomains::RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
  csro::DemandPixels(inputs[1]->GetInformationObject(0));
}

vtkSmartPointer<vtkPolyData> vtkClusterDomains::Extract(csro::Call &call, vtkPointSet *ions,
                                                        vtkImageData *pixels,
                                                        int64_t &pixelsSelected) {
  const csro_extraction extraction = this->ReferenceMode ? CSRO_EXTRACT_BALL : CSRO_EXTRACT_PIXEL;
  csro::IonView view;
  csro::Selection selection;
  call.RunLocal([&] {
    view = csro::ViewIons(call, ions);
    if (pixels)
      selection = SelectPixels(call, pixels, this->ScoreArray, this->Threshold);
    const std::string missing = pixels ? Missing(call, this->ScoreArray, pixels) : std::string();
    if (!missing.empty() && call.Rank() == 0)
      vtkWarningMacro(<< missing);
  });
  std::vector<uint8_t> keep;
  std::vector<double> score;
  call.RunLocal([&] { keep.assign(view.Points.count, 1); });
  if (pixels) {
    const csro::PartIons part = csro::Distribute(
        call, view, csro::PlanPixels(call, selection.Grid, selection.Block, extraction));
    keep = csro::SelectIons(call, part, view.Points.count, selection, extraction);
    score = csro::ScoreIons(call, part, view.Points.count, selection);
  }
  pixelsSelected = std::count(selection.Selected.begin(), selection.Selected.end(), 1);
  call.Sum(&pixelsSelected, 1);
  vtkSmartPointer<vtkPolyData> extracted;
  const auto kept = static_cast<double>(std::count(keep.begin(), keep.end(), 1));
  call.Reserve(kept * csro::BytesPerPoint(ions), "the extracted ions",
               "choose a higher Threshold or fewer ions");
  call.RunLocal([&] {
    std::vector<vtkIdType> ids;
    for (int64_t i = 0; i < view.Points.count; ++i)
      if (keep[i])
        ids.push_back(view.Point(i));
    extracted = csro::TakePoints(call, ions, ids);
    if (!pixels)
      return;
    const auto probability =
        csro::MakeArray<vtkFloatArray>(call, "Probability", 1, static_cast<vtkIdType>(ids.size()));
    vtkIdType next = 0;
    for (int64_t i = 0; i < view.Points.count; ++i)
      if (keep[i])
        probability->SetValue(next++, static_cast<float>(score[i] / PixelCorners));
    extracted->GetPointData()->AddArray(probability);
  });
  return extracted;
}

void vtkClusterDomains::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                    vtkInformationVector *outputs) {
  vtkPointSet *ions = vtkPointSet::GetData(inputs[0]);
  vtkImageData *pixels = vtkImageData::GetData(inputs[1]);
  vtkPolyData *output = vtkPolyData::GetData(outputs, 0);
  call.Stage(0.0, 0.3);
  const double begin = vtkTimerLog::GetUniversalTime();
  int64_t selected = 0;
  const vtkSmartPointer<vtkPolyData> extracted = this->Extract(call, ions, pixels, selected);
  this->ExtractSeconds = vtkTimerLog::GetUniversalTime() - begin;
  call.Stage(0.3, 1.0);
  std::vector<std::string> score;
  if (pixels && pixels->GetNumberOfCells() > 0)
    score.emplace_back(FindScore(call, this->ScoreArray, pixels)->GetName());
  score = call.Share(score);
  csro::IonView view;
  call.RunLocal([&] {
    view = csro::ViewIons(call, extracted);
    call.Check(csro_dbscan_check(call.Context(), this->Eps, this->MinSamples));
  });
  csro::RefuseEndless(call, view, extracted, this->Eps);
  const csro::Domains domains =
      csro::FindDomains(call, view, csro::NumberIons(call, view, extracted), this->Eps,
                        this->MinSamples, csro::SharedSpeciesNames(call, ions));
  const std::vector<double> probability = MeanOverDomains(call, domains, extracted);
  call.RunLocal([&] {
    output->ShallowCopy(extracted);
    csro::PutDomains(call, domains.Label, domains.Size, output);
    csro::PassFieldData(ions, output);
    if (pixels) {
      csro::PassFieldData(pixels, output);
      csro::PutCounts(output, "PixelsSelected", {selected});
    }
    csro::PutClustering({this->Threshold, this->Eps, this->MinSamples,
                         this->ReferenceMode ? CSRO_EXTRACT_BALL : CSRO_EXTRACT_PIXEL},
                        pixels, score.empty() ? "" : score[0], output);
    if (call.Rank() != 0)
      return;
    csro::Columns columns(vtkTable::GetData(outputs, 1));
    domains.Table.PutFirst(columns);
    if (pixels)
      columns.Numbers("Probability", probability.size(), [&](size_t i) { return probability[i]; });
    domains.Table.PutRest(columns);
    PutHistogram(domains.Table.Rows, vtkTable::GetData(outputs, 2));
    csro::PassFieldData(output, vtkTable::GetData(outputs, 2)); // for whoever compares them
  });
}
