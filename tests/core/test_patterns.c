/* The pattern bank: its grid, threads and seeds, and the peaks that tell the classes apart. */
#include "csro/patterns.h"

#include "check.h"

static csro_context context;

static csro_patterns make(csro_pole pole, uint64_t seed, int threads) {
  csro_patterns patterns;
  context.threads = threads;
  CHECK_OK(&context,
           csro_patterns_published(&context, pole, &csro_bins_published, seed, &patterns));
  return patterns;
}

static void test_grid(const csro_patterns *p) {
  CHECK_EQ(p->count, 3250 + 1950);
  CHECK_EQ(p->bins, 93);
  int64_t ordered = 0;
  for (int64_t i = 0; i < p->count; i++) {
    ordered += p->label[i];
    CHECK(p->parameters[i][0] >= 0.2f && p->parameters[i][0] <= 0.8f);
    CHECK(p->parameters[i][1] >= (p->label[i] ? 0.02f : 0.01f));
    CHECK(p->parameters[i][1] <= (p->label[i] ? 0.048f : 0.058f));
    CHECK(p->parameters[i][2] >= 0.2f && p->parameters[i][2] <= 0.65f);
  }
  CHECK_EQ(ordered, 1950);
}

/* Counts of a class in the bins around the depth difference dz. */
static double peak(const csro_patterns *p, int class, double dz) {
  double sum = 0;
  for (int64_t i = 0; i < p->count; i++)
    for (int b = 0; b < p->bins; b++)
      if (p->label[i] == class && fabs(csro_bins_center(&csro_bins_published, b) - dz) < 0.03)
        sum += p->counts[i * p->bins + b];
  return sum;
}

static void test_peaks(csro_pole pole, double spacing) {
  csro_patterns p = make(pole, 7, 2);
  test_grid(&p);
  CHECK(peak(&p, 0, spacing) > 0.5 * peak(&p, 0, 0));
  CHECK(peak(&p, 1, spacing) < 0.1 * peak(&p, 1, 0));
  CHECK(peak(&p, 1, -spacing) < 0.1 * peak(&p, 1, 0));
  CHECK(peak(&p, 1, 2 * spacing) > 0.5 * peak(&p, 1, 0));
  csro_patterns_free(&p);
}

static void test_reproducible(void) {
  csro_patterns one = make(CSRO_POLE_002, 5, 1), two = make(CSRO_POLE_002, 5, 2),
                other = make(CSRO_POLE_002, 6, 2);
  size_t bytes = (size_t)one.count * 93 * sizeof *one.counts;
  CHECK(memcmp(one.counts, two.counts, bytes) == 0);
  CHECK(memcmp(one.counts, other.counts, bytes) != 0);
  csro_patterns_free(&one);
  csro_patterns_free(&two);
  csro_patterns_free(&other);
}

int main(void) {
  csro_context_init(&context);
  test_peaks(CSRO_POLE_002, 0.18);
  test_peaks(CSRO_POLE_111, 0.36 / sqrt(3.0));
  test_reproducible();
  csro_patterns none;
  CHECK_FAILS(&context,
              csro_patterns_published(&context, (csro_pole)9, &csro_bins_published, 1, &none),
              CSRO_ERROR_ARGUMENT, "pole 9");
  CHECK(none.counts == NULL);
  csro_patterns_free(NULL);
  return check_end();
}
