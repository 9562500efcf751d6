#include "Models.h"

#include "Grid.h"
#include "Pairs.h"

#include <vtkDataSet.h>
#include <vtkPointData.h>
#include <vtkUnsignedCharArray.h>
#include <vtkUnsignedIntArray.h>
#include <vtkUnsignedShortArray.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace csro {
namespace {
const std::string CurvePrefix = "zSDM_";

std::string Describe(const csro_bins &bins) {
  std::ostringstream text;
  text << "bins " << bins.first << " to " << bins.first + bins.kept - 1 << " of " << bins.total
       << " over +-" << bins.half_range << " nm";
  return text.str();
}

bool SameBins(const csro_bins &a, const csro_bins &b) {
  return a.total == b.total && a.first == b.first && a.kept == b.kept &&
         std::abs(a.half_range - b.half_range) < 1e-9;
}

void AddChannel(Call &call, vtkDataSet *voxels, const std::string &pair, int bins,
                Channels &channels) {
  const std::string key = PairKey(pair), name = CurvePrefix + key;
  vtkDataArray *array = voxels->GetPointData()->GetArray(name.c_str());
  if (!array)
    call.Fail(CSRO_ERROR_DATA, "the model needs the curves of " + pair + ": no point array " +
                                   name + " (add the pair in Compute ZSDM)");
  if (array->GetNumberOfComponents() != bins)
    call.Fail(CSRO_ERROR_DATA, "point array " + name + " has " +
                                   std::to_string(array->GetNumberOfComponents()) +
                                   " components, expected " + std::to_string(bins));
  if (auto *bytes = vtkUnsignedCharArray::SafeDownCast(array)) {
    channels.Types.push_back(CSRO_U8);
    channels.Counts.push_back(bytes->GetPointer(0));
  } else if (auto *shorts = vtkUnsignedShortArray::SafeDownCast(array)) {
    channels.Types.push_back(CSRO_U16);
    channels.Counts.push_back(shorts->GetPointer(0));
  } else if (auto *integers = vtkUnsignedIntArray::SafeDownCast(array)) {
    channels.Types.push_back(CSRO_U32);
    channels.Counts.push_back(integers->GetPointer(0));
  } else {
    call.Fail(CSRO_ERROR_DATA, "point array " + name + " holds " + array->GetDataTypeAsString() +
                                   ", expected unsigned counts of 8, 16 or 32 bits");
  }
  channels.Pairs.push_back(pair);
  channels.Key += (channels.Key.empty() ? "" : "__") + key;
}
} // namespace

Model ReadModel(Call &call, const char *path, int shipped) {
  csro_model *model = nullptr;
  call.Check(path && *path ? csro_model_read(call.Context(), path, &model)
                           : csro_model_shipped(call.Context(), shipped, &model));
  return Model(model);
}

void CheckBins(Call &call, const csro_model &model, vtkDataObject *voxels) {
  const csro_bins bins = GetBinNumbers(call, voxels);
  if (!SameBins(bins, model.bins))
    call.Fail(CSRO_ERROR_DATA, "the curves have " + Describe(bins) + ", model '" + model.name +
                                   "' expects " + Describe(model.bins));
}

std::vector<Channels> FindChannels(Call &call, const csro_model &model, vtkDataSet *voxels) {
  std::vector<Channels> all;
  if (model.channel_count > 1) {
    all.emplace_back();
    for (int i = 0; i < model.channel_count; ++i)
      AddChannel(call, voxels, model.pairs[i], model.bins.kept, all.back());
    return all;
  }
  const std::vector<std::string> typed = PairsOfCurves(voxels);
  vtkPointData *arrays = voxels->GetPointData();
  for (int i = 0; i < arrays->GetNumberOfArrays(); ++i) {
    const char *found = arrays->GetArrayName(i);
    const std::string name = found ? found : "";
    if (name.compare(0, CurvePrefix.size(), CurvePrefix) != 0)
      continue;
    const std::string key = name.substr(CurvePrefix.size());
    const auto pair = std::find_if(typed.begin(), typed.end(), [&](const std::string &candidate) {
      return PairKey(candidate) == key;
    });
    all.emplace_back();
    AddChannel(call, voxels, pair != typed.end() ? *pair : key, model.bins.kept, all.back());
  }
  if (all.empty())
    call.Fail(CSRO_ERROR_DATA, "the voxels have no curves (point arrays zSDM_...)");
  return all;
}
} // namespace csro
