// Ions counted in the cells of a map, those of all ranks.
#ifndef csroCellCounts_h
#define csroCellCounts_h

#include "parallel/FilterCall.h"

#include "csro/maps.h"

#include <vector>

namespace csro {
struct CellCounts {
  csro_map Map{};
  std::vector<int64_t> Counts; // [Map.cells]
};

// In cells of one side (nm) around the points. Collective.
CellCounts CountInCells(Call &call, const csro_points &points, double side);

// nm^3 of the points of all ranks, by their density in cells of 1 nm that have ions all around;
// NaN where there are none such. Collective.
double MeasureVolume(Call &call, const csro_points &points);
} // namespace csro

#endif
