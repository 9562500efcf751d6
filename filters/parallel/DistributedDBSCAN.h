// Domains of ions that are spread over the ranks.
#ifndef csroDistributedDBSCAN_h
#define csroDistributedDBSCAN_h

#include "data/DomainTable.h"

#include "csro/domains.h"

#include <string>
#include <vector>

class vtkPointSet;

namespace csro {
// What numbers the domains: ions by IonId, without it or of the same one by rank and place.
// Collective.
std::vector<csro_ion_number> NumberIons(Call &call, const IonView &view, vtkPointSet *ions);

struct Domains {
  std::vector<int64_t> Label, Size; // of the ions of this rank: domain (-1: none) and its ions
  int64_t Count = 0;                // over all ranks
  DomainTable Table;                // rows on rank 0
};

// DBSCAN of the ions of all ranks: the same domains for any number of ranks. Each rank clusters the
// ions of a compact block with a halo of 2 eps; then ranks tell each other the smallest core ion
// that they know of each cluster in their halos until none learns anything new. That takes as many
// rounds as the longest way through a domain from rank to rank. Collective.
Domains FindDomains(Call &call, const IonView &ions, const std::vector<csro_ion_number> &numbers,
                    double eps, int minSamples, const std::vector<std::string> &species);
} // namespace csro

#endif
