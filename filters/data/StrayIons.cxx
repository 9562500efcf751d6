#include "data/StrayIons.h"

#include "parallel/DistributedDBSCAN.h"
#include "parallel/Distribution.h"
#include "parallel/Exchange.h"

#include <vtkMultiProcessController.h>
#include <vtkPointSet.h>

#include <algorithm>
#include <array>
#include <limits>
#include <sstream>

namespace csro {
namespace {
using Position = std::array<double, 3>;

// About so many ions are enough for quartiles.
constexpr int64_t SampleSize = 30000;

// Every n-th of all ions, on rank 0.
std::vector<Position> Sample(Call &call, const csro_points &points) {
  const std::vector<int64_t> counts = call.Gather(points.count);
  int64_t total = 0, before = 0;
  for (int rank = 0; rank < call.Ranks(); ++rank) {
    before += rank < call.Rank() ? counts[rank] : 0;
    total += counts[rank];
  }
  const int64_t step = std::max<int64_t>(1, total / SampleSize);
  std::vector<Position> mine;
  call.RunLocal([&] {
    for (int64_t i = (step - before % step) % step; i < points.count; i += step) {
      Position r;
      csro_points_get(&points, i, r.data());
      mine.push_back(r);
    }
  });
  return GatherOnFirst(call, std::move(mine));
}

void FencesOf(std::vector<Position> &sample, double fences[6]) {
  constexpr double wide = 5, margin = 10; // nm
  for (int axis = 0; axis < 3 && !sample.empty(); ++axis) {
    const auto at = [&](size_t place) {
      std::nth_element(sample.begin(), sample.begin() + place, sample.end(),
                       [&](const Position &a, const Position &b) { return a[axis] < b[axis]; });
      return sample[place][axis];
    };
    const double low = at(sample.size() / 4), high = at(sample.size() - 1 - sample.size() / 4);
    fences[2 * axis] = low - wide * (high - low) - margin;
    fences[2 * axis + 1] = high + wide * (high - low) + margin;
  }
}
} // namespace

void FindFences(Call &call, const csro_points &points, double fences[6]) {
  std::vector<Position> sample = Sample(call, points);
  for (int axis = 0; axis < 3; ++axis) {
    fences[2 * axis] = -std::numeric_limits<double>::infinity();
    fences[2 * axis + 1] = std::numeric_limits<double>::infinity();
  }
  if (call.Rank() == 0)
    FencesOf(sample, fences);
  if (call.Ranks() > 1)
    call.Controller()->Broadcast(fences, 6, 0);
}

void RefuseStrays(Call &call, const IonView &ions, vtkPointSet *input, const std::string &why) {
  constexpr int named = 3;
  double fences[6];
  FindFences(call, ions.Points, fences);
  const std::vector<csro_ion_number> numbers = NumberIons(call, ions, input);
  int64_t strays = 0;
  std::vector<std::string> names;
  call.RunLocal([&] {
    for (int64_t i = 0; i < ions.Points.count; ++i) {
      double r[3];
      csro_points_get(&ions.Points, i, r);
      bool inside = true;
      for (int axis = 0; axis < 3; ++axis)
        inside = inside && r[axis] >= fences[2 * axis] && r[axis] <= fences[2 * axis + 1];
      if (inside)
        continue;
      if (strays++ < named) {
        std::ostringstream text;
        text << "ion " << numbers[i].id << " at (" << r[0] << ", " << r[1] << ", " << r[2] << ")";
        names.push_back(text.str());
      }
    }
  });
  names = call.Share(names);
  call.Sum(&strays, 1);
  call.RunLocal([&] {
    if (strays == 0)
      return;
    std::ostringstream text;
    text << strays << (strays == 1 ? " stray ion lies" : " stray ions lie")
         << " far from all others: ";
    for (size_t i = 0; i < names.size(); ++i)
      text << (i > 0 ? ", " : "") << names[i];
    text << (strays > static_cast<int64_t>(names.size()) ? " and others" : "") << "; " << why
         << ". Cut them off (Clip with a Box, or Threshold by coordinates): the others lie in "
         << fences[0] << " .. " << fences[1] << ", " << fences[2] << " .. " << fences[3] << ", "
         << fences[4] << " .. " << fences[5] << " nm";
    call.Fail(CSRO_ERROR_DATA, text.str());
  });
}

void RefuseEndless(Call &call, const IonView &ions, vtkPointSet *input, double length) {
  constexpr double most = 1e12;
  double bounds[6];
  BoundsOfAll(call, ions.Points, bounds);
  for (int axis = 0; axis < 3; ++axis)
    if (bounds[2 * axis + 1] - bounds[2 * axis] > most * length) {
      RefuseStrays(call, ions, input, "the ions span more than 1e12 times the distance to search");
      return;
    }
}

double VolumeOf(const double bounds[6]) {
  double volume = 1;
  for (int axis = 0; axis < 3; ++axis)
    volume *= std::max(bounds[2 * axis + 1] - bounds[2 * axis], 0.0);
  return volume;
}
} // namespace csro
