// Columns of a table that goes to the user.
#ifndef csroColumns_h
#define csroColumns_h

#include <vtkDoubleArray.h>
#include <vtkIdTypeArray.h>
#include <vtkNew.h>
#include <vtkStringArray.h>
#include <vtkTable.h>

#include <cstddef>
#include <string>

namespace csro {
// Appends columns to a table; `value(row)` gives what a row holds.
class Columns {
public:
  explicit Columns(vtkTable *table) : Table(table) {}

  template <typename Value> void Numbers(const std::string &name, size_t rows, Value &&value) {
    this->Add<vtkDoubleArray>(name, rows, value);
  }
  template <typename Value> void Counts(const std::string &name, size_t rows, Value &&value) {
    this->Add<vtkIdTypeArray>(name, rows, value);
  }

  template <typename Value> void Texts(const std::string &name, size_t rows, Value &&value) {
    this->Add<vtkStringArray>(name, rows, value);
  }

private:
  template <typename Array, typename Value>
  void Add(const std::string &name, size_t rows, Value &&value) {
    vtkNew<Array> array;
    array->SetName(name.c_str());
    for (size_t row = 0; row < rows; ++row)
      array->InsertNextValue(value(row));
    this->Table->AddColumn(array);
  }

  vtkTable *Table;
};
} // namespace csro

#endif
