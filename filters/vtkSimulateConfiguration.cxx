#include "vtkSimulateConfiguration.h"

#include "data/PeriodicBox.h"
#include "data/TableColumns.h"
#include "data/VoxelImage.h"
#include "parallel/SharedLattice.h"

#include "csro/configuration.h"

#include <vtkInformation.h>
#include <vtkInformationVector.h>
#include <vtkObjectFactory.h>
#include <vtkPointSet.h>
#include <vtkPolyData.h>
#include <vtkTable.h>

#include <string>

vtkStandardNewMacro(vtkSimulateConfiguration);

namespace {
// A row for each ordered pair of species.
void PutOrder(const csro_configuration &configuration, vtkTable *table) {
  const csro_lattice &lattice = *configuration.lattice;
  const int species = lattice.species_count;
  const auto rows = static_cast<size_t>(species) * species;
  csro::Columns columns(table);
  columns.Texts("Pair", rows, [&](size_t i) {
    return std::string(lattice.names[i / species]) + "-" + lattice.names[i % species];
  });
  columns.Numbers("Distance_nm", rows, [&](size_t) { return configuration.distance; });
  columns.Numbers("Alpha", rows,
                  [&](size_t i) { return configuration.alpha[i / species][i % species]; });
}
} // namespace

vtkSimulateConfiguration::vtkSimulateConfiguration() {
  this->SetNumberOfInputPorts(1);
}

vtkSimulateConfiguration::~vtkSimulateConfiguration() = default;

void vtkSimulateConfiguration::DescribeInput(int, vtkInformation *info) {
  info->Set(vtkAlgorithm::INPUT_REQUIRED_DATA_TYPE(), "vtkPointSet");
}

void vtkSimulateConfiguration::RequestUpdateExtent(vtkInformationVector **inputs,
                                                   vtkInformationVector *) {
  csro::DemandIons(inputs[0]->GetInformationObject(0));
}

void vtkSimulateConfiguration::RequestData(csro::Call &call, vtkInformationVector **inputs,
                                           vtkInformationVector *outputs) {
  for (int port = 0; port < 2; ++port)
    csro::RemoveBox(vtkDataObject::GetData(outputs, port));
  const csro::SharedLattice lattice(call, vtkPointSet::GetData(inputs[0]));
  csro_configuration configuration{};
  const csro::Owned<csro_configuration_release> owner(&configuration);
  csro_specimen specimen;
  call.RunLocal([&] {
    const int poles[2][3] = {{0, 0, 2}, {1, 1, 1}};
    call.Check(csro_configuration_init(call.Context(), &lattice.Get(), poles[this->GetPole()],
                                       &configuration));
    this->Describe(call, nullptr, &configuration, specimen);
  });
  this->Simulate(call, specimen, vtkPolyData::GetData(outputs, 0), nullptr);
  if (call.Rank() == 0)
    PutOrder(configuration, vtkTable::GetData(outputs, 1));
}
