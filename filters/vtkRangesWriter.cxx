#include "vtkRangesWriter.h"

#include "data/SpeciesLabels.h"
#include "data/VoxelImage.h"

#include "csro/ranges.h"

#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointSet.h>

vtkStandardNewMacro(vtkRangesWriter);

vtkRangesWriter::vtkRangesWriter() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(0);
}

vtkRangesWriter::~vtkRangesWriter() {
  this->SetFileName(nullptr);
}

void vtkRangesWriter::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "FileName: " << (this->FileName ? this->FileName : "(none)") << "\n";
}

void vtkRangesWriter::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

void vtkRangesWriter::RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
}

void vtkRangesWriter::Write() {
  this->Modified(); // each call writes
  this->Update();
}

void vtkRangesWriter::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                  vtkInformationVector *) {
  const csro::Ranges ranges = csro::RangesOf(call, vtkPointSet::GetData(inputs[0]));
  call.RunLocal([&] {
    if (!this->FileName || !*this->FileName)
      call.Fail(CSRO_ERROR_ARGUMENT, "no file to write is given (FileName)");
    if (!ranges || ranges->count == 0)
      call.Fail(CSRO_ERROR_DATA,
                std::string(this->FileName) +
                    ": the ions carry no ranges, expected ions that a range file has labelled");
    if (call.Rank() == 0)
      call.Check(csro_ranges_write(call.Context(), ranges.get(), this->FileName));
  });
}
