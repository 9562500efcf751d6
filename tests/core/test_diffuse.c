/* Diffuse intensity: perfect crystals, the sum rule, direct sums, errors, planes. */
#include "check.h"
#include "csro/diffuse.h"
#include "csro/random.h"

static csro_context context;
static const char *const names[3] = {"A", "B", "C"};

/* The prototype of this name with B on one sublattice and A on the others. */
static void make_crystal(const char *prototype, const char *sublattice, const int cells[3],
                         csro_lattice *lattice) {
  int p = 0;
  while (strcmp(csro_prototype_names[p], prototype) != 0)
    p++;
  csro_structure s;
  CHECK_OK(&context, csro_structure_prototype(&context, p, 0.36, 0.36, 2, &s));
  for (int k = 0; k < s.sublattice_count; k++)
    s.occupancy[2 * k + (strcmp(s.sublattices[k], sublattice) == 0)] = 1;
  CHECK_OK(&context, csro_lattice_of_structure(&context, &s, names, cells, 1, lattice));
  csro_structure_release(&s);
}

static void make_mixture(int prototype, const int cells[3], uint64_t seed, csro_lattice *lattice) {
  csro_structure s;
  CHECK_OK(&context, csro_structure_prototype(&context, prototype, 0.36, 0.36, 3, &s));
  s.occupancy[0] = 0.5, s.occupancy[1] = 0.3, s.occupancy[2] = 0.2;
  CHECK_OK(&context, csro_lattice_of_structure(&context, &s, names, cells, seed, lattice));
  csro_structure_release(&s);
}

typedef struct crystal {
  const char *prototype;
  int count; /* of different maxima of a pair */
  const char *points[2];
  int equivalents[2]; /* on the grid, which is two zones of fcc and four of bcc */
  const char *structure;
} crystal;

/* A perfect crystal has all its intensity at the points that are known for it. */
static void test_crystal(const crystal *c) {
  const int size = strcmp(c->prototype, "MoPt2") == 0 ? 6 : 4;
  csro_lattice lattice;
  csro_diffuse d;
  make_crystal(c->prototype, "B", (int[3]){size, size, size}, &lattice);
  CHECK_OK(&context, csro_diffuse_init(&context, &lattice, false, &d));
  CHECK_OK(&context, csro_diffuse_add(&context, &lattice, &d));
  csro_diffuse_maximum *m;
  int count;
  CHECK_OK(&context, csro_diffuse_maxima(&context, &d, 10, 0.01, &count, &m));
  CHECK_EQ(count, 3 * c->count);
  double inside = 0, all = 0;
  for (int k = 0; k < count; k++) {
    int at = -1;
    for (int i = 0; i < c->count; i++)
      at = strcmp(m[k].point, c->points[i]) == 0 ? i : at;
    if (at < 0) {
      fprintf(stderr, "%s: maximum at %s\n", c->prototype, m[k].point);
      check_failures++;
      continue;
    }
    CHECK_NEAR(m[k].distance, 0, 1e-9);
    CHECK_EQ(m[k].equivalents, c->equivalents[at]);
    CHECK(strstr(m[k].structures, c->structure) != NULL);
    CHECK(isnan(m[k].error) && m[k].intensity > 0);
    if (m[k].pair == 1)
      inside += m[k].intensity * m[k].equivalents;
  }
  const int64_t points = csro_diffuse_points(&d);
  for (int64_t i = 0; i < points; i++)
    all += d.alpha[points + i]; /* A-B */
  CHECK_NEAR(inside / (double)points, 1, 1e-10);
  CHECK_NEAR(all / (double)points, 1, 1e-10);
  free(m);
  csro_diffuse_release(&d);
  csro_lattice_release(&lattice);
}

/* The mean over the zone is alpha(r = 0). */
static void check_sum_rule(const csro_diffuse *d) {
  const int64_t points = csro_diffuse_points(d);
  for (int pair = 0; pair < csro_diffuse_pairs(d); pair++) {
    int i, j;
    double sum = 0;
    csro_diffuse_pair(d, pair, &i, &j);
    for (int64_t k = 0; k < points; k++)
      sum += d->alpha[pair * points + k];
    CHECK_NEAR(sum / (double)points, i == j ? 1 - 1 / d->fractions[i] : 1, 1e-10);
  }
}

/* alpha(q) of two species by its definition: over all pairs of sites. */
static double direct(const csro_lattice *l, int a, int b, const double q[3], const double c[3]) {
  const double pi = acos(-1);
  const int64_t sites = csro_lattice_site_count(l);
  double sum = 0;
  for (int64_t i = 0; i < sites; i++)
    for (int64_t j = 0; j < sites; j++) {
      double r[3], s[3], turns = 0;
      csro_lattice_position(l, i, r);
      csro_lattice_position(l, j, s);
      for (int axis = 0; axis < 3; axis++)
        turns += q[axis] * (s[axis] - r[axis]) / l->edge[axis];
      const double both = (l->species[i] == a) * (double)(l->species[j] == b);
      sum += (1 - both / (c[a] * c[b])) * cos(2 * pi * turns); /* all j: all r from i */
    }
  return sum / (double)sites;
}

/* Also on cells of odd sizes and primes, for which no factor is small. */
static void test_direct(int prototype, const int cells[3]) {
  csro_lattice lattice;
  csro_diffuse d;
  make_mixture(prototype, cells, 3, &lattice);
  CHECK_OK(&context, csro_diffuse_init(&context, &lattice, false, &d));
  CHECK_OK(&context, csro_diffuse_add(&context, &lattice, &d));
  check_sum_rule(&d);
  for (int axis = 0; axis < 3; axis++)
    CHECK_EQ(d.points[axis], 2 * cells[axis]);
  const int64_t points = csro_diffuse_points(&d);
  csro_random random;
  csro_random_init(&random, 5, 0);
  for (int k = 0; k < 12; k++) {
    const int64_t at = (int64_t)csro_random_below(&random, (uint64_t)points);
    const int pair = k % csro_diffuse_pairs(&d);
    const double q[3] = {(double)(at % d.points[0]) / cells[0],
                         (double)(at / d.points[0] % d.points[1]) / cells[1],
                         (double)(at / d.points[0] / d.points[1]) / cells[2]};
    int i, j;
    csro_diffuse_pair(&d, pair, &i, &j);
    CHECK_NEAR(d.alpha[pair * points + at], direct(&lattice, i, j, q, d.fractions), 1e-12);
  }
  csro_diffuse_release(&d);
  csro_lattice_release(&lattice);
}

static void test_random(void) {
  enum { COUNT = 8 };
  csro_lattice lattice;
  csro_diffuse d;
  double sum = 0, above = 0;
  for (int k = 0; k < COUNT; k++) {
    make_mixture(0, (int[3]){5, 6, 7}, (uint64_t)k, &lattice);
    if (k == 0)
      CHECK_OK(&context, csro_diffuse_init(&context, &lattice, false, &d));
    CHECK_OK(&context, csro_diffuse_add(&context, &lattice, &d));
    context.threads = 1 + k % 3;
    csro_lattice_release(&lattice);
  }
  check_sum_rule(&d);
  const int64_t points = csro_diffuse_points(&d);
  for (int64_t i = 0; i < points; i++) { /* A-B: 1 at every q but those of whole waves */
    const double error = csro_diffuse_error(&d, 1, i);
    sum += error;
    above += fabs(d.alpha[points + i] - 1) > 3 * error;
  }
  /* intensities are spread by about themselves, and t with 7 degrees of freedom */
  CHECK_NEAR(sum / (double)points * sqrt(COUNT), 1, 0.3);
  CHECK(above / (double)points < 0.12);
  make_crystal("L1_2", "B", (int[3]){5, 6, 7}, &lattice);
  CHECK_FAILS(&context, csro_diffuse_add(&context, &lattice, &d), CSRO_ERROR_ARGUMENT,
              "configurations of different cells, sites or species");
  csro_lattice_release(&lattice);
  csro_diffuse_release(&d);
  make_crystal("L1_2", "Z", (int[3]){2, 2, 2}, &lattice);
  CHECK_FAILS(&context, csro_diffuse_init(&context, &lattice, false, &d), CSRO_ERROR_ARGUMENT,
              "1 species on the lattice, expected two or more");
  csro_lattice_release(&lattice);
}

/* Equivalent wave vectors have the same value, which is the mean of what they had; a tetragonal box
 * has fewer of them. */
static void test_symmetry(void) {
  for (int kind = 0; kind < 3; kind++) {
    const int cells[3] = {4, 4, kind == 2 ? 6 : 4};
    csro_lattice lattice;
    csro_diffuse plain, d;
    make_mixture(kind == 1, cells, 7, &lattice);
    CHECK_OK(&context, csro_diffuse_init(&context, &lattice, false, &plain));
    CHECK_OK(&context, csro_diffuse_add(&context, &lattice, &plain));
    CHECK_OK(&context, csro_diffuse_init(&context, &lattice, true, &d));
    CHECK_OK(&context, csro_diffuse_add(&context, &lattice, &d));
    check_sum_rule(&d);
    const int order[6][3] = {{0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}};
    const int at[3] = {1, 2, 3}, *n = d.points;
    double mean = 0;
    for (int k = 0; k < 48; k++) {
      const int *o = order[k / 8];
      int to[3];
      for (int axis = 0; axis < 3; axis++)
        to[axis] = k >> axis & 1 ? n[axis] - at[o[axis]] : at[o[axis]];
      const int64_t point = ((int64_t)to[2] * n[1] + to[1]) * n[0] + to[0];
      const bool same = kind < 2 || o[2] == 2;
      mean += same ? plain.alpha[point] / (kind < 2 ? 48 : 16) : 0;
      if (same)
        CHECK_NEAR(d.alpha[point], d.alpha[(3 * n[1] + 2) * n[0] + 1], 1e-12);
      else
        CHECK(fabs(d.alpha[point] - d.alpha[(3 * n[1] + 2) * n[0] + 1]) > 1e-6);
    }
    CHECK_NEAR(d.alpha[(3 * n[1] + 2) * n[0] + 1], mean, 1e-12);
    csro_diffuse_release(&plain);
    csro_diffuse_release(&d);
    csro_lattice_release(&lattice);
  }
}

/* The planes of a perfect L1_1 and L1_2: their peaks where they are. */
static void test_planes(void) {
  csro_lattice lattice;
  csro_diffuse d;
  csro_diffuse_plane plane;
  for (int k = 0; k < 2; k++) {
    make_crystal(k ? "L1_1" : "L1_2", "B", (int[3]){4, 4, 4}, &lattice);
    CHECK_OK(&context, csro_diffuse_init(&context, &lattice, false, &d));
    CHECK_OK(&context, csro_diffuse_add(&context, &lattice, &d));
    const double *alpha = d.alpha + csro_diffuse_points(&d);
    const double through[3] = {0.5, 0.5, k ? 0.5 : 0};
    csro_diffuse_plane_init(d.lattice.cells, d.zones, k ? CSRO_PLANE_111 : CSRO_PLANE_001, through,
                            &plane);
    int peaks = 0;
    for (int j = 0; j < plane.n[1]; j++)
      for (int i = 0; i < plane.n[0]; i++) {
        const double value = csro_diffuse_plane_value(&d, &plane, i, j, alpha);
        const double u = plane.first[0] + i * plane.step[0], v = plane.first[1] + j * plane.step[1];
        peaks += value > 50;
        if (k == 0) /* (1 0 0), (1 1 0) and what repeats of them */
          CHECK((value > 50) == ((i % 4 == 0 && j % 4 == 0) && (i % 8 != 0 || j % 8 != 0)));
        else if (value > 200) /* (1/2 1/2 1/2) is in the middle */
          CHECK(fabs(u) < 1e-9 ? fabs(v) < 1e-9 || fabs(v) > 1 : fabs(u) > 1);
      }
    CHECK(peaks > 0);
    csro_diffuse_release(&d);
    csro_lattice_release(&lattice);
  }
}

int main(void) {
  csro_context_init(&context);
  static const crystal crystals[] = {{"L1_2", 1, {"X (1 0 0)"}, {6}, "L1_2"},
                                     {"L1_0", 1, {"X (1 0 0)"}, {2}, "L1_0"},
                                     {"L1_1", 1, {"L (1/2 1/2 1/2)"}, {2}, "L1_1"},
                                     {"DO22", 2, {"X (1 0 0)", "W (1 1/2 0)"}, {2, 4}, "DO22"},
                                     {"MoPt2", 1, {"(2/3 2/3 0)"}, {4}, "MoPt2"},
                                     {"B2", 1, {"H (1 0 0)"}, {4}, "B2"},
                                     {"D0_3", 2, {"H (1 0 0)", "P (1/2 1/2 1/2)"}, {4, 8}, "D0_3"}};
  for (size_t k = 0; k < sizeof crystals / sizeof *crystals; k++)
    test_crystal(&crystals[k]);
  test_direct(0, (int[3]){3, 2, 4});
  test_direct(1, (int[3]){5, 7, 1});
  test_random();
  test_symmetry();
  test_planes();
  return check_end();
}
