// Randomised copies: ions keep their places, and their labels change places at random.
#ifndef csroRandomizedCopy_h
#define csroRandomizedCopy_h

#include "data/IonArrays.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace csro {
// Which labels change places.
struct CopyRules {
  bool RangedOnly = true;    // unranged ions keep theirs
  int64_t Neighbourhood = 0; // within compact cells of at least so many of these ions; 0: anywhere
};

// The properties Exchange and Within of filters.
enum { EXCHANGE_RANGED, EXCHANGE_ALL };
enum { WITHIN_ALL, WITHIN_NEIGHBOURHOODS };
inline CopyRules MakeCopyRules(int exchange, int within, int neighbourhoodIons) {
  return {exchange == EXCHANGE_RANGED, within == WITHIN_ALL ? 0 : neighbourhoodIons};
}

// Whether any ion of all ranks is ranged. Collective.
bool AreRanged(Call &call, const IonView &ions);

// The labels of an ion, of `size` bytes, change places by the rules: read(ion, to) and write(ion,
// from) as in Permute.h; write is called for the ions alone that take part. Where no ion is ranged,
// all take part. Depends on the seed, the positions, which ions are ranged, and the order of the
// ions over the ranks, which readers and SortIons keep for any number of ranks. Collective.
void ExchangeLabels(Call &call, const IonView &ions, const CopyRules &rules, uint64_t seed,
                    size_t size, const std::function<void(int64_t ion, char *to)> &read,
                    const std::function<void(int64_t ion, const char *from)> &write);

// Species of the ions in the copy. Collective.
std::vector<uint16_t> RandomizeSpecies(Call &call, const IonView &ions, const CopyRules &rules,
                                       uint64_t seed);
} // namespace csro

#endif
