#include "vtkMarkedChartRepresentation.h"

#include <vtkAxis.h>
#include <vtkChartLegend.h>
#include <vtkChartXY.h>
#include <vtkContextScene.h>
#include <vtkDataArray.h>
#include <vtkFieldData.h>
#include <vtkObjectFactory.h>
#include <vtkPlot.h>
#include <vtkTable.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>

vtkStandardNewMacro(vtkMarkedChartRepresentation);

namespace {
constexpr double ShapeLimit = 0.5; // of aspect ratio and oblateness
constexpr int MostPlanes = 100;
} // namespace

void vtkMarkedChartRepresentation::SetVisibility(bool visible) {
  this->Superclass::SetVisibility(visible);
  this->Marks->SetVisible(visible);
  for (const auto &bars : this->Bars)
    bars->SetVisible(visible);
}

bool vtkMarkedChartRepresentation::RemoveFromView(vtkView *view) {
  if (this->IsInChart && this->GetChart())
    this->GetChart()->RemovePlotInstance(this->Marks);
  this->IsInChart = false;
  for (const auto &bars : this->Bars)
    if (this->GetChart())
      this->GetChart()->RemovePlotInstance(bars);
  this->Bars.clear();
  return this->Superclass::RemoveFromView(view);
}

bool vtkMarkedChartRepresentation::MarkPlanes(vtkTable *table) {
  vtkDataArray *found = table->GetFieldData()->GetArray("LatticeSpacing_nm");
  vtkDataArray *depth = vtkArrayDownCast<vtkDataArray>(table->GetColumnByName("dz_nm"));
  const double spacing = found && found->GetNumberOfTuples() == 1 ? found->GetTuple1(0) : 0;
  if (!depth || !(spacing > 0) || depth->GetRange()[1] / spacing > MostPlanes)
    return false;
  for (int plane = 0; plane * spacing <= depth->GetRange()[1]; ++plane) {
    this->Marks->AcrossX.push_back(plane * spacing);
    if (plane > 0)
      this->Marks->AcrossX.push_back(-plane * spacing);
  }
  char text[64];
  std::snprintf(text, sizeof text, "planes, %.3f nm apart", spacing);
  this->Marks->SetLabel(text);
  return true;
}

bool vtkMarkedChartRepresentation::MarkShapes() {
  this->Marks->AcrossX = this->Marks->AcrossY = {ShapeLimit};
  this->Marks->Words = {
      {0.25, 0.96, "rod"}, {0.75, 0.96, "sphere"}, {0.25, 0.04, "lath"}, {0.75, 0.04, "disc"}};
  this->Marks->SetLabel("limits of shapes, 0.5");
  this->Marks->Least = {{0, 1, 0, 1 + csroRoomOfLegend(this->GetChart()->GetScene(), 2)}};
  return true;
}

// Data and copies in one chart have the same planes.
bool vtkMarkedChartRepresentation::IsMarkedAlready() {
  for (vtkIdType i = 0; i < this->GetChart()->GetNumberOfPlots(); ++i) {
    vtkPlot *plot = this->GetChart()->GetPlot(i);
    if (plot == this->Marks)
      return false;
    if (PlotMarks::SafeDownCast(plot) && plot->GetVisible() &&
        plot->GetLabel() == this->Marks->GetLabel())
      return true;
  }
  return false;
}

// The legend, a line for each plot, covers no curve.
void vtkMarkedChartRepresentation::MakeRoom(bool is_marked) {
  constexpr double none = std::numeric_limits<double>::infinity();
  vtkChartXY *chart = this->GetChart();
  vtkChartLegend *legend = chart->GetLegend();
  if (!chart->GetShowLegend() || legend->GetVerticalAlignment() != vtkChartLegend::TOP ||
      chart->GetAxis(vtkAxis::LEFT)->GetLogScale())
    return;
  double left = none, right = -none, low = is_marked ? 0 : none, high = -none, bounds[4];
  int lines = is_marked && !this->IsInChart ? 1 : 0;
  for (vtkIdType i = 0; i < chart->GetNumberOfPlots(); ++i) {
    vtkPlot *plot = chart->GetPlot(i);
    if (!plot->GetVisible() || !plot->GetLegendVisibility())
      continue;
    ++lines;
    if (PlotMarks::SafeDownCast(plot) || chart->GetPlotCorner(plot) != 0)
      continue;
    plot->Update();
    plot->GetUnscaledInputBounds(bounds);
    if (bounds[1] < bounds[0])
      continue;
    left = std::min(left, bounds[0]);
    right = std::max(right, bounds[1]);
    low = std::min(low, bounds[2]);
    high = std::max(high, bounds[3]);
  }
  const double room = csroRoomOfLegend(chart->GetScene(), lines);
  if (high > low && room > 0)
    this->Marks->Least = {{left, right, low, high + (high - low) * room}};
}

// The lines that are seen and have errors; another bar only where another line is seen, for the
// chart looks for its range anew.
void vtkMarkedChartRepresentation::ShowErrors(vtkTable *table) {
  vtkChartXY *chart = this->GetChart();
  std::vector<vtkPlot *> lines;
  for (vtkIdType i = 0; i < chart->GetNumberOfPlots(); ++i) {
    vtkPlot *plot = chart->GetPlot(i);
    if (plot->GetVisible() && table && plot->GetInput() == table && ErrorBars::ErrorsOf(plot))
      lines.push_back(plot);
  }
  const bool same = lines.size() == this->Bars.size() &&
                    std::equal(lines.begin(), lines.end(), this->Bars.begin(),
                               [](vtkPlot *line, const auto &bars) { return bars->Line == line; });
  if (!same) {
    for (const auto &bars : this->Bars)
      chart->RemovePlotInstance(bars);
    this->Bars.clear();
    for (vtkPlot *line : lines) {
      this->Bars.push_back(vtkSmartPointer<ErrorBars>::New());
      ErrorBars *bars = this->Bars.back();
      bars->Line = line;
      bars->SetLabel("standard errors");
      bars->SetLegendVisibility(line == lines.front());
      chart->AddPlot(bars);
    }
  }
  for (const auto &bars : this->Bars) {
    chart->SetPlotCorner(bars, chart->GetPlotCorner(bars->Line));
    const bool is_left = chart->GetPlotCorner(bars->Line) == 0; // MakeRoom sees to that axis
    bars->LegendLines = is_left ? 0 : static_cast<int>(lines.size()) + 1;
  }
}

void vtkMarkedChartRepresentation::PrepareForRendering() {
  this->Superclass::PrepareForRendering();
  vtkChartXY *chart = this->GetChart();
  vtkTable *table = this->GetLocalOutput();
  if (!chart)
    return;
  this->Marks->AcrossX.clear();
  this->Marks->AcrossY.clear();
  this->Marks->Words.clear();
  const std::array<double, 4> before = this->Marks->Least;
  this->Marks->Least = {{1, -1, 1, -1}};
  const char *over = this->GetXAxisSeriesName();
  bool is_marked = false;
  const bool is_shapes = over && std::strcmp(over, "AspectRatio") == 0;
  if (table && over && std::strcmp(over, "dz_nm") == 0)
    is_marked = this->MarkPlanes(table);
  else if (table && is_shapes)
    is_marked = this->MarkShapes();
  this->Marks->SetLegendVisibility(is_marked && !this->IsMarkedAlready());
  if (!is_shapes)
    this->MakeRoom(is_marked);
  if (!this->IsInChart)
    chart->AddPlot(this->Marks);
  else if (before != this->Marks->Least)
    chart->RecalculateBounds();
  this->IsInChart = true;
  this->ShowErrors(table);
}
