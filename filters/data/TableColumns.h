// Columns of a table that goes to the user.
#ifndef csroTableColumns_h
#define csroTableColumns_h

#include <vtkDoubleArray.h>
#include <vtkIdTypeArray.h>
#include <vtkNew.h>
#include <vtkStringArray.h>
#include <vtkTable.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>

namespace csro {
// Appends columns to a table; `value(row)` gives what a row holds. A name that another column has
// gets a number behind it: names of species are anything.
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
    std::string unique = name;
    for (int number = 2; this->Table->GetColumnByName(unique.c_str()); ++number)
      unique = name + "_" + std::to_string(number);
    array->SetName(unique.c_str());
    MakeRoom(array.Get(), rows);
    for (size_t row = 0; row < rows; ++row)
      array->SetValue(static_cast<vtkIdType>(row), value(row));
    this->Table->AddColumn(array);
  }

  // VTK ends the program where there is no memory for numbers.
  static void MakeRoom(vtkDataArray *array, size_t rows) {
    void *memory = std::malloc(std::max<size_t>(1, rows * array->GetDataTypeSize()));
    if (!memory)
      throw std::bad_alloc();
    array->SetVoidArray(memory, static_cast<vtkIdType>(rows), 0,
                        vtkAbstractArray::VTK_DATA_ARRAY_FREE);
  }
  static void MakeRoom(vtkStringArray *array, size_t rows) {
    array->SetNumberOfValues(static_cast<vtkIdType>(rows));
  }

  vtkTable *Table;
};
} // namespace csro

#endif
