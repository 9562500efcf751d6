/* Kinds of order: crystals of known structure are told by their species and period, what follows
 * from them is not, random alloys show none, and parts add up to the whole. */
#include "csro/kinds.h"

#include "crystal_specimen.h"
#include "csro/random.h"

static csro_context context;

enum { LABELS = 5 };

typedef struct trial {
  csro_specimen_ions made;
  csro_points points;
  csro_planes planes;
  int of_label[LABELS];
  double ions_of[LABELS];
  csro_kinds_task task;
} trial;

/* The planes and the species of the ions; hydrogen, the last label, is left out. */
static void look(double spacing, int species, trial *t) {
  t->points = (csro_points){t->made.ions.xyz, false, t->made.ions.count};
  uint16_t *label = t->made.label;
  for (int k = 0; k < LABELS; k++)
    t->of_label[k] = k >= 1 && k <= species ? k - 1 : -1;
  for (int64_t i = 0; i < t->points.count; i++) {
    label[i] = label[i] > species ? 0 : label[i];
    if (label[i] > 0)
      t->ions_of[label[i] - 1]++;
  }
  CHECK_OK(&context, csro_planes_fit(&context, &t->points, label, spacing, NULL, &t->planes));
  t->task = (csro_kinds_task){&t->planes, 0, species, LABELS - 1, t->of_label, t->ions_of};
}

static void release(trial *t) {
  csro_specimen_ions_release(&t->made);
  csro_planes_release(&t->planes);
}

/* The first kind is of this period, and alone: what the other species shows follows from it. */
static void test_structure(const char *parent, const char *name, double a, int h, int k, int l,
                           double spacing, int period) {
  trial t = {0};
  csro_order_kind_row row[CSRO_KINDS];
  int count;
  simulate_crystal(&context, parent, name, a, (int[3]){h, k, l}, spacing, 0.03, &t.made);
  look(spacing, 2, &t);
  CHECK_OK(&context, csro_kinds_find(&context, &t.task, &t.points, t.made.label, row, &count));
  CHECK_EQ(count, 6);
  if (row[0].period != period || row[1].verdict == CSRO_KIND_FOUND || row[0].evidence < 10)
    fprintf(stderr, "%s %d%d%d: period %d, evidence %g, then %g\n", name, h, k, l, row[0].period,
            row[0].evidence, row[1].further);
  CHECK(row[0].verdict == CSRO_KIND_FOUND);
  CHECK(row[1].verdict != CSRO_KIND_FOUND);
  CHECK_EQ(row[0].period, period);
  CHECK(row[0].evidence > 10);
  if (period > 2) /* else Fe fills every second plane as Al does the others */
    CHECK_EQ(row[0].species, AL);
  release(&t);
}

/* CoCrNi with order of these species; seed and copy (0: as it is) of what is drawn. */
static void make_alloy(const char *order, double density, uint64_t seed, uint64_t copy,
                       double pile_up, trial *t) {
  csro_specimen specimen;
  csro_specimen_default(&specimen);
  small_box(&specimen);
  if (order)
    CHECK_OK(&context, csro_specimen_set_order(&context, &specimen, CSRO_ORDER_PLANES, order));
  specimen.domain_density = density;
  specimen.seed = seed;
  if (pile_up > 0)
    specimen.pile_up = (csro_pile_up){pile_up, 0.25, 4, 2};
  *t = (trial){0};
  CHECK_OK(&context, csro_specimen_simulate(&context, &specimen, 0, 1, &t->made));
  int64_t n = t->made.ions.count;
  uint16_t *label = malloc((size_t)n * sizeof *label);
  csro_permutation permutation;
  csro_permutation_init(&permutation, copy, (uint64_t)n);
  for (int64_t i = 0; i < n; i++)
    label[i] = t->made.label[copy ? (int64_t)csro_permutation_at(&permutation, (uint64_t)i) : i];
  free(t->made.label);
  t->made.label = label;
  look(0.18, 3, t);
}

static void test_alloy(const char *order, int found, int first, int second) {
  trial t;
  csro_order_kind_row row[CSRO_KINDS];
  int count;
  make_alloy(order, 0.05, 3, 0, 0, &t);
  CHECK_OK(&context, csro_kinds_find(&context, &t.task, &t.points, t.made.label, row, &count));
  CHECK_EQ(count, 9);
  for (int k = 0; k < count; k++) {
    CHECK((row[k].verdict == CSRO_KIND_FOUND) == (k < found));
    CHECK(k >= found || row[k].period == 2);
  }
  CHECK(row[0].species == first || row[0].species == second);
  CHECK(found < 2 || row[0].species + row[1].species == first + second);
  release(&t);
}

/* Evidence is a Bayes factor of mean 1: e^3 comes by chance in fewer than one of twenty. */
static void test_random(void) {
  int many = 0;
  for (uint64_t seed = 1; seed <= 10; seed++) {
    trial t;
    csro_order_kind_row row[CSRO_KINDS];
    int count;
    make_alloy(NULL, seed % 2 ? 0 : 0.05, seed, seed % 2 ? 0 : seed, 0, &t);
    CHECK_OK(&context, csro_kinds_find(&context, &t.task, &t.points, t.made.label, row, &count));
    for (int k = 0; k < count; k++) {
      CHECK(row[k].verdict == CSRO_KIND_NONE);
      many += row[k].evidence > 3;
    }
    release(&t);
  }
  CHECK(many <= 5);
}

/* Neighbouring planes differ, but so do the patterns of decoys. */
static void test_pile_up(void) {
  trial t;
  csro_order_kind_row row[CSRO_KINDS];
  int count;
  make_alloy(NULL, 0, 2, 0, 1, &t);
  CHECK_OK(&context, csro_kinds_find(&context, &t.task, &t.points, t.made.label, row, &count));
  CHECK(row[0].evidence > 6);
  for (int k = 0; k < count; k++)
    CHECK(row[k].verdict == CSRO_KIND_NONE || row[k].verdict == CSRO_KIND_IN_DECOYS);
  release(&t);
}

/* The phases of a period share the planes: their patterns add up to nothing. */
static void test_phases(void) {
  trial t;
  make_alloy("Ni", 0.05, 3, 0, 0, &t);
  int64_t n = t.points.count;
  float *pattern = malloc((size_t)n * sizeof *pattern), *sum = calloc((size_t)n, sizeof *sum);
  for (int period = 2; period <= 4; period++) {
    memset(sum, 0, (size_t)n * sizeof *sum);
    for (int phase = 0; phase < period; phase++) {
      CHECK_OK(&context, csro_planes_phase(&context, &t.planes, 0, period, phase, &t.points,
                                           t.made.label, pattern));
      for (int64_t i = 0; i < n; i++) {
        CHECK(pattern[i] >= -1 && pattern[i] <= (float)(period - 1));
        sum[i] += pattern[i];
      }
    }
    for (int64_t i = 0; i < n; i++)
      CHECK(fabsf(sum[i]) < 0.01f);
  }
  CHECK_FAILS(&context,
              csro_planes_phase(&context, &t.planes, 0, 3, 3, &t.points, t.made.label, pattern),
              CSRO_ERROR_ARGUMENT, "phase 3 of a period of 3 planes");
  free(pattern);
  free(sum);
  release(&t);
}

/* No ion is ruled out, of a majority neither. */
static void test_signal(void) {
  const uint16_t label[4] = {1, 1, 1, 2};
  const float pattern[4] = {3, -1, -1, 3};
  float signal[4];
  csro_status status =
      csro_order_phase_signal(&context, label, 1, NULL, 4, pattern, 4, false, signal);
  CHECK_OK(&context, status);
  CHECK_NEAR(signal[0], CSRO_ORDER_STRENGTH / 3, 1e-6);
  CHECK_NEAR(signal[1], -CSRO_ORDER_STRENGTH / 9, 1e-6);
  CHECK_NEAR(signal[3], -CSRO_ORDER_STRENGTH, 1e-6);
}

static void test_parts(void) {
  trial t;
  csro_order_kind_row whole[CSRO_KINDS], row[CSRO_KINDS];
  int count;
  make_alloy("Ni 1, Cr 1", 0.05, 7, 0, 0, &t);
  CHECK_OK(&context, csro_kinds_find(&context, &t.task, &t.points, t.made.label, whole, &count));
  csro_kinds *part[3];
  const double cuts[] = {-INFINITY, -6.3, -6, INFINITY};
  for (int p = 0; p < 3; p++) {
    csro_order_part box = {.lo = {-INFINITY, -INFINITY, cuts[p]},
                           .hi = {INFINITY, INFINITY, cuts[p + 1]}};
    memcpy(box.bounds, t.planes.bounds, sizeof box.bounds);
    CHECK_OK(&context,
             csro_kinds_create(&context, &t.task, &t.points, t.made.label, &box, &part[p]));
  }
  int64_t sums = csro_kinds_sums(part[0]);
  int64_t *all = malloc((size_t)sums * sizeof *all), *one = malloc((size_t)sums * sizeof *one);
  for (bool again = true; again;) {
    memset(all, 0, (size_t)sums * sizeof *all);
    for (int p = 0; p < 3; p++) {
      csro_kinds_sum(part[p], one);
      for (int64_t k = 0; k < sums; k++)
        all[k] += one[k];
    }
    for (int p = 0; p < 3; p++)
      csro_kinds_decide(part[p], all, &again);
  }
  for (int p = 0; p < 3; p++) {
    CHECK_EQ(csro_kinds_list(part[p], row), count);
    for (int k = 0; k < count; k++)
      CHECK(row[k].species == whole[k].species && row[k].period == whole[k].period &&
            row[k].evidence == whole[k].evidence && row[k].further == whole[k].further &&
            row[k].share == whole[k].share && row[k].verdict == whole[k].verdict);
    csro_kinds_destroy(&part[p]);
    CHECK(part[p] == NULL);
  }
  free(all);
  free(one);
  t.task.species = 0;
  CHECK_FAILS(&context, csro_kinds_find(&context, &t.task, &t.points, t.made.label, row, &count),
              CSRO_ERROR_ARGUMENT, "expected 1 to 16");
  release(&t);
}

int main(void) {
  csro_context_init(&context);
  context.threads = 2;
  test_structure("fcc", "L1_2", 0.36, 0, 0, 2, 0.18, 2);
  test_structure("fcc", "L1_0", 0.36, 0, 0, 2, 0.18, 2);
  test_structure("fcc", "L1_1", 0.36, 1, 1, 1, 0.36 / sqrt(3), 2);
  test_structure("bcc", "B2", 0.29, 0, 0, 2, 0.145, 2);
  test_structure("bcc", "D0_3", 0.29, 1, 1, 1, 0.29 / sqrt(12), 4);
  test_structure("fcc", "MoPt2", 0.36, 2, 2, 0, 0.36 / sqrt(8), 3);
  test_alloy("Cr", 1, 1, 1);
  test_alloy("Ni 1, Cr 1", 2, 1, 2);
  test_random();
  test_pile_up();
  test_phases();
  test_signal();
  test_parts();
  return check_end();
}
