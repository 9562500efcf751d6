// The groups of ions of all members, in an order that goes on from rank to rank.
#ifndef csroIonRows_h
#define csroIonRows_h

#include "parallel/MemberIons.h"

#include "csro/block_counts.h"

namespace csro {
struct IonRows {
  int64_t First = 0; // ions of the ranks before
  int64_t Count = 0;
  std::vector<uint8_t> Group; // [Count][members]
};

// As the ions came, which is how they evaporated. Collective, as the others.
IonRows RowsInSequence(Call &call, const MemberIons &ions);
// As they follow each other along a curve through space (csro_curve_keys).
IonRows RowsAlongCurve(Call &call, const MemberIons &ions);

// Counts all rows in blocks, those of all ranks on each.
void CountBlocks(Call &call, const IonRows &rows, csro_block_counts *counts);
} // namespace csro

#endif
