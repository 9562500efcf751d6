/* Structures against brute force: neighbours, plane spacings, densities, occupancies per plane. */
#include "csro/structure.h"

#include "check.h"

static csro_context context;
static const double a = 0.36;

static int named(const char *name) {
  for (int k = 0; k < CSRO_PROTOTYPES; k++)
    if (strcmp(csro_prototype_names[k], name) == 0)
      return k;
  CHECK(false);
  return -1;
}

/* Species k sits on sublattice k alone. */
static csro_structure make(const char *name, double c) {
  csro_structure s;
  CHECK_OK(&context, csro_structure_prototype(&context, named(name), a, c, 3, &s));
  for (int k = 0; k < s.sublattice_count; k++)
    s.occupancy[k * 3 + k] = 1;
  CHECK_OK(&context, csro_structure_check(&context, &s));
  return s;
}

static double distance(const double *p, const double *q) {
  return sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) +
              (p[2] - q[2]) * (p[2] - q[2]));
}

/* Neighbours on sublattice `of` at this distance of the first site of sublattice `from`. */
static int neighbours(const csro_structure *s, const int hkl[3], int from, int of, double at) {
  csro_sites sites;
  CHECK_OK(&context,
           csro_structure_ball(&context, s, hkl, (double[3]){0.1, -0.2, 0.3}, 1.6, &sites));
  int64_t first = -1;
  for (int64_t i = 0; i < sites.count; i++)
    if (sites.site[i].sublattice == from && distance(sites.site[i].r, (double[3]){0}) < 0.5)
      first = i;
  int count = 0;
  for (int64_t i = 0; i < sites.count; i++)
    count += sites.site[i].sublattice == of &&
             fabs(distance(sites.site[i].r, sites.site[first].r) - at) < 1e-9;
  csro_sites_release(&sites);
  return count;
}

typedef struct shell {
  const char *structure;
  int from, of;
  double at; /* lattice constants */
  int count;
} shell;

static void test_neighbours(void) {
  const double n1 = sqrt(0.5), b1 = sqrt(0.75);
  const shell shells[] = {
      {"fcc", 0, 0, n1, 12},        {"fcc", 0, 0, 1, 6},    {"bcc", 0, 0, b1, 8},
      {"bcc", 0, 0, 1, 6},          {"L1_2", 1, 0, n1, 12}, {"L1_2", 1, 1, n1, 0},
      {"L1_2", 1, 1, 1, 6},         {"L1_2", 0, 1, n1, 4},  {"L1_2", 0, 0, n1, 8},
      {"L1_0", 0, 0, n1, 4},        {"L1_0", 0, 1, n1, 8},  {"L1_1", 0, 0, n1, 6},
      {"L1_1", 0, 1, n1, 6},        {"L1_1", 1, 1, 1, 0},   {"L1_1", 1, 0, 1, 6},
      {"DO22", 1, 0, n1, 12},       {"DO22", 1, 1, 1, 4},   {"DO22", 1, 0, 1, 2},
      {"DO22", 1, 1, sqrt(1.5), 8}, {"B2", 0, 1, b1, 8},    {"B2", 0, 0, 1, 6},
      {"D0_3", 2, 0, b1, 8},        {"D0_3", 2, 1, 1, 6},   {"D0_3", 2, 2, 1, 0},
      {"D0_3", 0, 1, b1, 4},        {"D0_3", 0, 2, b1, 4},  {"D0_3", 2, 2, sqrt(2), 12}};
  const int poles[][3] = {{0, 0, 2}, {1, 1, 1}, {2, 1, 3}};
  for (size_t k = 0; k < sizeof shells / sizeof shells[0]; k++)
    for (int p = 0; p < 3; p++) {
      csro_structure s = make(shells[k].structure, a);
      CHECK_EQ(neighbours(&s, poles[p], shells[k].from, shells[k].of, shells[k].at * a),
               shells[k].count);
      csro_structure_release(&s);
    }
}

static int ascending(const void *p, const void *q) {
  const csro_site *x = p, *y = q;
  return (x->r[2] > y->r[2]) - (x->r[2] < y->r[2]);
}

/* The planes along the pole: all at one spacing; the share of sublattice `of` in them repeats the
 * given values. */
static void check_planes(const char *name, double c, const int hkl[3], double spacing, int of,
                         int period, const double *shares) {
  csro_structure s = make(name, c);
  csro_sites sites;
  CHECK_OK(&context, csro_structure_box(&context, &s, hkl, (double[3]){-4, -4, -1.5},
                                        (double[3]){4, 4, 1.5}, &sites));
  qsort(sites.site, (size_t)sites.count, sizeof *sites.site, ascending);
  int planes = 0;
  double share[64], lowest = 0;
  for (int64_t i = 0; i < sites.count && planes < 64; planes++) {
    int64_t first = i;
    double ions = 0, z = sites.site[i].r[2];
    for (; i < sites.count && sites.site[i].r[2] < z + 1e-6; i++)
      ions += sites.site[i].sublattice == of;
    if (planes == 0)
      lowest = z;
    CHECK_NEAR(z - lowest, planes * spacing, 1e-9);
    share[planes] = ions / (double)(i - first);
  }
  CHECK(planes >= 8);
  bool found = false;
  for (int shift = 0; shift < period && !found; shift++) {
    found = true;
    for (int p = 0; p < planes; p++)
      found &= fabs(share[p] - shares[(p + shift) % period]) < 0.05;
  }
  if (!found)
    fprintf(stderr, "planes %d%d%d of %s: %g %g %g %g\n", hkl[0], hkl[1], hkl[2], name, share[0],
            share[1], share[2], share[3]);
  CHECK(found);
  csro_sites_release(&sites);
  csro_structure_release(&s);
}

static void test_planes(void) {
  const int p002[3] = {0, 0, 2}, p111[3] = {1, 1, 1}, p110[3] = {1, 1, 0}, p113[3] = {1, 1, 3};
  const double all[] = {1}, alternate[] = {1, 0}, halves[] = {0.5, 0}, quarter[] = {0.25};
  check_planes("fcc", a, p002, a / 2, 0, 1, all);
  check_planes("fcc", a, p111, a / sqrt(3), 0, 1, all);
  check_planes("fcc", a, p110, a / sqrt(8), 0, 1, all);
  check_planes("fcc", a, p113, a / sqrt(11), 0, 1, all);
  check_planes("bcc", a, p002, a / 2, 0, 1, all);
  check_planes("bcc", a, p110, a / sqrt(2), 0, 1, all);
  check_planes("bcc", a, p111, a / sqrt(12), 0, 1, all);
  check_planes("L1_2", a, p002, a / 2, 1, 2, halves);
  check_planes("L1_2", a, p111, a / sqrt(3), 1, 1, quarter);
  check_planes("L1_0", 0.32, p002, 0.16, 0, 2, alternate);
  check_planes("L1_0", 0.32, p111, 1 / sqrt(2 / (a * a) + 1 / (0.32 * 0.32)), 0, 1,
               (double[]){0.5});
  check_planes("L1_1", a, p111, a / sqrt(3), 1, 2, alternate);
  check_planes("L1_1", a, p002, a / 2, 1, 1, (double[]){0.5});
  check_planes("DO22", 0.4, p002, 0.2, 1, 2, halves);
  check_planes("B2", a, p002, a / 2, 0, 2, alternate);
  check_planes("D0_3", a, p002, a / 2, 2, 2, halves);
  check_planes("D0_3", a, p111, a / sqrt(12), 2, 4, (double[]){1, 0, 0, 0});
  check_planes("MoPt2", a, p110, a / sqrt(8), 1, 3, (double[]){1, 0, 0});
}

/* The periods are those of the sites themselves, and what one pole cannot tell is named together.
 */
static void test_periods(void) {
  static const struct {
    const char *name;
    int hkl[3], period;
    double spacing;
  } rows[] = {{"fcc", {0, 0, 2}, 1, 0.5},          {"L1_2", {0, 0, 2}, 2, 0.5},
              {"L1_2", {1, 1, 1}, 1, 0.57735027},  {"L1_2", {0, 2, 2}, 2, 0.35355339},
              {"L1_0", {0, 0, 2}, 2, 0.5},         {"L1_0", {2, 0, 0}, 1, 0.5},
              {"L1_1", {1, 1, 1}, 2, 0.57735027},  {"L1_1", {0, 0, 2}, 1, 0.5},
              {"DO22", {0, 0, 2}, 2, 0.5},         {"B2", {0, 0, 2}, 2, 0.5},
              {"B2", {0, 1, 1}, 1, 0.70710678},    {"B2", {1, 1, 1}, 2, 0.28867513},
              {"D0_3", {0, 0, 2}, 2, 0.5},         {"D0_3", {1, 1, 1}, 4, 0.28867513},
              {"MoPt2", {2, 2, 0}, 3, 0.35355339}, {"MoPt2", {0, 0, 2}, 1, 0.5}};
  double spacing;
  for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
    CHECK_EQ(csro_prototype_period(named(rows[k].name), rows[k].hkl, &spacing), rows[k].period);
    CHECK_NEAR(spacing, rows[k].spacing, 1e-7);
  }
  CHECK_EQ(csro_prototype_period(0, (int[3]){0}, &spacing), 0);
  CHECK_EQ(csro_prototype_period(CSRO_PROTOTYPES, (int[3]){0, 0, 2}, &spacing), 0);
  static const struct {
    double spacing;
    int period;
    const char *text;
  } texts[] = {{0.18, 2, "L1_2, L1_0 or DO22 (002 of fcc); B2 or D0_3 (002 of bcc)"},
               {0.185, 2, "L1_2, L1_0 or DO22 (002 of fcc)"},
               {0.21, 2, "L1_2, L1_0 or DO22 (002 of fcc); L1_1 (111 of fcc)"},
               {0.084, 4, "D0_3 (111 of bcc)"},
               {0.138, 3, "MoPt2 (022 of fcc)"},
               {0.18, 3, ""}};
  for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
    char text[CSRO_STRUCTURES_TEXT];
    csro_structures_of_period(texts[k].spacing, texts[k].period, text);
    if (strcmp(text, texts[k].text) != 0)
      fprintf(stderr, "%g nm, %d planes: %s\n", texts[k].spacing, texts[k].period, text);
    CHECK(strcmp(text, texts[k].text) == 0);
  }
}

static void test_density(void) {
  for (int k = 0; k < CSRO_PROTOTYPES; k++) {
    csro_structure s = make(csro_prototype_names[k], 0.38);
    double volume = a * a * 0.38, parent = strchr("bBD", csro_prototype_names[k][0]) ? 2 : 4;
    if (strcmp(csro_prototype_names[k], "DO22") == 0 ||
        strcmp(csro_prototype_names[k], "MoPt2") == 0)
      parent = 4;
    csro_sites sites;
    CHECK_OK(&context, csro_structure_ball(&context, &s, (int[3]){1, 2, 3}, (double[3]){5, 6, -7},
                                           4, &sites));
    double expected = parent / volume * 4.0 / 3 * acos(-1) * 64;
    CHECK_NEAR((double)sites.count / expected, 1, 0.01);
    double composition[3], sum = 0;
    csro_structure_composition(&s, composition);
    for (int n = 0; n < 3; n++)
      sum += composition[n];
    CHECK_NEAR(sum, 1, 1e-12);
    csro_sites_release(&sites);
    csro_structure_release(&s);
  }
}

/* Ball, box and crystal are cut from the same lattice: a ball of a box's sites is the ball. */
static void test_regions(void) {
  csro_structure s = make("L1_2", a);
  const int hkl[3] = {1, 1, 1};
  const double center[3] = {0.1, 0.2, 0.3};
  csro_sites ball, box, crystal;
  CHECK_OK(&context, csro_structure_ball(&context, &s, hkl, center, 0.9, &ball));
  CHECK_OK(&context, csro_structure_box(&context, &s, hkl, (double[3]){-1, -1, -1},
                                        (double[3]){2, 2, 2}, &box));
  int64_t next = 0;
  for (int64_t i = 0; i < box.count; i++)
    if (distance(box.site[i].r, center) <= 0.9) {
      CHECK(next < ball.count && distance(box.site[i].r, ball.site[next].r) == 0 &&
            box.site[i].sublattice == ball.site[next].sublattice);
      next++;
    }
  CHECK_EQ(next, ball.count);
  CHECK_OK(&context, csro_structure_crystal(&context, &s, hkl, (int[3]){3, 3, 3}, &crystal));
  CHECK_EQ(crystal.count, 172);
  CHECK_NEAR(crystal.site[171].r[2], 3 * a * sqrt(3), 1e-12);
  csro_sites_release(&ball);
  csro_sites_release(&box);
  csro_sites_release(&crystal);
  csro_structure_release(&s);
}

static void test_axes(void) {
  csro_structure s = make("L1_0", 0.3);
  for (int k = 1; k < 64; k++) {
    const int hkl[3] = {k & 3, k >> 2 & 3, -(k >> 4)};
    double axes[3][3];
    CHECK_OK(&context, csro_structure_axes(&context, &s, hkl, axes));
    double determinant = 0;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++)
        CHECK_NEAR(axes[i][0] * axes[j][0] + axes[i][1] * axes[j][1] + axes[i][2] * axes[j][2],
                   i == j, 1e-12);
      determinant += axes[0][i] * (axes[1][(i + 1) % 3] * axes[2][(i + 2) % 3] -
                                   axes[1][(i + 2) % 3] * axes[2][(i + 1) % 3]);
    }
    CHECK_NEAR(determinant, 1, 1e-12);
  }
  csro_structure_release(&s);
}

static void test_occupancy(void) {
  csro_structure s = make("D0_3", a); /* species 0, 1 and 2 on A, A2 and B */
  for (int step = 0; step <= 10; step++)
    for (int order = 0; order <= 2; order++) {
      double out[9], fraction = step / 10.0, mean = 0;
      csro_structure_occupancy(&s, order / 2.0, 2, fraction, out);
      for (int k = 0; k < 3; k++) {
        double sum = out[3 * k] + out[3 * k + 1] + out[3 * k + 2];
        CHECK_NEAR(sum, 1, 1e-12);
        mean += (k == 0 ? 0.5 : 0.25) * out[3 * k + 2];
        if (order == 0)
          CHECK_NEAR(out[3 * k + 2], fraction, 1e-12);
      }
      CHECK_NEAR(mean, fraction, 1e-12);
    }
  double out[9];
  csro_structure_occupancy(&s, 1, 2, 0.2, out); /* too little: from the first two, 2 to 1 */
  CHECK_NEAR(out[8], 0.8, 1e-12);
  CHECK_NEAR(out[6], 2 * out[7], 1e-12);
  CHECK_NEAR(out[2], 0, 1e-12);
  csro_structure_occupancy(&s, 0.5, -1, 0, out);
  CHECK_NEAR(out[0], 0.75, 1e-12);
  CHECK_NEAR(out[8], 0.625, 1e-12);
  csro_structure_release(&s);
}

static csro_structure cell(void) {
  csro_structure s;
  CHECK_OK(&context, csro_structure_init(&context, 2, 2, 1, &s));
  s.constant[0] = s.constant[1] = 0.4, s.constant[2] = 0.5;
  s.position[1][2] = 0.3;
  s.sublattice[1] = 1;
  s.occupancy[0] = 0.5;
  return s;
}

static void test_own_cell(void) {
  csro_structure s = cell();
  CHECK_OK(&context, csro_structure_check(&context, &s));
  csro_sites sites;
  CHECK_OK(&context,
           csro_structure_crystal(&context, &s, (int[3]){1, 0, 0}, (int[3]){1, 1, 1}, &sites));
  CHECK_EQ(sites.count, 12); /* eight corners, four edges */
  csro_sites_release(&sites);
  const csro_status bad = CSRO_ERROR_ARGUMENT;
  s.position[1][2] = 1;
  CHECK_FAILS(&context, csro_structure_check(&context, &s), bad, "coordinate 1 of site 2");
  s.position[1][2] = 0.95;
  CHECK_FAILS(&context, csro_structure_check(&context, &s), bad, "sites 1 and 2");
  s.position[1][2] = 0.3, s.sublattice[1] = 0;
  CHECK_FAILS(&context, csro_structure_check(&context, &s), bad, "has no site");
  s.sublattice[1] = 2;
  CHECK_FAILS(&context, csro_structure_check(&context, &s), bad, "sublattice 2 of 2");
  s.sublattice[1] = 1, s.occupancy[1] = 1.5;
  CHECK_FAILS(&context, csro_structure_check(&context, &s), bad, "occupancy 1.5");
  s.occupancy[1] = 0, s.constant[1] = NAN;
  CHECK_FAILS(&context, csro_structure_check(&context, &s), bad, "lattice constant");
  s.constant[1] = 0.4;
  const double center[3] = {0};
  CHECK_FAILS(&context, csro_structure_ball(&context, &s, (int[3]){0}, center, 1, &sites), bad,
              "000");
  CHECK_FAILS(&context, csro_structure_ball(&context, &s, (int[3]){1, 0, 0}, center, 1e4, &sites),
              bad, "2^24");
  CHECK_FAILS(&context, csro_structure_ball(&context, &s, (int[3]){1, 0, 0}, center, NAN, &sites),
              bad, "2^24");
  CHECK(sites.site == NULL);
  csro_structure_release(&s);
  csro_structure_release(NULL);
  csro_sites_release(NULL);
  CHECK_FAILS(&context, csro_structure_prototype(&context, 99, a, a, 1, &s), bad, "prototype 99");
}

int main(void) {
  csro_context_init(&context);
  test_neighbours();
  test_planes();
  test_periods();
  test_density();
  test_regions();
  test_axes();
  test_occupancy();
  test_own_cell();
  return check_end();
}
