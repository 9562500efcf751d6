// Trained models, and the curves that they apply to.
#ifndef csroModelInputs_h
#define csroModelInputs_h

#include "parallel/FilterCall.h"
#include "parallel/Owned.h"

#include "csro/model.h"
#include "csro/zsdm.h"

#include <string>
#include <vector>

class vtkDataObject;
class vtkDataSet;

namespace csro {
using Model = Owned<csro_model_destroy>;

// Without a path the shipped model of this index. Only inside RunLocal, as all below.
Model ReadModel(Call &call, const char *path, int shipped);

// csro_model_fingerprint as a text.
std::string ModelFingerprint(const csro_model &model);

// Fails when the curves of the voxels have other bins than the model.
void CheckBins(Call &call, const csro_model &model, vtkDataObject *voxels);

// The channels of one application of a model, and what its arrays are called after.
struct Channels {
  std::vector<std::string> Pairs; // as typed, "Ni-Ni"
  std::string Key;
  std::vector<csro_count_type> Types;
  std::vector<const void *> Counts; // of the voxels' point arrays; empty: the curves are not kept
};

// A model of one channel applies to every pair there is; others to their own pairs. Fails when
// there are no curves for it.
std::vector<Channels> FindChannels(Call &call, const csro_model &model, vtkDataSet *voxels);

// Fails for channels whose curves are not kept. `instead` is what else could be done.
void NeedCurves(Call &call, const Channels &channels, const std::string &instead);
} // namespace csro

#endif
