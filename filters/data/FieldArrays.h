// Field arrays: numbers and texts about a whole data object.
#ifndef csroFieldArrays_h
#define csroFieldArrays_h

#include <cstdint>
#include <string>
#include <vector>

class vtkDataObject;

namespace csro {
// Each replaces an array of the same name.
void PutNumbers(vtkDataObject *data, const std::string &name, const std::vector<double> &values);
void PutCounts(vtkDataObject *data, const std::string &name, const std::vector<int64_t> &values);
// Tuples of `components` texts each.
void PutTexts(vtkDataObject *data, const std::string &name, const std::vector<std::string> &values,
              int components = 1);

// All values, tuple by tuple, of any numeric type; empty when there is no such array.
std::vector<double> GetNumbers(vtkDataObject *data, const std::string &name);
// Empty when there is no such array of texts.
std::vector<std::string> GetTexts(vtkDataObject *data, const std::string &name);
} // namespace csro

#endif
