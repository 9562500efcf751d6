// Ions distributed over ranks in slabs along z, each with a halo of its neighbours' ions.
#ifndef csroDistribution_h
#define csroDistribution_h

#include "Ions.h"

#include <cstdint>
#include <vector>

namespace csro {
// What each rank owns and what it needs to see: positions z (nm). Rank r owns cut[r] <= z <
// cut[r + 1] (cut.front() and cut.back() are infinite) and needs every ion with
// lo[r] <= z <= hi[r] (lo > hi: only its own).
struct SlabPlan {
  std::vector<double> Cut, Lo, Hi;
};

// Ions of one rank: first its own, then the halo.
struct SlabIons {
  csro_points Points{};
  const uint16_t *Label = nullptr;
  int64_t Own = 0;

  std::vector<char> Bytes; // owner of the positions
  std::vector<uint16_t> Labels;
};

// Sends every ion to where it is owned or needed. Ions keep the order of ranks, then of their
// rank. With one rank nothing is copied and the view must outlive the result. Collective; fails
// when an ion is lost.
SlabIons Distribute(Call &call, const IonView &ions, const SlabPlan &plan);

// Part `part` of `parts` of `count` items: first and number.
struct Share {
  int64_t First, Count;
};
Share ShareOf(int64_t count, int part, int parts);

// Sends to and receives from every other rank in turn: outgoing[rank] goes to `rank`, what came
// from there is in incoming[rank]. Pairs of ranks meet in an order that cannot block.
void ExchangePairwise(Call &call, const std::vector<std::vector<char>> &outgoing,
                      std::vector<std::vector<char>> &incoming);

// The ions of all ranks on rank 0, in the order of their IonId; empty on the others. Collective.
vtkSmartPointer<vtkPolyData> GatherIons(Call &call, vtkPolyData *ions);
} // namespace csro

#endif
