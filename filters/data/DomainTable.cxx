#include "data/DomainTable.h"

#include "csro/composition.h"
#include "csro/domains.h"

#include <vtkIdTypeArray.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>

#include <algorithm>

namespace csro {
void PutDomains(Call &call, const std::vector<int64_t> &labels, const std::vector<int64_t> &sizes,
                vtkPolyData *output) {
  const auto count = static_cast<vtkIdType>(labels.size());
  const auto id = MakeArray<vtkIdTypeArray>(call, "DomainId", 1, count);
  const auto size = MakeArray<vtkIdTypeArray>(call, "DomainSize", 1, count);
  std::copy(labels.begin(), labels.end(), id->GetPointer(0));
  std::copy(sizes.begin(), sizes.end(), size->GetPointer(0));
  output->GetPointData()->AddArray(id);
  output->GetPointData()->AddArray(size);
  output->GetPointData()->SetActiveScalars("DomainId");
}

void DomainTable::Measure(Call &call, const IonView &ions, int64_t count) {
  const size_t species = this->Species.size();
  this->Rows.resize(count);
  this->Composition.resize(count * species);
  call.Check(csro_domains_measure(call.Context(), &ions.Points, this->Labels.data(), count,
                                  species > 0 ? ions.Label : nullptr, static_cast<int>(species),
                                  this->Rows.data(), this->Composition.data()));
}

void DomainTable::PutLabels(Call &call, vtkPolyData *output) const {
  std::vector<int64_t> sizes;
  for (const int64_t label : this->Labels)
    sizes.push_back(label < 0 ? 0 : this->Rows[label].size);
  PutDomains(call, this->Labels, sizes, output);
}

void DomainTable::PutFirst(Columns &columns) const {
  const size_t rows = this->Rows.size();
  columns.Counts("Domain", rows, [](size_t i) { return static_cast<int64_t>(i); });
  columns.Counts("Size", rows, [&](size_t i) { return this->Rows[i].size; });
}

void DomainTable::PutRest(Columns &columns) const {
  const std::vector<std::string> &names = this->Species;
  const size_t rows = this->Rows.size();
  const auto number = [&](const std::string &name, auto value) {
    columns.Numbers(name, rows, [&](size_t i) { return value(this->Rows[i]); });
  };
  static const char *const axes[3] = {"X", "Y", "Z"};
  const auto each = [&](const std::string &name, auto value) {
    for (int axis = 0; axis < 3; ++axis)
      number(name + axes[axis] + "_nm", [=](const csro_domain &row) { return value(row, axis); });
  };
  if (!names.empty())
    columns.Counts("Ranged", rows, [&](size_t i) {
      return this->Rows[i].size - this->Composition[i * names.size()];
    });
  for (size_t species = 0; species < names.size(); ++species)
    columns.Counts("Count_" + names[species], rows,
                   [&](size_t i) { return this->Composition[i * names.size() + species]; });
  each("Center", [](const csro_domain &row, int axis) { return row.center[axis]; });
  each("Extent", [](const csro_domain &row, int axis) { return row.extent[axis]; });
  each("Rg", [](const csro_domain &row, int axis) { return row.gyration_axes[axis]; });
  for (int axis = 0; axis < 3; ++axis)
    number("Rg" + std::to_string(axis + 1) + "_nm",
           [=](const csro_domain &row) { return row.gyration[axis]; });
  for (int axis = 0; axis < 3; ++axis)
    number("Extent" + std::to_string(axis + 1) + "_nm",
           [=](const csro_domain &row) { return row.reach[axis]; });
  for (int which = 0; which < 3; ++which)
    for (int axis = 0; axis < 3; ++axis)
      number("Axis" + std::to_string(which + 1) + axes[axis],
             [=](const csro_domain &row) { return row.axis[which][axis]; });
  number("Rg_nm", [](const csro_domain &row) { return row.radius; });
  number("GuinierRadius_nm", [](const csro_domain &row) { return row.guinier; });
  number("VolumeRg_nm3", [](const csro_domain &row) { return row.gyration_volume; });
  number("VolumeExtent_nm3", [](const csro_domain &row) { return row.extent_volume; });
  number("AspectRatio", [](const csro_domain &row) { return row.aspect_ratio; });
  number("Oblateness", [](const csro_domain &row) { return row.oblateness; });
  columns.Texts("Shape", rows, [&](size_t i) { return csro_domain_shape(&this->Rows[i]); });
  each("Span", [](const csro_domain &row, int axis) { return row.hi[axis] - row.lo[axis]; });
  this->PutFractions(columns);
}

// The composition: ions of each species among the ranged ions of the domain.
void DomainTable::PutFractions(Columns &columns) const {
  const std::vector<std::string> &names = this->Species;
  if (names.size() < 2)
    return;
  const size_t ranged = names.size() - 1;
  std::vector<csro_fraction> fractions(this->Rows.size() * ranged);
  for (size_t i = 0; i < this->Rows.size(); ++i)
    csro_ion_fractions(&this->Composition[i * names.size()], static_cast<int>(ranged),
                       &fractions[i * ranged]);
  for (size_t species = 0; species < ranged; ++species)
    columns.Numbers("Fraction_" + names[species + 1], this->Rows.size(),
                    [&](size_t i) { return fractions[i * ranged + species].value; });
}
} // namespace csro
