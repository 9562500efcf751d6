/* Blocks over ranks: disjoint, whole, balanced, the same for any split of the ions over ranks and
 * any number of threads; the index of blocks against all blocks. */
#include "check.h"
#include "csro/bisection.h"
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

/* Cuts, with the ions shared out over ranks. */
static csro_bisection *cut(const csro_mesh *mesh, int count, const csro_points *points, int ranks) {
  csro_bisection *parts;
  CHECK_OK(&context, csro_bisection_create(&context, mesh, count, &parts));
  int rounds = 0;
  for (int64_t n; (n = csro_bisection_counters(parts)) > 0; rounds++) {
    int64_t *sum = calloc((size_t)n, sizeof *sum), *own = malloc((size_t)n * sizeof *own);
    for (int rank = 0; rank < ranks; rank++) {
      const int64_t first = points->count * rank / ranks;
      const csro_points share = {(const float *)points->xyz + 3 * first, false,
                                 points->count * (rank + 1) / ranks - first};
      CHECK_OK(&context, csro_bisection_count(&context, parts, &share, own));
      for (int64_t i = 0; i < n; i++)
        sum[i] += own[i];
    }
    csro_bisection_cut(parts, sum);
    free(sum);
    free(own);
  }
  CHECK(1 << rounds <= 2 * count);
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

int main(void) {
  csro_context_init(&context);
  csro_points points = rod(50000);
  for (int count = 1; count <= 13; count += 3)
    check_parts(&points, count);
  check_parts(&points, 64);
  check_index();
  check_odd();
  free((void *)points.xyz);
  return check_end();
}
