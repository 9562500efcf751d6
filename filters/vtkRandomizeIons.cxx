#include "vtkRandomizeIons.h"

#include "data/IonArrays.h"
#include "parallel/RandomizedCopy.h"

#include <vtkDataArray.h>
#include <vtkDataObject.h>
#include <vtkFieldData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>

#include <cstring>

vtkStandardNewMacro(vtkRandomizeIons);

namespace {
using csro::Call;

// A label of the ions: where it is read and where the permuted one is written, point by point.
struct Label {
  vtkSmartPointer<vtkDataArray> Own, Permuted;
  size_t Size = 0;

  Label(Call &call, vtkDataArray *own, int type, const char *name, vtkIdType points) {
    this->Own = this->Permuted = csro::MakeArray(call, type, name, 1, points);
    this->Size = this->Permuted->GetDataTypeSize();
    if (!own || points == 0)
      return;
    this->Own = own; // points of other ranks keep what they have
    std::memcpy(this->To(0), this->From(0), this->Size * static_cast<size_t>(points));
  }
  const char *From(vtkIdType point) const {
    return static_cast<const char *>(this->Own->GetVoidPointer(0)) + point * this->Size;
  }
  char *To(vtkIdType point) const {
    return static_cast<char *>(this->Permuted->GetVoidPointer(0)) + point * this->Size;
  }
};

// The labels that the ions have, the same on all ranks. Collective.
std::vector<Label> FindLabels(Call &call, vtkPointSet *ions) {
  std::vector<Label> labels;
  const vtkIdType points = ions->GetNumberOfPoints();
  for (const char *name : {"Species", "MassToCharge"}) {
    vtkDataArray *own = ions->GetPointData()->GetArray(name);
    if (own && (own->GetNumberOfComponents() != 1 || own->GetDataType() == VTK_BIT))
      own = nullptr;
    int64_t type = own ? own->GetDataType() : VTK_VOID;
    call.Maximum(&type, 1); // ranks without ions may be without arrays
    call.RunLocal([&] {
      if (points > 0 && type != (own ? own->GetDataType() : VTK_VOID))
        call.Fail(CSRO_ERROR_DATA,
                  std::string("point array ") + name + " is not the same on all ranks");
      if (type != VTK_VOID)
        labels.emplace_back(call, own, static_cast<int>(type), name, points);
    });
  }
  return labels;
}
} // namespace

vtkRandomizeIons::vtkRandomizeIons() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(1);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX);
  this->Expect("Exchange", this->Exchange, 0, 1);
  this->Expect("Within", this->Within, 0, 1);
  this->Expect("NeighbourhoodIons", this->NeighbourhoodIons, 100, VTK_INT_MAX);
}

void vtkRandomizeIons::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Seed: " << this->Seed << "\n"
     << indent << "Exchange: " << this->Exchange << "\n"
     << indent << "Within: " << this->Within << "\n"
     << indent << "NeighbourhoodIons: " << this->NeighbourhoodIons << "\n";
}

void vtkRandomizeIons::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkRandomizeIons::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkPolyData");
  return 1;
}

void vtkRandomizeIons::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                   vtkInformationVector *outputs) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  vtkPolyData *output = vtkPolyData::GetData(outputs);
  csro::IonView ions;
  call.RunLocal([&] { ions = csro::ViewIons(call, input); });
  int64_t count = ions.Points.count;
  call.Sum(&count, 1);
  constexpr double bytes =
      30; // vertices, masses, species and cell of an ion, and those that take part
  call.Reserve(bytes * static_cast<double>(input->GetNumberOfPoints()),
               "the labels of the randomised copy", "take fewer ions, as by Clip");
  const std::vector<Label> labels = FindLabels(call, input);
  call.RunLocal([&] {
    if (count == 0)
      call.Fail(CSRO_ERROR_DATA, "the input has no ions");
    if (labels.empty())
      call.Fail(CSRO_ERROR_DATA,
                "the ions have no labels to permute: no point array Species or MassToCharge");
  });
  output->SetPoints(input->GetPoints());
  output->GetPointData()->ShallowCopy(input->GetPointData());
  output->GetFieldData()->ShallowCopy(input->GetFieldData());
  call.RunLocal([&] { csro::PutVertices(call, output); });
  if (this->Exchange == csro::EXCHANGE_RANGED && !csro::AreRanged(call, ions) && call.Rank() == 0)
    vtkWarningMacro(
        "no ion is ranged: all ions exchange their masses, also those that ranges would "
        "leave out; for copies of the ranged ions alone, range the ions first");
  size_t size = 0;
  for (const Label &label : labels)
    size += label.Size;
  csro::ExchangeLabels(
      call, ions, csro::MakeCopyRules(this->Exchange, this->Within, this->NeighbourhoodIons),
      static_cast<uint64_t>(this->Seed), size,
      [&](int64_t ion, char *to) {
        for (const Label &label : labels) {
          std::memcpy(to, label.From(ions.Point(ion)), label.Size);
          to += label.Size;
        }
      },
      [&](int64_t ion, const char *from) {
        for (const Label &label : labels) {
          std::memcpy(label.To(ions.Point(ion)), from, label.Size);
          from += label.Size;
        }
      });
  for (const Label &label : labels)
    output->GetPointData()->AddArray(label.Permuted);
  output->GetPointData()->SetActiveScalars("Species");
}
