/* Mass spectra against counting one by one, at the edges of bins too. */
#include "check.h"
#include "csro/random.h"
#include "csro/spectrum.h"

static void test_make(csro_context *context) {
  static const struct {
    double width, upper;
    int bins;
  } good[] = {{0.01, 200, 20000}, {0.1, 0.3, 3}, {1, 0.5, 1}, {0.3, 1, 4}, {1e-3, 1000, 1000000}};
  csro_spectrum spectrum;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    CHECK_OK(context, csro_spectrum_init(context, good[i].width, good[i].upper, &spectrum));
    CHECK_EQ(spectrum.bins, good[i].bins);
    CHECK_NEAR(spectrum.width, good[i].width, 0);
  }
  CHECK_NEAR(csro_spectrum_center(&spectrum, 2), 0.0025, 1e-15);
  static const double bad[][2] = {{0, 1},   {-1, 1},     {1, 0},       {NAN, 1},
                                  {1, NAN}, {1e-5, 200}, {1, INFINITY}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    CHECK_FAILS(context, csro_spectrum_init(context, bad[i][0], bad[i][1], &spectrum),
                CSRO_ERROR_ARGUMENT, "expected");
    CHECK_EQ(spectrum.bins, 0);
  }
}

enum { species_count = 3, count = 300007 };

/* Every edge of a bin, the doubles beside it, and the outside. */
static void fill_masses(const csro_spectrum *spectrum, double *mass, uint16_t *label) {
  csro_random random;
  csro_random_init(&random, 3, 0);
  for (int i = 0; i < count; i++) {
    const double edge = (i / 3 % (spectrum->bins + 3) - 1) * spectrum->width;
    const double near[] = {edge, nextafter(edge, -1), nextafter(edge, 1e9)};
    mass[i] = i % 2 ? near[i % 3] : csro_random_uniform(&random) * spectrum->bins * spectrum->width;
    label[i] = (uint16_t)csro_random_below(&random, species_count + 1);
  }
  mass[0] = NAN, mass[1] = INFINITY, mass[2] = -INFINITY, mass[3] = -0.0, mass[4] = 1e300;
}

static void count_simply(const csro_spectrum *spectrum, const double *mass, const uint16_t *label,
                         int64_t *counts) {
  memset(counts, 0, (size_t)(species_count + 1) * (size_t)spectrum->bins * sizeof *counts);
  for (int i = 0; i < count; i++) {
    int low = 0, high = spectrum->bins; /* the bin by its edges */
    if (!(mass[i] >= 0 && mass[i] < high * spectrum->width))
      continue;
    while (high - low > 1) {
      const int middle = (low + high) / 2;
      *(mass[i] < middle * spectrum->width ? &high : &low) = middle;
    }
    counts[low]++;
    if (label[i] > 0)
      counts[label[i] * spectrum->bins + low]++;
  }
}

static void test_count(csro_context *context, double width, double upper) {
  csro_spectrum spectrum;
  CHECK_OK(context, csro_spectrum_init(context, width, upper, &spectrum));
  const size_t size = (size_t)(species_count + 1) * (size_t)spectrum.bins * sizeof(int64_t);
  int64_t *expected = malloc(size), *found = malloc(size), *part = malloc(size);
  double *mass = malloc(count * sizeof *mass), *rounded = malloc(count * sizeof *rounded);
  float *single = malloc(count * sizeof *single);
  uint16_t *label = malloc(count * sizeof *label);
  fill_masses(&spectrum, mass, label);
  for (int i = 0; i < count; i++)
    rounded[i] = single[i] = (float)mass[i];
  for (context->threads = 1; context->threads <= 3; context->threads++) {
    count_simply(&spectrum, mass, label, expected);
    CHECK_OK(context, csro_spectrum_count(context, &spectrum, mass, true, label, count,
                                          species_count, found));
    CHECK(memcmp(found, expected, size) == 0);
    CHECK_OK(context, csro_spectrum_count(context, &spectrum, mass, true, NULL, count, 0, found));
    CHECK(memcmp(found, expected, (size_t)spectrum.bins * sizeof *found) == 0);
    count_simply(&spectrum, rounded, label, expected);
    CHECK_OK(context, csro_spectrum_count(context, &spectrum, single, false, label, count,
                                          species_count, found));
    CHECK(memcmp(found, expected, size) == 0);
    /* two parts add up */
    CHECK_OK(context, csro_spectrum_count(context, &spectrum, single, false, label, 1000,
                                          species_count, found));
    CHECK_OK(context, csro_spectrum_count(context, &spectrum, single + 1000, false, label + 1000,
                                          count - 1000, species_count, part));
    for (size_t i = 0; i < size / sizeof *found; i++)
      CHECK(found[i] + part[i] == expected[i]);
  }
  free(expected);
  free(found);
  free(part);
  free(mass);
  free(rounded);
  free(single);
  free(label);
}

static void test_damage(csro_context *context) {
  const csro_spectrum spectrum = {1, 4};
  const float mass[] = {1, 2};
  const uint16_t label[] = {1, 3};
  int64_t counts[12] = {5, 5};
  CHECK_FAILS(context, csro_spectrum_count(context, &spectrum, mass, false, label, 2, 2, counts),
              CSRO_ERROR_DATA, "1 labels are above the number of species, 2");
  for (int i = 0; i < 12; i++)
    CHECK_EQ(counts[i], 0);
  CHECK_OK(context, csro_spectrum_count(context, &spectrum, NULL, false, NULL, 0, 2, counts));
}

static void test_heaviest(void) {
  const float single[] = {1, 62.5F, 3};
  const double mass[] = {1, 2, 250.125};
  CHECK_EQ(csro_heaviest_mass(single, false, 3), 62.5);
  CHECK_EQ(csro_heaviest_mass(mass, true, 3), 250.125);
  CHECK_EQ(csro_heaviest_mass(NULL, true, 0), 0);
}

int main(void) {
  csro_context context;
  csro_context_init(&context);
  test_make(&context);
  test_count(&context, 0.01, 200);
  test_count(&context, 0.1, 30);
  test_count(&context, 1.0 / 3, 7);
  context.threads = 2;
  test_damage(&context);
  test_heaviest();
  return check_end();
}
