// The lattice planes of the ions of all ranks (csro/pole.h).
#ifndef csroDistributedPole_h
#define csroDistributedPole_h

#include "parallel/FilterCall.h"

#include "csro/pole.h"

namespace csro {
// Finds the planes in the ions with label > 0 (of all ions, where label is nullptr on all ranks);
// bounds (xmin, xmax, ...) are those of the ions that count on all ranks. Every rank has the same
// map, which the caller releases. Collective.
void FindPole(Call &call, const csro_points &points, const uint16_t *label, const double bounds[6],
              const csro_pole_options &options, csro_pole_map &map);
} // namespace csro

#endif
