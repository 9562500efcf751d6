/* The shape and composition of domains that are known. */
#include "check.h"
#include "csro/domains.h"
#include "random_points.h"

static csro_context context;

static csro_domain measure(const double *xyz, int64_t n) {
  int64_t *domain = calloc((size_t)n + 1, sizeof *domain);
  csro_domain row;
  CHECK_OK(&context, csro_domains_measure(&context, &(csro_points){xyz, true, n}, domain, 1, NULL,
                                          0, &row, NULL));
  free(domain);
  return row;
}

/* Ions that fill an ellipsoid have Rg = half axis / sqrt(5); turned about z and x, moved far. */
static void test_ellipsoid(void) {
  enum { N = 200000 };
  const double half[3] = {3, 2, 1}, turn = 0.7, tilt = 1.1;
  double *xyz = malloc(3 * N * sizeof *xyz);
  uint64_t state = 3;
  for (int64_t n = 0; n < N;) {
    double u[3];
    for (int axis = 0; axis < 3; axis++)
      u[axis] = cloud_between(&state, -1, 1);
    if (u[0] * u[0] + u[1] * u[1] + u[2] * u[2] > 1)
      continue;
    double x = half[0] * u[0], y = half[1] * u[1], z = half[2] * u[2];
    double tx = cos(turn) * x - sin(turn) * y, ty = sin(turn) * x + cos(turn) * y;
    xyz[3 * n] = tx + 10;
    xyz[3 * n + 1] = cos(tilt) * ty - sin(tilt) * z - 20;
    xyz[3 * n + 2] = sin(tilt) * ty + cos(tilt) * z - 1000;
    n++;
  }
  csro_domain row = measure(xyz, N);
  CHECK_EQ(row.size, N);
  for (int k = 0; k < 3; k++)
    CHECK_NEAR(row.gyration[k], half[k] / sqrt(5), 0.005);
  const double longest[3] = {cos(turn), cos(tilt) * sin(turn), sin(tilt) * sin(turn)},
               shortest[3] = {0, -sin(tilt), cos(tilt)};
  for (int k = 0; k < 3; k++) {
    CHECK_NEAR(row.axis[0][k], longest[k], 0.01);
    CHECK_NEAR(row.axis[2][k], shortest[k], 0.01);
    CHECK(row.reach[k] > 0.98 * half[k] && row.reach[k] < 1.02 * half[k]);
  }
  CHECK_NEAR(row.center[0], 10, 0.02);
  CHECK_NEAR(row.center[2], -1000, 0.02);
  CHECK_NEAR(row.aspect_ratio, 2.0 / 3, 0.005);
  CHECK_NEAR(row.oblateness, 0.5, 0.005);
  double axes = 0, principal = 0; /* the trace does not depend on the axes */
  for (int k = 0; k < 3; k++) {
    axes += row.gyration_axes[k] * row.gyration_axes[k];
    principal += row.gyration[k] * row.gyration[k];
  }
  CHECK_NEAR(axes, principal, 1e-12);
  free(xyz);
}

static void test_degenerate(void) {
  const double line[] = {0, 0, 0, 0.1, 0.2, 0.3, 0.2, 0.4, 0.6};
  csro_domain row = measure(line, 3);
  CHECK_NEAR(row.gyration[0], sqrt(0.14 * 2 / 3), 1e-12);
  CHECK_NEAR(row.gyration[1], 0, 0);
  CHECK_NEAR(row.gyration[2], 0, 0);
  CHECK_NEAR(row.axis[0][2], 3 / sqrt(14), 1e-12);
  CHECK_NEAR(row.reach[0], sqrt(0.14), 1e-12);
  CHECK(isnan(row.axis[1][0]) && isnan(row.axis[2][2]));
  CHECK_NEAR(row.reach[2], 0, 0);
  CHECK_NEAR(row.aspect_ratio, 0, 0);
  CHECK(isnan(row.oblateness));
  CHECK_NEAR(row.hi[2], 0.6, 0);

  const double plane[] = {1.1, 0, 0, 0, 1.1, 0, 0, 0, 1.1, 0.4, 0.4, 0.3};
  row = measure(plane, 4);
  CHECK(row.gyration[0] >= row.gyration[1] && row.gyration[1] > 0.1);
  CHECK_NEAR(row.gyration[2], 0, 0);
  CHECK_NEAR(row.oblateness, 0, 0);

  const double cross[] = {1, 0, 0, -1, 0, 0, 0, 2, 0, 0, -2, 0, 0, 0, 3, 0, 0, -3};
  row = measure(cross, 6);
  for (int k = 0; k < 3; k++) {
    CHECK_NEAR(row.gyration[k], (3 - k) / sqrt(3), 1e-14);
    CHECK_NEAR(row.gyration_axes[k], (k + 1) / sqrt(3), 1e-14);
  }

  /* Extents are those of cluster tables of the field: not half of what the ions span. */
  const double lopsided[] = {0, 0, 0, 0.3, 0, 0, 0.6, 0, 0, 1.5, 0.4, -0.2};
  row = measure(lopsided, 4);
  CHECK_NEAR(row.extent[0], 0.9, 1e-15);
  CHECK_NEAR(row.extent[1], 0.3, 1e-15);
  CHECK_NEAR(row.extent[2], 0.15, 1e-15);

  row = measure(plane, 1);
  CHECK_NEAR(row.extent[2], 0, 0);
  CHECK_EQ(row.size, 1);
  CHECK_NEAR(row.gyration[0], 0, 0);
  CHECK_NEAR(row.center[0], 1.1, 0);
  CHECK(isnan(row.aspect_ratio) && isnan(row.oblateness));

  row = measure(plane, 0);
  CHECK_EQ(row.size, 0);
  CHECK(isnan(row.center[0]) && isnan(row.lo[1]) && isnan(row.hi[2]) && isnan(row.extent[0]) &&
        isnan(row.gyration[0]) && isnan(row.reach[0]) && isnan(row.axis[0][0]));
}

/* Columns of exported tables of clusters against their definitions, ion by ion. */
static void test_exported_columns(void) {
  enum { N = 40 };
  double xyz[3 * N], center[3] = {0}, extent[3] = {0}, square[3] = {0}, distance = 0;
  uint64_t state = 8;
  for (int k = 0; k < 3 * N; k++) {
    xyz[k] = cloud_between(&state, -1, 2) * (1 + k % 3);
    center[k % 3] += xyz[k] / N;
  }
  for (int i = 0; i < N; i++) {
    double d[3];
    for (int axis = 0; axis < 3; axis++) {
      d[axis] = xyz[3 * i + axis] - center[axis];
      extent[axis] = fmax(extent[axis], fabs(d[axis]));
      square[axis] += d[axis] * d[axis];
    }
    distance += d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
  }
  const csro_domain row = measure(xyz, N);
  const double ball = 4.1887902047863910, extents = extent[0] * extent[1] * extent[2],
               radii = sqrt(square[0] / N) * sqrt(square[1] / N) * sqrt(square[2] / N);
  CHECK_NEAR(row.radius, sqrt(distance / N), 1e-12);
  CHECK_NEAR(row.guinier, sqrt(5 * distance / (3 * N)), 1e-12);
  CHECK_NEAR(row.gyration_volume, ball * radii, 1e-12);
  CHECK_NEAR(row.extent_volume, ball * extents, 1e-11);
}

static void test_composition(void) {
  const float xyz[] = {0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 9, 9, 9};
  const int64_t domain[] = {1, 0, 1, 1, -1};
  const uint16_t label[] = {2, 0, 2, 1, 0}, beyond[] = {2, 0, 3, 1, 0};
  const csro_points points = {xyz, false, 5};
  csro_domain rows[2];
  int64_t composition[6];
  CHECK_OK(&context,
           csro_domains_measure(&context, &points, domain, 2, label, 3, rows, composition));
  const int64_t expected[6] = {1, 0, 0, 0, 1, 2};
  CHECK(memcmp(composition, expected, sizeof expected) == 0);
  CHECK_EQ(rows[0].size, 1);
  CHECK_EQ(rows[1].size, 3);
  CHECK_NEAR(rows[1].center[1], 5.0 / 3, 1e-15);
  CHECK_NEAR(rows[1].lo[1], 0, 0);
  CHECK_NEAR(rows[1].hi[1], 3, 0);
  CHECK_FAILS(&context,
              csro_domains_measure(&context, &points, domain, 2, beyond, 3, rows, composition),
              CSRO_ERROR_DATA, "species of ion 2 is 3");
  CHECK_EQ(rows[1].size, 0);
  CHECK_FAILS(&context,
              csro_domains_measure(&context, &points, domain, 1, label, 3, rows, composition),
              CSRO_ERROR_DATA, "domain of ion 0 is 1");
  const float bad[] = {0, 0, NAN};
  CHECK_FAILS(&context,
              csro_domains_measure(&context, &(csro_points){bad, false, 1}, domain, 2, label, 3,
                                   rows, composition),
              CSRO_ERROR_DATA, "position of ion 0");
}

static void test_sizes(void) {
  const int64_t domain[7] = {2, -1, 0, 2, 2, -1, 0};
  int64_t size[4] = {10, 0, 0, 0};
  CHECK_OK(&context, csro_domain_sizes(&context, domain, 7, 4, size));
  CHECK_EQ(size[0], 12); /* added to what is there */
  CHECK_EQ(size[1], 0);
  CHECK_EQ(size[2], 3);
  CHECK_EQ(size[3], 0);
  CHECK_OK(&context, csro_domain_sizes(&context, NULL, 0, 0, NULL));
  CHECK_FAILS(&context, csro_domain_sizes(&context, domain, 7, 2, size), CSRO_ERROR_DATA,
              "ion 0 is in domain 2, expected -1 (none) to 1");
  CHECK_FAILS(&context, csro_domain_sizes(&context, (int64_t[1]){-2}, 1, 2, size), CSRO_ERROR_DATA,
              "domain -2");
}

/* Four quadrants about 0.5; the limits themselves belong to the flat and the long ones. */
static void test_names(void) {
  const double ratios[][2] = {{0.8, 0.8}, {0.8, 0.5}, {0.5, 0.8},
                              {0.5, 0.5}, {NAN, 0.8}, {0.8, NAN}};
  const char *const names[] = {"sphere", "disc", "rod", "lath", "", ""};
  for (int k = 0; k < 6; k++)
    CHECK(strcmp(csro_domain_shape(
                     &(csro_domain){.aspect_ratio = ratios[k][0], .oblateness = ratios[k][1]}),
                 names[k]) == 0);
}

int main(void) {
  csro_context_init(&context);
  test_ellipsoid();
  test_degenerate();
  test_names();
  test_exported_columns();
  test_composition();
  test_sizes();
  return check_end();
}
