/* What is said of lattice planes that are not those expected. */
#include "check.h"
#include "csro/guard.h"

static void expect(csro_lattice_planes planes, double expected, csro_guard guard, const char *a,
                   const char *b) {
  char text[512];
  CHECK_EQ(csro_guard_planes(&planes, expected, "model 'm'", "choose another", text), guard);
  CHECK(strlen(text) < sizeof text && !strchr(text, '\n'));
  CHECK((guard == CSRO_GUARD_FITS) == (text[0] == 0));
  if (!strstr(text, a) || !strstr(text, b))
    fprintf(stderr, "%s: expected %s and %s\n", text, a, b);
  CHECK(strstr(text, a) && strstr(text, b));
}

static void test_planes(void) {
  expect((csro_lattice_planes){0.1801, 0.3, 0.5}, 0.18, CSRO_GUARD_FITS, "", "");
  expect((csro_lattice_planes){0.1835, 0.3, 0.5}, 0.18, CSRO_GUARD_FITS, "", "");
  expect((csro_lattice_planes){0.1837, 0.3, 0.5}, 0.18, CSRO_GUARD_WARNS, "0.1837 nm", "0.18 nm");
  expect((csro_lattice_planes){0.1762, 0.3, 0.5}, 0.18, CSRO_GUARD_WARNS, "-2.1 %",
         "choose another");
  expect((csro_lattice_planes){0.1943, 0.3, 0.5}, 0.18, CSRO_GUARD_WARNS, "+7.9 %", "model 'm'");
  expect((csro_lattice_planes){0.1946, 0.3, 0.5}, 0.18, CSRO_GUARD_REFUSES, "+8 %",
         "choose another");
  expect((csro_lattice_planes){0.2078, 0.3, 0.5}, 0.18, CSRO_GUARD_REFUSES, "0.2078 nm", "0.18 nm");
  expect((csro_lattice_planes){0.1450, 0.3, 0.5}, 0.18, CSRO_GUARD_REFUSES, "-19 %", "0.18 nm");
  expect((csro_lattice_planes){0.3600, 0.3, 0.5}, 0.18, CSRO_GUARD_WARNS, "twice", "0.18 nm");
  expect((csro_lattice_planes){0.0905, 0.3, 0.5}, 0.18, CSRO_GUARD_WARNS, "half", "0.0905 nm");
  expect((csro_lattice_planes){0.0925, 0.3, 0.5}, 0.18, CSRO_GUARD_REFUSES, "-49 %", "0.18 nm");
}

static void test_quality(void) {
  expect((csro_lattice_planes){0, 0, 0}, 0.18, CSRO_GUARD_WARNS, "no lattice planes", "");
  expect((csro_lattice_planes){0, 0, 0}, 0, CSRO_GUARD_WARNS, "no lattice planes", "");
  expect((csro_lattice_planes){0.25, 0.3, 0.5}, 0, CSRO_GUARD_FITS, "", "");
  expect((csro_lattice_planes){0.18, 2.5, 0.5}, 0.18, CSRO_GUARD_WARNS, "2.5 degrees", "across z");
  expect((csro_lattice_planes){0.18, 1.5, 0.02}, 0.18, CSRO_GUARD_WARNS, "0.020", "blurred");
  expect((csro_lattice_planes){0.2078, 4, 0.02}, 0.18, CSRO_GUARD_REFUSES, "4.0 degrees",
         "blurred");
}

/* A text of any length is cut. */
static void test_length(void) {
  char who[1024], text[512];
  const csro_lattice_planes planes = {0.2, 4, 0.01};
  memset(who, 'x', sizeof who);
  who[sizeof who - 1] = 0;
  CHECK_EQ(csro_guard_planes(&planes, 0.18, who, who, text), CSRO_GUARD_REFUSES);
  CHECK_EQ(strlen(text), sizeof text - 1);
}

static double spacing(const char *lattice, const char *pole, double constant) {
  csro_model model = {.lattice_constant = constant};
  strcpy(model.lattice, lattice);
  strcpy(model.orientation, pole);
  return csro_model_plane_spacing(&model);
}

static void test_models(void) {
  csro_context context;
  const double expected[CSRO_MODELS_SHIPPED] = {0.18, 0.36 / sqrt(3), 0.145};
  csro_context_init(&context);
  for (int m = 0; m < CSRO_MODELS_SHIPPED; m++) {
    csro_model *model;
    CHECK_OK(&context, csro_model_shipped(&context, m, &model));
    CHECK_NEAR(csro_model_plane_spacing(model), expected[m], 0.001);
    csro_model_destroy(&model);
  }
  CHECK_NEAR(spacing("fcc", "001", 0.36), 0.18, 1e-12);
  CHECK_NEAR(spacing("L1_0", "110", 0.36), 0.36 / sqrt(8), 1e-12);
  CHECK_NEAR(spacing("bcc", "110", 0.3165), 0.2238, 1e-4);
  CHECK_NEAR(spacing("bcc", "111", 0.3), 0.3 / sqrt(12), 1e-12);
  CHECK_NEAR(spacing("own", "001", 0.3), 0.3, 1e-12);
  CHECK(spacing("fcc", "002", 0) == 0);
  CHECK(spacing("fcc", "", 0.36) == 0);
  CHECK(spacing("fcc", "000", 0.36) == 0);
  CHECK(spacing("fcc", "0-2", 0.36) == 0);
}

static void test_mark(void) {
  float xyz[5][3] = {{0, 0, 0}, {1, 2, 3}, {1, 2, 3.5f}, {-1, 0, 0}, {0.5f, 1, 1}};
  const csro_points points = {xyz, false, 5};
  const uint16_t label[5] = {1, 0, 2, 3, 4};
  const double box[6] = {0, 1, 0, 2, 0, 3};
  uint16_t mark[5];
  double bounds[6];
  CHECK_EQ(csro_guard_mark(&points, label, box, mark, bounds), 2);
  CHECK(mark[0] == 2 && mark[1] == 1 && mark[2] == 0 && mark[3] == 0 && mark[4] == 2);
  CHECK(bounds[0] == 0 && bounds[1] == 1 && bounds[3] == 2 && bounds[5] == 3);
  csro_guard_choose(5, 2, mark);
  CHECK(mark[0] == 1 && mark[1] == 0 && mark[4] == 1);
  CHECK_EQ(csro_guard_mark(&points, NULL, box, mark, bounds), 0);
  csro_guard_choose(5, 0, mark);
  CHECK(mark[0] == 1 && mark[1] == 1 && mark[2] == 0 && mark[4] == 1);
  const double beyond[6] = {10, 11, 0, 2, 0, 3};
  CHECK_EQ(csro_guard_mark(&points, label, beyond, mark, bounds), 0);
  CHECK(bounds[0] > bounds[1]);
}

int main(void) {
  test_mark();
  test_planes();
  test_quality();
  test_length();
  test_models();
  return check_end();
}
