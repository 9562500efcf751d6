#include "vtkAPTWriter.h"

#include "data/FieldArrays.h"
#include "data/PeriodicBox.h"
#include "data/SpeciesLabels.h"
#include "data/VoxelImage.h"
#include "parallel/SortIons.h"

#include "csro/ions.h"
#include "csro/nexus.h"

#include <vtkFieldData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkMultiProcessController.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <numeric>

vtkStandardNewMacro(vtkAPTWriter);

namespace {
csro_column_type TypeOf(vtkDataArray *array) {
  const bool isSigned = array->GetDataTypeMin() < 0;
  switch (array->GetDataTypeSize()) {
  case 1:
    return isSigned ? CSRO_COLUMN_INT8 : CSRO_COLUMN_UINT8;
  case 2:
    return isSigned ? CSRO_COLUMN_INT16 : CSRO_COLUMN_UINT16;
  case 4:
    return array->GetDataType() == VTK_FLOAT ? CSRO_COLUMN_FLOAT32
           : isSigned                        ? CSRO_COLUMN_INT32
                                             : CSRO_COLUMN_UINT32;
  default:
    return array->GetDataType() == VTK_DOUBLE ? CSRO_COLUMN_FLOAT64
           : isSigned                         ? CSRO_COLUMN_INT64
                                              : CSRO_COLUMN_UINT64;
  }
}

// What the core writes: the arrays of the point set where they lie.
class CoreIons {
public:
  // With names Species is written by name.
  CoreIons(vtkPointSet *points, int64_t first, int64_t total, const std::vector<std::string> &names,
           const std::array<double, 9> &box) {
    this->Ions.count = points->GetNumberOfPoints();
    this->Ions.first = first;
    this->Ions.total = total;
    this->Ions.has_box = box != std::array<double, 9>{};
    std::copy(box.begin(), box.end(), this->Ions.box);
    if (this->Ions.count == 0)
      return;
    vtkDataArray *xyz = points->GetPoints()->GetData();
    vtkDataArray *mass = points->GetPointData()->GetArray("MassToCharge");
    const bool isFloat =
        xyz->GetDataType() == VTK_FLOAT && (!mass || mass->GetDataType() == VTK_FLOAT);
    this->Ions.is_double = !isFloat;
    this->Ions.xyz = this->Values(xyz, isFloat ? VTK_FLOAT : VTK_DOUBLE);
    if (mass)
      this->Ions.mass = this->Values(mass, isFloat ? VTK_FLOAT : VTK_DOUBLE);
    for (vtkDataArray *array : csro::NumberArrays(points))
      if (!names.empty() && csro::NameOf(array) == "Species")
        this->AddSpecies(array, names);
      else if (array != xyz && array != mass)
        this->AddColumn(array);
    this->Ions.column_count = static_cast<int>(this->Columns.size());
    this->Ions.columns = this->Columns.data();
  }

  const csro_ions *Get() const {
    return &this->Ions;
  }

private:
  void AddSpecies(vtkDataArray *array, const std::vector<std::string> &names) {
    this->Labels.resize(this->Ions.count);
    for (int64_t i = 0; i < this->Ions.count; ++i)
      this->Labels[i] = static_cast<uint16_t>(array->GetComponent(i, 0));
    this->Names.resize(names.size());
    for (size_t i = 1; i < names.size(); ++i)
      std::strncpy(this->Names[i - 1].data(), names[i].c_str(), csro_species_name_size - 1);
    this->Ions.species = this->Labels.data();
    this->Ions.species_count = static_cast<int>(names.size()) - 1;
    this->Ions.species_names =
        reinterpret_cast<char(*)[csro_species_name_size]>(this->Names.data());
  }

  void AddColumn(vtkDataArray *array) {
    csro_column column{};
    std::strncpy(column.name, csro::NameOf(array).c_str(), sizeof column.name - 1);
    column.components = array->GetNumberOfComponents();
    column.type = TypeOf(array);
    column.data = this->Values(array, array->GetDataType());
    this->Columns.push_back(column);
  }

  // Values of one ion together, of the given type; copied only where they are not so already.
  void *Values(vtkDataArray *array, int type) {
    vtkSmartPointer<vtkDataArray> values = array;
    if (array->GetDataType() != type || !array->HasStandardMemoryLayout()) {
      values.TakeReference(vtkDataArray::CreateDataArray(type));
      values->DeepCopy(array);
    }
    this->Arrays.push_back(values);
    return values->GetVoidPointer(0);
  }

  csro_ions Ions{};
  std::vector<csro_column> Columns;
  std::vector<uint16_t> Labels;
  std::vector<std::array<char, csro_species_name_size>> Names;
  std::vector<vtkSmartPointer<vtkDataArray>> Arrays;
};

// SpeciesNames, "unranged" first; none when Species does not go by them. Collective.
std::vector<std::string> NamesOfSpecies(csro::Call &call, vtkPointSet *input) {
  const std::vector<std::string> names = csro::SharedSpeciesNames(call, input);
  vtkDataArray *species = input->GetPointData()->GetArray("Species");
  int64_t odd = 0;
  for (size_t i = 1; i < names.size(); ++i)
    odd += names[i].empty() || names[i].size() >= csro_species_name_size;
  odd += input->GetNumberOfPoints() > 0 && !(species && species->GetNumberOfComponents() == 1);
  for (vtkIdType i = 0; odd == 0 && i < input->GetNumberOfPoints(); ++i) {
    const double label = species->GetComponent(i, 0);
    odd += !(label >= 0 && label < static_cast<double>(names.size()) && label == std::floor(label));
  }
  call.Maximum(&odd, 1);
  return odd == 0 && names.size() <= 65536 ? names : std::vector<std::string>{};
}

std::string EndingOf(const std::string &name) {
  std::string ending = name.substr(std::min(name.size(), name.find_last_of('.')));
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char letter) { return std::tolower(letter); });
  return ending;
}

// What a NeXus file says beside the ions: ranges, and all field arrays as provenance.
class About {
public:
  // Collective.
  About(csro::Call &call, vtkPointSet *input) : Known(csro::RangesOf(call, input)) {
    vtkFieldData *fields = input->GetFieldData();
    for (int i = 0; i < fields->GetNumberOfArrays(); ++i) {
      vtkAbstractArray *array = fields->GetAbstractArray(i);
      if (array && array->GetName())
        this->Entries.push_back({array->GetName(),
                                 csro::GetNumbers(input, array->GetName()),
                                 csro::GetTexts(input, array->GetName()),
                                 {}});
    }
    for (Entry &entry : this->Entries) {
      for (const std::string &text : entry.Texts)
        entry.Pointers.push_back(text.c_str());
      const bool isText = entry.Numbers.empty();
      this->Lists.push_back(
          {entry.Name.c_str(),
           static_cast<int64_t>(isText ? entry.Texts.size() : entry.Numbers.size()),
           isText ? nullptr : entry.Numbers.data(), isText ? entry.Pointers.data() : nullptr});
    }
    this->All = {this->Known.get(), static_cast<int>(this->Lists.size()), this->Lists.data()};
  }
  About(const About &) = delete;
  void operator=(const About &) = delete;

  const csro_nexus *Get() const {
    return &this->All;
  }

private:
  struct Entry {
    std::string Name;
    std::vector<double> Numbers;
    std::vector<std::string> Texts;
    std::vector<const char *> Pointers;
  };
  csro::Ranges Known;
  std::vector<Entry> Entries;
  std::vector<csro_nexus_list> Lists;
  csro_nexus All{};
};

// Whether the points have masses, which most formats need. Collective.
bool HaveMasses(csro::Call &call, vtkPointSet *input, const char *path) {
  const auto isOptional = [](const std::string &name) {
    const std::string ending = EndingOf(name);
    return ending == ".xyz" || ending == ".extxyz" || ending == ".dump";
  };
  const bool hasPoints = input->GetNumberOfPoints() > 0;
  vtkDataArray *mass = input->GetPointData()->GetArray("MassToCharge");
  const bool hasMass = mass && mass->GetNumberOfComponents() == 1;
  int64_t found[2] = {hasPoints && !hasMass, hasPoints && hasMass};
  call.Maximum(found, 2);
  call.RunLocal([&] {
    if (found[0] && (found[1] || mass || !isOptional(path)))
      call.Fail(CSRO_ERROR_DATA,
                std::string(path) + ": the points have no array MassToCharge, expected ions");
  });
  return found[0] == 0;
}

// A file that ranks write in turn. Unless it is finished nothing of it is left.
class SharedFile {
public:
  SharedFile(csro::Call &call, const char *path, int first)
      : Ranks(call), Path(path), IsFirst(call.Rank() == first), First(first) {}
  SharedFile(const SharedFile &) = delete;
  void operator=(const SharedFile &) = delete;
  ~SharedFile() {
    if (this->IsFirst)
      csro_ions_write_end(this->Ranks.Context(), this->Path, &this->Temporary, CSRO_CANCELLED);
    std::free(this->Temporary);
  }

  // The turn of one rank; about: what NeXus files say beside the ions. Collective.
  void Append(const csro_ions *ions, int rank, const csro_nexus *about) {
    this->Ranks.RunLocal([&] {
      if (this->Ranks.Rank() != rank)
        return;
      csro_context *context = this->Ranks.Context();
      this->Ranks.Check(
          about ? csro_nexus_write_part(context, ions, about, this->Path, &this->Temporary)
                : csro_ions_write_part(context, ions, this->Path, &this->Temporary));
    });
    if (rank == this->First)
      this->ShareName();
  }

  void Finish() {
    this->Ranks.RunLocal([&] {
      if (this->IsFirst)
        this->Ranks.Check(
            csro_ions_write_end(this->Ranks.Context(), this->Path, &this->Temporary, CSRO_OK));
    });
  }

private:
  void ShareName() {
    if (this->Ranks.Ranks() == 1)
      return;
    vtkIdType size = this->IsFirst ? static_cast<vtkIdType>(std::strlen(this->Temporary)) + 1 : 0;
    this->Ranks.Controller()->Broadcast(&size, 1, this->First);
    std::vector<char> name(size);
    if (this->IsFirst)
      std::copy_n(this->Temporary, size, name.data());
    this->Ranks.Controller()->Broadcast(name.data(), size, this->First);
    this->Ranks.RunLocal([&] {
      if (!this->IsFirst && !(this->Temporary = strdup(name.data())))
        this->Ranks.Fail(CSRO_ERROR_MEMORY, "out of memory");
    });
  }

  csro::Call &Ranks;
  const char *Path;
  bool IsFirst;
  int First;
  char *Temporary = nullptr;
};
} // namespace

vtkAPTWriter::vtkAPTWriter() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(0);
}

vtkAPTWriter::~vtkAPTWriter() {
  this->SetFileName(nullptr);
}

void vtkAPTWriter::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "FileName: " << (this->FileName ? this->FileName : "(none)") << "\n";
}

void vtkAPTWriter::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

void vtkAPTWriter::RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
}

void vtkAPTWriter::Write() {
  this->Modified(); // each call writes
  this->Update();
}

void vtkAPTWriter::RequestData(csro::Call &call, vtkInformationVector **inputs,
                               vtkInformationVector *) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  call.RunLocal([&] {
    if (!this->FileName || !*this->FileName)
      call.Fail(CSRO_ERROR_ARGUMENT, "no file to write is given (FileName)");
  });
  if (HaveMasses(call, input, this->FileName))
    csro::CheckMasses(call, input, csro::ViewPoints(input));
  call.Stage(0.0, 0.2);
  const vtkSmartPointer<vtkPointSet> ordered = csro::SortIons(call, input);
  const std::vector<int64_t> counts = call.Gather(ordered->GetNumberOfPoints());
  int first = 0;
  while (first < call.Ranks() - 1 && counts[first] == 0)
    ++first;
  const std::vector<std::string> names = NamesOfSpecies(call, input);
  const std::array<double, 9> box = csro::SharedBox(call, input);
  std::unique_ptr<CoreIons> ions;
  call.RunLocal([&] {
    int64_t before = 0;
    for (int rank = 0; rank < call.Rank(); ++rank)
      before += counts[rank];
    ions.reset(new CoreIons(ordered, before,
                            std::accumulate(counts.begin(), counts.end(), int64_t{0}), names, box));
  });
  call.Stage(0.2, 1.0);
  const std::unique_ptr<About> about(EndingOf(this->FileName) == ".nxs" ? new About(call, input)
                                                                        : nullptr);
  SharedFile file(call, this->FileName, first);
  for (int rank = first; rank < call.Ranks(); ++rank)
    if (counts[rank] > 0 || rank == first) // without any ions the core says so
      file.Append(ions->Get(), rank, about ? about->Get() : nullptr);
  file.Finish();
}
