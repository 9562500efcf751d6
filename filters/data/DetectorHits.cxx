#include "data/DetectorHits.h"

#include <vtkPointData.h>
#include <vtkPointSet.h>

#include <strings.h>

#include <cmath>

namespace csro {
namespace {
struct Candidate {
  const char *X, *Y; // Y null: X has two components
  double Unit;       // mm
};
constexpr Candidate Candidates[] = {{"X_det_mm", "Y_det_mm", 1},
                                    {"XDet_mm", "YDet_mm", 1},
                                    {"Detector Coordinates", nullptr, 1},
                                    {"X_det", "Y_det", 1},
                                    {"x_det (cm)", "y_det (cm)", 10}};

vtkDataArray *Find(vtkPointSet *ions, const char *name, int components) {
  vtkPointData *data = ions->GetPointData();
  for (int i = 0; name && i < data->GetNumberOfArrays(); ++i) {
    vtkDataArray *array = data->GetArray(i);
    if (array && array->GetName() && strcasecmp(array->GetName(), name) == 0 &&
        array->GetNumberOfComponents() == components)
      return array;
  }
  return nullptr;
}

// The candidate that the ions have; -1 for none.
int FindCandidate(vtkPointSet *ions) {
  int at = 0;
  for (const Candidate &one : Candidates) {
    if (one.Y ? Find(ions, one.X, 1) && Find(ions, one.Y, 1) : Find(ions, one.X, 2) != nullptr)
      return at;
    ++at;
  }
  return -1;
}
} // namespace

DetectorHits FindHits(Call &call, vtkPointSet *ions, const IonView &view) {
  const bool empty = view.Points.count == 0; // then the others decide
  const int mine = FindCandidate(ions);
  double which[2] = {empty ? 1e9 : mine, empty ? -1e9 : mine};
  call.Minimum(&which[0], 1);
  call.Maximum(&which[1], 1);
  DetectorHits hits;
  if (which[0] != which[1] || which[0] < 0)
    return hits;
  const Candidate &columns = Candidates[static_cast<int>(which[0])];
  double finite = 1;
  call.RunLocal([&] {
    if (empty)
      return;
    vtkDataArray *x = Find(ions, columns.X, columns.Y ? 1 : 2), *y = Find(ions, columns.Y, 1);
    hits.Positions.resize(3 * view.Points.count);
    for (int64_t i = 0; i < view.Points.count; ++i) {
      const vtkIdType point = view.Point(i);
      double *to = &hits.Positions[3 * i];
      to[0] = x->GetComponent(point, 0) * columns.Unit;
      to[1] = (y ? y->GetComponent(point, 0) : x->GetComponent(point, 1)) * columns.Unit;
      if (!std::isfinite(to[0]) || !std::isfinite(to[1]))
        finite = 0;
    }
  });
  call.Minimum(&finite, 1);
  if (finite == 1)
    hits.Columns = columns.Y ? std::string(columns.X) + ", " + columns.Y : columns.X;
  return hits;
}
} // namespace csro
