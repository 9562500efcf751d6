// The ions of a statistic of pairs, and the pairs as groups of them.
#ifndef csroPairGroups_h
#define csroPairGroups_h

#include "parallel/MemberIons.h"

#include <vtkPointSet.h>
#include <vtkSmartPointer.h>

namespace csro {
// The ions of an input in their order.
struct OrderedIons {
  OrderedIons(Call &call, vtkPointSet *input); // collective
  SpeciesList Species;
  IonView View;
  vtkSmartPointer<vtkPointSet> Sorted;
};

struct PairGroups {
  // As typed (may be null); where nothing is, DefaultPairs. Collective.
  PairGroups(Call &call, const OrderedIons &ions, const char *typed);
  std::vector<Pair> Pairs;
  std::vector<csro_group_pair> Of;    // the groups of each pair, from 1: 0 are the others
  std::vector<NamedLabels> Groups;    // for MemberSettings
  std::string Key(size_t pair) const; // as column names spell it
  int Count() const {
    return static_cast<int>(this->Pairs.size());
  }

private:
  int Find(const std::vector<uint16_t> &labels);
};
} // namespace csro

#endif
