#include "PlotMarks.h"

#include <vtkAxis.h>
#include <vtkContext2D.h>
#include <vtkObjectFactory.h>
#include <vtkPen.h>
#include <vtkTextProperty.h>

#include <algorithm>

vtkStandardNewMacro(PlotMarks);

namespace {
constexpr unsigned char Grey = 110;
constexpr int TextSize = 13;
} // namespace

PlotMarks::PlotMarks() {
  this->SetColor(Grey, Grey, Grey, 255);
  this->Pen->SetLineType(vtkPen::DASH_LINE);
}

void PlotMarks::GetBounds(double bounds[4]) {
  std::copy(this->Least.begin(), this->Least.end(), bounds);
}

bool PlotMarks::Paint(vtkContext2D *painter) {
  if (!this->Visible || !this->XAxis || !this->YAxis)
    return false;
  const vtkRectd &shift = this->ShiftScale;
  const auto place = [](double value, double by, double scale) {
    return static_cast<float>((value + by) * scale);
  };
  const auto x = [&](double value) { return place(value, shift[0], shift[2]); };
  const auto y = [&](double value) { return place(value, shift[1], shift[3]); };
  const double left = this->XAxis->GetMinimum(), right = this->XAxis->GetMaximum();
  const double low = this->YAxis->GetMinimum(), high = this->YAxis->GetMaximum();
  painter->ApplyPen(this->Pen);
  for (const double at : this->AcrossX)
    if (at >= left && at <= right)
      painter->DrawLine(x(at), y(low), x(at), y(high));
  for (const double at : this->AcrossY)
    if (at >= low && at <= high)
      painter->DrawLine(x(left), y(at), x(right), y(at));
  vtkTextProperty *text = painter->GetTextProp();
  text->SetJustificationToCentered();
  text->SetVerticalJustificationToCentered();
  text->SetFontSize(TextSize);
  text->SetColor(Grey / 255.0, Grey / 255.0, Grey / 255.0);
  for (const Word &word : this->Words)
    painter->DrawString(x(word.X), y(word.Y), word.Text.c_str());
  return true;
}

bool PlotMarks::PaintLegend(vtkContext2D *painter, const vtkRectf &box, int) {
  painter->ApplyPen(this->Pen);
  const float middle = box[1] + box[3] / 2;
  painter->DrawLine(box[0], middle, box[0] + box[2], middle);
  return true;
}
