// The solute of a cluster search: one or several species.
#ifndef csroSolute_h
#define csroSolute_h

#include "data/SpeciesLabels.h"

#include <cstdint>
#include <vector>

namespace csro {
// By label: whether it is one of the solute. `typed` names species or elements, separated by
// commas; the element whose order is looked for by default where it names none. Collective.
std::vector<uint8_t> FindSolute(Call &call, const char *typed, const IonView &ions,
                                const SpeciesList &species);

// The same of each of count ions. Inside a local section.
std::vector<uint8_t> FlagSolute(const std::vector<uint8_t> &isSolute, const uint16_t *label,
                                int64_t count);
} // namespace csro

#endif
