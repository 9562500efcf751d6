/* The sums that Detect Order is fast by: logarithm and exponential, and what candidate centres say
 * of voxels, against plain loops. */
#include "check.h"
#include "order/candidate_grid.h"
#include "order/fast_log.h"
#include "random_points.h"

static void test_functions(void) {
  for (double x = -87; x < 88; x += 0.0173) {
    CHECK_NEAR(csro_fast_exp((float)x) / exp((double)(float)x), 1, 3e-7);
    float y = expf((float)x);
    CHECK_NEAR(csro_fast_log(y), log((double)y), 2e-7 * (1 + fabs(x)));
  }
  CHECK(csro_fast_exp(-INFINITY) < 1e-37F && csro_fast_exp(1000) > 1e38F);
}

/* Mean over the radii of the integrals over own candidate centres. */
static double plain(const csro_candidate_grid *centers, const csro_ball_profiles *profiles,
                    const double r[3]) {
  double mean = 0;
  for (int b = 0; b < CSRO_ORDER_RADII; b++) {
    double sum = 0, radius = profiles->radius[b];
    int64_t near = 0;
    for (int64_t k = 0; k < centers->all[2]; k++)
      for (int64_t j = 0; j < centers->all[1]; j++)
        for (int64_t i = 0; i < centers->all[0]; i++) {
          double x = csro_candidate_along(centers, 0, i) - r[0];
          double y = csro_candidate_along(centers, 1, j) - r[1];
          double z = csro_candidate_along(centers, 2, k) - r[2];
          if (x * x + y * y + z * z > radius * radius + 1e-9)
            continue;
          near++;
          if (csro_candidate_owned(centers, i, j, k))
            sum += exp((double)centers->sized[csro_candidate_held(centers, i, j, k)][b]);
        }
    double volume = 4.188790204786391 * radius * radius * radius;
    mean += near > 0 ? sum * volume / (double)near / CSRO_ORDER_RADII : 0;
  }
  return mean;
}

static void test_odds(csro_context *context, const double lo[3], const double hi[3]) {
  const double box[6] = {0, 5, 0, 4, 0, 5}, bounds[6] = {0.2, 4.7, 0.4, 3.9, 0.1, 4.9};
  const double diameter[2] = {0.7, 2.1};
  csro_grid grid;
  csro_candidate_grid centers;
  csro_ball_profiles profiles;
  CHECK_OK(context, csro_grid_init(context, box, 1.0, 0.5, 0.75, &grid));
  CHECK_OK(context, csro_candidate_grid_init(context, &grid, bounds, lo, hi, &centers));
  csro_ball_profiles_measure(diameter, 0.3, 0.03, &profiles);
  uint64_t state = 5;
  for (int64_t p = 0; p < centers.n[0] * centers.n[1] * centers.n[2]; p++)
    for (int b = 0; b < CSRO_ORDER_RADII; b++)
      centers.sized[p][b] = (float)cloud_between(&state, -9, 4);
  csro_block voxels = csro_block_whole(grid.n);
  voxels.lo[0] = 1;
  int64_t n = csro_block_size(&voxels), v = 0;
  double *odds = malloc((size_t)n * sizeof *odds), r[3];
  CHECK_OK(context,
           csro_candidate_grid_voxel_odds(context, &centers, &profiles, &grid, &voxels, odds));
  for (int64_t k = voxels.lo[2]; k < voxels.hi[2]; k++)
    for (int64_t j = voxels.lo[1]; j < voxels.hi[1]; j++)
      for (int64_t i = voxels.lo[0]; i < voxels.hi[0]; i++, v++) {
        csro_voxel_center(&grid, i, j, k, r);
        double expected = plain(&centers, &profiles, r);
        CHECK_NEAR(odds[v], expected, 1e-6 * expected);
      }
  free(odds);
  csro_candidate_grid_release(&centers);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  context.threads = 2;
  const double none[3] = {-INFINITY, -INFINITY, -INFINITY}, all[3] = {INFINITY, INFINITY, INFINITY};
  const double low[3] = {1.1, -INFINITY, 1.6}, high[3] = {3.4, 2.2, INFINITY};
  test_functions();
  test_odds(&context, none, all);
  test_odds(&context, low, high);
  return check_end();
}
