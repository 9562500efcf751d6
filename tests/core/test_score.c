/* Scores against the definition, blocks, undefined voxels; extraction against all pixels. */
#include "check.h"
#include "csro/score.h"
#include "random_points.h"

static csro_context context;
static const double box[6] = {-1.5, 1, 0, 2, -3, 0};

static double expected_score(const csro_grid *grid, const double *p, const int64_t pixel[3],
                             csro_score_rule rule) {
  double sum = 0;
  int terms = 0;
  for (int64_t v = 0; v < grid->n[0] * grid->n[1] * grid->n[2]; v++) {
    int64_t at[3] = {v % grid->n[0], v / grid->n[0] % grid->n[1], v / grid->n[0] / grid->n[1]};
    bool covers = true;
    for (int axis = 0; axis < 3; axis++)
      covers = covers && pixel[axis] >= at[axis] && pixel[axis] < at[axis] + grid->ratio;
    sum += covers ? p[v] : 0;
    terms += covers;
  }
  return rule == CSRO_SCORE_SUM ? sum : 8 * sum / terms;
}

/* The scores of a block from just the voxels that cover it. */
static void check_block(const csro_grid *grid, const double *p, const double *score,
                        const csro_block *pixels, csro_score_rule rule) {
  const csro_block voxels = csro_block_whole(grid->n), all = csro_block_whole(grid->pixels);
  csro_block need = csro_score_voxels(grid, pixels);
  double *from = malloc((size_t)(csro_block_size(&need) + 1) * sizeof *from);
  double *part = malloc((size_t)(csro_block_size(pixels) + 1) * sizeof *part);
  int64_t n = 0;
  for (int64_t k = need.lo[2]; k < need.hi[2] && csro_block_size(pixels) > 0; k++)
    for (int64_t j = need.lo[1]; j < need.hi[1]; j++)
      for (int64_t i = need.lo[0]; i < need.hi[0]; i++)
        from[n++] = p[csro_block_at(&voxels, i, j, k)];
  CHECK_OK(&context, csro_scores(&context, grid, &need, from, pixels, rule, part));
  n = 0;
  for (int64_t k = pixels->lo[2]; k < pixels->hi[2]; k++)
    for (int64_t j = pixels->lo[1]; j < pixels->hi[1]; j++)
      for (int64_t i = pixels->lo[0]; i < pixels->hi[0]; i++, n++)
        CHECK(memcmp(&part[n], &score[csro_block_at(&all, i, j, k)], sizeof *part) == 0);
  need.hi[0]--;
  if (n > 0)
    CHECK_FAILS(&context, csro_scores(&context, grid, &need, from, pixels, rule, part),
                CSRO_ERROR_ARGUMENT, "need");
  free(from);
  free(part);
}

static void check_scores(double edge, csro_score_rule rule) {
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, box, edge, 0.5, 0.75, &grid));
  int64_t layer = grid.pixels[0] * grid.pixels[1], voxels = grid.n[0] * grid.n[1] * grid.n[2];
  double *p = malloc((size_t)voxels * sizeof *p);
  double *score = malloc((size_t)(layer * grid.pixels[2]) * sizeof *score);
  uint64_t state = 5;
  for (int64_t v = 0; v < voxels; v++)
    p[v] = v == 3 ? NAN : cloud_uniform(&state);
  const csro_block voxels_of_all = csro_block_whole(grid.n), all = csro_block_whole(grid.pixels);
  CHECK_OK(&context, csro_scores(&context, &grid, &voxels_of_all, p, &all, rule, score));
  for (int64_t k = 0; k < grid.pixels[2]; k++) {
    for (int64_t i = 0; i < layer; i++) {
      int64_t pixel[3] = {i % grid.pixels[0], i / grid.pixels[0], k};
      double expected = expected_score(&grid, p, pixel, rule);
      if (isnan(expected))
        CHECK(isnan(score[k * layer + i]));
      else
        CHECK_NEAR(score[k * layer + i], expected, 1e-13);
    }
  }
  for (int axis = 0; axis < 3; axis++)
    for (int64_t cut = 0; cut <= grid.pixels[axis]; cut++) {
      csro_block below = all, above = all;
      below.hi[axis] = above.lo[axis] = cut;
      check_block(&grid, p, score, &below, rule);
      check_block(&grid, p, score, &above, rule);
    }
  csro_block beyond = all;
  beyond.hi[1]++;
  CHECK_FAILS(&context, csro_scores(&context, &grid, &voxels_of_all, p, &beyond, rule, score),
              CSRO_ERROR_ARGUMENT, "pixels 0 ..");
  free(p);
  free(score);
}

static bool expected_keep(const csro_grid *grid, const uint8_t *selected, csro_extraction rule,
                          const double r[3]) {
  for (int64_t v = 0; v < grid->pixels[0] * grid->pixels[1] * grid->pixels[2]; v++) {
    int64_t at[3] = {v % grid->pixels[0], v / grid->pixels[0] % grid->pixels[1],
                     v / grid->pixels[0] / grid->pixels[1]};
    double d2 = 0;
    bool inside = true;
    for (int axis = 0; axis < 3; axis++) {
      double corner = grid->origin[axis] + grid->stride * (double)at[axis];
      double d = r[axis] - (corner + grid->stride / 2);
      d2 += d * d;
      inside = inside && r[axis] >= corner && r[axis] < corner + grid->stride;
    }
    if (selected[v] && (rule == CSRO_EXTRACT_BALL ? d2 <= pow(0.25 * 1.414, 2) : inside))
      return true;
  }
  return false;
}

static void check_extraction(csro_extraction rule) {
  enum { N = 3000 };
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, box, 1, 0.5, 0.75, &grid));
  int64_t pixels = grid.pixels[0] * grid.pixels[1] * grid.pixels[2];
  uint8_t *selected = malloc((size_t)pixels);
  double *xyz = malloc(3 * N * sizeof *xyz);
  uint8_t keep[N];
  uint64_t state = 11;
  for (int64_t v = 0; v < pixels; v++)
    selected[v] = cloud_uniform(&state) < 0.3;
  for (int i = 0; i < 3 * N; i++) {
    double lo = box[i % 3 * 2] - 0.5, hi = box[i % 3 * 2 + 1] + 0.5;
    xyz[i] = cloud_between(&state, lo, hi);
    if (i < N) /* on the faces and centres of pixels */
      xyz[i] = floor(xyz[i] * 4) / 4;
  }
  xyz[3 * N - 1] = 1e300, xyz[3 * N - 4] = NAN;
  const csro_block all = csro_block_whole(grid.pixels);
  const csro_points points = {xyz, true, N};
  for (context.threads = 1; context.threads <= 2; context.threads++) {
    CHECK_OK(&context, csro_extract(&context, &grid, &all, selected, rule, &points, keep));
    for (int i = 0; i < N; i++)
      CHECK_EQ(keep[i], expected_keep(&grid, selected, rule, xyz + 3 * i));
  }
  /* the score of the pixel that an ion lies in */
  double *score = malloc((size_t)pixels * sizeof *score), value[N];
  for (int64_t v = 0; v < pixels; v++)
    score[v] = selected[v] + 2;
  csro_pixel_scores(&grid, &all, score, &points, value);
  CHECK(isnan(value[N - 1]) && isnan(value[N - 2]));
  for (int i = 0; i < N && rule == CSRO_EXTRACT_PIXEL; i++)
    CHECK(isnan(value[i]) ? !keep[i] : value[i] == keep[i] + 2);
  free(score);
  /* two halves together keep what the whole does */
  const int64_t cut = grid.pixels[2] / 2, layer = grid.pixels[0] * grid.pixels[1];
  csro_block below = all, above = all;
  uint8_t low[N], high[N];
  below.hi[2] = above.lo[2] = cut;
  CHECK_OK(&context, csro_extract(&context, &grid, &below, selected, rule, &points, low));
  CHECK_OK(&context,
           csro_extract(&context, &grid, &above, selected + cut * layer, rule, &points, high));
  for (int i = 0; i < N; i++)
    CHECK_EQ(low[i] | high[i], keep[i]);
  free(selected);
  free(xyz);
}

int main(void) {
  const double scores[4] = {2.0, 2.5, NAN, 3.0};
  CHECK_EQ(csro_scores_above(4, scores, 2.0), 2);
  csro_context_init(&context);
  for (double edge = 0.5; edge <= 1.5; edge += 0.5) {
    check_scores(edge, CSRO_SCORE_SUM);
    check_scores(edge, CSRO_SCORE_MEAN);
  }
  check_extraction(CSRO_EXTRACT_PIXEL);
  check_extraction(CSRO_EXTRACT_BALL);
  return check_end();
}
