#include "data/ChainSettings.h"

#include "data/FieldArrays.h"
#include "data/SpeciesPairs.h"
#include "data/VoxelImage.h"

#include "csro/model.h"

#include <vtkDataObject.h>
#include <vtkFieldData.h>

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <sstream>

namespace csro {
namespace {
// What each array is called in messages.
struct Setting {
  const char *Name, *Text;
};
constexpr Setting Settings[] = {
    {"CSRO_Grid", "box, Edge, Stride, BallRadius"},
    {"zSDM_Bins", "HalfRange, Bins and those of the Window"},
    {"zSDM_Partners", "Partners in the whole data"},
    {"CSRO_Model", "the model"},
    {"CSRO_Preprocessing", "Preprocessing"},
    {"CSRO_MinimumCounts", "MinimumCounts"},
    {"CSRO_ScoreRule", "the rule of the score"},
    {"CSRO_Score", "class and pairs of the score"},
    {"CSRO_Threshold", "Threshold"},
    {"CSRO_Eps_nm", "Eps"},
    {"CSRO_MinSamples", "MinSamples"},
    {"CSRO_Extraction", "the rule of the extraction"},
};
// Those that only pixels have.
constexpr const char *OfPixels[] = {"CSRO_Model",     "CSRO_Preprocessing", "CSRO_MinimumCounts",
                                    "CSRO_ScoreRule", "CSRO_Score",         "CSRO_Threshold",
                                    "CSRO_Extraction"};

const std::vector<std::string> Preprocessings = {"minmax", "full", "mean", "published"};
const std::vector<std::string> ScoreRules = {"mean", "sum"};
const std::vector<std::string> Extractions = {"pixel", "ball"};

std::vector<std::string> ValuesOf(vtkDataObject *data, const char *name) {
  std::vector<std::string> values = GetTexts(data, name);
  for (const double number : GetNumbers(data, name)) {
    std::ostringstream text;
    text << std::setprecision(17) << number;
    values.push_back(text.str());
  }
  return values;
}

std::string Join(const std::vector<std::string> &values) {
  std::string text;
  for (const std::string &value : values)
    text += (text.empty() ? "" : ", ") + value;
  return text;
}

double NumberOf(Call &call, vtkDataObject *data, const char *name) {
  const std::vector<double> values = GetNumbers(data, name);
  if (values.size() != 1)
    call.Fail(CSRO_ERROR_DATA,
              std::string("the domains do not say how they were made: field array ") + name +
                  " with one number expected");
  return values[0];
}

// The place of the text of an array in a list.
template <typename Choice>
Choice ChoiceOf(Call &call, vtkDataObject *data, const char *name,
                const std::vector<std::string> &choices) {
  const std::vector<std::string> texts = GetTexts(data, name);
  const auto found = std::find(choices.begin(), choices.end(), texts.empty() ? "" : texts[0]);
  if (found == choices.end())
    call.Fail(CSRO_ERROR_DATA, std::string("field array ") + name + " holds '" + Join(texts) +
                                   "', expected one of: " + Join(choices));
  return static_cast<Choice>(found - choices.begin());
}

Model ReadModelAgain(Call &call, vtkDataObject *domains) {
  const std::vector<std::string> texts = GetTexts(domains, "CSRO_Model");
  if (texts.size() != 3)
    call.Fail(CSRO_ERROR_DATA,
              "field array CSRO_Model has " + std::to_string(texts.size()) + " texts, expected 3");
  int shipped = 0;
  while (shipped < CSRO_MODELS_SHIPPED && texts[0] != csro_model_names[shipped])
    ++shipped;
  Model model = ReadModel(call, texts[1].c_str(), shipped);
  if (ModelFingerprint(*model) != texts[2])
    call.Fail(CSRO_ERROR_DATA, (texts[1].empty() ? texts[0] : texts[1]) +
                                   ": is not the model any more that made the domains");
  return model;
}
} // namespace

const std::vector<std::string> &SettingNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Setting &setting : Settings)
      all.emplace_back(setting.Name);
    return all;
  }();
  return names;
}

void PutClassification(const csro_model &model, const char *file, int shipped,
                       const Classification &how, vtkDataObject *voxels) {
  const bool isFile = file && *file;
  PutTexts(voxels, "CSRO_Model",
           {isFile ? "file" : csro_model_names[shipped],
            isFile ? std::filesystem::absolute(file).string() : "", ModelFingerprint(model)});
  PutTexts(voxels, "CSRO_Preprocessing", {Preprocessings[how.Preprocessing]});
  PutCounts(voxels, "CSRO_MinimumCounts", {how.MinimumCounts});
  PutTexts(voxels, "CSRO_ScoreRule", {ScoreRules[how.Rule]});
}

void PutClustering(const Clustering &how, vtkDataObject *pixels, const std::string &score,
                   vtkDataObject *domains) {
  PutNumbers(domains, "CSRO_Eps_nm", {how.Eps});
  PutCounts(domains, "CSRO_MinSamples", {how.MinSamples});
  for (const char *name : OfPixels) // of a clustering before this one
    if (!pixels || !pixels->GetFieldData()->HasArray(name))
      domains->GetFieldData()->RemoveArray(name);
  if (!pixels)
    return;
  PutNumbers(domains, "CSRO_Threshold", {how.Threshold});
  PutTexts(domains, "CSRO_Extraction", {Extractions[how.Extraction]});
  const std::vector<std::string> classes = GetTexts(pixels, "ScoreClasses"),
                                 pairs = GetTexts(pixels, "ScorePairs");
  for (size_t i = 0; i < classes.size(); ++i) {
    const size_t channels = pairs.size() / classes.size();
    std::vector<std::string> about{classes[i]};
    std::string name = "Score_" + classes[i];
    for (size_t c = 0; c < channels; ++c) {
      about.push_back(pairs[i * channels + c]);
      name += (c > 0 ? "__" : "_") + PairKey(about.back());
    }
    if (name == score)
      PutTexts(domains, "CSRO_Score", about);
  }
}

std::string SettingsText(vtkDataObject *domains) {
  std::string text;
  for (const std::string &name : SettingNames())
    text += name + ": " + Join(ValuesOf(domains, name.c_str())) + '\n';
  return text;
}

bool HasSettings(vtkDataObject *domains) {
  for (const Setting &setting : Settings)
    if (!domains->GetFieldData()->HasArray(setting.Name))
      return false;
  return true;
}

ChainSettings ReadSettings(Call &call, vtkDataObject *domains) {
  ChainSettings chain;
  chain.Grid = GetGrid(call, domains);
  chain.Bins = GetBinNumbers(call, domains);
  chain.Partners = GetPartners(call, domains);
  chain.Network = ReadModelAgain(call, domains);
  CheckBins(call, *chain.Network, domains);
  chain.Classify = {
      ChoiceOf<csro_preprocessing>(call, domains, "CSRO_Preprocessing", Preprocessings),
      static_cast<int64_t>(NumberOf(call, domains, "CSRO_MinimumCounts")),
      ChoiceOf<csro_score_rule>(call, domains, "CSRO_ScoreRule", ScoreRules)};
  chain.Cluster = {NumberOf(call, domains, "CSRO_Threshold"),
                   NumberOf(call, domains, "CSRO_Eps_nm"),
                   static_cast<int>(NumberOf(call, domains, "CSRO_MinSamples")),
                   ChoiceOf<csro_extraction>(call, domains, "CSRO_Extraction", Extractions)};
  std::vector<std::string> score = GetTexts(domains, "CSRO_Score");
  const csro_model &model = *chain.Network;
  while (chain.OrderedClass < model.class_count && !score.empty() &&
         score[0] != model.classes[chain.OrderedClass])
    ++chain.OrderedClass;
  if (static_cast<int>(score.size()) != 1 + model.channel_count || chain.OrderedClass < 1 ||
      chain.OrderedClass >= model.class_count)
    call.Fail(CSRO_ERROR_DATA, "field array CSRO_Score holds '" + Join(score) +
                                   "', expected an ordered class of the model " + model.name +
                                   " and the pairs of its channels");
  chain.Pairs.assign(score.begin() + 1, score.end());
  return chain;
}

void CheckSameSettings(Call &call, vtkDataObject *data, vtkDataObject *copy,
                       const std::string &who) {
  for (const Setting &setting : Settings) {
    const std::vector<std::string> ours = ValuesOf(data, setting.Name),
                                   others = ValuesOf(copy, setting.Name);
    if (ours.empty() || others.empty())
      continue;
    const bool isModel = std::string(setting.Name) == "CSRO_Model"; // by its fingerprint
    if (isModel ? ours.back() != others.back() : ours != others)
      call.Fail(CSRO_ERROR_DATA,
                who + " was made with other settings than the data: " + setting.Text + " is " +
                    Join(others) + ", that of the data " + Join(ours));
  }
}
} // namespace csro
