// Pairs of ions of one pulse by both masses, of all ranks.
#ifndef csroHitPairs_h
#define csroHitPairs_h

#include "parallel/FilterCall.h"

#include "csro/multiple_hits.h"

#include <string>
#include <vector>

class vtkDataArray;
class vtkPointSet;

namespace csro {
// The number of ions of its pulse for the first of them, 0 for the others: IonsPerPulse of .epos,
// Multiplicity of .apt. Null without.
vtkDataArray *IonsPerPulse(vtkPointSet *ions);

struct HitPairs {
  csro_spectrum Bins{};
  std::vector<int64_t> Counts; // [bins][bins], on every rank
  int64_t Pulses = 0;          // with two ions or more
  bool Known = false;          // whether the ions say what their pulses are

  std::string Words() const;
};

// From 0 to `limit` Da. Collective.
HitPairs CountHitPairs(Call &call, vtkPointSet *ions, double width, double limit);
} // namespace csro

#endif
