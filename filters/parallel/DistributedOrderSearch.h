// The search for ordered domains in the ions of all ranks (csro/distributed_order.h).
#ifndef csroDistributedOrderSearch_h
#define csroDistributedOrderSearch_h

#include "parallel/Distribution.h"
#include "parallel/OrderFindings.h"

#include "csro/distributed_order.h"
#include "csro/lateral.h"
#include "csro/order.h"
#include "csro/planes.h"
#include "csro/voxels.h"

#include <vector>

namespace csro {
// A species that is rich in one plane of `Period`.
struct OrderKind {
  uint16_t Species = 0;
  std::vector<uint16_t> Merge; // label -> label, where several are the species; else empty
  int Period = 2, Phase = 0;   // in planes; of a period of two both phases are looked for
};

// What is looked for and where.
struct OrderTask {
  csro_grid Grid{};
  csro_planes Planes{}; // of all ions; is owned by the caller
  double SigmaZ = 0; // blur of the planes; 0: as measured, for each species and from place to place
  csro_order_options Options{};
  OrderKind Kind{};
  std::vector<OrderKind> Rivals{}; // found in the same ions (csro_order_options)
  bool SameSpeciesOnly = false;
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

  // Finds the domains and which ions belong to each; species are the names of the labels.
  void Report(const std::vector<std::string> &species);

  // What the search says of the voxels of a block (csro_order_search_voxel_odds).
  struct VoxelOdds {
    std::vector<double> Inside, Outside;
  };
  VoxelOdds FindVoxelOdds(const csro_block &stored);

  // The evidence of a search for a decoy (1, 2) in these ions, as of GatherEvidence: after the
  // report and the voxels, for it takes the memory of the search.
  std::vector<double> TryDecoy(int decoy);

  OrderFindings Found; // of Report

private:
  // What one kind of order sees of the ions of the part.
  struct View {
    OrderKind Kind{};
    std::vector<uint16_t> Merged{};
    const uint16_t *Labels = nullptr; // those that are searched
    csro_order_species Ranged{};      // of all ranks
    std::vector<float> Signal{};
  };

  // The ions of the part, their labels and the patterns of planes as Signal.
  void Prepare();
  // The ranged ions of each view in all ranks.
  void CountIons();
  // The pattern of planes of this view; of a decoy, when that is above 0.
  void PutPattern(View &view, int decoy);
  // Messages to those they concern; returns this rank's.
  std::vector<char> Deliver() const;
  void RunRounds();
  // The peaks of all ranks on rank 0; of all, the Room.
  std::vector<csro_order_peak> GatherPeaks();
  // The rounds, and again where order is weak.
  void SearchAll();
  // Searches the patterns of the views.
  void SearchPatterns();
  void Join();
  void ListBalls();
  void MeasureBalls();

  Call &Processes;
  const OrderTask &Task;
  const IonView &Ions;
  const Plan &Where;
  PartIons Part;
  std::vector<csro_order_part> Boxes; // of all ranks
  std::vector<View> Views;            // of what is looked for, then of the rivals
  std::vector<csro_order_rival> Rivals;
  csro_order_options Options{}; // of the task, with the rivals
  csro_search *Search = nullptr;
  int64_t Room = 0; // of all ranks (csro_order_search_peaks)
  csro_message_buffer Messages{};
  csro_order Own{}; // domains found on this rank, whose ions it all sees
};
} // namespace csro

#endif
