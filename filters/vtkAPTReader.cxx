#include "vtkAPTReader.h"

#include "Ions.h"

#include <vtkDataObject.h>
#include <vtkFieldData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPolyData.h>
#include <vtkStringArray.h>

vtkStandardNewMacro(vtkAPTReader);

vtkAPTReader::vtkAPTReader() {
  this->SetNumberOfInputPorts(0);
  this->SetNumberOfOutputPorts(1);
}

vtkAPTReader::~vtkAPTReader() {
  this->SetFileName(nullptr);
  this->SetRangesFileName(nullptr);
}

void vtkAPTReader::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "FileName: " << (this->FileName ? this->FileName : "(none)") << "\n";
  os << indent << "RangesFileName: " << (this->RangesFileName ? this->RangesFileName : "(none)")
     << "\n";
}

int vtkAPTReader::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkPolyData");
  return 1;
}

void vtkAPTReader::Inform(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkAPTReader::Execute(csro::Call &call, vtkInformationVector **,
                           vtkInformationVector *outputs) {
  vtkPolyData *output = vtkPolyData::GetData(outputs);
  csro::Ranges ranges;
  call.Together([&] {
    if (!this->FileName || !*this->FileName) {
      call.Fail(CSRO_ERROR_ARGUMENT, "no ion file is given (FileName)");
    }
    if (this->RangesFileName && *this->RangesFileName) {
      csro_ranges *read = nullptr;
      call.Stage(0.0, 0.05);
      call.Check(csro_ranges_read(call.Context(), this->RangesFileName, &read));
      ranges.reset(read);
    }
  });
  std::string note;
  call.Together([&] {
    csro_ions ions{};
    call.Stage(0.05, 0.8);
    call.Check(csro_ions_read(call.Context(), this->FileName, call.Rank(), call.Ranks(), &ions));
    csro::PutIons(&ions, ions.first, output);
    note = ions.note ? ions.note : "";
    csro_ions_free(&ions);
    call.Stage(0.8, 1.0);
    csro::PutSpecies(call, ranges.get(), output);
  });
  if (!note.empty() && call.Rank() == 0) {
    vtkWarningMacro(<< this->FileName << ": " << note);
  }
  if (ranges && *ranges->report) {
    vtkNew<vtkStringArray> report;
    report->SetName("RangesReport");
    report->InsertNextValue(ranges->report);
    output->GetFieldData()->AddArray(report);
    if (call.Rank() == 0) {
      vtkWarningMacro(<< this->RangesFileName << ": " << ranges->report);
    }
  }
}
