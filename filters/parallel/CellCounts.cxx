#include "parallel/CellCounts.h"

#include "parallel/Distribution.h"

#include <cmath>

namespace csro {
CellCounts CountInCells(Call &call, const csro_points &points, double side) {
  CellCounts cells;
  double bounds[6];
  BoundsOfAll(call, points, bounds);
  call.RunLocal([&] { call.Check(csro_map_init(call.Context(), bounds, side, -1, &cells.Map)); });
  call.Reserve(sizeof(int64_t) * static_cast<double>(cells.Map.cells), "cells around the ions",
               "take fewer ions, as by Clip");
  call.RunLocal([&] {
    cells.Counts.resize(cells.Map.cells);
    call.Check(
        csro_map_count(call.Context(), &cells.Map, &points, nullptr, nullptr, cells.Counts.data()));
  });
  call.Sum(cells.Counts.data(), cells.Map.cells);
  return cells;
}

double MeasureVolume(Call &call, const csro_points &points) {
  constexpr double side = 1; // nm
  const CellCounts cells = CountInCells(call, points, side);
  int64_t inside[2] = {0, 0}; // ions, cells
  double ions = 0;
  for (int64_t cell = 0; cell < cells.Map.cells; ++cell) {
    ions += static_cast<double>(cells.Counts[cell]);
    if (!csro_map_is_inside(&cells.Map, cells.Counts.data(), cell))
      continue;
    inside[0] += cells.Counts[cell];
    ++inside[1];
  }
  return inside[0] > 0 ? ions * side * side * side * static_cast<double>(inside[1]) /
                             static_cast<double>(inside[0])
                       : NAN;
}
} // namespace csro
