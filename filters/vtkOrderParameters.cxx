#include "vtkOrderParameters.h"

#include "data/CellImage.h"
#include "data/FieldArrays.h"
#include "data/InputChecks.h"
#include "data/IonArrays.h"
#include "data/PeriodicBox.h"
#include "data/TableColumns.h"
#include "data/VoxelImage.h"
#include "parallel/DistributedOrderSearch.h"
#include "parallel/DistributedPole.h"
#include "parallel/Owned.h"
#include "parallel/PairGroups.h"

#include "csro/alpha_maps.h"
#include "csro/go_no_go.h"
#include "csro/maps.h"
#include "csro/order_parameters.h"
#include "csro/planes.h"

#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkPolyData.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

vtkStandardNewMacro(vtkOrderParameters);

namespace {
constexpr int BinsPerPlane = 10;
constexpr double DomainDiameter = 1.5; // nm, of the domains that limits are told in
} // namespace

// One execution.
struct vtkOrderParameters::Grid {
  csro_map Cells;
  csro::Failure Failure;
};

struct vtkOrderParameters::Measurement {
  csro::Call &Call;
  const vtkOrderParameters &Filter;
  csro_pole_map Map{};
  csro_planes Planes{};
  std::vector<double> Height{};   // of the ions of the view, in planes
  std::vector<double> Variance{}; // of each group about its planes, in planes^2
  std::vector<csro_order_parameter> Values{};
  csro_order_test Test{};
  std::vector<std::string> Names{}; // of the groups, from 1
  std::vector<double> Shares{};     // of them among the ranged ions
  int64_t Lacking = 0;
  int64_t Ions = 0;
  double Efficiency = 0; // that gives as many neighbours: csro/go_no_go.h

  csro_neighbour_bins Bins() const;
  int Count() const; // of values
  // Collective.
  void FindPlanes(const csro::IonView &ions);
  void Measure(csro::MemberIons &ions);
  void PutMaps(const csro::MemberIons &ions, vtkPointSet *input, vtkPolyData *output,
               vtkImageData *image) const;
  // On rank 0.
  void PutTable(vtkTable *table) const;
  void PutCurves(vtkTable *table) const;
  void PutGoNoGo(vtkTable *table) const;

private:
  void FindHeights(const csro::MemberIons &ions);
  std::string Describe(const csro_order_parameter &value) const;
  std::string Words(const csro_order_parameter &value) const;
  std::string Summary() const;
  size_t MostOrdered() const;
  const csro_order_parameter &At(size_t a, size_t b, int value) const {
    return this->Values[(a * this->Names.size() + b) * this->Count() + value];
  }
  std::string PairOf(const csro_order_parameter &value) const {
    return this->Names[value.a - 1] + "-" + this->Names[value.b - 1];
  }
  double WidthOfShells() const {
    return (this->Filter.Radii[1] - this->Filter.Radii[0]) / this->Filter.Shells;
  }
};

int vtkOrderParameters::Measurement::Count() const {
  switch (this->Filter.By) {
  case CSRO_NEIGHBOURS_SHELLS:
    return this->Filter.Shells;
  case CSRO_NEIGHBOURS_RANKED:
    return this->Filter.NearestNeighbours;
  default:
    return this->Filter.PlaneOffsets + 1;
  }
}

csro_neighbour_bins vtkOrderParameters::Measurement::Bins() const {
  const int count = this->Count();
  switch (this->Filter.By) {
  case CSRO_NEIGHBOURS_SHELLS:
    return {
        CSRO_NEIGHBOURS_SHELLS, count, this->Filter.Radii[0], this->Filter.Radii[1], 0, 0, nullptr};
  case CSRO_NEIGHBOURS_RANKED:
    return {CSRO_NEIGHBOURS_RANKED, count, 0, this->Filter.Reach, 0, 0, nullptr};
  default: // one plane beyond the last one
    return {
        CSRO_NEIGHBOURS_PLANES, (count + 1) * BinsPerPlane, 0, count + 1.0, this->Filter.Lateral,
        this->Planes.spacing,   this->Height.data()};
  }
}

void vtkOrderParameters::Measurement::FindPlanes(const csro::IonView &ions) {
  double bounds[6];
  csro::BoundsOfAll(this->Call, ions.Points, bounds);
  csro_pole_options options;
  csro_pole_options_init(&options);
  csro::FindPole(this->Call, ions.Points, ions.Label, bounds, options, this->Map);
  this->Call.RunLocal([&] {
    if (!this->Map.summary.found)
      this->Call.Fail(CSRO_ERROR_DATA, "the ions show no lattice planes across z: order parameters "
                                       "by plane offsets cannot be told, those by shells can");
  });
  csro::FitPlanes(this->Call, ions, this->Map.summary.spacing, &this->Map, this->Planes);
}

void vtkOrderParameters::Measurement::FindHeights(const csro::MemberIons &ions) {
  const csro_labelled_ions view = ions.View();
  this->Height.resize(view.points.count);
  for (int64_t i = 0; i < view.points.count; ++i) {
    double r[3];
    csro_points_get(&view.points, i, r);
    const int label = ions.LabelOf(i) <= this->Planes.labels ? ions.LabelOf(i) : 0;
    this->Height[i] = csro_planes_height(&this->Planes, r) - this->Planes.shift[label];
  }
  const double given = this->Filter.SigmaZ;
  const double sigma = given > 0 ? given : this->Planes.sigma_z;
  const double spacing2 = this->Planes.spacing * this->Planes.spacing;
  this->Variance.assign(1, sigma * sigma / spacing2);
  for (const csro::NamedLabels &group : ions.Groups()) {
    const int label = group.Labels[0];
    const double extra = given > 0 || label > this->Planes.labels ? 0 : this->Planes.extra[label];
    this->Variance.push_back(std::max(0.0, sigma * sigma + extra) / spacing2);
  }
}

void vtkOrderParameters::Measurement::Measure(csro::MemberIons &ions) {
  const bool planes = this->Filter.By == CSRO_NEIGHBOURS_PLANES;
  const csro_neighbour_bins wanted = this->Bins();
  ions.Distribute(csro_neighbour_reach(&wanted));
  csro_neighbour_counts counts{};
  const csro::Owned<csro_neighbour_counts_release> owner(&counts);
  this->Call.Stage(0.3, 0.95);
  this->Call.RunLocal([&] {
    if (planes)
      this->FindHeights(ions);
    const csro_neighbour_bins bins = this->Bins();
    const csro_labelled_ions view = ions.View();
    this->Call.Check(csro_neighbour_counts_make(this->Call.Context(), &view, &bins, &counts));
  });
  this->Call.Sum(counts.sums, counts.size);
  this->Call.RunLocal([&] {
    const size_t groups = ions.Groups().size();
    std::vector<int64_t> of(groups + 1);
    for (int part = 0; part < counts.parts; ++part)
      for (size_t group = 0; group <= groups; ++group) {
        of[group] += counts.ions[part * (groups + 1) + group];
        this->Ions += counts.ions[part * (groups + 1) + group];
      }
    for (size_t group = 1; group <= groups; ++group) {
      this->Names.push_back(ions.Groups()[group - 1].Name);
      this->Shares.push_back(static_cast<double>(of[group]) / static_cast<double>(this->Ions));
    }
    this->Lacking = counts.lacking[0];
    if (planes)
      this->Efficiency = csro_go_no_go_efficiency(&counts, BinsPerPlane, this->Filter.Lateral);
    this->Values.resize(groups * groups * this->Count());
    const csro_order_values values = {static_cast<csro_neighbour_kind>(this->Filter.By), 1,
                                      this->Count(), 1.0 / BinsPerPlane, this->Variance.data()};
    this->Call.Check(csro_order_parameters_make(this->Call.Context(), &counts, &values,
                                                this->Values.data(), &this->Test));
  });
}

std::string vtkOrderParameters::Measurement::Describe(const csro_order_parameter &value) const {
  char text[100];
  if (this->Filter.By == CSRO_NEIGHBOURS_SHELLS)
    std::snprintf(text, sizeof text, "%.3g to %.3g nm away",
                  this->Filter.Radii[0] + value.value * this->WidthOfShells(),
                  this->Filter.Radii[0] + (value.value + 1) * this->WidthOfShells());
  else if (this->Filter.By == CSRO_NEIGHBOURS_RANKED)
    std::snprintf(text, sizeof text, "%d nearest neighbour%s", value.value + 1,
                  value.value == 0 ? "" : "s");
  else if (value.value == 0)
    std::snprintf(text, sizeof text, "in the same plane");
  else
    std::snprintf(text, sizeof text, "%d plane%s apart", value.value, value.value == 1 ? "" : "s");
  return text;
}

std::string vtkOrderParameters::Measurement::Words(const csro_order_parameter &value) const {
  char text[CSRO_ORDER_PARAMETER_TEXT];
  const csro_domains_of_alpha domains = {this->Planes.spacing, this->Filter.Lateral, DomainDiameter,
                                         this->Shares[value.a - 1]};
  const bool told = this->Filter.By == CSRO_NEIGHBOURS_PLANES && value.a == value.b;
  csro_order_parameter_text(&value, (this->PairOf(value) + ", " + this->Describe(value)).c_str(),
                            this->Filter.Copies, told ? &domains : nullptr, text);
  return text;
}

std::string vtkOrderParameters::Measurement::Summary() const {
  char text[400];
  if (this->Filter.Copies < 2)
    return "Without two randomised copies nothing says whether there is order.";
  const csro_order_parameter &largest = this->Values[this->Test.at];
  std::snprintf(text, sizeof text,
                "Largest of %zu order parameters: %s, %s, |z| = %.3g from the mean of data and "
                "copies; in %d randomised copies "
                "the largest is %.3g (median), p = %.3g: %s.",
                this->Values.size(), this->PairOf(largest).c_str(), this->Describe(largest).c_str(),
                this->Test.all.largest, this->Filter.Copies, this->Test.all.median,
                this->Test.all.p,
                csro_members_verdict(this->Test.all.p, this->Filter.Copies,
                                     "more order than chance gives", "no evidence of order"));
  return text;
}

void vtkOrderParameters::Measurement::PutTable(vtkTable *table) const {
  csro::Columns columns(table);
  const std::vector<csro_order_parameter> &values = this->Values;
  const size_t rows = values.size();
  const auto numbers = [&](const char *name, double csro_order_parameter::*of) {
    columns.Numbers(name, rows, [&](size_t i) { return values[i].*of; });
  };
  columns.Texts("Pair", rows, [&](size_t i) { return this->PairOf(values[i]); });
  if (this->Filter.By == CSRO_NEIGHBOURS_SHELLS) {
    const double first = this->Filter.Radii[0], width = this->WidthOfShells();
    columns.Numbers("From_nm", rows, [&](size_t i) { return first + values[i].value * width; });
    columns.Numbers("To_nm", rows, [&](size_t i) { return first + (values[i].value + 1) * width; });
  } else if (this->Filter.By == CSRO_NEIGHBOURS_RANKED) {
    columns.Counts("NearestNeighbours", rows, [&](size_t i) { return values[i].value + 1; });
  } else {
    columns.Counts("Planes", rows, [&](size_t i) { return values[i].value; });
  }
  numbers("Alpha", &csro_order_parameter::alpha);
  numbers("Low", &csro_order_parameter::low);
  numbers("High", &csro_order_parameter::high);
  numbers("StandardError", &csro_order_parameter::error);
  numbers("Multicomponent", &csro_order_parameter::multicomponent);
  numbers("CopiesMean", &csro_order_parameter::mean);
  numbers("CopiesStdDev", &csro_order_parameter::deviation);
  numbers("Z", &csro_order_parameter::z);
  numbers("P", &csro_order_parameter::p);
  numbers("UpperLimit", &csro_order_parameter::limit);
  columns.Numbers("SmallestDetectable", rows,
                  [&](size_t i) { return CSRO_SMALLEST_ALPHA * values[i].deviation; });
  columns.Counts("Neighbours", rows,
                 [&](size_t i) { return static_cast<int64_t>(values[i].neighbours); });
  columns.Texts("Words", rows, [&](size_t i) { return this->Words(values[i]); });
  csro::PutTexts(table, "OrderParameters", {this->Summary()});
  csro::PutNumbers(table, "LargestZ", {this->Test.all.largest});
  csro::PutNumbers(table, "PValue", {this->Test.all.p});
  csro::PutCounts(table, "Ions", {this->Ions});
  csro::PutCounts(table, "IonsLackingNeighbours", {this->Lacking});
  if (this->Filter.By == CSRO_NEIGHBOURS_PLANES)
    csro::PutNumbers(table, "PlaneSpacing_nm", {this->Planes.spacing});
}

void vtkOrderParameters::Measurement::PutCurves(vtkTable *table) const {
  csro::Columns columns(table);
  const auto rows = static_cast<size_t>(this->Count());
  if (this->Filter.By == CSRO_NEIGHBOURS_SHELLS) {
    const double first = this->Filter.Radii[0], width = this->WidthOfShells();
    columns.Numbers("Distance_nm", rows,
                    [&](size_t i) { return first + (static_cast<double>(i) + 0.5) * width; });
  } else if (this->Filter.By == CSRO_NEIGHBOURS_RANKED) {
    columns.Counts("NearestNeighbours", rows, [](size_t i) { return static_cast<int64_t>(i) + 1; });
  } else {
    columns.Counts("Planes", rows, [](size_t i) { return static_cast<int64_t>(i); });
  }
  for (size_t a = 0; a < this->Names.size(); ++a)
    for (size_t b = a; b < this->Names.size(); ++b) {
      const std::string pair = csro::PairKey(this->Names[a] + "-" + this->Names[b]);
      const auto column = [&](const std::string &name, double csro_order_parameter::*of) {
        columns.Numbers(name + pair, rows,
                        [&](size_t i) { return this->At(a, b, static_cast<int>(i)).*of; });
      };
      column("Alpha_", &csro_order_parameter::alpha);
      column("Low_", &csro_order_parameter::low);
      column("High_", &csro_order_parameter::high);
      column("CopiesMean_", &csro_order_parameter::mean);
    }
}

// The species whose like pairs one plane apart are farthest from what the copies have.
size_t vtkOrderParameters::Measurement::MostOrdered() const {
  size_t most = 0;
  for (size_t g = 1; g < this->Names.size(); ++g)
    if (std::fabs(this->At(g, g, 1).z) > std::fabs(this->At(most, most, 1).z))
      most = g;
  return most;
}

// A curve for each efficiency of the table, for as many ions and this share of the species; and
// this data set, in a row of its own.
void vtkOrderParameters::Measurement::PutGoNoGo(vtkTable *table) const {
  csro_go_no_go map;
  csro_go_no_go_get(&map);
  const size_t species = this->MostOrdered();
  const csro_order_parameter &value = this->At(species, species, 1);
  const double own = std::sqrt(this->Variance[species + 1]), share = this->Shares[species];
  const double smallest = CSRO_SMALLEST_ALPHA * value.deviation;
  const csro_go_no_go_data data = {static_cast<double>(this->Ions), share, this->Filter.Lateral};
  std::vector<double> blur(map.blur, map.blur + map.blurs);
  const auto row = std::upper_bound(blur.begin(), blur.end(), own) - blur.begin();
  blur.insert(blur.begin() + row, own);
  csro::Columns columns(table);
  columns.Numbers("SigmaZ_nm", blur.size(),
                  [&](size_t i) { return blur[i] * this->Planes.spacing; });
  for (int e = 0; e < map.efficiencies; ++e) {
    const double efficiency = map.efficiency[e];
    columns.Numbers(
        "Alpha_at_" + std::to_string(std::lround(100 * efficiency)), blur.size(),
        [&](size_t i) { return csro_go_no_go_alpha(&map, blur[i], efficiency, &data); });
  }
  columns.Numbers("ThisDataSet", blur.size(),
                  [&](size_t i) { return static_cast<std::ptrdiff_t>(i) == row ? smallest : NAN; });
  char text[500];
  const double expected = csro_go_no_go_alpha(&map, own, this->Efficiency, &data);
  std::snprintf(
      text, sizeof text,
      "%s, 1 plane apart: with sigma_z = %.3g nm, neighbours as at an efficiency of %.2g "
      "and %lld ions |alpha| of %.2g or more is detectable (map: %.2g); found: %.3g (95 %%: %.3g "
      "to %.3g); with 95 %% |alpha| beyond chance is below %.2g.",
      this->PairOf(value).c_str(), own * this->Planes.spacing, this->Efficiency,
      static_cast<long long>(this->Ions), smallest, expected, value.alpha, value.low, value.high,
      value.limit);
  csro::PutTexts(table, "GoNoGo", {text});
  csro::PutNumbers(table, "Efficiency", {this->Efficiency});
  csro::PutNumbers(table, "SmallestDetectable", {smallest});
  csro::PutNumbers(table, "SmallestOfMap", {expected});
}

// Of the data, and of the first copy to compare with.
namespace {
void PutCells(csro::Call &call, const std::string &name, const std::vector<int64_t> &sums,
              vtkImageData *image) {
  const auto array =
      csro::MakeArray<vtkFloatArray>(call, name, 1, static_cast<vtkIdType>(sums.size() / 2));
  for (size_t i = 0; i < sums.size() / 2; ++i)
    array->SetValue(static_cast<vtkIdType>(i),
                    static_cast<float>(csro_alpha_of_cell(&sums[2 * i])));
  image->GetPointData()->AddArray(array);
  if (!image->GetPointData()->GetScalars())
    image->GetPointData()->SetActiveScalars(name.c_str());
}
} // namespace

void vtkOrderParameters::Measurement::PutMaps(const csro::MemberIons &ions, vtkPointSet *input,
                                              vtkPolyData *output, vtkImageData *image) const {
  csro::Call &call = this->Call;
  const csro_labelled_ions view = ions.View();
  const csro_neighbour_bins bins = this->Bins();
  const csro_map &cells = this->Filter.Found->Cells;
  const int of = this->Filter.MapOf, groups = view.groups;
  const bool planes = this->Filter.By == CSRO_NEIGHBOURS_PLANES;
  const bool ranked = this->Filter.By == CSRO_NEIGHBOURS_RANKED;
  const int first = planes   ? std::max(0, of * BinsPerPlane - BinsPerPlane / 2)
                    : ranked ? 0
                             : of - 1;
  const int last = planes ? of * BinsPerPlane + BinsPerPlane / 2 : of;
  std::vector<double> share(groups, 1);
  std::copy(this->Shares.begin(), this->Shares.end(), share.begin() + 1);
  std::vector<int64_t> cell;
  std::vector<uint16_t> near;
  std::vector<float> values;
  call.RunLocal([&] {
    near.resize(view.own * groups);
    values.resize(view.own);
    cell.resize(view.own);
    for (int64_t i = 0; i < view.own; ++i) {
      double r[3];
      csro_points_get(&view.points, i, r);
      cell[i] = csro_map_cell(&cells, r);
    }
    if (call.Rank() == 0)
      csro::ShapeCells(cells, image);
    output->SetPoints(input->GetPoints());
    output->GetPointData()->ShallowCopy(input->GetPointData());
    output->GetFieldData()->ShallowCopy(input->GetFieldData());
    csro::PutVertices(call, output);
  });
  const auto put = [&](const std::string &name) {
    const std::vector<float> all = ions.Return(values, input->GetNumberOfPoints(), NAN);
    call.RunLocal([&] {
      const auto array =
          csro::MakeArray<vtkFloatArray>(call, name, 1, static_cast<vtkIdType>(all.size()));
      std::copy(all.begin(), all.end(), array->GetPointer(0));
      output->GetPointData()->AddArray(array);
    });
  };
  for (int member = 0; member < std::min(2, view.members); ++member) {
    call.RunLocal([&] {
      call.Check(
          csro_neighbours_each(call.Context(), &view, &bins, first, last, member, near.data()));
    });
    const std::string whose = member == 0 ? "" : "Copy";
    for (int a = 1; a < groups; ++a)
      for (int b = a; b < groups; ++b) {
        const std::string pair = csro::PairKey(this->Names[a - 1] + "-" + this->Names[b - 1]);
        std::vector<int64_t> sums;
        call.RunLocal([&] {
          sums.resize(2 * cells.cells);
          csro_alpha_of_cells_add(&view, member, near.data(), a, b, share.data(), cell.data(),
                                  reinterpret_cast<int64_t(*)[2]>(sums.data()));
          for (int64_t i = 0; i < view.own; ++i)
            values[i] = static_cast<float>(csro_alpha_of_ion(view.group[i * view.members + member],
                                                             &near[i * groups], groups, a, b,
                                                             share.data()));
        });
        if (member == 0)
          put("Alpha_" + pair);
        call.Sum(sums.data(), static_cast<int64_t>(sums.size()));
        for (int64_t i = 0; i < view.own; ++i)
          values[i] =
              cell[i] < 0 ? NAN : static_cast<float>(csro_alpha_of_cell(&sums[2 * cell[i]]));
        put(whose + "CellAlpha_" + pair);
        call.RunLocal([&] {
          if (call.Rank() == 0)
            PutCells(call, whose + "CellAlpha_" + pair, sums, image);
        });
      }
  }
}

vtkOrderParameters::vtkOrderParameters() : Found(new Grid{}) {
  this->SetNumberOfOutputPorts(5);
  this->Expect("By", this->By, 0, 2);
  this->Expect("Radii", this->Radii, 0, 20, "nm");
  this->Expect("Shells", this->Shells, 1, 1000);
  this->Expect("NearestNeighbours", this->NearestNeighbours, 1, CSRO_NEAREST);
  this->Expect("Reach", this->Reach, 0.1, 20, "nm");
  this->Expect("PlaneOffsets", this->PlaneOffsets, 1, 24);
  this->Expect("Lateral", this->Lateral, 0.05, 5, "nm");
  this->Expect("SigmaZ", this->SigmaZ, 0, 1, "nm");
  this->Expect("Period", this->Period, 0, 1000, "nm");
  this->Expect("Maps", this->Maps, 0, 1);
  this->Expect("MapOf", this->MapOf, 0, 1000);
  this->Expect("CellSize", this->CellSize, 0.2, 100, "nm");
}

vtkOrderParameters::~vtkOrderParameters() {
  this->SetSpecies(nullptr);
}

void vtkOrderParameters::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Species: " << (this->Species ? this->Species : "(none)") << "\n"
     << indent << "By: " << this->By << "\n"
     << indent << "Radii: " << this->Radii[0] << " " << this->Radii[1] << "\n"
     << indent << "Shells: " << this->Shells << "\n"
     << indent << "NearestNeighbours: " << this->NearestNeighbours << "\n"
     << indent << "Reach: " << this->Reach << "\n"
     << indent << "PlaneOffsets: " << this->PlaneOffsets << "\n"
     << indent << "Lateral: " << this->Lateral << "\n"
     << indent << "SigmaZ: " << this->SigmaZ << "\n"
     << indent << "Period: " << this->Period[0] << " " << this->Period[1] << " " << this->Period[2]
     << "\n"
     << indent << "Maps: " << this->Maps << "\n"
     << indent << "MapOf: " << this->MapOf << "\n"
     << indent << "CellSize: " << this->CellSize << "\n";
}

int vtkOrderParameters::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port < 3    ? "vtkTable"
                                             : port == 3 ? "vtkPolyData"
                                                         : "vtkImageData");
  return 1;
}

void vtkOrderParameters::FindCells(vtkInformationVector **inputs) {
  csro::Call call(this);
  csro::DemandIons(inputs[0]->GetInformationObject(0));
  this->UpdateInput();
  const csro::Inputs checked(call, this, inputs);
  double bounds[6];
  csro::BoundsOfAll(call, csro::ViewPoints(vtkPointSet::GetData(checked.Get()[0])).Points, bounds);
  call.RunLocal([&] {
    if (bounds[0] <= bounds[1])
      call.Check(csro_map_init(call.Context(), bounds, this->CellSize, -1, &this->Found->Cells));
  });
}

// The extent of the image is known only with the ions, as in vtkVoxelizeAPT.
void vtkOrderParameters::RequestInformation(vtkInformationVector **inputs,
                                            vtkInformationVector *outputs) {
  *this->Found = Grid{};
  try {
    if (this->Maps)
      this->FindCells(inputs);
  } catch (const csro::Failure &failure) {
    this->Found->Failure = failure;
  }
  if (this->Found->Failure.Status != CSRO_OK)
    this->Found->Cells = csro_map{};
  csro::AnnounceCells(this->Found->Cells, outputs->GetInformationObject(4));
  AnnouncePieces(outputs);
}

void vtkOrderParameters::RequestUpdateExtent(vtkInformationVector **inputs,
                                             vtkInformationVector *) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
}

void vtkOrderParameters::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                     vtkInformationVector *outputs) {
  call.RunLocal([&] {
    if (this->Found->Failure.Status != CSRO_OK)
      throw this->Found->Failure;
  });
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  const csro::OrderedIons ions(call, input);
  const bool planes = this->By == CSRO_NEIGHBOURS_PLANES;
  csro::MemberSettings settings = this->CopySettings();
  const std::array<double, 9> edges = csro::SharedBox(call, input);
  const std::array<double, 3> box = csro::PeriodsOfBox(edges);
  std::copy_n(this->Period, 3, settings.Period.begin());
  if (!planes && settings.Period == std::array<double, 3>{})
    settings.Period = box;
  const bool tilted =
      !planes && edges != std::array<double, 9>{} && settings.Period == std::array<double, 3>{};
  if (tilted && call.Rank() == 0)
    vtkWarningMacro(<< "the periodic box is tilted, with the edges " << csro::EdgesInWords(edges)
                    << ": it is not used here, and ions near its faces have too few neighbours; an "
                       "upright box of the same configuration has them all");
  call.RunLocal([&] {
    if (!(this->Radii[1] > this->Radii[0]))
      call.Fail(CSRO_ERROR_ARGUMENT, "Radii: the second is not larger than the first");
    if (planes && (this->Period[0] > 0 || this->Period[1] > 0 || this->Period[2] > 0))
      call.Fail(CSRO_ERROR_ARGUMENT,
                "Period is for shells and nearest neighbours: expected 0, 0, 0 "
                "with plane offsets");
    const int most = planes                               ? this->PlaneOffsets
                     : this->By == CSRO_NEIGHBOURS_RANKED ? this->NearestNeighbours
                                                          : this->Shells;
    if (this->Maps && (this->MapOf > most || this->MapOf < (planes ? 0 : 1)))
      call.Fail(CSRO_ERROR_ARGUMENT, "MapOf is " + std::to_string(this->MapOf) + ", expected " +
                                         (planes ? "0" : "1") + " to " + std::to_string(most) +
                                         ", as many as are measured");
    if (this->Maps && settings.Period != std::array<double, 3>{})
      call.Fail(CSRO_ERROR_ARGUMENT, "Maps are not for a periodic box");
    settings.Groups =
        csro::ParseSpecies(call, this->Species ? this->Species : "", CSRO_GROUPS - 1, ions.Species);
    settings.Parts = 32; // for the jackknife
  });
  csro::MemberIons members(call, ions.View, ions.Species, settings);
  Measurement measurement{call, *this};
  const csro::Owned<csro_pole_map_release> map(&measurement.Map);
  const csro::Owned<csro_planes_release> fitted(&measurement.Planes);
  call.Stage(0.2, 0.3);
  if (planes)
    measurement.FindPlanes(ions.View);
  measurement.Measure(members);
  if (this->Maps)
    measurement.PutMaps(members, ions.Sorted, vtkPolyData::GetData(outputs, 3),
                        vtkImageData::GetData(outputs, 4));
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    measurement.PutTable(vtkTable::GetData(outputs, 0));
    measurement.PutCurves(vtkTable::GetData(outputs, 1));
    if (planes)
      measurement.PutGoNoGo(vtkTable::GetData(outputs, 2));
  });
}
