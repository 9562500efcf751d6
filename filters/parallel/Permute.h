// Values of ions that change places over all ranks.
#ifndef csroPermute_h
#define csroPermute_h

#include "parallel/Exchange.h"

#include <cstddef>
#include <cstdint>
#include <functional>

namespace csro {
// The items of all ranks, `count` on this one, are numbered from the first rank on; item i gets the
// value, of `size` bytes, of item permutation(i) of the seed (csro/random.h). read(item, to) copies
// the value of an own item, write(item, from) takes the new one and must not change what read
// gives. Ranks ask each other in rounds, so that none ever holds more than about a million
// questions and answers. Collective.
void Permute(Call &call, int64_t count, uint64_t seed, size_t size,
             const std::function<void(int64_t item, char *to)> &read,
             const std::function<void(int64_t item, const char *from)> &write);
} // namespace csro

#endif
