// What filters get to see of their inputs: checked, and each one data set.
#ifndef csroInputChecks_h
#define csroInputChecks_h

#include "parallel/FilterCall.h"

#include <vtkSmartPointer.h>

#include <string>
#include <vector>

class vtkDataObject;
class vtkInformationVector;

namespace csro {
// The inputs of one execution. Their arrays have as many tuples as there are points, cells or rows,
// and lie in memory tuple by tuple; known arrays of ions hold numbers of one component; the
// positions of ions are finite. A group of ions (of several files) is one data set, or as many as
// it has blocks (IonGroups.h). Collective; fails for anything else.
class Inputs {
public:
  Inputs(Call &call, vtkAPTAlgorithm *filter, vtkInformationVector **inputs);

  vtkInformationVector **Get() const {
    return const_cast<vtkInformationVector **>(this->Plain.data());
  }

private:
  std::vector<vtkSmartPointer<vtkInformationVector>> Owned;
  std::vector<vtkInformationVector *> Plain;
};

// The data with its arrays checked, and moved where they do not lie tuple by tuple; `who` begins
// the error. Inside a local section.
vtkSmartPointer<vtkDataObject> CheckArrays(Call &call, vtkDataObject *data, const std::string &who);
} // namespace csro

#endif
