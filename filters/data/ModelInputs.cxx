#include "data/ModelInputs.h"

#include "data/SpeciesPairs.h"
#include "data/VoxelImage.h"

#include "csro/model.h"
#include "csro/zsdm.h"

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

void AddCounts(Call &call, vtkDataArray *array, int bins, Channels &channels) {
  const std::string name = array->GetName();
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
}

// The channels of these pairs; without counts when a curve is not kept.
Channels MakeChannels(Call &call, vtkDataSet *voxels, const std::vector<std::string> &pairs,
                      int bins) {
  const std::vector<std::string> known = PairsOfCurves(voxels);
  Channels channels;
  bool kept = true;
  for (const std::string &pair : pairs) {
    const std::string key = PairKey(pair), name = CurvePrefix + key;
    vtkDataArray *array = voxels->GetPointData()->GetArray(name.c_str());
    if (!array && std::find(known.begin(), known.end(), pair) == known.end())
      call.Fail(CSRO_ERROR_DATA, "the model needs the curves of " + pair + ": no point array " +
                                     name + " (add the pair in Compute ZSDM)");
    kept = kept && array;
    if (array)
      AddCounts(call, array, bins, channels);
    channels.Pairs.push_back(pair);
    channels.Key += (channels.Key.empty() ? "" : "__") + key;
  }
  if (!kept) {
    channels.Types.clear();
    channels.Counts.clear();
  }
  return channels;
}

// Every pair of which there are curves, kept or not: first those with arrays, in their order.
std::vector<std::string> AllPairs(vtkDataSet *voxels) {
  const std::vector<std::string> known = PairsOfCurves(voxels);
  std::vector<std::string> pairs;
  vtkPointData *arrays = voxels->GetPointData();
  for (int i = 0; i < arrays->GetNumberOfArrays(); ++i) {
    const char *found = arrays->GetArrayName(i);
    const std::string name = found ? found : "";
    if (name.compare(0, CurvePrefix.size(), CurvePrefix) != 0)
      continue;
    const std::string key = name.substr(CurvePrefix.size());
    const auto pair = std::find_if(known.begin(), known.end(), [&](const std::string &candidate) {
      return PairKey(candidate) == key;
    });
    pairs.push_back(pair != known.end() ? *pair : key);
  }
  for (const std::string &pair : known)
    if (std::find(pairs.begin(), pairs.end(), pair) == pairs.end())
      pairs.push_back(pair);
  return pairs;
}
} // namespace

Model ReadModel(Call &call, const char *path, int shipped) {
  csro_model *model = nullptr;
  call.Check(path && *path ? csro_model_read(call.Context(), path, &model)
                           : csro_model_shipped(call.Context(), shipped, &model));
  return Model(model);
}

std::string ModelFingerprint(const csro_model &model) {
  std::ostringstream text;
  text << std::hex << csro_model_fingerprint(&model);
  return text.str();
}

void CheckBins(Call &call, const csro_model &model, vtkDataObject *voxels) {
  const csro_bins bins = GetBinNumbers(call, voxels);
  if (!SameBins(bins, model.bins))
    call.Fail(CSRO_ERROR_DATA, "the curves have " + Describe(bins) + ", model '" + model.name +
                                   "' expects " + Describe(model.bins));
}

std::vector<Channels> FindChannels(Call &call, const csro_model &model, vtkDataSet *voxels) {
  if (model.channel_count > 1)
    return {MakeChannels(call, voxels, {model.pairs, model.pairs + model.channel_count},
                         model.bins.kept)};
  std::vector<Channels> all;
  for (const std::string &pair : AllPairs(voxels))
    all.push_back(MakeChannels(call, voxels, {pair}, model.bins.kept));
  if (all.empty())
    call.Fail(CSRO_ERROR_DATA, "the voxels have no curves (point arrays zSDM_...)");
  return all;
}

void NeedCurves(Call &call, const Channels &channels, const std::string &instead) {
  if (channels.Counts.empty())
    call.Fail(CSRO_ERROR_DATA, "the voxels do not keep the curves of " + channels.Pairs[0] +
                                   ": turn Keep Curves on in Compute ZSDM" + instead);
}
} // namespace csro
