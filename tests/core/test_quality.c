/* What is wrong with data is named, and nothing is on clean ones. */
#include "check.h"
#include "csro/quality.h"
#include "csro/specimen.h"
#include "csro/voxels.h"

static const char *const names[] = {"unranged", "Co", "Cr", "Ni", "H"};
static const double nominal[] = {0, 1, 1, 1, 0};

static csro_specimen plain(uint64_t seed) {
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  specimen.seed = seed;
  return specimen;
}

static csro_quality_report judge(csro_context *context, const csro_specimen *specimen,
                                 double spacing) {
  csro_specimen_ions ions;
  csro_pole_options options;
  csro_pole_map map;
  csro_quality *quality;
  csro_quality_report report;
  double bounds[6];
  csro_pole_options_init(&options);
  CHECK_OK(context, csro_specimen_simulate(context, specimen, 0, 1, &ions));
  const csro_points points = {ions.ions.xyz, false, ions.ions.count};
  CHECK_OK(context, csro_points_bounds(context, &points, bounds));
  CHECK_OK(context, csro_pole_find(context, &points, ions.label, &options, &map));
  CHECK_OK(context, csro_quality_create(context, bounds, &map, 5, &quality));
  CHECK_OK(context, csro_quality_add(context, quality, &points, ions.label, 0));
  const csro_quality_options known = {spacing, nominal, names};
  CHECK_OK(context, csro_quality_report_make(context, quality, &known, &report));
  csro_quality_destroy(&quality);
  csro_pole_map_release(&map);
  csro_specimen_ions_release(&ions);
  return report;
}

static void show(const csro_quality_report *report, bool all) {
  for (int64_t r = 0; r < report->count; r++) {
    const csro_quality_row *row = &report->rows[r];
    if (all || row->verdict != CSRO_VERDICT_OK)
      fprintf(stderr, "  %s %g (%g .. %g) %s: %d %s\n", row->quantity, row->value, row->low,
              row->high, row->unit, row->verdict, row->words);
  }
  fprintf(stderr, "  => %s\n", report->words);
}

/* The data must be named by these words, in a row that is not ok. */
static void names_it(csro_context *context, const csro_specimen *specimen, const char *words,
                     const char *whole) {
  csro_quality_report report = judge(context, specimen, 0.18);
  bool named = false;
  for (int64_t r = 0; r < report.count; r++)
    named =
        named || (report.rows[r].verdict != CSRO_VERDICT_OK && strstr(report.rows[r].words, words));
  CHECK(named);
  CHECK(strstr(report.words, whole) != NULL);
  if (!named || !strstr(report.words, whole) || getenv("CSRO_SHOW")) {
    fprintf(stderr, "'%s':\n", words);
    show(&report, !named);
  }
  csro_quality_report_release(&report);
}

static void test_clean(csro_context *context, int seeds) {
  for (int seed = 1; seed <= seeds; seed++) {
    csro_specimen specimen = plain((uint64_t)seed);
    csro_quality_report report = judge(context, &specimen, 0.18);
    CHECK_EQ(report.verdict, CSRO_VERDICT_OK);
    CHECK(strcmp(report.words, "usable along this pole") == 0);
    if (report.verdict != CSRO_VERDICT_OK || getenv("CSRO_SHOW"))
      show(&report, seed == 1);
    csro_quality_report_release(&report);
  }
}

/* Of another lattice only the spacing is named: hydrogen and background have no planes. */
static void test_other_pole(csro_context *context) {
  csro_specimen s = plain(1);
  s.pole = CSRO_POLE_111;
  csro_quality_report report = judge(context, &s, 0.18);
  CHECK(strstr(report.words, "not usable as it is: spacing of the planes is 15.") != NULL);
  int named = 0;
  for (int64_t r = 0; r < report.count; r++)
    named += report.rows[r].verdict != CSRO_VERDICT_OK;
  CHECK_EQ(named, 1);
  csro_quality_report_release(&report);
}

static void test_planes(csro_context *context) {
  csro_specimen s = plain(2);
  s.tilt = 1;
  names_it(context, &s, "planes are tilted", "usable along this pole, with");
  s = plain(3);
  s.curvature_radius = 100;
  names_it(context, &s, "planes are curved", "usable along this pole, with");
  s = plain(4);
  s.spacing_drift = 1;
  names_it(context, &s, "spacing of the planes drifts", "usable along this pole, with");
  s = plain(5);
  s.grain = (csro_second_grain){true, {1, 0, 0}, 0, 10, 0};
  names_it(context, &s, "a second grain", "usable in a part of it");
  s = plain(6);
  s.lattice_constant = 0.37;
  names_it(context, &s, "off the 0.1800 nm of the model", "usable along this pole, with");
  s = plain(6);
  s.tilt = 5;
  names_it(context, &s, "planes are tilted",
           "not usable as it is: planes are tilted by 5.0 degrees");
  s = plain(6);
  s.sigma_z = 0.2;
  names_it(context, &s, "no lattice planes are seen", "not usable along this pole");
}

static void test_ions(csro_context *context) {
  csro_specimen s = plain(7);
  CHECK_OK(context, csro_specimen_set_sigma_z(context, &s, "Ni 0.05"));
  names_it(context, &s, "sigma_z of Ni is not", "usable");
  s = plain(8);
  CHECK_OK(context, csro_specimen_set_efficiency(context, &s, "Ni 0.9"));
  names_it(context, &s, "Ni is seen", "usable");
  s = plain(9);
  s.sparse_pole = (csro_sparse_pole){0.5, {2, 1}, 2};
  names_it(context, &s, "a low-density pole", "usable");
  s = plain(10);
  CHECK_OK(context, csro_specimen_set_gradient(context, &s, "Ni", CSRO_AXIS_Z, 0.2, 0.45));
  names_it(context, &s, "composition gradient: the fraction of Ni", "usable");
  s = plain(11);
  s.background_ramp = (csro_ramp){CSRO_AXIS_X, 0.3};
  names_it(context, &s, "background is uneven", "usable");
  s = plain(12);
  s.efficiency_ramp = (csro_ramp){CSRO_AXIS_Z, 0.4};
  names_it(context, &s, "density changes", "usable");
  s = plain(13);
  s.pile_up.probability = 0.5;
  s.pile_up.distance = 1;
  s.pile_up.reach = 8;
  names_it(context, &s, "pile-up", "usable");
}

/* Multiple hits are a row where they are known. */
static void test_hits(csro_context *context) {
  const double xyz[] = {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, bounds[6] = {0, 1, 0, 1, 0, 1};
  const double alone[] = {1, 1, 1, 0, 0, 2}, together[] = {3, 0, 0, 1}, unknown[] = {0, 0, 0};
  const csro_points points = {xyz, true, 4};
  const csro_pole_map none = {0};
  const csro_quality_options nothing = {0};
  const double *given[] = {alone, together, unknown};
  const int64_t counts[] = {6, 4, 3}, repeats[] = {1, 10000, 1};
  for (int k = 0; k < 3; k++) {
    csro_quality *quality;
    csro_quality_report report;
    const csro_quality_row *row = NULL;
    CHECK_OK(context, csro_quality_create(context, bounds, &none, 2, &quality));
    CHECK_OK(context, csro_quality_add(context, quality, &points, NULL, 0));
    for (int64_t n = 0; n < repeats[k]; n++)
      csro_quality_add_hits(quality, given[k], counts[k]);
    CHECK_OK(context, csro_quality_report_make(context, quality, &nothing, &report));
    for (int64_t r = 0; r < report.count; r++)
      if (strcmp(report.rows[r].quantity, "Multiple hits") == 0)
        row = &report.rows[r];
    CHECK_EQ(row != NULL, k < 2);
    if (row) {
      CHECK(row->value == (k == 0 ? 0.5 : 0.75));
      CHECK(row->low < row->value && row->value < row->high);
      CHECK_EQ(row->verdict, k == 0 ? CSRO_VERDICT_OK : CSRO_VERDICT_WARNING);
    }
    csro_quality_report_release(&report);
    csro_quality_destroy(&quality);
  }
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  const char *seeds = getenv("CSRO_SEEDS");
  test_clean(&context, seeds ? atoi(seeds) : 2);
  test_other_pole(&context);
  test_planes(&context);
  test_ions(&context);
  test_hits(&context);
  return check_failures > 0;
}
