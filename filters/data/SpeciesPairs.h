// Pairs of species, as people type them and as array names spell them.
#ifndef csroSpeciesPairs_h
#define csroSpeciesPairs_h

#include "data/SpeciesLabels.h"

#include <string>
#include <vector>

namespace csro {
// Each side is a species, or an element: all its isotopes and charges.
struct Pair {
  std::vector<uint16_t> A, B; // labels, ascending
  std::string Typed;          // "Ni-Ni"
};

// "Ni-Ni, Co-Cr" as csro/typed.h says; the symbol of an element goes before a species of that name.
// Only inside RunLocal.
std::vector<Pair> ParsePairs(Call &call, const std::string &text, const SpeciesList &species);

// El-El of every element but hydrogen with at least one hundredth of the ranged ions of all ranks.
// Collective.
std::vector<Pair> DefaultPairs(Call &call, const IonView &ions, const SpeciesList &species);

// A species, or an element with all its isotopes and charges.
struct NamedLabels {
  std::string Name;
  std::vector<uint16_t> Labels; // ascending
};

// "Ni, Co": species or elements as typed, at most so many. Inside a local section.
std::vector<NamedLabels> ParseSpecies(Call &call, const std::string &text, int most,
                                      const SpeciesList &species);

// Every element but hydrogen with at least one hundredth of the ranged ions of all ranks.
// Collective.
std::vector<NamedLabels> MajorElements(Call &call, const IonView &ions, const SpeciesList &species);

// The element whose order is looked for by default (csro_element_choose); nullptr for none.
// Collective.
const Element *DefaultElement(Call &call, const IonView &ions, const SpeciesList &species);

// Why there are none, and what to type.
std::string WhyNoPairs(const SpeciesList &species);

// Labels in which each side of pairs is one label: the first of its own. Only inside RunLocal.
class PairLabels {
public:
  PairLabels(Call &call, const std::vector<Pair> &pairs, const uint16_t *labels, int64_t count,
             const SpeciesList &species);
  const uint16_t *Get() const {
    return this->Labels;
  }

private:
  const uint16_t *Labels;
  std::vector<uint16_t> Merged; // empty when nothing had to be merged
};

// The labels of a species or element with this name; empty when there is none.
std::vector<uint16_t> FindLabels(const std::string &name, const SpeciesList &species);

// label -> first of its set, for sets that do not overlap; empty when each is one label.
std::vector<uint16_t> MergeMap(const std::vector<std::vector<uint16_t>> &sets, size_t labels);

// A typed pair, "Ni-Ni", as in array names, "Ni_Ni". There is no way back: what can be typed is
// looked up in PairsOfCurves.
std::string PairKey(std::string typed);

// The typed pairs of all curves that voxels have, in their field array zSDM_Pairs.
std::vector<std::string> PairsOfCurves(vtkDataObject *data);
void AddPairsOfCurves(const std::vector<Pair> &pairs, vtkDataObject *data);
} // namespace csro

#endif
