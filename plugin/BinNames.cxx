#include "BinNames.h"

#include <vtkAxis.h>
#include <vtkContextScene.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>

#include <algorithm>

vtkStandardNewMacro(BinNames);

namespace {
constexpr double Character = 8, Gap = 14, Beside = 90; // pixels
}

// How many bins apart names are, so that they do not overlap in a narrow view.
vtkIdType BinNames::FindStep() {
  size_t longest = 0;
  for (vtkIdType i = 0; i < this->Texts->GetNumberOfValues(); ++i)
    longest = std::max(longest, this->Texts->GetValue(i).size());
  const double width = this->GetScene() ? this->GetScene()->GetViewWidth() - Beside : 0;
  const double one = static_cast<double>(longest) * Character + Gap;
  const auto fitting = std::max(vtkIdType{1}, static_cast<vtkIdType>(width / one));
  return width > 0 ? (this->Places->GetNumberOfValues() + fitting - 1) / fitting : 1;
}

void BinNames::Update() {
  this->vtkPlot::Update();
  if (!this->XAxis || this->Places->GetNumberOfValues() == 0)
    return;
  const vtkIdType step = this->FindStep();
  vtkNew<vtkDoubleArray> places;
  vtkNew<vtkStringArray> texts;
  for (vtkIdType i = 0; i < this->Places->GetNumberOfValues(); i += step) {
    places->InsertNextValue(this->Places->GetValue(i));
    texts->InsertNextValue(this->Texts->GetValue(i));
  }
  this->XAxis->SetCustomTickPositions(places, texts);
  this->XAxis->SetMinimumLimit(this->Begin);
  this->XAxis->SetMaximumLimit(this->End);
}

bool BinNames::Paint(vtkContext2D *) {
  return true;
}

void BinNames::GetBounds(double bounds[4]) {
  bounds[0] = bounds[2] = 1;
  bounds[1] = bounds[3] = -1; // none
}
