#include "vtkTrainClassifier.h"

#include "data/FieldArrays.h"
#include "data/SpeciesPairs.h"
#include "data/VoxelImage.h"
#include "parallel/Owned.h"

#include "csro/context.h"
#include "csro/evaluation.h"
#include "csro/model.h"
#include "csro/network.h"
#include "csro/patterns.h"
#include "csro/recipe.h"
#include "csro/train.h"
#include "csro/zsdm.h"

#include <vtkDataObject.h>
#include <vtkDataSetAttributes.h>
#include <vtkDoubleArray.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkStringArray.h>
#include <vtkTable.h>
#include <vtkTypeInt64Array.h>

#include <algorithm>
#include <cmath>
#include <sstream>

vtkStandardNewMacro(vtkTrainClassifier);

namespace {
enum OutputPort { HISTORY, ROC, CONFUSION, CALIBRATION, OUTPUTS };
constexpr int CalibrationBins = 10;
const std::string CurvePrefix = "zSDM_";

// What the table says, as the core takes it.
struct Bank {
  int64_t Count = 0;
  csro_bins Bins{};
  std::vector<std::string> Classes, Pairs;
  std::vector<vtkDataArray *> Columns;
  std::vector<uint8_t> Labels;
  std::vector<float> Inputs; // [count][bins][channels]
};

template <size_t Room> void PutText(const std::string &text, char (&out)[Room]) {
  out[text.copy(out, Room - 1)] = 0;
}

void ReadLabels(csro::Call &call, vtkTable *table, Bank &bank) {
  auto *labels = vtkDataArray::SafeDownCast(table->GetColumnByName("Label"));
  if (!labels || labels->GetNumberOfComponents() != 1)
    call.Fail(CSRO_ERROR_DATA, "the table has no column Label of class numbers; expected a pattern "
                               "bank (Pattern Bank)");
  int classes = 0;
  for (int64_t i = 0; i < bank.Count; ++i) {
    const double label = labels->GetTuple1(i);
    if (!(label >= 0 && label <= 255 && label == std::floor(label)))
      call.Fail(CSRO_ERROR_DATA, "column Label: row " + std::to_string(i) +
                                     " is no class number, expected 0 to 255");
    bank.Labels.push_back(static_cast<uint8_t>(label));
    classes = std::max(classes, static_cast<int>(label) + 1);
  }
  bank.Classes = csro::GetTexts(table, "ClassNames");
  if (bank.Classes.size() < std::max<size_t>(2, classes))
    call.Fail(CSRO_ERROR_DATA, "field array ClassNames: expected a name for each of at least two "
                               "classes, the labels have " +
                                   std::to_string(classes));
}

void FindChannels(csro::Call &call, vtkTable *table, Bank &bank) {
  bank.Bins = csro::GetBinNumbers(call, table);
  for (const std::string &pair : csro::PairsOfCurves(table)) {
    const std::string name = CurvePrefix + csro::PairKey(pair);
    auto *column = vtkDataArray::SafeDownCast(table->GetColumnByName(name.c_str()));
    if (!column || column->GetNumberOfComponents() != bank.Bins.kept)
      call.Fail(CSRO_ERROR_DATA, "the table has no column " + name + " of " +
                                     std::to_string(bank.Bins.kept) + " counts per row");
    bank.Pairs.push_back(pair);
    bank.Columns.push_back(column);
  }
  if (bank.Columns.empty())
    call.Fail(CSRO_ERROR_DATA, "the table names no pairs; expected the field array zSDM_Pairs");
}

// As the property has them, in the order of csro_preprocessing.
const char *const PreprocessingTexts[] = {"Min-max", "Full", "Mean"};

// The counts of the table as a bank of the core, [count][channels][bins], preprocessed.
void Preprocess(csro::Call &call, csro_preprocessing how, Bank &bank) {
  const auto channels = static_cast<int>(bank.Columns.size());
  const int bins = bank.Bins.kept;
  std::vector<uint32_t> counts;
  counts.reserve(bank.Count * channels * bins);
  for (int64_t row = 0; row < bank.Count; ++row)
    for (vtkDataArray *column : bank.Columns)
      for (int bin = 0; bin < bins; ++bin) {
        const double count = column->GetComponent(row, bin);
        if (!(count >= 0 && count <= UINT32_MAX))
          call.Fail(CSRO_ERROR_DATA, std::string("column ") + column->GetName() + ": row " +
                                         std::to_string(row) + " holds no counts");
        counts.push_back(static_cast<uint32_t>(count));
      }
  const csro_patterns patterns{bank.Count, channels, bins, counts.data(), nullptr, nullptr};
  bank.Inputs.resize(counts.size());
  call.Check(csro_patterns_inputs(call.Context(), &patterns, how, bank.Inputs.data()));
}

// A training may take long: better to know before it that its file cannot be written.
void CheckFile(csro::Call &call, const char *path) {
  if (!path || !*path)
    call.Fail(CSRO_ERROR_ARGUMENT, "ModelFile is empty: name the model file to write");
  call.Check(csro_model_check_target(call.Context(), path));
}

vtkDoubleArray *AddNumbers(vtkTable *table, const std::string &name, int64_t count) {
  vtkNew<vtkDoubleArray> column;
  column->SetName(name.c_str());
  column->SetNumberOfValues(count);
  column->FillValue(NAN);
  table->AddColumn(column);
  return column;
}

struct Series {
  const char *Name;
  double csro_train_epoch::*Value;
};
constexpr Series AllSeries[] = {{"Loss", &csro_train_epoch::loss},
                                {"ValidationLoss", &csro_train_epoch::validation_loss},
                                {"Accuracy", &csro_train_epoch::accuracy},
                                {"ValidationAccuracy", &csro_train_epoch::validation_accuracy}};

// The mean over the folds that were still training, then fold by fold. Epochs count from 1.
void PutHistory(const csro_train_report &report, vtkTable *table) {
  vtkDoubleArray *number = AddNumbers(table, "Epoch", report.epochs);
  for (int e = 0; e < report.epochs; ++e)
    number->SetValue(e, e + 1);
  for (const Series &series : AllSeries) {
    vtkDoubleArray *mean = AddNumbers(table, series.Name, report.epochs);
    for (int e = 0; e < report.epochs; ++e)
      mean->SetValue(e, csro_train_report_mean(&report, e).*series.Value);
  }
  for (int f = 0; f < report.folds; ++f)
    for (const Series &series : AllSeries) {
      vtkDoubleArray *column = AddNumbers(
          table, std::string(series.Name) + "_Fold" + std::to_string(f + 1), report.epochs);
      for (int e = 0; e < report.epochs; ++e)
        column->SetValue(e, report.history[f * report.epochs + e].*series.Value);
    }
}

// Order of any kind against none: the score is the probability of all ordered classes.
struct Detection {
  std::vector<float> Score;
  std::vector<uint8_t> Ordered;
};

Detection DetectionOf(const csro_train_report &report) {
  Detection found{std::vector<float>(report.test_count), std::vector<uint8_t>(report.test_count)};
  csro_train_report_ordered(&report, found.Score.data(), found.Ordered.data());
  return found;
}

void PutRoc(csro::Call &call, const Detection &found, vtkTable *table) {
  csro_roc roc{};
  const csro::Owned<csro_roc_release> owner(&roc);
  call.Check(csro_roc_init(call.Context(), static_cast<int64_t>(found.Score.size()),
                           found.Score.data(), found.Ordered.data(), &roc));
  std::copy_n(roc.false_positive, roc.count,
              AddNumbers(table, "FalsePositiveRate", roc.count)->GetPointer(0));
  std::copy_n(roc.true_positive, roc.count,
              AddNumbers(table, "TruePositiveRate", roc.count)->GetPointer(0));
  std::copy_n(roc.threshold, roc.count, AddNumbers(table, "Threshold", roc.count)->GetPointer(0));
  csro::PutNumbers(table, "AUC", {roc.area});
}

void PutConfusion(csro::Call &call, const csro_train_report &report, const Bank &bank,
                  double accuracy, vtkTable *table) {
  const int classes = report.classes;
  std::vector<int64_t> matrix(static_cast<size_t>(classes) * (classes + 1));
  call.Check(csro_confusion(call.Context(), report.test_count, classes, report.test_label,
                            report.test_probability, matrix.data()));
  vtkNew<vtkStringArray> names;
  names->SetName("Class");
  for (const std::string &name : bank.Classes)
    names->InsertNextValue(name);
  table->AddColumn(names);
  for (int found = 0; found <= classes; ++found) {
    vtkNew<vtkTypeInt64Array> column;
    column->SetName(found < classes ? ("As_" + bank.Classes[found]).c_str() : "Undefined");
    for (int truth = 0; truth < classes; ++truth)
      column->InsertNextValue(matrix[truth * (classes + 1) + found]);
    table->AddColumn(column);
  }
  csro::PutNumbers(table, "TestAccuracy", {accuracy});
}

void PutCalibration(csro::Call &call, const Detection &found, vtkTable *table) {
  vtkNew<vtkTypeInt64Array> counts;
  counts->SetName("Patterns");
  counts->SetNumberOfValues(CalibrationBins);
  double *mean = AddNumbers(table, "MeanProbability", CalibrationBins)->GetPointer(0);
  double *share = AddNumbers(table, "OrderedShare", CalibrationBins)->GetPointer(0);
  std::vector<int64_t> count(CalibrationBins);
  call.Check(csro_calibration(call.Context(), static_cast<int64_t>(found.Score.size()),
                              found.Score.data(), found.Ordered.data(), CalibrationBins,
                              count.data(), mean, share));
  std::copy(count.begin(), count.end(), counts->GetPointer(0));
  table->AddColumn(counts);
}
} // namespace

// One execution, on the first rank.
struct vtkTrainClassifier::Trainer {
  vtkTrainClassifier *Self;
  csro::Call &Call;

  Bank Prepare(vtkTable *table) const;
  csro_train_options Options() const;
  std::string Command() const;
  void DescribeLattice(vtkTable *table, csro_model &model) const;
  void Describe(vtkTable *table, const Bank &bank, csro_model &model) const;
  void Run(vtkTable *table, vtkInformationVector *outputs);
  static void OnEpoch(void *user, int fold, int epoch, const csro_train_epoch *values);
};

Bank vtkTrainClassifier::Trainer::Prepare(vtkTable *table) const {
  Bank bank;
  bank.Count = table ? table->GetNumberOfRows() : 0;
  if (bank.Count == 0)
    this->Call.Fail(CSRO_ERROR_DATA, "the table has no rows; expected a pattern bank");
  ReadLabels(this->Call, table, bank);
  FindChannels(this->Call, table, bank);
  Preprocess(this->Call, static_cast<csro_preprocessing>(this->Self->Preprocessing), bank);
  return bank;
}

csro_train_options vtkTrainClassifier::Trainer::Options() const {
  csro_train_options options;
  csro_train_defaults(&options);
  options.test_fraction = this->Self->TestFraction;
  options.folds = this->Self->Folds;
  options.epochs = this->Self->Epochs;
  options.batch = this->Self->BatchSize;
  options.patience = this->Self->Patience;
  options.learning_rate = this->Self->LearningRate;
  options.cosine = this->Self->Schedule == SCHEDULE_COSINE;
  options.balanced = this->Self->BalanceClasses;
  options.shift_lo = this->Self->ShiftRange[0];
  options.shift_hi = this->Self->ShiftRange[1];
  options.seed = static_cast<uint64_t>(this->Self->Seed);
  options.epoch_done = &Trainer::OnEpoch;
  options.user = this->Self;
  return options;
}

// Shown beside the progress bar, from the next report on.
void vtkTrainClassifier::Trainer::OnEpoch(void *user, int fold, int epoch,
                                          const csro_train_epoch *values) {
  std::ostringstream text;
  text.precision(3);
  text << "fold " << fold + 1 << ", epoch " << epoch + 1 << ": loss " << values->loss
       << ", validation " << values->validation_loss;
  static_cast<vtkTrainClassifier *>(user)->SetProgressText(text.str().c_str());
}

// The line that trains the model again.
std::string vtkTrainClassifier::Trainer::Command() const {
  const vtkTrainClassifier *self = this->Self;
  const std::string file = self->ModelFile;
  std::ostringstream text;
  text.precision(17);
  text << "TrainClassifier(Input=bank, ModelFile='" << file.substr(file.rfind('/') + 1)
       << "', Architecture='" << self->Architecture << "', Preprocessing='"
       << PreprocessingTexts[self->Preprocessing] << "', Folds=" << self->Folds
       << ", TestFraction=" << self->TestFraction << ", Epochs=" << self->Epochs
       << ", Patience=" << self->Patience << ", BatchSize=" << self->BatchSize
       << ", LearningRate=" << self->LearningRate
       << ", Schedule=" << (self->Schedule == SCHEDULE_COSINE ? "'Cosine'" : "'Constant'")
       << ", ShiftRange=[" << self->ShiftRange[0] << ", " << self->ShiftRange[1]
       << "], BalanceClasses=" << self->BalanceClasses << ", Seed=" << self->Seed
       << ", ScoreThreshold=" << self->ScoreThreshold << ")";
  return text.str();
}

// Lattice and pole are those of the recipe that the bank was made from.
void vtkTrainClassifier::Trainer::DescribeLattice(vtkTable *table, csro_model &model) const {
  const std::vector<std::string> recipes = csro::GetTexts(table, "Recipe");
  if (recipes.empty() || recipes[0].empty())
    return;
  const std::string &text = recipes[0];
  csro_context *context = this->Call.Context();
  csro_recipe *parsed = nullptr;
  this->Call.Check(
      csro_recipe_parse(context, "field array Recipe", text.data(), text.size(), &parsed));
  const csro::Owned<csro_recipe_destroy> recipe(parsed);
  csro_model *described = nullptr;
  this->Call.Check(csro_recipe_model(context, parsed, &described));
  const csro::Owned<csro_model_destroy> owner(described);
  PutText(described->lattice, model.lattice);
  PutText(described->orientation, model.orientation);
  model.lattice_constant = described->lattice_constant;
}

void vtkTrainClassifier::Trainer::Describe(vtkTable *table, const Bank &bank,
                                           csro_model &model) const {
  const std::string file = this->Self->ModelFile;
  const std::string name = file.substr(file.rfind('/') + 1);
  PutText(name.substr(0, name.rfind('.')), model.name);
  this->DescribeLattice(table, model);
  model.threshold = this->Self->ScoreThreshold;
  model.bins = bank.Bins;
  model.preprocessing = static_cast<csro_preprocessing>(this->Self->Preprocessing);
}

void vtkTrainClassifier::Trainer::Run(vtkTable *table, vtkInformationVector *outputs) {
  CheckFile(this->Call, this->Self->ModelFile);
  const Bank bank = this->Prepare(table);
  const auto classes = static_cast<int>(bank.Classes.size());
  const auto channels = static_cast<int>(bank.Pairs.size());
  csro_context *context = this->Call.Context();
  csro_model *made = nullptr;
  this->Call.Check(csro_model_create(context, classes, channels, &made));
  const csro::Owned<csro_model_destroy> model(made);
  for (int k = 0; k < classes; ++k)
    PutText(bank.Classes[k], model->classes[k]);
  for (int k = 0; k < channels; ++k)
    PutText(bank.Pairs[k], model->pairs[k]);
  this->Describe(table, bank, *model);
  csro_network architecture{};
  const csro::Owned<csro_network_release> network(&architecture);
  this->Call.Check(csro_network_parse(context, this->Self->Architecture, bank.Bins.kept, channels,
                                      classes, &architecture));
  const csro_train_options options = this->Options();
  const csro_examples examples{bank.Count, bank.Bins.kept,     channels,
                               classes,    bank.Inputs.data(), bank.Labels.data()};
  csro_train_report report{};
  const csro::Owned<csro_train_report_release> reported(&report);
  this->Call.Check(csro_train(context, &examples, &architecture, &options, model.get(), &report));
  const std::vector<double> seed = csro::GetNumbers(table, "Seed");
  const auto bankSeed = seed.empty() ? 0 : static_cast<uint64_t>(seed[0]);
  csro_train_describe(&examples, &options, seed.empty() ? nullptr : &bankSeed,
                      this->Command().c_str(), model.get());
  const Detection found = DetectionOf(report);
  PutHistory(report, vtkTable::GetData(outputs, HISTORY));
  PutRoc(this->Call, found, vtkTable::GetData(outputs, ROC));
  PutConfusion(this->Call, report, bank, model->test_accuracy,
               vtkTable::GetData(outputs, CONFUSION));
  PutCalibration(this->Call, found, vtkTable::GetData(outputs, CALIBRATION));
  this->Call.Check(csro_model_write(context, model.get(), this->Self->ModelFile));
}

vtkTrainClassifier::vtkTrainClassifier() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(OUTPUTS);
  this->SetArchitecture("conv 16 10, dropout 0.5, pool 2, dense 256");
  this->Expect("Preprocessing", this->Preprocessing, PREPROCESS_MINMAX, PREPROCESS_MEAN);
  this->Expect("Folds", this->Folds, 2, 64);
  this->Expect("TestFraction", this->TestFraction, 0, 0.9);
  this->Expect("Epochs", this->Epochs, 1, 100000);
  this->Expect("Patience", this->Patience, 0, 100000);
  this->Expect("BatchSize", this->BatchSize, 1, 4096);
  this->Expect("LearningRate", this->LearningRate, 0, 1);
  this->Expect("Schedule", this->Schedule, SCHEDULE_CONSTANT, SCHEDULE_COSINE);
  this->Expect("ShiftRange", this->ShiftRange, -100, 100);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX);
  this->Expect("ScoreThreshold", this->ScoreThreshold, 0, 8);
}

vtkTrainClassifier::~vtkTrainClassifier() {
  this->SetModelFile(nullptr);
  this->SetArchitecture(nullptr);
}

void vtkTrainClassifier::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "ModelFile: " << (this->ModelFile ? this->ModelFile : "") << "\n"
     << indent << "Architecture: " << (this->Architecture ? this->Architecture : "") << "\n"
     << indent << "Preprocessing: " << this->Preprocessing << "\n"
     << indent << "Folds: " << this->Folds << "\n"
     << indent << "TestFraction: " << this->TestFraction << "\n"
     << indent << "Epochs: " << this->Epochs << "\n"
     << indent << "Patience: " << this->Patience << "\n"
     << indent << "BatchSize: " << this->BatchSize << "\n"
     << indent << "LearningRate: " << this->LearningRate << "\n"
     << indent << "Schedule: " << this->Schedule << "\n"
     << indent << "ShiftRange: " << this->ShiftRange[0] << " " << this->ShiftRange[1] << "\n"
     << indent << "BalanceClasses: " << this->BalanceClasses << "\n"
     << indent << "Seed: " << this->Seed << "\n"
     << indent << "ScoreThreshold: " << this->ScoreThreshold << "\n";
}

void vtkTrainClassifier::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkTable");
}

int vtkTrainClassifier::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkTrainClassifier::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                     vtkInformationVector *outputs) {
  call.RunLocal([&] {
    if (call.Rank() == 0)
      Trainer{this, call}.Run(vtkTable::GetData(inputs[0]), outputs);
  });
  this->SetProgressText(nullptr);
}
