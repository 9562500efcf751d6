#include "data/FieldArrays.h"

#include <vtkDataArray.h>
#include <vtkDataObject.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkIdTypeArray.h>
#include <vtkNew.h>
#include <vtkStringArray.h>

namespace csro {
namespace {
template <typename Array, typename Value>
void Put(vtkDataObject *data, const std::string &name, const std::vector<Value> &values,
         int components = 1) {
  vtkNew<Array> array;
  array->SetName(name.c_str());
  array->SetNumberOfComponents(components);
  for (const Value &value : values)
    array->InsertNextValue(value);
  data->GetFieldData()->AddArray(array);
}
} // namespace

void PutNumbers(vtkDataObject *data, const std::string &name, const std::vector<double> &values) {
  Put<vtkDoubleArray>(data, name, values);
}

void PutCounts(vtkDataObject *data, const std::string &name, const std::vector<int64_t> &values) {
  Put<vtkIdTypeArray>(data, name, values);
}

void PutTexts(vtkDataObject *data, const std::string &name, const std::vector<std::string> &values,
              int components) {
  Put<vtkStringArray>(data, name, values, components);
}

std::vector<double> GetNumbers(vtkDataObject *data, const std::string &name) {
  std::vector<double> values;
  vtkDataArray *array = data->GetFieldData()->GetArray(name.c_str());
  for (vtkIdType i = 0; array && i < array->GetNumberOfValues(); ++i)
    values.push_back(array->GetVariantValue(i).ToDouble());
  return values;
}

std::vector<std::string> GetTexts(vtkDataObject *data, const std::string &name) {
  std::vector<std::string> values;
  auto *array = vtkStringArray::SafeDownCast(data->GetFieldData()->GetAbstractArray(name.c_str()));
  for (vtkIdType i = 0; array && i < array->GetNumberOfValues(); ++i)
    values.push_back(array->GetValue(i));
  return values;
}
} // namespace csro
