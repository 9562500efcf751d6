// Tables of domains whose ions are spread over the ranks.
#ifndef csroDistributedTable_h
#define csroDistributedTable_h

#include "data/DomainTable.h"

#include <cstdint>
#include <string>
#include <vector>

namespace csro {
// The ions of a rank, and the domains that it meets.
struct DomainMembers {
  csro_points Points{};
  const uint16_t *Label = nullptr; // of the ions; may be null
  const int64_t *Place = nullptr;  // of each ion in Present, -1 outside
  std::vector<int64_t> Present;    // numbers of domains, ascending
};

// Adds up what the ranks know of each domain. The table is complete on rank 0; sizes[i] is that of
// domain Present[i]. Collective.
DomainTable MeasureDomains(Call &call, const DomainMembers &members,
                           const std::vector<std::string> &species, std::vector<int64_t> &sizes);
} // namespace csro

#endif
