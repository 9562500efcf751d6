#include "parallel/DistributedPole.h"

#include "parallel/Owned.h"

namespace csro {
void FindPole(Call &call, const csro_points &points, const uint16_t *label, const double bounds[6],
              const csro_pole_options &options, csro_pole_map &map) {
  Owned<csro_pole_search_destroy> search;
  call.RunLocal([&] {
    csro_pole_search *made = nullptr;
    call.Check(csro_pole_search_create(call.Context(), bounds, &options, &made));
    search.reset(made);
  });
  int32_t *sums = nullptr;
  while (const int64_t count = csro_pole_search_sums(search.get(), &sums)) {
    call.RunLocal(
        [&] { call.Check(csro_pole_search_add(call.Context(), search.get(), &points, label)); });
    call.Sum(sums, static_cast<int>(count));
    call.RunLocal([&] { call.Check(csro_pole_search_step(call.Context(), search.get())); });
  }
  call.RunLocal([&] { call.Check(csro_pole_search_end(call.Context(), search.get(), &map)); });
}
} // namespace csro
