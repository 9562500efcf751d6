// The search for ordered domains in the ions of all ranks (csro/distributed_order.h).
#ifndef csroDistributedOrderSearch_h
#define csroDistributedOrderSearch_h

#include "data/DomainTable.h"
#include "parallel/Distribution.h"

#include "csro/distributed_order.h"
#include "csro/lateral.h"
#include "csro/order.h"
#include "csro/planes.h"
#include "csro/voxels.h"

#include <vector>

namespace csro {
// What is looked for and where.
struct OrderTask {
  csro_grid Grid{};
  csro_planes Planes{}; // of all ions; is owned by the caller
  double SigmaZ = 0; // blur of the planes; 0: as measured, for each species and from place to place
  csro_order_options Options{};
  uint16_t Species = 0;
  std::vector<uint16_t> Merge; // label -> label, where several are the species; else empty
  bool SameSpeciesOnly = false;
  int Period = 2, Phase = 0; // in planes; of a period of two both phases are looked for
};

// Lattice planes in the ions of all ranks, and their blur: where the map has them, or with nullptr
// across z at this spacing. Collective.
void FitPlanes(Call &call, const IonView &ions, double spacing, const csro_pole_map *map,
               csro_planes &planes);

// The box of a rank's block: boxes of all ranks fill space. bounds of all ions.
csro_order_part BoxOf(const csro_mesh &mesh, const csro_block &block, const double bounds[6]);

// One search. All members are collective. Task, ions and plan must outlive it.
class OrderSearch {
public:
  OrderSearch(Call &call, const OrderTask &task, const IonView &ions, const Plan &plan)
      : Processes(call), Task(task), Ions(ions), Where(plan) {}
  ~OrderSearch();
  OrderSearch(const OrderSearch &) = delete;
  void operator=(const OrderSearch &) = delete;

  // Fits all candidate centres: first of all.
  void Run();

  // The position noise across z, of ions with a period of two planes: instead of a search.
  csro_lateral FindNoise();

  // The evidence of all candidate centres on rank 0, the highest first; empty on the others.
  std::vector<double> GatherEvidence();

  // Finds the domains and which ions belong to each: Density, Fewer, Volume, Strength, Domains,
  // Evidence, Unclaimed.
  void Report();

  // What the search says of the voxels of a block (csro_order_search_voxel_odds).
  struct VoxelOdds {
    std::vector<double> Inside, Outside;
  };
  VoxelOdds FindVoxelOdds(const csro_block &stored);

  // The evidence of a search for a decoy (1, 2) in these ions, as of GatherEvidence: after the
  // report and the voxels, for it takes the memory of the search.
  std::vector<double> TryDecoy(int decoy);

  // Keeps the domains 0 .. count - 1 of the list (count of rank 0). Returns the domain of each ion,
  // -1 outside.
  std::vector<int64_t> Keep(int64_t count);

  // The domains kept, measured: all of it on rank 0, only the sizes on the others. Labels are left
  // empty.
  DomainTable Measure(const std::vector<std::string> &species);

  csro_order_species Ranged{}; // ions of all ranks
  double Density = 0, Volume = 0;
  int64_t Strength[CSRO_STRENGTHS] = {}; // csro_order_search_strength of all
  double Fewer = 0;             // domains less than Density says, for some are parts of one
  double Unclaimed = 0;         // share of the ranged ions that domains do not hold
  std::vector<double> Evidence; // on rank 0, of all candidate centres, the highest first
  std::vector<csro_ordered_domain> Domains; // on rank 0, the most probable first

private:
  // The ions of the part, their labels and the pattern of planes as Signal.
  void Prepare();
  // Messages to those they concern; returns this rank's.
  std::vector<char> Deliver() const;
  void RunRounds();
  // Searches this->Signal, which is a pattern of planes still.
  void SearchPattern();
  void Join();
  void ListMembers(std::vector<int64_t> &ions, std::vector<int64_t> &domain) const;

  Call &Processes;
  const OrderTask &Task;
  const IonView &Ions;
  const Plan &Where;
  PartIons Part;
  std::vector<uint16_t> Merged;       // labels of its ions where Task.Merge says so
  const uint16_t *Labels = nullptr;   // those that are searched
  std::vector<csro_order_part> Boxes; // of all ranks
  std::vector<float> Signal;
  csro_search *Search = nullptr;
  int64_t Room = 0; // of all ranks (csro_order_search_evidence)
  csro_message_buffer Messages{};
  csro_order Own{};                  // domains found on this rank, whose ions it all sees
  std::vector<int64_t> Balls, Roots; // on rank 0 (csro_order_join)
  std::vector<int64_t> Numbers;      // of the own balls in the list of those kept, else -1
  std::vector<int64_t> Kept;         // of each ball kept: its domain
  std::vector<int64_t> Sizes;        // ions of all domains kept
};
} // namespace csro

#endif
