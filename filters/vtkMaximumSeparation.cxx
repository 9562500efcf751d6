#include "vtkMaximumSeparation.h"

#include "data/DomainTable.h"
#include "data/FieldArrays.h"
#include "data/SizeTables.h"
#include "data/Solute.h"
#include "parallel/DistributedSeparation.h"
#include "parallel/RandomizedCopy.h"
#include "parallel/SortIons.h"

#include <vtkDataObject.h>
#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointSet.h>
#include <vtkPolyData.h>
#include <vtkTable.h>

#include <algorithm>
#include <array>
#include <cmath>

vtkStandardNewMacro(vtkMaximumSeparation);

namespace {
csro_domain_counts CountsOf(const std::vector<int64_t> &sizes) {
  return csro_count_domains(sizes.data(), static_cast<int64_t>(sizes.size()));
}
} // namespace

vtkMaximumSeparation::vtkMaximumSeparation() {
  this->SetNumberOfInputPorts(1);
  this->SetNumberOfOutputPorts(4);
  this->SetSpecies("");
  this->Expect("Distance", this->Distance, 0, 10, "nm");
  this->Expect("MinimumSize", this->MinimumSize, 1, VTK_INT_MAX);
  this->Expect("Order", this->Order, 0, 1000);
  this->Expect("CoreDistance", this->CoreDistance, 0.01, 10, "nm");
  this->Expect("Envelope", this->Envelope, 0, 10, "nm");
  this->Expect("Erosion", this->Erosion, 0, 10, "nm");
  this->Expect("Copies", this->Copies, 0, 10000);
  this->Expect("Seed", this->Seed, 0, VTK_INT_MAX - 10000);
}

vtkMaximumSeparation::~vtkMaximumSeparation() {
  this->SetSpecies(nullptr);
}

void vtkMaximumSeparation::PrintSelf(ostream &os, vtkIndent indent) {
  this->Superclass::PrintSelf(os, indent);
  os << indent << "Species: " << (this->Species ? this->Species : "(none)") << "\n"
     << indent << "Distance: " << this->Distance << "\n"
     << indent << "MinimumSize: " << this->MinimumSize << "\n"
     << indent << "Order: " << this->Order << "\n"
     << indent << "CoreDistance: " << this->CoreDistance << "\n"
     << indent << "Envelope: " << this->Envelope << "\n"
     << indent << "Erosion: " << this->Erosion << "\n"
     << indent << "Copies: " << this->Copies << "\n"
     << indent << "Seed: " << this->Seed << "\n";
}

void vtkMaximumSeparation::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

int vtkMaximumSeparation::FillOutputPortInformation(int port, vtkInformation *info) {
  info->Set(vtkDataObject::DATA_TYPE_NAME(), port == 0 ? "vtkPolyData" : "vtkTable");
  return 1;
}

void vtkMaximumSeparation::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                       vtkInformationVector *outputs) {
  vtkPointSet *ions = vtkPointSet::GetData(inputs[0]);
  const csro::SpeciesList species = csro::SharedSpecies(call, ions);
  csro::IonView view;
  call.RunLocal([&] { view = csro::ViewLabelledIons(call, ions); });
  const std::vector<uint8_t> isSolute = csro::FindSolute(call, this->Species, view, species);
  const double distance =
      this->Distance > 0 ? this->Distance : csro::SuggestDistance(call, view, isSolute);
  const csro_separation settings{this->Order,       this->CoreDistance, distance,
                                 this->MinimumSize, this->Envelope,     this->Erosion};
  const double step = 1.0 / (this->Copies + 2);
  std::vector<uint8_t> flags;
  const auto find = [&](const uint16_t *label) {
    call.RunLocal([&] { flags = csro::FlagSolute(isSolute, label, view.Points.count); });
    return csro::FindSoluteClusters(call, view, ions, flags, settings);
  };
  std::vector<csro::SizeHistogram> histograms;
  std::vector<csro_domain_counts> counts;
  for (int copy = 1; copy <= this->Copies; ++copy) {
    call.Frame(step * (copy + 1), step * (copy + 2));
    const std::vector<uint16_t> label = csro::RandomizeSpecies(
        call, view, {}, static_cast<uint64_t>(this->Seed) + static_cast<uint64_t>(copy) - 1);
    const std::vector<int64_t> solutes = find(label.data()).Solutes;
    histograms.push_back(csro::HistogramOf(solutes));
    counts.push_back(CountsOf(solutes));
  }
  call.Frame(0, step);
  csro::Clusters clusters = find(view.Label);
  histograms.insert(histograms.begin(), csro::HistogramOf(clusters.Solutes));
  counts.insert(counts.begin(), CountsOf(clusters.Solutes));
  call.Frame(step, 2 * step);
  csro::AddEnvelope(call, view, flags, settings, clusters);
  std::vector<int64_t> sizes;
  const csro::DomainTable table =
      csro::MeasureClusters(call, view, clusters.Cluster, species.Names, sizes);
  const auto members = static_cast<double>(
      std::count_if(sizes.begin(), sizes.end(), [](int64_t size) { return size > 0; }));
  call.Reserve(members * csro::BytesPerPoint(ions), "the ions of the clusters",
               "choose a shorter Distance or fewer ions");
  call.RunLocal([&] {
    std::vector<vtkIdType> ids;
    std::vector<int64_t> cluster, size;
    for (int64_t i = 0; i < view.Points.count; ++i)
      if (clusters.Cluster[i] >= 0) {
        ids.push_back(view.Point(i));
        cluster.push_back(clusters.Cluster[i]);
        size.push_back(sizes[i]);
      }
    vtkPolyData *output = vtkPolyData::GetData(outputs, 0);
    output->ShallowCopy(csro::TakePoints(call, ions, ids));
    csro::PutDomains(call, cluster, size, output);
    csro::PassFieldData(ions, output);
    const auto statistics = csro::CompareMembers(call, histograms, counts);
    if (call.Rank() != 0)
      return;
    csro::Columns columns(vtkTable::GetData(outputs, 1));
    table.PutFirst(columns);
    columns.Counts("Solutes", clusters.Solutes.size(),
                   [&](size_t i) { return clusters.Solutes[i]; });
    table.PutRest(columns);
    csro::PutSizeHistograms(call, histograms, vtkTable::GetData(outputs, 2));
    vtkTable *row = vtkTable::GetData(outputs, 3);
    const auto count = [&](const char *name, int64_t value) {
      csro::Columns(row).Counts(name, 1, [=](size_t) { return value; });
    };
    count("Domains", counts[0].domains);
    csro::PutNull(row, "Domains", statistics[CSRO_STATISTIC_DOMAINS]);
    csro::Columns(row).Numbers("Distance_nm", 1, [=](size_t) { return distance; });
    count("ClusteredSolutes", counts[0].ions);
    csro::PutNull(row, "ClusteredSolutes", statistics[CSRO_STATISTIC_IONS]);
    count("LargestDomain", counts[0].largest);
    csro::PutNull(row, "LargestDomain", statistics[CSRO_STATISTIC_LARGEST]);
    csro::PutSentence(row, statistics[CSRO_STATISTIC_DOMAINS], this->Copies);
  });
}
