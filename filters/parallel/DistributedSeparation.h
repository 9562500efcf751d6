// Clusters by the maximum separation method, of ions that are spread over the ranks.
#ifndef csroDistributedSeparation_h
#define csroDistributedSeparation_h

#include "data/DomainTable.h"

#include "csro/separation.h"

#include <cstdint>
#include <string>
#include <vector>

class vtkPointSet;

namespace csro {
struct Clusters {
  std::vector<int64_t> Cluster; // of each ion of the view, -1 in none
  std::vector<int64_t> Solutes; // of each cluster of all ranks, on every rank
};

// The distance in nm that the density of the solute suggests (csro/separation.h), where its ions
// are enough for one. Collective.
double SuggestDistance(Call &call, const IonView &view, const std::vector<uint8_t> &isSolute);

// Steps 1 to 4 of csro/separation.h: clusters of solute ions alone, the same for any number of
// ranks. isSolute[ion of the view]; `ions` is what the view shows. Collective.
Clusters FindSoluteClusters(Call &call, const IonView &view, vtkPointSet *ions,
                            const std::vector<uint8_t> &isSolute, const csro_separation &settings);

// Steps 5 and 6: the ions around join them. Collective.
void AddEnvelope(Call &call, const IonView &view, const std::vector<uint8_t> &isSolute,
                 const csro_separation &settings, Clusters &clusters);

// Table of the clusters, complete on rank 0; sizes[ion of the view]: ions of its cluster, 0 in
// none. Collective.
DomainTable MeasureClusters(Call &call, const IonView &view, const std::vector<int64_t> &cluster,
                            const std::vector<std::string> &species, std::vector<int64_t> &sizes);
} // namespace csro

#endif
