#include "vtkPatternBank.h"

#include "data/FieldArrays.h"
#include "data/SpeciesPairs.h"
#include "data/TableColumns.h"
#include "data/VoxelImage.h"
#include "parallel/Owned.h"

#include "csro/patterns.h"
#include "csro/recipe.h"
#include "csro/zsdm.h"

#include <vtkDataObject.h>
#include <vtkFloatArray.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkTable.h>
#include <vtkUnsignedCharArray.h>
#include <vtkUnsignedIntArray.h>

#include <algorithm>

vtkStandardNewMacro(vtkPatternBank);

namespace {
using OwnedRecipe = csro::Owned<csro_recipe_destroy>;

// One row per pattern.
void PutPatterns(csro::Call &call, const csro_recipe &recipe, const csro_patterns &patterns,
                 int seed, vtkTable *table) {
  const auto label = csro::MakeArray<vtkUnsignedCharArray>(call, "Label", 1, patterns.count);
  std::copy_n(patterns.label, patterns.count, label->GetPointer(0));
  table->AddColumn(label);
  for (int value = 0; value < CSRO_VALUES; ++value) {
    const auto parameter =
        csro::MakeArray<vtkFloatArray>(call, csro_pattern_parameters[value], 1, patterns.count);
    for (int64_t i = 0; i < patterns.count; ++i)
      parameter->SetValue(i, patterns.parameters[i][value]);
    table->AddColumn(parameter);
  }
  const int64_t row = int64_t{patterns.channels} * patterns.bins;
  for (int channel = 0; channel < patterns.channels; ++channel) {
    const auto counts = csro::MakeArray<vtkUnsignedIntArray>(
        call, "zSDM_" + csro::PairKey(recipe.pairs[channel]), patterns.bins, patterns.count);
    for (int64_t i = 0; i < patterns.count; ++i)
      std::copy_n(patterns.counts + i * row + channel * patterns.bins, patterns.bins,
                  counts->GetPointer(i * patterns.bins));
    table->AddColumn(counts);
  }

  std::vector<std::string> classes, pairs;
  for (int k = 0; k < recipe.class_count; ++k)
    classes.emplace_back(recipe.classes[k].name);
  for (int k = 0; k < recipe.channel_count; ++k)
    pairs.emplace_back(recipe.pairs[k]);
  csro::PutTexts(table, "ClassNames", classes);
  csro::PutTexts(table, "zSDM_Pairs", pairs);
  csro::PutTexts(table, "Recipe", {recipe.text});
  csro::PutCounts(table, "Seed", {seed});
  csro::PutBinNumbers(recipe.bins, table);
}

// Mean counts per pattern of each class and channel.
void PutMeans(const csro_recipe &recipe, const csro_patterns &patterns, vtkTable *table) {
  const size_t bins = patterns.bins;
  csro::Columns columns(table);
  columns.Numbers("dz_nm", bins, [&](size_t bin) {
    return csro_bins_center(&recipe.bins, static_cast<int>(bin));
  });
  std::vector<double> mean(patterns.channels * bins);
  for (int label = 0; label < recipe.class_count; ++label) {
    csro_patterns_mean(&patterns, label, mean.data());
    for (int channel = 0; channel < patterns.channels; ++channel)
      columns.Numbers(std::string(recipe.classes[label].name) + " " + recipe.pairs[channel], bins,
                      [&](size_t bin) { return mean[channel * bins + bin]; });
  }
}
} // namespace

vtkPatternBank::vtkPatternBank() {
  this->SetNumberOfInputPorts(0);
  this->SetNumberOfOutputPorts(2);
  this->Expect("Recipe", this->Recipe, COCRNI_002, FROM_FILE);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX);
  this->Expect("Limit", this->Limit, 0, VTK_INT_MAX);
}

vtkPatternBank::~vtkPatternBank() {
  this->SetRecipeFile(nullptr);
}

void vtkPatternBank::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Recipe: " << this->Recipe << "\n"
     << indent << "RecipeFile: " << (this->RecipeFile ? this->RecipeFile : "") << "\n"
     << indent << "Seed: " << this->Seed << "\n"
     << indent << "Limit: " << this->Limit << "\n";
}

int vtkPatternBank::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkPatternBank::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkPatternBank::RequestData(csro::Call &call, vtkInformationVector **,
                                 vtkInformationVector *outputs) {
  OwnedRecipe recipe;
  double values = 0;
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    csro_recipe *read = nullptr;
    const bool file = this->Recipe == FROM_FILE;
    if (file && (!this->RecipeFile || !*this->RecipeFile))
      call.Fail(CSRO_ERROR_ARGUMENT, "no recipe file is given");
    call.Check(file ? csro_recipe_read(call.Context(), this->RecipeFile, &read)
                    : csro_recipe_shipped(call.Context(), this->Recipe, &read));
    recipe.reset(read);
    double patterns = 0;
    for (int c = 0; c < recipe->class_count; ++c)
      patterns += static_cast<double>(recipe->classes[c].patterns);
    if (this->Limit > 0)
      patterns = std::min(patterns, static_cast<double>(this->Limit));
    values = patterns * recipe->channel_count * recipe->bins.kept;
  });
  call.Reserve(2 * sizeof(uint32_t) * values, "the patterns of the bank", "choose a lower Limit");
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    csro_patterns patterns{};
    const csro::Owned<csro_patterns_release> owner(&patterns);
    call.Stage(0.0, 1.0);
    call.Check(csro_patterns_init(call.Context(), recipe.get(), static_cast<uint64_t>(this->Seed),
                                  this->Limit, &patterns));
    PutPatterns(call, *recipe, patterns, this->Seed, vtkTable::GetData(outputs, 0));
    PutMeans(*recipe, patterns, vtkTable::GetData(outputs, 1));
  });
}
