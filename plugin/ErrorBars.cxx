#include "ErrorBars.h"

#include <vtkAxis.h>
#include <vtkContext2D.h>
#include <vtkContextMapper2D.h>
#include <vtkContextScene.h>
#include <vtkDataArray.h>
#include <vtkObjectFactory.h>
#include <vtkPen.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <string>

vtkStandardNewMacro(ErrorBars);

namespace {
constexpr double CapPixels = 3;                                      // half of it
constexpr double LegendLine = 19, LegendFrame = 14, AxesHeight = 75; // pixels
} // namespace

double csroRoomOfLegend(vtkContextScene *scene, int lines) {
  const double curves = (scene ? scene->GetSceneHeight() : 0) - AxesHeight,
               legend = lines * LegendLine + LegendFrame;
  return curves > 1.3 * legend ? legend / (curves - legend) : 0;
}

vtkDataArray *ErrorBars::ErrorsOf(vtkPlot *line) {
  vtkTable *table = line->GetInput();
  vtkDataArray *values = table ? line->GetData()->GetInputArrayToProcess(1, table) : nullptr;
  if (!values || !values->GetName())
    return nullptr;
  const std::string name = values->GetName(), error = "StandardError_", fraction = "Fraction_";
  vtkAbstractArray *own = table->GetColumnByName((error + name).c_str());
  if (!own && name.compare(0, fraction.size(), fraction) == 0)
    own = table->GetColumnByName((error + name.substr(fraction.size())).c_str());
  return vtkArrayDownCast<vtkDataArray>(own);
}

template <typename Use> void ErrorBars::ForEach(Use use) {
  vtkDataArray *errors = this->Line ? ErrorsOf(this->Line) : nullptr;
  if (!errors || !this->XAxis || !this->YAxis)
    return;
  vtkTable *table = this->Line->GetInput();
  vtkDataArray *x = this->Line->GetData()->GetInputArrayToProcess(0, table);
  vtkDataArray *y = this->Line->GetData()->GetInputArrayToProcess(1, table);
  const auto on = [](vtkAxis *axis, double value) {
    return axis->GetLogScaleActive() ? std::log10(value) : value;
  };
  for (vtkIdType i = 0; i < errors->GetNumberOfTuples(); ++i) {
    const double at = x && !this->Line->GetUseIndexForXSeries() ? x->GetTuple1(i) : double(i);
    const Bar bar{on(this->XAxis, at), on(this->YAxis, y->GetTuple1(i) - errors->GetTuple1(i)),
                  on(this->YAxis, y->GetTuple1(i) + errors->GetTuple1(i))};
    if (std::isfinite(bar.X) && std::isfinite(bar.Low) && std::isfinite(bar.High))
      use(bar);
  }
}

void ErrorBars::GetBounds(double bounds[4]) {
  bounds[0] = bounds[2] = 1;
  bounds[1] = bounds[3] = -1;
  bool is_first = true;
  this->ForEach([&](const Bar &bar) {
    bounds[0] = is_first ? bar.X : std::min(bounds[0], bar.X);
    bounds[1] = is_first ? bar.X : std::max(bounds[1], bar.X);
    bounds[2] = is_first ? bar.Low : std::min(bounds[2], bar.Low);
    bounds[3] = is_first ? bar.High : std::max(bounds[3], bar.High);
    is_first = false;
  });
  const double room =
      this->LegendLines > 0 ? csroRoomOfLegend(this->GetScene(), this->LegendLines) : 0;
  if (!is_first && room < 1)
    bounds[3] += room * (bounds[3] - bounds[2]);
}

bool ErrorBars::Paint(vtkContext2D *painter) {
  if (!this->Visible || !this->XAxis || !this->YAxis)
    return false;
  const double pixels = std::abs(this->XAxis->GetPoint2()[0] - this->XAxis->GetPoint1()[0]);
  const double cap =
      CapPixels * (this->XAxis->GetMaximum() - this->XAxis->GetMinimum()) / std::max(pixels, 1.0);
  const vtkRectd &shift = this->ShiftScale;
  const auto line = [&](double x1, double y1, double x2, double y2) {
    painter->DrawLine(static_cast<float>((x1 + shift[0]) * shift[2]),
                      static_cast<float>((y1 + shift[1]) * shift[3]),
                      static_cast<float>((x2 + shift[0]) * shift[2]),
                      static_cast<float>((y2 + shift[1]) * shift[3]));
  };
  this->Pen->SetColor(this->Line->GetPen()->GetColorObject());
  painter->ApplyPen(this->Pen);
  this->ForEach([&](const Bar &bar) {
    line(bar.X, bar.Low, bar.X, bar.High);
    line(bar.X - cap, bar.Low, bar.X + cap, bar.Low);
    line(bar.X - cap, bar.High, bar.X + cap, bar.High);
  });
  return true;
}

bool ErrorBars::PaintLegend(vtkContext2D *painter, const vtkRectf &box, int) {
  painter->ApplyPen(this->Pen);
  const float middle = box[0] + box[2] / 2, top = box[1] + box[3], cap = CapPixels;
  painter->DrawLine(middle, box[1], middle, top);
  painter->DrawLine(middle - cap, box[1], middle + cap, box[1]);
  painter->DrawLine(middle - cap, top, middle + cap, top);
  return true;
}
