#include "BinNames.h"

#include <vtkAxis.h>
#include <vtkObjectFactory.h>

vtkStandardNewMacro(BinNames);

void BinNames::Update() {
  this->vtkPlot::Update();
  if (!this->XAxis || this->Places->GetNumberOfValues() == 0)
    return;
  this->XAxis->SetCustomTickPositions(this->Places, this->Texts);
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
