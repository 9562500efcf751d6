#include "data/PeriodicBox.h"

#include "data/FieldArrays.h"

#include <vtkDataObject.h>
#include <vtkFieldData.h>

#include <algorithm>
#include <cstdio>
#include <iomanip>
#include <sstream>

namespace csro {
void PutBox(vtkDataObject *data, const double box[9]) {
  PutNumbers(data, "CSRO_Box", std::vector<double>(box, box + 9));
}

void RemoveBox(vtkDataObject *data) {
  for (const char *name : {"CSRO_Box", "CSRO_LatticeCell", "CSRO_LatticeBasis"})
    data->GetFieldData()->RemoveArray(name);
}

std::array<double, 9> SharedBox(Call &call, vtkDataObject *data) {
  std::array<double, 9> box{};
  std::ostringstream text;
  for (const double value : GetNumbers(data, "CSRO_Box"))
    text << std::setprecision(17) << value << " ";
  const std::vector<std::string> lines = call.Share(
      text.str().empty() ? std::vector<std::string>{} : std::vector<std::string>{text.str()});
  std::istringstream numbers(lines.empty() ? "" : lines[0]);
  for (double &value : box)
    if (!(numbers >> value))
      return {};
  return box;
}

std::string EdgesInWords(const std::array<double, 9> &box) {
  std::string text;
  char edge[80];
  for (int k = 0; k < 3; ++k) {
    std::snprintf(edge, sizeof edge, "%s(%.5g, %.5g, %.5g)", k ? ", " : "", box[3 * k],
                  box[3 * k + 1], box[3 * k + 2]);
    text += edge;
  }
  return text + " nm";
}

std::array<double, 3> PeriodsOfBox(const std::array<double, 9> &box) {
  for (int k = 0; k < 9; ++k)
    if (k % 4 == 0 ? !(box[k] > 0) : box[k] != 0)
      return {};
  return {box[0], box[4], box[8]};
}
} // namespace csro
