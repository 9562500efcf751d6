#include "ScaleBar.h"

#include "SpecimenView.h"

#include <vtkActor2D.h>
#include <vtkCamera.h>
#include <vtkCellArray.h>
#include <vtkCommand.h>
#include <vtkCoordinate.h>
#include <vtkMath.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPVRenderView.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper2D.h>
#include <vtkProp.h>
#include <vtkPropCollection.h>
#include <vtkProperty2D.h>
#include <vtkRenderer.h>
#include <vtkSMProxy.h>
#include <vtkTextActor.h>
#include <vtkTextProperty.h>
#include <vtkWeakPointer.h>

#include <cmath>
#include <cstdio>
#include <string>

namespace {
constexpr double LongestShare = 0.25; // of the width of the view
constexpr double Left = 20, Top = 42; // pixels from the corner of the view
constexpr int TextSize = 16, LineWidth = 3;

// The greatest of 1, 2, 5, 10, ... times a power of ten that is not longer.
double RoundDown(double length) {
  const double power = std::pow(10, std::floor(std::log10(length)));
  const double digit = length / power;
  return power * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1);
}

std::string Words(double length) {
  char text[32];
  std::snprintf(text, sizeof text, "%g nm", length);
  return text;
}

// (a class of its own tells which views have a bar)
class BarText : public vtkTextActor {
public:
  static BarText *New();
  vtkTypeMacro(BarText, vtkTextActor);
};
vtkStandardNewMacro(BarText);

bool HasBar(vtkRenderer *renderer) {
  vtkPropCollection *props = renderer->GetViewProps();
  props->InitTraversal();
  while (vtkProp *prop = props->GetNextProp())
    if (dynamic_cast<BarText *>(prop))
      return true;
  return false;
}

// Keeps the bar of one view as long as its text says, before each picture.
class BarUpdate : public vtkCommand {
public:
  static BarUpdate *New() {
    return new BarUpdate;
  }

  void Start(vtkSMProxy *proxy, vtkPVRenderView *view) {
    this->Proxy = proxy;
    this->View = view;
    vtkNew<vtkCellArray> line;
    const vtkIdType ends[2] = {0, 1};
    line->InsertNextCell(2, ends);
    this->Ends->SetNumberOfPoints(2);
    vtkNew<vtkPolyData> bar;
    bar->SetPoints(this->Ends);
    bar->SetLines(line);
    vtkNew<vtkCoordinate> pixels;
    pixels->SetCoordinateSystemToViewport();
    vtkNew<vtkPolyDataMapper2D> mapper;
    mapper->SetInputData(bar);
    mapper->SetTransformCoordinate(pixels);
    this->Line->SetMapper(mapper);
    this->Line->GetProperty()->SetLineWidth(LineWidth);
    this->Text->GetPositionCoordinate()->SetCoordinateSystemToViewport();
    this->Text->GetTextProperty()->SetJustificationToCentered();
    this->Text->GetTextProperty()->SetFontSize(TextSize);
    vtkRenderer *renderer = view->GetRenderer(vtkPVRenderView::NON_COMPOSITED_RENDERER);
    renderer->AddViewProp(this->Line);
    renderer->AddViewProp(this->Text);
    renderer->AddObserver(vtkCommand::StartEvent, this);
  }

  void Execute(vtkObject *caller, unsigned long, void *) override {
    auto *renderer = vtkRenderer::SafeDownCast(caller);
    const bool shown = renderer && this->View && this->Proxy && csroShowsAxes(this->Proxy);
    this->Line->SetVisibility(shown);
    this->Text->SetVisibility(shown);
    if (shown)
      this->Fit(renderer);
  }

private:
  void Fit(vtkRenderer *renderer) {
    const int *size = renderer->GetSize();
    vtkCamera *camera = this->View->GetActiveCamera();
    const double height =
        camera->GetParallelProjection()
            ? 2 * camera->GetParallelScale()
            : 2 * camera->GetDistance() *
                  std::tan(vtkMath::RadiansFromDegrees(camera->GetViewAngle()) / 2); // nm
    const double longest = LongestShare * size[0] * height / size[1];
    if (!(longest > 0) || !std::isfinite(longest))
      return;
    const double length = RoundDown(longest);
    const double pixels = length / height * size[1], y = size[1] - Top;
    this->Ends->SetPoint(0, Left, y, 0);
    this->Ends->SetPoint(1, Left + pixels, y, 0);
    this->Ends->Modified();
    this->Text->SetInput(Words(length).c_str());
    this->Text->SetPosition(Left + pixels / 2, y + 2 * LineWidth);
    const double *behind = this->View->GetRenderer()->GetBackground();
    const double ink = 0.3 * behind[0] + 0.59 * behind[1] + 0.11 * behind[2] > 0.5 ? 0 : 1;
    this->Line->GetProperty()->SetColor(ink, ink, ink);
    this->Text->GetTextProperty()->SetColor(ink, ink, ink);
  }

  vtkWeakPointer<vtkSMProxy> Proxy;
  vtkWeakPointer<vtkPVRenderView> View;
  vtkNew<vtkPoints> Ends;
  vtkNew<vtkActor2D> Line;
  vtkNew<BarText> Text;
};
} // namespace

void csroAddScaleBar(vtkSMProxy *view) {
  auto *drawn = vtkPVRenderView::SafeDownCast(view->GetClientSideObject());
  if (!drawn || HasBar(drawn->GetRenderer(vtkPVRenderView::NON_COMPOSITED_RENDERER)))
    return;
  vtkNew<BarUpdate> update;
  update->Start(view, drawn);
}
