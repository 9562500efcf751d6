/* The analysed volume of specimens whose volume is known. */
#include "check.h"
#include "csro/voxels.h"
#include "random_points.h"

static csro_context context;
static const double pi = 3.14159265358979323846;

/* A cone that stands along z from 0 down to -height, or a box of half width radius. */
typedef struct specimen {
  bool is_box;
  double top, bottom, height; /* radii */
} specimen;

static double volume(const specimen *s) {
  if (s->is_box)
    return 4 * s->top * s->top * s->height;
  return pi / 3 * s->height * (s->top * s->top + s->top * s->bottom + s->bottom * s->bottom);
}

static bool holds(const specimen *s, const double r[3]) {
  double radius = s->top + (s->bottom - s->top) * -r[2] / s->height;
  return s->is_box || r[0] * r[0] + r[1] * r[1] <= radius * radius;
}

/* Uniform ions; double, free() xyz. */
static csro_points simulate(const specimen *s, double density, uint64_t seed) {
  double most = fmax(s->top, s->bottom);
  int64_t n = (int64_t)(4 * most * most * s->height * density), count = 0;
  double *xyz = malloc((size_t)n * 3 * sizeof *xyz + 1);
  for (int64_t i = 0; i < n; i++) {
    double *r = xyz + 3 * count;
    r[0] = cloud_between(&seed, -most, most);
    r[1] = cloud_between(&seed, -most, most);
    r[2] = cloud_between(&seed, -s->height, 0);
    count += holds(s, r);
  }
  return (csro_points){xyz, true, count};
}

static double estimate(const double box[6], const csro_points *points, int parts) {
  csro_grid grid;
  csro_occupancy sum = {0};
  CHECK_OK(&context, csro_grid_init(&context, box, 1, 0.5, 0.75, &grid));
  for (int part = 0; part < parts * parts * parts; part++) {
    const int at[3] = {part % parts, part / parts % parts, part / parts / parts};
    csro_block block;
    csro_occupancy found;
    for (int axis = 0; axis < 3; axis++) {
      block.lo[axis] = grid.pixels[axis] * at[axis] / parts;
      block.hi[axis] = grid.pixels[axis] * (at[axis] + 1) / parts;
    }
    CHECK_OK(&context, csro_occupancy_count(&context, &grid, &block, points, &found));
    sum.interior_pixels += found.interior_pixels;
    sum.interior_ions += found.interior_ions;
    sum.other_ions += found.other_ions;
  }
  return csro_occupancy_volume(&grid, &sum);
}

/* The mean of a few specimens, so that a bias shows above the counting noise. */
static void check_shape(const specimen *s, const double box[6], double expected, double tolerance) {
  enum { SEEDS = 5 };
  const double densities[] = {20, 40, 48, 80};
  for (int i = 0; i < 4; i++) {
    double mean = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
      csro_points points = simulate(s, densities[i], seed);
      context.threads = 1;
      double whole = estimate(box, &points, 1);
      mean += whole / SEEDS;
      context.threads = 3;
      CHECK(estimate(box, &points, 1) == whole);
      CHECK(estimate(box, &points, 2) == whole);
      free((void *)points.xyz);
    }
    CHECK_NEAR(mean / expected, 1, tolerance);
  }
}

static void test_shapes(void) {
  const specimen frustum = {false, 5, 9, 30}, cylinder = {false, 6, 6, 20},
                 cube = {true, 6.2, 6.2, 15};
  const double wide[6] = {-10, 10, -10, 10, -31, 1};
  check_shape(&frustum, wide, volume(&frustum), 0.01);
  check_shape(&cylinder, wide, volume(&cylinder), 0.01);
  check_shape(&cube, wide, volume(&cube), 0.01);
  /* the specimen is larger than the box: all of the box is analysed */
  const double inside[6] = {-4, 4, -4, 4, -13, -2};
  check_shape(&cube, inside, 8 * 8 * 11, 0.02);
  /* the faces of the box lie within a pixel of the specimen's */
  const double close[6] = {-6.4, 6.6, -6.4, 6.6, -15.2, 0.3};
  check_shape(&cube, close, volume(&cube), 0.01);
  /* a box of one layer of voxels */
  const double thin[6] = {-4, 4, -4, 4, -5, -4};
  check_shape(&cube, thin, 8 * 8 * 1, 0.05);
}

/* One ion per pixel on average: most pixels have an empty neighbour. */
static void test_sparse(void) {
  const specimen frustum = {false, 5, 9, 30};
  const double wide[6] = {-10, 10, -10, 10, -31, 1};
  csro_points points = simulate(&frustum, 8, 3);
  CHECK_NEAR(estimate(wide, &points, 1) / volume(&frustum), 1, 0.05);
  points.count = 3;
  CHECK(isnan(estimate(wide, &points, 1)));
  points.count = 0;
  CHECK(estimate(wide, &points, 1) == 0);
  free((void *)points.xyz);
}

/* Whether r lies in the box of the centres of a block's voxels, widened. */
static bool is_near(const csro_grid *grid, const csro_block *block, double halo, const double *r) {
  for (int axis = 0; axis < 3; axis++) {
    const double first = grid->origin[axis] + grid->edge / 2;
    if (r[axis] < first + grid->stride * (double)block->lo[axis] - halo ||
        r[axis] > first + grid->stride * (double)(block->hi[axis] - 1) + halo)
      return false;
  }
  return true;
}

/* Voxel counts and tallies of blocks from the ions in their halo alone are those from all ions. */
static void check_halo(double edge, double stride, double radius) {
  const specimen cube = {true, 4, 4, 8};
  const double box[6] = {-4, 4, -4, 4, -8, 0};
  csro_points all = simulate(&cube, 40, 11), near = {malloc((size_t)all.count * 24), true, 0};
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, box, edge, stride, radius, &grid));
  for (int corner = 0; corner < 8; corner++) {
    csro_block block;
    for (int axis = 0; axis < 3; axis++) {
      const bool upper = corner >> axis & 1;
      block.lo[axis] = upper ? grid.n[axis] / 2 : 0;
      block.hi[axis] = upper ? grid.n[axis] : grid.n[axis] / 2;
    }
    double *kept = (double *)near.xyz;
    near.count = 0;
    for (int64_t i = 0; i < all.count; i++)
      if (is_near(&grid, &block, csro_grid_halo(&grid), (const double *)all.xyz + 3 * i))
        memcpy(kept + 3 * near.count++, (const double *)all.xyz + 3 * i, 24);
    CHECK(near.count < all.count);
    const size_t voxels = (size_t)csro_block_size(&block);
    int32_t *counts = malloc(2 * voxels * sizeof *counts);
    const csro_block pixels = csro_grid_pixels(&grid, &block);
    csro_occupancy some, whole;
    CHECK_OK(&context, csro_voxel_counts(&context, &grid, &block, &near, NULL, 0, NULL, counts));
    CHECK_OK(&context,
             csro_voxel_counts(&context, &grid, &block, &all, NULL, 0, NULL, counts + voxels));
    CHECK(memcmp(counts, counts + voxels, voxels * sizeof *counts) == 0);
    CHECK_OK(&context, csro_occupancy_count(&context, &grid, &pixels, &near, &some));
    CHECK_OK(&context, csro_occupancy_count(&context, &grid, &pixels, &all, &whole));
    CHECK(memcmp(&some, &whole, sizeof some) == 0 && some.interior_pixels > 0);
    free(counts);
  }
  free((void *)near.xyz);
  free((void *)all.xyz);
}

static void test_halo(void) {
  check_halo(1, 0.5, 0.75);
  check_halo(1, 0.5, 1.6);   /* the balls need most */
  check_halo(1.5, 0.5, 0.2); /* the pixels do */
  check_halo(0.5, 0.5, 0.1);
}

static void test_errors(void) {
  const double box[6] = {0, 2, 0, 2, 0, 2};
  csro_grid grid;
  csro_occupancy occupancy;
  csro_points none = {NULL, false, 0};
  CHECK_OK(&context, csro_grid_init(&context, box, 1, 0.5, 0.75, &grid));
  CHECK_FAILS(
      &context,
      csro_occupancy_count(&context, &grid, &(csro_block){{0, 0, 2}, {4, 4, 5}}, &none, &occupancy),
      CSRO_ERROR_ARGUMENT, "pixels 2 .. 4 along z, but the grid has 4");
  CHECK_OK(&context, csro_occupancy_count(&context, &grid, &(csro_block){{0, 0, 4}, {4, 4, 4}},
                                          &none, &occupancy));
  CHECK_EQ(occupancy.interior_pixels, 0);
}

int main(void) {
  csro_context_init(&context);
  test_shapes();
  test_sparse();
  test_halo();
  test_errors();
  return check_end();
}
