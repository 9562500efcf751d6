// Which kinds of order the planes show, in the ions of all ranks (csro/kinds.h).
#ifndef csroDistributedKinds_h
#define csroDistributedKinds_h

#include "data/SpeciesPairs.h"
#include "parallel/DistributedOrderSearch.h"

#include "csro/kinds.h"

#include <string>
#include <vector>

class vtkTable;

namespace csro {
struct OrderKinds {
  std::vector<NamedLabels> Species;      // those that were looked at
  std::vector<csro_order_kind_row> Rows; // those found first, then by evidence
  double Spacing = 0;                    // of the planes

  // Looks at all of the species (one at least, the first and those with the most ions where they
  // are too many). The plan's halo is that of a search. Collective.
  void Find(Call &call, const csro_planes &planes, double sigma, const IonView &ions,
            const Plan &where, std::vector<NamedLabels> species);

  bool IsFound(const std::string &species) const; // with any period
  // "every second plane rich in Cr: L1_2, L1_0 or DO22 (002 of fcc)"
  std::string Words(const csro_order_kind_row &row) const;
  // The kinds found, or that there are none.
  std::string Words() const;
  // A row for each kind; searched[row]: whether its domains are looked for.
  void PutRows(vtkTable *table, const std::vector<bool> &searched) const;
};
} // namespace csro

#endif
