/* Detection against truth: voxels and reports, each counted directly. */
#include "csro/detection.h"
#include "csro/random.h"

#include "check.h"

static csro_context context;
static const double edges[] = {0.7, 1.0, 1.3, 1.6, 2.0};
static const csro_size_classes classes = {5, edges};

enum { CLASSES = 6, DOMAINS = 40 };

static void make_domains(uint64_t seed, csro_true_domain *domains) {
  csro_random random;
  csro_random_init(&random, seed, 0);
  for (int d = 0; d < DOMAINS; d++) {
    domains[d] = (csro_true_domain){0};
    for (int axis = 0; axis < 3; axis++)
      domains[d].center[axis] = 10 * csro_random_uniform(&random) - 5;
    domains[d].diameter = 0.5 + 2 * csro_random_uniform(&random);
  }
}

static void test_size_class(void) {
  CHECK_EQ(csro_size_class(&classes, 0), 0);
  CHECK_EQ(csro_size_class(&classes, 0.7), 1);
  CHECK_EQ(csro_size_class(&classes, 1.29), 2);
  CHECK_EQ(csro_size_class(&classes, 2.0), 5);
  const csro_size_classes one = {0, NULL};
  CHECK_EQ(csro_size_class(&one, 3), 0);
}

static csro_grid make_grid(void) {
  const double box[6] = {-4, 4, -3, 4, -4, 3};
  csro_grid grid;
  CHECK_OK(&context, csro_grid_init(&context, box, 1, 0.5, 0.75, &grid));
  return grid;
}

/* What voxel (i, j, k) is, over all domains. */
static int32_t true_voxel(const csro_grid *grid, const int64_t v[3],
                          const csro_true_domain *domains, double margin) {
  int32_t found = CSRO_VOXEL_OUTSIDE;
  for (int d = DOMAINS - 1; d >= 0; d--) {
    double r[3];
    for (int axis = 0; axis < 3; axis++)
      r[axis] = grid->origin[axis] + grid->edge / 2 + grid->stride * (double)v[axis] -
                domains[d].center[axis];
    double depth = sqrt(r[0] * r[0] + r[1] * r[1] + r[2] * r[2]) - domains[d].diameter / 2;
    if (depth <= 0)
      found = d;
    else if (depth <= margin && found < 0)
      found = CSRO_VOXEL_BETWEEN;
  }
  return found;
}

static void test_voxels(double margin) {
  csro_true_domain domains[DOMAINS];
  make_domains(1, domains);
  domains[7].center[0] = NAN; /* is nowhere */
  csro_grid grid = make_grid();
  int64_t voxels = grid.n[0] * grid.n[1] * grid.n[2], kinds[3] = {0}, wrong = 0;
  int32_t *truth = malloc((size_t)voxels * sizeof *truth);
  CHECK_OK(&context, csro_voxel_truth(&context, &grid, DOMAINS, domains, margin, truth));
  int64_t v[3], at = 0;
  for (v[2] = 0; v[2] < grid.n[2]; v[2]++)
    for (v[1] = 0; v[1] < grid.n[1]; v[1]++)
      for (v[0] = 0; v[0] < grid.n[0]; v[0]++, at++) {
        wrong += truth[at] != true_voxel(&grid, v, domains, margin);
        kinds[truth[at] >= 0 ? 2 : truth[at] + 2]++;
      }
  CHECK_EQ(wrong, 0);
  CHECK(kinds[1] > 0 && kinds[2] > 0 && (kinds[0] > 0) == (margin > 0));
  CHECK_FAILS(&context, csro_voxel_truth(&context, &grid, DOMAINS, domains, NAN, truth),
              CSRO_ERROR_ARGUMENT, "margin");
  free(truth);
}

static int cancel(void *user, double fraction) {
  (void)user;
  (void)fraction;
  return 1;
}

/* The area is the share of pairs in which the voxel of the class scores higher. */
static void test_voxel_roc(void) {
  enum { COUNT = 600 };
  csro_true_domain domains[DOMAINS];
  make_domains(2, domains);
  int32_t truth[COUNT];
  float score[COUNT];
  csro_random random;
  csro_random_init(&random, 3, 0);
  for (int v = 0; v < COUNT; v++) {
    truth[v] = (int32_t)csro_random_below(&random, 2 * DOMAINS) - DOMAINS;
    truth[v] = truth[v] < -2 ? -1 : truth[v];
    score[v] = v % 11 == 0 ? NAN : (float)csro_random_below(&random, 20) + (float)(truth[v] >= 0);
  }
  for (int k = -1; k < CLASSES; k++) {
    csro_roc roc;
    CHECK_OK(&context, csro_voxel_roc(&context, COUNT, score, truth, domains, &classes, k, &roc));
    double wins = 0, pairs = 0;
    for (int i = 0; i < COUNT; i++)
      for (int j = 0; j < COUNT; j++) {
        if (truth[i] < 0 || truth[j] != CSRO_VOXEL_OUTSIDE || isnan(score[i]) || isnan(score[j]))
          continue;
        if (k >= 0 && k != csro_size_class(&classes, domains[truth[i]].diameter))
          continue;
        wins += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
        pairs++;
      }
    CHECK(pairs > 0);
    int64_t positives = 0;
    for (int i = 0; i < COUNT; i++)
      positives += truth[i] >= 0 && !isnan(score[i]) &&
                   (k < 0 || k == csro_size_class(&classes, domains[truth[i]].diameter));
    CHECK_EQ(csro_voxel_positives(COUNT, score, truth, domains, &classes, k), positives);
    CHECK_NEAR(roc.area, wins / pairs, 1e-14);
    csro_roc_release(&roc);
  }
  context.progress = cancel;
  csro_roc roc;
  CHECK_FAILS(&context, csro_voxel_roc(&context, COUNT, score, truth, domains, &classes, -1, &roc),
              CSRO_CANCELLED, "cancelled");
  CHECK(roc.threshold == NULL && roc.count == 0);
  context.progress = NULL;
}

enum { IONS = 900, REPORTS = 60 };

typedef struct reported {
  int64_t report[IONS], truth[IONS];
  double value[REPORTS];
  csro_true_domain domains[DOMAINS];
} reported;

/* Reports of all qualities: ions of report r belong to few true domains, more often for small r. */
static void make_reports(uint64_t seed, reported *r) {
  csro_random random;
  csro_random_init(&random, seed, 0);
  make_domains(seed, r->domains);
  for (int i = 0; i < IONS; i++) {
    r->report[i] = (int64_t)csro_random_below(&random, REPORTS + 5) - 5;
    r->report[i] = r->report[i] == 13 ? 14 : r->report[i]; /* 13 has no ions: no report */
    bool ordered = (int64_t)csro_random_below(&random, REPORTS) > r->report[i];
    r->truth[i] = ordered ? (r->report[i] + (int64_t)csro_random_below(&random, 4) + 5) % DOMAINS
                          : -1 - 2 * (int64_t)csro_random_below(&random, 2);
    if (i % 9 == 0)
      r->truth[i] = CSRO_TRUTH_UNKNOWN;
  }
  for (int k = 0; k < REPORTS; k++)
    r->value[k] = k % 17 == 0 ? NAN : (double)csro_random_below(&random, 12) / 11;
}

static bool is_taken(const reported *r, int report, double threshold) {
  return isnan(threshold) || r->value[report] >= threshold;
}

/* Ions of a report, those of true domains, and those of one true domain. */
static void count_ions(const reported *r, int report, int domain, int counts[3]) {
  counts[0] = counts[1] = counts[2] = 0;
  for (int i = 0; i < IONS; i++)
    if (r->report[i] == report) {
      counts[0]++;
      counts[1] += r->truth[i] >= 0 || r->truth[i] == CSRO_TRUTH_UNKNOWN;
      counts[2] += r->truth[i] == domain;
    }
}

static void check_row(const reported *r, const csro_detection *d, int64_t row) {
  int64_t reports = 0, wrong = 0, recalled[CLASSES] = {0};
  int counts[3];
  for (int k = 0; k < REPORTS; k++) {
    count_ions(r, k, 0, counts);
    bool taken = counts[0] > 0 && is_taken(r, k, d->value[row]);
    reports += taken;
    wrong += taken && 2 * counts[1] < counts[0];
  }
  for (int t = 0; t < DOMAINS; t++) {
    bool found = false;
    for (int k = 0; k < REPORTS && !found; k++) {
      count_ions(r, k, t, counts);
      found = is_taken(r, k, d->value[row]) && 2 * counts[1] >= counts[0] && counts[2] >= 3;
    }
    recalled[csro_size_class(&classes, r->domains[t].diameter)] += found;
  }
  CHECK_EQ(d->reports[row], reports);
  CHECK_EQ(d->wrong[row], wrong);
  for (int k = 0; k < CLASSES; k++)
    CHECK_EQ(d->recalled[row * CLASSES + k], recalled[k]);
}

static csro_detection detect(const reported *r, const double *value) {
  csro_detection d;
  CHECK_OK(&context, csro_detection_init(&context, IONS, r->report, r->truth, REPORTS, value,
                                         DOMAINS, r->domains, &classes, &d));
  return d;
}

static void test_detection(uint64_t seed) {
  static reported r;
  make_reports(seed, &r);
  csro_detection d = detect(&r, r.value);
  CHECK_EQ(d.rows, 1 + 12 + 1); /* none, twelve values, those without */
  CHECK(d.reports[0] == 0 && isinf(d.value[0]) && isnan(d.value[d.rows - 1]));
  CHECK_EQ(d.reports[d.rows - 1], REPORTS - 1);
  CHECK(d.wrong[d.rows - 1] > 5 && d.wrong[d.rows - 1] < REPORTS - 5);
  for (int64_t row = 0; row < d.rows; row++) {
    check_row(&r, &d, row);
    CHECK(row < 2 || row == d.rows - 1 || d.value[row] < d.value[row - 1]);
  }
  int64_t domains[CLASSES] = {0}, last = 0;
  for (int t = 0; t < DOMAINS; t++)
    domains[csro_size_class(&classes, r.domains[t].diameter)]++;
  CHECK(memcmp(domains, d.domains, sizeof domains) == 0);
  for (int64_t row = 0; row < d.rows; row++)
    if ((double)d.wrong[row] <= 0.3 * (double)d.reports[row])
      last = row;
  CHECK_EQ(csro_detection_row(&d, 0.3), last);
  CHECK_EQ(csro_detection_row(&d, 1), d.rows - 1);

  /* Without values there is one row more than none, the same as the last one with them. */
  csro_detection all = detect(&r, NULL);
  CHECK_EQ(all.rows, 2);
  CHECK(all.reports[1] == d.reports[d.rows - 1] && all.wrong[1] == d.wrong[d.rows - 1]);
  CHECK(memcmp(all.recalled + CLASSES, d.recalled + (d.rows - 1) * CLASSES,
               CLASSES * sizeof *d.recalled) == 0);
  csro_detection_release(&all);

  /* The order of the ions does not matter. */
  for (int i = 0; i < IONS / 2; i++) {
    int64_t report = r.report[i], truth = r.truth[i];
    r.report[i] = r.report[IONS - 1 - i], r.truth[i] = r.truth[IONS - 1 - i];
    r.report[IONS - 1 - i] = report, r.truth[IONS - 1 - i] = truth;
  }
  csro_detection turned = detect(&r, r.value);
  CHECK_EQ(turned.rows, d.rows);
  CHECK(memcmp(turned.wrong, d.wrong, (size_t)d.rows * sizeof *d.wrong) == 0);
  CHECK(memcmp(turned.recalled, d.recalled, (size_t)d.rows * CLASSES * sizeof *d.recalled) == 0);
  csro_detection_release(&turned);
  csro_detection_release(&d);
}

static void test_rates(void) {
  int64_t reports[] = {0, 4}, wrong[] = {0, 1}, recalled[] = {0, 0, 0, 3, 0, 1};
  int64_t domains[] = {5, 0, 3};
  double value[] = {INFINITY, 0.5};
  const csro_detection d = {2, 3, value, reports, wrong, recalled, domains};
  CHECK_EQ(csro_detection_domains(&d, -1), 8);
  CHECK_EQ(csro_detection_domains(&d, 2), 3);
  CHECK_NEAR(csro_detection_recall(&d, 1, -1), 0.5, 0);
  CHECK_NEAR(csro_detection_recall(&d, 1, 0), 0.6, 1e-15);
  CHECK(isnan(csro_detection_recall(&d, 1, 1)));
  CHECK_NEAR(csro_detection_recall(&d, 1, 2), 1 / 3.0, 0);
  CHECK_NEAR(csro_detection_recall(&d, 0, 0), 0, 0);
  CHECK_NEAR(csro_detection_fdr(&d, 1), 0.25, 0);
  CHECK_NEAR(csro_detection_precision(&d, 1), 0.75, 0);
  CHECK(isnan(csro_detection_fdr(&d, 0)) && isnan(csro_detection_precision(&d, 0)));
}

/* The definitions at their limits: half of the ions is enough, and so are three. */
static void test_limits(void) {
  const int64_t report[] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2};
  const int64_t truth[] = {0, 0, 0, -1, -1, -1, 1, 1, -1, 2, 2, 2, -1, -1, -1, -1};
  const csro_true_domain domains[3] = {{.diameter = 1}, {.diameter = 1}, {.diameter = 1}};
  const csro_size_classes one = {0, NULL};
  csro_detection d;
  CHECK_OK(&context,
           csro_detection_init(&context, 16, report, truth, 0, NULL, 3, domains, &one, &d));
  CHECK_EQ(d.reports[1], 3);
  CHECK_EQ(d.wrong[1], 1);
  CHECK_EQ(d.recalled[1], 1);
  csro_detection_release(&d);
  CHECK_OK(&context, csro_detection_init(&context, 0, NULL, NULL, 0, NULL, 0, NULL, &one, &d));
  CHECK(d.rows == 1 && d.reports[0] == 0 && csro_detection_row(&d, 0.1) == 0);
  csro_detection_release(&d);
  CHECK_FAILS(&context,
              csro_detection_init(&context, 16, report, truth, 0, NULL, 2, domains, &one, &d),
              CSRO_ERROR_DATA, "ion 9 belongs to true domain 2, the table has 2");
  CHECK(d.value == NULL && d.domains == NULL && d.rows == 0);
  const double value[] = {1, 1};
  CHECK_FAILS(&context,
              csro_detection_init(&context, 16, report, truth, 2, value, 3, domains, &one, &d),
              CSRO_ERROR_DATA, "reported domain 2, 2 have a rank value");
}

/* Voxels of a plate across z: inside, within the margin, and outside. */
static void test_plate(void) {
  csro_grid grid = make_grid();
  int64_t voxels = grid.n[0] * grid.n[1] * grid.n[2];
  int32_t *truth = malloc((size_t)voxels * sizeof *truth);
  /* Half-axes of 2 and 0.4 nm: the ball of the same volume has a diameter of 2.34 nm. */
  const csro_true_domain plate = {
      .diameter = 4 * cbrt(0.2), .flattening = 0.8, .normal = {0, 0, 1}};
  CHECK_OK(&context, csro_voxel_truth(&context, &grid, 1, &plate, 0.5, truth));
  const struct {
    double r[3];
    int32_t truth;
  } expected[] = {{{1.5, 0, 0}, 0},
                  {{0, -1.5, 0}, 0},
                  {{0, 0, 0.5}, CSRO_VOXEL_BETWEEN},
                  {{0, 0, 1}, CSRO_VOXEL_OUTSIDE},
                  {{2.5, 0, 0}, CSRO_VOXEL_BETWEEN},
                  {{3, 0, 0}, CSRO_VOXEL_OUTSIDE}};
  for (int k = 0; k < 6; k++) {
    int64_t voxel = csro_grid_voxel_at(&grid, expected[k].r);
    CHECK(voxel >= 0);
    if (voxel >= 0)
      CHECK_EQ(truth[voxel], expected[k].truth);
  }
  free(truth);
}

int main(void) {
  csro_context_init(&context);
  test_size_class();
  test_voxels(0.75);
  test_voxels(0);
  test_voxel_roc();
  test_detection(4);
  test_detection(5);
  test_rates();
  test_plate();
  test_limits();
  return check_end();
}
