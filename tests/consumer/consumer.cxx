// As consumer.c, in C++: both must print the same.
#include <csro/domains.h>
#include <csro/version.h>
#include <csro/zsdm.h>

#include <array>
#include <cstdio>
#include <exception>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace {
constexpr int Edge = 12, Ions = 2 * Edge * Edge * Edge;

void Require(const csro_context &context, csro_status status) {
  if (status != CSRO_OK)
    throw std::runtime_error(std::string(csro_status_text(status)) + ": " + context.message);
}

std::vector<float> Lattice() {
  std::vector<float> xyz;
  for (int cube = 0; cube < 2; ++cube)
    for (int k = 0; k < Edge; ++k)
      for (int j = 0; j < Edge; ++j)
        for (int i = 0; i < Edge; ++i)
          for (const float value : {i * 0.25f + 6 * cube, j * 0.25f, k * 0.25f})
            xyz.push_back(value);
  return xyz;
}

void Run() {
  const std::vector<float> xyz = Lattice();
  const std::vector<uint16_t> label(Ions, 1);
  const csro_points points{xyz.data(), false, Ions};
  csro_context context;
  csro_context_init(&context);

  std::array<double, 6> bounds, box;
  csro_grid grid;
  Require(context, csro_points_bounds(&context, &points, bounds.data()));
  csro_box_snap(bounds.data(), 0.5, box.data());
  Require(context, csro_grid_init(&context, box.data(), 1, 0.5, 0.5, &grid));
  const csro_block all = csro_block_whole(grid.n);
  const uint16_t wanted = 1;
  std::vector<int32_t> counts(csro_block_size(&all));
  Require(context, csro_voxel_counts(&context, &grid, &all, &points, label.data(), 1, &wanted,
                                     counts.data()));

  csro_bins bins;
  Require(context, csro_bins_init(&context, 1.5, 200, 1.5, &bins));
  std::vector<int64_t> curve(bins.kept);
  Require(context,
          csro_zsdm_region(&context, &points, Ions, label.data(), 1, 1, &bins, curve.data()));

  std::vector<int64_t> domain(Ions);
  int64_t domains = 0;
  Require(context, csro_dbscan(&context, &points, 0.3, 4, domain.data(), &domains));
  std::printf("%s: %ld ions in %zu voxels, %ld pairs, %ld domains\n", csro_version(),
              std::accumulate(counts.begin(), counts.end(), 0L), counts.size(),
              std::accumulate(curve.begin(), curve.end(), 0L), static_cast<long>(domains));
}
} // namespace

int main() {
  try {
    Run();
    return 0;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
