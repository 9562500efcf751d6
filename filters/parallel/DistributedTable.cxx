#include "parallel/DistributedTable.h"

#include "parallel/Exchange.h"

#include "csro/domains.h"

#include <algorithm>

namespace csro {
DomainTable MeasureDomains(Call &call, const DomainMembers &members,
                           const std::vector<std::string> &species, std::vector<int64_t> &sizes) {
  const size_t kinds = species.size(), present = members.Present.size();
  std::vector<std::vector<csro_domain_sums>> sums(call.Ranks());
  std::vector<std::vector<int64_t>> domain(call.Ranks()), composition(call.Ranks());
  call.RunLocal([&] {
    sums[0].resize(present);
    domain[0] = members.Present;
    composition[0].resize(present * kinds);
    call.Check(csro_domains_sum(call.Context(), &members.Points, members.Place,
                                static_cast<int64_t>(present), kinds > 0 ? members.Label : nullptr,
                                static_cast<int>(kinds), sums[0].data(), composition[0].data()));
  });
  sums = Exchange(call, std::move(sums));
  domain = Exchange(call, std::move(domain));
  composition = Exchange(call, std::move(composition));
  DomainTable table;
  table.Species = species;
  std::vector<std::vector<csro_domain>> known(call.Ranks());
  call.RunLocal([&] {
    size_t count = 0;
    for (const auto &domains : domain)
      count = domains.empty() ? count : std::max(count, static_cast<size_t>(domains.back()) + 1);
    std::vector<csro_domain_sums> all(count);
    table.Rows.resize(count);
    table.Composition.resize(count * kinds);
    for (int rank = 0; rank < call.Ranks(); ++rank)
      for (size_t d = 0; d < domain[rank].size(); ++d) {
        const int64_t row = domain[rank][d];
        csro_domain_sums_add(&all[row], &sums[rank][d]);
        for (size_t kind = 0; kind < kinds; ++kind)
          table.Composition[row * kinds + kind] += composition[rank][d * kinds + kind];
      }
    csro_domains_finish(all.data(), static_cast<int64_t>(count), table.Rows.data());
    for (int rank = 0; rank < call.Ranks(); ++rank)
      for (const int64_t row : domain[rank])
        known[rank].push_back(table.Rows[row]);
  });
  known = Exchange(call, std::move(known));
  std::vector<csro_domain> here = std::move(known[0]);
  call.RunLocal([&] {
    for (const csro_domain &row : here)
      sizes.push_back(row.size);
    csro_domains_add_reach(&members.Points, members.Place, here.data());
  });
  std::vector<std::vector<csro_domain>> reached(call.Ranks());
  reached[0] = std::move(here);
  reached = Exchange(call, std::move(reached));
  for (int rank = 0; rank < call.Ranks(); ++rank)
    for (size_t d = 0; d < reached[rank].size(); ++d)
      for (int axis = 0; axis < 3; ++axis) {
        double &reach = table.Rows[domain[rank][d]].reach[axis];
        reach = std::max(reach, reached[rank][d].reach[axis]);
      }
  return table;
}
} // namespace csro
