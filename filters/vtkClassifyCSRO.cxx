#include "vtkClassifyCSRO.h"

#include "data/ChainSettings.h"
#include "data/FieldArrays.h"
#include "data/LatticePlanes.h"
#include "data/ModelInputs.h"
#include "data/SpeciesPairs.h"
#include "data/VoxelImage.h"

#include "csro/classify.h"
#include "csro/curve.h"
#include "csro/model.h"
#include "csro/score.h"
#include "csro/voxels.h"
#include "csro/zsdm.h"

#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkStreamingDemandDrivenPipeline.h>

#include <algorithm>
#include <array>
#include <cstring>

vtkStandardNewMacro(vtkClassifyCSRO);

namespace {
// What each score is about: its class, and its pairs as typed; on ranks without voxels, too.
// Collective.
void PutScoreNames(csro::Call &call, const csro_model &model,
                   const std::vector<csro::Channels> &channels, vtkImageData *pixels) {
  std::vector<std::string> classes, pairs;
  for (const csro::Channels &one : channels)
    for (int i = 1; i < model.class_count; ++i) {
      classes.emplace_back(model.classes[i]);
      pairs.insert(pairs.end(), one.Pairs.begin(), one.Pairs.end());
    }
  classes = call.Share(classes);
  pairs = call.Share(pairs);
  csro::PutTexts(pixels, "ScoreClasses", classes);
  csro::PutTexts(pixels, "ScorePairs", pairs, model.channel_count);
}

vtkSmartPointer<vtkDoubleArray> NewArray(csro::Call &call, const std::string &name, int64_t count) {
  return csro::MakeArray<vtkDoubleArray>(call, name, 1, count);
}

// The planes of the data against those of the model.
std::string GuardModel(csro::Call &call, const csro_model &model, vtkImageData *voxels,
                       bool force) {
  const std::string who = std::string("model '") + model.name + "' (" + model.lattice + ", pole " +
                          model.orientation + " along z)";
  return csro::GuardPlanes(call, csro::GetLatticePlanes(voxels), csro_model_plane_spacing(&model),
                           who,
                           "choose the model of this crystal and pole (ShippedModel, ModelFile; "
                           "--model) or turn the ions",
                           force);
}
} // namespace

// One execution.
struct vtkClassifyCSRO::Classifier {
  // Of one ordered class.
  struct Result {
    vtkSmartPointer<vtkDoubleArray> Probability;
    std::vector<uint8_t> Overflow; // of each stored voxel
  };

  vtkClassifyCSRO &Self;
  csro::Call &Call;
  csro_grid Grid{};
  csro::Blocks Blocks{};
  std::vector<csro_block> Owned{}; // of every rank
  csro::PartIons Ions{};           // for curves that the voxels do not keep, and
  csro::SpeciesList Species{};
  csro_partners Partners{};
  csro::Model Network{};
  csro_preprocessing Preprocessing{};
  int64_t MinimumCounts = 0;
  csro_score_rule Rule{};

  // The ions that this part's voxels and their partners need. Collective.
  void TakeIons(const csro::IonView &view, vtkPointSet *input, vtkImageData *voxels);
  // One per ordered class.
  std::vector<Result> Apply(const csro::Channels &channels, vtkImageData *output);
  void Score(vtkDoubleArray *probability, vtkImageData *output);
  // Voxels with a probability, and those whose curves can be used but make the networks overflow,
  // of all ranks: field arrays of voxels and pixels.
  void CountDefined(const Result &result, vtkImageData *voxels, vtkImageData *pixels);
  // Fails when there is no probability because the networks overflow, warns when some are missing.
  void CheckOverflow(const std::string &name, int64_t defined, int64_t overflowed);
  // The score with the most pixels above the model's threshold, over all ranks; the first of
  // equals.
  int MostOrdered(vtkImageData *pixels, int arrays);

private:
  void ClassifyCurves(const csro::Channels &channels, double *const *mean, double *const *deviation,
                      uint8_t *overflow);
  void ClassifyIons(const csro::Channels &channels, double *const *mean, double *const *deviation,
                    uint8_t *overflow);
};

void vtkClassifyCSRO::Classifier::TakeIons(const csro::IonView &view, vtkPointSet *input,
                                           vtkImageData *voxels) {
  this->Species = csro::SharedSpecies(this->Call, input);
  this->Call.RunLocal([&] { this->Partners = csro::GetPartners(this->Call, voxels); });
  const double halo = csro_zsdm_reach(&this->Grid, &this->Network->bins, this->Partners);
  this->Ions = csro::Distribute(this->Call, view,
                                csro::PlanVoxels(this->Call, this->Grid, this->Blocks, halo));
}

void vtkClassifyCSRO::Classifier::ClassifyCurves(const csro::Channels &channels,
                                                 double *const *mean, double *const *deviation,
                                                 uint8_t *overflow) {
  this->Call.Check(csro_classify(this->Call.Context(), this->Network.get(), this->Preprocessing,
                                 this->MinimumCounts, csro_block_size(&this->Blocks.Stored),
                                 channels.Types.data(), channels.Counts.data(), mean, deviation,
                                 nullptr, overflow));
}

void vtkClassifyCSRO::Classifier::ClassifyIons(const csro::Channels &channels, double *const *mean,
                                               double *const *deviation, uint8_t *overflow) {
  std::vector<csro::Pair> typed;
  std::vector<std::array<uint16_t, 2>> pairs;
  for (const std::string &text : channels.Pairs) {
    typed.push_back(csro::ParsePairs(this->Call, text, this->Species)[0]);
    pairs.push_back({typed.back().A[0], typed.back().B[0]});
  }
  const csro::PairLabels labels(this->Call, typed, this->Ions.Label, this->Ions.Points.count,
                                this->Species);
  const csro_ion_curves ions{&this->Grid,
                             &this->Blocks.Stored,
                             &this->Ions.Points,
                             labels.Get(),
                             reinterpret_cast<const uint16_t(*)[2]>(pairs.data()),
                             this->Partners};
  this->Call.Check(csro_classify_ions(this->Call.Context(), this->Network.get(),
                                      this->Preprocessing, this->MinimumCounts, &ions, mean,
                                      deviation, overflow));
}

std::vector<vtkClassifyCSRO::Classifier::Result>
vtkClassifyCSRO::Classifier::Apply(const csro::Channels &channels, vtkImageData *output) {
  const int64_t voxels = csro_block_size(&this->Blocks.Stored);
  const int ordered = this->Network->class_count - 1;
  std::vector<Result> results;
  std::vector<double *> mean, deviation;
  std::vector<uint8_t> overflow(voxels);
  for (int i = 0; i < ordered; ++i) {
    const std::string name = std::string("P_") + this->Network->classes[i + 1] + "_" + channels.Key;
    results.push_back({NewArray(this->Call, name, voxels), {}});
    auto spread = NewArray(this->Call, name + "_StdDev", voxels);
    mean.push_back(results.back().Probability->GetPointer(0));
    deviation.push_back(spread->GetPointer(0));
    output->GetPointData()->AddArray(results.back().Probability);
    output->GetPointData()->AddArray(spread);
  }
  if (channels.Counts.empty())
    this->ClassifyIons(channels, mean.data(), deviation.data(), overflow.data());
  else
    this->ClassifyCurves(channels, mean.data(), deviation.data(), overflow.data());
  for (Result &result : results)
    result.Overflow = overflow;
  return results;
}

void vtkClassifyCSRO::Classifier::Score(vtkDoubleArray *probability, vtkImageData *output) {
  const std::vector<double> scores = csro::ScorePixels(
      this->Call, this->Grid, this->Blocks, this->Owned, probability->GetPointer(0), this->Rule);
  this->Call.RunLocal([&] {
    auto score = NewArray(this->Call, "Score_" + std::string(probability->GetName() + 2),
                          static_cast<int64_t>(scores.size()));
    std::copy(scores.begin(), scores.end(), score->GetPointer(0));
    output->GetCellData()->AddArray(score);
  });
}

void vtkClassifyCSRO::Classifier::CountDefined(const Result &result, vtkImageData *voxels,
                                               vtkImageData *pixels) {
  const csro_classified own =
      csro_classified_count(&this->Blocks.Stored, &this->Blocks.Owned,
                            result.Probability->GetPointer(0), result.Overflow.data());
  int64_t counts[2] = {own.defined, own.overflowed};
  this->Call.Sum(counts, 2);
  const std::string name = result.Probability->GetName() + 2;
  for (vtkImageData *data : {voxels, pixels}) {
    csro::PutCounts(data, "VoxelsDefined_" + name, {counts[0]});
    csro::PutCounts(data, "VoxelsOverflowed_" + name, {counts[1]});
  }
  this->CheckOverflow(name, counts[0], counts[1]);
}

void vtkClassifyCSRO::Classifier::CheckOverflow(const std::string &name, int64_t defined,
                                                int64_t overflowed) {
  const std::string text = name + ": " + std::to_string(overflowed) + " of " +
                           std::to_string(defined + overflowed) +
                           " voxels with usable curves have no defined probability, for the output "
                           "of the model " +
                           this->Network->name + " is not finite there: its weights are too large";
  this->Call.RunLocal([&] {
    if (overflowed > 0 && defined == 0)
      this->Call.Fail(CSRO_ERROR_DATA, text);
  });
  if (overflowed > 0 && this->Call.Rank() == 0)
    vtkWarningWithObjectMacro(&this->Self, << text);
}

int vtkClassifyCSRO::Classifier::MostOrdered(vtkImageData *pixels, int arrays) {
  std::vector<int64_t> above(arrays, 0);
  for (int i = 0; i < std::min(arrays, pixels->GetCellData()->GetNumberOfArrays()); ++i) {
    auto *score = vtkDoubleArray::SafeDownCast(pixels->GetCellData()->GetArray(i));
    above[i] = csro_scores_above(score->GetNumberOfValues(), score->GetPointer(0),
                                 this->Network->threshold);
  }
  this->Call.Sum(above.data(), arrays);
  return static_cast<int>(std::max_element(above.begin(), above.end()) - above.begin());
}

vtkClassifyCSRO::vtkClassifyCSRO() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(2);
  this->Expect("ShippedModel", this->ShippedModel, 0, 2);
  this->Expect("Preprocessing", this->Preprocessing, PREPROCESS_AS_TRAINED, PREPROCESS_FULL);
  this->Expect("MinimumCounts", this->MinimumCounts, 0, VTK_INT_MAX);
}

vtkClassifyCSRO::~vtkClassifyCSRO() {
  this->SetModelFile(nullptr);
}

void vtkClassifyCSRO::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "ShippedModel: " << this->ShippedModel << "\n"
     << indent << "ModelFile: " << (this->ModelFile ? this->ModelFile : "(shipped)") << "\n"
     << indent << "Preprocessing: " << this->Preprocessing << "\n"
     << indent << "MinimumCounts: " << this->MinimumCounts << "\n"
     << indent << "ReferenceMode: " << this->ReferenceMode << "\n"
     << indent << "Force: " << this->Force << "\n";
}

void vtkClassifyCSRO::DescribeInput(int port, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), port == 0 ? "vtkImageData" : "vtkPointSet");
  if (port == 1)
    info->Set(vtkAlgorithm::INPUT_IS_OPTIONAL(), 1);
}

int vtkClassifyCSRO::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkImageData");
  return 1;
}

void vtkClassifyCSRO::RequestInformation(vtkInformationVector **inputs,
                                         vtkInformationVector *outputs) {
  // How many pixels there are follows from the grid, which comes with the data.
  csro::Call call(this);
  vtkInformation *input = inputs[0]->GetInformationObject(0);
  csro::DemandVoxels(outputs->GetInformationObject(0), input);
  this->UpdateInput();
  csro::PassExtent(input, outputs->GetInformationObject(0));
  csro_grid grid{};
  try {
    grid = csro::GetGrid(call, vtkDataObject::GetData(input));
    csro::AnnouncePixels(&grid, outputs->GetInformationObject(1));
  } catch (const csro::Failure &) {
    csro::AnnouncePixels(nullptr, outputs->GetInformationObject(1)); // Execute says why
  }
  AnnouncePieces(outputs);
}

void vtkClassifyCSRO::RequestUpdateExtent(vtkInformationVector **inputs,
                                          vtkInformationVector *outputs) {
  csro::DemandVoxels(outputs->GetInformationObject(0), inputs[0]->GetInformationObject(0));
  if (vtkInformation *ions = inputs[1]->GetInformationObject(0))
    csro::DemandIons(ions);
}

void vtkClassifyCSRO::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                  vtkInformationVector *outputs) {
  vtkImageData *input = vtkImageData::GetData(inputs[0]);
  vtkPointSet *ions = vtkPointSet::GetData(inputs[1]);
  vtkImageData *voxels = vtkImageData::GetData(outputs, 0);
  vtkImageData *pixels = vtkImageData::GetData(outputs, 1);
  Classifier classifier{*this, call};
  classifier.Rule = this->ReferenceMode ? CSRO_SCORE_SUM : CSRO_SCORE_MEAN;
  classifier.MinimumCounts = this->ReferenceMode ? 0 : this->MinimumCounts;
  std::vector<csro::Channels> channels;
  csro::IonView view; // outlives the ions that the classifier takes from it
  int64_t streaming = 0;
  std::string warning;
  call.RunLocal([&] {
    classifier.Grid = csro::GetGrid(call, input);
    classifier.Blocks = csro::BlocksOfImage(call, classifier.Grid, input);
    classifier.Network = csro::ReadModel(call, this->ModelFile, this->ShippedModel);
    csro::CheckBins(call, *classifier.Network, input);
    classifier.Preprocessing = this->ReferenceMode ? CSRO_PREPROCESS_PUBLISHED
                               : this->Preprocessing == PREPROCESS_FULL
                                   ? CSRO_PREPROCESS_FULL
                                   : classifier.Network->preprocessing;
    if (csro_block_size(&classifier.Blocks.Stored) > 0) {
      channels = csro::FindChannels(call, *classifier.Network, input);
    }
    for (const csro::Channels &one : channels) {
      streaming |= one.Counts.empty();
      if (!ions)
        csro::NeedCurves(call, one, ", or give the ions as second input");
    }
    warning = GuardModel(call, *classifier.Network, input, this->Force || this->ReferenceMode);
    if (ions)
      view = csro::ViewLabelledIons(call, ions);
    voxels->ShallowCopy(input);
    csro::ShapePixels(classifier.Grid, csro_grid_pixels(&classifier.Grid, &classifier.Blocks.Owned),
                      pixels);
    csro::PutClassification(*classifier.Network, this->ModelFile, this->ShippedModel,
                            {classifier.Preprocessing, classifier.MinimumCounts, classifier.Rule},
                            voxels);
    csro::PassFieldData(voxels, pixels);
  });
  if (!warning.empty() && call.Rank() == 0)
    vtkWarningMacro(<< warning);
  csro::CheckWhole(call, classifier.Grid, classifier.Blocks, outputs->GetInformationObject(0));
  classifier.Owned = csro::GatherBlocks(call, classifier.Blocks.Owned);

  call.Maximum(&streaming, 1);
  if (streaming)
    classifier.TakeIons(view, ions, input);

  const int ordered = classifier.Network->class_count - 1;
  call.Reserve(static_cast<double>(csro_block_size(&classifier.Blocks.Stored)) * 4 *
                   sizeof(double) * ordered * static_cast<double>(channels.size()),
               "probabilities and scores of " + std::to_string(channels.size()) + " pairs",
               "classify fewer pairs, or voxels of a larger Stride or a smaller box");
  // A rank without voxels takes part in the exchange of as many arrays as the others have.
  std::vector<Classifier::Result> results;
  call.RunLocal([&] {
    for (size_t i = 0; i < channels.size(); ++i) {
      const double step = 0.95 / static_cast<double>(channels.size());
      call.Stage(step * static_cast<double>(i), step * static_cast<double>(i + 1));
      for (Classifier::Result &result : classifier.Apply(channels[i], voxels))
        results.push_back(std::move(result));
    }
  });
  int64_t arrays = static_cast<int64_t>(results.size());
  call.Maximum(&arrays, 1);
  call.Stage(0.95, 1.0);
  results.resize(arrays, {NewArray(call, "P_", 0), {}});
  for (const Classifier::Result &result : results) {
    classifier.CountDefined(result, voxels, pixels);
    classifier.Score(result.Probability, pixels);
  }
  csro::PutNumbers(pixels, "ScoreThreshold", {classifier.Network->threshold});
  PutScoreNames(call, *classifier.Network, channels, pixels);
  const int active = classifier.MostOrdered(pixels, static_cast<int>(arrays));
  if (!channels.empty()) {
    voxels->GetPointData()->SetActiveScalars(results[active].Probability->GetName());
    pixels->GetCellData()->SetActiveScalars(pixels->GetCellData()->GetArrayName(active));
  }
}
