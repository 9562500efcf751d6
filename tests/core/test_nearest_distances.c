/* Distances of nearest neighbours against brute force and the law of ions at random. */
#include "csro/nearest_distances.h"
#include "neighbour_trial.h"

static csro_context context;

enum { IONS = 700, MEMBERS = 4, PAIRS = 3, NEIGHBOURS = 6, BINS = 30 };
static const csro_group_pair pairs[PAIRS] = {{1, 1}, {1, 2}, {2, 0}};

static void measure_slowly(const trial *t, double reach, csro_nearest_distances *out) {
  int64_t *near = calloc((size_t)t->count, sizeof *near);
  memset(out->sums, 0, (size_t)out->size * sizeof *out->sums);
  for (int64_t i = 0; i < t->count; i++) {
    const int64_t found = sort_near(t, i, reach, near);
    for (int pair = 0; pair < PAIRS; pair++)
      for (int m = 0; m < t->members; m++) {
        if (t->group[i * t->members + m] != pairs[pair].from)
          continue;
        int k = 0;
        for (int64_t n = 0; n < found && k < NEIGHBOURS; n++) {
          if (t->group[near[n] * t->members + m] != pairs[pair].to)
            continue;
          const double d = sqrt(distance2(t, i, near[n]));
          const int64_t at = ((int64_t)pair * t->members + m) * NEIGHBOURS + k++;
          out->count[at]++;
          out->distance[at] += llround(d * 1e9);
          out->histogram[at * BINS + (int)fmin(d * BINS / reach, BINS - 1)]++;
        }
      }
  }
  free(near);
}

static void check_equal(const csro_nearest_distances *found,
                        const csro_nearest_distances *expected) {
  for (int64_t k = 0; k < found->size; k++)
    if (found->sums[k] != expected->sums[k]) {
      CHECK_EQ(k, -1);
      return;
    }
}

static void check_brute_force(double reach) {
  trial t = make_trial(IONS, MEMBERS);
  const csro_labelled_ions ions = labelled(&t);
  const csro_nearest_options options = {PAIRS, pairs, NEIGHBOURS, reach, BINS};
  csro_nearest_distances found, expected;
  CHECK_OK(&context, csro_nearest_distances_make(&context, &ions, &options, &expected));
  measure_slowly(&t, reach, &expected);
  for (int threads = 1; threads <= 3; threads++) {
    context.threads = threads;
    CHECK_OK(&context, csro_nearest_distances_make(&context, &ions, &options, &found));
    check_equal(&found, &expected);
    csro_nearest_distances_release(&found);
  }
  csro_nearest_distances_release(&expected);
  free_trial(&t);
}

/* Ions at random have the mean distances and histograms that the formulas say. */
static void check_random(void) {
  enum { MANY = 20000 };
  const double edge = 10, reach = 2, density = MANY / (edge * edge * edge);
  uint64_t state = 3;
  double(*xyz)[3] = calloc(MANY, sizeof *xyz);
  uint8_t *group = calloc(MANY, 1), *part = calloc(MANY, 1);
  int64_t *number = calloc(MANY, sizeof *number);
  for (int64_t i = 0; i < MANY; i++) {
    number[i] = i;
    for (int axis = 0; axis < 3; axis++)
      xyz[i][axis] = cloud_between(&state, 0, edge);
    for (int axis = 0; axis < 3; axis++) /* those at the surface are only neighbours */
      if (xyz[i][axis] < 1 || xyz[i][axis] > edge - 1)
        part[i] = CSRO_IMAGE;
  }
  const csro_labelled_ions ions = {{xyz, true, MANY}, MANY, number, part, 1, 1, 1, group};
  const csro_group_pair all = {0, 0};
  const csro_nearest_options options = {1, &all, 10, reach, 200};
  csro_nearest_distances found;
  CHECK_OK(&context, csro_nearest_distances_make(&context, &ions, &options, &found));
  CHECK_NEAR(csro_nearest_density(&found, reach, 0, 10), density, 0.03 * density);
  for (int k = 1; k <= 10; k++) {
    double sum = 0, largest = 0;
    const double mean = csro_nearest_random_mean(density, k), width = reach / 200;
    CHECK_NEAR(csro_nearest_mean(&found, 0, 0, k), mean, 0.01 * mean);
    for (int bin = 0; bin < 200; bin++) {
      const double expected = csro_nearest_random(density, k, (bin + 0.5) * width);
      const double have =
          (double)found.histogram[(k - 1) * 200 + bin] / (double)found.count[k - 1] / width;
      sum += expected * width;
      largest = fmax(largest, fabs(have - expected) / csro_nearest_random(density, k, mean));
    }
    CHECK_NEAR(sum, 1, 1e-3);
    CHECK(largest < 0.2);
  }
  csro_nearest_distances_release(&found);
  free(xyz);
  free(group);
  free(part);
  free(number);
}

int main(void) {
  csro_context_init(&context);
  check_brute_force(0.7);
  check_brute_force(3);
  check_random();
  trial t = make_trial(10, 1);
  const csro_labelled_ions ions = labelled(&t);
  csro_nearest_distances found;
  CHECK_FAILS(&context,
              csro_nearest_distances_make(&context, &ions,
                                          &(csro_nearest_options){1, pairs, 21, 1, 10}, &found),
              CSRO_ERROR_ARGUMENT, "21 neighbours");
  CHECK(!found.sums);
  free_trial(&t);
  return check_end();
}
