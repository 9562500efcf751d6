#include "vtkDiffuseIntensity.h"

#include "data/FieldArrays.h"
#include "data/InputChecks.h"
#include "data/IonArrays.h"
#include "data/SpeciesPairs.h"
#include "data/TableColumns.h"
#include "data/VoxelImage.h"
#include "parallel/SharedLattice.h"

#include "csro/diffuse.h"

#include <vtkDoubleArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkPointSet.h>
#include <vtkStreamingDemandDrivenPipeline.h>
#include <vtkTable.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

vtkStandardNewMacro(vtkDiffuseIntensity);

namespace {
enum Port { VOLUME, PLANE_001, PLANE_111, MAXIMA };

// An image: points, first and step along each axis.
struct Image {
  int Points[3] = {0, 0, 0};
  double Origin[3] = {0, 0, 0}, Spacing[3] = {1, 1, 1};

  void Announce(vtkInformation *output) const {
    int extent[6];
    for (int axis = 0; axis < 3; ++axis) {
      extent[2 * axis] = 0;
      extent[2 * axis + 1] = this->Points[axis] - 1;
    }
    output->Set(vtkStreamingDemandDrivenPipeline::WHOLE_EXTENT(), extent, 6);
    output->Set(vtkDataObject::ORIGIN(), this->Origin, 3);
    output->Set(vtkDataObject::SPACING(), this->Spacing, 3);
  }
  void Give(vtkImageData *image) const {
    image->SetDimensions(this->Points);
    image->SetOrigin(this->Origin);
    image->SetSpacing(this->Spacing);
  }
};

template <typename Value>
void PutArray(csro::Call &call, const std::string &name, Value &&value, vtkImageData *image) {
  const vtkIdType count = image->GetNumberOfPoints();
  const auto array = csro::MakeArray<vtkDoubleArray>(call, name, 1, count);
  for (vtkIdType i = 0; i < count; ++i)
    array->SetValue(i, value(i));
  image->GetPointData()->AddArray(array);
}

std::string NameOfPair(const csro_diffuse &diffuse, int pair) {
  int i, j;
  csro_diffuse_pair(&diffuse, pair, &i, &j);
  return std::string(diffuse.lattice.names[diffuse.species[i]]) + "-" +
         diffuse.lattice.names[diffuse.species[j]];
}

// The pair with the highest peak, which pictures show at first.
int HighestPair(const csro_diffuse &diffuse) {
  const int64_t points = csro_diffuse_points(&diffuse);
  double highest = 0;
  int best = 0;
  for (int pair = 0; pair < csro_diffuse_pairs(&diffuse); ++pair)
    for (int64_t i = 0; i < points; ++i) {
      const double value = csro_diffuse_sign(&diffuse, pair) * diffuse.alpha[pair * points + i];
      if (value > highest) {
        highest = value;
        best = pair;
      }
    }
  return best;
}

void ShowHighest(const csro_diffuse &diffuse, vtkImageData *image) {
  const std::string key = csro::PairKey(NameOfPair(diffuse, HighestPair(diffuse)));
  image->GetPointData()->SetActiveScalars(("Intensity_" + key).c_str());
}

// Every array of the volume repeats its first layers behind the last.
int64_t PointOf(const csro_diffuse &diffuse, const Image &image, vtkIdType at) {
  int64_t index[3] = {at % image.Points[0], at / image.Points[0] % image.Points[1],
                      at / image.Points[0] / image.Points[1]};
  for (int axis = 0; axis < 3; ++axis)
    index[axis] %= diffuse.points[axis];
  return (index[2] * diffuse.points[1] + index[1]) * diffuse.points[0] + index[0];
}

void PutVolume(csro::Call &call, const csro_diffuse &diffuse, const Image &shape,
               vtkImageData *image) {
  shape.Give(image);
  const int64_t points = csro_diffuse_points(&diffuse);
  for (int pair = 0; pair < csro_diffuse_pairs(&diffuse); ++pair) {
    const std::string key = csro::PairKey(NameOfPair(diffuse, pair));
    const double *alpha = diffuse.alpha + pair * points;
    const double sign = csro_diffuse_sign(&diffuse, pair);
    const auto at = [&](vtkIdType i) { return PointOf(diffuse, shape, i); };
    PutArray(
        call, "Intensity_" + key, [&](vtkIdType i) { return sign * alpha[at(i)]; }, image);
    PutArray(
        call, "Alpha_" + key, [&](vtkIdType i) { return alpha[at(i)]; }, image);
    if (diffuse.configurations > 1)
      PutArray(
          call, "Error_" + key,
          [&](vtkIdType i) { return csro_diffuse_error(&diffuse, pair, at(i)); }, image);
  }
}

void PutPlane(csro::Call &call, const csro_diffuse &diffuse, const csro_diffuse_plane &plane,
              const Image &shape, vtkImageData *image) {
  shape.Give(image);
  const int64_t points = csro_diffuse_points(&diffuse);
  std::vector<double> errors(diffuse.configurations > 1 ? points : 0);
  for (int pair = 0; pair < csro_diffuse_pairs(&diffuse); ++pair) {
    const std::string key = csro::PairKey(NameOfPair(diffuse, pair));
    const double sign = csro_diffuse_sign(&diffuse, pair);
    const auto sample = [&](vtkIdType i, const double *values) {
      return csro_diffuse_plane_value(&diffuse, &plane, static_cast<int>(i % plane.n[0]),
                                      static_cast<int>(i / plane.n[0]), values);
    };
    PutArray(
        call, "Intensity_" + key,
        [&](vtkIdType i) { return sign * sample(i, diffuse.alpha + pair * points); }, image);
    if (errors.empty())
      continue;
    for (int64_t i = 0; i < points; ++i)
      errors[i] = csro_diffuse_error(&diffuse, pair, i);
    PutArray(
        call, "Error_" + key, [&](vtkIdType i) { return sample(i, errors.data()); }, image);
  }
  csro::PutNumbers(image, "PlaneOrigin", {plane.origin, plane.origin + 3});
  csro::PutNumbers(image, "PlaneAxes", {&plane.axes[0][0], &plane.axes[0][0] + 6});
}

void PutMaxima(const csro_diffuse &diffuse, const csro_diffuse_maximum *maxima, size_t count,
               vtkTable *table) {
  csro::Columns columns(table);
  columns.Texts("Pair", count, [&](size_t i) { return NameOfPair(diffuse, maxima[i].pair); });
  for (int axis = 0; axis < 3; ++axis)
    columns.Numbers(std::string("q_") + "xyz"[axis], count,
                    [&](size_t i) { return maxima[i].q[axis]; });
  columns.Numbers("Intensity", count, [&](size_t i) { return maxima[i].intensity; });
  columns.Numbers("StandardError", count, [&](size_t i) { return maxima[i].error; });
  columns.Counts("Equivalents", count,
                 [&](size_t i) { return static_cast<int64_t>(maxima[i].equivalents); });
  columns.Texts("SpecialPoint", count, [&](size_t i) { return std::string(maxima[i].point); });
  columns.Numbers("Distance", count, [&](size_t i) { return maxima[i].distance; });
  columns.Texts("Structures", count, [&](size_t i) { return std::string(maxima[i].structures); });
}

std::string SummaryOf(const csro_diffuse &diffuse, double deviation) {
  const csro_lattice &lattice = diffuse.lattice;
  const int parent = csro_lattice_parent(&lattice);
  char text[500];
  std::snprintf(text, sizeof text,
                "%d configuration%s of %lld atoms on %d x %d x %d cells of %s with edges of %.5g, "
                "%.5g and %.5g nm; largest distance of an atom from its site %.3g nm. Intensity is "
                "alpha(q) of unlike and -alpha(q) of like pairs, in Laue units%s.",
                diffuse.configurations, diffuse.configurations == 1 ? "" : "s",
                static_cast<long long>(csro_lattice_site_count(&lattice)), lattice.cells[0],
                lattice.cells[1], lattice.cells[2],
                parent == 0   ? "fcc"
                : parent == 1 ? "bcc"
                              : (std::to_string(lattice.basis_count) + " sites").c_str(),
                lattice.edge[0], lattice.edge[1], lattice.edge[2], deviation,
                diffuse.symmetrise ? ", the mean over equivalent wave vectors" : "");
  return text;
}
} // namespace

struct vtkDiffuseIntensity::Shape {
  csro::Failure Failure{CSRO_OK, {}};
  Image Volume;
  csro_diffuse_plane Planes[2];
  Image PlaneImages[2];
};

vtkDiffuseIntensity::vtkDiffuseIntensity() : Found(new Shape{}) {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(4);
  this->Expect("Point001", this->Point001, -10, 10, "2 pi / a");
  this->Expect("Point111", this->Point111, -10, 10, "2 pi / a");
  this->Expect("Maxima", this->Maxima, 1, 100);
  this->Expect("LeastShare", this->LeastShare, 0.001, 1);
}

vtkDiffuseIntensity::~vtkDiffuseIntensity() = default;

void vtkDiffuseIntensity::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  const auto vector = [&](const char *name, const double *v) {
    os << indent << name << ": " << v[0] << " " << v[1] << " " << v[2] << "\n";
  };
  vector("Point001", this->Point001);
  vector("Point111", this->Point111);
  os << indent << "Symmetrise: " << this->Symmetrise << "\n"
     << indent << "Maxima: " << this->Maxima << "\n"
     << indent << "LeastShare: " << this->LeastShare << "\n";
}

void vtkDiffuseIntensity::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
  info->Set(vtkAlgorithm::INPUT_IS_REPEATABLE(), 1);
}

int vtkDiffuseIntensity::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == MAXIMA ? "vtkTable" : "vtkImageData");
  return 1;
}

void vtkDiffuseIntensity::FindShape(csro::Call &call, vtkInformationVector **inputs) {
  const csro::Inputs checked(call, this, inputs);
  const csro::SharedLattice first(call, vtkPointSet::GetData(checked.Get()[0], 0));
  const csro_lattice &lattice = first.Get();
  int zones[3];
  csro_diffuse_zones(&lattice, zones);
  for (int axis = 0; axis < 3; ++axis) {
    this->Found->Volume.Points[axis] = zones[axis] * lattice.cells[axis] + 1;
    this->Found->Volume.Spacing[axis] = 1.0 / lattice.cells[axis];
  }
  for (int k = 0; k < 2; ++k) {
    csro_diffuse_plane &plane = this->Found->Planes[k];
    csro_diffuse_plane_init(lattice.cells, zones, k ? CSRO_PLANE_111 : CSRO_PLANE_001,
                            k ? this->Point111 : this->Point001, &plane);
    Image &image = this->Found->PlaneImages[k];
    image.Points[2] = 1;
    image.Origin[2] = k ? 0 : plane.origin[2];
    for (int axis = 0; axis < 2; ++axis) {
      image.Points[axis] = plane.n[axis];
      image.Origin[axis] = plane.first[axis];
      image.Spacing[axis] = plane.step[axis];
    }
  }
}

// The extents of the images are known only with the lattice, as in vtkDensityMaps.
void vtkDiffuseIntensity::RequestInformation(vtkInformationVector **inputs,
                                             vtkInformationVector *outputs) {
  csro::Call call(this);
  *this->Found = Shape{};
  try {
    csro::DemandIons(inputs[0]->GetInformationObject(0));
    this->UpdateInput();
    this->FindShape(call, inputs);
  } catch (const csro::Failure &failure) {
    this->Found->Failure = failure;
  }
  this->Found->Volume.Announce(outputs->GetInformationObject(VOLUME));
  for (int k = 0; k < 2; ++k)
    this->Found->PlaneImages[k].Announce(outputs->GetInformationObject(PLANE_001 + k));
  AnnouncePieces(outputs);
}

void vtkDiffuseIntensity::RequestUpdateExtent(vtkInformationVector **inputs,
                                              vtkInformationVector *) {
  for (int i = 0; i < inputs[0]->GetNumberOfInformationObjects(); ++i)
    csro::DemandIons(inputs[0]->GetInformationObject(i));
}

void vtkDiffuseIntensity::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                      vtkInformationVector *outputs) {
  call.RunLocal([&] {
    if (this->Found->Failure.Status != CSRO_OK)
      throw this->Found->Failure;
  });
  const int count = inputs[0]->GetNumberOfInformationObjects();
  csro_diffuse diffuse{};
  const csro::Owned<csro_diffuse_release> owner(&diffuse);
  double deviation = 0;
  for (int i = 0; i < count; ++i) {
    const csro::SharedLattice lattice(call, vtkPointSet::GetData(inputs[0], i));
    deviation = std::max(deviation, lattice.Deviation());
    if (i == 0)
      call.Reserve(call.Rank() == 0 ? 2.5 * csro_diffuse_bytes(&lattice.Get(), count) : 0,
                   "the wave vectors of " +
                       std::to_string(csro_lattice_site_count(&lattice.Get())) + " sites",
                   "take a smaller configuration or fewer species");
    call.Stage(0.9 * i / count, 0.9 * (i + 1) / count);
    call.RunLocal([&] {
      if (call.Rank() != 0)
        return;
      if (i == 0)
        call.Check(csro_diffuse_init(call.Context(), &lattice.Get(), this->Symmetrise, &diffuse));
      call.Check(csro_diffuse_add(call.Context(), &lattice.Get(), &diffuse));
    });
  }
  call.RunLocal([&] {
    if (call.Rank() != 0)
      return;
    PutVolume(call, diffuse, this->Found->Volume, vtkImageData::GetData(outputs, VOLUME));
    ShowHighest(diffuse, vtkImageData::GetData(outputs, VOLUME));
    for (int k = 0; k < 2; ++k) {
      vtkImageData *image = vtkImageData::GetData(outputs, PLANE_001 + k);
      PutPlane(call, diffuse, this->Found->Planes[k], this->Found->PlaneImages[k], image);
      ShowHighest(diffuse, image);
    }
    csro_diffuse_maximum *found = nullptr;
    int number = 0;
    call.Check(csro_diffuse_maxima(call.Context(), &diffuse, this->Maxima, this->LeastShare,
                                   &number, &found));
    const csro::OwnedArray<csro_diffuse_maximum> maxima(found);
    vtkTable *table = vtkTable::GetData(outputs, MAXIMA);
    PutMaxima(diffuse, maxima.get(), static_cast<size_t>(number), table);
    for (int port = VOLUME; port <= MAXIMA; ++port) {
      vtkDataObject *data = vtkDataObject::GetData(outputs, port);
      csro::PutTexts(data, "DiffuseIntensity", {SummaryOf(diffuse, deviation)});
      csro::PutCounts(data, "Configurations", {diffuse.configurations});
    }
  });
}
