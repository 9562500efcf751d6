#include "vtkCopiesAlgorithm.h"

#include "parallel/MemberIons.h"

#include <vtkDataObject.h>
#include <vtkInformation.h>

vtkCopiesAlgorithm::vtkCopiesAlgorithm() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(2);
  this->Expect("Copies", this->Copies, 0, 10000);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX - 10000);
  this->Expect("Within", this->Within, 0, 1);
  this->Expect("NeighbourhoodIons", this->NeighbourhoodIons, 100, VTK_INT_MAX);
}

vtkCopiesAlgorithm::~vtkCopiesAlgorithm() = default;

void vtkCopiesAlgorithm::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Copies: " << this->Copies << "\n"
     << indent << "Seed: " << this->Seed << "\n"
     << indent << "Within: " << this->Within << "\n"
     << indent << "NeighbourhoodIons: " << this->NeighbourhoodIons << "\n";
}

void vtkCopiesAlgorithm::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkCopiesAlgorithm::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkTable");
  return 1;
}

csro::MemberSettings vtkCopiesAlgorithm::CopySettings() const {
  csro::MemberSettings settings;
  settings.Copies = this->Copies;
  settings.Seed = static_cast<uint64_t>(this->Seed);
  settings.Rules =
      csro::MakeCopyRules(csro::EXCHANGE_RANGED, this->Within, this->NeighbourhoodIons);
  return settings;
}
