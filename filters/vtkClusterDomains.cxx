#include "vtkClusterDomains.h"

#include "DomainTable.h"
#include "Grid.h"

#include <vtkCellData.h>
#include <vtkCommunicator.h>
#include <vtkDoubleArray.h>
#include <vtkIdTypeArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkMultiProcessController.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkStringArray.h>
#include <vtkTable.h>
#include <vtkTimerLog.h>

#include <algorithm>
#include <array>
#include <string>

vtkStandardNewMacro(vtkClusterDomains);

namespace {
using Histogram = std::array<int64_t, CSRO_SIZE_BINS>;

// The bins of a size histogram: lower edge and label.
void PutSizeBins(csro::Columns &columns) {
  const auto lower = [](size_t bin) { return static_cast<int>(bin) * CSRO_SIZE_BIN_WIDTH; };
  columns.Counts("Size", CSRO_SIZE_BINS, lower);
  columns.Texts("Bin", CSRO_SIZE_BINS, [&](size_t bin) {
    const std::string from = std::to_string(lower(bin));
    return bin + 1 < CSRO_SIZE_BINS ? from + "-" + std::to_string(lower(bin + 1) - 1)
                                    : from + " and more";
  });
}

vtkDataArray *FindScore(csro::Call &call, const char *wanted, vtkImageData *pixels) {
  vtkCellData *cells = pixels->GetCellData();
  const auto isScore = [](vtkDataArray *array) {
    return array && array->GetName() && std::string(array->GetName()).compare(0, 6, "Score_") == 0;
  };
  const bool any = !wanted || !*wanted;
  vtkDataArray *found = any ? cells->GetScalars() : cells->GetArray(wanted);
  if (any && !isScore(found))
    found = nullptr;
  for (int i = 0; any && !found && i < cells->GetNumberOfArrays(); ++i)
    if (isScore(cells->GetArray(i)))
      found = cells->GetArray(i);
  if (!found)
    call.Fail(CSRO_ERROR_ARGUMENT, "the pixels have no cell array " +
                                       (any ? std::string("Score_...") : std::string(wanted)));
  return found;
}

// Marks the selected pixels of this rank in a map of the whole grid.
void MarkPixels(const csro_grid &grid, vtkImageData *pixels, vtkDataArray *score, double threshold,
                std::vector<unsigned char> &selected) {
  int extent[6];
  pixels->GetExtent(extent);
  vtkIdType cell = 0;
  for (int64_t z = extent[4]; z < extent[5]; ++z)
    for (int64_t y = extent[2]; y < extent[3]; ++y)
      for (int64_t x = extent[0]; x < extent[1]; ++x, ++cell)
        if (score->GetComponent(cell, 0) > threshold)
          selected[(z * grid.pixels[1] + y) * grid.pixels[0] + x] = 1;
}

bool FitsGrid(const csro_grid &grid, vtkImageData *pixels) {
  int extent[6];
  pixels->GetExtent(extent);
  for (int axis = 0; axis < 3; ++axis)
    if (extent[2 * axis] < 0 || extent[2 * axis + 1] > grid.pixels[axis])
      return false;
  return true;
}

void PutHistogram(const std::vector<csro_domain> &rows, vtkTable *table) {
  std::vector<int64_t> sizes;
  for (const csro_domain &row : rows)
    sizes.push_back(row.size);
  Histogram histogram{};
  csro_size_histogram(sizes.data(), static_cast<int64_t>(sizes.size()), histogram.data());
  csro::Columns columns(table);
  PutSizeBins(columns);
  columns.Counts("Domains", histogram.size(), [&](size_t i) { return histogram[i]; });
}
} // namespace

vtkClusterDomains::vtkClusterDomains() {
  this->SetNumberOfInputPorts(2);
  this->SetNumberOfOutputPorts(3);
}

vtkClusterDomains::~vtkClusterDomains() {
  this->SetScoreArray(nullptr);
}

void vtkClusterDomains::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "ScoreArray: " << (this->ScoreArray ? this->ScoreArray : "(active)") << "\n"
     << indent << "Threshold: " << this->Threshold << "\n"
     << indent << "Eps: " << this->Eps << "\n"
     << indent << "MinSamples: " << this->MinSamples << "\n"
     << indent << "ReferenceMode: " << this->ReferenceMode << "\n";
}

int vtkClusterDomains::FillInputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), port == 0 ? "vtkPointSet" : "vtkImageData");
  if (port == 1)
    info->Set(vtkAlgorithm::INPUT_IS_OPTIONAL(), 1);
  return 1;
}

int vtkClusterDomains::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 0 ? "vtkPolyData" : "vtkTable");
  return 1;
}

void vtkClusterDomains::Inform(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkClusterDomains::Demand(vtkInformationVector **inputs, vtkInformationVector *) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
  csro::DemandPixels(inputs[1]->GetInformationObject(0));
}

vtkSmartPointer<vtkPolyData> vtkClusterDomains::Extract(csro::Call &call, vtkPointSet *ions,
                                                        vtkImageData *pixels,
                                                        int64_t &pixelsSelected) {
  csro::IonView view;
  csro_grid grid{};
  std::vector<unsigned char> mine, selected;
  call.Together([&] {
    view = csro::ViewIons(call, ions);
    if (!pixels)
      return;
    grid = csro::GetGrid(call, pixels);
    mine.resize(grid.pixels[0] * grid.pixels[1] * grid.pixels[2]);
    if (!FitsGrid(grid, pixels))
      call.Fail(CSRO_ERROR_DATA, "the pixels do not fit their grid (field array CSRO_Grid)");
    if (pixels->GetNumberOfCells() > 0)
      MarkPixels(grid, pixels, FindScore(call, this->ScoreArray, pixels), this->Threshold, mine);
  });
  selected = mine;
  if (call.Ranks() > 1 && !mine.empty())
    call.Controller()->AllReduce(mine.data(), selected.data(), static_cast<vtkIdType>(mine.size()),
                                 vtkCommunicator::MAX_OP);
  pixelsSelected = std::count(selected.begin(), selected.end(), 1);
  vtkSmartPointer<vtkPolyData> extracted;
  call.Together([&] {
    std::vector<uint8_t> keep(view.Points.count, 1);
    const csro_block whole = csro_block_whole(grid.pixels);
    if (pixels)
      call.Check(csro_extract(call.Context(), &grid, &whole, selected.data(),
                              this->ReferenceMode ? CSRO_EXTRACT_BALL : CSRO_EXTRACT_PIXEL,
                              &view.Points, keep.data()));
    std::vector<vtkIdType> ids;
    for (int64_t i = 0; i < view.Points.count; ++i)
      if (keep[i])
        ids.push_back(view.Point(i));
    extracted = csro::TakePoints(ions, ids);
  });
  return extracted;
}

void vtkClusterDomains::Execute(csro::Call &call, vtkInformationVector **inputs,
                                vtkInformationVector *outputs) {
  vtkPointSet *ions = vtkPointSet::GetData(inputs[0]);
  vtkImageData *pixels = vtkImageData::GetData(inputs[1]);
  vtkPolyData *output = vtkPolyData::GetData(outputs, 0);
  call.Stage(0.0, 0.3);
  const double begin = vtkTimerLog::GetUniversalTime();
  int64_t selected = 0;
  const vtkSmartPointer<vtkPolyData> extracted = this->Extract(call, ions, pixels, selected);
  this->ExtractSeconds = vtkTimerLog::GetUniversalTime() - begin;
  const std::vector<std::string> names = csro::SharedSpeciesNames(call, ions);
  const vtkSmartPointer<vtkPolyData> gathered = csro::GatherIons(call, extracted);
  call.Stage(0.3, 1.0);
  call.Together([&] {
    if (call.Rank() != 0)
      return;
    output->ShallowCopy(gathered);
    const csro::IonView view = csro::ViewIons(call, output);
    csro::DomainTable domains;
    int64_t found = 0;
    domains.Species = names;
    domains.Labels.resize(view.Points.count);
    call.Check(csro_dbscan(call.Context(), &view.Points, this->Eps, this->MinSamples,
                           domains.Labels.data(), &found));
    domains.Measure(call, view, found);
    domains.PutLabels(output);
    csro::Columns columns(vtkTable::GetData(outputs, 1));
    domains.PutRows(columns);
    PutHistogram(domains.Rows, vtkTable::GetData(outputs, 2));
    csro::PassFieldData(ions, output);
    if (!pixels)
      return;
    csro::PassFieldData(pixels, output);
    vtkNew<vtkIdTypeArray> count;
    count->SetName("PixelsSelected");
    count->InsertNextValue(selected);
    output->GetFieldData()->AddArray(count);
  });
}
