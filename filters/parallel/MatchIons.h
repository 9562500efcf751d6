// Domains of ions, found by their numbers.
#ifndef csroMatchIons_h
#define csroMatchIons_h

#include "data/IonArrays.h"

#include <cstdint>
#include <vector>

namespace csro {
// The domain of each ion of the view, -1 for those that are in none: `domains` are some of the ions
// with the point array DomainId, and the same IonId (AtomId where both have it). Fails for domain
// ions that are none of the ions, or there twice. Collective.
std::vector<int64_t> MatchDomains(Call &call, const IonView &view, vtkPointSet *ions,
                                  vtkPointSet *domains);
} // namespace csro

#endif
