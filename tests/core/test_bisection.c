/* Blocks over ranks: disjoint, whole, balanced, the same for any split of the ions over ranks and
 * any number of threads; neighbourhoods against all ions; the index of blocks against all blocks.
 */
#include "check.h"
#include "csro/bisection.h"
#include "csro/share.h"
#include "random_points.h"

static csro_context context;

/* The ions of a tilted rod: most of its box is empty. */
static csro_points rod(int64_t count) {
  float *xyz = malloc((size_t)count * 3 * sizeof *xyz);
  uint64_t state = 3;
  for (int64_t i = 0; i < count; i++) {
    const double along = cloud_between(&state, 0, 100);
    xyz[3 * i] = (float)(along / 2 + cloud_between(&state, -5, 5));
    xyz[3 * i + 1] = (float)cloud_between(&state, -5, 5);
    xyz[3 * i + 2] = (float)(-along * along / 100);
  }
  return (csro_points){xyz, false, count};
}

/* Runs all rounds, with the ions shared out over ranks. */
static int run_rounds(csro_bisection *parts, const csro_points *points, const uint16_t *label,
                      int ranks) {
  int rounds = 0;
  for (int64_t n; (n = csro_bisection_counters(parts)) > 0; rounds++) {
    int64_t *sum = calloc((size_t)n, sizeof *sum), *own = malloc((size_t)n * sizeof *own);
    for (int rank = 0; rank < ranks; rank++) {
      const int64_t first = points->count * rank / ranks;
      const csro_points share = {(const float *)points->xyz + 3 * first, false,
                                 points->count * (rank + 1) / ranks - first};
      CHECK_OK(&context,
               csro_bisection_count(&context, parts, &share, label ? label + first : NULL, own));
      for (int64_t i = 0; i < n; i++)
        sum[i] += own[i];
    }
    csro_bisection_cut(parts, sum);
    free(sum);
    free(own);
  }
  return rounds;
}

static csro_bisection *cut(const csro_mesh *mesh, int count, const csro_points *points, int ranks) {
  csro_bisection *parts;
  CHECK_OK(&context, csro_bisection_create(&context, mesh, count, &parts));
  CHECK(1 << run_rounds(parts, points, NULL, ranks) <= 2 * count);
  return parts;
}

static bool holds(const csro_block *block, const int64_t cell[3]) {
  for (int axis = 0; axis < 3; axis++)
    if (cell[axis] < block->lo[axis] || cell[axis] >= block->hi[axis])
      return false;
  return true;
}

static void check_parts(const csro_points *points, int count) {
  double bounds[6];
  CHECK_OK(&context, csro_points_bounds(&context, points, bounds));
  const csro_mesh mesh = csro_mesh_over(bounds, 0.1);
  context.threads = 1;
  csro_bisection *parts = cut(&mesh, count, points, 1);
  context.threads = 2;
  csro_bisection *same = cut(&mesh, count, points, 3);
  const csro_block *blocks = csro_bisection_blocks(parts);
  CHECK(memcmp(blocks, csro_bisection_blocks(same), (size_t)count * sizeof *blocks) == 0);

  int64_t cells = 0, *ions = calloc((size_t)count, sizeof *ions);
  for (int part = 0; part < count; part++)
    cells += csro_block_size(&blocks[part]);
  CHECK_EQ(cells, mesh.n[0] * mesh.n[1] * mesh.n[2]);
  csro_block_index index;
  CHECK_OK(&context, csro_block_index_init(&context, mesh.n, count, blocks, &index));
  for (int64_t i = 0; i < points->count; i++) {
    double r[3];
    int64_t cell[3], candidates;
    csro_points_get(points, i, r);
    csro_mesh_cell(&mesh, r, cell);
    const int32_t *candidate = csro_block_index_at(&index, cell, &candidates);
    int owners = 0;
    for (int64_t c = 0; c < candidates; c++)
      if (holds(&blocks[candidate[c]], cell)) {
        owners++;
        ions[candidate[c]]++;
      }
    CHECK_EQ(owners, 1);
  }
  for (int part = 0; part < count; part++)
    CHECK_NEAR((double)ions[part], (double)points->count / count,
               0.1 * (double)points->count / count);
  csro_block_index_release(&index);
  csro_bisection_destroy(&parts);
  csro_bisection_destroy(&same);
  free(ions);
}

static csro_bisection *cut_neighbourhoods(const csro_points *points, const uint16_t *label,
                                          int64_t smallest, uint64_t seed, int ranks) {
  double bounds[6];
  CHECK_OK(&context, csro_points_bounds(&context, points, bounds));
  const csro_mesh mesh = csro_mesh_over(bounds, 0.05);
  int64_t ions = 0;
  for (int64_t i = 0; i < points->count; i++)
    ions += !label || label[i] > 0;
  csro_bisection *parts;
  CHECK_OK(&context,
           csro_bisection_create_neighbourhoods(&context, &mesh, ions, smallest, seed, &parts));
  run_rounds(parts, points, label, ranks);
  return parts;
}

/* Every ion is in one block, the one that csro_bisection_part_at says; each holds at least
 * `smallest` and less than twice as many, and in a box full of ions no side is much longer than the
 * others. */
static void check_neighbourhoods(const csro_points *points, const uint16_t *label, int64_t smallest,
                                 bool is_full) {
  context.threads = 1;
  csro_bisection *parts = cut_neighbourhoods(points, label, smallest, 4, 1);
  context.threads = 2;
  csro_bisection *same = cut_neighbourhoods(points, label, smallest, 4, 3);
  csro_bisection *other = cut_neighbourhoods(points, label, smallest, 5, 1);
  const int count = csro_bisection_parts(parts);
  const csro_block *blocks = csro_bisection_blocks(parts);
  CHECK_EQ(csro_bisection_parts(same), count);
  CHECK(memcmp(blocks, csro_bisection_blocks(same), (size_t)count * sizeof *blocks) == 0);
  CHECK(csro_bisection_parts(other) != count ||
        memcmp(blocks, csro_bisection_blocks(other), (size_t)count * sizeof *blocks) != 0);

  double bounds[6];
  CHECK_OK(&context, csro_points_bounds(&context, points, bounds));
  const csro_mesh mesh = csro_mesh_over(bounds, 0.05);
  int64_t cells = 0;
  for (int part = 0; part < count; part++) {
    cells += csro_block_size(&blocks[part]);
    int64_t ions = 0;
    double lo[3] = {INFINITY, INFINITY, INFINITY}, hi[3] = {-INFINITY, -INFINITY, -INFINITY};
    for (int64_t i = 0; i < points->count; i++) {
      double r[3];
      int64_t cell[3];
      csro_points_get(points, i, r);
      csro_mesh_cell(&mesh, r, cell);
      CHECK_EQ(csro_bisection_part_at(parts, cell) == part, holds(&blocks[part], cell));
      if (!holds(&blocks[part], cell) || (label && label[i] == 0))
        continue;
      ions++;
      for (int axis = 0; axis < 3; axis++) {
        lo[axis] = fmin(lo[axis], r[axis]);
        hi[axis] = fmax(hi[axis], r[axis]);
      }
    }
    CHECK(ions >= smallest && ions < 2 * smallest);
    const double dx = hi[0] - lo[0], dy = hi[1] - lo[1], dz = hi[2] - lo[2];
    CHECK(!is_full || fmax(dx, fmax(dy, dz)) < 3 * fmin(dx, fmin(dy, dz)));
  }
  CHECK_EQ(cells, mesh.n[0] * mesh.n[1] * mesh.n[2]);
  csro_bisection_destroy(&parts);
  csro_bisection_destroy(&same);
  csro_bisection_destroy(&other);
}

/* Few ions, none, all in one place: one neighbourhood, with all of them. */
static void check_one_neighbourhood(const csro_points *points) {
  float place[300];
  for (int i = 0; i < 300; i++)
    place[i] = 0.5f;
  const csro_points few = {points->xyz, false, 1999}, none = {points->xyz, false, 0},
                    heap = {place, false, 100};
  const csro_points *const cases[] = {&few, &none, &heap};
  const int64_t smallest[] = {1000, 1000, 10};
  for (int i = 0; i < 3; i++) {
    csro_bisection *parts = cut_neighbourhoods(cases[i], NULL, smallest[i], 1, 1);
    CHECK_EQ(csro_bisection_parts(parts), 1);
    CHECK_EQ(csro_bisection_part_at(parts, (int64_t[3]){0, 0, 0}), 0);
    csro_bisection_destroy(&parts);
  }
  const csro_mesh mesh = {{0, 0, 0}, 1, {2, 1, 2}};
  csro_bisection *parts;
  CHECK_FAILS(&context, csro_bisection_create_neighbourhoods(&context, &mesh, 5, 0, 1, &parts),
              CSRO_ERROR_ARGUMENT, "neighbourhoods of 0 of 5 ions");
  CHECK(parts == NULL);
}

/* Overlapping blocks, some empty, against all of them. */
static void check_index(void) {
  enum { BLOCKS = 50 };
  const int64_t n[3] = {70, 3, 1};
  csro_block blocks[BLOCKS];
  csro_block_index index;
  uint64_t state = 8;
  for (int b = 0; b < BLOCKS; b++)
    for (int axis = 0; axis < 3; axis++) {
      blocks[b].lo[axis] = (int64_t)cloud_between(&state, 0, (double)n[axis]);
      blocks[b].hi[axis] =
          (int64_t)cloud_between(&state, (double)blocks[b].lo[axis], (double)n[axis] + 1);
    }
  CHECK_OK(&context, csro_block_index_init(&context, n, BLOCKS, blocks, &index));
  for (int64_t v = 0; v < n[0] * n[1] * n[2]; v++) {
    const int64_t cell[3] = {v % n[0], v / n[0] % n[1], v / n[0] / n[1]};
    int64_t candidates;
    const int32_t *candidate = csro_block_index_at(&index, cell, &candidates);
    for (int b = 0; b < BLOCKS; b++) {
      int found = 0;
      for (int64_t c = 0; c < candidates; c++)
        found += candidate[c] == b;
      CHECK(found <= 1 && (found == 1 || !holds(&blocks[b], cell)));
    }
  }
  csro_block_index_release(&index);
}

/* More parts than cells, no ions at all, all ions in one place, ions outside. */
static void check_odd(void) {
  const csro_points none = {NULL, false, 0};
  const float place[6] = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
  const csro_mesh mesh = {{0, 0, 0}, 1, {2, 1, 2}};
  csro_bisection *parts = cut(&mesh, 7, &none, 1);
  int64_t cells = 0, empty = 0;
  for (int part = 0; part < 7; part++) {
    const int64_t size = csro_block_size(&csro_bisection_blocks(parts)[part]);
    cells += size;
    empty += size == 0;
  }
  CHECK_EQ(cells, 4);
  CHECK_EQ(empty, 3);
  csro_bisection_destroy(&parts);

  parts = cut(&mesh, 2, &(csro_points){place, false, 2}, 2);
  CHECK_EQ(csro_block_size(&csro_bisection_blocks(parts)[0]) +
               csro_block_size(&csro_bisection_blocks(parts)[1]),
           4);
  csro_bisection_destroy(&parts);

  const double bounds[6] = {INFINITY, -INFINITY, INFINITY, -INFINITY, INFINITY, -INFINITY};
  const csro_mesh nothing = csro_mesh_over(bounds, 0.4);
  CHECK_EQ(nothing.n[0] * nothing.n[1] * nothing.n[2], 1);
  int64_t cell[3];
  csro_mesh_cell(&mesh, (double[3]){-1e30, 1e30, NAN}, cell);
  CHECK(cell[0] == 0 && cell[1] == 0 && cell[2] == 1);
  CHECK_FAILS(&context, csro_bisection_create(&context, &mesh, 0, &parts), CSRO_ERROR_ARGUMENT,
              "0 parts");
  CHECK(parts == NULL);
}

/* Voxels cut by their neighbours: disjoint, whole, and no part is one layer at the end. */
static void check_voxels(const csro_points *points, int count) {
  const double box[6] = {-3, 52, -4, 4, -90, 0};
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, box, 3, 1.5, 1.5, &grid));
  const csro_mesh mesh = csro_mesh_of_neighbours(&grid);
  csro_bisection *parts = cut(&mesh, count, points, 2);
  const csro_block whole = csro_block_whole(grid.n);
  int *seen = calloc((size_t)csro_block_size(&whole), sizeof *seen);
  for (int p = 0; p < count; p++) {
    const csro_block block = csro_grid_block(&grid, &csro_bisection_blocks(parts)[p]);
    if (csro_block_size(&block) == 0)
      continue;
    for (int axis = 0; axis < 3; axis++)
      CHECK(block.hi[axis] < grid.n[axis] || block.hi[axis] - block.lo[axis] >= 2);
    const csro_block stored = csro_grid_stored(&grid, &block);
    const csro_block owned = csro_grid_owned(&grid, &stored);
    CHECK(memcmp(&owned, &block, sizeof owned) == 0);
    for (int64_t k = block.lo[2]; k < block.hi[2]; k++)
      for (int64_t j = block.lo[1]; j < block.hi[1]; j++)
        for (int64_t i = block.lo[0]; i < block.hi[0]; i++)
          seen[csro_block_at(&whole, i, j, k)]++;
  }
  for (int64_t i = 0; i < csro_block_size(&whole); i++)
    CHECK_EQ(seen[i], 1);
  free(seen);
  csro_bisection_destroy(&parts);
}

/* Grids of one voxel along an axis. */
static void check_thin(void) {
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, (double[6]){0, 1, 0, 2, 0, 3}, 1, 0.5, 0.75, &grid));
  const csro_mesh mesh = csro_mesh_of_neighbours(&grid);
  const csro_block all = csro_block_whole(mesh.n), none = {{1, 0, 0}, {1, 2, 4}};
  const csro_block voxels = csro_grid_block(&grid, &all), empty = csro_grid_block(&grid, &none);
  const csro_block whole = csro_block_whole(grid.n);
  CHECK(memcmp(&voxels, &whole, sizeof whole) == 0);
  CHECK_EQ(csro_block_size(&empty), 0);
}

/* Regions hold what is within the halo of a block, and their cells are those of what they hold. */
static void check_regions(void) {
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, (double[6]){1, 5, 0, 4, -4, 0}, 1, 0.5, 0.75, &grid));
  const csro_block block = {{0, 2, 3}, {2, 4, 7}}, none = {{1, 1, 1}, {1, 2, 2}};
  const csro_mesh pixels = csro_mesh_of_pixels(&grid);
  const double halo = 0.7, far = 1e6;
  const csro_region closed = csro_mesh_region(&pixels, &block, halo, false);
  const csro_region open = csro_mesh_region(&pixels, &block, halo, true);
  const csro_region centres = csro_grid_region(&grid, &block, halo);
  const csro_block cells = csro_region_cells(&pixels, &closed);
  uint64_t state = 9;
  for (int i = 0; i < 20000; i++) {
    double r[3], outside = 0, off_centre = 0;
    for (int axis = 0; axis < 3; axis++) {
      r[axis] = cloud_between(&state, grid.origin[axis] - 1, grid.origin[axis] + 5);
      const double lo = grid.origin[axis] + 0.5 * (double)block.lo[axis],
                   hi = grid.origin[axis] + 0.5 * (double)block.hi[axis];
      outside = fmax(outside, fmax(lo - r[axis], r[axis] - hi));
      off_centre = fmax(off_centre, fmax(lo + 0.5 - r[axis], r[axis] - hi));
    }
    CHECK_EQ(csro_region_holds(&closed, r), outside <= halo);
    CHECK_EQ(csro_region_holds(&centres, r), off_centre <= halo);
    int64_t cell[3];
    csro_mesh_cell(&pixels, r, cell);
    CHECK(!csro_region_holds(&closed, r) || holds(&cells, cell));
  }
  /* the block begins with the mesh along x only; 0.7 nm exactly are held */
  CHECK(csro_region_holds(&open, (double[3]){-far, 1.5, -1}));
  CHECK(!csro_region_holds(&closed, (double[3]){-far, 1.5, -1}));
  CHECK(!csro_region_holds(&open, (double[3]){far, 1.5, -1}));
  CHECK(!csro_region_holds(&open, (double[3]){1, -far, -1}));
  CHECK(csro_region_holds(&closed, (double[3]){1 - halo, 1.5, -1}));
  const csro_region empty = csro_mesh_region(&pixels, &none, halo, true);
  const csro_region no_voxels = csro_grid_region(&grid, &none, halo);
  const csro_block no_cells = csro_region_cells(&pixels, &empty);
  CHECK(!csro_region_holds(&empty, (double[3]){1.5, 0.5, -3.5}));
  CHECK(!csro_region_holds(&no_voxels, (double[3]){1.5, 0.5, -3.5}));
  CHECK_EQ(csro_block_size(&no_cells), 0);
}

/* Layers of an image: every one has a part, in order, parts share the planes between. */
static void check_layers(void) {
  for (int layers = 0; layers <= 7; layers++)
    for (int parts = 1; parts <= 9; parts++) {
      int64_t next = 0, first, last;
      for (int part = 0; part < parts; part++) {
        csro_share_layers(layers, part, parts, &first, &last);
        if (last < first)
          continue;
        CHECK_EQ(first, next);
        next = last;
      }
      CHECK_EQ(next, layers);
      csro_share_layers(layers, 0, parts, &first, &last);
      CHECK(first == 0 && last >= first);
    }
}

int main(void) {
  check_layers();
  csro_context_init(&context);
  csro_points points = rod(50000);
  for (int count = 1; count <= 13; count += 3)
    check_parts(&points, count);
  check_parts(&points, 64);
  uint16_t *label = malloc((size_t)points.count * sizeof *label);
  uint64_t state = 4;
  for (int64_t i = 0; i < points.count; i++)
    label[i] = cloud_uniform(&state) < 0.7 ? 2 : 0;
  check_neighbourhoods(&points, NULL, 2000, false);
  check_neighbourhoods(&points, label, 1000, false);
  check_one_neighbourhood(&points);
  for (int64_t i = 0; i < points.count; i++)
    for (int axis = 0; axis < 3; axis++)
      ((float *)points.xyz)[3 * i + axis] = (float)cloud_between(&state, -20 + 5 * axis, 20);
  check_neighbourhoods(&points, label, 500, true);
  free(label);
  check_index();
  check_odd();
  for (int count = 1; count <= 40; count += 3)
    check_voxels(&points, count);
  check_thin();
  check_regions();
  free((void *)points.xyz);
  return check_end();
}
