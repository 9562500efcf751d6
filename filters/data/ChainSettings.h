// The settings that have made domains, as field arrays that filters write and pass down: enough to
// do the same to a copy of the ions, and to compare two runs. The grid, bins, partners and pairs
// have their own arrays (VoxelImage.h, SpeciesPairs.h).
#ifndef csroChainSettings_h
#define csroChainSettings_h

#include "data/ModelInputs.h"

#include "csro/bins.h"
#include "csro/curve.h"
#include "csro/score.h"
#include "csro/voxels.h"

#include <string>
#include <vector>

class vtkDataObject;

namespace csro {
// The field arrays, in the order of the steps.
const std::vector<std::string> &SettingNames();

// What Classify CSRO does beside its model.
struct Classification {
  csro_preprocessing Preprocessing;
  int64_t MinimumCounts;
  csro_score_rule Rule;
};
// file: null or empty for the shipped model of that number. Inside a local section.
void PutClassification(const csro_model &model, const char *file, int shipped,
                       const Classification &how, vtkDataObject *voxels);

// What Cluster Domains does.
struct Clustering {
  double Threshold, Eps;
  int MinSamples;
  csro_extraction Extraction;
};
// From pixels and the name of the score that selects them; without pixels (null) the domains say
// nothing of a classification.
void PutClustering(const Clustering &how, vtkDataObject *pixels, const std::string &score,
                   vtkDataObject *domains);

// All of them. Ions of Detect Order, or extracted elsewhere, have no chain.
struct ChainSettings {
  csro_grid Grid{};
  csro_bins Bins{};
  csro_partners Partners{};
  std::vector<std::string> Pairs; // of the channels, as typed
  Model Network;
  int OrderedClass = 0;
  Classification Classify{};
  Clustering Cluster{};
};
bool HasSettings(vtkDataObject *domains);
// A text of all that there are: another one for other settings.
std::string SettingsText(vtkDataObject *domains);
// Reads the model again; fails when it is no longer the one that made the domains. Inside a local
// section.
ChainSettings ReadSettings(Call &call, vtkDataObject *domains);

// Fails when a setting that both have is not the same. Inside a local section.
void CheckSameSettings(Call &call, vtkDataObject *data, vtkDataObject *copy,
                       const std::string &who);
} // namespace csro

#endif
