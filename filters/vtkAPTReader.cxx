#include "vtkAPTReader.h"

#include "data/FieldArrays.h"
#include "data/SpeciesLabels.h"
#include "parallel/Owned.h"

#include "csro/context.h"
#include "csro/ions.h"
#include "csro/ranges.h"

#include <vtkDataObject.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPolyData.h>
#include <vtkUnsignedShortArray.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include <cstdlib>

vtkStandardNewMacro(vtkAPTReader);

namespace {
// Ions that are not finite are an error, or the note says how many there were. Collective.
std::string SettleNotFinite(csro::Call &call, const char *path, bool leaveOut,
                            const csro_ions &ions) {
  const std::vector<int64_t> counts = call.Gather(ions.count);
  const std::vector<int64_t> leftOut = call.Gather(ions.left_out);
  const int64_t kept = std::accumulate(counts.begin(), counts.end(), int64_t{0}),
                odd = std::accumulate(leftOut.begin(), leftOut.end(), int64_t{0});
  if (odd == 0)
    return {};
  std::vector<std::string> first;
  if (ions.left_out > 0)
    first.push_back(ions.first_left_out);
  first = call.Share(first);
  call.RunLocal([&] {
    if (!leaveOut || kept == 0)
      call.Check(csro_ions_refuse(call.Context(), path, odd, first[0].c_str()));
  });
  return std::to_string(odd) + " of " + std::to_string(kept + odd) +
         " ions are not finite and left out, the first: " + first[0] + "\n";
}

// The names of the species of all ranks in the order of the file. Collective.
std::vector<std::string> SharedNames(csro::Call &call, const csro_ions &ions) {
  std::vector<std::string> all;
  for (int rank = 0; rank < call.Ranks(); ++rank) {
    std::vector<std::string> own;
    for (int i = 0; rank == call.Rank() && i < ions.species_count; ++i)
      own.push_back(ions.species_names[i]);
    for (const std::string &name : call.Share(own))
      if (std::find(all.begin(), all.end(), name) == all.end())
        all.push_back(name);
  }
  return all;
}

// Species that the file gives by name. Collective; without names there is nothing to label by.
csro::Labels LabelByNames(csro::Call &call, const char *path, csro_ions *ions) {
  csro::Labels labels;
  int64_t found[2] = {ions->species_named, ions->too_many_species};
  call.Maximum(found, 2);
  call.RunLocal([&] {
    call.Check(csro_ions_settle_species(call.Context(), path, found[0] > 0, found[1] > 0, ions));
  });
  if (found[0] == 0)
    return labels;
  const std::vector<std::string> names = SharedNames(call, *ions);
  call.RunLocal([&] {
    std::vector<unsigned short> label(ions->species_count + 1, 0);
    for (int i = 0; i < ions->species_count; ++i)
      label[i + 1] = static_cast<unsigned short>(
          std::find(names.begin(), names.end(), ions->species_names[i]) - names.begin() + 1);
    vtkNew<vtkUnsignedShortArray> species;
    species->SetName("Species");
    species->SetNumberOfValues(ions->count);
    for (int64_t i = 0; i < ions->count; ++i)
      species->SetValue(i, label[ions->species[i]]);
    std::vector<const char *> texts;
    for (const std::string &name : names)
      texts.push_back(name.c_str());
    csro_ranges *known = nullptr;
    call.Check(csro_ranges_of_names(call.Context(), static_cast<int>(texts.size()), texts.data(),
                                    nullptr, nullptr, &known));
    labels.Known.reset(known);
    labels.Species = species;
  });
  return labels;
}

void PutReport(const std::string &note, vtkPolyData *output) {
  if (!note.empty())
    csro::PutTexts(output, "IonsReport", {note});
}
} // namespace

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
  os << indent << "LeaveOutNotFinite: " << this->LeaveOutNotFinite << "\n";
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

void vtkAPTReader::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  AnnouncePieces(outputs);
}

void vtkAPTReader::RequestData(csro::Call &call, vtkInformationVector **,
                               vtkInformationVector *outputs) {
  vtkPolyData *output = vtkPolyData::GetData(outputs);
  csro::Ranges ranges;
  call.RunLocal([&] {
    if (!this->FileName || !*this->FileName) {
      call.Fail(CSRO_ERROR_ARGUMENT, "no ion file is given (FileName)");
    }
    call.Stage(0.0, 0.05);
    ranges = csro::ReadRanges(call, this->RangesFileName);
  });
  call.Reserve(csro_ions_expect(this->FileName) / call.Ranks(),
               std::string(this->FileName) + ": the ions",
               "read it with more memory, or on more hosts");
  csro_ions ions{};
  const csro::Owned<csro_ions_release> owner(&ions);
  call.RunLocal([&] {
    call.Stage(0.05, 0.8);
    call.Check(
        csro_ions_read_finite(call.Context(), this->FileName, call.Rank(), call.Ranks(), &ions));
  });
  call.RunLocal([&] {
    if (ranges && !ions.mass)
      call.Fail(CSRO_ERROR_DATA, std::string(this->FileName) +
                                     ": there are no masses in the file that the ranges of " +
                                     this->RangesFileName +
                                     " could label, expected no range file (RangesFileName)");
  });
  std::string note = ions.note ? ions.note : "";
  note += SettleNotFinite(call, this->FileName, this->LeaveOutNotFinite, ions);
  const std::vector<int64_t> counts = call.Gather(ions.count + ions.left_out);
  csro::Labels labels = LabelByNames(call, this->FileName, &ions);
  if (labels.Known && ranges)
    note += "the file gives the species by name, the range file labels them: its ranges count\n";
  call.RunLocal([&] {
    const int64_t all = std::accumulate(counts.begin(), counts.end(), int64_t{0});
    if (ions.total != 0 && ions.total != all)
      call.Fail(CSRO_ERROR_DATA, std::string(this->FileName) + ": " + std::to_string(all) +
                                     " ions read of " + std::to_string(ions.total));
    csro::PutIons(call, &ions,
                  std::accumulate(counts.begin(), counts.begin() + call.Rank(), int64_t{0}),
                  output);
  });
  call.Stage(0.8, 1.0);
  if (ranges)
    labels = csro::LabelByRanges(call, std::move(ranges), output);
  else if (!labels.Known)
    labels = csro::LabelByTypes(call, output);
  csro::PutLabels(call, labels, output);
  PutReport(note, output);
  if (!note.empty() && call.Rank() == 0) {
    vtkWarningMacro(<< this->FileName << ": " << note);
  }
  if (labels.Doubtful && call.Rank() == 0) {
    vtkWarningMacro(<< this->RangesFileName << ": " << labels.Report);
  }
}
