/* Grids of voxels, bounds, the default box. */
#include "check.h"
#include "csro/voxels.h"

static csro_context context;

static void test_published(void) {
  const double box[6] = {-10, 10, -10, 10, -120, 0};
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, box, 1, 0.5, 0.75, &grid));
  CHECK_EQ(grid.n[0], 39);
  CHECK_EQ(grid.n[1], 39);
  CHECK_EQ(grid.n[2], 239);
  CHECK_EQ(grid.ratio, 2);
  CHECK_EQ(grid.pixels[0], 40);
  CHECK_EQ(grid.pixels[2], 240);
  CHECK_NEAR(grid.origin[2], -120, 0);
  CHECK_EQ(csro_block_size(&(csro_block){{0, 0, 0}, {grid.n[0], grid.n[1], 239}}), 363519);
}

static void test_rounding(void) {
  /* 0.3 / 0.1 and 1.1 - 0.2 are not exact */
  const double box[6] = {0.2, 1.1, 0, 0.3, 0, 0.7};
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, box, 0.3, 0.1, 0.2, &grid));
  CHECK_EQ(grid.ratio, 3);
  CHECK_EQ(grid.n[0], 7);
  CHECK_EQ(grid.n[1], 1);
  CHECK_EQ(grid.n[2], 5);
  CHECK_EQ(grid.pixels[0], 9);
}

static void test_errors(void) {
  const double box[6] = {-10, 10, -10, 10, -120, 0};
  const double empty[6] = {-10, 10, 3, 3, -120, 0};
  const double infinite[6] = {-10, 10, -10, 10, -INFINITY, 0};
  csro_grid grid = {.ratio = 7};
  CHECK_FAILS(&context, csro_grid_init(&context, box, 30, 0.5, 0.75, &grid), CSRO_ERROR_ARGUMENT,
              "voxel edge 30 nm is larger than the box (20 x 20 x 120 nm)");
  CHECK_EQ(grid.ratio, 0);
  CHECK_FAILS(&context, csro_grid_init(&context, empty, 1, 0.5, 0.75, &grid), CSRO_ERROR_ARGUMENT,
              "box along y is 3 .. 3 nm");
  CHECK_FAILS(&context, csro_grid_init(&context, infinite, 1, 0.5, 0.75, &grid),
              CSRO_ERROR_ARGUMENT, "box along z");
  CHECK_FAILS(&context, csro_grid_init(&context, box, 1, 0.4, 0.75, &grid), CSRO_ERROR_ARGUMENT,
              "whole number");
  CHECK_FAILS(&context, csro_grid_init(&context, box, 0.5, 1, 0.75, &grid), CSRO_ERROR_ARGUMENT,
              "whole number");
  CHECK_FAILS(&context, csro_grid_init(&context, box, 0, 0.5, 0.75, &grid), CSRO_ERROR_ARGUMENT,
              "edge");
  CHECK_FAILS(&context, csro_grid_init(&context, box, 1, NAN, 0.75, &grid), CSRO_ERROR_ARGUMENT,
              "stride");
  CHECK_FAILS(&context, csro_grid_init(&context, box, 1, 0.5, 0, &grid), CSRO_ERROR_ARGUMENT,
              "radius");
  CHECK_FAILS(&context, csro_grid_init(&context, box, 1e-4, 1e-4, 0.75, &grid), CSRO_ERROR_ARGUMENT,
              "2^32");
  CHECK_FAILS(&context, csro_grid_init(&context, box, 10, 1e-5, 0.75, &grid), CSRO_ERROR_ARGUMENT,
              "2^32");
}

static void test_bounds(void) {
  float xyz[] = {1, -2, 3, 4, 5, -6.25f, 0, 0, 0};
  double bounds[6], box[6];
  csro_points points = {xyz, false, 3};
  for (context.threads = 1; context.threads <= 2; context.threads++) {
    CHECK_OK(&context, csro_points_bounds(&context, &points, bounds));
    const double expected[6] = {0, 4, -2, 5, -6.25, 3};
    CHECK(memcmp(bounds, expected, sizeof bounds) == 0);
  }
  csro_box_snap(bounds, 0.5, box);
  const double expected[6] = {0, 4, -2, 5, -6, 3};
  CHECK(memcmp(box, expected, sizeof box) == 0);
  const double odd[6] = {-0.2, 0.7, 0.1, 0.9, -1.3, -0.1};
  csro_box_snap(odd, 0.5, box);
  const double snapped[6] = {0, 0.5, 0.5, 0.5, -1, -0.5};
  CHECK(memcmp(box, snapped, sizeof box) == 0);

  points.count = 0;
  CHECK_OK(&context, csro_points_bounds(&context, &points, bounds));
  CHECK(bounds[0] > 0 && isinf(bounds[0]) && bounds[5] < 0 && isinf(bounds[5]));
  xyz[4] = NAN;
  xyz[8] = INFINITY;
  points.count = 3;
  CHECK_FAILS(&context, csro_points_bounds(&context, &points, bounds), CSRO_ERROR_DATA,
              "ion 1 is (4, ");
}

static void test_voxel_at(void) {
  const double box[6] = {-2, 1, 0, 4, 5, 7};
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, box, 1, 0.5, 0.75, &grid));
  int64_t number = 0;
  for (int64_t k = 0; k < grid.n[2]; k++)
    for (int64_t j = 0; j < grid.n[1]; j++)
      for (int64_t i = 0; i < grid.n[0]; i++) {
        const double r[3] = {-1.5 + 0.5 * (double)i + 0.004, 0.5 + 0.5 * (double)j,
                             5.5 + 0.5 * (double)k - 0.004};
        CHECK_EQ(csro_grid_voxel_at(&grid, r), number);
        number++;
      }
  CHECK_EQ(csro_grid_voxel_at(&grid, (double[3]){-1.494, 0.5, 5.5}), -1); /* off the centre */
  CHECK_EQ(csro_grid_voxel_at(&grid, (double[3]){-2, 0.5, 5.5}), -1);     /* before the first */
  CHECK_EQ(csro_grid_voxel_at(&grid, (double[3]){1, 0.5, 5.5}), -1);      /* after the last */
  CHECK_EQ(csro_grid_voxel_at(&grid, (double[3]){-1.5, NAN, 5.5}), -1);
  CHECK_EQ(csro_grid_voxel_at(&grid, (double[3]){-1.5, 0.5, INFINITY}), -1);
}

/* Blocks of two parts along each axis: what is owned comes back, stored blocks share a layer, and
 * every pixel is that of one part. */
static void test_blocks(void) {
  const double box[6] = {0, 3, 0, 4, 0, 5};
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, box, 1.5, 0.5, 0.75, &grid));
  const int64_t cut[3] = {1, 3, 4};
  int64_t pixels = 0;
  int seen[6 * 8 * 10] = {0};
  const csro_block all = csro_block_whole(grid.pixels);
  CHECK_EQ(csro_block_size(&all), 6 * 8 * 10);
  for (int part = 0; part < 8; part++) {
    csro_block owned;
    for (int axis = 0; axis < 3; axis++) {
      owned.lo[axis] = part >> axis & 1 ? cut[axis] : 0;
      owned.hi[axis] = part >> axis & 1 ? grid.n[axis] : cut[axis];
    }
    const csro_block stored = csro_grid_stored(&grid, &owned);
    const csro_block back = csro_grid_owned(&grid, &stored);
    CHECK(memcmp(&back, &owned, sizeof back) == 0);
    for (int axis = 0; axis < 3; axis++)
      CHECK_EQ(stored.hi[axis], part >> axis & 1 ? grid.n[axis] : cut[axis] + 1);
    const csro_block own = csro_grid_pixels(&grid, &owned);
    pixels += csro_block_size(&own);
    for (int64_t k = own.lo[2]; k < own.hi[2]; k++)
      for (int64_t j = own.lo[1]; j < own.hi[1]; j++)
        for (int64_t i = own.lo[0]; i < own.hi[0]; i++)
          seen[csro_block_at(&all, i, j, k)]++;
  }
  CHECK_EQ(pixels, 6 * 8 * 10);
  for (int i = 0; i < 6 * 8 * 10; i++)
    CHECK_EQ(seen[i], 1);
  const csro_block none = {{1, 1, 1}, {1, 1, 1}};
  csro_block block = csro_grid_stored(&grid, &none);
  CHECK_EQ(csro_block_size(&block), 0);
  block = csro_grid_owned(&grid, &none);
  CHECK_EQ(csro_block_size(&block), 0);
  block = csro_grid_pixels(&grid, &none);
  CHECK_EQ(csro_block_size(&block), 0);
}

static void test_with_ions(void) {
  const csro_block stored = {{2, 0, 1}, {5, 2, 3}}, owned = {{2, 0, 1}, {4, 2, 2}},
                   none = {{2, 0, 1}, {2, 2, 2}};
  const int32_t counts[12] = {0, 4, 9, 1, 0, 9, 9, 9, 9, 9, 9, 9};
  CHECK_EQ(csro_voxels_with_ions(&stored, &owned, counts), 2);
  CHECK_EQ(csro_voxels_with_ions(&stored, &stored, counts), 10);
  CHECK_EQ(csro_voxels_with_ions(&stored, &none, NULL), 0);
}

/* 3 x 2 x 2 into 2 x 3 x 1, which have 1 x 2 x 1 in common. */
static void test_copy(void) {
  const csro_block from = {{2, 0, 1}, {5, 2, 3}}, to = {{1, 0, 2}, {3, 3, 3}},
                   none = {{0, 0, 0}, {0, 2, 2}};
  int32_t values[12], out[6] = {-1, -1, -1, -1, -1, -1};
  for (int i = 0; i < 12; i++)
    values[i] = i;
  csro_block_copy(&from, values, &none, NULL, sizeof *values);
  csro_block_copy(&from, values, &to, out, sizeof *values);
  const int32_t expected[6] = {-1, 6, -1, 9, -1, -1};
  CHECK(memcmp(out, expected, sizeof out) == 0);
}

int main(void) {
  csro_context_init(&context);
  test_published();
  test_copy();
  test_rounding();
  test_errors();
  test_bounds();
  test_voxel_at();
  test_blocks();
  test_with_ions();
  return check_end();
}
