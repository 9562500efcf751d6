#include "vtkSpatialMaps.h"

#include "data/FieldArrays.h"
#include "data/MemberRows.h"
#include "parallel/Owned.h"
#include "parallel/PairGroups.h"

#include "csro/radial_distribution.h"
#include "csro/spatial_map.h"

#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkStreamingDemandDrivenPipeline.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

vtkStandardNewMacro(vtkSpatialMaps);

namespace {
// Whether a map of this kind has x, y, z.
constexpr bool HasAxis[7][3] = {{false, false, true}, {true, false, false}, {false, true, false},
                                {true, true, false},  {true, false, true},  {false, true, true},
                                {true, true, true}};
constexpr const char *AxisNames[3] = {"dx_nm", "dy_nm", "dz_nm"};
} // namespace

// One execution.
struct vtkSpatialMaps::Measurement {
  csro::Call &Call;
  const vtkSpatialMaps &Filter;
  const csro::PairGroups &Pairs;
  csro_spatial_options Options{};
  csro_spatial_map Map{};
  csro::MemberRows Rows{}; // [pairs][cells]

  Measurement(csro::Call &call, const vtkSpatialMaps &filter, const csro::PairGroups &pairs)
      : Call(call), Filter(filter), Pairs(pairs), Options(filter.MapOptions()) {
    this->Options.pairs = pairs.Count();
    this->Options.pair = pairs.Of.data();
  }
  // Collective.
  void Measure(csro::MemberIons &ions);
  // On rank 0.
  void PutTable(vtkTable *table) const;
  void PutCurve(vtkTable *table) const;
  void PutImage(vtkImageData *image) const;

private:
  bool Has(int axis) const {
    return HasAxis[this->Filter.Axes][axis];
  }
  double Middle(int64_t cell, int axis) const; // nm
  double Count(size_t pair, int member, int64_t cell) const {
    const int64_t of = static_cast<int64_t>(pair) * this->Map.members + member;
    return static_cast<double>(this->Map.of[of * this->Map.cells + cell]);
  }
  double Expected(size_t pair, int64_t cell) const {
    const csro_group_pair &of = this->Pairs.Of[pair];
    return csro_label_expectation(this->Map.ions, this->Map.groups, of.from, of.to,
                                  static_cast<double>(this->Map.all[cell]));
  }
  double Sum(size_t pair) const;
  // The cell of a pair with the largest |z|; -1 without any.
  int64_t Farthest(size_t pair) const;
};

void vtkSpatialMaps::Measurement::Measure(csro::MemberIons &ions) {
  double cells = 1;
  for (int a = 0; a < 3; ++a)
    cells *= csro_spatial_cells(&this->Options, a);
  const double maps = 2.0 * this->Call.Context()->threads + 2;
  this->Call.Reserve(8 * cells * (1.0 + this->Options.pairs * ions.Members()) * maps,
                     "the maps of all pairs and copies", "take fewer Cells, Pairs or Copies");
  ions.Distribute(csro_spatial_reach(&this->Options));
  this->Call.Stage(0.25, 0.95);
  this->Call.RunLocal([&] {
    const csro_labelled_ions view = ions.View();
    this->Call.Check(
        csro_spatial_map_make(this->Call.Context(), &view, &this->Options, &this->Map));
  });
  this->Call.Sum(this->Map.sums, this->Map.size);
  this->Call.RunLocal([&] {
    if (this->Call.Rank() != 0)
      return;
    const size_t rows = this->Pairs.Pairs.size() * static_cast<size_t>(this->Map.cells);
    this->Rows = csro::CompareRows(rows, this->Map.members, [&](size_t row, int member) {
      return this->Count(row / this->Map.cells, member,
                         static_cast<int64_t>(row) % this->Map.cells);
    });
  });
}

double vtkSpatialMaps::Measurement::Middle(int64_t cell, int axis) const {
  for (int a = 0; a < axis; ++a)
    cell /= csro_spatial_cells(&this->Options, a);
  const int64_t at = cell % csro_spatial_cells(&this->Options, axis) - this->Options.half[axis];
  return static_cast<double>(at) * csro_spatial_width(&this->Options, axis);
}

double vtkSpatialMaps::Measurement::Sum(size_t pair) const {
  double sum = 0;
  for (int64_t cell = 0; cell < this->Map.cells; ++cell)
    sum += this->Count(pair, 0, cell);
  return sum;
}

int64_t vtkSpatialMaps::Measurement::Farthest(size_t pair) const {
  double largest = -1;
  int64_t at = -1;
  for (int64_t cell = 0; cell < this->Map.cells; ++cell) {
    const double z = std::abs(this->Rows.Values[pair * this->Map.cells + cell].z);
    if (z > largest) {
      largest = z;
      at = cell;
    }
  }
  return at;
}

void vtkSpatialMaps::Measurement::PutTable(vtkTable *table) const {
  const size_t rows = this->Pairs.Pairs.size();
  std::vector<int64_t> at;
  for (size_t pair = 0; pair < rows; ++pair)
    at.push_back(this->Farthest(pair));
  csro::Columns columns(table);
  columns.Texts("Pair", rows, [&](size_t row) { return this->Pairs.Pairs[row].Typed; });
  columns.Counts("Pairs", rows, [&](size_t row) { return std::llround(this->Sum(row)); });
  columns.Numbers("LargestZ", rows, [&](size_t row) {
    return at[row] < 0 ? NAN : this->Rows.Values[row * this->Map.cells + at[row]].z;
  });
  for (int a = 0; a < 3; ++a)
    if (this->Has(a))
      columns.Numbers(std::string("LargestZ_") + AxisNames[a], rows,
                      [&](size_t row) { return at[row] < 0 ? NAN : this->Middle(at[row], a); });
  std::string where = this->Pairs.Pairs[this->Rows.At / this->Map.cells].Typed;
  for (int a = 0; a < 3; ++a)
    if (this->Has(a)) {
      char text[50];
      const auto cell = static_cast<int64_t>(this->Rows.At) % this->Map.cells;
      std::snprintf(text, sizeof text, ", d%c = %.3g nm", "xyz"[a], this->Middle(cell, a));
      where += text;
    }
  csro::PutVerdict(this->Rows, "SpatialMaps",
                   csro::DescribeComparison(this->Rows, this->Map.members, "numbers of pairs",
                                            where, "ions are not at random"),
                   table);
}

void vtkSpatialMaps::Measurement::PutCurve(vtkTable *table) const {
  if (this->Filter.Axes > 2)
    return;
  const auto rows = static_cast<size_t>(this->Map.cells);
  const int axis = this->Has(2) ? 2 : this->Has(0) ? 0 : 1;
  csro::Columns columns(table);
  const auto cell = [](size_t row) { return static_cast<int64_t>(row); };
  columns.Numbers(AxisNames[axis], rows, [&](size_t row) { return this->Middle(cell(row), axis); });
  for (size_t pair = 0; pair < this->Pairs.Pairs.size(); ++pair) {
    const std::string key = this->Pairs.Key(pair);
    columns.Numbers("Pairs_" + key, rows,
                    [&](size_t row) { return this->Count(pair, 0, cell(row)); });
    columns.Numbers("Expected_" + key, rows,
                    [&](size_t row) { return this->Expected(pair, cell(row)); });
    const auto extreme = [&](size_t row, bool high) {
      double found = this->Count(pair, 1, cell(row));
      for (int m = 2; m < this->Map.members; ++m) {
        const double other = this->Count(pair, m, cell(row));
        found = high ? std::max(found, other) : std::min(found, other);
      }
      return found;
    };
    if (this->Map.members < 2)
      continue;
    columns.Numbers("CopiesLow_" + key, rows, [&](size_t row) { return extreme(row, false); });
    columns.Numbers("CopiesHigh_" + key, rows, [&](size_t row) { return extreme(row, true); });
  }
}

void vtkSpatialMaps::Measurement::PutImage(vtkImageData *image) const {
  double origin[3], spacing[3];
  int extent[6];
  this->Filter.Shape(extent, origin, spacing);
  image->SetExtent(extent);
  image->SetOrigin(origin);
  image->SetSpacing(spacing);
  const auto put = [&](const std::string &name, size_t pair, auto &&value) {
    const auto array = csro::MakeArray<vtkDoubleArray>(this->Call, name + this->Pairs.Key(pair), 1,
                                                       this->Map.cells);
    for (int64_t cell = 0; cell < this->Map.cells; ++cell)
      array->SetValue(cell, value(cell));
    image->GetPointData()->AddArray(array);
  };
  for (size_t pair = 0; pair < this->Pairs.Pairs.size(); ++pair) {
    put("Pairs_", pair, [&](int64_t cell) { return this->Count(pair, 0, cell); });
    put("Ratio_", pair, [&](int64_t cell) {
      const double expected = this->Expected(pair, cell);
      return expected > 0 ? this->Count(pair, 0, cell) / expected : 1;
    });
    if (this->Map.members > 2)
      put("Z_", pair, [&](int64_t cell) {
        const double z = this->Rows.Values[pair * this->Map.cells + cell].z;
        return std::isnan(z) ? 0 : z;
      });
  }
  image->GetPointData()->SetActiveScalars(("Pairs_" + this->Pairs.Key(0)).c_str());
}

vtkSpatialMaps::vtkSpatialMaps() {
  this->SetNumberOfOutputPorts(3);
  this->Expect("Axes", this->Axes, 0, 6);
  this->Expect("Extent", this->Extent, 0.05, 20, "nm");
  this->Expect("Cells", this->Cells, 1, 1000);
  this->Expect("Lateral", this->Lateral, 0.01, 20, "nm");
  this->Expect("Thickness", this->Thickness, 0.01, 20, "nm");
  this->Expect("Period", this->Period, 0, 1000, "nm");
}

vtkSpatialMaps::~vtkSpatialMaps() {
  this->SetPairs(nullptr);
}

void vtkSpatialMaps::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Pairs: " << (this->Pairs ? this->Pairs : "(none)") << "\n"
     << indent << "Axes: " << this->Axes << "\n"
     << indent << "Extent: " << this->Extent << "\n"
     << indent << "Cells: " << this->Cells << "\n"
     << indent << "Lateral: " << this->Lateral << "\n"
     << indent << "Thickness: " << this->Thickness << "\n"
     << indent << "Period: " << this->Period[0] << " " << this->Period[1] << " " << this->Period[2]
     << "\n";
}

csro_spatial_options vtkSpatialMaps::MapOptions() const {
  csro_spatial_options options{};
  for (int a = 0; a < 3; ++a) {
    const bool shown = HasAxis[this->Axes][a];
    options.half[a] = shown ? this->Cells : 0;
    options.limit[a] = shown ? this->Extent : a == 2 ? this->Thickness : this->Lateral;
  }
  return options;
}

void vtkSpatialMaps::Shape(int extent[6], double origin[3], double spacing[3]) const {
  const csro_spatial_options options = this->MapOptions();
  for (int a = 0; a < 3; ++a) {
    extent[2 * a] = 0;
    extent[2 * a + 1] = 2 * options.half[a];
    spacing[a] = csro_spatial_width(&options, a);
    origin[a] = -options.half[a] * spacing[a];
  }
}

int vtkSpatialMaps::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 2 ? "vtkImageData" : "vtkTable");
  return 1;
}

void vtkSpatialMaps::RequestInformation(vtkInformationVector **, vtkInformationVector *outputs) {
  double origin[3], spacing[3];
  int extent[6];
  this->Shape(extent, origin, spacing);
  vtkInformation *image = outputs->GetInformationObject(2);
  image->Set(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT(), extent, 6);
  image->Set(vtkDataObject::ORIGIN(), origin, 3);
  image->Set(vtkDataObject::SPACING(), spacing, 3);
  AnnouncePieces(outputs);
}

void vtkSpatialMaps::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                 vtkInformationVector *outputs) {
  const csro::OrderedIons ions(call, vtkPointSet::GetData(inputs[0]));
  const csro::PairGroups pairs(call, ions, this->Pairs);
  Measurement measurement(call, *this, pairs);
  const csro::Owned<csro_spatial_map_release> owner(&measurement.Map);
  csro::MemberSettings settings = this->CopySettings();
  settings.Groups = pairs.Groups;
  std::copy_n(this->Period, 3, settings.Period.begin());
  csro::MemberIons members(call, ions.View, ions.Species, settings);
  measurement.Measure(members);
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    measurement.PutTable(vtkTable::GetData(outputs, 0));
    measurement.PutCurve(vtkTable::GetData(outputs, 1));
    measurement.PutImage(vtkImageData::GetData(outputs, 2));
  });
}
