/* Lattice planes from the ions alone: where they lie, how they bend, and when there are none. */
#include "check.h"
#include "csro/pole.h"
#include "csro/voxels.h"
#include "distort.h"

static const double degree = 3.14159265358979323846 / 180;

/* 60 000 ions: a box of 10 x 10 x 14 nm. */
static csro_specimen box_specimen(uint64_t seed) {
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  specimen.shape = CSRO_SHAPE_BOX;
  specimen.width[0] = specimen.width[1] = 10;
  specimen.height = 14;
  specimen.domain_density = 0;
  specimen.seed = seed;
  return specimen;
}

static csro_pole_map find(csro_context *context, const csro_specimen *specimen, const distortion *d,
                          csro_specimen_ions *ions) {
  csro_pole_options options;
  csro_pole_map map;
  csro_pole_options_init(&options);
  CHECK_OK(context, simulate_distorted(context, *specimen, d, ions));
  const csro_points points = {ions->ions.xyz, false, ions->ions.count};
  CHECK_OK(context, csro_pole_find(context, &points, ions->label, &options, &map));
  return map;
}

static double angle_to(const double wave[3], double tilt, double azimuth) {
  const double normal[3] = {sin(tilt * degree) * cos(azimuth * degree),
                            sin(tilt * degree) * sin(azimuth * degree), cos(tilt * degree)};
  double dot = 0, squares = 0;
  for (int a = 0; a < 3; a++) {
    dot += normal[a] * wave[a];
    squares += wave[a] * wave[a];
  }
  return acos(fmin(dot / sqrt(squares), 1)) / degree;
}

static void test_tilt(csro_context *context, double tilt, double azimuth, double strain,
                      double sigma) {
  csro_specimen specimen = box_specimen(3);
  csro_specimen_ions ions;
  specimen.lattice_constant *= 1 + strain;
  const distortion d = {.tilt = tilt, .azimuth = azimuth, .sigma_xy = 0.3, .sigma_z = sigma};
  csro_pole_map map = find(context, &specimen, &d, &ions);
  const csro_pole_summary *s = &map.summary;
  CHECK(s->found);
  CHECK_NEAR(angle_to(s->wave, tilt, azimuth), 0, fmax(0.1, 3 * s->tilt_error));
  CHECK_NEAR(s->tilt, tilt, 0.15);
  CHECK_NEAR(s->tilt_y, tilt * cos(azimuth * degree), 0.2);
  CHECK_NEAR(s->tilt_x, -tilt * sin(azimuth * degree), 0.2);
  CHECK_NEAR(s->spacing, 0.18 * (1 + strain), 0.0015 * 0.18);
  double across = 0.3 * sin(tilt * degree);
  CHECK_NEAR(s->sigma_z, hypot(sigma * cos(tilt * degree), across), 0.06 * s->sigma_z);
  CHECK_EQ(s->orientations, 1);
  CHECK(s->share > 0.6);
  csro_pole_map_release(&map);
  csro_specimen_ions_release(&ions);
}

static void test_none(csro_context *context) {
  csro_specimen specimen = box_specimen(4);
  csro_specimen_ions ions;
  const distortion d = {.sigma_xy = 0.3, .sigma_z = 0.15};
  csro_pole_map map = find(context, &specimen, &d, &ions);
  CHECK(!map.summary.found);
  CHECK(map.summary.log_chance > -9.2);
  CHECK(map.blocks == NULL && map.summary.spacing == 0);
  csro_pole_map_release(&map);
  csro_specimen_ions_release(&ions);
}

static void test_bent(csro_context *context) {
  csro_specimen specimen = box_specimen(5);
  csro_specimen_ions ions;
  const distortion curved = {.radius = 50, .sigma_xy = 0.3, .sigma_z = 0.03};
  csro_pole_map map = find(context, &specimen, &curved, &ions);
  CHECK_NEAR(1 / map.summary.curvature, 50, 5);
  CHECK(map.summary.curvature > 10 * map.summary.curvature_error);
  CHECK_EQ(map.summary.orientations, 1);
  csro_pole_map_release(&map);
  csro_specimen_ions_release(&ions);

  specimen.width[0] = 16;
  const distortion grains = {.second_tilt = 10, .sigma_xy = 0.3, .sigma_z = 0.03};
  map = find(context, &specimen, &grains, &ions);
  CHECK_EQ(map.summary.orientations, 2);
  CHECK_NEAR(map.summary.kink, 10, 0.5);
  CHECK(map.summary.second_share > 0.1);
  CHECK(map.summary.crop[1] < 4 && map.summary.crop[0] < -4); /* the flat grain is at x < 0 */
  csro_pole_map_release(&map);
  csro_specimen_ions_release(&ions);

  const distortion drift = {.drift = 0.02, .sigma_xy = 0.3, .sigma_z = 0.03};
  specimen.width[0] = 10;
  specimen.height = 28;
  map = find(context, &specimen, &drift, &ions);
  CHECK_NEAR(map.summary.drift * specimen.height, 0.02, 0.003);
  csro_pole_map_release(&map);
  csro_specimen_ions_release(&ions);
}

/* Same bits for any number of threads, and for ions that processes share. */
static void test_parts(csro_context *context) {
  csro_specimen specimen = box_specimen(6);
  csro_specimen_ions ions;
  const distortion d = {.tilt = 4, .azimuth = 30, .sigma_xy = 0.3, .sigma_z = 0.05};
  context->threads = 1;
  csro_pole_map one = find(context, &specimen, &d, &ions), two;
  context->threads = 3;
  csro_pole_options options;
  csro_pole_search *search;
  double bounds[6];
  int32_t *sums;
  csro_pole_options_init(&options);
  csro_points points = {ions.ions.xyz, false, ions.ions.count};
  CHECK_OK(context, csro_points_bounds(context, &points, bounds));
  CHECK_OK(context, csro_pole_search_create(context, bounds, &options, &search));
  while (csro_pole_search_sums(search, &sums) > 0) {
    int64_t split = points.count / 3;
    const csro_points first = {points.xyz, false, split};
    const csro_points last = {(const float *)points.xyz + 3 * split, false, points.count - split};
    csro_pole_search_add(context, search, &last, ions.label + split);
    csro_pole_search_add(context, search, &first, ions.label);
    CHECK_OK(context, csro_pole_search_step(context, search));
  }
  CHECK_OK(context, csro_pole_search_end(context, search, &two));
  csro_pole_search_destroy(&search);
  CHECK(one.summary.spacing == two.summary.spacing && one.summary.tilt == two.summary.tilt);
  CHECK(one.summary.coherence == two.summary.coherence);
  CHECK(one.summary.axis[0] == two.summary.axis[0]);
  CHECK(one.summary.log_chance == two.summary.log_chance);
  CHECK(one.n[0] * one.n[1] * one.n[2] == two.n[0] * two.n[1] * two.n[2]);
  for (int64_t b = 0; b < one.n[0] * one.n[1] * one.n[2]; b++)
    CHECK(memcmp(one.blocks[b].wave, two.blocks[b].wave, sizeof one.blocks[b].wave) == 0);
  csro_pole_map_release(&one);
  csro_pole_map_release(&two);
  csro_specimen_ions_release(&ions);
}

static void test_rotation(csro_context *context) {
  const double wave[3] = {0.3, -0.4, 5}, center[3] = {1, 2, 3};
  double matrix[4][4], turned[3] = {0};
  csro_pole_rotation(wave, center, matrix);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      turned[i] += matrix[i][j] * wave[j];
  CHECK_NEAR(turned[0], 0, 1e-12);
  CHECK_NEAR(turned[1], 0, 1e-12);
  CHECK_NEAR(turned[2], sqrt(0.09 + 0.16 + 25), 1e-12);
  double out[3];
  const csro_points points = {center, true, 1};
  csro_pole_rotate(context, &points, (const double(*)[4])matrix, out);
  for (int a = 0; a < 3; a++)
    CHECK_NEAR(out[a], center[a], 1e-12);
}

static void test_errors(csro_context *context) {
  csro_pole_options options;
  csro_pole_summary summary;
  const float far[6] = {0, 0, 0, 1e5F, 1e5F, 1e5F};
  const csro_points none = {far, false, 0}, two = {far, false, 2}, one = {far, false, 1};
  csro_pole_options_init(&options);
  CHECK_FAILS(context, csro_pole_measure(context, &none, NULL, &options, &summary), CSRO_ERROR_DATA,
              "no ions");
  CHECK_FAILS(context, csro_pole_measure(context, &two, NULL, &options, &summary), CSRO_ERROR_DATA,
              "stray");
  CHECK_OK(context, csro_pole_measure(context, &one, NULL, &options, &summary));
  CHECK(!summary.found && summary.ions == 1);
  options.spacing[0] = 0.5;
  CHECK_FAILS(context, csro_pole_measure(context, &one, NULL, &options, &summary),
              CSRO_ERROR_ARGUMENT, "smallest spacing");
  options.spacing[0] = 0.1;
  options.tilt = 40;
  CHECK_FAILS(context, csro_pole_measure(context, &one, NULL, &options, &summary),
              CSRO_ERROR_ARGUMENT, "tilt");
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_tilt(&context, 0, 0, 0, 0.03);
  test_tilt(&context, 3, 200, 0.04, 0.03);
  test_tilt(&context, 8, 75, -0.05, 0.03);
  test_tilt(&context, 2, 300, 0.02, 0.06);
  test_none(&context);
  test_bent(&context);
  test_parts(&context);
  test_rotation(&context);
  test_errors(&context);
  return check_failures > 0;
}
