/* Scores against the definition, slabs, undefined voxels; extraction against all pixels. */
#include "check.h"
#include "cloud.h"
#include "csro/score.h"

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

static void check_scores(double edge, csro_score_rule rule) {
  csro_grid grid;
  CHECK_OK(&context, csro_grid_make(&context, box, edge, 0.5, 0.75, &grid));
  int64_t layer = grid.pixels[0] * grid.pixels[1], voxels = grid.n[0] * grid.n[1] * grid.n[2];
  double *p = malloc((size_t)voxels * sizeof *p);
  double *score = malloc((size_t)(layer * grid.pixels[2]) * sizeof *score);
  double *part = malloc((size_t)layer * sizeof *part);
  uint64_t state = 5;
  for (int64_t v = 0; v < voxels; v++)
    p[v] = v == 3 ? NAN : cloud_uniform(&state);
  CHECK_OK(&context, csro_scores(&context, &grid, (csro_slab){0, grid.n[2]}, p,
                                 (csro_slab){0, grid.pixels[2]}, rule, score));
  for (int64_t k = 0; k < grid.pixels[2]; k++) {
    for (int64_t i = 0; i < layer; i++) {
      int64_t pixel[3] = {i % grid.pixels[0], i / grid.pixels[0], k};
      double expected = expected_score(&grid, p, pixel, rule);
      if (isnan(expected))
        CHECK(isnan(score[k * layer + i]));
      else
        CHECK_NEAR(score[k * layer + i], expected, 1e-13);
    }
    /* the same from just the voxel layers that are needed */
    int64_t first = k - grid.ratio + 1 > 0 ? k - grid.ratio + 1 : 0;
    int64_t last = k < grid.n[2] ? k : grid.n[2] - 1;
    csro_slab need = {first, last - first + 1};
    const double *from = p + first * grid.n[0] * grid.n[1];
    CHECK_OK(&context, csro_scores(&context, &grid, need, from, (csro_slab){k, 1}, rule, part));
    CHECK(memcmp(part, score + k * layer, (size_t)layer * sizeof *part) == 0);
    need.layers--;
    CHECK_FAILS(&context, csro_scores(&context, &grid, need, from, (csro_slab){k, 1}, rule, part),
                CSRO_ERROR_ARGUMENT, "need");
  }
  CHECK_FAILS(&context,
              csro_scores(&context, &grid, (csro_slab){0, grid.n[2]}, p,
                          (csro_slab){1, grid.pixels[2]}, rule, score),
              CSRO_ERROR_ARGUMENT, "pixel layers");
  free(p);
  free(score);
  free(part);
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
  CHECK_OK(&context, csro_grid_make(&context, box, 1, 0.5, 0.75, &grid));
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
  for (context.threads = 1; context.threads <= 2; context.threads++) {
    CHECK_OK(&context,
             csro_extract(&context, &grid, selected, rule, &(csro_points){xyz, true, N}, keep));
    for (int i = 0; i < N; i++)
      CHECK_EQ(keep[i], expected_keep(&grid, selected, rule, xyz + 3 * i));
  }
  free(selected);
  free(xyz);
}

int main(void) {
  csro_context_init(&context);
  for (double edge = 0.5; edge <= 1.5; edge += 0.5) {
    check_scores(edge, CSRO_SCORE_SUM);
    check_scores(edge, CSRO_SCORE_MEAN);
  }
  check_extraction(CSRO_EXTRACT_PIXEL);
  check_extraction(CSRO_EXTRACT_BALL);
  return check_end();
}
