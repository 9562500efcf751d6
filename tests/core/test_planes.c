/* Lattice planes: their places, their drift, their sharpness, and when there are none. */
#include "check.h"
#include "csro/planes.h"
#include "random_points.h"

enum { IONS = 40000 };
static const double spacing = 0.18, two_pi = 6.283185307179586;

typedef struct sample {
  float xyz[3 * IONS];
  uint16_t label[IONS];
  float even[IONS];
  int plane[IONS];
} sample;

static double normal(uint64_t *state) {
  double u = 1 - cloud_uniform(state), v = cloud_uniform(state);
  return sqrt(-2 * log(u)) * cos(two_pi * v);
}

/* Planes that are shifted by `tilt` per nm of x, in a box of 8 x 8 x 12 nm. */
static void make_planes(sample *s, double sigma, double tilt) {
  uint64_t state = 7;
  for (int i = 0; i < IONS; i++) {
    double x = cloud_between(&state, 0, 8);
    s->plane[i] = (int)cloud_between(&state, 0, 66);
    s->xyz[3 * i] = (float)x;
    s->xyz[3 * i + 1] = (float)cloud_between(&state, 0, 8);
    s->xyz[3 * i + 2] = (float)((s->plane[i] + 0.3) * spacing + tilt * x + sigma * normal(&state));
    s->label[i] = 1;
  }
}

/* Mean of even, with the sign that the plane's number gives: 1 when all is known. */
static double agreement(const sample *s) {
  double sum = 0;
  for (int i = 0; i < IONS; i++)
    sum += s->plane[i] % 2 == 0 ? s->even[i] : -s->even[i];
  return fabs(sum / IONS);
}

static void test_planes(csro_context *context, sample *s, double sigma, double tilt, double least) {
  csro_planes planes;
  csro_points points = {s->xyz, false, IONS};
  make_planes(s, sigma, tilt);
  CHECK_OK(context, csro_planes_fit(context, &points, s->label, spacing, NULL, &planes));
  CHECK_NEAR(planes.sigma_z, sigma, 0.12 * sigma);
  CHECK_OK(context, csro_planes_parity(context, &planes, planes.sigma_z, &points, NULL, s->even));
  CHECK(agreement(s) > least);
  for (int i = 0; i < IONS; i++)
    CHECK(fabsf(s->even[i]) <= 1);
  csro_planes_release(&planes);
}

/* Ions of label 0 say nothing, whatever planes they lie on. */
static void test_unranged(csro_context *context, sample *s) {
  csro_points points = {s->xyz, false, IONS};
  csro_planes planes;
  make_planes(s, 0.03, 0);
  for (int i = 0; i < IONS; i++)
    s->label[i] = 0;
  CHECK_FAILS(context, csro_planes_fit(context, &points, s->label, spacing, NULL, &planes),
              CSRO_ERROR_DATA, "no lattice planes");
  CHECK(planes.height == NULL);
}

static void test_no_planes(csro_context *context, sample *s) {
  uint64_t state = 3;
  csro_points points = {s->xyz, false, IONS};
  csro_planes planes;
  for (int i = 0; i < IONS; i++) {
    s->label[i] = 1;
    for (int a = 0; a < 3; a++)
      s->xyz[3 * i + a] = (float)cloud_between(&state, 0, 10);
  }
  CHECK_FAILS(context, csro_planes_fit(context, &points, s->label, spacing, NULL, &planes),
              CSRO_ERROR_DATA, "no lattice planes 0.18 nm apart");
  CHECK_FAILS(context, csro_planes_fit(context, &points, s->label, 0, NULL, &planes),
              CSRO_ERROR_ARGUMENT, "spacing of the lattice planes");
  points.count = 0;
  CHECK_FAILS(context, csro_planes_fit(context, &points, s->label, spacing, NULL, &planes),
              CSRO_ERROR_DATA, "no ions");
  s->xyz[4] = NAN;
  points.count = IONS;
  CHECK(csro_planes_fit(context, &points, s->label, spacing, NULL, &planes) == CSRO_ERROR_DATA);
}

/* Planes that lean by `tilt` per nm of x, bend with a radius (0: flat), and of which every second
 * ion, of species 2, is blurred by twice the sigma and lies 0.03 nm higher. */
enum { MANY = 3 * IONS };
typedef struct large_sample {
  float xyz[3 * MANY], even[MANY];
  uint16_t label[MANY];
  int plane[MANY];
} large_sample;

static void bend_planes(large_sample *s, double sigma, double tilt, double radius) {
  uint64_t state = 11;
  for (int i = 0; i < MANY; i++) {
    double x = cloud_between(&state, -7, 7), y = cloud_between(&state, -7, 7);
    double bend = radius > 0 ? (x * x + y * y) / (2 * radius) : 0;
    s->plane[i] = (int)cloud_between(&state, 0, 66);
    s->label[i] = (uint16_t)(1 + i % 2);
    double own = s->label[i] == 2 ? 2 * sigma : sigma, higher = s->label[i] == 2 ? 0.03 : 0;
    s->xyz[3 * i] = (float)x;
    s->xyz[3 * i + 1] = (float)y;
    s->xyz[3 * i + 2] =
        (float)(s->plane[i] * spacing + tilt * x - bend + higher + own * normal(&state));
  }
}

static void test_followed(csro_context *context, double tilt, double radius) {
  large_sample *s = malloc(sizeof *s);
  csro_points points = {s->xyz, false, MANY};
  csro_pole_options options;
  csro_pole_map map;
  csro_planes planes;
  bend_planes(s, 0.03, tilt, radius);
  csro_pole_options_init(&options);
  CHECK_OK(context, csro_pole_find(context, &points, s->label, &options, &map));
  CHECK_OK(context, csro_planes_fit(context, &points, s->label, 0, &map, &planes));
  int64_t(*sums)[3] = malloc((size_t)(csro_planes_blocks(&planes) + 3) * sizeof *sums);
  CHECK_OK(context, csro_planes_sum_blur(context, &planes, &points, s->label, 2, sums));
  CHECK_OK(context, csro_planes_set_blur(context, 2, sums, &planes));
  CHECK_NEAR((planes.shift[2] - planes.shift[1]) * spacing, 0.03, 0.003);
  CHECK_NEAR(planes.extra[2] - planes.extra[1], 3 * 0.03 * 0.03, 0.0004);
  CHECK_OK(context, csro_planes_parity(context, &planes, 0, &points, s->label, s->even));
  double sum[3] = {0};
  for (int i = 0; i < MANY; i++)
    sum[s->label[i]] += s->plane[i] % 2 == 0 ? s->even[i] : -s->even[i];
  CHECK(sum[1] * sum[2] > 0);
  CHECK(fabs(sum[1]) > 0.9 * MANY / 2);
  CHECK(fabs(sum[2]) > 0.45 * MANY / 2);
  csro_planes_release(&planes);
  csro_pole_map_release(&map);
  free(sums);
  free(s);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  context.threads = 2;
  sample *s = malloc(sizeof *s);
  test_planes(&context, s, 0.02, 0, 0.97);
  test_planes(&context, s, 0.05, 0, 0.6);
  test_planes(&context, s, 0.03, 0.012, 0.8); /* half a spacing from one side to the other */
  test_unranged(&context, s);
  test_no_planes(&context, s);
  test_followed(&context, 0, 0);
  test_followed(&context, 0.1, 0);
  test_followed(&context, 0.02, 50);
  free(s);
  return check_end();
}
