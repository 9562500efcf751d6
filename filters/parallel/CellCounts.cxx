#include "parallel/CellCounts.h"

#include "parallel/Distribution.h"

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
} // namespace csro
