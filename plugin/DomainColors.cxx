#include "DomainColors.h"

#include <vtkAlgorithm.h>
#include <vtkDataArray.h>
#include <vtkIdList.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkSMSourceProxy.h>
#include <vtkStaticPointLocator.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>

namespace {
constexpr int Nearest = 12;         // neighbours that a colour is to differ from
constexpr double Coincident = 1e-4; // nm^2

struct Neighbor {
  int Domain;
  double Weight;
};

// Number and centre of each domain.
struct Domains {
  std::vector<int> Numbers;
  vtkNew<vtkPoints> Centers;

  explicit Domains(vtkTable *table) {
    const auto column = [table](const char *name) {
      return vtkArrayDownCast<vtkDataArray>(table->GetColumnByName(name));
    };
    vtkDataArray *number = column("Domain"), *x = column("CenterX_nm"), *y = column("CenterY_nm"),
                 *z = column("CenterZ_nm");
    for (vtkIdType i = 0; number && x && y && z && i < number->GetNumberOfTuples(); ++i) {
      this->Numbers.push_back(static_cast<int>(number->GetTuple1(i)));
      this->Centers->InsertNextPoint(x->GetTuple1(i), y->GetTuple1(i), z->GetTuple1(i));
    }
  }
};

void AddNeighbors(vtkTable *table, std::vector<std::vector<Neighbor>> &neighbors) {
  const Domains domains(table);
  const auto count = static_cast<int>(neighbors.size());
  if (domains.Numbers.size() < 2)
    return;
  vtkNew<vtkPolyData> points;
  points->SetPoints(domains.Centers);
  vtkNew<vtkStaticPointLocator> locator;
  locator->SetDataSet(points);
  locator->BuildLocator();
  vtkNew<vtkIdList> found;
  for (vtkIdType i = 0; i < domains.Centers->GetNumberOfPoints(); ++i) {
    double center[3], other[3];
    domains.Centers->GetPoint(i, center);
    locator->FindClosestNPoints(Nearest + 1, center, found);
    const int a = domains.Numbers[static_cast<size_t>(i)];
    for (vtkIdType k = 0; k < found->GetNumberOfIds(); ++k) {
      const int b = domains.Numbers[static_cast<size_t>(found->GetId(k))];
      if (a == b || a < 0 || b < 0 || a >= count || b >= count)
        continue;
      domains.Centers->GetPoint(found->GetId(k), other);
      double square = Coincident;
      for (int axis = 0; axis < 3; ++axis)
        square += (center[axis] - other[axis]) * (center[axis] - other[axis]);
      const double weight = 1 / (square * square);
      neighbors[static_cast<size_t>(a)].push_back({b, weight});
      neighbors[static_cast<size_t>(b)].push_back({a, weight});
    }
  }
}
} // namespace

vtkTable *csroTableOfDomains(vtkSMSourceProxy *filter) {
  auto *algorithm = vtkAlgorithm::SafeDownCast(filter->GetClientSideObject());
  for (int port = 0; algorithm && port < algorithm->GetNumberOfOutputPorts(); ++port) {
    vtkTable *table = vtkTable::SafeDownCast(algorithm->GetOutputDataObject(port));
    if (table && table->GetColumnByName("Domain") && table->GetColumnByName("CenterX_nm"))
      return table;
  }
  return nullptr;
}

std::string csroDescribeDomains(const std::vector<vtkTable *> &tables) {
  std::string text;
  for (vtkTable *table : tables) {
    const Domains domains(table);
    double sum = 0, center[3];
    for (vtkIdType i = 0; i < domains.Centers->GetNumberOfPoints(); ++i) {
      domains.Centers->GetPoint(i, center);
      sum += center[0] + 3 * center[1] + 7 * center[2];
    }
    text += std::to_string(domains.Numbers.size()) + " " + std::to_string(sum) + ";";
  }
  return text;
}

std::vector<int> csroColorDomains(const std::vector<vtkTable *> &tables, int domains, int colors) {
  std::vector<std::vector<Neighbor>> neighbors(static_cast<size_t>(domains));
  for (vtkTable *table : tables)
    AddNeighbors(table, neighbors);
  std::vector<int> chosen(neighbors.size(), -1);
  for (size_t i = 0; i < chosen.size(); ++i) {
    std::vector<double> costs(static_cast<size_t>(colors), 0);
    for (const Neighbor &each : neighbors[i])
      if (chosen[static_cast<size_t>(each.Domain)] >= 0)
        costs[static_cast<size_t>(chosen[static_cast<size_t>(each.Domain)])] += each.Weight;
    // in turn where several are free, so that all are used
    std::rotate(costs.begin(), costs.begin() + static_cast<int>(i) % colors, costs.end());
    const auto best = std::min_element(costs.begin(), costs.end()) - costs.begin();
    chosen[i] = (static_cast<int>(best) + static_cast<int>(i) % colors) % colors;
  }
  return chosen;
}
