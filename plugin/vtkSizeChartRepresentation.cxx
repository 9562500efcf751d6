#include "vtkSizeChartRepresentation.h"

#include <vtkChartXY.h>
#include <vtkClientServerInterpreter.h>
#include <vtkClientServerInterpreterInitializer.h>
#include <vtkObjectFactory.h>
#include <vtkPlotArea.h>
#include <vtkTable.h>

vtkStandardNewMacro(vtkSizeChartRepresentation);

namespace {
constexpr char Name[] = "vtkSizeChartRepresentation", Lower[] = "NullP5", Upper[] = "NullP95";

vtkObjectBase *Make(void *) {
  return vtkSizeChartRepresentation::New();
}

int Call(vtkClientServerInterpreter *interpreter, vtkObjectBase *object, const char *method,
         const vtkClientServerStream &message, vtkClientServerStream &result, void *) {
  return interpreter->CallCommandFunction("vtkXYChartRepresentation", object, method, message,
                                          result);
}

void Teach(vtkClientServerInterpreter *interpreter) {
  interpreter->AddNewInstanceFunction(Name, Make);
  interpreter->AddCommandFunction(Name, Call);
}
} // namespace

vtkSizeChartRepresentation::vtkSizeChartRepresentation() {
  this->Band->SetLabel("copies, 5 to 95 %");
  this->Band->SetColorF(0.35, 0.35, 0.35, 0.45);
}

vtkSizeChartRepresentation::~vtkSizeChartRepresentation() = default;

void vtkSizeChartRepresentation::SetVisibility(bool visible) {
  this->Superclass::SetVisibility(visible);
  this->Band->SetVisible(visible);
}

bool vtkSizeChartRepresentation::RemoveFromView(vtkView *view) {
  if (this->IsInChart && this->GetChart())
    this->GetChart()->RemovePlotInstance(this->Band);
  this->IsInChart = false;
  return this->Superclass::RemoveFromView(view);
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

void csroRegisterSizeChart() {
  vtkClientServerInterpreterInitializer::GetInitializer()->RegisterCallback(Teach);
}
