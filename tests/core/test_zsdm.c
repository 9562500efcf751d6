/* z-SDMs of voxels and regions against a brute-force count over all pairs. */
#include "check.h"
#include "csro/random.h"
#include "csro/zsdm.h"

enum { IONS = 900 };

static void make_ions(float *xyz, uint16_t *label) {
  csro_random random;
  csro_random_init(&random, 7, 0);
  for (int i = 0; i < IONS; i++) {
    for (int a = 0; a < 3; a++) {
      xyz[3 * i + a] = (float)(3 * csro_random_uniform(&random) - 1.5);
      if (i % 3 == 0) /* many positions on a coarse grid: bin edges, equal depths, ball surfaces */
        xyz[3 * i + a] = (float)(round(xyz[3 * i + a] * 20) / 20);
    }
    label[i] = (uint16_t)csro_random_below(&random, 3);
  }
}

static void count_pair(const double *p, const double *q, const csro_bins *bins, int64_t *out) {
  double dx = q[0] - p[0], dy = q[1] - p[1], dz = q[2] - p[2];
  if (dx == 0 || dz == 0 || dx * dx + dy * dy + dz * dz > bins->half_range * bins->half_range)
    return;
  int bin = (int)((dz + bins->half_range) * (bins->total / (2 * bins->half_range)));
  if (bin < bins->total && bin >= bins->first && bin < bins->first + bins->kept)
    out[bin - bins->first]++;
}

/* center NULL: the whole region; voxel_partners false: j anywhere. */
static void oracle(const csro_points *points, const uint16_t *label, uint16_t a, uint16_t b,
                   const csro_bins *bins, const double *center, double radius, bool voxel_partners,
                   int64_t *out) {
  memset(out, 0, (size_t)bins->kept * sizeof *out);
  for (int64_t i = 0; i < points->count; i++)
    for (int64_t j = 0; j < points->count; j++) {
      double p[3], q[3], p2 = 0, q2 = 0;
      if (label[i] != a || label[j] != b)
        continue;
      csro_points_get(points, i, p);
      csro_points_get(points, j, q);
      for (int k = 0; center && k < 3; k++) {
        p2 += (p[k] - center[k]) * (p[k] - center[k]);
        q2 += (q[k] - center[k]) * (q[k] - center[k]);
      }
      if (p2 <= radius * radius && (!voxel_partners || q2 <= radius * radius))
        count_pair(p, q, bins, out);
    }
}

static void check_voxels(csro_context *context, const csro_points *points, const uint16_t *label,
                         uint16_t a, uint16_t b, const csro_bins *bins, csro_partners partners,
                         csro_count_type type, double radius) {
  csro_grid grid;
  CHECK_OK(context, csro_grid_init(context, (double[6]){-1.5, 1.5, -1.5, 1.5, -1.5, 1.5}, 1.0, 0.5,
                                   radius, &grid));
  const csro_block block = {{1, 0, 1}, {5, 3, 4}};
  int64_t voxels = csro_block_size(&block);
  void *counts = malloc((size_t)(voxels * bins->kept) * type);
  int64_t *expected = malloc((size_t)bins->kept * sizeof *expected);
  CHECK_OK(context, csro_zsdm_voxels(context, &grid, &block, points, label, a, b, bins, partners,
                                     type, counts));
  int wrong = 0;
  for (int64_t v = 0; v < voxels; v++) {
    double center[3] = {-0.5 + 0.5 * (double)(v % 4), -1 + 0.5 * (double)(v / 4 % 3),
                        -0.5 + 0.5 * (double)(v / 12)};
    oracle(points, label, a, b, bins, center, radius, partners == CSRO_PARTNERS_IN_VOXEL, expected);
    for (int k = 0; k < bins->kept; k++)
      wrong += csro_count_at(type, counts, v * bins->kept + k) != expected[k];
  }
  CHECK_EQ(wrong, 0);
  free(counts);
  free(expected);
}

static void check_region(csro_context *context, const csro_points *points, const uint16_t *label,
                         uint16_t a, uint16_t b, const csro_bins *bins) {
  int64_t *found = malloc((size_t)bins->kept * sizeof *found);
  int64_t *expected = malloc((size_t)bins->kept * sizeof *expected);
  CHECK_OK(context, csro_zsdm_region(context, points, points->count, label, a, b, bins, found));
  oracle(points, label, a, b, bins, NULL, 0, false, expected);
  CHECK(memcmp(found, expected, (size_t)bins->kept * sizeof *found) == 0);
  free(found);
  free(expected);
}

static void check_bins(csro_context *context) {
  csro_bins bins;
  CHECK_OK(context, csro_bins_init(context, 1.5, 200, 0.69, &bins));
  CHECK_EQ(bins.first, csro_bins_published.first);
  CHECK_EQ(bins.kept, csro_bins_published.kept);
  CHECK_NEAR(csro_bins_center(&bins, 46), 0.0075, 1e-12);
  CHECK_OK(context, csro_bins_init(context, 1.0, 50, 1.0, &bins));
  CHECK_EQ(bins.first, 0);
  CHECK_EQ(bins.kept, 50);
  CHECK_FAILS(context, csro_bins_init(context, 0, 50, 1, &bins), CSRO_ERROR_ARGUMENT, "range");
  CHECK_FAILS(context, csro_bins_init(context, NAN, 50, 1, &bins), CSRO_ERROR_ARGUMENT, "range");
  CHECK_FAILS(context, csro_bins_init(context, 1, 1, 1, &bins), CSRO_ERROR_ARGUMENT, "bins");
  CHECK_FAILS(context, csro_bins_init(context, 1, 50, -1, &bins), CSRO_ERROR_ARGUMENT, "window");
  CHECK_EQ(csro_count_type_for(255), CSRO_U8);
  CHECK_EQ(csro_count_type_for(256), CSRO_U16);
  CHECK_EQ(csro_count_type_for(65536), CSRO_U32);
}

static void check_counts(csro_context *context, const csro_points *points, const uint16_t *label) {
  csro_grid grid;
  CHECK_OK(context, csro_grid_init(context, (double[6]){-1.5, 1.5, -1.5, 1.5, -1.5, 1.5}, 1.0, 0.5,
                                   0.75, &grid));
  const csro_block all = {{0, 0, 0}, {5, 5, 5}};
  int32_t counts[125], both[125];
  CHECK_OK(context,
           csro_voxel_counts(context, &grid, &all, points, label, 1, (uint16_t[]){2}, counts));
  CHECK_OK(context,
           csro_voxel_counts(context, &grid, &all, points, label, 2, (uint16_t[]){0, 2}, both));
  for (int v = 0; v < 125; v++) {
    double center[3] = {-1 + 0.5 * (v % 5), -1 + 0.5 * (v / 5 % 5), -1 + 0.5 * (v / 25)};
    int expected = 0, others = 0;
    for (int64_t i = 0; i < points->count; i++) {
      double p[3], d2 = 0;
      csro_points_get(points, i, p);
      for (int k = 0; k < 3; k++)
        d2 += (p[k] - center[k]) * (p[k] - center[k]);
      expected += label[i] == 2 && d2 <= 0.75 * 0.75;
      others += label[i] == 0 && d2 <= 0.75 * 0.75;
    }
    CHECK_EQ(counts[v], expected);
    CHECK_EQ(both[v], expected + others);
  }
  CHECK_OK(context, csro_voxel_counts(context, &grid, &all, points, label, 0, NULL, counts));
  CHECK_EQ(counts[62], 0);
  CHECK_OK(context, csro_voxel_counts(context, &grid, &all, points, NULL, 0, NULL, counts));
  CHECK(counts[62] >= both[62] && both[62] > 0);
}

/* Sums of stored curves: what is owned alone, added to what is there, for each type. */
static void check_sums(void) {
  const csro_block stored = {{1, 0, 2}, {4, 2, 4}}, owned = {{1, 0, 2}, {3, 2, 3}},
                   none = {{1, 0, 2}, {1, 2, 3}};
  enum { VOXELS = 12, KEPT = 3 };
  uint8_t small[VOXELS * KEPT];
  uint16_t middle[VOXELS * KEPT];
  uint32_t large[VOXELS * KEPT];
  for (int i = 0; i < VOXELS * KEPT; i++) {
    small[i] = (uint8_t)(200 + i);
    middle[i] = (uint16_t)(65000 + i);
    large[i] = 4000000000u + (uint32_t)i;
  }
  const void *counts[3] = {small, middle, large};
  const csro_count_type types[3] = {CSRO_U8, CSRO_U16, CSRO_U32};
  const int mine[4] = {0, 1, 3, 4}; /* of 3 x 2 x 2 voxels */
  for (int t = 0; t < 3; t++) {
    int64_t sum[KEPT] = {1, 2, 3}, expected[KEPT] = {1, 2, 3};
    for (int v = 0; v < 4; v++)
      for (int b = 0; b < KEPT; b++)
        expected[b] += csro_count_at(types[t], counts[t], mine[v] * KEPT + b);
    csro_zsdm_add(&stored, &none, KEPT, types[t], counts[t], sum);
    CHECK_EQ(sum[0], 1);
    csro_zsdm_add(&stored, &owned, KEPT, types[t], counts[t], sum);
    CHECK(memcmp(sum, expected, sizeof sum) == 0);
  }
}

static void check_mean(void) {
  const int64_t sum[3] = {6, 0, 9};
  double mean[3];
  CHECK_EQ(csro_zsdm_mean(3, sum, 4, mean), 15);
  CHECK(mean[0] == 1.5 && mean[1] == 0 && mean[2] == 2.25);
  CHECK_EQ(csro_zsdm_mean(3, sum, 0, mean), 15);
  CHECK(mean[0] == 0 && mean[2] == 0);
}

/* The largest product decides, also beyond 32 bits. */
static void check_bound(void) {
  const int32_t a[3] = {15, 100000, 0}, b[3] = {17, 3, 1000000}, many[1] = {2000000};
  CHECK_EQ(csro_zsdm_bound(CSRO_PARTNERS_IN_VOXEL, 3, a, b), 300000);
  CHECK_EQ(csro_zsdm_bound(CSRO_PARTNERS_IN_VOXEL, 1, a, b), 255);
  CHECK_EQ(csro_zsdm_bound(CSRO_PARTNERS_IN_VOXEL, 0, NULL, NULL), 0);
  CHECK_EQ(csro_zsdm_bound(CSRO_PARTNERS_IN_VOXEL, 1, many, many), 4000000000000);
  CHECK_EQ(csro_count_type_for(csro_zsdm_bound(CSRO_PARTNERS_IN_DATA, 3, NULL, NULL)), CSRO_U32);
}

/* A voxel that no atom probe could fill must end with a message, not with an endless loop. */
static void check_crowd(csro_context *context) {
  int64_t n = 70000;
  float *xyz = calloc((size_t)n * 3, sizeof *xyz);
  csro_points points = {xyz, false, n};
  csro_grid grid;
  uint32_t *counts = calloc(93 * 27, sizeof *counts);
  CHECK_OK(context,
           csro_grid_init(context, (double[6]){-1, 1, -1, 1, -1, 1}, 1.0, 0.5, 0.75, &grid));
  CHECK_FAILS(context,
              csro_zsdm_voxels(context, &grid, &(csro_block){{0, 0, 0}, {3, 3, 3}}, &points, NULL,
                               0, 0, &csro_bins_published, CSRO_PARTNERS_IN_VOXEL, CSRO_U32,
                               counts),
              CSRO_ERROR_DATA, "nm");
  free(counts);
  free(xyz);
}

/* Positions that no length of a specimen can be end with a message, not with an endless loop. */
static void check_far(csro_context *context) {
  double xyz[6] = {-1e308, 0, 0, 1e308, 1, 1};
  csro_points points = {xyz, true, 2};
  int64_t counts[93];
  CHECK_FAILS(context,
              csro_zsdm_region(context, &points, 2, NULL, 0, 0, &csro_bins_published, counts),
              CSRO_ERROR_DATA, "along x");
}

static int cancel_now(void *user, double fraction) {
  (void)user;
  (void)fraction;
  return 1;
}

int main(void) {
  static float xyz[3 * IONS];
  static uint16_t label[IONS];
  make_ions(xyz, label);
  csro_points points = {xyz, false, IONS};
  csro_context context;
  csro_context_init(&context);
  check_bins(&context);
  csro_bins coarse, all;
  CHECK_OK(&context, csro_bins_init(&context, 1.0, 40, 1.0, &coarse));
  CHECK_OK(&context, csro_bins_init(&context, 0.5, 1000, 0.5, &all));
  for (context.threads = 1; context.threads <= 3; context.threads++) {
    check_counts(&context, &points, label);
    check_voxels(&context, &points, label, 1, 1, &csro_bins_published, CSRO_PARTNERS_IN_VOXEL,
                 CSRO_U16, 0.75);
    check_voxels(&context, &points, label, 1, 2, &csro_bins_published, CSRO_PARTNERS_IN_VOXEL,
                 CSRO_U32, 0.75);
    check_voxels(&context, &points, label, 0, 0, &coarse, CSRO_PARTNERS_IN_VOXEL, CSRO_U32, 1.1);
    check_voxels(&context, &points, label, 1, 1, &all, CSRO_PARTNERS_IN_VOXEL, CSRO_U8, 0.5);
    check_voxels(&context, &points, label, 2, 2, &csro_bins_published, CSRO_PARTNERS_IN_DATA,
                 CSRO_U32, 0.5);
    check_voxels(&context, &points, label, 0, 2, &all, CSRO_PARTNERS_IN_DATA, CSRO_U8, 0.5);
    check_region(&context, &points, label, 1, 1, &csro_bins_published);
    check_region(&context, &points, label, 0, 1, &all);
  }
  check_sums();
  check_mean();
  check_bound();
  check_crowd(&context);
  check_far(&context);
  context.progress = cancel_now;
  int64_t counts[93];
  CHECK_FAILS(&context,
              csro_zsdm_region(&context, &points, IONS, label, 1, 1, &csro_bins_published, counts),
              CSRO_CANCELLED, "cancelled");
  return check_end();
}
