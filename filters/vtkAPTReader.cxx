#include "vtkAPTReader.h"

#include "data/FieldArrays.h"
#include "data/PeriodicBox.h"
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
#include <vtkStreamingDemandDrivenPipeline.h>
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

// The ranges that are in the file of the ions itself; without any the note says so.
csro::Ranges OwnRanges(csro::Call &call, const std::string &file, std::string &note) {
  csro_ranges *read = nullptr;
  const csro_status status = csro_ranges_read(call.Context(), file.c_str(), &read);
  if (status == CSRO_ERROR_FORMAT)
    note += std::string(call.Context()->message) + "\n";
  else
    call.Check(status);
  return csro::Ranges(read);
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

vtkAPTReader::~vtkAPTReader() = default;

void vtkAPTReader::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  for (const std::string &name : this->FileNames)
    os << indent << "FileName: " << name << "\n";
  os << indent
     << "RangesFileName: " << (this->RangesFileName.empty() ? "(none)" : this->RangesFileName)
     << "\n";
  os << indent << "LeaveOutNotFinite: " << this->LeaveOutNotFinite << "\n";
}

void vtkAPTReader::AddFileName(const char *name) {
  if (!name || !*name)
    return;
  this->FileNames.emplace_back(name);
  this->Modified();
}

void vtkAPTReader::RemoveAllFileNames() {
  if (this->FileNames.empty())
    return;
  if (this->Former.empty())
    this->Former = this->FileNames[0];
  this->FileNames.clear();
  this->Modified();
}

void vtkAPTReader::SetFileName(const char *name) {
  this->RemoveAllFileNames();
  this->AddFileName(name);
}

int vtkAPTReader::GetNumberOfFileNames() {
  return static_cast<int>(this->FileNames.size());
}

const char *vtkAPTReader::GetFileName(int i) {
  return i >= 0 && i < this->GetNumberOfFileNames() ? this->FileNames[i].c_str() : nullptr;
}

void vtkAPTReader::SetRangesFileName(const char *name) {
  this->Former.clear(); // it is given for the ions of now
  if (this->RangesFileName == (name ? name : ""))
    return;
  this->RangesFileName = name ? name : "";
  this->Modified();
}

const char *vtkAPTReader::GetRangesFileName() {
  return this->RangesFileName.c_str();
}

const char *vtkAPTReader::GetRangesBeside() {
  csro_context context;
  csro_context_init(&context);
  char *found = nullptr;
  if (!this->FileNames.empty()) {
    csro_ranges_beside(&context, this->FileNames[0].c_str(), &found); // without memory: none
  }
  this->RangesBeside = found ? found : "";
  std::free(found);
  return this->RangesBeside.c_str();
}

void vtkAPTReader::WarnOfFormerRanges() {
  if (this->Former.empty() || this->RangesFileName.empty() || this->FileNames.empty() ||
      this->Former == this->FileNames[0])
    return;
  const std::string own = this->GetRangesBeside();
  if (!own.empty() && own != this->RangesFileName)
    vtkWarningMacro(<< this->FileNames[0] << ": the range file " << this->RangesFileName
                    << " was given for " << this->Former << "; that of these ions may be " << own
                    << " (RangesFileName)");
}

int vtkAPTReader::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkPolyData");
  return 1;
}

void vtkAPTReader::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  using Pipeline = vtkStreamingDemandDrivenPipeline;
  AnnouncePieces(outputs);
  vtkInformation *output = outputs->GetInformationObject(0);
  output->Remove(Pipeline::TIME_STEPS());
  output->Remove(Pipeline::TIME_RANGE());
  if (this->FileNames.size() < 2)
    return;
  std::vector<double> steps(this->FileNames.size());
  std::iota(steps.begin(), steps.end(), 0.0);
  const double range[2] = {0, steps.back()};
  output->Set(Pipeline::TIME_STEPS(), steps.data(), static_cast<int>(steps.size()));
  output->Set(Pipeline::TIME_RANGE(), range, 2);
}

size_t vtkAPTReader::FindStep(vtkInformation *output) const {
  using Pipeline = vtkStreamingDemandDrivenPipeline;
  if (this->FileNames.size() < 2 || !output->Has(Pipeline::UPDATE_TIME_STEP()))
    return 0;
  const double time = output->Get(Pipeline::UPDATE_TIME_STEP());
  const auto last = static_cast<double>(this->FileNames.size() - 1);
  return static_cast<size_t>(std::min(std::max(0.0, time), last)); // the step before it
}

void vtkAPTReader::RequestData(csro::Call &call, vtkInformationVector **,
                               vtkInformationVector *outputs) {
  vtkPolyData *output = vtkPolyData::GetData(outputs);
  const size_t step = this->FindStep(outputs->GetInformationObject(0));
  const std::string file = this->FileNames.empty() ? "" : this->FileNames[step];
  csro::Ranges ranges;
  call.RunLocal([&] {
    if (file.empty())
      call.Fail(CSRO_ERROR_ARGUMENT, "no ion file is given (FileName)");
    call.Stage(0.0, 0.05);
    ranges = csro::ReadRanges(call, this->RangesFileName.c_str());
  });
  if (call.Rank() == 0)
    this->WarnOfFormerRanges();
  call.Reserve(csro_ions_expect(file.c_str()) / call.Ranks(), file + ": the ions",
               "read it with more memory, or on more hosts");
  csro_ions ions{};
  const csro::Owned<csro_ions_release> owner(&ions);
  call.RunLocal([&] {
    call.Stage(0.05, 0.8);
    call.Check(
        csro_ions_read_finite(call.Context(), file.c_str(), call.Rank(), call.Ranks(), &ions));
  });
  call.RunLocal([&] {
    if (ranges && !ions.mass)
      call.Fail(CSRO_ERROR_DATA, file + ": there are no masses in the file that the ranges of " +
                                     this->RangesFileName +
                                     " could label, expected no range file (RangesFileName)");
  });
  std::string note = ions.note ? ions.note : "";
  call.RunLocal([&] {
    if (!ranges && ions.has_ranges && ions.mass)
      ranges = OwnRanges(call, file, note);
  });
  note += SettleNotFinite(call, file.c_str(), this->LeaveOutNotFinite, ions);
  const std::vector<int64_t> counts = call.Gather(ions.count + ions.left_out);
  csro::Labels labels = LabelByNames(call, file.c_str(), &ions);
  if (labels.Known && ranges)
    note += "the file gives the species by name, the range file labels them: its ranges count\n";
  call.RunLocal([&] {
    const int64_t all = std::accumulate(counts.begin(), counts.end(), int64_t{0});
    if (ions.total != 0 && ions.total != all)
      call.Fail(CSRO_ERROR_DATA,
                file + ": " + std::to_string(all) + " ions read of " + std::to_string(ions.total));
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
  if (ions.has_box)
    csro::PutBox(output, ions.box);
  if (this->FileNames.size() > 1)
    output->GetInformation()->Set(vtkDataObject::DATA_TIME_STEP(), static_cast<double>(step));
  if (!note.empty() && call.Rank() == 0) {
    vtkWarningMacro(<< file << ": " << note);
  }
  if (labels.Doubtful && call.Rank() == 0) {
    vtkWarningMacro(<< this->RangesFileName << ": " << labels.Report);
  }
}
