// Pairs of species, as people type them and as array names spell them.
#ifndef csroPairs_h
#define csroPairs_h

#include "Ions.h"

#include <string>
#include <vector>

namespace csro {
struct Pair {
  uint16_t LabelA, LabelB;
  std::string Typed; // "Ni-Ni"
};

// "Ni-Ni, Co-Cr" as csro/typed.h says. Only inside Together.
std::vector<Pair> ParsePairs(Call &call, const std::string &text,
                             const std::vector<std::string> &names);

// El-El of every element with at least one hundredth of the ranged ions of all ranks. Collective.
std::vector<Pair> DefaultPairs(Call &call, const IonView &ions,
                               const std::vector<std::string> &names);

// A typed pair, "Ni-Ni", as in array names, "Ni_Ni". There is no way back: what can be typed is
// looked up in PairsOfCurves.
std::string PairKey(std::string typed);

// The typed pairs of all curves that voxels have, in their field array zSDM_Pairs.
std::vector<std::string> PairsOfCurves(vtkDataObject *data);
void AddPairsOfCurves(const std::vector<Pair> &pairs, vtkDataObject *data);
} // namespace csro

#endif
