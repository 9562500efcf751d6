/* The pattern bank against the published patterns: mean counts per group of equal parameters. */
#include "npy.h"
#include "recipes.h"

enum { BINS = 93, SEEDS = 8, RANDOM = 3250, ORDERED = 1950 };
static csro_context context;

/* Sum of the bins `bin` .. `end` - 1 of a pattern. */
static double band(const uint32_t *counts, int bin, int end) {
  double sum = 0;
  for (int b = bin; b < end; b++)
    sum += counts[b];
  return sum;
}

/* The mean difference, over the patterns whose parameter has this value (all when parameter is -1),
 * between the mean of our banks and the published pattern of the same parameters, in standard
 * errors. The small constant is for bins that are nearly always 0. */
static double deviation(const uint32_t *theirs, int64_t count, const csro_patterns *ours,
                        int64_t first, int parameter, float value, int bin, int end) {
  double n = 0, sum = 0, squares = 0;
  for (int64_t i = 0; i < count; i++) {
    if (parameter >= 0 && ours->parameters[first + i][parameter] != value)
      continue;
    double difference = -band(theirs + i * BINS, bin, end);
    for (int seed = 0; seed < SEEDS; seed++)
      difference += band(ours[seed].counts + (first + i) * BINS, bin, end) / SEEDS;
    n++;
    sum += difference;
    squares += difference * difference;
  }
  double mean = sum / n;
  return mean / sqrt((squares / n - mean * mean) / (n - 1) + 1e-3);
}

/* All counts and four places of the curve, per value of one parameter. */
static void check_parameter(const uint32_t *theirs, int64_t count, const csro_patterns *ours,
                            int64_t first, int parameter) {
  static const int bands[][2] = {{0, BINS}, {46, 48}, {50, 52}, {56, 60}, {68, 72}};
  for (int64_t i = 0; i < count; i++) {
    float value = ours->parameters[first + i][parameter];
    bool earlier = false;
    for (int64_t k = 0; k < i && !earlier; k++)
      earlier = ours->parameters[first + k][parameter] == value;
    for (int b = 0; b < 5 && !earlier; b++)
      CHECK_NEAR(deviation(theirs, count, ours, first, parameter, value, bands[b][0], bands[b][1]),
                 0, 4.5);
  }
}

static void check_class(const uint32_t *theirs, int64_t count, const csro_patterns *ours,
                        int64_t first) {
  for (int bin = 0; bin < BINS; bin++)
    CHECK_NEAR(deviation(theirs, count, ours, first, -1, 0, bin, bin + 1), 0, 4.5);
  for (int parameter = 0; parameter < 3; parameter++)
    check_parameter(theirs, count, ours, first, parameter);
}

static uint32_t *widen(const npy *array) {
  uint32_t *out = malloc((size_t)array->count * sizeof *out);
  for (int64_t i = 0; i < array->count; i++)
    out[i] = ((const uint16_t *)array->data)[i];
  free(array->data);
  return out;
}

int main(void) {
  const char *random_path = check_reference("bank/FCC_CoCo.npy");
  const char *ordered_path = check_reference("bank/L12_CoCo_released.npy");
  const char *parameters_path = check_reference("bank/FCC_CoCo_params.npy");
  csro_context_init(&context);
  npy random = npy_read(random_path), ordered = npy_read(ordered_path),
      parameters = npy_read(parameters_path);
  CHECK_EQ(random.count, RANDOM * BINS);
  CHECK_EQ(ordered.count, ORDERED * BINS);
  csro_patterns ours[SEEDS];
  for (int seed = 0; seed < SEEDS; seed++)
    ours[seed] = shipped_patterns(&context, "cocrni-002", (uint64_t)seed);
  for (int64_t i = 0; i < RANDOM; i++)
    for (int k = 0; k < 3; k++)
      CHECK_NEAR(ours->parameters[i][k], ((double *)parameters.data)[3 * i + k], 1e-6);
  uint32_t *random_counts = widen(&random), *ordered_counts = widen(&ordered);
  check_class(random_counts, RANDOM, ours, 0);
  check_class(ordered_counts, ORDERED, ours, RANDOM);
  for (int seed = 0; seed < SEEDS; seed++)
    csro_patterns_release(&ours[seed]);
  free(random_counts);
  free(ordered_counts);
  free(parameters.data);
  return check_end();
}
