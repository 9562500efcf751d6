#include "vtkFindPole.h"

#include "data/FieldArrays.h"
#include "data/IonArrays.h"
#include "data/PeriodicBox.h"
#include "data/TableColumns.h"
#include "parallel/DistributedPole.h"
#include "parallel/Distribution.h"
#include "parallel/Owned.h"

#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkIdTypeArray.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkTable.h>

#include <cmath>
#include <limits>

vtkStandardNewMacro(vtkFindPole);

namespace {
constexpr double NoNumber = std::numeric_limits<double>::quiet_NaN();
constexpr double Degree = 3.14159265358979323846 / 180;

double LengthOf(const double v[3]) {
  return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

// The rotation about the middle of the crop; the identity without planes.
std::vector<double> MatrixOf(const csro_pole_summary &found) {
  std::vector<double> matrix(16, 0.0);
  for (size_t i = 0; i < 4; ++i)
    matrix[5 * i] = 1;
  if (!found.found)
    return matrix;
  double center[3], rows[4][4];
  for (int a = 0; a < 3; ++a)
    center[a] = (found.crop[2 * a] + found.crop[2 * a + 1]) / 2;
  csro_pole_rotation(found.wave, center, rows);
  for (size_t i = 0; i < 16; ++i)
    matrix[i] = rows[i / 4][i % 4];
  return matrix;
}

// Float32 stays float32, all else becomes double.
void Rotate(csro::Call &call, vtkPointSet *input, const std::vector<double> &matrix,
            vtkPolyData *output) {
  vtkSmartPointer<vtkDataArray> from = input->GetPoints()->GetData();
  const int type = from->GetDataType();
  if (!from->HasStandardMemoryLayout() || (type != VTK_FLOAT && type != VTK_DOUBLE)) {
    from = csro::MakeArray(call, VTK_DOUBLE, "Points", 3, input->GetNumberOfPoints());
    from->DeepCopy(input->GetPoints()->GetData());
  }
  const csro_points points = {from->GetVoidPointer(0), from->GetDataType() == VTK_DOUBLE,
                              input->GetNumberOfPoints()};
  double rows[4][4];
  for (size_t i = 0; i < 16; ++i)
    rows[i / 4][i % 4] = matrix[i];
  const auto to = csro::MakeArray(call, from->GetDataType(), "Points", 3, points.count);
  csro_pole_rotate(call.Context(), &points, rows, to->GetVoidPointer(0));
  vtkNew<vtkPoints> turned;
  turned->SetData(to);
  output->SetPoints(turned);
}

void PutMap(csro::Call &call, const csro_pole_map &map, vtkPolyData *output) {
  const int64_t count = map.blocks ? map.n[0] * map.n[1] * map.n[2] : 0;
  std::vector<const csro_pole_block *> shown;
  for (int64_t b = 0; b < count; ++b)
    if (map.blocks[b].ions > 0)
      shown.push_back(&map.blocks[b]);
  const auto rows = static_cast<vtkIdType>(shown.size());
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  points->SetNumberOfPoints(rows);
  const auto wave = csro::MakeArray<vtkDoubleArray>(call, "PlaneNormal", 3, rows);
  const auto spacing = csro::MakeArray<vtkDoubleArray>(call, "PlaneSpacing_nm", 1, rows);
  const auto tilt = csro::MakeArray<vtkDoubleArray>(call, "Tilt_deg", 1, rows);
  const auto coherence = csro::MakeArray<vtkDoubleArray>(call, "Coherence", 1, rows);
  const auto orientation = csro::MakeArray<vtkIdTypeArray>(call, "Orientation", 1, rows);
  const auto ions = csro::MakeArray<vtkIdTypeArray>(call, "IonCount", 1, rows);
  const auto number = csro::MakeArray<vtkIdTypeArray>(call, "BlockId", 1, rows);
  for (vtkIdType i = 0; i < rows; ++i) {
    const csro_pole_block &block = *shown[i];
    const double length = LengthOf(block.wave), *k = block.wave;
    const bool has = block.resolved;
    points->SetPoint(i, block.center);
    for (int a = 0; a < 3; ++a)
      wave->SetComponent(i, a, has ? k[a] / length : 0);
    spacing->SetValue(i, has ? 1 / length : NoNumber);
    tilt->SetValue(i, has ? std::atan2(std::hypot(k[0], k[1]), k[2]) / Degree : NoNumber);
    coherence->SetValue(i, block.coherence);
    orientation->SetValue(i, block.orientation);
    ions->SetValue(i, block.ions);
    number->SetValue(i, &block - map.blocks);
  }
  output->SetPoints(points);
  for (vtkDataArray *array :
       {static_cast<vtkDataArray *>(wave), static_cast<vtkDataArray *>(spacing),
        static_cast<vtkDataArray *>(tilt), static_cast<vtkDataArray *>(coherence),
        static_cast<vtkDataArray *>(orientation), static_cast<vtkDataArray *>(ions),
        static_cast<vtkDataArray *>(number)})
    output->GetPointData()->AddArray(array);
  output->GetPointData()->SetActiveScalars("PlaneSpacing_nm");
  csro::PutVertices(call, output);
}

// Numbers of planes that were not found are NaN.
void PutTable(const csro_pole_summary &s, vtkTable *table) {
  csro::Columns columns(table);
  const auto number = [&](const char *name, double value, bool isKnown) {
    columns.Numbers(name, 1, [&](size_t) { return isKnown ? value : NoNumber; });
  };
  const bool mapped = s.orientations > 0;
  const bool bent = std::isfinite(s.curvature_error);
  columns.Counts("Found", 1, [&](size_t) { return s.found; });
  number("PlaneSpacing_nm", s.spacing, s.found);
  number("PlaneSpacingError_nm", s.spacing_error, s.found);
  number("Tilt_deg", s.tilt, s.found);
  number("TiltX_deg", s.tilt_x, s.found);
  number("TiltY_deg", s.tilt_y, s.found);
  number("TiltError_deg", s.tilt_error, s.found);
  number("SigmaZ_nm", s.sigma_z, mapped);
  number("Coherence", s.coherence, mapped);
  number("Share", s.share, true);
  number("RadiusOfCurvature_nm", 1 / s.curvature, mapped && bent && s.curvature != 0);
  number("Curvature_per_nm", s.curvature, mapped && bent);
  number("CurvatureError_per_nm", s.curvature_error, mapped && bent);
  number("SpacingDrift_percent_per_nm", 100 * s.drift, mapped && bent);
  number("SpacingDriftError_percent_per_nm", 100 * s.drift_error, mapped && bent);
  columns.Counts("Orientations", 1, [&](size_t) { return s.orientations; });
  number("Kink_deg", s.kink, s.orientations > 1);
  number("SecondShare", s.second_share, s.orientations > 1);
  for (int side = 0; side < 6; ++side) {
    static const char *const names[] = {"CropXMin_nm", "CropXMax_nm", "CropYMin_nm",
                                        "CropYMax_nm", "CropZMin_nm", "CropZMax_nm"};
    number(names[side], s.crop[side], mapped);
  }
  number("CropShare", s.crop_share, mapped);
  number("AxisX_nm", s.axis[0], s.found);
  number("AxisY_nm", s.axis[1], s.found);
  number("AxisCoherence", s.axis_coherence, s.found);
  number("Block_nm", s.block, s.found);
  number("LnChance", s.log_chance, true);
  columns.Counts("Ions", 1, [&](size_t) { return s.ions; });
}

void PutPoles(const csro_pole_map &map, vtkTable *table) {
  csro::Columns columns(table);
  const auto number = [&](const char *name, auto value) {
    columns.Numbers(name, static_cast<size_t>(map.pole_count),
                    [&](size_t i) { return value(map.poles[i]); });
  };
  number("PlaneSpacing_nm", [](const auto &p) { return 1 / LengthOf(p.wave); });
  number("Tilt_deg", [](const auto &p) {
    return std::atan2(std::hypot(p.wave[0], p.wave[1]), p.wave[2]) / Degree;
  });
  number("Azimuth_deg", [](const auto &p) { return std::atan2(p.wave[1], p.wave[0]) / Degree; });
  number("NormalX", [](const auto &p) { return p.wave[0] / LengthOf(p.wave); });
  number("NormalY", [](const auto &p) { return p.wave[1] / LengthOf(p.wave); });
  number("NormalZ", [](const auto &p) { return p.wave[2] / LengthOf(p.wave); });
  number("Coherence", [](const auto &p) { return p.coherence; });
  number("LnChance", [](const auto &p) { return p.log_chance; });
}
} // namespace

vtkFindPole::vtkFindPole() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(4);
  this->Expect("SpacingRange", this->SpacingRange, 0.05, 1, "nm");
  this->Expect("LargestTilt", this->LargestTilt, 0, 15, "degrees");
}

void vtkFindPole::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "SpacingRange: " << this->SpacingRange[0] << " " << this->SpacingRange[1] << "\n"
     << indent << "LargestTilt: " << this->LargestTilt << "\n"
     << indent << "Align: " << this->Align << "\n"
     << indent << "AllDirections: " << this->AllDirections << "\n";
}

void vtkFindPole::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkFindPole::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port < 2 ? "vtkPolyData" : "vtkTable");
  return 1;
}

void vtkFindPole::RequestData(csro::Call &call, vtkInformationVector **inputs,
                              vtkInformationVector *outputs) {
  vtkPointSet *input = vtkPointSet::GetData(inputs[0]);
  vtkPolyData *output = vtkPolyData::GetData(outputs, 0);
  csro::RemoveBox(output); // the ions are turned and cut
  csro::IonView ions;
  call.RunLocal([&] { ions = csro::ViewIons(call, input); });
  constexpr double bytes = 40; // turned positions, vertices, cells
  call.Reserve(bytes * static_cast<double>(input->GetNumberOfPoints()), "the waves of the ions",
               "take fewer ions, as by Clip");
  const csro_pole_options options = {
      {this->SpacingRange[0], this->SpacingRange[1]}, this->LargestTilt, this->AllDirections};
  csro_pole_map map{};
  double bounds[6];
  csro::BoundsOfAll(call, ions.Points, bounds);
  csro::FindPole(call, ions.Points, ions.Label, bounds, options, map);
  const csro::Owned<csro_pole_map_release> owner(&map);
  const csro_pole_summary &found = map.summary;
  if (!found.found && call.Rank() == 0)
    vtkWarningMacro("no lattice planes " << this->SpacingRange[0] << " to " << this->SpacingRange[1]
                                         << " nm apart are seen within " << this->LargestTilt
                                         << " degrees of z: the ions are as they were");
  call.RunLocal([&] {
    const std::vector<double> matrix = MatrixOf(found);
    output->SetPoints(input->GetPoints());
    output->GetPointData()->ShallowCopy(input->GetPointData());
    output->GetFieldData()->ShallowCopy(input->GetFieldData());
    if (this->Align && found.found && input->GetNumberOfPoints() > 0)
      Rotate(call, input, matrix, output);
    csro::PutVertices(call, output);
    csro::PutNumbers(output, "PoleMatrix", matrix);
    csro::PutNumbers(output, "PoleSpacing_nm", {found.found ? found.spacing : NoNumber});
    if (call.Rank() != 0)
      return;
    PutMap(call, map, vtkPolyData::GetData(outputs, 1));
    PutTable(found, vtkTable::GetData(outputs, 2));
    PutPoles(map, vtkTable::GetData(outputs, 3));
  });
}
