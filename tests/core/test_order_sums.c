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

/* Of a candidate centre, or the mean of those with even numbers around. */
static double ratio_of(const csro_candidate_grid *centers, int64_t i, int64_t j, int64_t k, int b) {
  const csro_candidate_cell *cell = csro_candidate_cell_of(centers, i, j, k);
  int place = csro_candidate_place(i, j, k);
  if (cell->known >> place & 1)
    return (double)(place ? centers->others[cell->others].ratio[place - 1] : cell->ratio)[b];
  double sum = 0;
  for (int c = 0; c < 8; c++) {
    int64_t at[3] = {i, j, k};
    for (int a = 0; a < 3; a++)
      at[a] += at[a] + 1 < centers->first[a] + centers->n[a] ? (c >> a & 1) * (at[a] & 1) : 0;
    sum += (double)csro_candidate_cell_of(centers, at[0], at[1], at[2])->ratio[b] / 8;
  }
  return sum;
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
            sum += ratio_of(centers, i, j, k, b);
        }
    double volume = 4.188790204786391 * radius * radius * radius;
    mean += near > 0 ? sum * volume / (double)near / CSRO_ORDER_RADII : 0;
  }
  return mean;
}

/* Every third cell with all eight known. */
static void fill(csro_candidate_grid *centers) {
  uint64_t state = 5;
  int64_t cells = centers->cells[0] * centers->cells[1] * centers->cells[2];
  centers->others = calloc((size_t)cells, sizeof *centers->others);
  for (int64_t c = 0; c < cells; c++) {
    centers->cell[c].known = c % 3 ? 1 : 0xff;
    centers->cell[c].others = c % 3 ? -1 : (int32_t)c;
    for (int b = 0; b < CSRO_ORDER_RADII; b++) {
      centers->cell[c].ratio[b] = (float)exp(cloud_between(&state, -9, 4));
      for (int place = 1; place < 8; place++)
        centers->others[c].ratio[place - 1][b] = (float)exp(cloud_between(&state, -9, 4));
    }
  }
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
  fill(&centers);
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
