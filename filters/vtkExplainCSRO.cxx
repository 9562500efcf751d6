#include "vtkExplainCSRO.h"

#include "data/IonArrays.h"
#include "data/ModelInputs.h"
#include "data/TableColumns.h"
#include "data/VoxelImage.h"

#include "csro/classify.h"
#include "csro/curve.h"
#include "csro/explain.h"
#include "csro/model.h"
#include "csro/voxels.h"
#include "csro/zsdm.h"

#include <vtkDataSet.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkFloatArray.h>
#include <vtkIdTypeArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>

#include <algorithm>
#include <cstring>
#include <numeric>

vtkStandardNewMacro(vtkExplainCSRO);

namespace {
// A voxel of the input: its number in the grid and its point.
struct Voxel {
  int64_t Number;
  vtkIdType Point;
};

bool InOrder(const Voxel &a, const Voxel &b) {
  return a.Number < b.Number;
}

bool SameVoxel(const Voxel &a, const Voxel &b) {
  return a.Number == b.Number;
}

// The voxels of this rank among the wanted ones (all when none is named), each once, in order.
std::vector<Voxel> FindVoxels(csro::Call &call, vtkDataSet *input,
                              const std::vector<vtkIdType> &wanted) {
  std::vector<Voxel> voxels;
  if (input->GetNumberOfPoints() == 0)
    return voxels;
  const csro_grid grid = csro::GetGrid(call, input);
  for (vtkIdType point = 0; point < input->GetNumberOfPoints(); ++point) {
    double center[3];
    input->GetPoint(point, center);
    const int64_t number = csro_grid_voxel_at(&grid, center);
    if (number < 0)
      call.Fail(CSRO_ERROR_DATA,
                "point " + std::to_string(point) + " of the input is not the centre of a voxel");
    if (wanted.empty() || std::binary_search(wanted.begin(), wanted.end(), number))
      voxels.push_back({number, point});
  }
  std::sort(voxels.begin(), voxels.end(), InOrder);
  voxels.erase(std::unique(voxels.begin(), voxels.end(), SameVoxel), voxels.end());
  return voxels;
}

// A voxel that a rank says it holds.
struct Claim {
  int64_t Number;
  int Rank;
};

// The voxels of each rank that a lower one claims too; claims[rank] are numbers.
std::vector<std::vector<int64_t>> FindTaken(const std::vector<std::vector<int64_t>> &claims) {
  std::vector<Claim> all;
  for (size_t rank = 0; rank < claims.size(); ++rank)
    for (const int64_t number : claims[rank])
      all.push_back({number, static_cast<int>(rank)});
  std::sort(all.begin(), all.end(), [](const Claim &x, const Claim &y) {
    return x.Number < y.Number || (x.Number == y.Number && x.Rank < y.Rank);
  });
  std::vector<std::vector<int64_t>> taken(claims.size());
  for (size_t i = 1; i < all.size(); ++i)
    if (all[i].Number == all[i - 1].Number)
      taken[all[i].Rank].push_back(all[i].Number);
  return taken;
}

// Ranks may hold the same voxels: the lowest keeps them. Every voxel has a rank that is asked about
// it, by its number, so that none learns of all. Collective.
void DropShared(csro::Call &call, std::vector<Voxel> &voxels) {
  std::vector<std::vector<int64_t>> numbers(call.Ranks());
  call.RunLocal([&] {
    for (const Voxel &voxel : voxels)
      numbers[voxel.Number % call.Ranks()].push_back(voxel.Number);
  });
  numbers = csro::Exchange(call, std::move(numbers));
  call.RunLocal([&] { numbers = FindTaken(numbers); });
  numbers = csro::Exchange(call, std::move(numbers));
  call.RunLocal([&] {
    std::vector<int64_t> taken;
    for (const auto &list : numbers)
      taken.insert(taken.end(), list.begin(), list.end());
    std::sort(taken.begin(), taken.end());
    const auto isTaken = [&](const Voxel &voxel) {
      return std::binary_search(taken.begin(), taken.end(), voxel.Number);
    };
    voxels.erase(std::remove_if(voxels.begin(), voxels.end(), isTaken), voxels.end());
  });
}

// The voxels with all that the input says of them, one vertex each.
void PutVoxels(csro::Call &call, const std::vector<Voxel> &voxels, vtkDataSet *input,
               vtkPolyData *output) {
  const auto count = static_cast<vtkIdType>(voxels.size());
  vtkNew<vtkPoints> points;
  points->SetData(csro::MakeArray<vtkDoubleArray>(call, "Points", 3, count));
  const auto numbers = csro::MakeArray<vtkIdTypeArray>(call, "VoxelId", 1, count);
  vtkPointData *arrays = output->GetPointData();
  arrays->CopyAllOn();
  arrays->CopyAllocate(input->GetPointData(), count);
  for (vtkIdType i = 0; i < count; ++i) {
    points->SetPoint(i, input->GetPoint(voxels[i].Point));
    numbers->SetValue(i, voxels[i].Number);
    arrays->CopyData(input->GetPointData(), voxels[i].Point, i);
  }
  arrays->AddArray(numbers);
  output->SetPoints(points);
  csro::PutVertices(call, output);
  csro::PassFieldData(input, output);
}

int FindClass(csro::Call &call, const csro_model &model, const char *name) {
  if (!name || !*name)
    return 1;
  std::string known;
  for (int i = 0; i < model.class_count; ++i) {
    if (std::strcmp(model.classes[i], name) == 0)
      return i;
    known += (i > 0 ? ", " : "") + std::string(model.classes[i]);
  }
  call.Fail(CSRO_ERROR_ARGUMENT,
            std::string("model '") + model.name + "' has no class " + name + ": it has " + known);
}

// "Fe-Fe+Al-Al"
std::string JoinPairs(const csro::Channels &channels) {
  std::string joined;
  for (const std::string &pair : channels.Pairs)
    joined += (joined.empty() ? "" : "+") + pair;
  return joined;
}
} // namespace

// One execution.
struct vtkExplainCSRO::Explanation {
  csro::Call &Call;
  csro::Model Network{};
  int Class = 0;
  csro_preprocessing Preprocessing{};
  int64_t MinimumCounts = 0;
  // What the table gets: per column its name and the sum of its bins over the defined voxels, whose
  // number comes last.
  std::vector<std::string> Names{};
  std::vector<std::vector<double>> Sums{};

  // One array of activations, and its columns of the table.
  void Apply(const csro::Channels &channels, double begin, double end, vtkPolyData *voxels);
  // Collective.
  void PutTable(vtkTable *table);

private:
  int Bins() const {
    return this->Network->bins.kept;
  }
  void AddColumn(const std::string &name, const float *values, int stride, int64_t rows);
};

// values[rows][bins], `stride` apart; undefined rows hold NaN.
void vtkExplainCSRO::Explanation::AddColumn(const std::string &name, const float *values,
                                            int stride, int64_t rows) {
  std::vector<double> sums(this->Bins() + 1, 0.0);
  csro_curves_sum(rows, this->Bins(), stride, values, sums.data());
  this->Names.push_back(name);
  this->Sums.push_back(sums);
}

void vtkExplainCSRO::Explanation::Apply(const csro::Channels &channels, double begin, double end,
                                        vtkPolyData *voxels) {
  const int64_t count = voxels->GetNumberOfPoints();
  const int size = this->Network->channel_count;
  std::vector<float> inputs(count * this->Bins() * size);
  const std::string name = this->Network->classes[this->Class];
  const auto activation = csro::MakeArray<vtkFloatArray>(
      this->Call, "Activation_" + name + "_" + channels.Key, this->Bins(), count);
  const double middle = begin + (end - begin) / 4;
  this->Call.Stage(begin, middle);
  this->Call.Check(csro_classify_inputs(
      this->Call.Context(), this->Network.get(), this->Preprocessing, this->MinimumCounts, count,
      channels.Types.data(), channels.Counts.data(), inputs.data()));
  this->Call.Stage(middle, end);
  this->Call.Check(csro_explain(this->Call.Context(), this->Network.get(), this->Class, count,
                                inputs.data(), activation->GetPointer(0), nullptr));
  voxels->GetPointData()->AddArray(activation);
  for (int i = 0; i < size; ++i)
    this->AddColumn("Curve " + channels.Pairs[i], inputs.data() + i, size, count);
  this->AddColumn("Activation " + name + " " + JoinPairs(channels), activation->GetPointer(0), 1,
                  count);
}

void vtkExplainCSRO::Explanation::PutTable(vtkTable *table) {
  // A rank without voxels knows no columns.
  const std::vector<std::string> names = this->Call.Share(this->Names);
  const int bins = this->Bins();
  this->Sums.resize(names.size(), std::vector<double>(bins + 1, 0.0));
  for (std::vector<double> &sums : this->Sums)
    this->Call.Sum(sums.data(), bins + 1);
  if (this->Call.Rank() != 0)
    return;
  csro::Columns columns(table);
  columns.Numbers("dz_nm", bins, [&](size_t bin) {
    return csro_bins_center(&this->Network->bins, static_cast<int>(bin));
  });
  std::vector<double> mean(bins);
  for (size_t i = 0; i < names.size(); ++i) {
    csro_curves_mean(bins, this->Sums[i].data(), mean.data());
    columns.Numbers(names[i], bins, [&](size_t bin) { return mean[bin]; });
  }
}

vtkExplainCSRO::vtkExplainCSRO() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(2);
  this->Expect("VoxelIds", this->VoxelIds, 0, 4294967295.0);
  this->Expect("ShippedModel", this->ShippedModel, 0, 2);
  this->Expect("Preprocessing", this->Preprocessing, PREPROCESS_AS_TRAINED, PREPROCESS_FULL);
  this->Expect("MinimumCounts", this->MinimumCounts, 0, VTK_INT_MAX);
}

vtkExplainCSRO::~vtkExplainCSRO() {
  this->SetClass(nullptr);
  this->SetModelFile(nullptr);
}

void vtkExplainCSRO::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "VoxelIds: " << this->VoxelIds.size() << "\n"
     << indent << "Class: " << (this->Class ? this->Class : "(first ordered)") << "\n"
     << indent << "ShippedModel: " << this->ShippedModel << "\n"
     << indent << "ModelFile: " << (this->ModelFile ? this->ModelFile : "(shipped)") << "\n"
     << indent << "Preprocessing: " << this->Preprocessing << "\n"
     << indent << "MinimumCounts: " << this->MinimumCounts << "\n";
}

void vtkExplainCSRO::AddVoxelId(vtkIdType voxel) {
  this->VoxelIds.push_back(voxel);
  this->Modified();
}

void vtkExplainCSRO::ClearVoxelIds() {
  this->VoxelIds.clear();
  this->Modified();
}

vtkStringArray *vtkExplainCSRO::GetClassNames() {
  return this->ClassNames;
}

void vtkExplainCSRO::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkDataSet");
}

int vtkExplainCSRO::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 0 ? "vtkPolyData" : "vtkTable");
  return 1;
}

void vtkExplainCSRO::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkExplainCSRO::RequestUpdateExtent(vtkInformationVector **inputs,
                                         vtkInformationVector *outputs) {
  vtkInformation *input = inputs[0]->GetInformationObject(0);
  // What others make of an image keeps its whole extent without being one.
  if (vtkImageData::SafeDownCast(vtkDataObject::GetData(input)))
    csro::DemandVoxels(outputs->GetInformationObject(0), input);
  else
    csro::DemandIons(input);
}

void vtkExplainCSRO::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  vtkDataSet *input = vtkDataSet::GetData(inputs[0]);
  vtkPolyData *output = vtkPolyData::GetData(outputs, 0);
  std::vector<vtkIdType> wanted = this->VoxelIds;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::vector<Voxel> voxels;
  call.RunLocal([&] { voxels = FindVoxels(call, input, wanted); });
  DropShared(call, voxels);
  auto found = static_cast<int64_t>(voxels.size());
  call.Sum(&found, 1);

  Explanation explanation{call};
  explanation.MinimumCounts = this->MinimumCounts;
  constexpr double curves = 3; // as many times what the voxels hold
  double bytes = 64;
  for (int i = 0; i < input->GetPointData()->GetNumberOfArrays(); ++i)
    bytes += curves * sizeof(float) *
             input->GetPointData()->GetAbstractArray(i)->GetNumberOfComponents();
  call.Reserve(bytes * static_cast<double>(voxels.size()), "the curves of the voxels",
               "name the voxels in VoxelIds, or take fewer");
  call.RunLocal([&] {
    if (found < static_cast<int64_t>(wanted.size()))
      call.Fail(CSRO_ERROR_ARGUMENT, "the input has " + std::to_string(found) + " of the " +
                                         std::to_string(wanted.size()) + " voxels of Voxel Ids");
    if (found == 0)
      call.Fail(CSRO_ERROR_DATA, "the input has no voxels");
    explanation.Network = csro::ReadModel(call, this->ModelFile, this->ShippedModel);
    this->ClassNames->Reset();
    for (int i = 0; i < explanation.Network->class_count; ++i)
      this->ClassNames->InsertNextValue(explanation.Network->classes[i]);
    explanation.Class = FindClass(call, *explanation.Network, this->Class);
    explanation.Preprocessing = this->Preprocessing == PREPROCESS_FULL
                                    ? CSRO_PREPROCESS_FULL
                                    : explanation.Network->preprocessing;
    PutVoxels(call, voxels, input, output);
    if (voxels.empty())
      return;
    csro::CheckBins(call, *explanation.Network, input);
    const std::vector<csro::Channels> channels =
        csro::FindChannels(call, *explanation.Network, output);
    const double step = 1.0 / static_cast<double>(channels.size());
    for (const csro::Channels &one : channels)
      csro::NeedCurves(call, one, "");
    for (size_t i = 0; i < channels.size(); ++i)
      explanation.Apply(channels[i], step * static_cast<double>(i),
                        step * static_cast<double>(i + 1), output);
  });
  explanation.PutTable(vtkTable::GetData(outputs, 1));
}
