// Values of ions that change places over all ranks.
#ifndef csroPermute_h
#define csroPermute_h

#include "parallel/Exchange.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace csro {
// The items of all ranks change places within cells. The own items are sorted by their cell:
// counts[cell] of them are in each, seeds[cell] is the same on all ranks. The items of a cell are
// numbered from the first rank on; item i gets the value, of `size` bytes, of item permutation(i)
// of the cell's seed (csro/random.h). read(item, to) copies the value of an own item, write(item,
// from) takes the new one and must not change what read gives. Ranks ask each other in rounds, so
// that none ever holds more than about a million questions and answers. Collective.
void Permute(Call &call, const std::vector<int64_t> &counts, const std::vector<uint64_t> &seeds,
             size_t size, const std::function<void(int64_t item, char *to)> &read,
             const std::function<void(int64_t item, const char *from)> &write);
} // namespace csro

#endif
