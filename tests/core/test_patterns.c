/* The pattern bank: the published one to the bit, threads, seeds and limits, the peaks that tell
 * the classes apart, voxels and domains against the lattice. */
#include "recipes.h"

static csro_context context;

static uint64_t hash(const csro_patterns *p) {
  uint64_t h = 14695981039346656037u;
  for (int64_t i = 0; i < p->count * p->channels * p->bins; i++)
    h = (h ^ p->counts[i]) * 1099511628211u;
  return h;
}

/* The banks that the models were trained on. */
static void test_golden(void) {
  static const uint64_t expected[2][3] = {
      {0x2a1b98be8a06b6ca, 0xa1d98811534aca7e, 0x035ff049bad4372d},
      {0x7df61d66cf17151d, 0x47580da59dbd94e7, 0x389570596459bde5}};
  for (int pole = 0; pole < 2; pole++)
    for (uint64_t seed = 1; seed <= 3; seed++) {
      csro_patterns p = shipped_patterns(&context, pole ? "cocrni-111" : "cocrni-002", seed);
      CHECK(hash(&p) == expected[pole][seed - 1]);
      csro_patterns_release(&p);
    }
}

static void test_grid(const csro_patterns *p) {
  CHECK_EQ(p->count, 3250 + 1950);
  CHECK_EQ(p->bins, 93);
  CHECK_EQ(p->channels, 1);
  int64_t ordered = 0;
  for (int64_t i = 0; i < p->count; i++) {
    const float *v = p->parameters[i];
    ordered += p->label[i];
    CHECK(v[CSRO_VALUE_SIGMA_XY] >= 0.2f && v[CSRO_VALUE_SIGMA_XY] <= 0.8f + 1e-6f);
    CHECK(v[CSRO_VALUE_SIGMA_Z] >= (p->label[i] ? 0.02f : 0.01f));
    CHECK(v[CSRO_VALUE_SIGMA_Z] <= (p->label[i] ? 0.048f : 0.058f) + 1e-6f);
    CHECK(v[CSRO_VALUE_EFFICIENCY] >= 0.2f && v[CSRO_VALUE_EFFICIENCY] <= 0.65f + 1e-6f);
    CHECK(isnan(v[CSRO_VALUE_COMPOSITION]) && isnan(v[CSRO_VALUE_ORDER]) &&
          isnan(v[CSRO_VALUE_DIAMETER]));
  }
  CHECK_EQ(ordered, 1950);
}

/* Counts of a class in the bins around the depth difference dz. */
static double peak(const csro_patterns *p, int class, int channel, double dz) {
  double sum = 0;
  for (int64_t i = 0; i < p->count; i++)
    for (int b = 0; b < p->bins; b++)
      if (p->label[i] == class && fabs(csro_bins_center(&csro_bins_published, b) - dz) < 0.03)
        sum += p->counts[(i * p->channels + channel) * p->bins + b];
  return sum;
}

static void test_peaks(const char *name, double spacing) {
  csro_patterns p = shipped_patterns(&context, name, 7);
  test_grid(&p);
  CHECK(peak(&p, 0, 0, spacing) > 0.5 * peak(&p, 0, 0, 0));
  CHECK(peak(&p, 1, 0, spacing) < 0.1 * peak(&p, 1, 0, 0));
  CHECK(peak(&p, 1, 0, -spacing) < 0.1 * peak(&p, 1, 0, 0));
  CHECK(peak(&p, 1, 0, 2 * spacing) > 0.5 * peak(&p, 1, 0, 0));
  csro_patterns_release(&p);
}

static csro_patterns make(csro_recipe *recipe, uint64_t seed, int64_t limit, int threads) {
  csro_patterns patterns;
  context.threads = threads;
  CHECK_OK(&context, csro_patterns_init(&context, recipe, seed, limit, &patterns));
  context.threads = 2;
  return patterns;
}

static void test_reproducible(const char *name) {
  csro_recipe *recipe = shipped_recipe(&context, name);
  for (int c = 0; c < recipe->class_count && recipe->geometry.ball; c++)
    recipe->classes[c].patterns = 50;
  csro_patterns one = make(recipe, 5, 0, 1), two = make(recipe, 5, 0, 2),
                other = make(recipe, 6, 0, 2), few = make(recipe, 5, 40, 2);
  CHECK(hash(&one) == hash(&two));
  CHECK(hash(&one) != hash(&other));
  CHECK_EQ(few.count, 40);
  size_t bytes = (size_t)(one.bins * one.channels) * sizeof *one.counts;
  int64_t k = 0; /* in the same order as in the whole bank */
  for (int64_t i = 0; i < one.count && k < few.count; i++)
    k += memcmp(one.counts + (size_t)i * bytes / 4, few.counts + (size_t)k * bytes / 4, bytes) ==
             0 &&
         one.label[i] == few.label[k];
  CHECK_EQ(k, 40);
  csro_patterns_release(&one);
  csro_patterns_release(&two);
  csro_patterns_release(&other);
  csro_patterns_release(&few);
  csro_recipe_destroy(&recipe);
}

/* Along 002 of Fe-Al: no peak of Al-Al at one plane in B2 and D0_3, one of Fe-Fe only in D0_3. */
static void test_feal(void) {
  csro_recipe *recipe = shipped_recipe(&context, "feal-002");
  for (int c = 0; c < 3; c++)
    recipe->classes[c].patterns = 200;
  for (int c = 0; c < 3; c++)
    recipe->classes[c].values[CSRO_VALUE_SIGMA_Z] = (csro_value_set){1, 0.015, 0.015, 0};
  csro_patterns p = make(recipe, 3, 0, 2);
  CHECK_EQ(p.count, 600);
  CHECK_EQ(p.channels, 2);
  double spacing = 0.145, next[3][2];
  for (int class = 0; class < 3; class ++)
    for (int channel = 0; channel < 2; channel++)
      next[class][channel] =
          peak(&p, class, channel, spacing) / peak(&p, class, channel, 2 * spacing);
  CHECK_NEAR(next[0][0], 1, 0.2);
  CHECK_NEAR(next[0][1], 1, 0.2);
  CHECK(next[1][0] < 0.4 && next[1][1] < 0.4);
  CHECK(next[2][0] > 0.7 && next[2][1] < 0.4);
  for (int64_t i = 0; i < p.count; i++)
    CHECK(isnan(p.parameters[i][CSRO_VALUE_COMPOSITION]) == (p.label[i] > 0));
  float *inputs = malloc(sizeof *inputs * 600 * 93 * 2);
  CHECK_OK(&context, csro_patterns_inputs(&context, &p, CSRO_PREPROCESS_MINMAX, inputs));
  for (int64_t i = 0; i < p.count; i++)
    for (int channel = 0; channel < 2; channel++) {
      const uint32_t *counts = p.counts + (i * 2 + channel) * 93;
      uint32_t lo = UINT32_MAX, hi = 0;
      for (int b = 0; b < 93; b++) {
        lo = counts[b] < lo ? counts[b] : lo;
        hi = counts[b] > hi ? counts[b] : hi;
      }
      for (int b = 0; b < 93 && hi > lo; b++)
        CHECK_NEAR(inputs[(i * 93 + b) * 2 + channel], (counts[b] - lo) / (double)(hi - lo), 1e-6);
    }
  free(inputs);
  csro_patterns_release(&p);
  csro_recipe_destroy(&recipe);
}

/* The mean number of pairs in a ball is what the density says, whatever the noise: pairs of ions A
 * in a ball of radius R, with density n and no order, number (4/3 pi R^3 n)^2. */
static void test_density(csro_partners partners, double sigma_xy) {
  csro_recipe *recipe = shipped_recipe(&context, "feal-002");
  recipe->geometry.partners = partners;
  recipe->geometry.radius = 0.7;
  recipe->bins = (csro_bins){1.5, 200, 0, 200};
  recipe->class_count = 1;
  recipe->classes[0].patterns = 2000;
  recipe->classes[0].values[CSRO_VALUE_SIGMA_XY] = (csro_value_set){1, sigma_xy, sigma_xy, 0};
  recipe->classes[0].values[CSRO_VALUE_EFFICIENCY] = (csro_value_set){1, 0.5, 0.5, 0};
  recipe->classes[0].values[CSRO_VALUE_COMPOSITION] = (csro_value_set){1, 0.4, 0.4, 0};
  recipe->channels[1][0] = 0, recipe->channels[1][1] = 1; /* Fe-Al */
  csro_patterns p = make(recipe, 11, 0, 2);
  double pi = acos(-1), ball = 4.0 / 3 * pi * 0.343, density = 2 / (0.29 * 0.29 * 0.29) * 0.5;
  double other = partners == CSRO_PARTNERS_IN_DATA ? 4.0 / 3 * pi * 3.375 : ball;
  double expected = ball * density * 0.6 * other * density * 0.4, sum = 0;
  for (int64_t i = 0; i < p.count; i++)
    for (int b = 0; b < 200; b++)
      sum += p.counts[(i * 2 + 1) * 200 + b];
  CHECK_NEAR(sum / 2000 / expected, 1, 0.03);
  csro_patterns_release(&p);
  csro_recipe_destroy(&recipe);
}

/* Domains dilute the order: large ones are the ordered class, small ones nearly the matrix. */
static void test_domains(void) {
  double next[3];
  const double diameters[] = {0.1, 1.2, 20};
  for (int k = 0; k < 3; k++) {
    csro_recipe *recipe = shipped_recipe(&context, "cocrni-002");
    recipe->geometry = (csro_recipe_geometry){
        .ball = true, .radius = 0.75, .partners = CSRO_PARTNERS_IN_VOXEL, .domain = true};
    recipe->geometry.offset = 0.2;
    for (int c = 0; c < 2; c++) {
      recipe->classes[c].patterns = 300;
      recipe->classes[c].values[CSRO_VALUE_SIGMA_XY] = (csro_value_set){1, 0.2, 0.2, 0};
      recipe->classes[c].values[CSRO_VALUE_SIGMA_Z] = (csro_value_set){1, 0.02, 0.02, 0};
    }
    recipe->classes[1].values[CSRO_VALUE_DIAMETER] =
        (csro_value_set){1, diameters[k], diameters[k], 0};
    recipe->structures[0].occupancy[0] = 0.25;
    csro_patterns p = make(recipe, 1, 0, 2);
    next[k] = peak(&p, 1, 0, 0.18) / peak(&p, 1, 0, 0.36);
    csro_patterns_release(&p);
    csro_recipe_destroy(&recipe);
  }
  CHECK(next[0] > 1 && next[2] < 0.1);
  CHECK(next[1] > next[2] + 0.1 && next[1] < next[0] - 0.1);
}

static int cancel(void *user, double fraction) {
  (void)user;
  (void)fraction;
  return 1;
}

static void test_refused(void) {
  csro_recipe *recipe = shipped_recipe(&context, "feal-002");
  csro_patterns p;
  recipe->classes[1].values[CSRO_VALUE_SIGMA_XY].to = 20;
  CHECK_FAILS(&context, csro_patterns_init(&context, recipe, 1, 0, &p), CSRO_ERROR_ARGUMENT,
              "class B2");
  CHECK(p.counts == NULL);
  recipe->classes[1].values[CSRO_VALUE_SIGMA_XY].to = 0.5;
  context.progress = cancel;
  CHECK_FAILS(&context, csro_patterns_init(&context, recipe, 1, 0, &p), CSRO_CANCELLED,
              "cancelled");
  context.progress = NULL;
  CHECK(p.counts == NULL);
  csro_recipe_destroy(&recipe);
  csro_patterns_release(NULL);
}

static void test_mean(void) {
  uint32_t counts[3 * 2 * 2] = {1, 2, 3, 4, 10, 20, 30, 40, 3, 4, 5, 8};
  uint8_t label[3] = {0, 1, 0};
  const csro_patterns bank = {3, 2, 2, counts, label, NULL};
  double mean[4];
  csro_patterns_mean(&bank, 0, mean);
  CHECK(mean[0] == 2 && mean[1] == 3 && mean[2] == 4 && mean[3] == 6);
  csro_patterns_mean(&bank, 2, mean);
  CHECK(mean[0] == 0 && mean[3] == 0);
}

int main(void) {
  test_mean();
  csro_context_init(&context);
  context.threads = 2;
  test_golden();
  test_peaks("cocrni-002", 0.18);
  test_peaks("cocrni-111", 0.36 / sqrt(3.0));
  test_reproducible("cocrni-002");
  test_reproducible("feal-002");
  test_feal();
  test_density(CSRO_PARTNERS_IN_VOXEL, 0.1);
  test_density(CSRO_PARTNERS_IN_VOXEL, 0.5);
  test_density(CSRO_PARTNERS_IN_DATA, 0.3);
  test_domains();
  test_refused();
  return check_end();
}
