#include "data/Solute.h"

#include "data/SpeciesPairs.h"

#include <algorithm>
#include <string>

namespace csro {
std::vector<uint8_t> FindSolute(Call &call, const char *typed, const IonView &ions,
                                const SpeciesList &species) {
  constexpr int most = 64;
  std::vector<uint16_t> labels;
  call.RunLocal([&] {
    for (const NamedLabels &one : ParseSpecies(call, typed ? typed : "", most, species))
      labels.insert(labels.end(), one.Labels.begin(), one.Labels.end());
  });
  if (labels.empty())
    if (const Element *element = DefaultElement(call, ions, species))
      labels = element->Labels;
  std::vector<uint8_t> isSolute;
  call.RunLocal([&] {
    if (labels.empty())
      call.Fail(CSRO_ERROR_ARGUMENT, "no element but hydrogen has 1 % of the ranged ions: set "
                                     "Species to the solute");
    isSolute.resize(std::max<size_t>(species.Names.size(), 1));
    for (const uint16_t label : labels)
      isSolute[label] = 1;
  });
  return isSolute;
}

std::vector<uint8_t> FlagSolute(const std::vector<uint8_t> &isSolute, const uint16_t *label,
                                int64_t count) {
  std::vector<uint8_t> flags(count);
  for (int64_t i = 0; i < count; ++i)
    flags[i] = label[i] < isSolute.size() && isSolute[label[i]];
  return flags;
}
} // namespace csro
