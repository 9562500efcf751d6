// Pairs of species, as people type them and as array names spell them.
#ifndef csroPairs_h
#define csroPairs_h

#include "Ions.h"

#include <string>
#include <vector>

namespace csro {
struct Pair {
  uint16_t LabelA, LabelB;
  std::string A, B;

  std::string Typed() const {
    return A + "-" + B;
  }
  std::string Key() const {
    return A + "_" + B;
  }
};

// "Ni-Ni, Co-Cr": pairs separated by commas or blanks. Fails for what is no pair of known species.
std::vector<Pair> ParsePairs(Call &call, const std::string &text,
                             const std::vector<std::string> &names);

// El-El of every element with at least one hundredth of the ranged ions of all ranks. Collective.
std::vector<Pair> DefaultPairs(Call &call, const IonView &ions,
                               const std::vector<std::string> &names);

// "Ni-Ni" of a model's channel as in array names, "Ni_Ni".
std::string PairKey(std::string typed);
} // namespace csro

#endif
