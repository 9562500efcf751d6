#include "vtkEvaluateDetection.h"

#include "data/FieldArrays.h"
#include "data/TableColumns.h"
#include "data/ValueList.h"
#include "data/VoxelImage.h"
#include "parallel/Owned.h"

#include "csro/detection.h"
#include "csro/evaluation.h"
#include "csro/specimen.h"
#include "csro/voxels.h"

#include <vtkDataObject.h>
#include <vtkDataSetAttributes.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkTable.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

vtkStandardNewMacro(vtkEvaluateDetection);

namespace {
enum InputPort { VOXELS, DOMAIN_IONS, TRUE_DOMAINS, DOMAINS, INPUTS };
enum OutputPort { ROC, CALIBRATION, SIZE_CLASSES, RANKED, OUTPUTS };
constexpr int CalibrationBins = 10;
constexpr double FalsePositives = 0.01; // where the true positive rate of a size class is read

// --- Inputs ---

vtkDataArray *FindProbability(csro::Call &call, const char *wanted, vtkImageData *voxels) {
  const bool any = !wanted || !*wanted;
  vtkPointData *arrays = voxels->GetPointData();
  vtkDataArray *found = any ? arrays->GetScalars() : arrays->GetArray(wanted);
  if (!found || found->GetNumberOfComponents() != 1)
    call.Fail(CSRO_ERROR_ARGUMENT,
              any ? std::string("the voxels have no active point array of one component")
                  : "the voxels have no point array " + std::string(wanted) + " of one component");
  return found;
}

[[noreturn]] void FailProbability(csro::Call &call, vtkDataArray *array, float value) {
  std::ostringstream text;
  text << "the point array " << (array->GetName() ? array->GetName() : "") << " holds " << value
       << ", expected probabilities of 0 to 1 (ProbabilityArray)";
  call.Fail(CSRO_ERROR_ARGUMENT, text.str());
}

// The probability of every voxel, on rank 0; each rank learns the grid that it holds voxels of.
struct Voxels {
  csro_grid Grid{};
  std::vector<float> Probability;
};

Voxels CollectVoxels(csro::Call &call, const char *wanted, vtkImageData *image) {
  Voxels voxels;
  csro_block owned{};
  std::vector<float> mine;
  call.RunLocal([&] {
    voxels.Grid = csro::GetGrid(call, image);
    const csro::Blocks blocks = csro::BlocksOfImage(call, voxels.Grid, image);
    owned = blocks.Owned;
    if (csro_block_size(&owned) == 0)
      return;
    vtkDataArray *found = FindProbability(call, wanted, image);
    for (int64_t k = owned.lo[2]; k < owned.hi[2]; ++k)
      for (int64_t j = owned.lo[1]; j < owned.hi[1]; ++j)
        for (int64_t i = owned.lo[0]; i < owned.hi[0]; ++i) {
          mine.push_back(
              static_cast<float>(found->GetComponent(csro_block_at(&blocks.Stored, i, j, k), 0)));
          if (mine.back() < 0 || mine.back() > 1)
            FailProbability(call, found, mine.back());
        }
  });
  const csro_block grid = csro_block_whole(voxels.Grid.n);
  constexpr double voxelBytes = 40;
  call.Reserve(call.Rank() == 0 ? voxelBytes * static_cast<double>(csro_block_size(&grid)) : 0,
               "the probabilities of all voxels", "choose voxels of a larger Stride");
  const std::vector<csro_block> blocks = csro::GatherBlocks(call, owned);
  const std::vector<float> all = csro::GatherOnFirst(call, std::move(mine));
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    const csro_block whole = csro_block_whole(voxels.Grid.n);
    voxels.Probability.assign(csro_block_size(&whole), NAN);
    const float *from = all.data();
    for (const csro_block &block : blocks) {
      csro_block_copy(&block, from, &whole, voxels.Probability.data(), sizeof *from);
      from += csro_block_size(&block);
    }
  });
  return voxels;
}

// The ions of the reported domains, on rank 0.
struct ReportedIons {
  std::vector<int64_t> Report, Truth;
};

ReportedIons CollectIons(csro::Call &call, vtkPointSet *ions) {
  std::array<std::vector<int64_t>, 2> values;
  call.RunLocal([&] {
    const csro::IonView view = csro::ViewIons(call, ions);
    static const char *const names[2] = {"DomainId", "TrueDomainId"};
    for (int k = 0; k < 2; ++k) {
      vtkDataArray *array = ions->GetPointData()->GetArray(names[k]);
      if (view.Points.count > 0 && (!array || array->GetNumberOfComponents() != 1))
        call.Fail(CSRO_ERROR_DATA, std::string("the domain ions have no point array ") + names[k] +
                                       "; expected domains that were found in a specimen from "
                                       "Simulate APT");
      values[k].resize(view.Points.count);
      for (int64_t i = 0; i < view.Points.count; ++i)
        values[k][i] = static_cast<int64_t>(array->GetComponent(view.Point(i), 0));
    }
  });
  return {csro::GatherOnFirst(call, std::move(values[0])),
          csro::GatherOnFirst(call, std::move(values[1]))};
}

vtkDataArray *FindColumn(csro::Call &call, vtkTable *table, const char *name, const char *what) {
  auto *column = vtkDataArray::SafeDownCast(table->GetColumnByName(name));
  if (!column || column->GetNumberOfComponents() != 1)
    call.Fail(CSRO_ERROR_DATA, std::string("the table of the ") + what +
                                   " has no column of numbers " + (*name ? name : "(no name)"));
  return column;
}

std::vector<csro_true_domain> ReadTrueDomains(csro::Call &call, vtkTable *table) {
  std::vector<csro_true_domain> domains(table->GetNumberOfRows());
  if (domains.empty())
    return domains;
  const auto column = [&](const char *name) {
    return FindColumn(call, table, name, "true domains");
  };
  vtkDataArray *const number = column("Domain"), *const diameter = column("Diameter_nm");
  vtkDataArray *const center[3] = {column("CenterX_nm"), column("CenterY_nm"),
                                   column("CenterZ_nm")};
  // Tables of balls may do without.
  static const char *const normals[3] = {"NormalX", "NormalY", "NormalZ"};
  const bool plates = table->GetColumnByName("Flattening") != nullptr;
  vtkDataArray *const flattening = plates ? column("Flattening") : nullptr;
  vtkDataArray *normal[3] = {};
  for (int axis = 0; plates && axis < 3; ++axis)
    normal[axis] = column(normals[axis]);
  for (size_t i = 0; i < domains.size(); ++i) {
    const auto row = static_cast<vtkIdType>(i);
    if (number->GetComponent(row, 0) != static_cast<double>(i))
      call.Fail(CSRO_ERROR_DATA, "the table of the true domains: row " + std::to_string(i) +
                                     " is another domain; expected all of them in their order");
    for (int axis = 0; axis < 3; ++axis)
      domains[i].center[axis] = center[axis]->GetComponent(row, 0);
    domains[i].diameter = diameter->GetComponent(row, 0);
    for (int axis = 0; plates && axis < 3; ++axis)
      domains[i].normal[axis] = normal[axis]->GetComponent(row, 0);
    if (plates)
      domains[i].flattening = flattening->GetComponent(row, 0);
  }
  return domains;
}

// Rank values by the number of the report; NaN where the table has none.
std::vector<double> ReadRanks(csro::Call &call, vtkTable *table, const char *name) {
  std::vector<double> ranks;
  const vtkIdType rows = table->GetNumberOfRows();
  if (rows == 0)
    return ranks;
  vtkDataArray *number = FindColumn(call, table, "Domain", "reported domains");
  vtkDataArray *value = FindColumn(call, table, name ? name : "", "reported domains");
  for (vtkIdType row = 0; row < rows; ++row) {
    const double domain = number->GetComponent(row, 0);
    if (!(domain >= 0 && domain < 2147483648.0))
      call.Fail(CSRO_ERROR_DATA, "the table of the reported domains: row " + std::to_string(row) +
                                     " of column Domain is no number of a domain");
    const auto place = static_cast<size_t>(domain);
    if (place >= ranks.size())
      ranks.resize(place + 1, NAN);
    ranks[place] = value->GetComponent(row, 0);
  }
  return ranks;
}

// --- Tables ---

// What is evaluated, on rank 0.
struct Evaluation {
  csro::Call &Call;
  const std::vector<double> &Edges;
  csro_size_classes Classes{};
  std::vector<csro_true_domain> Domains;
  std::vector<float> Probability;
  std::vector<int32_t> Truth;
  std::vector<csro_roc> Curves;
  std::vector<csro::Owned<csro_roc_release>> CurveOwners;

  // Size class -1 is all of them.
  std::string ClassName(int sizeClass) const;
  const csro_roc &CurveOf(int sizeClass) const {
    return this->Curves[sizeClass + 1];
  }
  void TraceCurves();
  std::vector<double> TruePositives(int sizeClass) const;
  int64_t CountVoxels(int sizeClass) const;
  void PutRoc(vtkTable *table) const;
  void PutCalibration(vtkTable *table) const;
  void PutClasses(const csro_detection &detection, double target, vtkTable *table) const;
  void PutRanked(const csro_detection &detection, double target, vtkTable *table) const;
};

std::string Evaluation::ClassName(int sizeClass) const {
  std::ostringstream text;
  const auto edges = static_cast<int>(this->Edges.size());
  if (sizeClass < 0 || edges == 0)
    text << "all";
  else if (sizeClass == 0)
    text << "below " << this->Edges[0] << " nm";
  else if (sizeClass < edges)
    text << this->Edges[sizeClass - 1] << "-" << this->Edges[sizeClass] << " nm";
  else
    text << this->Edges[edges - 1] << " nm and more";
  return text.str();
}

void Evaluation::TraceCurves() {
  const double curves = this->Classes.edge_count + 2;
  this->Curves.resize(this->Classes.edge_count + 2);
  for (int k = -1; k <= this->Classes.edge_count; ++k) {
    this->Call.Stage((k + 1) / curves, (k + 2) / curves);
    csro_roc &curve = this->Curves[k + 1];
    this->CurveOwners.emplace_back(&curve);
    this->Call.Check(csro_voxel_roc(this->Call.Context(),
                                    static_cast<int64_t>(this->Probability.size()),
                                    this->Probability.data(), this->Truth.data(),
                                    this->Domains.data(), &this->Classes, k, &curve));
  }
}

// True positive rates of a class at the thresholds of all: the negative voxels are the same.
std::vector<double> Evaluation::TruePositives(int sizeClass) const {
  const csro_roc &all = this->CurveOf(-1), &curve = this->CurveOf(sizeClass);
  std::vector<double> rates(all.count);
  csro_roc_resample(&curve, all.count, all.threshold, rates.data());
  return rates;
}

void Evaluation::PutRoc(vtkTable *table) const {
  const csro_roc &roc = this->CurveOf(-1);
  csro::Columns columns(table);
  columns.Numbers("FalsePositiveRate", roc.count, [&](size_t i) { return roc.false_positive[i]; });
  columns.Numbers("TruePositiveRate", roc.count, [&](size_t i) { return roc.true_positive[i]; });
  columns.Numbers("Threshold", roc.count, [&](size_t i) { return roc.threshold[i]; });
  for (int k = 0; this->Classes.edge_count > 0 && k <= this->Classes.edge_count; ++k) {
    const std::vector<double> rates = this->TruePositives(k);
    columns.Numbers("TruePositiveRate " + this->ClassName(k), rates.size(),
                    [&](size_t i) { return rates[i]; });
  }
  csro::PutNumbers(table, "AUC", {roc.area});
}

void Evaluation::PutCalibration(vtkTable *table) const {
  std::vector<uint8_t> inside;
  for (const int32_t truth : this->Truth)
    inside.push_back(truth >= 0);
  int64_t count[CalibrationBins];
  double mean[CalibrationBins], share[CalibrationBins];
  this->Call.Check(csro_calibration(
      this->Call.Context(), static_cast<int64_t>(this->Probability.size()),
      this->Probability.data(), inside.data(), CalibrationBins, count, mean, share));
  csro::Columns columns(table);
  columns.Numbers("MeanProbability", CalibrationBins, [&](size_t i) { return mean[i]; });
  columns.Numbers("TrueShare", CalibrationBins, [&](size_t i) { return share[i]; });
  columns.Counts("Voxels", CalibrationBins, [&](size_t i) { return count[i]; });
}

int64_t Evaluation::CountVoxels(int sizeClass) const {
  return csro_voxel_positives(static_cast<int64_t>(this->Truth.size()), this->Probability.data(),
                              this->Truth.data(), this->Domains.data(), &this->Classes, sizeClass);
}

// The first row is of all sizes.
void Evaluation::PutClasses(const csro_detection &d, double target, vtkTable *table) const {
  std::vector<int> classes{-1};
  for (int k = 0; d.classes > 1 && k < d.classes; ++k)
    classes.push_back(k);
  const int64_t last = d.rows - 1, chosen = csro_detection_row(&d, target);
  const auto ofAll = [&](size_t i, double value) { return i == 0 ? value : NAN; };
  const size_t rows = classes.size();
  csro::Columns columns(table);
  columns.Texts("Class", rows, [&](size_t i) { return this->ClassName(classes[i]); });
  columns.Counts("Domains", rows, [&](size_t i) { return csro_detection_domains(&d, classes[i]); });
  columns.Counts("Voxels", rows, [&](size_t i) { return this->CountVoxels(classes[i]); });
  columns.Numbers("AUC", rows, [&](size_t i) { return this->CurveOf(classes[i]).area; });
  columns.Numbers("TruePositiveRate", rows, [&](size_t i) {
    return csro_roc_true_positive(&this->CurveOf(classes[i]), FalsePositives);
  });
  columns.Numbers("Recall", rows,
                  [&](size_t i) { return csro_detection_recall(&d, last, classes[i]); });
  columns.Numbers("Precision", rows,
                  [&](size_t i) { return ofAll(i, csro_detection_precision(&d, last)); });
  columns.Numbers("RecallAtTarget", rows,
                  [&](size_t i) { return csro_detection_recall(&d, chosen, classes[i]); });
  columns.Numbers("PrecisionAtTarget", rows,
                  [&](size_t i) { return ofAll(i, csro_detection_precision(&d, chosen)); });
  csro::PutNumbers(table, "Reports", {static_cast<double>(d.reports[last])});
  csro::PutNumbers(table, "FalseReports", {static_cast<double>(d.wrong[last])});
}

void Evaluation::PutRanked(const csro_detection &d, double target, vtkTable *table) const {
  csro::Columns columns(table);
  const auto recall = [&](size_t row, int k) {
    return csro_detection_recall(&d, static_cast<int64_t>(row), k);
  };
  columns.Counts("Reports", d.rows, [&](size_t i) { return d.reports[i]; });
  columns.Numbers("FDR", d.rows,
                  [&](size_t i) { return csro_detection_fdr(&d, static_cast<int64_t>(i)); });
  columns.Numbers("Recall", d.rows, [&](size_t i) { return recall(i, -1); });
  for (int k = 0; d.classes > 1 && k < d.classes; ++k)
    columns.Numbers("Recall " + this->ClassName(k), d.rows, [&](size_t i) { return recall(i, k); });
  columns.Numbers("Threshold", d.rows, [&](size_t i) { return d.value[i]; });
  columns.Counts("FalseReports", d.rows, [&](size_t i) { return d.wrong[i]; });
  csro::PutNumbers(table, "TargetRow", {static_cast<double>(csro_detection_row(&d, target))});
}

csro_size_classes MakeClasses(csro::Call &call, const std::vector<double> &edges) {
  for (size_t i = 1; i < edges.size(); ++i)
    if (!(edges[i] > edges[i - 1]))
      call.Fail(CSRO_ERROR_ARGUMENT, "DiameterEdges: expected diameters that rise, found " +
                                         std::to_string(edges[i - 1]) + " before " +
                                         std::to_string(edges[i]));
  return {static_cast<int>(edges.size()), edges.data()};
}
} // namespace

vtkEvaluateDetection::vtkEvaluateDetection() {
  this->SetNumberOfInputPorts(INPUTS);
  this->SetNumberOfOutputPorts(OUTPUTS);
  this->SetRankColumn("Probability");
  this->Need(DOMAIN_IONS,
             "no domain ions: choose those of Cluster Domains or Detect Order as Domain Ions");
  this->Need(TRUE_DOMAINS,
             "no true domains: choose the second output of Simulate APT as True Domains");
  this->Expect("DiameterEdges", this->DiameterEdges, 0, 1000, "nm");
  this->Expect("Margin", this->Margin, 0, 10, "nm");
  this->Expect("FalseTarget", this->FalseTarget, 0, 1);
}

vtkEvaluateDetection::~vtkEvaluateDetection() {
  this->SetProbabilityArray(nullptr);
  this->SetRankColumn(nullptr);
}

void vtkEvaluateDetection::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent
     << "ProbabilityArray: " << (this->ProbabilityArray ? this->ProbabilityArray : "(active)")
     << "\n"
     << indent << "RankColumn: " << (this->RankColumn ? this->RankColumn : "") << "\n"
     << indent << "DiameterEdges:";
  for (const double edge : this->DiameterEdges)
    os << " " << edge;
  os << "\n"
     << indent << "Margin: " << this->Margin << "\n"
     << indent << "FalseTarget: " << this->FalseTarget << "\n";
}

void vtkEvaluateDetection::SetDiameterEdgeCount(int count) {
  csro::SetValueCount(this->DiameterEdges, count);
  this->Modified();
}

void vtkEvaluateDetection::SetDiameterEdge(int index, double diameter) {
  csro::SetValueAt(this->DiameterEdges, index, diameter);
  this->Modified();
}

void vtkEvaluateDetection::DescribeInput(int port, vtkInformation *info) {
  static const char *const types[INPUTS] = {"vtkImageData", "vtkPointSet", "vtkTable", "vtkTable"};
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), types[port]);
  if (port == DOMAINS)
    info->Set(vtkAlgorithm::INPUT_IS_OPTIONAL(), 1);
}

int vtkEvaluateDetection::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

void vtkEvaluateDetection::RequestUpdateExtent(vtkInformationVector **inputs,
                                               vtkInformationVector *outputs) {
  csro::DemandVoxels(outputs->GetInformationObject(0), inputs[VOXELS]->GetInformationObject(0));
  csro::DemandIons(inputs[DOMAIN_IONS]->GetInformationObject(0));
}

void vtkEvaluateDetection::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                       vtkInformationVector *outputs) {
  Voxels voxels =
      CollectVoxels(call, this->ProbabilityArray, vtkImageData::GetData(inputs[VOXELS]));
  const ReportedIons ions = CollectIons(call, vtkPointSet::GetData(inputs[DOMAIN_IONS]));
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    Evaluation evaluation{call,
                          this->DiameterEdges,
                          MakeClasses(call, this->DiameterEdges),
                          ReadTrueDomains(call, vtkTable::GetData(inputs[TRUE_DOMAINS])),
                          std::move(voxels.Probability),
                          {},
                          {},
                          {}};
    const std::vector<csro_true_domain> &domains = evaluation.Domains;
    evaluation.Truth.resize(evaluation.Probability.size());
    const auto count = static_cast<int64_t>(domains.size());
    call.Check(csro_voxel_truth(call.Context(), &voxels.Grid, count, domains.data(), this->Margin,
                                evaluation.Truth.data()));
    vtkTable *table = vtkTable::GetData(inputs[DOMAINS]);
    std::vector<double> ranks;
    if (table)
      ranks = ReadRanks(call, table, this->RankColumn);
    csro_detection detection{};
    const csro::Owned<csro_detection_release> owner(&detection);
    call.Check(csro_detection_init(
        call.Context(), static_cast<int64_t>(ions.Report.size()), ions.Report.data(),
        ions.Truth.data(), static_cast<int64_t>(ranks.size()), table ? ranks.data() : nullptr,
        count, domains.data(), &evaluation.Classes, &detection));
    evaluation.TraceCurves();
    evaluation.PutRoc(vtkTable::GetData(outputs, ROC));
    evaluation.PutCalibration(vtkTable::GetData(outputs, CALIBRATION));
    evaluation.PutClasses(detection, this->FalseTarget, vtkTable::GetData(outputs, SIZE_CLASSES));
    evaluation.PutRanked(detection, this->FalseTarget, vtkTable::GetData(outputs, RANKED));
  });
}
