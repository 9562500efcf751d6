#include "parallel/SharedLattice.h"

#include "data/FieldArrays.h"
#include "data/IonArrays.h"
#include "data/PeriodicBox.h"
#include "parallel/Exchange.h"
#include "parallel/SortIons.h"

#include "csro/lattice_fit.h"

#include <vtkMultiProcessController.h>
#include <vtkPointSet.h>

#include <algorithm>
#include <cstring>

namespace csro {
namespace {
// All ions on rank 0, in the order of their IonId.
struct AllIons {
  std::vector<double> Positions;
  std::vector<uint16_t> Labels;

  AllIons(Call &call, vtkPointSet *input) {
    const vtkSmartPointer<vtkPointSet> sorted = SortIons(call, input);
    call.RunLocal([&] {
      const IonView view = ViewLabelledIons(call, sorted);
      this->Positions.resize(3 * view.Points.count);
      this->Labels.assign(view.Label, view.Label + (view.Label ? view.Points.count : 0));
      for (int64_t i = 0; i < view.Points.count; ++i)
        csro_points_get(&view.Points, i, &this->Positions[3 * i]);
    });
    this->Positions = GatherOnFirst(call, std::move(this->Positions));
    this->Labels = GatherOnFirst(call, std::move(this->Labels));
  }
};

std::vector<double> SharedNumbers(Call &call, vtkDataObject *data, const char *name) {
  std::vector<double> values = GetNumbers(data, name);
  std::vector<std::string> lines;
  char text[40];
  for (const double value : values) {
    std::snprintf(text, sizeof text, "%.17g", value);
    lines.emplace_back(text);
  }
  values.clear();
  for (const std::string &line : call.Share(lines))
    values.push_back(std::stod(line));
  return values;
}

void RefuseBox(Call &call, const std::array<double, 9> &edges) {
  if (edges == std::array<double, 9>{})
    call.Fail(CSRO_ERROR_DATA,
              "the ions have no periodic box (field array CSRO_Box), expected those of a "
              "simulation: Lattice Monte Carlo, or read from .dump or .extxyz with a Lattice");
  call.Fail(CSRO_ERROR_DATA, "the periodic box has the edges " + EdgesInWords(edges) +
                                 ", expected edges along x, y and z: write the same "
                                 "configuration in such a box");
}
} // namespace

SharedLattice::SharedLattice(Call &call, vtkPointSet *input) {
  const std::vector<std::string> species = SharedSpeciesNames(call, input);
  const std::array<double, 9> edges = SharedBox(call, input);
  const std::array<double, 3> box = PeriodsOfBox(edges);
  const std::vector<double> edge = SharedNumbers(call, input, "CSRO_LatticeCell"),
                            basis = SharedNumbers(call, input, "CSRO_LatticeBasis");
  const AllIons ions(call, input);
  call.RunLocal([&] {
    if (!(box[0] > 0))
      RefuseBox(call, edges);
    if (call.Rank() != 0)
      return;
    std::vector<const char *> names;
    for (size_t i = 1; i < species.size(); ++i)
      names.push_back(species[i].c_str());
    csro_boxed_atoms atoms{};
    atoms.points = {ions.Positions.data(), true, static_cast<int64_t>(ions.Labels.size())};
    atoms.label = ions.Labels.data();
    std::copy(box.begin(), box.end(), atoms.box);
    atoms.species_count = static_cast<int>(names.size());
    atoms.names = names.data();
    if (edge.size() == 3 && !basis.empty() && basis.size() % 3 == 0) {
      std::copy(edge.begin(), edge.end(), atoms.edge);
      atoms.basis_count = static_cast<int>(basis.size() / 3);
      atoms.basis = reinterpret_cast<const double(*)[3]>(basis.data());
    }
    call.Check(csro_lattice_fit(call.Context(), &atoms, &this->Lattice, &this->Largest));
  });
  if (call.Ranks() > 1)
    this->Send(call);
}

void SharedLattice::Send(Call &call) {
  vtkMultiProcessController *ranks = call.Controller();
  csro_lattice &lattice = this->Lattice;
  double numbers[9] = {lattice.edge[0],
                       lattice.edge[1],
                       lattice.edge[2],
                       static_cast<double>(lattice.cells[0]),
                       static_cast<double>(lattice.cells[1]),
                       static_cast<double>(lattice.cells[2]),
                       static_cast<double>(lattice.basis_count),
                       static_cast<double>(lattice.species_count),
                       this->Largest};
  ranks->Broadcast(numbers, 9, 0);
  this->Largest = numbers[8];
  call.RunLocal([&] {
    const int cells[3] = {static_cast<int>(numbers[3]), static_cast<int>(numbers[4]),
                          static_cast<int>(numbers[5])};
    if (call.Rank() != 0)
      call.Check(csro_lattice_init(call.Context(), numbers, cells, static_cast<int>(numbers[6]),
                                   static_cast<int>(numbers[7]), &lattice));
  });
  ranks->Broadcast(&lattice.basis[0][0], 3 * lattice.basis_count, 0);
  ranks->Broadcast(&lattice.names[0][0], CSRO_LATTICE_NAME * lattice.species_count, 0);
  ranks->Broadcast(lattice.species, csro_lattice_site_count(&lattice), 0);
}
} // namespace csro
