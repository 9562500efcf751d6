/* Profiles, maps and proximity against looking at every ion. */
#include "check.h"
#include "csro/maps.h"
#include "csro/proximity.h"
#include "csro/random.h"

enum { count = 6000, species_count = 3 };

static float xyz[count][3];
static uint16_t label[count];

static void fill(double x, double y, double z) {
  csro_random random;
  csro_random_init(&random, 11, 0);
  for (int i = 0; i < count; i++) {
    xyz[i][0] = (float)(x * csro_random_uniform(&random));
    xyz[i][1] = (float)(y * csro_random_uniform(&random));
    xyz[i][2] = (float)(-z * csro_random_uniform(&random));
    label[i] = (uint16_t)csro_random_below(&random, species_count + 1);
  }
}

static void test_profile(csro_context *context) {
  const csro_points points = {xyz, false, count};
  double unit[3], *value = malloc(count * sizeof *value);
  CHECK_OK(context, csro_direction_init(context, (double[]){1, 2, -2}, unit));
  CHECK_NEAR(unit[1], 2.0 / 3, 1e-15);
  CHECK_FAILS(context, csro_direction_init(context, (double[]){0, 0, 0}, unit), CSRO_ERROR_ARGUMENT,
              "has no length");
  CHECK_OK(context, csro_direction_init(context, (double[]){1, 2, -2}, unit));
  csro_profile profile;
  CHECK_OK(context, csro_profile_init(context, 0.2, 14, 0.7, &profile));
  CHECK(profile.first <= 0.2 && profile.first > -0.7 + 0.2);
  int64_t *counts = malloc((size_t)profile.bins * (species_count + 1) * sizeof *counts),
          *expected = calloc((size_t)profile.bins * (species_count + 1), sizeof *expected);
  for (context->threads = 1; context->threads <= 3; context->threads++) {
    CHECK_OK(context, csro_profile_project(context, &points, unit, value));
    CHECK_OK(context,
             csro_profile_count(context, &profile, value, label, count, species_count, counts));
    if (context->threads == 1)
      for (int i = 0; i < count; i++)
        for (int b = 0; b < profile.bins; b++)
          expected[b * (species_count + 1) + label[i]] +=
              value[i] >= profile.first + b * profile.width &&
              value[i] < profile.first + (b + 1) * profile.width;
    CHECK(memcmp(counts, expected, (size_t)profile.bins * (species_count + 1) * sizeof *counts) ==
          0);
  }
  CHECK_FAILS(context, csro_profile_count(context, &profile, value, label, count, 1, counts),
              CSRO_ERROR_DATA, "above the number of species, 1");
  CHECK_FAILS(context, csro_profile_init(context, 0, 1e5, 1e-3, &profile), CSRO_ERROR_ARGUMENT,
              "at most 1000000 bins");
  free(value);
  free(counts);
  free(expected);
}

/* Counts of atoms; the spread keeps the sum, is that of each pair of cells, and its variance. */
static void test_map(csro_context *context) {
  const csro_points points = {xyz, false, count};
  const int32_t weight[] = {0, 1, 2, 0};
  csro_map map;
  CHECK_OK(context, csro_map_init(context, (double[]){0, 10, 0, 8, -9, 0}, 1, -1, &map));
  CHECK(map.cells == 11 * 9 * 10);
  int64_t *counts = malloc((size_t)map.cells * sizeof *counts), all = 0, expected = 0, *sparse;
  for (context->threads = 1; context->threads <= 2; context->threads++) {
    CHECK_OK(context, csro_map_count(context, &map, &points, label, weight, counts));
    const int64_t cell = ((int64_t)(-4.5 - map.origin[2]) * map.n[1] + 3) * map.n[0] + 5;
    int64_t found = 0;
    for (int i = 0; i < count; i++)
      found += floor((double)xyz[i][0]) == 5 && floor((double)xyz[i][1]) == 3 &&
                       floor((double)xyz[i][2]) == -5
                   ? weight[label[i]]
                   : 0;
    CHECK_EQ(counts[cell], found);
  }
  for (int i = 0; i < count; i++)
    expected += weight[label[i]];
  for (int64_t i = 0; i < map.cells; i++)
    all += counts[i];
  CHECK_EQ(all, expected);
  double *sums = malloc((size_t)map.cells * sizeof *sums),
         *variances = malloc((size_t)map.cells * sizeof *variances), total = 0, squares = 0;
  CHECK_OK(context, csro_map_delocalise(context, &map, counts, 0, sums, variances));
  for (int64_t i = 0; i < map.cells; i++)
    CHECK(sums[i] == (double)counts[i] && variances[i] == (double)counts[i]);
  sparse = calloc((size_t)map.cells, sizeof *sparse);
  sparse[(5 * map.n[1] + 4) * map.n[0] + 5] = 7;
  CHECK_OK(context, csro_map_delocalise(context, &map, sparse, 0.7, sums, variances));
  for (int64_t i = 0; i < map.cells; i++) {
    total += sums[i];
    squares += fabs(variances[i] - sums[i] * sums[i] / 7);
  }
  CHECK_NEAR(total, 7, 1e-12);
  CHECK_NEAR(squares, 0, 1e-12);
  const double at = erf(0.5 / 0.7 / sqrt(2));
  CHECK_NEAR(sums[(5 * map.n[1] + 4) * map.n[0] + 5], 7 * at * at * at, 7e-4);
  CHECK_OK(context, csro_map_init(context, (double[]){0, 10, 0, 8, -9, 0}, 1, 2, &map));
  CHECK(map.cells == 11 * 9 && map.n[2] == 1);
  CHECK_NEAR(csro_map_cell_size(&map), 1, 0);
  CHECK_OK(context, csro_map_count(context, &map, &points, NULL, NULL, counts));
  for (all = 0, total = 0; total < (double)map.cells; total++)
    all += counts[(int64_t)total];
  CHECK_EQ(all, count);
  CHECK_FAILS(context, csro_map_init(context, (double[]){0, 1e5, 0, 1e5, 0, 1}, 1, -1, &map),
              CSRO_ERROR_ARGUMENT, "at most");
  free(counts);
  free(sparse);
  free(sums);
  free(variances);
}

/* The density of a ball has no surface in it: within three standard errors of the truth. */
static void test_density(csro_context *context) {
  enum { n = 200000 };
  float(*ball)[3] = malloc(n * sizeof *ball);
  csro_random random;
  csro_random_init(&random, 5, 0);
  const double radius = 10, truth = n / (4.0 / 3 * 3.14159265358979 * 1000);
  for (int i = 0; i < n;) {
    double r[3], square = 0;
    for (int a = 0; a < 3; a++) {
      r[a] = radius * (2 * csro_random_uniform(&random) - 1);
      square += r[a] * r[a];
    }
    if (square > radius * radius)
      continue;
    for (int a = 0; a < 3; a++)
      ball[i][a] = (float)r[a];
    i++;
  }
  const csro_points points = {ball, false, n};
  csro_map map;
  csro_profile profile;
  CHECK_OK(context, csro_map_init(context, (double[]){-10, 10, -10, 10, -10, 10}, 1, -1, &map));
  CHECK_OK(context, csro_profile_init(context, -10, 10, 1, &profile));
  int64_t *counts = malloc((size_t)map.cells * sizeof *counts), ions[64], cells[64], inside = 0;
  CHECK_OK(context, csro_map_count(context, &map, &points, NULL, NULL, counts));
  csro_map_profile(&map, counts, (double[]){0, 0, 1}, &profile, ions, cells);
  for (int b = 0; b < profile.bins; b++) {
    inside += cells[b];
    if (cells[b] > 0)
      CHECK_NEAR((double)ions[b] / (double)cells[b], truth, 4 * sqrt(truth / (double)cells[b]));
  }
  CHECK(inside > 2500 && inside < 4189);
  free(ball);
  free(counts);
}

static void test_to_ions(csro_context *context) {
  const csro_points points = {xyz, false, count};
  uint8_t *inside = malloc(count);
  double *distance = malloc(count * sizeof *distance);
  fill(9, 7, 5);
  for (int i = 0; i < count; i++)
    inside[i] = pow((double)xyz[i][0] - 2, 2) + pow((double)xyz[i][1] - 3, 2) +
                    pow((double)xyz[i][2] + 2, 2) <
                1.5 * 1.5;
  for (context->threads = 1; context->threads <= 2; context->threads++) {
    CHECK_OK(context, csro_proximity_to_ions(context, &points, inside, count - 7, 3, distance));
    for (int i = 0; i < count - 7; i += 13) {
      double nearest = INFINITY;
      for (int j = 0; j < count; j++) {
        double square = 0;
        for (int a = 0; a < 3; a++)
          square += pow((double)xyz[i][a] - (double)xyz[j][a], 2);
        if (inside[j] != inside[i] && square < nearest)
          nearest = square;
      }
      nearest = sqrt(nearest);
      if (nearest > 3)
        CHECK(isnan(distance[i]));
      else
        CHECK_NEAR(distance[i], inside[i] ? -nearest : nearest, 1e-9);
    }
  }
  memset(inside, 0, count);
  CHECK_OK(context, csro_proximity_to_ions(context, &points, inside, count, 3, distance));
  CHECK(isnan(distance[0]) && isnan(distance[count - 1]));
  free(inside);
  free(distance);
}

/* A cube: every distance is known. */
static void test_to_triangles(csro_context *context) {
  double corners[12][3][3];
  int t = 0;
  for (int axis = 0; axis < 3; axis++)
    for (int high = 0; high < 2; high++) {
      double square[4][3];
      for (int k = 0; k < 4; k++) {
        square[k][axis] = high ? 1 : -1;
        square[k][(axis + 1) % 3] = k == 1 || k == 2 ? 1 : -1;
        square[k][(axis + 2) % 3] = k >= 2 ? 1 : -1;
      }
      const int order[2][2][3] = {{{0, 2, 1}, {0, 3, 2}}, {{0, 1, 2}, {0, 2, 3}}};
      for (int half = 0; half < 2; half++, t++)
        for (int k = 0; k < 3; k++)
          memcpy(corners[t][k], square[order[high][half][k]], sizeof square[0]);
    }
  const csro_triangles cube = {12, &corners[0][0][0]};
  enum { n = 4000 };
  static double r[n][3], distance[n];
  csro_random random;
  csro_random_init(&random, 8, 0);
  for (int i = 0; i < n; i++)
    for (int a = 0; a < 3; a++)
      r[i][a] = 6 * csro_random_uniform(&random) - 3;
  const csro_points points = {r, true, n};
  for (context->threads = 1; context->threads <= 2; context->threads++) {
    CHECK_OK(context, csro_proximity_to_triangles(context, &points, &cube, 1.5, distance));
    for (int i = 0; i < n; i++) {
      double out = 0, in = -INFINITY;
      for (int a = 0; a < 3; a++) {
        const double beyond = fabs(r[i][a]) - 1;
        out += beyond > 0 ? beyond * beyond : 0;
        in = fmax(in, beyond);
      }
      const double expected = out > 0 ? sqrt(out) : in;
      if (expected > 1.5)
        CHECK(isnan(distance[i]));
      else
        CHECK_NEAR(distance[i], expected, 1e-12);
    }
  }
  const csro_triangles none = {0, NULL};
  CHECK_FAILS(context, csro_proximity_to_triangles(context, &points, &none, 1, distance),
              CSRO_ERROR_DATA, "no triangles");
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  fill(10.5, 8.5, 9);
  test_profile(&context);
  test_map(&context);
  test_density(&context);
  test_to_ions(&context);
  test_to_triangles(&context);
  return check_end();
}
