#include "vtkRandomizeIons.h"

#include "Ions.h"

#include <vtkDataArray.h>
#include <vtkDataObject.h>
#include <vtkFieldData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkMultiProcessController.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>

#include <numeric>

vtkStandardNewMacro(vtkRandomizeIons);

namespace {
// A point array of every ion of all ranks, in their order.
vtkSmartPointer<vtkDataArray> ValuesOfAllRanks(csro::Call &call, const csro::IonView &ions,
                                               const std::vector<vtkIdType> &counts,
                                               vtkDataArray *own, int type) {
  auto mine = vtk::TakeSmartPointer(vtkDataArray::CreateDataArray(type));
  mine->SetNumberOfTuples(ions.Points.count);
  for (int64_t i = 0; i < ions.Points.count; ++i) {
    mine->SetTuple(i, ions.Point(i), own);
  }
  if (call.Ranks() == 1) {
    return mine;
  }
  const vtkIdType size = mine->GetDataTypeSize();
  std::vector<vtkIdType> bytes, offsets;
  vtkIdType total = 0;
  for (vtkIdType count : counts) {
    bytes.push_back(count * size);
    offsets.push_back(total * size);
    total += count;
  }
  auto all = vtk::TakeSmartPointer(vtkDataArray::CreateDataArray(type));
  all->SetNumberOfTuples(total);
  call.Controller()->AllGatherV(static_cast<const char *>(mine->GetVoidPointer(0)),
                                static_cast<char *>(all->GetVoidPointer(0)), bytes[call.Rank()],
                                bytes.data(), offsets.data());
  return all;
}
} // namespace

vtkRandomizeIons::vtkRandomizeIons() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(1);
}

void vtkRandomizeIons::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Seed: " << this->Seed << "\n";
}

int vtkRandomizeIons::FillInputPortInformation(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
  return 1;
}

int vtkRandomizeIons::FillOutputPortInformation(int, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), "vtkPolyData");
  return 1;
}

void vtkRandomizeIons::Execute(csro::Call &call, vtkInformationVector **inputs,
                               vtkInformationVector *outputs) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  vtkPolyData *output = vtkPolyData::GetData(outputs);
  csro::IonView ions;
  call.Together([&] { ions = csro::ViewIons(call, input); });
  const std::vector<int64_t> gathered = call.Gather(ions.Points.count);
  const std::vector<vtkIdType> counts(gathered.begin(), gathered.end());
  const vtkIdType total = std::accumulate(counts.begin(), counts.end(), vtkIdType(0));
  const vtkIdType first =
      std::accumulate(counts.begin(), counts.begin() + call.Rank(), vtkIdType(0));

  output->SetPoints(input->GetPoints());
  output->GetPointData()->ShallowCopy(input->GetPointData());
  output->GetFieldData()->ShallowCopy(input->GetFieldData());
  csro::PutVertices(output);

  csro_permutation permutation;
  csro_permutation_init(&permutation, static_cast<uint64_t>(this->Seed),
                        static_cast<uint64_t>(total));
  bool any = false;
  for (const char *name : {"Species", "MassToCharge"}) {
    vtkDataArray *own = input->GetPointData()->GetArray(name);
    int64_t type = own && own->GetNumberOfComponents() == 1 ? own->GetDataType() : VTK_VOID;
    call.Maximum(&type, 1); // ranks without ions may be without arrays
    call.Together([&] {
      if (ions.Points.count > 0 && type != (own ? own->GetDataType() : VTK_VOID)) {
        call.Fail(CSRO_ERROR_DATA,
                  std::string("point array ") + name + " is not the same on all ranks");
      }
    });
    if (type == VTK_VOID) {
      continue;
    }
    any = true;
    const auto all = ValuesOfAllRanks(call, ions, counts, own, static_cast<int>(type));
    auto labels = vtk::TakeSmartPointer(vtkDataArray::CreateDataArray(static_cast<int>(type)));
    labels->SetName(name);
    if (own) {
      labels->DeepCopy(own);
    }
    for (int64_t i = 0; i < ions.Points.count; ++i) {
      labels->SetTuple(ions.Point(i),
                       static_cast<vtkIdType>(
                           csro_permutation_at(&permutation, static_cast<uint64_t>(first + i))),
                       all);
    }
    output->GetPointData()->AddArray(labels);
  }
  call.Together([&] {
    if (total == 0) {
      call.Fail(CSRO_ERROR_DATA, "the input has no ions");
    }
    if (!any) {
      call.Fail(CSRO_ERROR_DATA,
                "the ions have no labels to permute: no point array Species or MassToCharge");
    }
  });
  output->GetPointData()->SetActiveScalars("Species");
}
