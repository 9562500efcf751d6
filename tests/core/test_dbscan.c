/* DBSCAN against the O(n^2) definition, hand-made cases, errors, cancel, threads. */
#include "check.h"
#include "csro/domains.h"
#include "random_points.h"

static csro_context context;

static bool is_near(const csro_points *points, int64_t i, int64_t j, double eps) {
  double a[3], b[3];
  csro_points_get(points, i, a);
  csro_points_get(points, j, b);
  double dx = a[0] - b[0], dy = a[1] - b[1], dz = a[2] - b[2];
  return dx * dx + dy * dy + dz * dz <= eps * eps;
}

/* The definition, literally. Returns the number of domains. */
static int64_t oracle(const csro_points *points, double eps, int min_samples, int64_t *label) {
  int64_t n = points->count, domains = 0, filled = 0;
  bool *core = calloc((size_t)n + 1, sizeof *core);
  int64_t *stack = malloc(((size_t)n + 1) * sizeof *stack);
  for (int64_t i = 0; i < n; i++) {
    int64_t neighbors = 0;
    for (int64_t j = 0; j < n; j++)
      neighbors += is_near(points, i, j, eps);
    core[i] = neighbors >= min_samples;
    label[i] = -1;
  }
  for (int64_t i = 0; i < n; i++) {
    if (!core[i] || label[i] >= 0)
      continue;
    label[stack[filled++] = i] = domains;
    while (filled > 0) {
      int64_t from = stack[--filled];
      for (int64_t j = 0; j < n; j++)
        if (core[j] && label[j] < 0 && is_near(points, from, j, eps))
          label[stack[filled++] = j] = domains;
    }
    domains++;
  }
  for (int64_t i = 0; i < n; i++) {
    int64_t smallest = domains;
    for (int64_t j = 0; j < n && !core[i]; j++)
      if (core[j] && is_near(points, i, j, eps) && label[j] < smallest)
        smallest = label[j];
    if (!core[i] && smallest < domains)
      label[i] = smallest;
  }
  free(core);
  free(stack);
  return domains;
}

static void check_against_oracle(const csro_points *points, double eps, int min_samples) {
  size_t size = (size_t)points->count * sizeof(int64_t);
  int64_t *expected = malloc(size + 1), *found = malloc(size + 1), count;
  int64_t expected_count = oracle(points, eps, min_samples, expected);
  for (context.threads = 1; context.threads <= 3; context.threads++) {
    CHECK_OK(&context, csro_dbscan(&context, points, eps, min_samples, found, &count));
    CHECK_EQ(count, expected_count);
    CHECK(memcmp(found, expected, size) == 0);
  }
  free(expected);
  free(found);
}

static void test_random_clouds(void) {
  enum { N = 400 };
  double xyz[3 * N];
  float single[3 * N];
  uint64_t state = 1;
  for (int trial = 0; trial < 60; trial++) {
    double size = cloud_between(&state, 0.5, 4), step = trial % 3 == 0 ? 0.25 : 0;
    for (int i = 0; i < 3 * N; i++) {
      double x = cloud_between(&state, -size, i % 3 == 2 ? 2 * size : size);
      /* on a lattice: duplicates and distances of exactly eps */
      xyz[i] = step > 0 ? floor(x / step) * step : x;
      single[i] = (float)xyz[i];
    }
    for (int axis = 0; trial % 4 == 3 && axis < 3; axis++) /* the box becomes too large for a map */
      single[axis] = (float)(xyz[axis] = trial % 8 == 3 ? 3e4 : 3e6);
    int n = trial == 0 ? 0 : trial == 1 ? 1 : N;
    double eps = step > 0 ? 0.25 * (1 + trial % 2) : cloud_between(&state, 0.1, 1.2);
    check_against_oracle(&(csro_points){xyz, true, n}, eps, 1 + trial % 6);
    check_against_oracle(&(csro_points){single, false, n}, eps, 1 + trial % 6);
  }
}

/* A border ion between two domains belongs to the one whose first core ion comes first. */
static void test_border(void) {
  double xyz[] = {2.0, 0, 0, 2.1, 0, 0, 2.2, 0, 0, 1.0, 0, 0, 0.2, 0, 0, 0.1, 0, 0, 0, 0, 0};
  xyz[0] = 1.8, xyz[3] = 1.9, xyz[6] = 2.0;
  csro_points points = {xyz, true, 7};
  int64_t label[7], count;
  CHECK_OK(&context, csro_dbscan(&context, &points, 0.81, 4, label, &count));
  CHECK_EQ(count, 2);
  CHECK_EQ(label[0], 0);
  CHECK_EQ(label[3], 0);
  CHECK_EQ(label[4], 1);
  check_against_oracle(&points, 0.81, 4);
}

static void test_extents(void) {
  /* kilometres apart, in double */
  double far[] = {0, 0, 0, 1e12, 1e12, -1e12, 0.1, 0, 0, 1e12, 1e12, -1e12, 0, 0.1, 0, 5e11, 0, 0};
  check_against_oracle(&(csro_points){far, true, 6}, 0.4, 2);
  /* all at one place: more ions than a quadratic search could take */
  int64_t n = 2000000, count;
  float *same = malloc((size_t)n * 3 * sizeof *same);
  int64_t *label = malloc((size_t)n * sizeof *label);
  for (int64_t i = 0; i < 3 * n; i++)
    same[i] = 7.5f;
  csro_points points = {same, false, n};
  CHECK_OK(&context, csro_dbscan(&context, &points, 0.4, 3, label, &count));
  CHECK_EQ(count, 1);
  CHECK_EQ(label[n - 1], 0);
  CHECK_OK(&context, csro_dbscan(&context, &points, 0.4, 2000001, label, &count));
  CHECK_EQ(count, 0);
  CHECK_EQ(label[0], -1);
  CHECK_OK(&context, csro_dbscan(&context, &points, 1e-300, 2, label, &count));
  CHECK_EQ(count, 1);
  free(same);
  free(label);
  double apart[] = {0, 0, 0, 1e14, 0, 0};
  int64_t pair[2];
  CHECK_FAILS(&context, csro_dbscan(&context, &(csro_points){apart, true, 2}, 0.4, 1, pair, &count),
              CSRO_ERROR_DATA, "along x");
  CHECK_OK(&context, csro_dbscan(&context, &(csro_points){apart, true, 2}, 1e200, 2, pair, &count));
  CHECK_EQ(count, 1);
}

static void test_errors(void) {
  double xyz[] = {0, 0, 0, 1, NAN, 2};
  csro_points points = {xyz, true, 2};
  int64_t label[2] = {5, 5}, count = 5;
  CHECK_FAILS(&context, csro_dbscan(&context, &points, 0.4, 3, label, &count), CSRO_ERROR_DATA,
              "ion 1");
  CHECK_EQ(count, 0);
  CHECK_EQ(label[0], -1);
  points.count = 1;
  const double bad[] = {0, -1, NAN, INFINITY};
  for (int i = 0; i < 4; i++)
    CHECK_FAILS(&context, csro_dbscan(&context, &points, bad[i], 3, label, &count),
                CSRO_ERROR_ARGUMENT, "eps");
  CHECK_FAILS(&context, csro_dbscan(&context, &points, 0.4, 0, label, &count), CSRO_ERROR_ARGUMENT,
              "min_samples");
}

static int cancel(void *user, double fraction) {
  (void)user;
  return fraction >= 0;
}

static void test_cancel(void) {
  double xyz[] = {0, 0, 0, 0.1, 0, 0};
  int64_t label[2], count = 5;
  csro_context cancelled = context;
  cancelled.progress = cancel;
  CHECK_FAILS(&cancelled,
              csro_dbscan(&cancelled, &(csro_points){xyz, true, 2}, 0.4, 1, label, &count),
              CSRO_CANCELLED, "cancelled");
  CHECK_EQ(count, 0);
  CHECK_EQ(label[1], -1);
}

int main(void) {
  csro_context_init(&context);
  test_random_clouds();
  test_border();
  test_extents();
  test_errors();
  test_cancel();
  return check_end();
}
