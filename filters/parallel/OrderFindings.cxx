#include "parallel/OrderFindings.h"

#include "parallel/Exchange.h"

#include <vtkMultiProcessController.h>

#include <algorithm>
#include <array>

namespace csro {
namespace {
void Broadcast(Call &call, std::vector<int64_t> &values) {
  if (call.Ranks() == 1)
    return;
  auto count = static_cast<int64_t>(values.size());
  call.Controller()->Broadcast(&count, 1, 0);
  values.resize(count);
  call.Controller()->Broadcast(values.data(), count, 0);
}

// Of all ranks, for the rows of rank 0.
void AddReach(Call &call, const csro_points &points, const std::vector<int64_t> &domain,
              std::vector<csro_domain> &rows) {
  std::vector<std::vector<csro_domain>> known(call.Ranks());
  call.RunLocal([&] {
    for (int rank = 0; rank < call.Ranks() && call.Rank() == 0; ++rank)
      known[rank] = rows;
  });
  std::vector<csro_domain> here = std::move(Exchange(call, std::move(known))[0]);
  call.RunLocal([&] { csro_domains_add_reach(&points, domain.data(), here.data()); });
  here = GatherOnFirst(call, std::move(here));
  for (size_t k = 0; k < here.size(); ++k)
    for (int axis = 0; axis < 3; ++axis) {
      double &reach = rows[k % rows.size()].reach[axis];
      reach = std::max(reach, here[k].reach[axis]);
    }
}
} // namespace

OrderFindings::Selection OrderFindings::Select(Call &call, const csro_points &points,
                                               int64_t count) const {
  std::vector<int64_t> candidates, kept, sizes; // balls that are kept, their domains; all domains
  call.RunLocal([&] {
    std::vector<int64_t> roots, number = this->Roots;
    for (int64_t d = 0; call.Rank() == 0 && d < count; ++d) {
      roots.push_back(this->Domains[d].candidate);
      sizes.push_back(this->Domains[d].ions);
    }
    call.Check(csro_order_number(call.Context(), static_cast<int64_t>(roots.size()), roots.data(),
                                 static_cast<int64_t>(number.size()), number.data()));
    for (size_t b = 0; b < number.size(); ++b)
      if (number[b] >= 0) {
        candidates.push_back(this->Balls[b]);
        kept.push_back(number[b]);
      }
  });
  Broadcast(call, candidates);
  Broadcast(call, kept);
  Broadcast(call, sizes);
  Selection selection;
  std::vector<double> positions; // of the ions of balls
  call.RunLocal([&] {
    selection.Domain = this->BallOfIon;
    call.Check(csro_order_number(call.Context(), static_cast<int64_t>(candidates.size()),
                                 candidates.data(), static_cast<int64_t>(selection.Domain.size()),
                                 selection.Domain.data()));
    for (int64_t &ball : selection.Domain)
      ball = ball < 0 ? -1 : kept[ball];
    selection.Table = this->MeasureKept(call, candidates, kept, sizes);
    for (const int64_t i : this->Ions) {
      std::array<double, 3> r;
      csro_points_get(&points, i, r.data());
      positions.insert(positions.end(), r.begin(), r.end());
    }
  });
  AddReach(call, {positions.data(), true, static_cast<int64_t>(this->Ions.size())},
           selection.Domain, selection.Table.Rows);
  return selection;
}

// Inside a local section.
DomainTable OrderFindings::MeasureKept(Call &call, const std::vector<int64_t> &candidates,
                                       const std::vector<int64_t> &kept,
                                       const std::vector<int64_t> &sizes) const {
  DomainTable all;
  all.Species = this->Species;
  all.Rows.resize(sizes.size());
  for (size_t d = 0; d < sizes.size(); ++d)
    all.Rows[d].size = sizes[d];
  if (call.Rank() > 0)
    return all;
  const size_t width = this->Species.size();
  std::vector<int64_t> place = this->Measured; // in the list of the balls kept
  call.Check(csro_order_number(call.Context(), static_cast<int64_t>(candidates.size()),
                               candidates.data(), static_cast<int64_t>(place.size()),
                               place.data()));
  std::vector<int64_t> from(kept.size(), -1); // of each ball kept, where its sums are
  for (size_t b = 0; b < place.size(); ++b)
    if (place[b] >= 0)
      from[place[b]] = static_cast<int64_t>(b);
  all.Composition.resize(sizes.size() * width);
  std::vector<csro_domain_sums> domains(sizes.size());
  for (size_t b = 0; b < from.size(); ++b) {
    if (from[b] < 0)
      continue;
    csro_domain_sums_add(&domains[kept[b]], &this->Sums[from[b]]);
    for (size_t s = 0; s < width; ++s)
      all.Composition[kept[b] * width + s] += this->Composition[from[b] * width + s];
  }
  for (size_t d = 0; d < domains.size(); ++d)
    if (domains[d].size != sizes[d])
      call.Fail(CSRO_ERROR_DATA, "a domain of " + std::to_string(sizes[d]) + " ions came with " +
                                     std::to_string(domains[d].size));
  csro_domains_finish(domains.data(), static_cast<int64_t>(domains.size()), all.Rows.data());
  return all;
}
} // namespace csro
