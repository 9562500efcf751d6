#include "vtkSizeChartRepresentation.h"

#include <vtkChartXY.h>
#include <vtkObjectFactory.h>
#include <vtkPlotArea.h>
#include <vtkStringArray.h>
#include <vtkTable.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

vtkStandardNewMacro(vtkSizeChartRepresentation);

namespace {
constexpr char Lower[] = "NullP5", Upper[] = "NullP95", Size[] = "Size";
constexpr vtkIdType MostLabels = 7;

// One behind the last row with domains, of the data or of copies.
vtkIdType EndOf(vtkTable *table) {
  vtkIdType end = 0;
  for (const char *name : {"Data", "Domains", Upper, "Copy 1"}) {
    auto *counts = vtkArrayDownCast<vtkDataArray>(table->GetColumnByName(name));
    for (vtkIdType row = 0; counts && row < counts->GetNumberOfTuples(); ++row)
      if (counts->GetTuple1(row) > 0)
        end = std::max(end, row + 1);
  }
  return end;
}
} // namespace

vtkSizeChartRepresentation::vtkSizeChartRepresentation() {
  this->Names->SetLegendVisibility(false);
  this->Band->SetLabel("copies, 5 to 95 %");
  this->Band->SetColorF(0.35, 0.35, 0.35, 0.45);
}

vtkSizeChartRepresentation::~vtkSizeChartRepresentation() = default;

void vtkSizeChartRepresentation::SetVisibility(bool visible) {
  this->Superclass::SetVisibility(visible);
  this->Band->SetVisible(visible);
  this->Names->SetVisible(visible);
}

bool vtkSizeChartRepresentation::RemoveFromView(vtkView *view) {
  if (this->IsInChart && this->GetChart())
    this->GetChart()->RemovePlotInstance(this->Band);
  if (this->HasNames && this->GetChart())
    this->GetChart()->RemovePlotInstance(this->Names);
  this->IsInChart = this->HasNames = false;
  return this->Superclass::RemoveFromView(view);
}

// Bars are in the middle of their bins: the axis names these, the last one in any case, and ends
// where the domains end.
void vtkSizeChartRepresentation::NameBins(vtkTable *table) {
  this->Names->Places->Reset();
  this->Names->Texts->Reset();
  auto *names = vtkArrayDownCast<vtkStringArray>(table->GetColumnByName("Name"));
  if (names && this->GetUseIndexForXAxis()) {
    for (vtkIdType row = 0; row < names->GetNumberOfValues(); ++row) {
      this->Names->Places->InsertNextValue(static_cast<double>(row));
      this->Names->Texts->InsertNextValue(names->GetValue(row));
    }
    this->Names->Begin = -0.5;
    this->Names->End = static_cast<double>(names->GetNumberOfValues()) - 0.5;
    return;
  }
  auto *sizes = vtkArrayDownCast<vtkDataArray>(table->GetColumnByName(Size));
  const vtkIdType end = EndOf(table);
  const char *over = this->GetXAxisSeriesName();
  if (!sizes || end < 2 || !over || std::strcmp(over, Size) != 0)
    return;
  const double width = sizes->GetTuple1(1) - sizes->GetTuple1(0);
  const vtkIdType step = (end + MostLabels - 1) / MostLabels;
  for (vtkIdType row = end - 1; row >= 0; row -= step) {
    const auto first = static_cast<int64_t>(sizes->GetTuple1(row));
    const auto last = first + static_cast<int64_t>(width) - 1;
    const bool is_last = row + 1 == sizes->GetNumberOfTuples();
    this->Names->Places->InsertNextValue(sizes->GetTuple1(row));
    this->Names->Texts->InsertNextValue(std::to_string(first) +
                                        (is_last ? "+" : "-" + std::to_string(last)));
  }
  this->Names->Begin = sizes->GetTuple1(0) - width / 2;
  this->Names->End = sizes->GetTuple1(end - 1) + width / 2;
}

void vtkSizeChartRepresentation::PrepareForRendering() {
  this->Superclass::PrepareForRendering();
  vtkChartXY *chart = this->GetChart();
  vtkTable *table = this->GetLocalOutput();
  const char *sizes = this->GetXAxisSeriesName();
  const bool has_band = table && table->GetColumnByName(Lower) && table->GetColumnByName(Upper) &&
                        sizes && table->GetColumnByName(sizes);
  if (!chart)
    return;
  if (!this->HasNames)
    chart->AddPlot(this->Names);
  this->HasNames = true;
  if (table)
    this->NameBins(table);
  if (has_band && !this->IsInChart)
    chart->AddPlot(this->Band);
  else if (!has_band && this->IsInChart)
    chart->RemovePlotInstance(this->Band);
  this->IsInChart = has_band;
  if (!has_band)
    return;
  chart->RaisePlot(this->Band); // bars shine through it
  this->Band->SetInputData(table);
  this->Band->SetInputArray(0, sizes);
  this->Band->SetInputArray(1, Lower);
  this->Band->SetInputArray(2, Upper);
}
