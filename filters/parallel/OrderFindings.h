// What a search for ordered domains has found in the ions of all ranks, to select from.
#ifndef csroOrderFindings_h
#define csroOrderFindings_h

#include "data/DomainTable.h"

#include "csro/distributed_order.h"
#include "csro/domains.h"
#include "csro/order.h"

#include <cstdint>
#include <string>
#include <vector>

namespace csro {
// Domains are made of balls, each known by the number of its candidate centre.
struct OrderFindings {
  csro_order_species Ranged{}; // ions of all ranks
  double Density = 0, Volume = 0;
  double Sought = 0;                     // of Density, balls of the sizes looked for
  double Expected = 0;                   // strength of the order that was searched with, at last
  int64_t Strength[CSRO_STRENGTHS] = {}; // csro_order_search_strength of all
  double Fewer = 0;             // domains less than Density says, for some are parts of one
  double Unclaimed = 0;         // share of the ranged ions that domains do not hold
  std::vector<double> Evidence; // on rank 0, of all candidate centres, the highest first
  std::vector<csro_ordered_domain> Domains; // on rank 0, the most probable first

  std::vector<int64_t> Balls, Roots; // on rank 0 (csro_order_join)
  // Ions of this rank that are in balls: their places in the view, ascending, and the balls.
  std::vector<int64_t> Ions, BallOfIon;
  // On rank 0: balls as they are by their ions.
  std::vector<int64_t> Measured;
  std::vector<csro_domain_sums> Sums;
  std::vector<int64_t> Composition; // [ball][species]
  std::vector<std::string> Species;

  // The first domains of the list.
  struct Selection {
    std::vector<int64_t> Domain; // of each of Ions, -1 outside
    DomainTable Table;           // all of it on rank 0, only the sizes on the others; no labels
  };
  // The domains 0 .. count - 1 (count of rank 0); Ions are places in these points. Collective.
  Selection Select(Call &call, const csro_points &points, int64_t count) const;

private:
  DomainTable MeasureKept(Call &call, const std::vector<int64_t> &candidates,
                          const std::vector<int64_t> &kept,
                          const std::vector<int64_t> &sizes) const;
};
} // namespace csro

#endif
