#include "vtkSimulateRealisticAPT.h"

#include "csro/specimen.h"

#include <vtkObjectFactory.h>

vtkStandardNewMacro(vtkSimulateRealisticAPT);

vtkSimulateRealisticAPT::vtkSimulateRealisticAPT() {
  csro_specimen specimen;
  csro_specimen_realistic(&specimen);
  this->TakeNumbers(specimen);
}

vtkSimulateRealisticAPT::~vtkSimulateRealisticAPT() = default;
