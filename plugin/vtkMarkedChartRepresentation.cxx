#include "vtkMarkedChartRepresentation.h"

#include <vtkChartXY.h>
#include <vtkDataArray.h>
#include <vtkFieldData.h>
#include <vtkObjectFactory.h>
#include <vtkTable.h>

#include <cstdio>
#include <cstring>

vtkStandardNewMacro(vtkMarkedChartRepresentation);

namespace {
constexpr double ShapeLimit = 0.5; // of aspect ratio and oblateness
constexpr int MostPlanes = 100;
} // namespace

void vtkMarkedChartRepresentation::SetVisibility(bool visible) {
  this->Superclass::SetVisibility(visible);
  this->Marks->SetVisible(visible);
}

bool vtkMarkedChartRepresentation::RemoveFromView(vtkView *view) {
  if (this->IsInChart && this->GetChart())
    this->GetChart()->RemovePlotInstance(this->Marks);
  this->IsInChart = false;
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
  this->Marks->IsUnit = true;
  return true;
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
  this->Marks->IsUnit = false;
  const char *over = this->GetXAxisSeriesName();
  bool is_marked = false;
  if (table && over && std::strcmp(over, "dz_nm") == 0)
    is_marked = this->MarkPlanes(table);
  else if (table && over && std::strcmp(over, "AspectRatio") == 0)
    is_marked = this->MarkShapes();
  if (is_marked && !this->IsInChart)
    chart->AddPlot(this->Marks);
  else if (!is_marked && this->IsInChart)
    chart->RemovePlotInstance(this->Marks);
  this->IsInChart = is_marked;
}
