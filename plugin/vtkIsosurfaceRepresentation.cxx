#include "vtkIsosurfaceRepresentation.h"

#include <vtkCompositeDataIterator.h>
#include <vtkCompositeDataSet.h>
#include <vtkDataArray.h>
#include <vtkFloatArray.h>
#include <vtkFlyingEdges3D.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkPVGeometryFilter.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkSmartPointer.h>

#include <cmath>

namespace {
constexpr double Level = 0.5;

vtkSmartPointer<vtkPolyData> SurfaceOf(vtkImageData *image) {
  vtkNew<vtkPolyData> surface;
  vtkDataArray *values = image ? image->GetPointData()->GetScalars() : nullptr;
  if (!values || values->GetNumberOfComponents() != 1)
    return surface;
  vtkNew<vtkFloatArray> known;
  known->SetName("Probability");
  known->SetNumberOfValues(values->GetNumberOfTuples());
  for (vtkIdType i = 0; i < values->GetNumberOfTuples(); ++i) {
    const double value = values->GetTuple1(i);
    known->SetValue(i, std::isnan(value) ? 0 : static_cast<float>(value));
  }
  vtkNew<vtkImageData> grid;
  grid->CopyStructure(image);
  grid->GetPointData()->SetScalars(known);
  vtkNew<vtkFlyingEdges3D> contour;
  contour->SetInputData(grid);
  contour->SetValue(0, Level);
  contour->SetComputeScalars(0);
  contour->Update();
  surface->ShallowCopy(contour->GetOutput());
  return surface;
}

vtkSmartPointer<vtkDataObject> SurfacesOf(vtkDataObject *input) {
  auto *blocks = vtkCompositeDataSet::SafeDownCast(input);
  if (!blocks)
    return SurfaceOf(vtkImageData::SafeDownCast(input));
  const auto surfaces = vtkSmartPointer<vtkCompositeDataSet>::Take(blocks->NewInstance());
  surfaces->CopyStructure(blocks);
  const auto each = vtkSmartPointer<vtkCompositeDataIterator>::Take(blocks->NewIterator());
  for (each->InitTraversal(); !each->IsDoneWithTraversal(); each->GoToNextItem())
    surfaces->SetDataSet(each, SurfaceOf(vtkImageData::SafeDownCast(each->GetCurrentDataObject())));
  return surfaces;
}

class IsosurfaceFilter : public vtkPVGeometryFilter {
public:
  static IsosurfaceFilter *New();
  vtkTypeMacro(IsosurfaceFilter, vtkPVGeometryFilter);

protected:
  int RequestData(vtkInformation *request, vtkInformationVector **inputs,
                  vtkInformationVector *outputs) override {
    vtkInformation *given = inputs[0]->GetInformationObject(0);
    vtkNew<vtkInformation> made;
    made->Copy(given);
    made->Set(vtkDataObject::DATA_OBJECT(), SurfacesOf(vtkDataObject::GetData(given)));
    vtkNew<vtkInformationVector> input;
    input->Append(made);
    vtkInformationVector *all[1] = {input};
    return this->vtkPVGeometryFilter::RequestData(request, all, outputs);
  }
};
vtkStandardNewMacro(IsosurfaceFilter);
} // namespace

vtkStandardNewMacro(vtkIsosurfaceRepresentation);

vtkIsosurfaceRepresentation::vtkIsosurfaceRepresentation() {
  this->GeometryFilter->Delete();
  this->GeometryFilter = IsosurfaceFilter::New();
  this->SetupDefaults();
}
