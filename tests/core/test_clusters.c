/* DBSCAN in parts: random clouds cut into blocks with halos give the labels of the whole; sums of
 * domains that are added up give the measures of the whole. */
#include "check.h"
#include "csro/domains.h"
#include "random_points.h"

enum { IONS = 700, MOST_PARTS = 12 };

static csro_context context;

/* An ion's part: blocks of a random mesh, handed to the parts at random, so that parts may be
 * empty, alone, or made of several blocks. */
typedef struct division {
  int n[3], part_count;
  double lo[3], step[3];
  int owner[64];
} division;

typedef struct part {
  int count, own;
  int ion[IONS]; /* own ones first, then the halo */
  double xyz[3 * IONS];
  int64_t component[IONS], cluster_count;
  csro_ion_number key[IONS];
  csro_clusters *clusters;
} part;

static division divide(uint64_t *state, const double lo[3], const double hi[3], int part_count) {
  division d = {.part_count = part_count};
  for (int axis = 0; axis < 3; axis++) {
    d.n[axis] = 1 + (int)(cloud_uniform(state) * 4);
    d.lo[axis] = lo[axis];
    d.step[axis] = (hi[axis] - lo[axis]) / d.n[axis];
  }
  for (int i = 0; i < 64; i++)
    d.owner[i] = (int)(cloud_uniform(state) * part_count);
  return d;
}

static int owner_of(const division *d, const double *r) {
  int block = 0;
  for (int axis = 2; axis >= 0; axis--) {
    double t = floor((r[axis] - d->lo[axis]) / d->step[axis]);
    block = block * d->n[axis] + (int)fmin(fmax(t, 0), d->n[axis] - 1);
  }
  return d->owner[block];
}

static double distance(const double *a, const double *b) {
  return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
              (a[2] - b[2]) * (a[2] - b[2]));
}

static void fill_part(part *p, int number, const int *owner, const double *xyz, double eps) {
  p->count = 0;
  for (int halo = 0; halo < 2; halo++) {
    for (int i = 0; i < IONS; i++) {
      bool sees = false;
      for (int j = 0; j < IONS && halo && owner[i] != number && !sees; j++)
        sees = owner[j] == number && distance(xyz + 3 * i, xyz + 3 * j) <= 2 * eps * 1.000001;
      if (halo ? !sees : owner[i] != number)
        continue;
      memcpy(p->xyz + (ptrdiff_t)3 * p->count, xyz + (ptrdiff_t)3 * i, 3 * sizeof *xyz);
      p->ion[p->count++] = i;
    }
    if (!halo)
      p->own = p->count;
  }
}

/* Part `to` learns what part `from` has told of the ions that both hold. */
static bool learn(const part *from, const csro_ion_number *told, part *to) {
  int place[IONS];
  bool changed = false;
  for (int i = 0; i < IONS; i++)
    place[i] = -1;
  for (int i = 0; i < to->count; i++)
    place[to->ion[i]] = i;
  for (int i = 0; i < from->count; i++)
    if (place[from->ion[i]] >= 0 &&
        csro_clusters_learn(to->component[place[from->ion[i]]], told[i], to->key))
      changed = true;
  return changed;
}

/* Lets the parts that hold the same ion tell each other the key of its cluster. */
static bool agree(part *parts, int part_count) {
  static csro_ion_number told[MOST_PARTS][IONS];
  bool changed = false;
  for (int p = 0; p < part_count; p++)
    csro_clusters_tell(parts[p].count, parts[p].component, parts[p].key, told[p]);
  for (int from = 0; from < part_count; from++)
    for (int to = 0; to < part_count; to++)
      if (from != to && learn(&parts[from], told[from], &parts[to]))
        changed = true;
  return changed;
}

/* Labels of all ions from the parts, and the number of domains. */
static int64_t cluster_parts(part *parts, int part_count, const csro_ion_number *number, double eps,
                             int min_samples, int64_t *label) {
  static csro_ion_number domains[MOST_PARTS * IONS];
  int64_t cluster_count = 0;
  for (part *p = parts; p < parts + part_count; p++) {
    CHECK_OK(&context,
             csro_clusters_create(&context, &(csro_points){p->xyz, true, p->count}, eps,
                                  min_samples, p->component, &p->cluster_count, &p->clusters));
    csro_ion_number own[IONS];
    for (int i = 0; i < p->own; i++)
      own[i] = number[p->ion[i]];
    csro_clusters_first(p->own, own, p->component, p->cluster_count, p->key);
  }
  int rounds = 0;
  while (agree(parts, part_count))
    rounds++;
  CHECK(rounds <= IONS);
  for (part *p = parts; p < parts + part_count; p++)
    for (int64_t k = 0; k < p->cluster_count; k++)
      domains[cluster_count++] = p->key[k];
  const int64_t domain_count = csro_domains_number(cluster_count, domains);
  for (part *p = parts; p < parts + part_count; p++) {
    int64_t of_cluster[IONS];
    for (int64_t k = 0; k < p->cluster_count; k++) {
      of_cluster[k] = csro_domain_number(domain_count, domains, p->key[k]);
      CHECK(of_cluster[k] >= 0);
    }
    CHECK_OK(&context, csro_clusters_label(&context, p->clusters, of_cluster, p->component));
    for (int i = 0; i < p->own; i++)
      label[p->ion[i]] = p->component[i];
    csro_clusters_destroy(&p->clusters);
  }
  return domain_count;
}

/* Ions in the order of their ids, of equal ids in the order of their places. */
static void number_ions(uint64_t *state, const int *order, csro_ion_number *number) {
  int64_t id = 0;
  for (int i = 0; i < IONS; i++) {
    id += cloud_uniform(state) < 0.7;
    number[order[i]] = (csro_ion_number){id, i};
  }
}

static void check_sums(const part *parts, int part_count, const double *xyz, const int64_t *label,
                       int64_t domain_count) {
  csro_domain expected[IONS], found[IONS];
  static csro_domain_sums sums[IONS], some[IONS];
  CHECK_OK(&context, csro_domains_measure(&context, &(csro_points){xyz, true, IONS}, label,
                                          domain_count, NULL, 0, expected, NULL));
  memset(sums, 0, sizeof sums);
  for (const part *p = parts; p < parts + part_count; p++) {
    int64_t domain[IONS];
    for (int i = 0; i < p->own; i++)
      domain[i] = label[p->ion[i]];
    CHECK_OK(&context, csro_domains_sum(&context, &(csro_points){p->xyz, true, p->own}, domain,
                                        domain_count, NULL, 0, some, NULL));
    for (int64_t d = 0; d < domain_count; d++)
      csro_domain_sums_add(&sums[d], &some[d]);
  }
  csro_domains_finish(sums, domain_count, found);
  for (const part *p = parts; p < parts + part_count; p++) {
    int64_t domain[IONS];
    for (int i = 0; i < p->own; i++)
      domain[i] = label[p->ion[i]];
    csro_domains_add_reach(&(csro_points){p->xyz, true, p->own}, domain, found);
  }
  for (int64_t d = 0; d < domain_count; d++) {
    CHECK_EQ(found[d].size, expected[d].size);
    for (int axis = 0; axis < 3; axis++) {
      CHECK_NEAR(found[d].center[axis], expected[d].center[axis], 1e-9);
      CHECK(found[d].lo[axis] == expected[d].lo[axis] && found[d].hi[axis] == expected[d].hi[axis]);
      CHECK_NEAR(found[d].gyration_axes[axis], expected[d].gyration_axes[axis], 1e-9);
      CHECK_NEAR(found[d].gyration[axis], expected[d].gyration[axis], 1e-6);
      if (!isnan(found[d].reach[axis]) || !isnan(expected[d].reach[axis])) /* axes all alike */
        CHECK_NEAR(found[d].reach[axis], expected[d].reach[axis], 1e-6);
    }
  }
}

static void test_clouds(void) {
  static part parts[MOST_PARTS];
  uint64_t state = 5;
  for (int trial = 0; trial < 60; trial++) {
    double xyz[3 * IONS], size = cloud_between(&state, 0.5, 4), far = trial % 5 == 4 ? 1000 : 0;
    double lo[3], hi[3], step = trial % 3 == 0 ? 0.25 : 0; /* exact distances; ions on cuts */
    int order[IONS], owner[IONS], part_count = 1 + (int)(cloud_uniform(&state) * MOST_PARTS);
    for (int i = 0; i < 3 * IONS; i++) {
      double x = cloud_between(&state, -size, i % 3 == 2 ? 2 * size : size);
      xyz[i] = (step > 0 ? floor(x / step) * step : x) + far;
    }
    for (int axis = 0; axis < 3; axis++)
      lo[axis] = far - floor(size), hi[axis] = far + floor(size) + 1;
    for (int i = 0; i < IONS; i++) { /* a random order */
      int j = (int)(cloud_uniform(&state) * (i + 1));
      order[i] = order[j];
      order[j] = i;
    }
    double eps = step > 0 ? 0.25 * (1 + trial % 2) : cloud_between(&state, 0.1, 0.7);
    int min_samples = 1 + trial % 6;
    context.threads = 1 + trial % 2;
    division d = divide(&state, lo, hi, part_count);
    for (int i = 0; i < IONS; i++)
      owner[i] = trial % 7 == 6 ? 0 : owner_of(&d, xyz + (ptrdiff_t)3 * i);
    for (int p = 0; p < part_count; p++)
      fill_part(&parts[p], p, owner, xyz, eps);

    csro_ion_number number[IONS];
    number_ions(&state, order, number);
    double sorted[3 * IONS];
    int64_t expected[IONS], found[IONS], expected_count;
    for (int i = 0; i < IONS; i++)
      memcpy(sorted + (ptrdiff_t)3 * i, xyz + (ptrdiff_t)3 * order[i], 3 * sizeof *xyz);
    CHECK_OK(&context, csro_dbscan(&context, &(csro_points){sorted, true, IONS}, eps, min_samples,
                                   expected, &expected_count));
    CHECK_EQ(cluster_parts(parts, part_count, number, eps, min_samples, found), expected_count);
    int wrong = 0;
    for (int i = 0; i < IONS; i++)
      wrong += found[order[i]] != expected[i];
    CHECK_EQ(wrong, 0);
    check_sums(parts, part_count, xyz, found, expected_count);
  }
}

/* The steps by hand. */
static void test_agreement(void) {
  const int64_t component[5] = {1, -1, 0, 1, 0}; /* the last one is of the halo */
  const csro_ion_number number[4] = {{7, 0}, {1, 1}, {9, 2}, {7, -1}};
  csro_ion_number first[3], told[5];
  csro_clusters_first(4, number, component, 3, first);
  CHECK(first[0].id == 9 && first[1].id == 7 && first[1].place == -1);
  CHECK(first[2].id == INT64_MAX && first[2].place == INT64_MAX);
  CHECK(!csro_clusters_learn(0, number[2], first)); /* known */
  CHECK(!csro_clusters_learn(-1, number[1], first));
  CHECK(csro_clusters_learn(0, number[1], first));
  csro_clusters_tell(5, component, first, told);
  CHECK(told[0].place == -1 && told[1].id == INT64_MAX && told[4].id == 1);
  csro_ion_number list[5] = {{4, 1}, {2, 0}, {4, 0}, {2, 0}, {4, 1}};
  CHECK_EQ(csro_domains_number(5, list), 3);
  CHECK(list[0].id == 2 && list[1].place == 0 && list[2].place == 1);
  CHECK_EQ(csro_domain_number(3, list, (csro_ion_number){4, 1}), 2);
  CHECK_EQ(csro_domain_number(3, list, (csro_ion_number){3, 1}), -1);
  CHECK_EQ(csro_domains_number(0, NULL), 0);
  CHECK_EQ(csro_domain_number(0, NULL, list[0]), -1);
}

int main(void) {
  csro_context_init(&context);
  test_agreement();
  test_clouds();
  return check_end();
}
