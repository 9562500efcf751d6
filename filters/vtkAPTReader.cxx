#include "vtkAPTReader.h"

#include "Species.h"

#include "csro/context.h"
#include "csro/ions.h"
#include "csro/ranges.h"

#include <vtkDataObject.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPolyData.h>

#include <memory>
#include <numeric>
#include <utility>

#include <cstdlib>

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

const char *vtkAPTReader::GetRangesBeside() {
  csro_context context;
  csro_context_init(&context);
  char *found = nullptr;
  if (this->FileName) {
    csro_ranges_beside(&context, this->FileName, &found); // without memory: none
  }
  this->RangesBeside = found ? found : "";
  std::free(found);
  return this->RangesBeside.c_str();
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
    call.Stage(0.0, 0.05);
    ranges = csro::ReadRanges(call, this->RangesFileName);
  });
  csro_ions ions{};
  const std::unique_ptr<csro_ions, void (*)(csro_ions *)> owner(&ions, csro_ions_free);
  call.Together([&] {
    call.Stage(0.05, 0.8);
    call.Check(csro_ions_read(call.Context(), this->FileName, call.Rank(), call.Ranks(), &ions));
  });
  const std::vector<int64_t> counts = call.Gather(ions.count);
  const std::string note = ions.note ? ions.note : "";
  call.Together([&] {
    const int64_t all = std::accumulate(counts.begin(), counts.end(), int64_t{0});
    if (ions.total != 0 && ions.total != all)
      call.Fail(CSRO_ERROR_DATA, std::string(this->FileName) + ": " + std::to_string(all) +
                                     " ions read of " + std::to_string(ions.total));
    csro::PutIons(&ions, std::accumulate(counts.begin(), counts.begin() + call.Rank(), int64_t{0}),
                  output);
  });
  call.Stage(0.8, 1.0);
  const csro::Labels labels = ranges ? csro::LabelByRanges(call, std::move(ranges), output)
                                     : csro::LabelByTypes(call, output);
  csro::PutLabels(labels, output);
  if (!note.empty() && call.Rank() == 0) {
    vtkWarningMacro(<< this->FileName << ": " << note);
  }
  if (labels.Doubtful && call.Rank() == 0) {
    vtkWarningMacro(<< this->RangesFileName << ": " << labels.Report);
  }
}
